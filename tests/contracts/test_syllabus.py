"""The built-in pack's syllabus: which topics there are to be, and which may still be missing."""

from __future__ import annotations

from pathlib import Path

import pytest

from content.coverage import Coverage, coverage
from content.loader import load

ROOT = Path(__file__).parents[2]
TOPICS = (ROOT / "tests/data/syllabus.txt").read_text(encoding="utf-8").split()
NOT_YET = (ROOT / "tests/data/syllabus-not-yet.txt").read_text(encoding="utf-8").split()


@pytest.fixture(scope="module")
def found() -> Coverage:
    return coverage(load(ROOT / "content/packs/foundations"))


def test_the_syllabus_is_whole(found: Coverage) -> None:
    assert len(TOPICS) == len(set(TOPICS)) == 184
    assert found.syllabus == tuple(TOPICS)


def test_what_is_missing_is_known(found: Coverage) -> None:
    """A topic that was written leaves the list, one that was there may not go."""
    assert set(found.missing) == set(NOT_YET)
    assert {topic.topic for topic in found.topics} == set(TOPICS) - set(NOT_YET)


def test_every_topic_is_whole(found: Coverage) -> None:
    for topic in found.topics:
        assert topic.counts.cards, topic.topic
        assert topic.languages == ("en", "zh"), topic.topic


def test_no_number_is_typed(found: Coverage) -> None:
    assert found.typed == ()
