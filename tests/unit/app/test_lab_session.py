"""The lab without an interface: what is typed, what depends on what, and what comes of it."""

from __future__ import annotations

import pytest

from app.lab.session import MOST_NAMES, Entry, LabSession
from app.lab.sliders import Slider, of_draw
from app.lab.statements import complete, read
from content.pack import Span
from engine.client import EngineClient
from engine.expression import Refused
from engine.protocol import Failure, Measured, Progress
from engine.values import LayerValue


class Lab:
    """A session and a real engine, as an interface joins them."""

    def __init__(self, engine: EngineClient, session: LabSession | None = None) -> None:
        self.engine = engine
        self.session = session or LabSession(device="cpu")
        self.asked = 0

    def type(self, text: str) -> Entry:
        """Type a text; the newest entry."""
        self.tell(text)
        return self.session.entries[-1]

    def tell(self, text: str) -> None:
        """Type a text."""
        for statement in read(text):
            self.ask(self.session.add(statement))

    def ask(self, entries: tuple[Entry, ...]) -> None:
        """Measure entries, and those that follow from them."""
        for entry in entries:
            self.asked += 1
            ticket, job = self.session.ask(entry)
            self.ask(self.session.settle(entry, ticket, self.engine.measure(job)))


@pytest.fixture
def lab(engine: EngineClient) -> Lab:
    return Lab(engine)


