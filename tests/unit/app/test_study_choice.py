"""What a choice brings: filters, mistakes, weak spots, ahead of time, minutes; practice is told."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from study_desk import HandClock, cards, write_pack

from app.study.choice import Choice
from app.study.selecting import UnknownWord, tags_of
from app.study.session import DailyLimits, Study, StudySession
from app.study.views import Finished, Rating, Shown
from app.topic_words import belongs

OpenStudy = Callable[..., Study]
WORDS = st.text("abc.:", min_size=1, max_size=6)
CHOICES = st.builds(
    Choice,
    topics=st.frozensets(WORDS, max_size=3),
    tags=st.frozensets(WORDS, max_size=2),
    kinds=st.frozensets(st.sampled_from(["card", "number"]), max_size=2),
    levels=st.frozensets(st.integers(1, 3), max_size=3),
    weak=st.booleans(),
    mistaken_since=st.none() | st.integers(1, 400),
    ahead_days=st.integers(0, 60),
    beyond=st.booleans(),
    names=st.none() | st.frozensets(WORDS, max_size=3),
    query=st.none() | WORDS,
    minutes=st.none() | st.integers(1, 90),
    limit=st.none() | st.integers(1, 90),
)


def answered(
    session: StudySession, rate: Callable[[Shown], Rating] = lambda shown: Rating.EASY
) -> list[Shown]:
    """Every item to the end, each rated."""
    found: list[Shown] = []
    while isinstance(shown := session.next(), Shown):
        found.append(shown)
        session.rate(rate(shown), hints=0, seconds=10.0)
    assert isinstance(shown, Finished)
    return found


def ids(items: list[Shown]) -> list[str]:
    return sorted(shown.name.rpartition("/")[2] for shown in items)


@given(CHOICES)
def test_a_choice_survives_json(choice: Choice) -> None:
    assert Choice.from_json(choice.to_json()) == choice


@pytest.mark.parametrize(
    "text",
    ["", "[]", "1", '{"what": 1}', '{"topics": [1]}', '{"minutes": -1}', '{"levels": ["1"]}',
     '{"weak": 1}', '{"mistaken_since": "7d"}', '{"names": 3}', '{"query": 5}'],
)  # fmt: skip
def test_what_is_no_choice_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        Choice.from_json(text)


def test_a_word_is_a_pack_a_chapter_a_topic_or_its_beginning() -> None:
    here = ("foundations", "cnn", "cnn.stride")
    for word in ("foundations", "cnn", "cnn.stride", "foundations:", "foundations:cnn.stride"):
        assert belongs(*here, word)
    for word in ("cnn.str", "stride", "errata:cnn", "loss", "foundations:cnn.str"):
        assert not belongs(*here, word)


def test_topics_several_and_by_their_beginning(open_study: OpenStudy) -> None:
    study = open_study()
    assert ids(answered(study.begin(Choice(topics=frozenset({"a", "c.other"}))))) == [
        "a1", "a2", "a3", "a4", "c1", "c2", "c3", "c4"]  # fmt: skip


@pytest.mark.parametrize(
    ("choice", "what"),
    [
        (Choice(topics=frozenset({"a.first", "nowhere"})), "topic"),
        (Choice(packs=frozenset({"nowhere"})), "pack"),
        (Choice(tags=frozenset({"nowhere"})), "tag"),
    ],
)
def test_a_word_no_pack_knows_is_told(open_study: OpenStudy, choice: Choice, what: str) -> None:
    with pytest.raises(UnknownWord) as told:
        open_study().begin(choice)
    assert (told.value.what, told.value.word) == (what, "nowhere")


def test_levels_tags_and_packs_narrow(open_study: OpenStudy, tmp_path: Path) -> None:
    text = (
        "cards:\n"
        "- {id: x1, front: A?, back: A., level: 1, tags: [code]}\n"
        "- {id: x2, front: B?, back: B., level: 2, tags: [code, hard]}\n"
        "- {id: x3, front: C?, back: C., level: 3}\n"
    )
    one = write_pack(tmp_path / "more" / "one", {"x.y": text})
    two = write_pack(tmp_path / "more" / "two", {"z.z": cards("z1")})
    study = open_study(roots=(one, two))
    assert tags_of(study.library) == {"code": 2, "hard": 1}

    def brings(**filters: object) -> list[str]:
        day = study.clock.today()
        choice = Choice(**{key: frozenset(found) for key, found in filters.items()})  # type: ignore[arg-type, call-overload]
        fresh = study.selection(choice).fresh(None)
        with study.store.reading():
            known = study.store.items.known([found.item for found in fresh])
        assert study.selection(choice).practice(day) == []
        return sorted(found.name.rpartition("/")[2] for found in known.values())

    assert brings(levels={2, 3}) == ["x2", "x3"]
    assert brings(tags={"code"}) == ["x1", "x2"]
    assert brings(tags={"code"}, levels={1}) == ["x1"]
    assert brings(packs={"two"}) == ["z1"]
    assert brings(kinds={"number"}) == []
    assert brings(kinds={"card"}, packs={"one"}, tags={"hard"}) == ["x2"]


def test_only_what_i_got_wrong_this_week(open_study: OpenStudy, clock: HandClock) -> None:
    study = open_study()
    wrong = {"a1", "c2"}

    def rate(shown: Shown) -> Rating:
        once = shown.name.rpartition("/")[2] in wrong and not shown.returning
        return Rating.AGAIN if once else Rating.EASY

    answered(study.begin(), rate)
    clock.forward(days=2)
    found = answered(open_study().begin(Choice(mistaken_since=7)))
    assert ids(found) == ["a1", "c2"]
    due = {shown.name for shown in found if not shown.resting}
    for shown in found:
        assert shown.practice == shown.resting == (shown.name not in due)
    clock.forward(days=7)
    assert answered(open_study().begin(Choice(mistaken_since=7))) == []
    assert ids(answered(open_study().begin(Choice(mistaken_since=30)))) == ["a1", "c2"]


def test_a_mistake_taken_back_is_none(open_study: OpenStudy, clock: HandClock) -> None:
    session = open_study().begin(limit=1)
    assert isinstance(session.next(), Shown)
    session.rate(Rating.AGAIN, hints=0, seconds=5.0)
    session.undo()
    session.rate(Rating.EASY, hints=0, seconds=5.0)
    other = open_study().begin(limit=1)
    assert isinstance(other.next(), Shown)
    other.rate(Rating.AGAIN, hints=0, seconds=5.0)
    other.rate(Rating.EASY, hints=0, seconds=5.0)
    clock.forward(days=1)
    assert answered(open_study().begin(Choice(mistaken_since=7))) == []


def test_practice_changes_no_memory_and_comes_again_until_known(open_study: OpenStudy) -> None:
    study = open_study()
    names = {shown.name for shown in answered(study.begin(topic="c.other"))}
    before = list(study.store.memories.everything())
    session = study.begin(Choice(names=frozenset(names)))
    seen: list[str] = []
    while isinstance(shown := session.next(), Shown):
        assert shown.practice
        assert shown.resting
        assert not shown.early
        known = shown.name in seen or not shown.name.endswith("c3")
        seen.append(shown.name)
        rated = session.rate(Rating.GOOD if known else Rating.AGAIN, hints=0, seconds=4.0)
        assert rated.event == ""
    assert len(seen) == 5
    assert seen[-1].endswith("c3")
    assert list(study.store.memories.everything()) == before
    summary = session.summary()
    assert (summary.practised, summary.practised_right) == (5, 4)
    assert summary.answered == 0
    with pytest.raises(RuntimeError):
        session.rate(Rating.GOOD, hints=0, seconds=4.0)


def test_named_items_come_whatever_the_limits(open_study: OpenStudy) -> None:
    study = open_study(limits=DailyLimits(new=0, reviews=0))
    choice = Choice(names=frozenset({"demo:a.first/a2", "demo:c.other/c1", "demo:gone/gone"}))
    found = answered(study.begin(choice))
    assert ids(found) == ["a2", "c1"]
    assert not any(shown.practice for shown in found)
    assert answered(open_study(limits=DailyLimits(new=0, reviews=0)).begin()) == []


def test_limits_hold_unless_the_choice_says_otherwise(open_study: OpenStudy) -> None:
    limits = DailyLimits(new=3, reviews=0)
    topics = frozenset({"a", "b"})
    assert len(answered(open_study(limits=limits).begin(Choice(topics=topics)))) == 3
    assert answered(open_study(limits=limits).begin(Choice(topics=topics))) == []
    more = open_study(limits=limits).begin(Choice(topics=topics, beyond=True))
    assert len(answered(more)) == 5


def test_ahead_of_time_is_a_review_with_the_days_that_really_went_by(
    open_study: OpenStudy, clock: HandClock
) -> None:
    study = open_study(limits=DailyLimits(new=4, reviews=None))
    answered(study.begin(topic="c.other"))
    clock.forward(days=3)
    study = open_study(limits=DailyLimits(new=0, reviews=None))
    assert answered(study.begin()) == []
    before = dict(study.store.memories.everything())
    due = max(memory.due_day for memory in before.values())
    ahead = due - clock.today()
    assert ahead > 0
    found = answered(study.begin(Choice(ahead_days=ahead)))
    assert ids(found) == ["c1", "c2", "c3", "c4"]
    for shown in found:
        assert shown.early
        assert not shown.practice
    scheduler = study.journal.scheduler
    for item, memory in study.store.memories.everything():
        assert memory.last_day == clock.today()
        assert memory.reviews == before[item].reviews + 1
        replayed = study.journal.replay(item)
        assert replayed is not None
        assert replayed.stability == memory.stability
        old = before[item]
        assert scheduler.parameters.desired_retention == 0.9
        assert old.last_day == clock.today() - 3
    # What was answered today does not come ahead once more.
    assert answered(study.begin(Choice(ahead_days=400))) == []


def test_ahead_brings_only_what_falls_due_within_those_days(
    open_study: OpenStudy, clock: HandClock
) -> None:
    study = open_study()
    answered(study.begin(), lambda shown: Rating.GOOD if shown.name < "demo:b" else Rating.EASY)
    clock.forward(days=1)
    study = open_study()
    today = clock.today()
    for ahead in (1, 3, 30):
        due = {
            item
            for item, memory in study.store.memories.everything()
            if memory.due_at is None and today < memory.due_day <= today + ahead
        }
        early = study.selection(Choice(ahead_days=ahead)).early(today)
        assert {found.item for found in early} == due


def test_weak_spots_are_forgotten_and_not_yet_held(open_study: OpenStudy, clock: HandClock) -> None:
    study = open_study()
    answered(study.begin(topic="c.other"))
    answered(study.begin(topic="a.first"))
    clock.forward(days=60)
    session = open_study().begin(Choice(topics=frozenset({"c", "a"})))
    rate: dict[str, list[Rating]] = {"demo:c.other/c2": [Rating.AGAIN]}
    answered(session, lambda shown: (rate.get(shown.name) or [Rating.EASY]).pop())
    clock.forward(days=1)
    weak = answered(open_study().begin(Choice(weak=True)))
    assert ids(weak) == ["c2"]


def test_a_session_by_minutes_ends_after_the_answer_in_which_they_ran_out(
    open_study: OpenStudy, clock: HandClock
) -> None:
    session = open_study().begin(Choice(minutes=2))
    for _ in range(3):
        assert isinstance(session.next(), Shown)
        clock.forward(seconds=50)
        session.rate(Rating.EASY, hints=0, seconds=50.0)
    ended = session.next()
    assert isinstance(ended, Finished)
    assert ended.summary.over == "minutes"
    assert ended.summary.answered == 3


def test_who_walks_away_has_minutes_left(open_study: OpenStudy, clock: HandClock) -> None:
    session = open_study().begin(Choice(minutes=10))
    assert isinstance(session.next(), Shown)
    clock.forward(minutes=120)
    session.rate(Rating.EASY, hints=0, seconds=7200.0)
    assert isinstance(session.next(), Shown)
    assert session.summary().over == ""


def test_a_session_by_count_says_what_ended_it(open_study: OpenStudy) -> None:
    session = open_study().begin(Choice(limit=2))
    assert len(answered(session)) == 2
    assert session.summary().over == "limit"


def test_undo_and_skip_of_what_is_practised(open_study: OpenStudy) -> None:
    study = open_study()
    names = frozenset(shown.name for shown in answered(study.begin(topic="c.other")))
    session = study.begin(Choice(names=names))
    first = session.next()
    assert isinstance(first, Shown)
    back = session.undo()  # the last review of the session before
    assert back is not None
    assert back.shown is not None
    assert not back.shown.practice
    session.rate(Rating.EASY, hints=0, seconds=1.0)
    again = session.next()
    assert isinstance(again, Shown)
    session.skip()
    rest = answered(session)
    assert again.name not in {shown.name for shown in rest}


def test_what_a_choice_brings_is_found_in_indexes(open_study: OpenStudy) -> None:
    study = open_study()
    scope = study.selection(Choice(topics=frozenset({"a"}))).scope
    asked: list[str] = []
    driver = study.store._driver
    driver.set_trace_callback(asked.append)
    chosen, day = study.store.chosen, study.clock.today()
    for find in (
        lambda: chosen.due(day, 5, scope),
        lambda: chosen.early(day, day + 3, scope),
        lambda: chosen.steps(day, 5, scope),
        lambda: chosen.fresh(5, scope),
        lambda: chosen.mistaken(day - 7),
        lambda: chosen.before(day, day + 1, day + 2),
        lambda: chosen.items(scope.topics, ["card"], [1]),
    ):
        find()
    driver.set_trace_callback(None)
    queries = [sql for sql in asked if sql.lstrip().startswith("SELECT")]
    assert len(queries) >= 7
    for sql in queries:
        for row in driver.execute(f"EXPLAIN QUERY PLAN {sql}").fetchall():
            assert not row[3].startswith("SCAN") or "INDEX" in row[3], (row[3], sql)
