"""Topic files that must be refused: what is wrong -> (bytes, code of the diagnostic)."""

from __future__ import annotations

Case = tuple[bytes, str]


def _topic(rest: str) -> bytes:
    return ("topic: first\ntitle: First\n" + rest).encode("utf-8", "surrogatepass")


def _front(text: str) -> bytes:
    return _topic(f'cards:\n  - {{id: a, front: "{text}", back: The beginning.}}\n')


_LAUGHS = "a: &a [x, x, x]\n" + "".join(
    f"{after}: &{after} [*{before}, *{before}, *{before}]\n"
    for before, after in zip("abcdefgh", "bcdefghi", strict=True)
)
YAML: dict[str, Case] = {
    "an anchor": (_topic("cards: &all []\n"), "G006"),
    "an alias": (_topic("x: &a 1\ny: *a\n"), "G006"),
    "a billion laughs": (_topic(_LAUGHS), "G006"),
    "an alias of itself": (_topic("cards: &a [*a]\n"), "G006"),
    "a merge key": (_topic("<<: {title: Second}\n"), "G006"),
    "a Python object": (_topic("x: !!python/object/apply:os.system ['true']\n"), "G006"),
    "a Python name": (_topic("x: !!python/name:os.system\n"), "G006"),
    "a Python module": (_topic("x: !!python/module:os\n"), "G006"),
    "a tag of our own": (_topic("x: !include /etc/passwd\n"), "G006"),
    "binary data": (_topic("x: !!binary AAAA\n"), "G006"),
    "a set": (_topic("x: !!set {a, b}\n"), "G006"),
    "a tag for text": (_topic("x: !!str 1\n"), "G006"),
    "a tag by its address": (_topic("x: !<tag:yaml.org,2002:int> 1\n"), "G006"),
    "a tag directive": (b"%TAG ! tag:evil,2000:\n---\n" + _topic("x: !a 1\n"), "G006"),
    "deep lists": (_topic("x: " + "[" * 30 + "]" * 30 + "\n"), "G007"),
    "very deep lists": (_topic("x: " + "[" * 100_000 + "\n"), "G007"),
    "deep mappings": (_topic("x: " + "{a: " * 30 + "1" + "}" * 30 + "\n"), "G007"),
    "very deep mappings": (_topic("x: " + "{a: " * 50_000 + "\n"), "G007"),
    "deep blocks": (
        _topic("x:\n" + "".join(" " * n + "- \n" for n in range(1, 3)) + "  " + "- " * 400 + "x\n"),
        "G007",
    ),
    "too many nodes": (_topic("x: [" + "1," * 100_001 + "]\n"), "G007"),
    "a key twice": (_topic("title: Second\n"), "G005"),
    "a second document": (_topic("---\ntopic: second\n"), "G008"),
    "a list as a key": (_topic("? [a, b]\n: c\n"), "G010"),
    "a mapping as a key": (_topic("{a: b}: c\n"), "G010"),
    "a huge integer": (_topic("x: " + "9" * 5000 + "\n"), "G011"),
    "not UTF-8": (_topic("") + b"x: \xff\n", "G002"),
    "UTF-16": (_topic("").decode().encode("utf-16"), "G002"),
    "a surrogate": (_topic("x: \ud800\n"), "G002"),
    "a NUL": (_front("a\x00b"), "G009"),
    "an escape sequence": (_front("\x1b[2J\x1b[H"), "G009"),
    "a link in the terminal": (_front("\x1b]8;;http://evil\x1b\\\\click\x1b]8;;\x1b\\\\"), "G009"),
    "a C1 control": (_front("\x9b2J"), "G009"),
    "a bell": (_front("\x07"), "G009"),
    "a backspace": (_front("right\x08\x08\x08\x08\x08wrong"), "G009"),
    "a right-to-left override": (_front("\u202etfel"), "G009"),
    "an isolate": (_front("\u2067abc\u2069"), "G009"),
    "a direction mark": (_front("\u200f"), "G009"),
    "a line separator": (_front("a\u2028b"), "G009"),
    "a noncharacter": (_front("\uffff"), "G009"),
    "a tab to indent": (_topic("cards:\n\t- id: a\n"), "G004"),
    "an open quote": (_topic("x: 'abc\n"), "G004"),
    "an open bracket": (_topic("x: [a, b\n"), "G004"),
    "an unknown escape": (_topic('x: "\\q"\n'), "G004"),
    "a version of tomorrow": (b"%YAML 3.0\n---\n" + _topic(""), "G004"),
    "no mapping": (b"- topic\n", "G103"),
    "nothing": (b"", "G103"),
    "an unknown field": (_topic("run: rm -rf ~\n"), "G101"),
}
