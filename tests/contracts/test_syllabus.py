"""The built-in pack's syllabus: every topic, and every computed family measured by some item."""

from __future__ import annotations

from pathlib import Path

import pytest

from content.coverage import Coverage, coverage
from content.loader import load
from tests.built_in import built_in

ROOT = Path(__file__).parents[2]
TOPICS = (ROOT / "tests/data/syllabus.txt").read_text(encoding="utf-8").split()
FAMILIES = (ROOT / "tests/data/families.txt").read_text(encoding="utf-8").splitlines()[1:]


@pytest.fixture(scope="module")
def found() -> Coverage:
    return coverage(load(ROOT / "content/packs/foundations"))


def test_the_syllabus_is_whole(found: Coverage) -> None:
    assert len(TOPICS) == len(set(TOPICS)) == 184
    assert found.syllabus == tuple(TOPICS)


def test_no_topic_is_missing(found: Coverage) -> None:
    assert found.missing == ()
    assert {topic.topic for topic in found.topics} == set(TOPICS)


def test_every_computed_family_is_measured() -> None:
    library = built_in()
    families = [line.split(None, 2) for line in FAMILIES]
    assert [family for family, _, _ in families] == [f"CF{n:02}" for n in range(1, 38)]
    for family, name, measured in families:
        _, item = library.item(name)
        assert measured in repr(item), family


def test_every_topic_is_whole(found: Coverage) -> None:
    for topic in found.topics:
        assert topic.counts.cards, topic.topic
        assert topic.languages == ("en", "zh"), topic.topic


def test_no_number_is_typed(found: Coverage) -> None:
    assert found.typed == ()
