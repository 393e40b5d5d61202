"""Editing the source of one's own items: drafts, refusals, what a broken edit leaves."""

from __future__ import annotations

from pathlib import Path

import pytest
from study_desk import cards, write_pack

from app import editing
from app.editing import NotEditableError
from app.own_words import own_words
from app.paths import Paths
from content.compiled import PackLibrary
from content.text import plain
from tests.built_in import built_in

NAME = "own:a/two"


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    write_pack(tmp_path / "packs" / "own", {"a": cards("one", "two")})
    return Paths.inside(tmp_path)


def begin(paths: Paths, name: str) -> editing.Draft:
    """The draft, begun from the packs as they are now."""
    with PackLibrary([paths.packs], None) as library:
        return editing.begin(paths, library, name)


def test_an_edit_takes_the_file_s_place_once_it_can_be_read(paths: Paths) -> None:
    draft = begin(paths, NAME)
    assert draft.line == 5
    before = draft.source.read_text()
    draft.file.write_text(before.replace("What is two?", "["))
    wrong = editing.finish(draft)
    assert wrong
    told = editing.told(wrong[0], "en")
    assert told.startswith(f"{draft.file}:")
    assert draft.source.read_text() == before
    again = begin(paths, NAME)
    assert "[" in again.file.read_text()  # what was typed is still there
    again.file.write_text(before.replace("What is two?", "What comes after one?"))
    assert editing.finish(again) == ()
    assert "What comes after one?" in draft.source.read_text()
    assert not [*draft.file.parent.iterdir()]
    assert [path.name for path in sorted(draft.source.parent.iterdir())] == ["a.yaml", "pack.yaml"]


def test_no_change_is_no_edit(paths: Paths) -> None:
    draft = begin(paths, NAME)
    assert editing.finish(draft) is None
    assert not draft.file.exists()


def test_a_file_changed_by_another_program_is_not_overwritten(paths: Paths) -> None:
    draft = begin(paths, NAME)
    draft.file.write_text(draft.file.read_text().replace("What is two?", "Two?"))
    draft.source.write_text(draft.source.read_text() + "\n")
    with pytest.raises(NotEditableError) as caught:
        editing.finish(draft)
    assert caught.value.code == "changed"
    assert "Two?" in draft.file.read_text()


def test_packs_of_others_say_why_not(paths: Paths) -> None:
    name = next(built_in().scan()).name
    with pytest.raises(NotEditableError, match="built-in"):
        editing.begin(paths, built_in(), name)
    write_pack(paths.packs / "theirs", {"a": cards("one")}).rename(paths.packs / "theirs@2")
    with pytest.raises(NotEditableError, match="installed"):
        begin(paths, "theirs:a/one")
    with pytest.raises(KeyError):
        begin(paths, "own:a/none")


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"VISUAL": "vim -f", "EDITOR": "nano"}, ["vim", "-f", "+5"]),
        ({"EDITOR": "/usr/bin/nano"}, ["/usr/bin/nano", "+5"]),
        ({"VISUAL": " ", "EDITOR": "code --wait"}, ["code", "--wait"]),
        ({}, None),
        ({"EDITOR": "'open"}, None),
    ],
)
def test_the_editor_is_the_learner_s(
    paths: Paths, environment: dict[str, str], expected: list[str] | None
) -> None:
    draft = begin(paths, NAME)
    if expected is None:
        with pytest.raises(NotEditableError, match="no-editor"):
            editing.command(draft, environment)
    else:
        assert editing.command(draft, environment) == [*expected, str(draft.file)]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("**a** {{ b }} `{{ c }}`", "a {{ b }} {{ c }}"),
        ("\x1b[31mred\x1b[0m \u202eback", "red back"),
        ("unclosed `tick and $formula", "unclosed `tick and $formula"),
    ],
)
def test_a_note_is_shown_safely_whatever_it_holds(text: str, shown: str) -> None:
    assert plain(own_words(text, "en"), "en").strip() == shown
