"""Reading YAML: the data, the places, the refusals, and that nothing breaks the reader."""

from __future__ import annotations

import math
import time

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from content.yaml_events import MAX_BYTES, MAX_NODES, Document, read


def text(source: str) -> Document:
    return read(source.encode())


def codes(source: str) -> list[str]:
    return [problem.code for problem in text(source).problems]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("1", 1),
        ("-7", -7),
        ("007", 7),
        ("0x1F", 31),
        ("0o17", 15),
        ("1.5", 1.5),
        ("1e-3", 0.001),
        (".5", 0.5),
        ("true", True),
        ("False", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("-.inf", -math.inf),
        ("yes", "yes"),
        ("on", "on"),
        ("12:30", "12:30"),
        ("1_000", "1_000"),
        ("2024-01-01", "2024-01-01"),
        ("'1'", "1"),
        ('"true"', "true"),
    ],
)
def test_scalars_are_yaml_1_2(written: str, value: object) -> None:
    found = text(f"a: {written}").data
    assert found == {"a": value}
    assert isinstance(found, dict)
    assert type(found["a"]) is type(value)


def test_nan_is_read() -> None:
    data = text("a: .nan").data
    assert isinstance(data, dict)
    assert math.isnan(data["a"])


def test_keys_stay_as_written() -> None:
    assert text("1998: a\ntrue: b").data == {"1998": "a", "true": "b"}


def test_places_of_keys_and_values() -> None:
    positions = text("卡片:\n  - id: 甲\n    x: {y: 1, z: 好}\n").positions
    assert positions.value(("卡片", 0, "id")) == (2, 9)
    assert positions.key(("卡片", 0, "x")) == (3, 5)
    assert positions.value(("卡片", 0, "x", "z")) == (3, 18)
    assert positions.value(("卡片", 0, "x", "none", "deeper")) == (3, 8)
    assert positions.written(("卡片", 0, "x", "y")) == "1"
    assert positions.written(("卡片", 0, "x", "none")) is None


def test_a_fragment_is_found_inside_a_block() -> None:
    positions = text("a: |\n  one {{ x }}\n  two {{ x }} and {{ x }}\n").positions
    assert positions.find(("a",), "{{ x }}") == (2, 7)
    assert positions.find(("a",), "{{ x }}", 2) == (3, 19)
    assert positions.find(("a",), "nowhere") == (1, 4)


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("a: 1\na: 2", "G005"),
        ("a: &x 1", "G006"),
        ("a: 1\nb: *x", "G006"),
        ("a: !!python/object:os.system x", "G006"),
        ("a: !!str x", "G006"),
        ("<<: {a: 1}", "G006"),
        ("a: 1\n---\nb: 2", "G008"),
        ("? [a]\n: 1", "G010"),
        ("a: " + "9" * 81, "G011"),
        ("a: 1e999", "G011"),
        ("a: \x07", "G009"),
        ("a: \u202eabc", "G009"),
        ("a: b\x85c", "G009"),
        ("a: [1, \ufeff2]", "G009"),
    ],
)
def test_what_is_refused(source: str, code: str) -> None:
    assert codes(source) == [code]


def test_problems_are_collected() -> None:
    assert codes("a: &x 1\nb: *x\na: 2\nc: !t 3\n") == ["G006", "G006", "G005", "G006"]


def test_the_first_of_two_keys_is_kept() -> None:
    document = text("a: 1\na: {b: [2]}\nc: 3")
    assert document.data == {"a": 1, "c": 3}
    problem = document.problems[0]
    assert (problem.line, problem.column) == (2, 1)


