"""Orders: of teaching, of a session; and what an exercise's answer counts as."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.study.catalogue import mixed, taught
from app.study.queue import Planned, apart, plan
from app.study.rating import Proposal, propose
from app.study.views import Rating
from content.compiled import ItemIndex, TopicIndex
from engine.verdict import Verdict, VerdictKind


def item(topic: str, number: int, kind: str = "card") -> ItemIndex:
    return ItemIndex(f"p:{topic}/{number}", "p", topic, kind, 1, number, ("en",), "", "")


def topic(name: str, *needs: str) -> TopicIndex:
    return TopicIndex("p", name, name, needs, "", 0)


graphs = st.integers(1, 7).flatmap(
    lambda size: st.tuples(
        st.lists(st.sets(st.integers(0, size - 1), max_size=3), min_size=size, max_size=size),
        st.lists(st.integers(0, 5), min_size=size, max_size=size),
    )
)


@given(graphs)
def test_prerequisites_are_taught_first_unless_they_go_in_a_circle(
    graph: tuple[list[set[int]], list[int]],
) -> None:
    needs = [{n for n in wanted if n < here} for here, wanted in enumerate(graph[0])]
    topics = [topic(f"t{n}", *(f"t{m}" for m in sorted(w))) for n, w in enumerate(needs)]
    items = [item(f"t{n}", m) for n, count in enumerate(graph[1]) for m in range(count)]
    order = [found.name for found in taught(items, topics)]
    assert sorted(order) == sorted(found.name for found in items)
    place = {name: n for n, name in enumerate(order)}
    for here, wanted in enumerate(needs):
        first = min((place[i.name] for i in items if i.topic == f"t{here}"), default=len(order))
        for other in wanted:
            assert all(place[i.name] < first for i in items if i.topic == f"t{other}")


@given(graphs)
def test_circles_and_unknown_topics_lose_no_item(graph: tuple[list[set[int]], list[int]]) -> None:
    topics = [
        topic(f"t{n}", *(f"t{m}" for m in sorted(wanted)), "elsewhere", "q:other")
        for n, wanted in enumerate(graph[0])
    ]
    items = [item(f"t{n}", m) for n, count in enumerate(graph[1]) for m in range(count)]
    assert sorted(i.name for i in taught(items, topics)) == sorted(i.name for i in items)


def test_cards_and_exercises_of_a_topic_take_turns() -> None:
    items = [*(item("t", n) for n in range(4)), *(item("t", n, "number") for n in range(4, 6))]
    kinds = [found.kind for found in mixed(items)]
    assert kinds == ["card", "card", "number", "card", "card", "number"]
    assert [i.position for i in mixed(items) if i.kind == "card"] == [0, 1, 2, 3]


planned = st.lists(st.tuples(st.integers(0, 4), st.booleans(), st.booleans()), max_size=40).map(
    lambda rows: [
        Planned(n, str(n), topic_key, "card" if card else "number", new)
        for n, (topic_key, card, new) in enumerate(rows)
    ]
)


@given(planned, st.text(max_size=5))
def test_a_plan_is_deterministic_and_keeps_new_items_in_order(
    items: list[Planned], seed: str
) -> None:
    due, new = [i for i in items if not i.new], [i for i in items if i.new]
    order = plan(due, new, seed)
    assert order == plan(list(reversed(due)), new, seed)
    assert sorted(i.item for i in order) == [i.item for i in items]
    assert [i for i in order if i.new] == new


def test_neighbours_differ_where_they_can() -> None:
    due = [Planned(n, str(n), n % 3, "card", False) for n in range(30)]
    order = plan(due, [], "seed")
    assert all(one.topic != other.topic for one, other in pairwise(order))
    assert plan(due, [], "another") != order
    only = [Planned(n, str(n), 1, "card", False) for n in range(3)]
    assert apart(only) == only


@pytest.mark.parametrize(
    ("kind", "hints", "seconds", "expected"),
    [
        (VerdictKind.RIGHT, 0, 20.0, Rating.EASY),
        (VerdictKind.RIGHT, 0, 50.0, Rating.GOOD),
        (VerdictKind.RIGHT, 0, 119.0, Rating.GOOD),
        (VerdictKind.RIGHT, 0, 121.0, Rating.HARD),
        (VerdictKind.RIGHT, 1, 5.0, Rating.HARD),
        (VerdictKind.CLOSE, 0, 5.0, Rating.HARD),
        (VerdictKind.MISTAKE, 0, 5.0, Rating.AGAIN),
        (VerdictKind.WRONG, 2, 5.0, Rating.AGAIN),
        (VerdictKind.UNREADABLE, 0, 5.0, None),
    ],
)
def test_what_an_answer_counts_as(
    kind: VerdictKind, hints: int, seconds: float, expected: Rating | None
) -> None:
    proposal = propose(Verdict(kind), hints=hints, seconds=seconds, expected_seconds=60)
    assert (None if proposal is None else proposal.rating) is expected


@pytest.mark.parametrize(
    ("kind", "hints", "seconds", "why"),
    [
        (VerdictKind.RIGHT, 0, 119.0, ""),
        (VerdictKind.RIGHT, 1, 5.0, "hint"),
        (VerdictKind.RIGHT, 2, 500.0, "hint"),
        (VerdictKind.RIGHT, 0, 121.0, "slow"),
        (VerdictKind.CLOSE, 1, 5.0, ""),
        (VerdictKind.WRONG, 1, 500.0, ""),
    ],
)
def test_why_a_right_answer_counts_as_hard(
    kind: VerdictKind, hints: int, seconds: float, why: str
) -> None:
    proposal = propose(Verdict(kind), hints=hints, seconds=seconds, expected_seconds=60)
    assert proposal is not None
    assert proposal.why == why
    assert proposal.rating is Rating.HARD or not why


@pytest.mark.parametrize(
    ("ticked", "hints", "seconds", "expected"),
    [
        ((1, 2), 0, 50.0, Proposal(Rating.GOOD)),
        ((1, 2), 1, 500.0, Proposal(Rating.HARD, "hint")),
        ((1, 2), 0, 500.0, Proposal(Rating.HARD, "slow")),
        ((1,), 0, 500.0, Proposal(Rating.HARD)),
        ((1,), 1, 5.0, Proposal(Rating.HARD)),
        ((), 1, 500.0, Proposal(Rating.AGAIN)),
    ],
)
def test_only_a_complete_explanation_is_lowered(
    ticked: tuple[int, ...], hints: int, seconds: float, expected: Proposal
) -> None:
    for kind in (VerdictKind.RIGHT, VerdictKind.CLOSE, VerdictKind.WRONG):
        verdict = Verdict(kind, ticked=ticked)
        given = propose(verdict, hints=hints, seconds=seconds, expected_seconds=60, points=2)
        assert given == expected


@pytest.mark.parametrize(
    ("ticked", "expected"),
    [((1, 2, 3, 4), Rating.GOOD), ((1, 2), Rating.HARD), ((4,), Rating.AGAIN), ((), Rating.AGAIN)],
)
def test_an_explanation_counts_by_its_points(ticked: tuple[int, ...], expected: Rating) -> None:
    for kind in (VerdictKind.RIGHT, VerdictKind.CLOSE, VerdictKind.WRONG):
        verdict = Verdict(kind, ticked=ticked)
        proposal = propose(verdict, hints=0, seconds=60.0, expected_seconds=60, points=4)
        assert proposal == Proposal(expected)
