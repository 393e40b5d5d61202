"""What a learner meets under one draw: options, explanations, language."""

from __future__ import annotations

import pytest

from content.pack import Exercise
from content.prepare import Prepared, draw_item, job_for
from content.text import plain
from content.verdict_text import why
from engine.client import EngineClient
from engine.protocol import Measured
from engine.verdict import judge
from tests.built_in import built_in

_CHOICE = "foundations:act.softmax-stability/which-constant"


def _prepared(name: str, seed: int, engine: EngineClient) -> Prepared:
    topic, item = built_in().item(name)
    drawn = draw_item(name, item, seed)
    job = job_for(item, seed, drawn)
    outcome = engine.measure(job)
    assert isinstance(outcome, Measured)
    return Prepared(name, topic.title, item, seed, drawn, job, outcome)


def test_options_stand_in_an_order_of_the_seed(engine: EngineClient) -> None:
    orders = set()
    for seed in range(8):
        prepared = _prepared(_CHOICE, seed, engine)
        shown = tuple(plain(option, "en") for option in prepared.options("en"))
        assert shown == tuple(choice.texts[0] for choice in prepared.truth.options)
        assert sum(choice.right for choice in prepared.truth.options) == 1
        again = _prepared(_CHOICE, seed, engine)
        assert shown == tuple(plain(option, "en") for option in again.options("en"))
        orders.add(shown)
    assert len(orders) > 1


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_wrong_option_is_explained_by_its_own_words(engine: EngineClient, language: str) -> None:
    prepared = _prepared(_CHOICE, 1, engine)
    exercise = prepared.item
    assert isinstance(exercise, Exercise)
    said = set()
    for n, choice in enumerate(prepared.truth.options):
        words = why(prepared, judge(prepared.truth, "abcd"[n]), language)
        if not choice.right:
            assert words == plain(prepared.option_why(n, language), language)
            said.add(words)
    assert len(said) == 3