@pytest.mark.parametrize(
    ("source", "hint", "place"),
    [
        ("q: How many: two?", "colon-unquoted", (1, 12)),
        ("q: {{ x }} weights", "figure-unquoted", (1, 5)),
        ("q: {en: {{ x }}}", "figure-unquoted", (1, 10)),
        ("a:\n\t- b", "tab", (2, 1)),
        ("q: `code` is", "start-character", (1, 4)),
        ("q: **bold**", "start-character", (1, 5)),
        ("q: @x", "start-character", (1, 4)),
        ("q: 'open", "quote-open", (1, 4)),
        ("a: 1\nq: 'open\nb: 2\nc: 3\n", "quote-open", (2, 4)),
        ("q: {en: 1, zh: [2]\nb: 2", "flow-open", (1, 4)),
        ("q: [bold]text[/bold] is", "start-character", (1, 10)),
        ('q: "\\d"', "backslash", (1, 5)),
        ("q: {en: a: b}", "flow-unquoted", (1, 10)),
        ('q: "a" b\nc: 1', "after-quote", (1, 8)),
        ("a:\n  - b\n c: 1", "indentation", (3, 2)),
        ("a: 1\nb", "colon-missing", (2, 1)),
        ("a:\n  - id:leaf\n    level: 2", "colon-tight", (2, 7)),
        ("a:\n  - id: x\n    kind:number\n    level: 2", "colon-tight", (3, 9)),
        ("topic:graph\ntitle: x", "colon-tight", (1, 6)),
        ("a:\n  - id: x\n    kind：shape\n    level: 2", "wide-colon", (3, 9)),
        ("a: 1\ntitle：y\n", "wide-colon", (2, 6)),
        ("p:\n  -{en: One, zh: 一}\n  - {en: Two, zh: 二}", "dash-tight", (2, 3)),
        ("q:\n  en: 'why isn't it'\n  zh: x", "apostrophe", (2, 15)),
        ("b:\n  en: |\n  All of them.\n  zh: x", "block-flat", (3, 3)),
        ("q: |\n  see:this\nb: 1\n c: 2", "indentation", (4, 2)),
        ('m: {en: "x: {{ g }}", zh: 漏 {{ g }} 个}', "flow-unquoted", (1, 29)),
        ('a:\n  en: "One\n  zh: x\nb:\n  en: "`H` is"', "quote-open", (2, 7)),
        ('a:\n  en: "One\n  zh: "一"\nb: 1', "quote-open", (2, 7)),
        ("a:\n  en: 'One\n  zh: x\nb:\n  en: 'H is'", "quote-open", (2, 7)),
        ('q: "$\\xi$"', "backslash", (1, 8)),
        ("- id: x\n   kind: y", "indentation", (2, 4)),
    ],
)
def test_syntax_errors_carry_a_hint(source: str, hint: str, place: tuple[int, int]) -> None:
    (problem,) = text(source).problems
    assert problem.code == "G004"
    assert dict(problem.details)["hint"] == hint
    assert (problem.line, problem.column) == place


def test_other_encodings_are_told_with_their_place() -> None:
    (problem,) = read("a: 1\nb: 参".encode("gbk")).problems
    assert (problem.code, problem.line, problem.column) == ("G002", 2, 4)


def test_a_byte_order_mark_at_the_start_is_fine() -> None:
    document = read(b"\xef\xbb\xbfa: 1")
    assert document.data == {"a": 1}
    assert document.positions.value(("a",)) == (1, 4)


HOSTILE = {
    "brackets": "[" * 100_000,
    "braces": "{" * 100_000,
    "spaced brackets": "[ " * 500_000,
    "dashes": "- " * 50_000,
    "questions": "? " * 50_000,
    "keys": "a: " * 100_000,
    "anchors": "&a " * 10_000,
    "tags": "!" * 100_000,
    "quote": "'" * 99_999,
    "percent": "%" * 1000,
}


@pytest.mark.parametrize("source", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_text_is_refused_soon(source: str) -> None:
    began = time.process_time()
    assert text(source).problems
    assert time.process_time() - began < 5


def test_too_many_values_are_refused() -> None:
    assert codes("- a\n" * (MAX_NODES + 1)) == ["G007"]


def test_too_many_bytes_are_not_read() -> None:
    assert [p.code for p in read(b"#" * (MAX_BYTES + 1)).problems] == ["G003"]


def test_an_empty_file_is_nothing() -> None:
    document = text("# only a comment\n")
    assert (document.data, document.problems, document.whole) == (None, (), True)


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(source: str) -> None:
    document = read(source.encode("utf-8", "surrogatepass"))
    assert document.whole or document.problems
    for problem in document.problems:
        assert problem.line >= 0


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(source: bytes) -> None:
    document = read(source)
    assert document.whole or document.problems


@given(
    st.lists(
        st.sampled_from(
            ["a", ": ", "- ", "\n", "  ", "{", "}", "[", "]", ",", "'", '"', "|", ">", "#", "&x",
             "*x", "!!", "{{ x }}", "? ", "---\n", "好", "1", "\t", "%", "`"]
        ),
        max_size=40,
    )
)  # fmt: skip
def test_any_yaml_signs_are_read_or_refused(parts: list[str]) -> None:
    document = text("".join(parts))
    assert document.whole or document.problems


_WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), max_size=12)
_DATA = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**30), 10**30) | _WORDS
    | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_WORDS, inner, max_size=4),
    max_leaves=20,
)  # fmt: skip


@settings(max_examples=40)
@given(st.dictionaries(_WORDS.filter(lambda key: key != "<<"), _DATA, max_size=5))
def test_what_json_writes_is_read_back(data: dict[str, object]) -> None:
    import json

    document = text(json.dumps(data, ensure_ascii=False))
    if not document.problems:
        assert document.data == data
    else:  # what terminals or libyaml treat specially is refused, never changed
        assert {p.code for p in document.problems} <= {"G009", "G004", "G007"}


@settings(max_examples=40)
@given(st.dictionaries(_WORDS.filter(lambda key: key != "<<"), _DATA, max_size=5))
def test_it_agrees_with_pyyaml_on_structure(data: dict[str, object]) -> None:
    dumped = yaml.safe_dump(data, allow_unicode=True, sort_keys=False)
    document = text(dumped)
    if not document.problems:
        assert _shape(document.data) == _shape(data)


def _shape(value: object) -> object:
    if isinstance(value, dict):
        return {key: _shape(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_shape(inner) for inner in value]
    return "scalar"
