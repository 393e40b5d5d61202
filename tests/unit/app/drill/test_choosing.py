"""Which questions a round asks: fixed by its seed, or led by the answers."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.drill.choosing import ISOLATES, NEXT, Asked, Chooser, Given
from app.drill.setup import Setup, by_name, eligible, matches
from app.drill.styles import RULES, Style
from tests.built_in import built_in


def _play(setup: Setup, luck: int, rights: list[bool | None], mistake: str | None = None):
    chooser = Chooser(built_in(), setup, luck)
    given_: list[Given] = []
    while (asked := chooser.next(given_)) is not None:
        right = rights[len(given_) % len(rights)]
        told = mistake if right is False else None
        given_.append(Given(asked, right, float(bool(right)), told))
    return [one.asked for one in given_]


def test_a_seed_gives_the_same_round_whatever_is_answered() -> None:
    setup = Setup(questions=12, topics=("cnn", "numerics"), seed=7)
    all_right = _play(setup, 7, [True])
    assert all_right == _play(setup, 7, [False, None], "bias-forgotten")
    other = Setup(questions=12, topics=("cnn", "numerics"), seed=8)
    assert [a.name for a in all_right] != [a.name for a in _play(other, 8, [True])]


@settings(max_examples=25, deadline=None)
@given(
    st.integers(0, 10**9),
    st.sampled_from(list(Style)),
    st.lists(st.sampled_from([True, False, None]), min_size=1, max_size=6),
    st.booleans(),
)
def test_every_round_is_whole(
    luck: int, style: Style, rights: list[bool | None], seeded: bool
) -> None:
    """As many questions as asked for, none twice, follow-ups only where the style has them."""
    setup = Setup(questions=9, topics=("loss",), style=style, seed=luck if seeded else None)
    asked = _play(setup, luck, rights)
    assert [one.number for one in asked] == list(range(1, 10))
    assert len({one.name for one in asked}) == 9
    may_be = {entry.name for entry in eligible(built_in(), setup)}
    chain = 0
    for before, one in zip([None, *asked], asked, strict=False):
        chain = chain + 1 if one.because else 0
        assert chain <= RULES[style].follow_ups
        assert one.name in may_be or one.because
        if one.because:
            assert before is not None
            assert one.because in (NEXT, ISOLATES)


def test_answers_move_the_difficulty() -> None:
    known = by_name(built_in())
    setup = Setup(questions=15, style=Style.RAPID)

    def level(asked: list[Asked]) -> float:
        return sum(known[one.name].level for one in asked[5:]) / 10

    assert level(_play(setup, 3, [True])) > level(_play(setup, 3, [False])) + 0.5


def test_a_mistake_is_followed_by_what_isolates_it() -> None:
    setup = Setup(questions=12, topics=("cnn",))
    asked = _play(setup, 1, [False], "bias-forgotten")
    assert any(one.because == ISOLATES for one in asked)


def test_follow_ups_keep_to_what_the_round_is_made_of() -> None:
    known = by_name(built_in())
    for luck in range(20):
        setup = Setup(questions=10, topics=("cnn",), kinds=("number",), style=Style.WHITEBOARD)
        asked = _play(setup, luck, [True, True, False], "bias-forgotten")
        assert {known[one.name].kind for one in asked} == {"number"}
        assert any(one.because for one in asked)


def test_a_seeded_step_up_is_no_easier() -> None:
    known = by_name(built_in())
    for seed in range(20):
        setup = Setup(questions=10, topics=("opt", "loss"), seed=seed)
        asked = _play(setup, seed, [True])
        for one in asked:
            if one.follows is not None:
                before = known[asked[one.follows - 1].name]
                assert known[one.name].level >= before.level


def test_missed_items_are_asked_again_and_nothing_else() -> None:
    names = tuple(entry.name for entry in built_in().scan() if entry.topic == "cnn.params")[:4]
    setup = Setup(questions=4, items=names, style=Style.WHITEBOARD)
    assert {one.name for one in _play(setup, 5, [True, False], "bias-forgotten")} == set(names)


def test_set_ups_survive_json() -> None:
    setup = Setup(5, 10, ("cnn",), ("number",), (), (1, 2), Style.MOCK, 3, ("foundations",), "a:b")
    assert Setup.from_json(setup.to_json()) == setup
    for broken in ("[]", "{}", '{"style": "loud"}', "x"):
        with pytest.raises(ValueError):
            Setup.from_json(broken)


def test_topics_are_named_by_pack_chapter_topic_or_beginning() -> None:
    entry = next(e for e in built_in().scan() if e.topic == "act.softmax-stability")
    for word in ("numerics", "act", "act.softmax-stability", "foundations", "foundations:act"):
        assert matches(entry, word), word
    for word in ("act.soft", "cnn", "other:act", ""):
        assert not matches(entry, word), word
