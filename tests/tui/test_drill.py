"""Rounds on screen: the real app, the real pack, clocks moved by hand."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, closing
from dataclasses import replace
from pathlib import Path

import pytest

from app.drill.setup import Setup
from app.drill.styles import Style
from app.locale import Locale
from app.paths import Paths
from app.settings import Settings
from app.study.clock import Clock
from app.tui.app import Gradus
from app.tui.screens.choosing import Phase
from app.tui.screens.drill import DrillScreen
from app.tui.screens.drill_list import DrillListScreen
from app.tui.screens.drill_page import header
from app.tui.screens.drill_report import DrillReportScreen
from app.tui.screens.drill_setup import DrillSetupScreen
from app.tui.screens.home import HomeScreen
from app.tui.screens.study import StudyScreen
from app.tui.widgets.options import OptionsView
from engine.client import EngineClient
from tests.screens.cells import text_of
from tests.screens.drill_scenes import answer, drill_of, drill_phase
from tests.screens.history import NOW, SEED
from tests.screens.scenes import CHOICE, SELF, Stage

NUMBERS = Setup(
    questions=3,
    minutes=10,
    topics=("cnn.conv-multi-multi", "cnn.stride", "numerics"),
    kinds=("number",),
    style=Style.WHITEBOARD,
    seed=3,
)


class Hands:
    """A clock's seconds, moved by a test."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def hands() -> Hands:
    return Hands()


OpenRound = Callable[..., AbstractAsyncContextManager[Stage]]


@pytest.fixture
def open_round(tmp_path: Path, new_home: Path, engine: EngineClient, hands: Hands) -> OpenRound:
    shutil.copytree(new_home, tmp_path, dirs_exist_ok=True)

    @asynccontextmanager
    async def opened(
        setup: Setup | None = None, *, language: str = "en", width: int = 80
    ) -> AsyncIterator[Stage]:
        app = Gradus(
            Paths.inside(tmp_path),
            Settings(language=language, theme="dark", device="cpu"),
            clock=Clock(NOW, ticks=hands),
            few_colours=False,
            engine=engine,
            seed=SEED,
        )
        async with app.run_test(size=(width, 24)) as pilot:
            stage = Stage(app, pilot, lambda _name, _app: None)
            await stage.complete_home()
            if setup is not None:
                app.drilling.begin(setup)
                await drill_phase(stage, Phase.QUESTION, Phase.FRONT)
            yield stage

    return opened


def words(stage: Stage) -> str:
    return "\n".join(text_of(stage.app))


def reviews(home: Path) -> int:
    with closing(sqlite3.connect(home / "progress.sqlite")) as database:
        (count,) = database.execute("SELECT count(*) FROM event WHERE kind = 'review'").fetchone()
    return int(count)


async def listed(stage: Stage) -> DrillListScreen:
    await stage.press("d")
    await stage.until(
        lambda: isinstance(stage.app.screen, DrillListScreen) and bool(stage.app.screen.rows),
        "the list",
    )
    await stage.settle()
    screen = stage.app.screen
    assert isinstance(screen, DrillListScreen)
    return screen


async def reported(stage: Stage) -> DrillReportScreen:
    await stage.until(lambda: isinstance(stage.app.screen, DrillReportScreen), "the report")
    await stage.settle()
    screen = stage.app.screen
    assert isinstance(screen, DrillReportScreen)
    return screen


async def at_question(stage: Stage, number: int) -> None:
    await stage.until(
        lambda: (q := drill_of(stage).question) is not None and q.number == number, str(number)
    )


async def test_a_round_is_played_to_its_report(open_round: OpenRound, tmp_path: Path) -> None:
    async with open_round(NUMBERS) as stage:
        for number, right in enumerate((True, False, True), 1):
            await drill_phase(stage, Phase.QUESTION)
            assert f"{number} of 3" in words(stage)
            await answer(stage, right=right)
            assert ("✓ right" in words(stage)) is right
            assert reviews(tmp_path) == number
            await stage.press("enter")
        screen = await reported(stage)
        assert screen.report is not None
        assert (screen.report.share.right, screen.report.share.of) == (2, 3)
        assert screen.report.calibration.sure == 2
        assert "2 of 3 right" in words(stage)
        await stage.press("enter")
        await stage.settle()
        await stage.press("right")
        assert "2 of 3" in words(stage)
        assert "987654321" in words(stage)
        assert not any(row.strip().startswith("= ") for row in text_of(stage.app))
        await stage.press("escape", "escape")
        await stage.until(lambda: isinstance(stage.app.screen, HomeScreen), "home")


