"""A round: what is asked, saved, put off, timed, resumed."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

import pytest
from drill_desk import give, play, right_answer
from study_desk import HandClock, ScriptedEngine

from app.drill.rounds import DrillRound
from app.drill.setup import Setup
from app.drill.styles import Style
from app.drill.views import Judged, Kept, NotMeasured, Over, Question
from app.progress.store import StoreProblem
from app.study.doctor import verify
from app.study.session import Study
from engine.protocol import Failure, FailureKind

Home = Callable[..., Study]
SEEDED = Setup(questions=4, minutes=10, seed=11)


def question(drill: DrillRound) -> Question:
    shown = drill.next()
    assert isinstance(shown, Question), shown
    return shown


def reviews(study: Study) -> int:
    return sum(len(found) for _, found in study.store.log.all_reviews())


def test_every_answer_is_one_review_with_its_step(home: Home) -> None:
    study = home()
    drill = DrillRound.begin(study, SEEDED)
    for answered in range(1, 5):
        shown = question(drill)
        assert (shown.number, shown.total) == (answered, 4)
        judged = give(drill, shown, right_answer(shown))
        assert isinstance(judged, Judged)
        assert judged.credit == 1.0
        assert reviews(study) == answered
        events = [step.event for step in study.store.rounds.steps(1) if step.event]
        assert len(set(events)) == answered
    assert drill.next() == Over("done")
    report = drill.end()
    assert (report.share.right, report.share.of, report.reason) == (4, 4, "done")
    assert verify(study.store).sound
    assert study.undo() is not None  # a drill's review is a review like any other


def test_what_could_not_be_saved_is_not_told(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    study = home()
    drill = DrillRound.begin(study, SEEDED)
    shown = question(drill)
    append = study.store.rounds.append

    def fail(*_: object) -> None:
        raise sqlite3.OperationalError("disk full")

    monkeypatch.setattr(study.store.rounds, "append", fail)
    with pytest.raises(StoreProblem):
        give(drill, shown, right_answer(shown))
    assert reviews(study) == 0
    assert [*study.store.memories.everything()] == []
    monkeypatch.setattr(study.store.rounds, "append", append)
    assert isinstance(give(drill, shown, right_answer(shown)), Judged)
    assert reviews(study) == 1


def test_skipped_questions_come_back_once_and_can_be_gone_to(home: Home) -> None:
    drill = DrillRound.begin(home(), SEEDED)
    first = question(drill)
    drill.skip()
    second = question(drill)
    drill.skip()
    assert question(drill).progress.skipped == (1, 2)
    back = drill.go(2)
    assert isinstance(back, Question)
    assert (back.number, back.name, back.returning) == (2, second.name, True)
    assert back.prepared.draw == second.prepared.draw
    give(drill, back, right_answer(back))
    with pytest.raises(KeyError):
        drill.go(2)
    play(drill, lambda shown: None if shown.number == 1 else right_answer(shown))
    report = drill.end()
    outcomes = {one.number: one.outcome for one in report.results}
    assert outcomes == {1: "left", 2: "right", 3: "right", 4: "right"}
    assert report.results[0].name == first.name
    assert report.results[0].truth


def test_questions_seen_and_left_count_as_not_known_unseen_ones_not_at_all(home: Home) -> None:
    study = home()
    drill = DrillRound.begin(study, SEEDED)
    shown = question(drill)
    give(drill, shown, right_answer(shown))
    question(drill)
    report = drill.end()
    assert (report.share.right, report.share.of, report.planned) == (1, 2, 4)
    assert report.reason == "left"
    assert [one.rating for _, found in study.store.log.all_reviews() for one in found].count(1) == 1
    assert reviews(study) == 2


def test_flags_are_kept(home: Home) -> None:
    study = home()
    drill = DrillRound.begin(study, SEEDED)
    question(drill)
    assert drill.flag()
    assert not drill.flag()
    assert drill.flag()
    again = DrillRound.resume(study, drill.number)
    assert question(again).progress.flagged == (1,)
    assert again.end().results[0].flagged


def test_a_mock_interview_tells_nothing_and_has_spoken_answers_ticked_at_the_end(
    home: Home,
) -> None:
    setup = Setup(
        questions=4, minutes=10, seed=3, style=Style.MOCK, kinds=("self", "card", "number")
    )
    drill = DrillRound.begin(home(), setup)
    stages = []
    while isinstance(shown := drill.next(), Question):
        stages.append((shown.number, shown.stage))
        if shown.concept and shown.stage == "ask":
            assert drill.answer("", said=f"words {shown.number}", sure=True) == Kept()
        else:
            assert drill.answer(right_answer(shown)) == Kept()
            assert shown.said == (f"words {shown.number}" if shown.concept else "")
    ticked = [number for number, stage in stages if stage == "tick"]
    assert len(ticked) == 2
    assert stages[-2:] == [(number, "tick") for number in ticked]
    report = drill.end()
    assert report.share.right == report.share.of == 4
    assert report.calibration.sure == report.calibration.sure_right == 2


def test_clocks_run_while_a_question_waits_and_stand_while_paused(
    home: Home, clock: HandClock
) -> None:
    drill = DrillRound.begin(home(), SEEDED)
    question(drill)
    clock.forward(seconds=12)
    assert drill.tick().question_spent == 12
    drill.pause()
    clock.forward(minutes=7)
    drill.go_on()
    clock.forward(seconds=3)
    shown = question(drill)
    assert shown.time.question_spent == 15
    give(drill, shown, right_answer(shown))
    clock.forward(seconds=100)  # the verdict is read
    assert question(drill).time.round_spent == 15
    report = drill.end()
    assert (report.interruptions, report.away_seconds) == (1, 420)
    assert report.results[0].seconds == 15
    assert report.pace == 15 / report.results[0].expected_seconds


def test_a_lost_process_loses_neither_answers_nor_time(home: Home, clock: HandClock) -> None:
    study = home()
    drill = DrillRound.begin(study, SEEDED, language="zh")
    shown = question(drill)
    clock.forward(seconds=20)
    give(drill, shown, right_answer(shown))
    second = question(drill)
    clock.forward(seconds=9)
    drill.tick()
    clock.forward(seconds=4)  # not written down before the process is lost
    study = home()
    clock.forward(minutes=30)
    again = DrillRound.resume(study, drill.number)
    assert again.language == "zh"
    back = question(again)
    assert (back.name, back.prepared.draw) == (second.name, second.prepared.draw)
    assert (back.time.question_spent, back.time.round_spent) == (9, 29)
    report = again.end()
    assert (report.interruptions, report.away_seconds) == (1, 30 * 60 + 4)
    with pytest.raises(KeyError):
        DrillRound.resume(study, drill.number)


def test_rapid_questions_close_when_their_time_is_over(home: Home, clock: HandClock) -> None:
    setup = Setup(questions=2, minutes=10, seed=5, style=Style.RAPID, kinds=("number", "self"))
    drill = DrillRound.begin(home(), setup)
    outcomes = []
    while isinstance(shown := drill.next(), Question):
        assert drill.answer("3*3*64 + 1").verdict.code in ("no-calculator", "points")  # type: ignore[union-attr]
        clock.forward(seconds=shown.time.question_allowed + 1)
        assert drill.tick().closed
        if shown.concept:
            assert not drill.reveal()
        else:
            judged = drill.answer(right_answer(shown))
            assert isinstance(judged, Judged)
            assert judged.closed
        outcomes.append(shown.number)
    assert outcomes == [1, 2]
    assert [one.outcome for one in drill.end().results] == ["time", "time"]


def test_when_the_rounds_time_is_over_nothing_new_is_asked(home: Home, clock: HandClock) -> None:
    drill = DrillRound.begin(home(), SEEDED)
    shown = question(drill)
    drill.skip()
    shown = question(drill)
    clock.forward(minutes=11)
    assert drill.tick().over
    give(drill, shown, right_answer(shown))
    assert drill.next() == Over("time")
    report = drill.end()
    assert report.reason == "time"
    assert [one.outcome for one in report.results] == ["left", "right"]


def test_what_the_engine_cannot_measure_counts_for_nothing(home: Home) -> None:
    broken = Failure(FailureKind.TIMEOUT, "timeout")
    study = home(measures=ScriptedEngine(*[broken] * 40))
    drill = DrillRound.begin(study, Setup(questions=2, minutes=10, seed=2, kinds=("number",)))
    for _ in range(2):
        shown = drill.next()
        assert isinstance(shown, NotMeasured)
        drill.skip()
    assert drill.next() == Over("done")
    report = drill.end()
    assert [one.outcome for one in report.results] == ["unmeasured", "unmeasured"]
    assert (report.share.of, report.level, reviews(study)) == (0, None, 0)


def test_a_seed_is_the_same_round_in_any_home(
    home: Home, tmp_path_factory: pytest.TempPathFactory, clock: HandClock, empty_database
) -> None:
    import shutil

    from drill_desk import open_home, write_small

    def rounds(study: Study) -> list[tuple[str, object]]:
        drill = DrillRound.begin(study, SEEDED)
        found = []
        while isinstance(shown := drill.next(), Question):
            found.append((shown.name, shown.prepared.draw))
            give(drill, shown, right_answer(shown) if len(found) % 2 else "0")
        return found

    study = home()
    first = rounds(study)
    session = study.begin()  # now there is a history
    for _ in range(4):
        item = session.next()
        if getattr(item, "kind", "") == "number":
            session.answer("1", hints=0, seconds=1.0)
        else:
            session.skip()
    assert rounds(study) == first
    folder = tmp_path_factory.mktemp("other")
    database = shutil.copy(empty_database, folder / "progress.sqlite")
    other = open_home(database, write_small(folder / "packs"), clock, study.engine)
    assert rounds(other) == first
    other.close()


def test_a_changed_pack_is_said_and_its_answers_stand(home: Home) -> None:
    study = home()
    setup = Setup(questions=4, minutes=10, items=("small:main/count", "small:mend/biases"), seed=1)
    drill = DrillRound.begin(study, setup)
    play_one = question(drill)
    give(drill, play_one, right_answer(play_one))
    opened = question(drill)
    study = home(version="1.1.0", a=40, b=80)
    again = DrillRound.resume(study, drill.number)
    assert again.changed is not None
    assert again.changed.packs == (("small", "1.0.0", "1.1.0"),)
    (changed,) = again.changed.items
    assert changed.name == "small:main/count"
    assert changed.open is (opened.name == changed.name)
    with pytest.raises(RuntimeError):
        again.next()
    again.accept()
    shown = question(again)
    if changed.open:
        assert dict(shown.prepared.draw)["a"] in (40, 80)
    give(again, shown, right_answer(shown))
    assert again.next() == Over("done")
    report = again.end()
    assert report.changed
    assert report.share.right == 2
    stood = [one for one in report.results if one.changed]
    assert [one.name for one in stood] == ([] if changed.open else ["small:main/count"])
    assert all(one.prepared is None and one.typed and one.truth for one in stood)
    assert verify(study.store).sound


def test_a_question_whose_item_is_gone_gives_way(home: Home, tmp_path) -> None:
    study = home()
    drill = DrillRound.begin(study, Setup(questions=3, minutes=10, seed=4, kinds=("number",)))
    opened = question(drill)
    gone = opened.name.partition("/")[2]
    home(version="2.0.0")
    for path in (tmp_path / "packs" / "small").glob("m*.yaml"):
        path.write_text(path.read_text("utf-8").replace(f"id: {gone}", "id: other"), "utf-8")
    study = home()
    again = DrillRound.resume(study, drill.number)
    assert again.changed is not None
    assert [one.name for one in again.changed.items if one.gone and one.open] == [opened.name]
    again.accept()
    asked = play(again, right_answer)
    assert opened.name not in asked
    report = again.end()
    assert report.share.right == report.share.of == len({one.name for one in report.results})
    assert verify(study.store).sound


def test_a_round_that_goes_on_elsewhere_is_told_and_not_mixed(home: Home) -> None:
    study = home()
    drill = DrillRound.begin(study, SEEDED)
    shown = question(drill)
    other = DrillRound.resume(study, drill.number)
    assert question(other).name == shown.name
    give(other, question(other), right_answer(shown))
    with pytest.raises(StoreProblem) as caught:
        give(drill, shown, "0")
    assert caught.value.code == "elsewhere"
    assert reviews(study) == 1
    assert other.end().results[0].outcome == "right"
    assert verify(study.store).sound


def test_an_answer_typed_while_its_question_closed_does_not_count(
    home: Home, clock: HandClock
) -> None:
    setup = Setup(questions=1, minutes=10, seed=5, style=Style.RAPID, kinds=("number",))
    drill = DrillRound.begin(home(), setup)
    shown = question(drill)
    clock.forward(seconds=shown.time.question_allowed + 1)
    drill.expire()
    assert drill.answer(right_answer(shown)) == Judged(None, 0.0, closed=True)
    assert drill.next() == Over("done")
    assert drill.end().results[0].outcome == "time"


def test_spoken_answers_that_are_never_compared_count_for_nothing(home: Home) -> None:
    study = home()
    setup = Setup(questions=2, minutes=10, seed=3, style=Style.MOCK, kinds=("self", "card"))
    drill = DrillRound.begin(study, setup)
    for _ in range(2):
        assert drill.answer("", said=f"words {question(drill).number}") == Kept()
    assert question(drill).stage == "tick"
    drill.skip()
    assert question(drill).stage == "tick"
    report = drill.end()
    assert [(one.outcome, one.said) for one in report.results] == [
        ("said", "words 1"),
        ("said", "words 2"),
    ]
    assert (report.share.of, reviews(study)) == (0, 0)


def test_judging_takes_no_time_from_the_round(home: Home, clock: HandClock) -> None:
    drill = DrillRound.begin(home(), Setup(questions=1, minutes=10, seed=5, kinds=("number",)))
    shown = question(drill)
    clock.forward(seconds=5)
    unread = drill.answer("nonsense")
    assert isinstance(unread, Judged)
    assert (unread.tries, drill.tick().question_spent) == (1, 5)
    clock.forward(seconds=2)
    judged = drill.answer(right_answer(shown))
    assert isinstance(judged, Judged)
    assert judged.tries == 1
    assert drill.spent(1) == 7
