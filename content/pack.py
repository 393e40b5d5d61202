"""The typed model of a topic: plain frozen dataclasses, the whole schema from the start.

Promise: importing this costs nothing (no pydantic, no YAML). `content.schema` validates raw YAML
into these very classes; `content.compiled` keeps them in a cache. Field docstrings are the
descriptions in the published JSON Schema. Must not hold behaviour beyond small look-ups.

An item's full name is `pack:topic/id` (`foundations:cnn.params/conv-parameters`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

Text = str | dict[str, str]
"""One string (one language) or a map from language code to string."""

Languages = tuple[str, ...]
Number = int | float
DrawScalar = bool | int | float | str
Kind = Literal["number", "shape", "choice", "several", "term", "self", "formula", "layer", "tensor"]
STRICT = {"extra": "forbid", "use_attribute_docstrings": True}
# A field that is a Python keyword ends in "_" here and is written without it in YAML.
_WRITTEN = {**STRICT, "alias_generator": lambda name: name.rstrip("_")}


@dataclass(frozen=True, slots=True)
class Span:
    """A drawn range: `{from: 8, to: 256, step: 8}`; `to` is inclusive."""

    __pydantic_config__ = _WRITTEN
    from_: Number
    """First value (written `from` in YAML)."""
    to: Number
    """Last value, included."""
    step: Number = 1
    """Distance between values."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """A named wrong way with its own formula."""

    __pydantic_config__ = STRICT
    id: str
    """The mistake's id, shared across the pack and listed in pack.yaml."""
    value: str
    """Expression that gives what a learner making this mistake answers."""
    why: Text
    """What the learner did and what to do instead, with this draw's numbers."""
    when: str | None = None
    """Condition under which the mistake is possible."""


@dataclass(frozen=True, slots=True)
class Option:
    """One answer of a `choice` or `several` exercise."""

    __pydantic_config__ = STRICT
    text: Text
    """What the learner reads; may hold measured figures."""
    right: bool | str = False
    """True, false, or an expression over the draw."""
    mistake: str | None = None
    """The mistake id that choosing this option shows."""
    why: Text | None = None
    """Why this option is wrong (or right)."""


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a worked solution: an expression shown with the draw filled in, and its value."""

    __pydantic_config__ = STRICT
    show: str
    """Expression, shown as `3 · 3 · 64 = 576`."""
    label: Text | None = None
    """What this line counts."""


@dataclass(frozen=True, slots=True)
class Requirement:
    """A condition the learner's layer must meet; `answer` names the layer."""

    __pydantic_config__ = STRICT
    that: str
    """Expression that must be true."""
    why: Text
    """Shown when it is not."""


@dataclass(frozen=True, slots=True)
class Tolerance:
    """How far a real answer may be off: relative to the truth, or in absolute terms."""

    __pydantic_config__ = STRICT
    relative: float = 0.0
    """Share of the truth's magnitude."""
    absolute: float = 0.0
    """Fixed amount."""


@dataclass(frozen=True, slots=True)
class Card:
    """A concept card: revealed, then rated by the learner."""

    __pydantic_config__ = STRICT
    id: str
    """Stable id inside the topic."""
    front: Text
    """The question."""
    back: Text
    """The answer first, then the reason, then a measured figure."""
    let: dict[str, str] = field(default_factory=dict)
    """Named expressions that figures may use."""
    level: int = 1
    """1 in the head, 2 on paper, 3 several steps."""
    seconds: int = 20
    """Expected time to recall."""
    hints: tuple[Text, ...] = ()
    """From a question back to the answer with one piece missing."""
    tags: tuple[str, ...] = ()
    """Free labels."""
    figures: dict[str, str] = field(default_factory=dict)
    """Typed digits that are no measurements, each with its reason."""
    formerly: tuple[str, ...] = ()
    """Earlier names (`topic/id`), so that a rename keeps progress."""


