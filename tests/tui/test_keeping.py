"""What is done with an item besides answering it, on the real loop."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.study.views import Rating
from app.tui.app import Gradus
from app.tui.screens.choosing import Phase
from app.tui.screens.help import HelpScreen
from app.tui.screens.leech import LeechScreen
from app.tui.screens.more import MoreScreen
from app.tui.screens.needs import NeedsScreen
from app.tui.screens.study import StudyScreen
from app.tui.screens.writing import WritingScreen
from app.tui.widgets.answer import AnswerField
from app.tui.widgets.notice import Notice, Tone
from app.tui.widgets.outcome import OutcomeView
from tests.screens.cells import text_of
from tests.screens.scenes import MISTAKE, Stage
from tests.tui.conftest import OpenApp

CARDS = "foundations:cnn.weight-sharing"
PACK = """\
id: own
version: 1.0.0
title: Own
languages: [en]
"""
TOPIC = """\
topic: mine
title: Mine
cards:
  - id: first
    front: What is first?
    back: The first.
"""


def page(stage: Stage) -> str:
    return "\n".join(text_of(stage.app))


async def card(stage: Stage) -> str:
    """A card's front; its name."""
    await stage.complete_home()
    await stage.find(lambda _, kind: kind == "card", CARDS)
    assert stage.study.shown is not None
    return stage.study.shown.name


async def exercise(stage: Stage) -> None:
    await stage.complete_home()
    await stage.find(lambda name, _: name == MISTAKE, MISTAKE.partition("/")[0])


async def more(stage: Stage, key: str) -> None:
    """Open the list of everything and press a key there."""
    await stage.until(lambda: not stage.study._busy, "quiet")
    await stage.press("ctrl+o")
    await stage.until(lambda: isinstance(stage.app.screen, MoreScreen), "more")
    await stage.settle()
    await stage.press(key)
    await stage.settle()


def told(stage: Stage) -> tuple[Tone, str]:
    notice = stage.study.query_one(Notice)
    return notice.tone, notice.words


async def back_on(stage: Stage, name: str) -> None:
    await stage.until(
        lambda: (
            isinstance(stage.app.screen, StudyScreen)
            and not stage.study._busy
            and stage.study.shown is not None
            and stage.study.shown.name == name
        ),
        name,
    )


async def elsewhere(stage: Stage, name: str) -> None:
    await stage.until(
        lambda: (
            isinstance(stage.app.screen, StudyScreen)
            and not stage.study._busy
            and stage.study.shown is not None
            and stage.study.shown.name != name
        ),
        f"something else than {name}",
    )


@pytest.mark.parametrize("key", ["b", "s"])
async def test_an_item_set_aside_or_suspended_goes_and_comes_back_by_undo(
    open_app: OpenApp, key: str
) -> None:
    async with open_app() as stage:
        name = await card(stage)
        await more(stage, key)
        await elsewhere(stage, name)
        study = await stage.app.desk.study()
        standing = study.standing(name)
        assert (standing.suspended, bool(standing.buried_until)) == (key == "s", key == "b")
        assert told(stage)[0] is Tone.DONE
        await stage.press("ctrl+z")
        await back_on(stage, name)
        assert not study.standing(name).asleep(0)
        await stage.press("y")  # on a card's front letters act
        await elsewhere(stage, name)
        assert study.standing(name).asleep(stage.app.clock.today())


async def test_undo_goes_back_over_answers_and_marks_and_redo_forth(open_app: OpenApp) -> None:
    async with open_app() as stage:
        first = await card(stage)
        await stage.press("enter")
        await stage.phase(Phase.BACK)
        await more(stage, "2")
        await stage.until(lambda: stage.study.shown is not None
                          and stage.study.shown.standing.flag == 2, "flagged")  # fmt: skip
        assert stage.study.phase is Phase.BACK  # the answer stays in view
        assert "⚑2 orange" in page(stage)
        await stage.press("3")
        await elsewhere(stage, first)
        await stage.press("ctrl+z")
        await back_on(stage, first)
        await stage.until(lambda: "is undone" in page(stage), "words")
        assert first not in page(stage)  # an item is named by its topic
        assert stage.study.shown is not None
        assert stage.study.shown.standing.flag == 2
        await stage.press("ctrl+z")
        await stage.until(lambda: stage.study.shown is not None
                          and stage.study.shown.standing.flag == 0, "unflagged")  # fmt: skip
        study = await stage.app.desk.study()
        assert not study.undoable()
    async with open_app() as stage:  # and after a restart
        await card(stage)
        study = await stage.app.desk.study()
        await stage.press("ctrl+y")
        await stage.until(lambda: study.standing(first).flag == 2, "flagged again")
        await stage.until(lambda: not stage.study._busy, "quiet")
        await stage.press("ctrl+y")
        await stage.until(lambda: study.store.turning.newest()[0].kind == "review", "answered")
        await elsewhere(stage, first)
        assert not study.redoable()