def test_a_text_is_read_line_by_line() -> None:
    text = "let k = 3\n\n# a comment\nm = nn.Conv2d(\n  3, 64,\n  k)\nparameters(m) == 1792"
    assert [(s.name, s.source) for s in read(text)] == [
        ("k", "3"),
        ("m", "nn.Conv2d(\n  3, 64,\n  k)"),
        (None, "parameters(m) == 1792"),
    ]
    assert not complete("relu((3)")
    assert complete("pad(x, mode='(')")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("let k", "let-without-value"),
        ("let", "let-without-value"),
        ("inf = 3", "shadows-listed"),
        ("_k = 3", "private-name"),
        ("slider(3, 1, 5)", "slider-needs-name"),
        ("k = slider(3)", "slider-form"),
        ("k = slider(3, 5, 1)", "slider-form"),
        ("k = slider(3, 1, 5, 0)", "slider-form"),
        ("k = slider('a', 1, 5)", "slider-form"),
        ("k = relu((3", "bracket-not-closed"),
        ("k = " + "(" * 90000, "too-long"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_place(text: str, code: str) -> None:
    with pytest.raises(Refused) as caught:
        read(text)
    assert caught.value.code == code
    assert caught.value.failure().kind.value in ("expression", "limit")


def test_later_lines_see_earlier_names(lab: Lab) -> None:
    entry = lab.type("k = 3\nm = Conv2d(3, 64, k)\nparameters(m)")
    assert entry.value == 1792
    assert isinstance(lab.session.entries[1].value, LayerValue)
    outcome = entry.outcome
    assert isinstance(outcome, Measured)
    assert outcome.trace is not None
    assert [row.parameters for row in outcome.trace.layers] == [1792]


def test_a_name_that_means_something_new_changes_what_depends_on_it(lab: Lab) -> None:
    shown = lab.type("k = 3\nm = Conv2d(3, 64, k)\nparameters(m)")
    other = lab.type("1 + 1")
    asked = lab.asked
    lab.type("k = 5")
    assert lab.asked - asked == 3  # k, m and parameters(m); never 1 + 1
    assert (shown.value, shown.was) == (4864, 1792)
    assert other.was is None
    assert [e.replaced for e in lab.session.entries] == [True, False, False, False, False]


def test_a_definition_that_fails_changes_nothing(lab: Lab) -> None:
    lab.type("k = 3")
    failed = lab.type("k = 3 / 0")
    assert failed.failure is not None
    assert lab.type("k + 1").value == 4
    assert lab.type("relu = 4").failure is not None
    assert lab.type("relu(-1.0)").value == 0


def test_no_name_depends_on_itself(lab: Lab) -> None:
    lab.type("a = 1\nb = a + 1\nc = b + 1")
    for text, path in (("a = c", "a → c → b → a"), ("c = c + 1", "c → c")):
        with pytest.raises(Refused) as caught:
            lab.session.add(read(text)[0])
        assert caught.value.code == "circular-binding"
        assert caught.value.detail("path") == path
    assert lab.type("c").value == 3


def test_random_numbers_are_those_of_the_name(lab: Lab) -> None:
    first = lab.type("w = randn(3)").value
    assert lab.type("w").value == first
    assert lab.type("w * 1").value == first


def test_a_stale_outcome_is_dropped(lab: Lab) -> None:
    entry = lab.session.add(read("1 + 1")[0])[0]
    old, job = lab.session.ask(entry)
    new, _ = lab.session.ask(entry)
    outcome = lab.engine.measure(job)
    assert lab.session.settle(entry, old, Failure(outcome.kind, "x") if isinstance(
        outcome, Failure) else outcome) == ()  # fmt: skip
    assert entry.running
    assert entry.value is None
    lab.session.settle(entry, new, outcome)
    assert entry.value == 2


def test_sliders_move_what_depends_on_them(lab: Lab) -> None:
    lab.tell("k = slider(3, 1, 11, 2)")
    entry = lab.type("parameters(Conv2d(3, 64, k))")
    slider = lab.session.sliders["k"]
    assert (slider.moved(1).value, slider.moved(-1).value) == (5, 1)
    lab.ask(lab.session.slide(slider.moved(1)))
    assert (entry.value, entry.was) == (4864, 1792)
    lab.ask(lab.session.slide(lab.session.sliders["k"].moved(1)))
    assert (entry.value, entry.was) == (9472, 1792)
    lab.ask(lab.session.slide(lab.session.sliders["k"].back()))
    assert (entry.value, entry.was) == (1792, None)
    lab.type("k = 7")
    assert lab.session.sliders["k"].value == 7
    assert entry.value == 9472
    assert lab.session.slide(lab.session.sliders["k"]) == ()


def test_a_slider_may_become_a_binding_and_back(lab: Lab) -> None:
    lab.type("k = slider(3, [1, 3, 5])\nc = 2")
    entry = lab.type("k * 10")
    lab.type("k = c + 2")
    assert "k" not in lab.session.sliders
    assert entry.value == 40
    lab.ask(lab.session.add(read("k = slider(5, [1, 3, 5])")[0]))
    assert "k" not in lab.session.bindings
    assert entry.value == 50


@pytest.mark.parametrize(
    ("slider", "up", "down"),
    [
        (of_draw("k", 3, (7, 3, 5)), 5, 3),
        (of_draw("k", 4, (7, 3, 5)), 5, 3),
        (of_draw("k", 9, (7, 3, 5)), 7, 7),
        (of_draw("b", True, (True, False)), False, True),
        (of_draw("c", 16, Span(8, 256, 8)), 24, 8),
        (of_draw("c", 17, Span(8, 256, 8)), 24, 16),
        (of_draw("c", 256, Span(8, 256, 8)), 256, 248),
        (of_draw("r", 0.2, Span(0.1, 0.5, 0.1)), 0.3, 0.1),
        (of_draw("p", "same", ("valid", "same")), "same", "valid"),
    ],
)
def test_a_slider_moves_to_the_next_allowed_value(slider: Slider, up: object, down: object) -> None:
    assert slider.moved(1).value == up
    assert slider.moved(-1).value == down


def test_a_value_may_be_typed_for_a_slider() -> None:
    slider = of_draw("c", 16, Span(8, 256, 8))
    typed = slider.typed("20")
    assert typed is not None
    assert (typed.value, typed.allowed, typed.changed) == (20, False, True)
    assert slider.typed("2.5").value == 2.5  # type: ignore[union-attr]
    assert [slider.typed(text) for text in ("", "x", "nan", "inf", "1" * 30)] == [None] * 5
    flag = of_draw("b", True, (True, False))
    assert flag.typed("0") == flag.at(False)
    assert slider.allowed
    assert slider.share == pytest.approx(8 / 248)


def test_an_item_condition_is_told(lab: Lab) -> None:
    lab.session.where = "k <= n"
    lab.tell("k = slider(3, 1, 9)\nn = slider(5, 1, 9)")
    assert lab.session.meets_condition()
    lab.session.slide(lab.session.sliders["k"].at(7))
    assert not lab.session.meets_condition()


def test_progress_is_kept_for_what_is_asked_for_now(lab: Lab) -> None:
    entry = lab.session.add(read("1 + 1")[0])[0]
    ticket, _ = lab.session.ask(entry)
    assert lab.session.progressed(entry, ticket, Progress("value", 1, 9, ((0, 2.0), (1, 1.5))))
    assert not lab.session.progressed(entry, ticket - 1, Progress("value", 2, 9, ((2, 9.0),)))
    assert entry.points == [(0, 2.0), (1, 1.5)]
    lab.session.progressed(entry, ticket, Progress("value", 0, 9, ((0, 3.0),), run=1))
    assert entry.points == [(0, 3.0)]
    many = tuple((n, 1.0) for n in range(5000))
    lab.session.progressed(entry, ticket, Progress("value", 5000, 9000, many, run=1))
    assert len(entry.points) <= 1000
    assert entry.points[-1] == (4999, 1.0)


def test_names_are_bounded(lab: Lab) -> None:
    for n in range(MOST_NAMES):
        lab.session.bindings[f"n{n}"] = "1"
    with pytest.raises(Refused, match="names-full"):
        lab.session.add(read("more = 1")[0])