@dataclass(frozen=True, slots=True)
class Exercise:
    """A computed exercise: drawn, measured, answered, judged."""

    __pydantic_config__ = STRICT
    id: str
    """Stable id inside the topic."""
    kind: Kind
    """How the answer is judged."""
    question: Text
    """The question with figures and code."""
    claim: bool = False
    """True if the question puts a popular claim to the test."""
    level: int = 1
    """1 in the head, 2 on paper, 3 several steps."""
    seconds: int = 60
    """Expected time to answer."""
    draw: dict[str, tuple[DrawScalar, ...] | Span] = field(default_factory=dict)
    """Names and the values each may take."""
    where: str | None = None
    """Condition a draw must meet; redrawn otherwise."""
    draws: int | None = None
    """How many draws `pack check` proves (at least 5; 1 for a fixed example)."""
    let: dict[str, str] = field(default_factory=dict)
    """Named expressions, evaluated in this order, once."""
    measure: str | None = None
    """Expression that builds or runs something: the truth."""
    solution: str | None = None
    """Closed formula over the draw that must agree with `measure`."""
    exact: bool = False
    """True if rounded answers (1.79k) are not accepted."""
    tolerance: float | Tolerance | None = None
    """Relative tolerance of a real answer."""
    unit: str | None = None
    """Unit in which an answer without unit is read."""
    figures: dict[str, str] = field(default_factory=dict)
    """Typed digits that are no measurements, each with its reason."""
    hints: tuple[Text, ...] = ()
    """From a question back to the formula with one piece missing."""
    steps: Text | tuple[Step, ...] | None = None
    """The worked solution; without it the solution's formula is shown filled in."""
    mistakes: tuple[Mistake, ...] = ()
    """Named wrong ways, first match wins."""
    options: tuple[Option, ...] = ()
    """Answers of `choice` and `several`."""
    accept: tuple[Text, ...] = ()
    """Right answers of `term`: the first is the standard term, the others aliases."""
    points: tuple[Text, ...] = ()
    """Key points of `self`."""
    require: tuple[Requirement, ...] = ()
    """Conditions of `layer`."""
    example: str | None = None
    """A right answer of `layer` or `tensor`."""
    inputs: tuple[dict[str, str], ...] = ()
    """Hidden inputs of `tensor`."""
    reference: str | None = None
    """The truth of `tensor` as an expression over the inputs."""
    allow: tuple[str, ...] = ()
    """Functions a `tensor` answer may use."""
    gradient: bool = False
    """True if the gradient of a `tensor` answer is judged too."""
    run: str | None = None
    """A training run shown after the answer."""
    then: tuple[str, ...] = ()
    """Follow-up items (`topic/id` or `id`)."""
    tags: tuple[str, ...] = ()
    """Free labels."""
    formerly: tuple[str, ...] = ()
    """Earlier names (`topic/id`), so that a rename keeps progress."""


Item = Card | Exercise


@dataclass(frozen=True, slots=True)
class Topic:
    """One file of a pack: a topic with its cards and exercises."""

    __pydantic_config__ = STRICT
    topic: str
    """Stable id, dotted: `cnn.params`."""
    title: Text
    """What the learner reads."""
    needs: tuple[str, ...] = ()
    """Topics to be learned first."""
    cards: tuple[Card, ...] = ()
    """Concept cards, in teaching order."""
    exercises: tuple[Exercise, ...] = ()
    """Computed exercises, in teaching order."""

    def items(self) -> Iterator[Item]:
        """Cards, then exercises."""
        yield from self.cards
        yield from self.exercises


def item_name(pack: str, topic: str, item: str) -> str:
    """`pack:topic/id`."""
    return f"{pack}:{topic}/{item}"


def split_item_name(name: str) -> tuple[str, str, str]:
    """(pack, topic, id) of `pack:topic/id`. Raises ValueError if it is no such name."""
    pack, colon, rest = name.partition(":")
    topic, slash, item = rest.partition("/")
    if not (colon and slash and pack and topic and item):
        raise ValueError(name)
    return pack, topic, item


def in_language(text: Text, language: str) -> str:
    """The text in that language, else in English, else in whichever language it has."""
    if isinstance(text, str):
        return text
    return text.get(language) or text.get("en") or next(iter(text.values()), "")


def texts_by_language(text: Text) -> Mapping[str, str]:
    """Every form of a text; a plain string stands under the empty language."""
    return {"": text} if isinstance(text, str) else text
