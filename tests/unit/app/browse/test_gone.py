"""Items that no pack has any more: why, and that nothing finds them."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.browse.gone import Gone, Why, gone, gone_words
from app.browse.preview import Wanted, wanted
from app.locale import Locale
from content.compiled import PackLibrary

NAME = "extra:x.one/card"
PACK = """\
id: extra
version: 1.2.3
title: {en: Extra, zh: 附加}
languages: [en, zh]
chapters:
  - {id: all, title: {en: All, zh: 全部}, topics: [x.one]}
"""
TOPIC = """\
topic: x.one
title: {en: One, zh: 一}
cards:
  - {id: card, front: {en: "1?", zh: "1？"}, back: {en: One, zh: 一}}
"""


@pytest.fixture
def packs(tmp_path: Path) -> Path:
    folder = tmp_path / "packs" / "extra"
    folder.mkdir(parents=True)
    (folder / "pack.yaml").write_text(PACK, encoding="utf-8")
    (folder / "one.yaml").write_text(TOPIC, encoding="utf-8")
    return tmp_path / "packs"


@pytest.fixture
def library(packs: Path) -> Iterator[PackLibrary]:
    with PackLibrary((packs,), None) as found:
        yield found


def test_an_item_whose_file_went_is_gone_before_the_packs_are_read_anew(
    packs: Path, library: PackLibrary
) -> None:
    assert isinstance(wanted(library, NAME, 0), Wanted)
    (packs / "extra" / "one.yaml").unlink()
    with pytest.raises(KeyError):
        wanted(library, NAME, 0)


def test_why_it_is_gone(packs: Path, library: PackLibrary) -> None:
    (packs / "extra" / "one.yaml").write_text(TOPIC.replace("id: card", "id: other"), "utf-8")
    library.refresh()
    without = gone(library, NAME)
    assert without.why is Why.WITHOUT
    assert gone_words(without, Locale("en")).startswith("The pack Extra has it no more in its")
    assert "附加" in gone_words(without, Locale("zh"))
    assert "1.2.3" in gone_words(without, Locale("zh"))
    (packs / "extra" / "pack.yaml").write_text("id: [", "utf-8")
    library.refresh()
    broken = gone(library, NAME)
    assert broken == Gone(NAME, "extra", Why.BROKEN)
    assert "gradus pack check" in gone_words(broken, Locale("en"))
    shutil.rmtree(packs / "extra")
    library.refresh()
    removed = gone(library, NAME)
    assert removed == Gone(NAME, "extra", Why.REMOVED)
    assert "extra 已不再安装" in gone_words(removed, Locale("zh"))