async def test_what_was_said_and_ticked_stands_in_the_review(open_round: OpenRound) -> None:
    async with open_round(Setup(questions=1, minutes=5, items=(SELF,), seed=3)) as stage:
        await drill_phase(stage, Phase.FRONT)
        await stage.type("in my own words")
        await stage.press("enter")
        await drill_phase(stage, Phase.POINTS)
        await stage.press("1", "enter")
        await drill_phase(stage, Phase.JUDGED)
        await stage.press("enter")
        await reported(stage)
        await stage.press("enter")
        await stage.settle()
        page = words(stage)
        assert "You said: in my own words" in page
        assert (page.count("☑"), page.count("☐")) == (1, 3)
        assert "You answered" not in page


async def test_a_wrong_choice_is_marked_in_the_review(open_round: OpenRound) -> None:
    async with open_round(Setup(questions=1, minutes=5, items=(CHOICE,), seed=3)) as stage:
        await drill_phase(stage, Phase.QUESTION)
        await answer(stage, right=False)
        await stage.press("enter")
        await reported(stage)
        await stage.press("enter")
        await stage.settle()
        options = stage.app.screen.query_one(OptionsView)
        assert sorted(glyph for glyph, _ in options.marks.values()) == ["✓", "✗"]


async def test_a_mock_interview_tells_nothing_before_its_end(open_round: OpenRound) -> None:
    async with open_round(replace(NUMBERS, questions=2, style=Style.MOCK)) as stage:
        for number in (1, 2):
            await drill_phase(stage, Phase.QUESTION)
            question = drill_of(stage).question
            assert question is not None
            assert question.number == number
            assert not drill_of(stage).allows("hint")
            drill_of(stage).query_one("#answer").value = "987654321"  # type: ignore[attr-defined]
            await stage.press("enter")
            await stage.until(
                lambda: (
                    not isinstance(stage.app.screen, DrillScreen)
                    or (q := stage.app.screen.question) is None
                    or q.number != number  # noqa: B023  (waited for within the loop)
                ),
                "the next",
            )
            assert "wrong" not in words(stage) or number == 2
        screen = await reported(stage)
        assert screen.report is not None
        assert screen.report.share.right == 0


async def test_a_rapid_question_closes_when_its_time_is_over(
    open_round: OpenRound, hands: Hands
) -> None:
    async with open_round(replace(NUMBERS, style=Style.RAPID)) as stage:
        question = drill_of(stage).question
        assert question is not None
        hands.seconds += question.time.question_allowed + 1
        await drill_phase(stage, Phase.JUDGED)
        assert "Time is over" in words(stage)
        await stage.press("enter")
        await drill_phase(stage, Phase.QUESTION)
        assert "2 of 3" in words(stage)


async def test_late_is_red_and_marked_where_a_question_stays_open(
    open_round: OpenRound, hands: Hands
) -> None:
    async with open_round(NUMBERS) as stage:
        question = drill_of(stage).question
        assert question is not None
        hands.seconds += question.time.question_allowed + 1
        await stage.until(lambda: "!" in text_of(stage.app)[0], "late")
        assert drill_of(stage).phase is Phase.QUESTION


async def test_a_pause_covers_the_question_and_stops_the_clocks(
    open_round: OpenRound, hands: Hands
) -> None:
    async with open_round(NUMBERS) as stage:
        screen = drill_of(stage)
        await stage.type("12")
        before = words(stage)
        await stage.press("f8")
        await drill_phase(stage, Phase.PAUSED)
        question = next(row for row in before.splitlines()[1:] if row.strip())
        assert question not in words(stage)
        hands.seconds += 500
        await stage.press("enter")
        await drill_phase(stage, Phase.QUESTION)
        assert question in words(stage)
        assert screen.query_one("#answer").value == "12"  # type: ignore[attr-defined]
        assert screen.time is not None
        assert screen.time.round_spent < 100


async def test_skipped_questions_come_back(open_round: OpenRound) -> None:
    async with open_round(NUMBERS) as stage:
        first = drill_of(stage).question
        assert first is not None
        await stage.press("f4")
        await stage.until(
            lambda: (q := drill_of(stage).question) is not None and q.number == 2, "2"
        )
        await drill_phase(stage, Phase.QUESTION)
        assert drill_of(stage).allows("go_back")
        await stage.press("f7")
        await stage.until(
            lambda: (q := drill_of(stage).question) is not None and q.number == 1, "1"
        )
        await drill_phase(stage, Phase.QUESTION)
        again = drill_of(stage).question
        assert again is not None
        assert (again.name, again.returning) == (first.name, True)


