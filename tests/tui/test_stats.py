"""Statistics on screen: the real app, months of study written into its log."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest
from textual.command import CommandList, CommandPalette

from app.paths import Paths
from app.settings import Settings
from app.statistics.gathering import Kind, Statistics
from app.statistics.periods import Period
from app.study.clock import Clock
from app.tui.app import Gradus
from app.tui.screens.home import HomeScreen
from app.tui.screens.stats import StatsScreen, TabsView
from app.tui.today import TopicRow
from app.tui.widgets.footer import CommandFooter
from app.tui.widgets.notice import Notice, Tone
from app.tui.widgets.outline import Outline
from engine.client import EngineClient
from tests.screens.cells import text_of
from tests.screens.checks import faults
from tests.screens.history import NOW, SEED
from tests.screens.scenes import Stage
from tests.screens.stats_scenes import counted, stats_of
from tests.screens.year import live_long

OpenApp = Callable[..., AbstractAsyncContextManager[Stage]]


@pytest.fixture(scope="module")
def long_home(
    tmp_path_factory: pytest.TempPathFactory, new_home: Path, engine: EngineClient
) -> Path:
    """Two months of study."""
    home = tmp_path_factory.mktemp("long")
    shutil.copytree(new_home, home, dirs_exist_ok=True)
    for file in home.glob("progress.sqlite*"):
        file.unlink()
    live_long(home, engine, days=60)
    return home


@pytest.fixture
def open_long(tmp_path: Path, long_home: Path, engine: EngineClient) -> OpenApp:
    """Opens the app on a copy of those two months."""
    shutil.copytree(long_home, tmp_path, dirs_exist_ok=True)

    @asynccontextmanager
    async def opened(*, language: str = "en", height: int = 24) -> AsyncIterator[Stage]:
        app = Gradus(
            Paths.inside(tmp_path),
            Settings(language=language, theme="dark", device="cpu"),
            clock=Clock(NOW),
            few_colours=False,
            engine=engine,
            seed=SEED,
        )
        async with app.run_test(size=(80, height)) as pilot:
            yield Stage(app, pilot, lambda _name, _app: None)

    return opened


def shown(stage: Stage) -> str:
    return "\n".join(text_of(stage.app))


async def open_stats(stage: Stage) -> StatsScreen:
    await stage.complete_home()
    await stage.press("s")
    await counted(stage)
    return stats_of(stage)


async def test_every_picture_is_a_key_away_and_fits(open_long: OpenApp) -> None:
    async with open_long() as stage:
        screen = await open_stats(stage)
        seen = set()
        for number, kind in enumerate(Kind, 1):
            await stage.press(str(number))
            await counted(stage)
            assert screen.key[0] is kind
            title = stage.app.say(f"stats.kind.{kind}")
            text = shown(stage)
            assert f"Statistics · {title}" in text
            assert not faults(stage.app), kind
            seen.add(text)
        assert len(seen) == len(Kind)
        await stage.press("right")
        await counted(stage)
        assert screen.key[0] is Kind.CALENDAR
        await stage.press("left")
        await counted(stage)
        assert screen.key[0] is Kind.TIME
        await stage.press("escape")
        await stage.until(lambda: isinstance(stage.app.screen, HomeScreen), "home")


async def test_another_time_counts_anew_and_going_back_does_not(
    open_long: OpenApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[object, ...]] = []
    really = Statistics.gather

    def noted(self: Statistics, *key: object, **options: object) -> object:
        asked.append(key[:2])
        return really(self, *key, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(Statistics, "gather", noted)
    async with open_long() as stage:
        screen = await open_stats(stage)
        year = shown(stage)
        for _ in Period:
            await stage.press("p")
            await counted(stage)
        assert screen.period is Period.YEAR
        assert shown(stage) == year
        assert sorted(asked) == sorted((Kind.CALENDAR, period) for period in Period)
        await stage.press("4")
        await counted(stage)
        assert not screen.allows("period")  # mastery is of today


async def test_the_language_changes_in_place(open_long: OpenApp) -> None:
    async with open_long(height=40) as stage:
        await open_stats(stage)
        await stage.press("3")
        await counted(stage)
        await stage.press("L")
        await stage.settle()
        text = shown(stage)
        assert "真实保持率" in text
        assert "最近 365 天" in text
        assert not faults(stage.app)


async def test_a_click_on_a_name_shows_its_picture(open_long: OpenApp) -> None:
    async with open_long() as stage:
        screen = await open_stats(stage)
        assert await stage.pilot.click(TabsView, offset=(18, 0))
        await counted(stage)
        assert screen.key[0] is Kind.FORECAST


async def choose_topic(stage: Stage, *typed: str) -> None:
    await stage.press("f")
    await stage.until(lambda: isinstance(stage.app.screen, CommandPalette), "the topics")
    await stage.press(*typed)
    offered = stage.app.screen.query_one(CommandList)
    await stage.until(lambda: offered.option_count > 0, "topics that fit")
    await stage.pilot.pause(0.3)
    await stage.press("enter")
    await stage.until(lambda: isinstance(stage.app.screen, StatsScreen), "the statistics")
    await counted(stage)


async def test_one_topic_of_home(open_long: OpenApp) -> None:
    async with open_long() as stage:
        await stage.complete_home()
        await stage.press("down", "down")
        row = stage.app.home.query_one(Outline).selected
        assert isinstance(row, TopicRow)
        await stage.press("s")
        await counted(stage)
        screen = stats_of(stage)
        everything = screen.result
        await choose_topic(stage)
        assert screen.key[2] == row.topic
        assert screen.result is not None
        assert everything is not None
        assert screen.result.asked.topic == screen.key[2]
        await stage.press("escape")
        assert screen.result is everything
        await stage.press("escape")
        await stage.until(lambda: isinstance(stage.app.screen, HomeScreen), "home")


async def test_any_topic_is_chosen_by_a_part_of_its_title(open_long: OpenApp) -> None:
    async with open_long(language="zh") as stage:
        screen = await open_stats(stage)
        await choose_topic(stage, *"padding")
        assert screen.key[2] == "foundations:cnn.padding"
        assert screen.result is not None
        assert "填充" in shown(stage)
        await stage.press("4")
        await counted(stage)
        assert screen.result.asked.topic == "foundations:cnn.padding"
        assert "全部主题" in shown(stage).splitlines()[-1]
        assert not faults(stage.app)
        await stage.press("escape")
        await counted(stage)
        assert screen.key[2] is None
        assert screen.result.asked.topic is None


async def test_the_page_is_written(open_long: OpenApp, tmp_path: Path) -> None:
    async with open_long() as stage:
        screen = await open_stats(stage)
        await stage.press("x")
        notice = screen.query_one(Notice)
        await stage.until(lambda: notice.tone is Tone.DONE and bool(notice.words), "the page")
        page = tmp_path / "statistics" / "statistics-2026-11-20.html"
        assert str(page.name) in notice.words
        assert page.read_text(encoding="utf-8").count("<section") == len(Kind)


async def test_leaving_gives_up_what_is_being_counted(
    open_long: OpenApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The count is told to stop, and home is there at once."""
    import threading

    begun, told = threading.Event(), threading.Event()

    def slow(self: Statistics, kind: Kind, period: Period, topic: object, stop: Callable[[], bool]):  # type: ignore[no-untyped-def]
        from app.statistics.gathering import StoppedError

        begun.set()
        for _ in range(2000):
            if stop():
                told.set()
                raise StoppedError
            threading.Event().wait(0.01)
        raise AssertionError("nobody told it to stop")

    monkeypatch.setattr(Statistics, "gather", slow)
    async with open_long() as stage:
        await stage.complete_home()
        await stage.press("s")
        await stage.until(begun.is_set, "the count")
        screen = stats_of(stage)
        await stage.until(lambda: bool(screen.query_one(Notice).words), "the wait is named")
        await stage.press("escape")
        await stage.until(lambda: isinstance(stage.app.screen, HomeScreen), "home")
        await stage.until(told.is_set, "the count stops")


async def test_what_cannot_be_read_is_said_and_can_be_tried_again(
    open_long: OpenApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.progress.problems import StoreProblem

    really = Statistics.gather

    def broken(self: Statistics, *key: object, **options: object) -> object:
        raise StoreProblem("locked", {"path": "x"})

    async with open_long() as stage:
        monkeypatch.setattr(Statistics, "gather", broken)
        await stage.complete_home()
        await stage.press("s")
        screen = stats_of(stage)
        notice = screen.query_one(Notice)
        await stage.until(lambda: notice.tone is Tone.PROBLEM and bool(notice.words), "a problem")
        monkeypatch.setattr(Statistics, "gather", really)
        await stage.press("r")
        await counted(stage)
        assert not screen.allows("retry")
        assert screen.query_one(CommandFooter)


async def test_a_new_learner_is_told_what_to_do(open_app: OpenApp) -> None:
    async with open_app(language="zh") as stage:
        await open_stats(stage)
        for number in (2, 3, 8):
            await stage.press(str(number))
            await counted(stage)
            assert not faults(stage.app)
        await stage.press("1")
        await stage.settle()
        assert "这段时间没有复习" in shown(stage)
