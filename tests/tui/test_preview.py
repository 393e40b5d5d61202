"""The preview of a pack: any item, any draw, every mistake, anew with each save."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest
from textual.command import CommandPalette

from app.locale import Locale
from app.paths import Paths
from app.previewing import Previewed, slips
from app.settings import Settings
from app.tui.previewing import PreviewApp
from app.tui.screens.preview import PreviewScreen
from content.starter import files
from engine.client import EngineClient
from tests.conftest import Connections
from tests.screens.cells import text_of
from tests.screens.scenes import Stage

Open = Callable[..., AbstractAsyncContextManager[Stage]]


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """The starter, as `pack new` writes it."""
    folder = tmp_path / "pack"
    folder.mkdir()
    for name, text in files("my-pack", ("en", "zh")).items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def opened(tmp_path: Path, pack: Path, engine: EngineClient) -> Open:
    """Opens the preview."""

    @asynccontextmanager
    async def run(*, language: str = "en", width: int = 80, rows: int = 60) -> AsyncIterator[Stage]:
        settings = Settings(language=language, theme="dark", device="cpu")
        app = PreviewApp(
            Paths.inside(tmp_path / "home"), settings, few_colours=False, engine=engine
        )
        app.preview = pack
        async with app.run_test(size=(width, rows)) as pilot:
            stage = Stage(app, pilot, lambda _name, _app: None)
            await ready(stage)
            yield stage

    return run


def screen_of(stage: Stage) -> PreviewScreen:
    screen = stage.app.screen
    assert isinstance(screen, PreviewScreen)
    return screen


def page(stage: Stage) -> str:
    """The screen's words, line ends and columns' gaps as one space."""
    return " ".join(" ".join(text_of(stage.app)).split())


async def ready(stage: Stage) -> None:
    """Wait until the item asked for stands there."""

    def there() -> bool:
        found = screen_of(stage).prepared
        screen = screen_of(stage)
        return found is not None and (found.name, found.seed) == (screen.item, screen.seed)

    await stage.until(there, "the item")
    await stage.settle()


async def go_to(stage: Stage, name: str) -> None:
    while screen_of(stage).item != name:
        await stage.press("n")
    await ready(stage)


async def test_a_card_stands_there_with_its_answer_and_nothing_is_written(
    opened: Open, tmp_path: Path
) -> None:
    async with opened() as stage:
        assert "Why does a convolution layer pad its input?" in page(stage)
        assert "18 of 28" in page(stage)
        await stage.until(lambda: "Nothing to mend here." in page(stage), "the check")
        await stage.press("n", "d", "m")
        await ready(stage)
    home = tmp_path / "home"
    assert [path.name for path in home.rglob("*") if path.suffix in (".db", ".sqlite3")] == []


async def test_left_before_the_pack_is_read(
    tmp_path: Path, pack: Path, connections: Connections, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on, begun = threading.Event(), threading.Event()
    take = Previewed._take

    def held(previewed: Previewed) -> None:
        begun.set()
        go_on.wait(60)
        take(previewed)

    monkeypatch.setattr(Previewed, "_take", held)
    app = PreviewApp(Paths.inside(tmp_path / "home"), Settings(device="cpu"), few_colours=False)
    app.preview = pack
    async with app.run_test() as pilot:
        stage = Stage(app, pilot, lambda _name, _app: None)
        await stage.until(begun.is_set, "reading")
    assert connections.left()
    go_on.set()
    async with asyncio.timeout(60):
        while connections.left():
            await asyncio.sleep(0.01)


async def test_items_draws_and_mistakes_are_flicked_through(opened: Open) -> None:
    async with opened() as stage:
        await go_to(stage, "my-pack:conv.size/output-side")
        first = screen_of(stage).prepared
        assert first is not None
        assert "padding-once" in page(stage)
        assert "Padding stands on both sides" in page(stage)
        await stage.press("m")
        await stage.settle()
        assert "stride-ignored" in page(stage)
        await stage.press("d")
        await ready(stage)
        second = screen_of(stage).prepared
        assert second is not None
        assert second.draw != first.draw
        await stage.press("D")
        await ready(stage)
        assert screen_of(stage).prepared == first or screen_of(stage).seed == 0
        await stage.press("p")
        await ready(stage)
        assert screen_of(stage).item == "my-pack:conv.size/why-padding"


async def test_every_kind_is_shown(opened: Open) -> None:
    async with opened(language="zh", rows=80) as stage:
        seen = set()
        pack = screen_of(stage).pack
        assert pack is not None
        for name in pack.names:
            await go_to(stage, name)
            prepared = screen_of(stage).prepared
            assert prepared is not None
            assert prepared.failures == ()
            seen.add(getattr(prepared.item, "kind", "card"))
            assert name.partition(":")[2] in page(stage)
        assert len(seen) == 10


async def test_languages_stand_side_by_side_where_there_is_room(opened: Open) -> None:
    async with opened(width=160) as stage:
        assert "Why does a convolution layer pad its input?" in page(stage)
        assert "卷积层为什么要在输入四周填充？" in page(stage)
        await stage.until(lambda: "Nothing to mend here." in page(stage), "the check")
    async with opened(width=80) as stage:
        assert "卷积层" not in page(stage)
        await stage.press("g")
        await stage.settle()
        assert "卷积层为什么要在输入四周填充？" in page(stage)
        await stage.press("L")
        await stage.settle()
        assert Locale("zh")("tui.command.preview-next") in page(stage)


async def test_a_save_shows_at_once(opened: Open, pack: Path) -> None:
    topic = pack / "size.yaml"
    async with opened() as stage:
        await go_to(stage, "my-pack:conv.size/output-side")
        text = topic.read_text(encoding="utf-8")
        topic.write_text(text.replace("How many pixels does one side", "How wide is"), "utf-8")
        await stage.until(lambda: "How wide is" in page(stage), "the new text")
        assert screen_of(stage).item == "my-pack:conv.size/output-side"


async def test_a_broken_file_keeps_its_items_and_says_what_is_wrong(
    opened: Open, pack: Path
) -> None:
    topic = pack / "size.yaml"
    async with opened() as stage:
        await go_to(stage, "my-pack:conv.size/output-side")
        text = topic.read_text(encoding="utf-8")
        topic.write_text(text.replace("  - id: output-side", "  - id: output: side"), "utf-8")
        await stage.until(lambda: "G004 size.yaml" in page(stage), "the diagnostic")
        assert "How many pixels does one side" in page(stage)
        topic.write_text(text, encoding="utf-8")
        await stage.until(lambda: "Nothing to mend here." in page(stage), "all is well")


async def test_an_item_is_proved_where_it_stands(opened: Open, pack: Path) -> None:
    topic = pack / "size.yaml"
    text = topic.read_text(encoding="utf-8")
    topic.write_text(text.replace("/ s) + 1\n", "/ s) + 2\n", 1), encoding="utf-8")
    async with opened() as stage:
        await go_to(stage, "my-pack:conv.size/output-side")
        await stage.press("c")
        await stage.until(lambda: "G602" in page(stage), "the proof")


async def test_a_pack_without_items_says_so(tmp_path: Path, engine: EngineClient) -> None:
    app = PreviewApp(
        Paths.inside(tmp_path), Settings(theme="dark"), few_colours=False, engine=engine
    )
    app.preview = tmp_path
    async with app.run_test() as pilot:
        stage = Stage(app, pilot, lambda _name, _app: None)
        await stage.until(lambda: "No item can be shown yet." in page(stage), "the words")
        await stage.until(lambda: "This folder has no pack.yaml" in page(stage), "what is wrong")
        await stage.press("n", "d", "m", "g", "c", "question_mark", "escape")
        assert isinstance(app.screen, PreviewScreen)


async def test_a_formula_that_differs_or_cannot_be_computed_is_never_called_sound(
    opened: Open, pack: Path
) -> None:
    topic = pack / "size.yaml"
    text = topic.read_text(encoding="utf-8")
    async with opened() as stage:
        await go_to(stage, "my-pack:conv.size/output-side")
        topic.write_text(text.replace("/ s) + 1\n", "/ s) + 2\n", 1), encoding="utf-8")
        await stage.until(lambda: "≠" in page(stage), "the other formula")
        await stage.until(lambda: "does not give what was measured" in page(stage), "the words")
        assert "Nothing to mend here." not in page(stage)
        topic.write_text(text.replace("/ s) + 1\n", "/ ss) + 1\n", 1), encoding="utf-8")
        await stage.until(lambda: "G504" in page(stage), "the diagnostic")
        assert "None" not in page(stage)
        assert "✓" not in page(stage)


async def test_problems_of_other_items_are_told(opened: Open, pack: Path) -> None:
    topic = pack / "size.yaml"
    text = topic.read_text(encoding="utf-8")
    async with opened() as stage:
        await stage.until(lambda: "Nothing to mend here." in page(stage), "the check")
        await stage.press("n", "p")
        topic.write_text(text.replace("What shape has", "What 77 has"), encoding="utf-8")
        await stage.until(lambda: "the first G403 at size.yaml:" in page(stage), "the note")


async def test_each_column_speaks_its_language_and_keeps_its_width(opened: Open) -> None:
    async with opened(width=100) as stage:
        await go_to(stage, "my-pack:conv.size/output-shape")
        rows = list(text_of(stage.app))
        assert "channels-kept · answers" in page(stage)
        assert "channels-kept · 会答" in page(stage)
        (measured,) = [row for row in rows if "measured" in row]
        assert "✓" in measured[:48]
        assert measured[48:51] == "   "


async def test_an_item_is_chosen_by_a_part_of_its_name(opened: Open) -> None:
    async with opened() as stage:
        await stage.press("slash")
        await stage.until(lambda: isinstance(stage.app.screen, CommandPalette), "the field")
        await stage.press(*"output-sh")
        await stage.until(lambda: "conv.size/output-shape" in page(stage), "the item's name")
        assert "conv.size/output-side" not in page(stage)
        await stage.press("enter", "enter")
        await stage.until(lambda: isinstance(stage.app.screen, PreviewScreen), "the preview")
        await ready(stage)
        assert screen_of(stage).item == "my-pack:conv.size/output-shape"


async def test_a_save_leads_to_the_item_that_was_changed(opened: Open, pack: Path) -> None:
    topic = pack / "size.yaml"
    text = topic.read_text(encoding="utf-8")
    async with opened() as stage:
        first = screen_of(stage).item
        assert Locale("en")("tui.command.preview-changed") not in footer(stage)
        topic.write_text(text.replace("How many pixels does one side", "How wide is"), "utf-8")
        await stage.until(lambda: "How wide is" in page(stage), "the item that was changed")
        assert screen_of(stage).item == "my-pack:conv.size/output-side"
        await go_to(stage, first)
        topic.write_text(text.replace("How many pixels does one side", "How broad is"), "utf-8")
        await stage.until(
            lambda: Locale("en")("tui.command.preview-changed") in footer(stage), "the offer"
        )
        assert screen_of(stage).item == first
        await stage.press("e")
        await stage.until(lambda: "How broad is" in page(stage), "the item that was changed")


async def test_the_key_for_languages_is_offered_where_one_is_shown(opened: Open) -> None:
    label = Locale("en")("tui.command.preview-language")
    async with opened(width=160) as stage:
        assert label not in footer(stage)
    async with opened(width=80) as stage:
        assert "next_language" in {one.action for one in screen_of(stage).available()}


async def test_options_carry_the_letters_that_learners_see(opened: Open) -> None:
    async with opened(rows=80) as stage:
        pack = screen_of(stage).pack
        assert pack is not None
        for name in pack.names:
            await go_to(stage, name)
            prepared = screen_of(stage).prepared
            assert prepared is not None
            if getattr(prepared.item, "kind", "") == "choice":
                break
        rows = [row.strip() for row in text_of(stage.app)]
        assert any(row.startswith("✓ ") and row[2:3] in "abcd" for row in rows)
        slip = next(one for one in slips(prepared) if one.option is not None)
        assert any(row.startswith(f"· {slip.gives} ") for row in rows)
        assert f"{slip.gives}) " in page(stage)


async def test_what_a_broken_file_held_before_is_marked_as_old(opened: Open, pack: Path) -> None:
    topic = pack / "size.yaml"
    text = topic.read_text(encoding="utf-8")
    words = Locale("en")("tui.preview.old")
    async with opened() as stage:
        await go_to(stage, "my-pack:conv.size/output-side")
        assert words not in page(stage)
        topic.write_text(text.replace("  - id: output-side", "  - id: output: side"), "utf-8")
        await stage.until(lambda: words in page(stage), "the mark")
        topic.write_text(text, encoding="utf-8")
        await stage.until(lambda: words not in page(stage), "no mark")


def footer(stage: Stage) -> str:
    """What the last line offers."""
    return list(text_of(stage.app))[-1]