async def test_a_round_left_is_resumed_from_the_list(open_round: OpenRound, hands: Hands) -> None:
    async with open_round(NUMBERS) as stage:
        await answer(stage, right=True)
        await stage.press("enter")
        await drill_phase(stage, Phase.QUESTION)
        shown = drill_of(stage).question
        assert shown is not None
        await stage.press("escape")
        await stage.until(lambda: isinstance(stage.app.screen, HomeScreen), "home")
    async with open_round() as stage:
        screen = await listed(stage)
        assert screen.rows[0].kind == "resume"
        hands.seconds += 900
        await stage.press("enter")
        await drill_phase(stage, Phase.QUESTION)
        again = drill_of(stage).question
        assert again is not None
        assert (again.number, again.name) == (shown.number, shown.name)
        assert again.prepared.draw == shown.prepared.draw
        assert again.time.round_spent < 60


async def test_ending_early_is_asked_twice(open_round: OpenRound) -> None:
    async with open_round(NUMBERS) as stage:
        await stage.press("f9")
        await stage.settle()
        assert isinstance(stage.app.screen, DrillScreen)
        assert "f9 again" in words(stage)
        await stage.press("f9")
        screen = await reported(stage)
        assert screen.report is not None
        assert screen.report.share.right == 0


async def test_what_is_advised_is_one_key_away(open_round: OpenRound) -> None:
    async with open_round(NUMBERS) as stage:
        for _ in range(3):
            await drill_phase(stage, Phase.QUESTION)
            await answer(stage, right=False)
            await stage.press("enter")
        screen = await reported(stage)
        kinds = [one.kind for one in screen.advice]
        assert kinds[:2] == ["study_topic", "repeat"]
        missed = set(screen.advice[1].items)
        await stage.press("2")
        await drill_phase(stage, Phase.QUESTION)
        question = drill_of(stage).question
        assert question is not None
        assert question.name in missed
        await stage.press("f9", "f9")
        await reported(stage)
        await stage.press("1")
        await stage.until(lambda: isinstance(stage.app.screen, StudyScreen), "the topic")


@pytest.mark.parametrize("language", ["en", "zh"])
async def test_a_named_mistake_stands_in_the_report(open_round: OpenRound, language: str) -> None:
    async with open_round(replace(NUMBERS, questions=1), language=language) as stage:
        screen = drill_of(stage)
        assert screen.question is not None
        mistake = screen.question.prepared.truth.mistakes[0]
        screen.query_one("#answer").value = str(mistake.value)  # type: ignore[attr-defined]
        await stage.press("enter")
        await drill_phase(stage, Phase.JUDGED)
        await stage.press("enter")
        await reported(stage)
        title = stage.app.mistake_title(screen.question.name, mistake.id)
        assert title
        assert f"◆   {title}" in words(stage) or f"◆  {title}" in words(stage)


async def test_a_report_is_exported(open_round: OpenRound, tmp_path: Path) -> None:
    async with open_round(replace(NUMBERS, questions=1)) as stage:
        await answer(stage, right=True)
        await stage.press("enter")
        await reported(stage)
        await stage.press("x")
        await stage.until(lambda: any(tmp_path.rglob("*.html")), "a page")
        (page,) = tmp_path.rglob("*.html")
        assert "<html" in page.read_text(encoding="utf-8")


@pytest.mark.parametrize("language", ["en", "zh"])
async def test_a_round_is_put_together_by_arrow_keys(open_round: OpenRound, language: str) -> None:
    async with open_round(language=language) as stage:
        await listed(stage)
        stage.app.drilling.set_up(None)
        await stage.settle()
        screen = stage.app.screen
        assert isinstance(screen, DrillSetupScreen)
        await stage.until(lambda: screen.count is not None, "a count")
        everything = screen.count
        await stage.press("right")
        await stage.until(lambda: screen.count not in (None, everything), "fewer")
        await stage.press("down", "right", "down", "right", "down", "left", "down", "right")
        await stage.press("down", "4", "2", "backspace")
        assert screen.setup.levels == (1,)
        assert screen.setup.style is Style.WHITEBOARD
        assert (screen.setup.questions, screen.setup.minutes) == (14, 25)
        assert screen.setup.seed == 4
        await stage.until(lambda: not screen._busy, "idle")
        await stage.press("enter")
        await drill_phase(stage, Phase.QUESTION, Phase.FRONT)
        assert drill_of(stage).round is not None


