"""What a query may name: fields, the kinds of value they take, and those values.

Promise: parser, completion, evaluation and help read this one table. The words of a field are
locale keys `browse.field.<name>`. Must not parse.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Takes = Literal["text", "name", "number", "choice"]


@dataclass(frozen=True, slots=True)
class Field:
    """A field. `values` are all it takes (`choice`) or those that are offered (`number`).

    `text` is looked for in words, `name` is an id or its beginning (`*` stands for anything).
    """

    name: str
    takes: Takes
    values: tuple[str, ...] = ()
    star: bool = False
    """Whether `name:*` asks for any value at all."""


STATES = ("new", "due", "learning", "review", "suspended", "buried")
KINDS = ("card", "exercise", "number", "shape", "choice", "several", "term", "self", "formula",
         "layer", "tensor")  # fmt: skip
FLAGS = ("none", "red", "orange", "green", "blue")
"""By their number."""

_ALL = (
    Field("is", "choice", STATES),
    Field("topic", "name"),
    Field("pack", "name"),
    Field("kind", "choice", KINDS),
    Field("level", "number", ("1", "2", "3")),
    Field("tag", "name", star=True),
    Field("flag", "choice", FLAGS, star=True),
    Field("mistake", "name", star=True),
    Field("note", "text", star=True),
    Field("typed", "text", star=True),
    Field("front", "text"),
    Field("back", "text"),
    Field("id", "name"),
    Field("due", "number", ("0", "1", "7")),
    Field("rated", "number", ("1", "7", "30")),
    Field("lapses", "number", ("1", "3", "5")),
    Field("reviews", "number", ("1", "5", "10")),
    Field("stability", "number", ("7", "30", "365")),
    Field("difficulty", "number", ("5", "7", "9")),
    Field("recall", "number", ("50", "80", "90")),
)

FIELDS = {field.name: field for field in _ALL}