async def test_a_note_is_kept_shown_with_the_answer_and_found_by_name(open_app: OpenApp) -> None:
    async with open_app() as stage:
        await exercise(stage)
        await stage.type("42")
        await more(stage, "n")
        await stage.until(lambda: isinstance(stage.app.screen, WritingScreen), "the note")
        await stage.press("u", "L", "o", "question_mark", "enter", "{", "{", "x", "}", "}")
        await stage.press("escape")
        await stage.until(
            lambda: bool(stage.study.shown and stage.study.shown.standing.note), "kept"
        )
        assert stage.study.query_one(AnswerField).value == "42"
        assert "uLo?" not in page(stage)  # not before the answer
        await stage.press("enter")
        await stage.phase(Phase.JUDGED)
        stage.study.query_one("#sheet").scroll_end(animate=False)
        await stage.settle()
        assert "Your note: uLo? {{x}}" in page(stage)
        await stage.press("L")
        await stage.settle()
        assert "你的笔记：uLo?" in page(stage)
    async with open_app() as stage:
        study = await stage.app.desk.study()
        assert study.standing(MISTAKE).note == "uLo?\n{{x}}"


async def test_more_lists_what_it_does_and_a_click_does_it(open_app: OpenApp) -> None:
    async with open_app(language="zh") as stage:
        name = await card(stage)
        await stage.press("o")
        await stage.until(lambda: isinstance(stage.app.screen, MoreScreen), "more")
        await stage.settle()
        text = page(stage)
        assert "写笔记" in text
        assert "⚑4 蓝" in text
        await stage.press("question_mark")
        await stage.settle()
        assert isinstance(stage.app.screen, HelpScreen)
        await stage.press("escape", "escape")
        await back_on(stage, name)
        await stage.press("o")
        await stage.until(lambda: isinstance(stage.app.screen, MoreScreen), "more")
        await stage.settle()
        await stage.pilot.click("#text", offset=(4, 4))
        await back_on(stage, name)
        await stage.until(
            lambda: bool(stage.study.shown and stage.study.shown.standing.flag == 3), "flag"
        )


async def test_what_a_topic_builds_on_is_one_key_from_its_answer(open_app: OpenApp) -> None:
    async with open_app() as stage:
        await exercise(stage)
        await stage.type("42")
        await stage.press("enter")
        await stage.phase(Phase.JUDGED)
        await stage.press("p")
        await stage.until(
            lambda: isinstance(stage.app.screen, NeedsScreen) and bool(stage.app.screen.needs),
            "needs",
        )
        await stage.settle()
        screen = stage.app.screen
        assert isinstance(screen, NeedsScreen)
        assert screen.needs is not None
        key = screen.needs[0].key
        assert "% known" in page(stage)
        await stage.press("enter")
        await stage.until(
            lambda: (
                isinstance(stage.app.screen, StudyScreen)
                and stage.study.shown is not None
                and stage.study.shown.name.startswith(key + "/")
            ),
            key,
        )


async def test_a_report_says_everything_and_where_it_lies(
    open_app: OpenApp, tmp_path: Path
) -> None:
    async with open_app() as stage:
        await exercise(stage)
        await stage.type("42")
        await stage.press("enter")
        await stage.phase(Phase.JUDGED)
        await more(stage, "r")
        await stage.until(lambda: isinstance(stage.app.screen, WritingScreen), "the report")
        await stage.press("t", "y", "p", "escape")
        await back_on(stage, MISTAKE)
        assert not (tmp_path / "reports").exists()
        await more(stage, "r")  # nothing of it is lost
        await stage.until(lambda: isinstance(stage.app.screen, WritingScreen), "the report")
        await stage.press("o", "ctrl+s")
        await stage.until(lambda: "reports" in told(stage)[1], "the report")
        (path,) = (tmp_path / "reports").iterdir()
        assert str(path) in told(stage)[1]
        text = path.read_text(encoding="utf-8")
        for said in (MISTAKE, "pack version: `", "draw: `{", "seed: `", "measured: `",
                     "verdict: `wrong`", "typo", "## Question", "~~~~\n42\n~~~~"):  # fmt: skip
            assert said in text, said
        shown = stage.study.shown
        assert shown is not None
        assert str(shown.prepared.seed) in text