async def test_the_end_asked_for_once_is_forgotten_by_the_next_question(
    open_round: OpenRound,
) -> None:
    async with open_round(NUMBERS) as stage:
        await stage.press("f9")
        await stage.settle()
        await stage.press("f4")
        await at_question(stage, 2)
        await drill_phase(stage, Phase.QUESTION)
        assert "f9 again" not in words(stage)
        await stage.press("f9")
        await stage.settle()
        assert isinstance(stage.app.screen, DrillScreen)
        assert "f9 again" in words(stage)


async def test_the_clocks_stand_apart_from_the_topic(open_round: OpenRound) -> None:
    async with open_round(NUMBERS) as stage:
        await drill_phase(stage, Phase.QUESTION)
        for width in range(50, 91):
            left, end = header(drill_of(stage), width)
            bare = " · " not in left.plain
            assert bare or left.cell_length + 2 <= width - end.cell_length, (width, left.plain)


async def test_what_stands_over_a_question_follows_the_language(open_round: OpenRound) -> None:
    async with open_round(Setup(questions=1, minutes=5, items=(SELF,), seed=3)) as stage:
        await drill_phase(stage, Phase.FRONT)
        assert Locale("en")("tui.drill.aloud") in " ".join(words(stage).split())
        await stage.press("ctrl+l")
        await stage.settle()
        chinese = Locale("zh")("tui.drill.aloud")
        assert chinese in "".join(words(stage).split())


@pytest.mark.parametrize("to_the_end", [False, True])
async def test_home_counts_again_after_a_round(open_round: OpenRound, *, to_the_end: bool) -> None:
    async with open_round(NUMBERS) as stage:
        before = stage.app.home.today.week
        await answer(stage, right=True)
        if to_the_end:
            await stage.press("f9", "f9")
            await reported(stage)
        await stage.press("escape")
        await stage.until(lambda: isinstance(stage.app.screen, HomeScreen), "home")
        await stage.until(lambda: stage.app.home.today.week != before, "the count")


async def test_a_round_that_was_left_is_under_the_cursor_of_the_list(open_round: OpenRound) -> None:
    async with open_round() as stage:
        screen = await listed(stage)
        await stage.press("down", "enter")
        await drill_phase(stage, Phase.QUESTION, Phase.FRONT)
        await stage.press("escape")
        await stage.until(lambda: stage.app.screen is screen, "the list")
        await stage.until(lambda: screen.rows[0].kind == "resume", "to resume")
        await stage.settle()
        assert screen.row is screen.rows[0]
        await stage.press("down", "enter")
        await drill_phase(stage, Phase.QUESTION, Phase.FRONT)


@pytest.mark.parametrize("resumed", [False, True])
async def test_a_round_that_ended_is_listed_as_it_ended_at_once(
    open_round: OpenRound, *, resumed: bool
) -> None:
    async with open_round() as stage:
        screen = await listed(stage)
        await stage.press("down", "enter")
        await drill_phase(stage, Phase.QUESTION, Phase.FRONT)
        if resumed:
            await stage.press("escape")
            await stage.until(lambda: screen.rows[0].kind == "resume", "to resume")
            await stage.settle()
            await stage.press("enter")
            await drill_phase(stage, Phase.QUESTION, Phase.FRONT)
        await answer(stage, right=True)
        await stage.press("f9", "f9")
        await reported(stage)
        held = threading.Event()
        holding = asyncio.ensure_future(stage.app.desk.do(held.wait))
        try:
            await stage.press("escape")
            await stage.until(lambda: stage.app.screen is screen, "the list")
            await stage.settle()
            shown = list(screen.rows)
            assert [row.kind for row in shown if row.round] == ["earlier"]
            assert screen.row is shown[-1]
            await stage.until(
                lambda: any("▸" in row and "1 of 1" in row for row in text_of(stage.app)), "its row"
            )
        finally:
            held.set()
        await holding
        await stage.until(lambda: not screen._busy, "the list, read anew")
        assert screen.rows == shown
        await stage.press("enter")
        assert (await reported(stage))._number == 1
