"""Interface strings: both languages say the same things."""

from __future__ import annotations

import json
import re
import string
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import app.locale
from app.locale import LANGUAGES, Locale, system_language

_FOLDER = Path(app.locale.__file__).parent
_ROOMS = sorted(path.stem for path in (_FOLDER / "en").glob("*.json"))


def _strings(language: str, room: str) -> dict[str, str]:
    pairs = json.loads(
        (_FOLDER / language / f"{room}.json").read_text("utf-8"), object_pairs_hook=list
    )
    strings = dict(pairs)
    assert len(strings) == len(pairs), "a key stands twice"
    return strings


def _base(key: str) -> str:
    return key.removesuffix(".one").removesuffix(".other")


def _placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("room", _ROOMS)
def test_both_languages_have_the_same_keys_and_placeholders(room: str) -> None:
    english, chinese = (_strings(language, room) for language in LANGUAGES)
    assert {_base(key) for key in english} == {_base(key) for key in chinese}
    for key, text in chinese.items():
        twin = english.get(key) or english[f"{_base(key)}.other"]
        assert _placeholders(text) == _placeholders(twin), key


@pytest.mark.parametrize("room", _ROOMS)
def test_chinese_is_chinese_with_its_own_punctuation(room: str) -> None:
    for key, text in _strings("zh", room).items():
        assert not re.search(r"[一-鿿][,;!?]|[,;!?][一-鿿]", text), (key, text)


_RUN_TOGETHER = re.compile(r"[一-鿿](?=[A-Za-z0-9`])|[A-Za-z0-9%`](?=[一-鿿])")


@pytest.mark.parametrize("room", _ROOMS)
def test_a_space_stands_between_han_and_latin(room: str) -> None:
    for key, text in _strings("zh", room).items():
        written = re.sub(r"\d+月(\d+日)?", "", re.sub(r"`[^`]*`", "", text))
        assert not _RUN_TOGETHER.search(written), (key, text)


@pytest.mark.parametrize(
    ("template", "values", "filled"),
    [
        ("已撤销对{item}的作答", {"item": "2 个条目"}, "已撤销对 2 个条目的作答"),
        ("已撤销对{item}的作答", {"item": "卷积 Conv2d"}, "已撤销对卷积 Conv2d 的作答"),
        ("已撤销对{item}的作答", {"item": "卷积"}, "已撤销对卷积的作答"),
        ("{n:,} 项，占{part}", {"n": 1234, "part": "5%"}, "1,234 项，占 5%"),
        ("找不到{file}。", {"file": "数据/a文件.txt"}, "找不到数据/a文件.txt。"),
        ("{month}{day}日", {"month": "11月", "day": 2}, "11月2日"),
        ("{{{n}}}项", {"n": 1}, "{1}项"),
    ],
)
def test_what_is_filled_in_is_set_apart(
    template: str, values: dict[str, object], filled: str
) -> None:
    assert app.locale._set_in_han(template, values) == filled


@given(st.text(), st.text(), st.text())
def test_only_spaces_are_added(left: str, value: str, right: str) -> None:
    template = f"{left}\0{right}".replace("{", "").replace("}", "").replace("\0", "{value}")
    assume(template.count("{value}") == 1)
    found = app.locale._set_in_han(template, {"value": value})
    assert value in found
    assert found.replace(" ", "") == template.format(value=value).replace(" ", "")


@pytest.mark.parametrize(
    ("seconds", "english", "chinese"),
    [
        (0, "<1 min", "<1 分钟"),
        (59, "<1 min", "<1 分钟"),
        (60, "1 min", "1 分钟"),
        (600, "10 min", "10 分钟"),
        (5400, "2 h", "2 小时"),
        (86_400, "1 d", "1 天"),
        (15 * 86_400, "15 d", "15 天"),
        (2.4 * 2_629_800, "2.4 mo", "2.4 个月"),
        (31_557_600, "1 y", "1 年"),
    ],
)
def test_intervals(seconds: float, english: str, chinese: str) -> None:
    assert Locale("en").interval(seconds) == english
    assert Locale("zh").interval(seconds) == chinese


@given(st.floats(0, 1e10))
def test_every_interval_can_be_said(seconds: float) -> None:
    assert Locale("en").interval(seconds)


def test_plurals() -> None:
    assert Locale("en")("cli.is-card", item="x")
    with pytest.raises(KeyError):
        Locale("en")("cli.no-such-key")


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LC_ALL": "en_US.UTF-8", "LANG": "zh_CN.UTF-8"}, "en"),
        ({}, "en"),
    ],
)
def test_the_system_decides_the_first_language(environment: dict[str, str], language: str) -> None:
    assert system_language(environment) == language


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_key_of_a_room_stands_in_two_of_its_files(language: str) -> None:
    seen: dict[str, str] = {}
    for file in _ROOMS:
        room = file.partition("_")[0]
        for key in _strings(language, file):
            assert seen.setdefault(f"{room}.{key}", file) == file, key
            assert Locale(language).has(f"{room}.{key}")
