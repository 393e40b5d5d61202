"""Items that keep slipping: what makes one, when it is told, what it builds on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from study_desk import HandClock, ScriptedEngine, cards, write_pack

from app.progress.events import Answer
from app.progress.store import Store
from app.study.leeches import Past, Pattern, leech, pattern, told
from app.study.needs import needs_of
from app.study.session import Study
from app.study.views import Rating
from content.compiled import PackLibrary

AGAIN, GOOD = Rating.AGAIN, Rating.GOOD


def slips(*days: int, mistake: str | None = None) -> list[Past]:
    return [Past(day, AGAIN, mistake) for day in days]


@pytest.mark.parametrize(
    ("past", "found"),
    [
        ([], None),
        (slips(1, 1, 1, 1, 1), None),  # one bad evening
        (slips(1, 2, 3), None),
        (slips(1, 2, 3, 4), Pattern(4, None, 0)),
        (slips(1, 1, 1, mistake="bias"), Pattern(1, "bias", 3)),
        (slips(1, 2, mistake="bias") + slips(3, 4), Pattern(4, "bias", 2)),
        (slips(1, mistake="bias") + slips(2, 3, 4), Pattern(4, None, 1)),
        (slips(1, 2, 3, 4) + [Past(n, GOOD) for n in range(5, 17)], None),  # long ago
    ],
)
def test_what_makes_an_item_slip(past: list[Past], found: Pattern | None) -> None:
    assert pattern(past) == found


def test_it_is_told_with_the_answer_that_makes_it_so_and_not_again_within_a_week() -> None:
    past: list[Past] = []
    days = []
    for day in range(1, 20):
        past.append(Past(day, AGAIN))
        if told(past) is not None:
            days.append(day)
    assert days == [4, 11, 18]
    assert told([*slips(1, 2, 3, 4), Past(5, GOOD)]) is None


def study_at(database: Path, pack: Path, clock: HandClock) -> Study:
    return Study(
        Store.open(database, clock=clock),
        PackLibrary([pack], None),
        ScriptedEngine(),  # type: ignore[arg-type]
        clock,
        seed=1,
    )


@pytest.fixture
def slip(clock: HandClock) -> Callable[[Study, str, str | None], None]:
    def one(study: Study, name: str, mistake: str | None) -> None:
        key = study.store.items.key(name)
        assert key is not None
        answer = Answer("1", "", 1, 5.0, 0, 1, "{}", "x", None, "wrong", mistake)
        study.journal.review(study.journal.new_id(), key, name, AGAIN, answer)
        clock.forward(days=1)

    return one


def test_the_log_tells_the_mistake_and_the_weak_prerequisite(
    database: Path,
    tmp_path: Path,
    clock: HandClock,
    slip: Callable[[Study, str, str | None], None],
) -> None:
    pack = write_pack(
        tmp_path / "demo",
        {"a": cards("a1"), "b": cards("b1"), "c": "needs: [a, b, gone]\n" + cards("c1")},
    )
    study = study_at(database, pack, clock)
    key = study.store.items.key("demo:a/a1")
    assert key is not None
    answer = Answer("1", "", None, 5.0, 0, 1, "{}")
    study.journal.review(study.journal.new_id(), key, "demo:a/a1", Rating.EASY, answer)
    for mistake in ("m", None, "m"):
        slip(study, "demo:c/c1", mistake)
        assert leech(study, "demo:c/c1") is None
    slip(study, "demo:c/c1", None)
    found = leech(study, "demo:c/c1")
    assert found is not None
    assert found.pattern == Pattern(4, "m", 2)
    assert [need.key for need in needs_of(study, "demo:c/c1")] == ["demo:a", "demo:b"]
    assert found.weak is not None
    assert found.weak.key == "demo:b"  # the one known least
    study.undo()  # an answer taken back does not count
    assert leech(study, "demo:c/c1") is None
    study.redo()
    study.reset(["demo:c/c1"])  # nor do those before a reset
    assert leech(study, "demo:c/c1") is None
    assert needs_of(study, "demo:a/a1") == ()
    study.close()
