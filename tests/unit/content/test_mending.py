"""Mechanical mends: each slip alone, comments and layout kept, nothing made worse."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from content.checks import check
from content.mending import mended, write

DATA = Path(__file__).parents[2] / "data" / "packs"
CARD = """\
topic: cnn.params
title: {en: Parameters, zh: 参数量}  # a comment
cards:
  - id: sharing
    # another comment
    front: {en: Why so few weights?, zh: 权重为什么这么少？}
    back:
      en: One kernel serves every position.
      zh: 一个卷积核用于所有位置。
    level: 1
"""


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    shutil.copytree(DATA / "sound", tmp_path / "pack")
    manifest = tmp_path / "pack" / "pack.yaml"
    text = manifest.read_text(encoding="utf-8")
    manifest.write_text(text[: text.index("mistakes:")], encoding="utf-8")
    (tmp_path / "pack" / "topic.yaml").write_text(CARD, encoding="utf-8")
    assert check(tmp_path / "pack", None).diagnostics == ()
    return tmp_path / "pack"


@pytest.mark.parametrize(
    ("sound", "slip"),
    [
        ("    level: 1", "\t\tlevel: 1"),
        ("    level: 1", "  \tlevel: 1"),
        ("title: {en", "title：{en"),
        ("    back:\n", "    back：\n"),
        ("    level: 1", "    leve: 1"),
        ("    level: 1", "    level: 1   "),
        ("    back:\n", "    backk:\n"),
        ('      en: "One kernel: it serves all"', "      en: One kernel: it serves all"),
        ('      en: "`Conv` is small"', "      en: `Conv` is small"),
        ('      en: "{{ 1 + 1 }} kernels"', "      en: {{ 1 + 1 }} kernels"),
        ('      zh: "@ 一个卷积核"', "      zh: @ 一个卷积核"),
        ('      zh: "true"', "      zh: true"),
        ('    front: {en: "Why, oh?", zh: 为何？}', "    front: {en: Why, oh?, zh: 为何？}"),
        ('    front: {en: "Why: so?", zh: 为何？}', "    front: {en: Why: so?, zh: 为何？}"),
        ("{en: Why so few weights?, zh: 权重", "{en：Why so few weights?, zh: 权重"),
        ('      en: "One: kernel\n        serves"', "      en: One: kernel\n        serves"),
        ('      en: \'One "kernel": it\'\'s all\'', "      en: One \"kernel\": it's all"),
        ('      en: "One: kernel"  # why', "      en: One: kernel  # why"),
        ("    level: 1", "    level:1"),
        ("  - id: ", "  - id:"),
        ("      en: 'It isn''t many'", "      en: 'It isn't many'"),
        ('      en: "$\\\\hat A$ and $\\\\tilde A$"', '      en: "$\\hat A$ and $\\tilde A$"'),
    ],
)  # fmt: skip
def test_a_slip_is_mended_and_nothing_else_touched(pack: Path, sound: str, slip: str) -> None:
    topic = pack / "topic.yaml"
    if sound not in CARD:  # another text in the same place
        place = sound[: sound.index(":") + 1]
        line = next(one for one in CARD.split("\n") if one.startswith(place))
        whole = CARD.replace(line, sound)
    else:
        whole = CARD
    topic.write_text(whole.replace(sound, slip), encoding="utf-8")
    mends = mended(pack)
    assert topic.read_text(encoding="utf-8") == whole.replace(sound, slip)
    write(mends)
    assert topic.read_text(encoding="utf-8") == whole
    assert check(pack, None).errors <= 1  # `{{ 1 + 1 }}` differs between the languages
    assert mended(pack) == []


def test_names_take_their_nearest_spelling(pack: Path) -> None:
    shutil.copytree(DATA / "sound", pack, dirs_exist_ok=True)
    manifest, topic = pack / "pack.yaml", pack / "topic.yaml"
    more = "chapters:\n  - {id: a, title: {en: A, zh: 甲}, topics: [cnn.parms]}  # all\n"
    whole = manifest.read_text(encoding="utf-8")
    manifest.write_text(whole + more, encoding="utf-8")
    text = topic.read_text(encoding="utf-8")
    topic.write_text(text.replace("- id: bias-forgotten", "- id: bias-forgoten"), encoding="utf-8")
    write(mended(pack))
    assert manifest.read_text(encoding="utf-8") == whole + more.replace("parms", "params")
    assert topic.read_text(encoding="utf-8") == text
    assert check(pack, None).diagnostics == ()


@pytest.mark.parametrize(
    "slip",
    [
        "    lvl: 1",  # too far from any field
        "    level: 1\n    levl: 2",  # the nearest is taken
        "    back: [",
    ],
)
def test_what_may_mean_two_things_is_left(pack: Path, slip: str) -> None:
    topic = pack / "topic.yaml"
    topic.write_text(CARD.replace("    level: 1", slip), encoding="utf-8")
    assert mended(pack) == []


def test_blocks_of_text_keep_their_tabs_and_spaces(pack: Path) -> None:
    topic = pack / "topic.yaml"
    block = "    back:\n      en: |\n        a：b  \n        \tc: d: e\n      zh: |\n        甲  \n"
    start, end = CARD.index("    back:"), CARD.index("    level:")
    text = CARD[:start] + block + CARD[end:]
    topic.write_text(text.replace("level: 1", "level: 1  "), encoding="utf-8")
    (mend,) = mended(pack)
    assert mend.after == text
    assert mend.places == 1


def test_line_ends_and_what_cannot_be_read_stay(pack: Path) -> None:
    topic = pack / "topic.yaml"
    topic.write_bytes(CARD.replace("level: 1", "leve: 1").replace("\n", "\r\n").encode())
    (pack / "gbk.yaml").write_bytes("title: 参数量".encode("gbk"))
    (mend,) = mended(pack)
    write([mend])
    assert topic.read_bytes() == CARD.replace("\n", "\r\n").encode()
    assert [path.name for path in sorted(pack.iterdir())] == ["gbk.yaml", "pack.yaml", "topic.yaml"]


def test_nothing_at_the_path() -> None:
    assert mended(Path("nowhere")) == []