async def test_an_item_that_keeps_slipping_says_why_and_offers_what_it_builds_on(
    open_app: OpenApp,
) -> None:
    async with open_app() as stage:
        await exercise(stage)
        study = await stage.app.desk.study()
        shown = stage.study.shown
        assert shown is not None
        key = study.store.items.key(shown.name)
        assert key is not None
        mistake = shown.prepared.truth.mistakes[0]
        await _slip(stage, key, mistake.id)
        await stage.type(str(mistake.value))
        await stage.press("enter")
        await stage.phase(Phase.JUDGED)
        await stage.press("enter")
        await stage.until(lambda: isinstance(stage.app.screen, LeechScreen), "told")
        await stage.settle()
        screen = stage.app.screen
        assert isinstance(screen, LeechScreen)
        assert screen.leech.pattern.times == 3
        assert screen.leech.weak is not None
        assert "3 times" in page(stage)
        weak = screen.leech.weak.key
        await stage.press("p")
        await stage.until(
            lambda: (
                isinstance(stage.app.screen, StudyScreen)
                and stage.study.shown is not None
                and stage.study.shown.name.startswith(weak + "/")
            ),
            weak,
        )


async def _slip(stage: Stage, item: int, mistake: str) -> None:
    """Two answers with that mistake, before."""
    from app.progress.events import Answer

    study = await stage.app.desk.study()

    def write() -> None:
        for _ in range(2):
            answer = Answer("1", "", 1, 5.0, 0, 1, "{}", "7", None, "wrong", mistake)
            study.journal.review(study.journal.new_id(), item, MISTAKE, Rating.AGAIN, answer)

    await stage.app.desk.do(write)


@contextlib.contextmanager
def suspended(_app: Gradus) -> Iterator[None]:
    """A headless terminal has nothing to hand over."""
    yield


async def test_one_s_own_item_is_edited_and_read_anew(
    open_app: OpenApp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Gradus, "suspend", suspended)
    source = tmp_path / "packs" / "own" / "mine.yaml"
    source.parent.mkdir(parents=True)
    (source.parent / "pack.yaml").write_text(PACK)
    source.write_text(TOPIC)
    editor = tmp_path / "editor.py"
    monkeypatch.setenv("VISUAL", f"{sys.executable} {editor}")

    def edits(before: str, after: str) -> None:
        editor.write_text(
            "import sys, pathlib\np = pathlib.Path(sys.argv[1])\n"
            f"p.write_text(p.read_text().replace({before!r}, {after!r}))\n"
        )

    async with open_app() as stage:
        await stage.complete_home()
        await stage.find(lambda name, _: name == "own:mine/first", "own:mine")
        edits("front: What is first?", "front: [")
        await more(stage, "e")
        await stage.until(lambda: told(stage)[0] is Tone.PROBLEM, "broken")
        assert ".yaml:" in told(stage)[1]
        assert "drafts" in told(stage)[1]
        assert source.read_text() == TOPIC
        assert "What is first?" in page(stage)
        edits("front: [", "front: What comes first?")  # the broken edit is still there
        await more(stage, "e")
        await stage.until(lambda: told(stage)[0] is Tone.DONE, "read anew")
        await stage.settle()
        assert "What comes first?" in page(stage)
        assert "What comes first?" in source.read_text()
        assert not [*(tmp_path / "drafts").iterdir()]
        edits("x", "x")
        await more(stage, "e")
        await stage.until(lambda: "Nothing was changed" in told(stage)[1], "unchanged")


async def test_what_comes_with_the_program_is_not_edited(
    open_app: OpenApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Gradus, "suspend", suspended)
    monkeypatch.setenv("VISUAL", "false")
    async with open_app() as stage:
        await card(stage)
        await more(stage, "e")
        await stage.until(lambda: "comes with Gradus" in told(stage)[1], "why not")
        assert os.environ["VISUAL"] == "false"
        assert not stage.study.query_one(OutcomeView).lines(70)
