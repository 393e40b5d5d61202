"""Browsing in the real app: typed, found, chosen, acted on, taken back."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Sequence
from itertools import count
from pathlib import Path

import pytest

from app.browse.browser import Browser
from app.browse.building import build
from app.browse.collection import Item
from app.paths import Paths
from app.progress.problems import StoreProblem
from app.progress.search import Doc, SearchFile
from app.tui.screens.browse import BrowseScreen
from app.tui.screens.browse_item import BrowseItemScreen
from app.tui.screens.browse_looked import LookedView
from app.tui.screens.browse_typing import StatusLine
from app.tui.screens.choosing import Phase
from app.tui.screens.home import HomeScreen
from app.tui.screens.writing import WritingScreen
from app.tui.widgets.notice import Notice, Tone
from app.tui.widgets.offers import Offers
from content.compiled import PackLibrary, builtin_root
from tests.conftest import Connections
from tests.screens.scenes import Stage
from tests.tui.conftest import OpenApp


@pytest.fixture(scope="module")
def search_file(tmp_path_factory: pytest.TempPathFactory, new_home: Path) -> Path:
    """The texts of all items, read once: reading them takes longer than all tests together."""
    path = tmp_path_factory.mktemp("search") / "search.db"
    paths = Paths.inside(new_home)
    library = PackLibrary((builtin_root(), paths.packs), paths.compiled_packs)
    file = SearchFile(path)
    assert build(file, library)
    file.close()
    library.close()
    return path


@pytest.fixture(autouse=True)
def texts_read(tmp_path: Path, search_file: Path) -> None:
    """Put it where the app looks for it."""
    path = Paths.inside(tmp_path).search
    path.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(search_file, path)


def page(stage: Stage) -> BrowseScreen:
    """The browser on top."""
    screen = stage.app.screen
    assert isinstance(screen, BrowseScreen), screen
    return screen


async def browse(stage: Stage, text: str = "") -> BrowseScreen:
    """From home to what a query finds, the cursor in the query."""
    await stage.complete_home()
    await stage.press("slash")
    await stage.until(
        lambda: isinstance(stage.app.screen, BrowseScreen) and page(stage).loaded, "items"
    )
    await stage.until(lambda: page(stage).names_known, "texts")
    if text:
        await look_for(stage, text)
    return page(stage)


async def look_for(stage: Stage, text: str) -> None:
    """Put a query into the field and wait for its answer."""
    screen = page(stage)
    screen.query_one("#browse-field").value = text  # type: ignore[attr-defined]
    await stage.until(lambda: screen.answered == text, "an answer")
    await stage.settle()


def status(stage: Stage) -> str:
    """What stands under the query."""
    return "\n".join(row.plain for row in page(stage).query_one(StatusLine).lines(76))


def names(screen: BrowseScreen) -> list[str]:
    """The items in the table."""
    assert screen.browser is not None
    return [screen.browser.collection.names[place] for place in screen.table.places]


async def test_words_and_conditions_are_found_while_typing(open_app: OpenApp) -> None:
    async with open_app() as stage:
        screen = await browse(stage, "卷积")
        found = len(names(screen))
        assert found > 50
        await look_for(stage, "卷积 topic:cnn.pad -kind:card")
        assert 0 < len(names(screen)) < found
        assert all("cnn.padding" in name for name in names(screen))
        before = names(screen)
        await look_for(stage, "卷积 topc:cnn")
        assert "Column 4" in status(stage)
        assert "“topic”" in status(stage)
        assert names(screen) == before
        await stage.press("ctrl+l")
        assert "第 4 列" in status(stage)
        await look_for(stage, "nosuchword")
        assert "没有查到" in "".join(row.plain for row in screen.table.lines(76))


async def test_a_condition_is_completed(open_app: OpenApp) -> None:
    async with open_app() as stage:
        screen = await browse(stage)
        await stage.type("top")
        await stage.press("tab")
        field = screen.query_one("#browse-field")
        assert field.value == "topic:"  # type: ignore[attr-defined]
        await stage.type("cnn.padd")
        await stage.press("tab")
        assert field.value == "topic:cnn.padding"  # type: ignore[attr-defined]
        await stage.press("enter")
        assert field.value == "topic:cnn.padding "  # type: ignore[attr-defined]
        await stage.type("is")
        await stage.press("colon", "tab")
        offers = screen.query_one(Offers)
        assert offers.open
        await stage.press("down", "enter")
        assert field.value == "topic:cnn.padding is:due "  # type: ignore[attr-defined]


async def test_many_at_once_and_taken_back(open_app: OpenApp) -> None:
    async with open_app() as stage:
        screen = await browse(stage, "topic:cnn.padding")
        everything = names(screen)
        await stage.press("enter", "space", "shift+down")
        assert len(screen.table.selected) == 3
        assert "3 selected" in status(stage)
        await stage.press("s")
        await stage.until(lambda: "3 items suspended" in notice(stage), "saved")
        await look_for(stage, "topic:cnn.padding is:suspended")
        assert names(screen) == everything[:3]
        await stage.press("escape")
        await stage.until(lambda: not screen.table.selected, "nothing selected")
        await stage.press("2")
        await stage.until(lambda: "1 item flagged orange" in notice(stage), "flagged")
        await stage.press("u")
        await stage.until(lambda: "Undone: the flag" in notice(stage), "undone")
        await stage.press("u")
        await stage.until(lambda: not screen.table.places, "undone")
        await stage.press("ctrl+y")
        await stage.until(lambda: len(screen.table.places) == 3, "redone")


def notice(stage: Stage) -> str:
    """What the notice tells."""
    return page(stage).query_one(Notice).words


async def test_an_item_is_shown_and_left_again(open_app: OpenApp) -> None:
    async with open_app() as stage:
        screen = await browse(stage, "id:second-layer-parameters")
        await stage.press("enter", "enter")
        await stage.until(lambda: isinstance(stage.app.screen, BrowseItemScreen), "the item")
        item = stage.app.screen
        assert isinstance(item, BrowseItemScreen)
        await stage.until(lambda: item.allows("draw_again"), "measured")
        text = "\n".join(row.plain for row in item.lay(76))
        assert "parameters" in text
        assert "Measuring" not in text
        await stage.press("r")
        await stage.until(
            lambda: (
                item.allows("draw_again") and "\n".join(row.plain for row in item.lay(76)) != text
            ),
            "other numbers",
        )
        await stage.press("escape")
        assert stage.app.screen is screen
        await stage.press("escape")
        await stage.until(lambda: isinstance(stage.app.screen, HomeScreen), "home")
        await stage.press("slash")
        await stage.until(lambda: isinstance(stage.app.screen, BrowseScreen), "again")
        assert page(stage).text == "id:second-layer-parameters"


async def test_beside_the_table_where_there_is_room(open_app: OpenApp) -> None:
    async with open_app(width=120, height=40, language="zh") as stage:
        screen = await browse(stage, "id:second-layer-parameters")
        looked = screen.query_one("#browse-looked")
        await stage.until(
            lambda: any("conv-multi-multi" in row.plain for row in looked.lines(40)),
            "an item",  # type: ignore[attr-defined]
        )
        await stage.until(
            lambda: not any("正在测量" in row.plain for row in looked.lines(40)),
            "measured",  # type: ignore[attr-defined]
        )


async def test_sorting_and_moving(open_app: OpenApp) -> None:
    async with open_app() as stage:
        screen = await browse(stage, "topic:cnn")
        taught = names(screen)
        await stage.press("enter", "end")
        assert screen.table.cursor == len(taught) - 1
        await stage.press("home", "o")
        await stage.until(lambda: names(screen) != taught, "sorted")
        assert "by question" in status(stage)
        by_question = names(screen)
        await stage.press("O")
        await stage.until(lambda: names(screen) == by_question[::-1], "turned round")
        await stage.press("up")
        await stage.press("home", "up")
        assert screen.typing
        await stage.pilot.click("#browse-table", offset=(20, 5))
        await stage.until(lambda: screen.table.cursor == 4, "the line clicked")
        assert not screen.typing
        await stage.pilot.click("#browse-table", offset=(10, 0))
        await stage.until(lambda: names(screen) == by_question, "turned by the head")
        await stage.press("home")
        await stage.pilot.click("#browse-table", offset=(20, 5))
        await stage.until(lambda: screen.table.cursor == 4, "the line clicked")
        await stage.pilot.click("#browse-table", offset=(20, 5))
        await stage.until(lambda: isinstance(stage.app.screen, BrowseItemScreen), "the item")


async def test_what_is_found_is_studied(open_app: OpenApp) -> None:
    async with open_app() as stage:
        screen = await browse(stage, "topic:cnn.padding kind:card")
        wanted = set(names(screen))
        await stage.press("enter", "g")
        await stage.phase(Phase.FRONT)
        shown = stage.study.shown
        assert shown is not None
        assert shown.name in wanted
        assert shown.total == len(wanted)
        await stage.press("enter")
        await stage.phase(Phase.BACK)
        await stage.press("3")
        await stage.moved_on(shown)
        await stage.press("escape")
        await stage.until(lambda: stage.app.screen is screen, "the items")
        place = screen.browser.collection.place(shown.name)  # type: ignore[union-attr]
        assert place is not None
        await stage.until(
            lambda: screen.browser.item(place, "en").reviews == 1,  # type: ignore[union-attr]
            "the answer",
        )


async def test_an_earlier_query_gives_way_to_what_is_typed(open_app: OpenApp) -> None:
    async with open_app() as stage:
        await browse(stage, "卷积")
        await stage.press("escape")
        await stage.until(lambda: isinstance(stage.app.screen, HomeScreen), "home")
        screen = await browse(stage)
        assert screen.text == "卷积"
        assert names(screen)
        await stage.press("池", "化")
        await stage.until(lambda: screen.answered == "池化", "another query")
        await stage.press("escape")
        await stage.until(lambda: isinstance(stage.app.screen, HomeScreen), "home")
        screen = await browse(stage)
        await stage.press("end", "层")
        await stage.until(lambda: screen.answered == "池化层", "the query, longer")


async def test_left_before_anything_is_read(
    open_app: OpenApp, connections: Connections, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on, begun = threading.Event(), threading.Event()
    load = Browser.load

    def held(browser: Browser) -> None:
        begun.set()
        go_on.wait(60)
        load(browser)

    monkeypatch.setattr(Browser, "load", held)
    async with open_app() as stage:
        await stage.complete_home()
        await stage.press("slash")
        await stage.until(begun.is_set, "reading")
        await stage.press("escape")
        await stage.until(lambda: isinstance(stage.app.screen, HomeScreen), "home")
        assert "search.db" in {Path(name).name for name in connections.left()}
        go_on.set()
        await stage.until(
            lambda: "search.db" not in {Path(name).name for name in connections.left()},
            "the file let go",
        )


async def test_left_while_texts_are_read(
    open_app: OpenApp, tmp_path: Path, connections: Connections, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = Paths.inside(tmp_path).search
    path.unlink()
    go_on, written = threading.Event(), count()
    write = SearchFile.write

    def held(file: SearchFile, docs: Sequence[Doc], gone: Sequence[str] = ()) -> None:
        if next(written) == 1:
            go_on.wait(60)
        write(file, docs, gone)

    monkeypatch.setattr(SearchFile, "write", held)
    async with open_app() as stage:
        await stage.complete_home()
        await stage.press("slash")
        await stage.until(
            lambda: (
                isinstance(stage.app.screen, BrowseScreen)
                and (page(stage).building or (0, 0))[0] > 0
            ),
            "some texts",
        )
        assert len(page(stage).table.places) > 1000
        await look_for(stage, "nosuchword")
        table = page(stage).table
        assert "found yet" in table.lines(76)[0].plain
        await look_for(stage, "topic:")
        await stage.press("tab")
        assert "still being read" in page(stage).query_one(Notice).words
        await stage.press("escape")
        await stage.until(lambda: isinstance(stage.app.screen, HomeScreen), "home")
        go_on.set()
        await stage.press("slash")
        await stage.until(
            lambda: isinstance(stage.app.screen, BrowseScreen) and page(stage).names_known, "all"
        )
        await look_for(stage, "池化")
        assert len(names(page(stage))) > 30
    assert connections.left() == []


async def to_table(stage: Stage, query: str) -> BrowseScreen:
    """What a query finds, the cursor in the table."""
    screen = await browse(stage, query)
    await stage.press("enter")
    await stage.until(lambda: not screen.typing, "the table")
    return screen


def here(screen: BrowseScreen) -> Item:
    """The item under the cursor."""
    assert screen.browser is not None
    assert screen.table.here is not None
    return screen.browser.item(screen.table.here, "en")


async def test_items_are_set_aside_until_tomorrow_and_brought_back(open_app: OpenApp) -> None:
    async with open_app() as stage:
        screen = await to_table(stage, "topic:cnn.padding")
        first = here(screen).name
        await stage.press("b")
        await stage.until(lambda: "1 item set aside until tomorrow" in notice(stage), "set aside")
        assert here(screen).name == first
        assert here(screen).buried
        assert "set aside" in "".join(row.plain for row in screen.table.lines(76))
        # Of two, one is not yet set aside: both are afterwards.
        await stage.press("space", "space", "b")
        await stage.until(lambda: "1 item set aside" in notice(stage), "the other")
        assert all(screen.browser.collection.buried[n] for n in screen.table.selected)  # type: ignore[union-attr]
        await stage.press("b")
        await stage.until(lambda: "2 items come today again" in notice(stage), "both back")
        assert not here(screen).buried
        await stage.press("u")
        await stage.until(lambda: "Undone" in notice(stage), "undone")
        await look_for(stage, "topic:cnn.padding is:buried")
        assert len(names(screen)) == 2


async def test_items_are_made_new_again_and_taken_back(open_app: OpenApp) -> None:
    async with open_app() as stage:
        await stage.find(lambda _, kind: kind == "card", "foundations:cnn.padding")
        shown = stage.study.shown
        assert shown is not None
        await stage.press("enter")
        await stage.phase(Phase.BACK)
        await stage.press("4")
        await stage.moved_on(shown)
        await stage.leave()
        screen = await to_table(stage, f"id:{shown.name}")
        assert here(screen).reviews == 1
        before = here(screen).due
        await stage.press("x")
        await stage.until(lambda: "1 item is new again" in notice(stage), "reset")
        assert (here(screen).due, here(screen).recall, here(screen).phase) == (None, None, 0)
        assert len(screen.browser.history(shown.name)) == 1  # type: ignore[union-attr]
        await look_for(stage, f"id:{shown.name} is:new")
        assert names(screen) == [shown.name]
        await stage.press("u")
        await stage.until(lambda: "Undone" in notice(stage), "undone")
        await look_for(stage, f"id:{shown.name}")
        assert here(screen).due == before


async def test_a_note_is_written_on_the_item_under_the_cursor(open_app: OpenApp) -> None:
    async with open_app() as stage:
        screen = await to_table(stage, "topic:cnn.padding")
        await stage.press("down", "n")
        await stage.until(lambda: isinstance(stage.app.screen, WritingScreen), "a note")
        await stage.type("half the kernel")
        await stage.press("escape")
        await stage.until(lambda: "Your note is kept; u takes it back." in notice(stage), "kept")
        assert here(screen).note == "half the kernel"
        name = here(screen).name
        assert "✎" in "".join(row.plain for row in screen.table.lines(76))
        await look_for(stage, "note:kernel")
        assert names(screen) == [name]
        await stage.press("enter")
        await stage.until(lambda: isinstance(stage.app.screen, BrowseItemScreen), "the item")
        item = stage.app.screen
        assert isinstance(item, BrowseItemScreen)
        assert "half the kernel" in "\n".join(row.plain for row in item.lay(76))
        await stage.press("n")
        await stage.until(lambda: isinstance(stage.app.screen, WritingScreen), "the note")
        await stage.type(" {{")
        await stage.press("escape")
        await stage.until(lambda: item.item.note == "half the kernel {{", "changed")
        await stage.until(lambda: "kept" in item.query_one(Notice).words, "told")
        assert "half the kernel {{" in "\n".join(row.plain for row in item.lay(76))
        await stage.press("u")
        await stage.until(lambda: item.item.note == "half the kernel", "undone")
        await stage.press("n")
        await stage.until(lambda: isinstance(stage.app.screen, WritingScreen), "the note")
        await stage.press("f7", "delete", "ctrl+s")
        await stage.until(lambda: item.item.note == "", "removed")
        await stage.press("escape")
        await stage.until(lambda: screen.is_active and not screen.table.places, "no note")


async def test_a_note_that_cannot_be_saved_is_not_lost(
    open_app: OpenApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_app() as stage:
        screen = await to_table(stage, "topic:cnn.padding")
        study = await stage.app.desk.study()

        def full(_name: str, _text: str) -> None:
            raise StoreProblem("full")

        monkeypatch.setattr(study, "note", full)
        await stage.press("n")
        await stage.until(lambda: isinstance(stage.app.screen, WritingScreen), "a note")
        await stage.type("mine")
        await stage.press("escape")
        await stage.until(lambda: page(stage).query_one(Notice).tone is Tone.PROBLEM, "told")
        assert here(screen).note == ""
        monkeypatch.undo()
        await stage.press("n")
        await stage.until(lambda: isinstance(stage.app.screen, WritingScreen), "a note")
        await stage.settle()
        assert stage.app.screen.text == "mine"  # type: ignore[attr-defined]
        await stage.press("escape")
        await stage.until(lambda: here(screen).note == "mine", "kept")


async def test_an_item_whose_pack_is_removed_is_told_of(open_app: OpenApp, tmp_path: Path) -> None:
    folder = Paths.inside(tmp_path).packs / "extra"
    folder.mkdir(parents=True)
    (folder / "pack.yaml").write_text(EXTRA_PACK, encoding="utf-8")
    for name in ("one", "two"):
        (folder / f"{name}.yaml").write_text(EXTRA_TOPIC.format(name=name), encoding="utf-8")
    async with open_app() as stage:
        screen = await to_table(stage, "pack:extra")
        assert names(screen) == ["extra:x.one/card", "extra:x.two/card"]
        total = screen.browser.collection.count  # type: ignore[union-attr]
        (folder / "one.yaml").unlink()  # what another program does
        await stage.press("enter")
        await stage.until(lambda: isinstance(stage.app.screen, BrowseItemScreen), "the item")
        item = stage.app.screen
        assert isinstance(item, BrowseItemScreen)
        words = "This item is gone. The pack Extra has it no more in its version 1.2.3."
        await stage.until(lambda: words in told(item), "told")
        assert not item.allows("note")
        await stage.press("ctrl+l")
        assert "题包 Extra 的 1.2.3 版里已没有它" in told(item)
        await stage.press("ctrl+l", "escape")
        await stage.until(lambda: names(screen) == ["extra:x.two/card"], "the other one")
        assert screen.browser.collection.count == total - 1  # type: ignore[union-attr]
        shutil.rmtree(folder)
        await stage.press("enter")
        await stage.until(lambda: isinstance(stage.app.screen, BrowseItemScreen), "the item")
        gone = stage.app.screen
        words = "The pack extra is no longer installed."
        await stage.until(lambda: words in told(gone), "told")  # type: ignore[arg-type]
        await stage.press("escape")
        await stage.until(lambda: not screen.table.places, "nothing")


async def test_an_item_that_is_gone_leaves_the_table_beside_it(
    open_app: OpenApp, tmp_path: Path
) -> None:
    folder = Paths.inside(tmp_path).packs / "extra"
    folder.mkdir(parents=True)
    (folder / "pack.yaml").write_text(EXTRA_PACK, encoding="utf-8")
    for name in ("one", "two"):
        (folder / f"{name}.yaml").write_text(EXTRA_TOPIC.format(name=name), encoding="utf-8")
    async with open_app(width=120, height=40) as stage:
        screen = await to_table(stage, "pack:extra")
        looked = screen.query_one(LookedView)
        await stage.until(lambda: not looked.waiting, "an item")
        (folder / "two.yaml").unlink()
        await stage.press("down")
        await stage.until(lambda: "“What is two?” is gone. The pack Extra" in notice(stage), "told")
        await stage.until(lambda: names(screen) == ["extra:x.one/card"], "the table")
        await stage.until(
            lambda: any("x.one" in row.plain for row in looked.lines(40)) and not looked.waiting,
            "the item left",
        )


def told(item: BrowseItemScreen) -> str:
    """The page's text without its line breaks."""
    return " ".join(row.plain.strip() for row in item.lay(76))


EXTRA_PACK = """\
id: extra
version: 1.2.3
title: Extra
languages: [en]
chapters:
  - {id: all, title: All, topics: [x.one, x.two]}
"""
EXTRA_TOPIC = """\
topic: x.{name}
title: Topic {name}
cards:
  - id: card
    front: What is {name}?
    back: A number.
"""
