"""Codes of reading files: what a pack's folder may hold and which YAML it may be written in.

Promise: these pass on what `content.loader` found; nothing is read again. Must not look at what
the data means.
"""

from __future__ import annotations

from collections.abc import Iterator

from content.checks.registry import rule
from content.checks.view import PackView
from content.diagnostic import Diagnostic


@rule("G001", "pack-unreadable")
def pack_unreadable(view: PackView) -> Iterator[Diagnostic]:
    """What it does
    Finds a path that is no pack: it does not exist, is no folder, cannot be opened or holds no
    pack.yaml.

    Why is this bad?
    pack.yaml names the pack and its languages; without it nothing else can be understood.

    Example
        my-pack/
          cnn.yaml

    Use instead
        my-pack/
          pack.yaml
          cnn.yaml
    """
    return view.read("G001")


@rule("G002", "not-utf8")
def not_utf8(view: PackView) -> Iterator[Diagnostic]:
    """What it does
    Finds a file whose bytes are no UTF-8 text.

    Why is this bad?
    Any other encoding is a guess, and a wrong guess shows the learner garbage.

    Example
        A file saved as GBK or UTF-16.

    Use instead
        iconv -f GBK -t UTF-8 topic.yaml > new.yaml
    """
    return view.read("G002")


@rule("G003", "file-too-large")
def file_too_large(view: PackView) -> Iterator[Diagnostic]:
    """What it does
    Refuses a file above two million bytes without reading it.

    Why is this bad?
    A topic is a few dozen kilobytes. Anything this large is a mistake or an attack.

    Example
        One file with every topic of a course and a pasted log.

    Use instead
        One file per topic.
    """
    return view.read("G003")


@rule("G004", "yaml-syntax")
def yaml_syntax(view: PackView) -> Iterator[Diagnostic]:
    """What it does
    Reports where YAML cannot be read any further, and guesses the slip.

    Why is this bad?
    Everything after that place is unknown.

    Example
        question: How many weights: with or without bias?

    Use instead
        question: "How many weights: with or without bias?"
    """
    return view.read("G004")


@rule("G005", "key-repeated")
def key_repeated(view: PackView) -> Iterator[Diagnostic]:
    """What it does
    Finds a key that stands twice in one mapping.

    Why is this bad?
    YAML readers silently keep one of the two, so half of what was written is lost.

    Example
        seconds: 20
        seconds: 40

    Use instead
        seconds: 40
    """
    return view.read("G005")


@rule("G006", "yaml-feature")
def yaml_feature(view: PackView) -> Iterator[Diagnostic]:
    """What it does
    Refuses anchors, aliases, tags and merge keys.

    Why is this bad?
    They let a small file grow without bound or name types, and they hide what an item says.

    Example
        front: &question What is padding?
        back: *question

    Use instead
        front: What is padding?
        back: Zeros around the input.
    """
    return view.read("G006")


@rule("G007", "beyond-limits")
def beyond_limits(view: PackView) -> Iterator[Diagnostic]:
    """What it does
    Stops at too many values, too deep a nesting or too many files.

    Why is this bad?
    No real pack comes near these limits; what does would only keep the machine busy.

    Example
        [[[[[[[[[[[[[[[[[[[[[[[[[[

    Use instead
        Flat lists and mappings, one file per topic.
    """
    return view.read("G007")


@rule("G008", "second-document")
def second_document(view: PackView) -> Iterator[Diagnostic]:
    """What it does
    Refuses a second YAML document in a file.

    Why is this bad?
    A file is one topic. A line of three dashes in the middle is nearly always a slip.

    Example
        topic: a
        ---
        topic: b

    Use instead
        Two files.
    """
    return view.read("G008")


@rule("G009", "control-character")
def control_character(view: PackView) -> Iterator[Diagnostic]:
    """What it does
    Refuses raw control characters, direction marks and byte order marks inside a file.

    Why is this bad?
    A terminal obeys them, and a reader cannot see them: the text shown is not the text written.

    Example
        A line that holds the bytes of a terminal colour.

    Use instead
        The visible text alone.
    """
    return view.read("G009")


@rule("G010", "key-not-text")
def key_not_text(view: PackView) -> Iterator[Diagnostic]:
    """What it does
    Refuses a list or mapping as a key.

    Why is this bad?
    Fields have names. This is usually a brace or a question mark that wanted quotes.

    Example
        ? [front, back]
        : text

    Use instead
        front: text
    """
    return view.read("G010")


@rule("G011", "number-too-large")
def number_too_large(view: PackView) -> Iterator[Diagnostic]:
    """What it does
    Refuses a number of more than eighty digits or beyond the largest float.

    Why is this bad?
    It would silently become infinity, or no engine could compute with it.

    Example
        tolerance: 1e999

    Use instead
        tolerance: 0.01
    """
    return view.read("G011")


@rule("G012", "file-ignored")
def file_ignored(view: PackView) -> Iterator[Diagnostic]:
    """What it does
    Warns of a file named .yml, which is not read.

    Why is this bad?
    Its items never appear, and nothing else would say so.

    Example
        pooling.yml

    Use instead
        pooling.yaml
    """
    return view.read("G012")


@rule("G013", "link-out-of-pack")
def link_out_of_pack(view: PackView) -> Iterator[Diagnostic]:
    """What it does
    Refuses a link that leads out of the pack's folder, and special files such as pipes.

    Why is this bad?
    A pack would read files of the person who installs it, or hang.

    Example
        notes.yaml -> /home/me/notes.yaml

    Use instead
        A copy of the file inside the pack.
    """
    return view.read("G013")
