"""Every failure is told in every language, with the mend, and nothing of it acts on a terminal."""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import engine
from engine.expression import Refused, evaluate_scalar
from engine.messages import MESSAGES, SECTIONS, WORDS, caret, describe
from engine.protocol import Failure, FailureKind

LANGUAGES = {"en", "zh"}
ROOT = Path(engine.__file__).parent
RAISING = {"refused", "over_limit", "limited", "Refused", "Failure"}
CODE = re.compile(r"[a-z]+(-[a-z]+)*")


def codes_in_source() -> Iterator[tuple[str, str]]:
    """(code, file) of every literal message code given to a refusal or a failure."""
    for path in sorted(ROOT.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else None
            name = node.func.id if isinstance(node.func, ast.Name) else name
            if name not in RAISING:
                continue
            place = 1 if name in ("Refused", "Failure") else 0
            arguments = [*node.args[place : place + 1]]
            arguments += [named.value for named in node.keywords if named.arg == "code"]
            for argument in arguments:
                for part in ast.walk(argument):
                    if isinstance(part, ast.Constant) and isinstance(part.value, str):
                        yield part.value, path.name


def failure_of(source: str) -> Failure:
    with pytest.raises(Refused) as caught:
        evaluate_scalar(source, {"宽": 1})
    return caught.value.failure()


def test_every_code_in_the_source_has_a_message() -> None:
    found = list(codes_in_source())
    assert len(found) > 60
    missing = {(code, file) for code, file in found if code not in MESSAGES}
    assert not missing


def test_no_two_sections_hold_the_same_code() -> None:
    assert len(MESSAGES) == sum(len(section.MESSAGES) for section in SECTIONS)


@pytest.mark.parametrize("code", sorted({**MESSAGES, **{f"@{word}": 0 for word in WORDS}}))
def test_every_message_exists_in_every_language(code: str) -> None:
    texts = WORDS[code[1:]] if code.startswith("@") else MESSAGES[code]
    assert code.startswith("@") or CODE.fullmatch(code)
    assert set(texts) == LANGUAGES
    fields = [
        {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
        for text in texts.values()
    ]
    assert fields[0] == fields[1]
    assert all(name.isidentifier() for name in fields[0])
    assert all(text == text.strip() and text.isprintable() for text in texts.values())


@pytest.mark.parametrize("code", sorted(MESSAGES))
def test_messages_are_sentences(code: str) -> None:
    assert MESSAGES[code]["en"].endswith((".", "?"))
    assert MESSAGES[code]["zh"].endswith(("。", "？"))
    assert len(MESSAGES[code]["en"]) < 180


def test_a_message_names_the_mend() -> None:
    failure = failure_of("1 + cel(3)")
    assert describe(failure) == "The name `cel` is not known here. Did you mean `ceil`?"
    assert describe(failure, "zh") == "这里没有名称 `cel`。是不是想写 `ceil`？"
    assert describe(failure, "fr") == describe(failure)


def test_words_for_kinds_are_translated() -> None:
    failure = failure_of("1 + (2,)")
    assert describe(failure) == "`+` is not defined between a number and a tuple."
    assert describe(failure, "zh") == "数与元组之间不能用 `+` 运算。"


@pytest.mark.parametrize("kind", FailureKind)
def test_an_unknown_code_is_told_by_its_kind(kind: FailureKind) -> None:
    texts = {describe(Failure(kind, "of-a-later-version"), code) for code in LANGUAGES}
    assert len(texts) == 2


def test_missing_details_leave_a_gap_and_no_error() -> None:
    assert "``" in describe(Failure(FailureKind.EXPRESSION, "unknown-name"))


@pytest.mark.parametrize(
    ("source", "shown", "place"),
    [
        ("1 + cel(3)", "1 + cel(3)", 4),
        ("宽 * 宽 + cel(3)", "宽 * 宽 + cel(3)", 10),
        ("1 +\n  cel(3) + 2", "  cel(3) + 2", 2),
        ("1 +\tcel(3)", "1 + cel(3)", 4),
    ],
)
def test_the_caret_stands_under_the_column(source: str, shown: str, place: int) -> None:
    first, second, message = caret(failure_of(source)).splitlines()
    assert first == shown
    assert second == " " * place + "^"
    assert message.startswith("The name `cel`")


def test_a_long_line_is_cut_around_the_caret() -> None:
    for before, behind in ((40, 0), (0, 40), (40, 30), (5, 5)):
        failure = failure_of("宽 + " * before + "cel(3)" + " + 宽" * behind)
        line, mark, _ = caret(failure, cells=60).splitlines()
        cells = sum(1 if c.isascii() or c == "…" else 2 for c in line)
        assert cells <= 60
        start, used = 0, 0
        while used < mark.index("^"):
            used += 1 if line[start].isascii() or line[start] == "…" else 2
            start += 1
        assert line[start:].startswith("cel(3)")


def test_without_a_place_there_is_no_caret() -> None:
    assert caret(failure_of("")).splitlines() == ["", "There is no expression here."]
    crash = Failure(FailureKind.CRASH, "of-a-later-version")
    assert caret(crash) == "The engine failed."


@given(st.text(max_size=40), st.text(max_size=20), st.integers(1, 50))
def test_nothing_reaches_the_terminal_as_a_control_character(
    source: str, detail: str, column: int
) -> None:
    failure = Failure(
        FailureKind.EXPRESSION, "unknown-name", (("name", detail), ("nearest", detail)), source,
        column,
    )  # fmt: skip
    for code in LANGUAGES:
        assert describe(failure, code).isprintable()
        assert caret(failure, code).replace("\n", "").isprintable()


def test_a_detail_is_never_read_as_a_template() -> None:
    failure = Failure(FailureKind.EXPRESSION, "unknown-name", (("name", "{name.__class__}{0}"),))
    assert "{name.__class__}{0}" in describe(failure)


def test_large_numbers_in_messages_are_grouped() -> None:
    failure = Failure(FailureKind.LIMIT, "worker-timeout", (("seconds", "1000000000000"),))
    assert "1,000,000,000,000" in describe(failure)


@pytest.mark.parametrize(
    ("got", "called", "combined"),
    [
        ("@layer", "而这里是层。", "张量不能与层运算。"),
        ("@none", "而这里是 None。", "张量不能与 None 运算。"),
        ("3", "而这里是 3。", "张量不能与 3 运算。"),
        ("\ue000层\ue001", "而这里是\ufffd层\ufffd。", "张量不能与 \ufffd层\ufffd 运算。"),
    ],
)
def test_chinese_sets_a_space_beside_latin_words_only(got: str, called: str, combined: str) -> None:
    for code, told in (("not-callable", called), ("operand", combined)):
        failure = Failure(FailureKind.EXPRESSION, code, (("value", got),))
        assert describe(failure, "zh").endswith(told)
