"""Every built-in item as a reader meets it: measured, in both languages, on 80 by 24 cells."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractAsyncContextManager

import pytest

from app.tui.page import document_lines
from app.tui.screens.choosing import Phase
from content.pack import Card, Exercise
from content.prepare import Prepared, draw_item, item_texts, job_for
from content.text import Code, Diagram, Document, Span, lines, plain
from content.text.wrap import cells
from engine.client import EngineClient
from engine.protocol import Measured
from tests.built_in import built_in
from tests.screens.scenes import Stage

pytestmark = pytest.mark.slow

LANGUAGES = ("en", "zh")
WIDTH = 76
BACK_ROWS = 16
"""Lines of the sheet on 80 by 24 while a card's back and the four ratings are shown."""
FITTING = 0.95
_LATIN_RUN = re.compile(r"[A-Za-z]+(?:[ ,;:'-]+[A-Za-z]+){6,}")
_LEFT_OVER = re.compile(r"\{\{|\}\}|\\[A-Za-z]+|\$\$")


@pytest.fixture(scope="module")
def items(engine: EngineClient) -> dict[str, Prepared]:
    """Every item under its first draw."""
    asked = []
    for entry in built_in().index():
        found = built_in().item(entry.name)
        assert found is not None
        topic, item = found
        drawn = draw_item(entry.name, item, 0)
        asked.append((entry.name, topic, item, drawn, job_for(item, 0, drawn, trace=False)))
    prepared = {}
    futures = engine.submit_many([job for *_, job in asked])
    for (name, topic, item, drawn, job), future in zip(asked, futures, strict=True):
        outcome = future.result()
        assert isinstance(outcome, Measured), (name, outcome)
        prepared[name] = Prepared(name, topic.title, item, 0, drawn, job, outcome)
    return prepared


def _documents(prepared: Prepared, language: str) -> Iterator[tuple[str, Document]]:
    if isinstance(prepared.item, Card):
        yield "front", prepared.front(language)
        yield "back", prepared.back(language)
    else:
        yield "question", prepared.question(language)
        yield from (("option", option) for option in prepared.options(language))
        yield from (("point", point) for point in prepared.points(language))
        yield "solution", prepared.solution(language).text
        known = {mistake.id for mistake in prepared.truth.mistakes}
        yield from ((mistake, prepared.why(mistake, language)) for mistake in sorted(known))
    yield from (("hint", hint) for hint in prepared.hints(language))


def _prose(document: Document) -> str:
    """What is neither code nor a drawing nor a formula."""
    words = []
    for block in document:
        if isinstance(block, Code | Diagram):
            continue
        spans = getattr(block, "spans", ())
        words.append("".join(_shown(span) for span in spans))
    return "\n".join(words)


def _shown(span: Span) -> str:
    return span.text if span.style in ("plain", "strong", "emphasis", "figure") else "§"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_whole(items: dict[str, Prepared], language: str) -> None:
    """Measured, no mark-up left over, no line that must be cut, no English left in Chinese."""
    faults = []
    for name, prepared in items.items():
        if prepared.failures:
            faults.append((name, "failures", str(prepared.failures[0])))
        for place, document in _documents(prepared, language):
            prose = _prose(document)
            if left := _LEFT_OVER.search(prose):
                faults.append((name, place, left.group()))
            if language == "zh" and (run := _LATIN_RUN.search(prose)):
                faults.append((name, place, run.group()))
            for row in lines(document, WIDTH, language):
                text = "".join(span.text for span in row)
                if cells(text) > WIDTH or (text.endswith("…") and "……" not in text[-2:]):
                    faults.append((name, place, text))
    assert faults == []


def test_fronts_are_short(items: dict[str, Prepared]) -> None:
    for name, prepared in items.items():
        if isinstance(prepared.item, Card):
            for language in LANGUAGES:
                assert len(plain(prepared.front(language), language)) <= 240, name


def test_both_languages_have_the_same_parts(items: dict[str, Prepared]) -> None:
    """Every text stands in both; figures in each as often."""
    for name, prepared in items.items():
        item = prepared.item
        for place, text, _ in item_texts(item):
            assert isinstance(text, dict), (name, place)
            assert set(text) == set(LANGUAGES), (name, place)
        if isinstance(item, Exercise):
            titled = [text for text in item.accept if isinstance(text, dict)]
            assert all(set(text) <= set(LANGUAGES) for text in titled), name


@pytest.mark.parametrize("language", LANGUAGES)
def test_nearly_every_back_fits(items: dict[str, Prepared], language: str) -> None:
    """Question, rule, back and where it was measured, without scrolling."""
    heights = {}
    for name, prepared in items.items():
        if not isinstance(prepared.item, Card):
            continue
        front = document_lines(prepared.front(language), WIDTH, language, screen=24)
        back = document_lines(prepared.back(language), WIDTH, language, screen=24)
        heights[name] = len(front) + 2 + len(back) + 2 * bool(prepared.job.measures)
    fit = Counter(height <= BACK_ROWS for height in heights.values())
    tall = sorted((name for name, height in heights.items() if height > BACK_ROWS))
    assert fit[True] >= FITTING * fit.total(), tall


async def test_the_sheet_has_so_many_rows(
    open_app: Callable[..., AbstractAsyncContextManager[Stage]],
) -> None:
    async with open_app() as stage:
        await stage.complete_home()
        await stage.find(lambda _, kind: kind == "card", "foundations:cnn.params")
        await stage.press("space")
        await stage.phase(Phase.BACK)
        sheet = stage.app.screen.query_one("#sheet")
        assert (stage.app.screen.query_one("#question").size.width, sheet.size.height) == (
            WIDTH,
            BACK_ROWS,
        )
