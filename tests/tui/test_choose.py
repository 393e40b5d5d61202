"""Study what, a goal, a backlog spread, in the real app."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import date, timedelta

from textual.widgets import Input

from app.progress.events import MemoryRow
from app.settings import load
from app.study.choice import Choice
from app.study.recent import recent
from app.tui.screens.choose import ChooseScreen
from app.tui.screens.home import HomeScreen
from app.tui.screens.ready import ReadyScreen
from app.tui.screens.study import StudyScreen
from app.tui.screens.summary import SummaryScreen
from app.tui.widgets.ahead_lines import AheadView
from app.tui.widgets.choosing import FiltersView, OutlookView
from app.tui.widgets.notice import Notice
from app.tui.widgets.topic_tree import TopicTree
from tests.screens.choose_scenes import counted, planned
from tests.screens.history import NOW
from tests.screens.scenes import Stage

OpenApp = Callable[..., AbstractAsyncContextManager[Stage]]
TODAY = NOW.date().toordinal()


def text(widget: object) -> str:
    return "\n".join(row.plain for row in widget.lines(76))  # type: ignore[attr-defined]


def choosing(stage: Stage) -> ChooseScreen:
    screen = stage.app.screen
    assert isinstance(screen, ChooseScreen), screen
    return screen


async def opened(stage: Stage) -> ChooseScreen:
    await stage.complete_home()
    await stage.press("c")
    await counted(stage)
    return choosing(stage)


async def met(stage: Stage, rows: int, *, due: int = 0, lapses: int = 0) -> list[int]:
    """So many items met long ago, due in so many days; their keys."""
    study = await stage.app.desk.study()

    def write() -> list[int]:
        with study.store.transaction():
            found = [one.item for one in study.store.memories.fresh(rows)]
            for item in found:
                row = MemoryRow(
                    2, 0, 9.0, 5.0, None, TODAY + due, TODAY - 60, TODAY - 12, 0, 3, lapses
                )
                study.store.memories.put(item, row)
        return found

    return await stage.app.desk.do(write)


async def test_what_is_chosen_is_counted_and_begun(open_app: OpenApp) -> None:
    async with open_app() as stage:
        screen = await opened(stage)
        assert screen.brought is not None
        assert screen.brought.new == 60
        await stage.press("down", "down", "space", "y", "n")
        await counted(stage)
        tree = screen.query_one(TopicTree)
        assert tree.selected is not None
        assert screen.wanted == Choice(
            topics=frozenset({tree.selected.word}), kinds=frozenset({"card"}), limit=10
        )
        assert screen.brought is not None
        assert "ends after 10" in text(screen.query_one(OutlookView))
        wanted = screen.wanted
        await stage.press("enter")
        await stage.until(lambda: isinstance(stage.app.screen, StudyScreen), "the session")
        await stage.until(lambda: stage.study.shown is not None, "an item")
        assert stage.study.shown is not None
        assert stage.study.shown.kind == "card"
        assert stage.study.shown.total == 10
        await stage.leave()
        assert recent(stage.app.paths.choices) == [wanted]
        # It is offered first the next time, topics and all.
        await stage.press("c")
        await counted(stage)
        await stage.press("1")
        await counted(stage)
        assert choosing(stage).wanted == wanted
        await stage.press("backspace")
        assert choosing(stage).wanted == Choice()


async def test_ticking_a_chapter_and_then_a_topic_of_it(open_app: OpenApp) -> None:
    async with open_app() as stage:
        screen = await opened(stage)
        tree = screen.query_one(TopicTree)
        await stage.press("space")
        assert tree.selected is not None
        chapter = tree.selected
        assert screen.wanted.topics == {chapter.word}
        await stage.press("right", "down", "space")
        assert tree.selected.word in chapter.topics
        assert screen.wanted.topics == set(chapter.topics) - {tree.selected.word}
        await stage.press("up")
        assert "– ▾" in text(tree)
        await stage.press("left", "space")
        assert screen.wanted.topics == {chapter.word}
        await stage.press("space")
        assert screen.wanted.topics == frozenset()


async def test_a_ticked_chapter_brings_no_topic_of_another(open_app: OpenApp) -> None:
    async with open_app() as stage:
        screen = await opened(stage)
        assert screen.offered is not None
        tree = screen.query_one(TopicTree)
        for number, chapter in enumerate(screen.offered.overview.chapters):
            tree.tick_words(())
            tree.move_to(number)
            assert tree.selected is not None
            assert tree.selected.word == chapter.id
            tree.tick()
            tree.tick_words(tree.words())
            marked = [row for row in text(tree).splitlines() if row.startswith(("✓", "–"))]
            assert len(marked) == 1, chapter.id


async def test_prerequisites_of_the_topic_under_the_cursor(open_app: OpenApp) -> None:
    async with open_app(language="zh") as stage:
        screen = await opened(stage)
        assert screen.offered is not None
        tree = screen.query_one(TopicTree)
        await stage.press("right", "down")
        for _ in range(12):
            assert tree.selected is not None
            needs = screen.offered.needs.get(tree.selected.word, ())
            shown = text(screen.query_one(OutlookView))
            assert ("前置主题：" in shown) == bool(needs)
            if needs:
                assert shown.count("%") == len(needs)
                return
            await stage.press("down")
        raise AssertionError


async def test_practice_is_told_on_the_page_and_in_the_summary(open_app: OpenApp) -> None:
    async with open_app() as stage:
        await stage.complete_home()
        await met(stage, 3, due=40, lapses=1)
        await stage.press("c")
        await counted(stage)
        await stage.press("w", "y")
        await counted(stage)
        screen = choosing(stage)
        assert screen.brought is not None
        practice = screen.brought.practice
        assert practice
        assert f"{practice} for practice" in text(screen.query_one(OutlookView))
        await stage.press("enter")
        for _ in range(practice):
            await stage.until(
                lambda: (
                    isinstance(stage.app.screen, StudyScreen)
                    and stage.study.shown is not None
                    and stage.study.phase == "front"
                ),
                "a card",
            )
            assert stage.study.shown is not None
            assert stage.study.shown.resting
            assert "practice" in text(stage.study.query_one("#header"))
            before = stage.study.shown
            await stage.press("enter")
            assert "nothing is rescheduled" in text(stage.study.query_one("#ratings"))
            await stage.press("3")
            await stage.moved_on(before)
        await stage.until(lambda: isinstance(stage.app.screen, SummaryScreen), "the summary")
        assert "practice, not scheduled" in text(stage.app.screen.query_one("#text"))


async def test_nothing_to_study_is_said_instead_of_begun(open_app: OpenApp) -> None:
    async with open_app() as stage:
        screen = await opened(stage)
        await stage.press("m")
        await counted(stage)
        await stage.press("enter")
        assert isinstance(stage.app.screen, ChooseScreen)
        assert "Nothing fits" in screen.query_one(Notice).words


async def test_filters_by_mouse_and_in_either_language(open_app: OpenApp) -> None:
    async with open_app() as stage:
        screen = await opened(stage)
        filters = screen.query_one(FiltersView)
        await stage.pilot.click(filters, offset=(4, 3))
        assert screen.choice.beyond
        await stage.pilot.click(filters, offset=(filters.size.width // 2 + 4, 0))
        assert screen.choice.kinds == {"card"}
        assert "beyond today's limits" in text(filters)
        await stage.press("L")
        assert "不受今天的数量限制" in text(filters)
        tree = screen.query_one(TopicTree)
        await stage.pilot.click(tree, offset=(10, 4))
        assert tree.cursor == 2
        await stage.pilot.click(tree, offset=(10, 4))
        assert screen.wanted.topics


async def test_a_goal_is_planned_kept_shown_at_home_and_given_up(open_app: OpenApp) -> None:
    async with open_app() as stage:
        await opened(stage)
        await stage.press("down", "down", "space", "d")
        await planned(stage)
        screen = stage.app.screen
        assert isinstance(screen, ReadyScreen)
        await stage.press("tab")
        await stage.type("interview")
        await planned(stage)
        await stage.press("pagedown")
        await planned(stage)
        goal = screen.goal
        assert goal is not None
        assert goal.day == TODAY + 28
        await stage.press("enter")
        await stage.until(lambda: isinstance(stage.app.screen, ChooseScreen), "the choice")
        await stage.press("escape")
        await stage.until(lambda: isinstance(stage.app.screen, HomeScreen), "home")
        view = stage.app.home.query_one(AheadView)
        await stage.until(lambda: view.ahead.plan is not None, "the goal")
        assert "(interview)" in text(view)
        kept, problems = load(stage.app.paths.settings)
        assert problems == ()
        assert kept.goal_date == str(NOW.date() + timedelta(28))
        study = await stage.app.desk.study()
        assert study.limits.goal == goal
        await stage.press("c")
        await counted(stage)
        await stage.press("d")
        await planned(stage)
        await stage.press("f8")
        await stage.press("escape")
        await stage.until(lambda: view.ahead.plan is None, "no goal")
        assert text(view) == ""


async def test_a_date_that_is_none_and_one_that_comes_too_soon(open_app: OpenApp) -> None:
    async with open_app() as stage:
        await opened(stage)
        await stage.press("d")
        await planned(stage)
        screen = stage.app.screen
        assert isinstance(screen, ReadyScreen)
        await stage.press(*["backspace"] * 12, "9")
        assert "A date like" in text(screen.query_one("#plan"))
        await stage.press("enter")
        assert isinstance(stage.app.screen, ReadyScreen)
        field = screen.query_one("#ready-date", Input)
        field.value = str(date.fromordinal(TODAY))
        await stage.settle()
        assert "not to come" in text(screen.query_one("#plan"))
        field.value = str(date.fromordinal(TODAY + 3))
        await planned(stage)
        assert "Not everything fits" in text(screen.query_one("#plan"))
        assert screen.plan is not None
        needed = screen.plan.needed.new_per_day
        await stage.press("f2")
        await stage.until(
            lambda: screen.plan is not None and not screen.plan.limited.unmet, "all to be met"
        )
        assert stage.app.settings.new_per_day == needed


async def test_a_backlog_is_offered_to_be_spread_and_is(open_app: OpenApp) -> None:
    async with open_app() as stage:
        await stage.complete_home()
        await met(stage, 200)
        stage.app.refresh_home()
        view = stage.app.home.query_one(AheadView)
        await stage.until(lambda: view.spreads, "the offer")
        backlog = view.ahead.backlog
        assert backlog is not None
        assert f"over {backlog.days} days" in text(view)
        await stage.press("b")
        await stage.until(lambda: stage.app.home.today.due < backlog.waiting, "less to do")
        assert stage.app.home.today.due == -(-backlog.waiting // backlog.days)
        await stage.until(lambda: not view.spreads, "no offer any more")
        assert load(stage.app.paths.settings)[0].spread_days == backlog.days


async def test_a_goal_is_planned_with_the_backlog_spread(open_app: OpenApp) -> None:
    async with open_app(spread_days=10, spread_from=str(NOW.date())) as stage:
        await stage.complete_home()
        await met(stage, 200)
        stage.app.refresh_home()
        await stage.until(lambda: stage.app.home.today.due > 0, "reviews")
        due = stage.app.home.today.due
        await opened(stage)
        await stage.press("d")
        await planned(stage)
        screen = stage.app.screen
        assert isinstance(screen, ReadyScreen)
        assert screen.plan is not None
        assert screen.plan.limited.loads[0].reviews == due
        assert "The backlog is spread until" in text(screen.query_one("#plan"))
        await stage.press("ctrl+l")
        assert "积压会分摊到" in text(screen.query_one("#plan"))


async def test_the_limit_of_reviews_is_raised_where_it_is_what_stops(open_app: OpenApp) -> None:
    async with open_app(reviews_per_day=12) as stage:
        await stage.complete_home()
        await met(stage, 200)
        await opened(stage)
        await stage.press("d")
        await planned(stage)
        screen = stage.app.screen
        assert isinstance(screen, ReadyScreen)
        screen.query_one("#ready-date", Input).value = str(date.fromordinal(TODAY + 30))
        await planned(stage)
        assert screen.plan is not None
        assert not screen.plan.limited.unmet
        needed = screen.plan.reviews_needed
        told = " ".join(text(screen.query_one("#plan")).split())
        assert f"{needed:,} reviews a day would leave none" in told
        await stage.press("f2")
        await stage.until(lambda: screen.plan is not None and screen.plan.fits, "all fits")
        assert (stage.app.settings.reviews_per_day, stage.app.settings.new_per_day) == (needed, 60)
        assert screen.query_one(Notice).words == f"Reviews a day: {needed}"
        assert not screen.allows("raise_limit")
