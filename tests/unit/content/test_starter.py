"""The pack to begin from: sound in any choice of its languages, an example of every kind."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import get_args

import pytest

from content.checks import check
from content.compiled import PackLibrary
from content.loader import load
from content.pack import Kind, texts_by_language
from content.prepare import Prepared, draw_item, item_texts, job_for, kind_of
from content.starter import files, offered
from content.text import plain
from engine.client import EngineClient
from engine.protocol import Job, Measured, Outcome
from engine.truth import VerdictKind
from engine.verdict import judge


def written(folder: Path, *languages: str, comments: str = "en") -> Path:
    """The starter in a folder."""
    folder.mkdir()
    for name, text in files("my-pack", languages, comments).items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize("languages", [("en", "zh"), ("en",), ("zh", "fr", "en")])
def test_it_passes_the_check_as_it_is(
    languages: tuple[str, ...], tmp_path: Path, engine: EngineClient
) -> None:
    def measure(jobs: Sequence[Job]) -> Iterator[Outcome]:
        for future in engine.submit_many(jobs):
            yield future.result()

    checked = check(written(tmp_path / "pack", *languages), measure, draws=6)
    assert checked.diagnostics == ()
    assert checked.pack == "my-pack"


def test_every_kind_has_one_example(tmp_path: Path) -> None:
    pack = load(written(tmp_path / "pack", "en", "zh")).pack
    assert pack is not None
    kinds = [kind_of(item) for topic in pack.topics for item in topic.items()]
    assert sorted(kinds) == sorted(("card", *get_args(Kind)))


def test_with_one_language_every_text_is_a_plain_string(tmp_path: Path) -> None:
    loaded = load(written(tmp_path / "pack", "fr"))
    assert loaded.diagnostics == ()
    assert loaded.pack is not None
    for topic in loaded.pack.topics:
        for item in topic.items():
            for _, text, _ in item_texts(item):
                assert isinstance(text, str)


def test_every_language_asked_for_and_no_other(tmp_path: Path) -> None:
    pack = load(written(tmp_path / "pack", "zh", "fr")).pack
    assert pack is not None
    assert pack.manifest.languages == ("zh", "fr")
    for topic in pack.topics:
        for item in topic.items():
            for _, text, _ in item_texts(item):
                assert list(texts_by_language(text)) == ["zh", "fr"]


@pytest.mark.parametrize("languages", [("en",), ("fr", "zh"), ("en", "zh", "fr")])
def test_every_file_and_every_item_is_commented(languages: tuple[str, ...]) -> None:
    for comments, sign in (("en", "prove"), ("zh", "检验")):
        for name, text in files("my-pack", languages, comments).items():
            lines = [line.strip() for line in text.splitlines()]
            said = [line for line in lines if line.startswith("#")]
            assert not any(re.match(r"#[a-z]", line) for line in said)
            assert len(said) >= 5, name
            if name == "pack.yaml":
                assert sign in text
            if name != "pack.yaml":
                items = [n for n, line in enumerate(lines) if line.startswith("- id:")]
                named = [n for n in items if lines[n - 1].startswith("#")]
                assert len(named) >= 1


def test_a_language_it_is_not_written_in_is_refused() -> None:
    assert offered() == ("en", "fr", "zh")
    with pytest.raises(ValueError, match="de"):
        files("my-pack", ("en", "de"))
    with pytest.raises(ValueError):
        files("my-pack", ())


@pytest.mark.parametrize("languages", [("fr",), ("en", "zh", "fr")])
def test_a_third_language_is_shown_and_answered(
    languages: tuple[str, ...], tmp_path: Path, engine: EngineClient
) -> None:
    with PackLibrary((written(tmp_path / "pack", *languages),), None) as library:
        items = {entry.name: library.item(entry.name) for entry in library.scan()}

    def prepared(name: str) -> Prepared:
        topic, item = items[f"my-pack:{name}"]
        drawn = draw_item(name, item, 3)
        job = job_for(item, 3, drawn, device="cpu")
        outcome = engine.measure(job)
        assert isinstance(outcome, Measured)
        return Prepared(name, topic.title, item, 3, drawn, job, outcome)

    card = prepared("conv.size/why-padding")
    assert "laissent 18 pixels" in plain(card.back("fr"), "fr").replace("\n", " ")
    term = prepared("conv.ideas/receptive-field")
    assert judge(term.truth, "champ récepteur").kind is VerdictKind.RIGHT
    size = prepared("conv.size/output-side")
    assert "Combien de pixels" in plain(size.question("fr"), "fr")
    why = plain(size.why("padding-once", "fr"), "fr")
    assert "des deux côtés" in why
    shown = plain(card.back("en"), "en")
    assert ("So that" in shown) == ("en" in languages)
