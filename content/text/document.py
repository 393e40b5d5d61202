"""A readable text as plain data: blocks of styled spans, ready for any surface.

Promise: a document holds no control character and no markup; what it says is what is shown.
Must not know how wide a surface is.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from engine.values import Picture


@dataclass(frozen=True, slots=True)
class Span:
    """A run of text in one style.

    Styles: plain, strong, emphasis, code, math, figure, link; in code blocks also code.keyword,
    code.number, code.name, code.string, code.comment, code.operator; in pictures also axis, heat,
    mark, wrong and series.1 to series.6.
    """

    text: str
    style: str = "plain"


Spans = tuple[Span, ...]
Align = Literal["left", "right", "centre"]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text. A newline inside a span is a line break the author asked for."""

    spans: Spans


@dataclass(frozen=True, slots=True)
class Heading:
    """A title inside a text; `level` from 1."""

    spans: Spans
    level: int = 1


@dataclass(frozen=True, slots=True)
class Code:
    """Highlighted code, one tuple of spans per line, never wrapped."""

    lines: tuple[Spans, ...]
    language: str = ""


@dataclass(frozen=True, slots=True)
class Diagram:
    """Lines kept exactly as they stand: a drawing (style "plain") or a formula (style "math").

    `told` says the same in words: the author's sentence for a drawing, a tall formula on one line.
    """

    lines: tuple[str, ...]
    style: str = "plain"
    told: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """A list; every item is blocks. `start` numbers the first item of an ordered one."""

    items: tuple[tuple[Block, ...], ...]
    ordered: bool = False
    start: int = 1


@dataclass(frozen=True, slots=True)
class Table:
    """A table of spans; rows are as long as the header."""

    header: tuple[Spans, ...]
    rows: tuple[tuple[Spans, ...], ...]
    align: tuple[Align, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Quote:
    """Blocks set apart as someone else's words."""

    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture of measured values, drawn by the surface at its own width."""

    picture: Picture


Block = Paragraph | Heading | Code | Diagram | Drawing | Listing | Table | Quote
Document = tuple[Block, ...]


class TextError(Exception):
    """A text that cannot be read as meant.

    `code` is stable kebab-case, `position` counts characters of the text from 0, `details` fill
    the message's placeholders.
    """

    def __init__(self, code: str, position: int, **details: str) -> None:
        self.code = code
        self.position = position
        self.details = details
        super().__init__(f"{code} at {position}")

    def message(self, language: str = "en") -> str:
        """One sentence in that language: what is wrong and how to mend it."""
        forms = _MESSAGES[self.code]
        return forms.get(language, forms["en"]).format(**self.details)


_MESSAGES = {
    "figure-open": {
        "en": "This {{{{ has no closing }}}}. Write \\{{{{ for two literal braces.",
        "zh": "这个 {{{{ 没有对应的 }}}}。如果要写两个花括号本身，请写 \\{{{{。",
    },
    "figure-empty": {
        "en": "There is no expression between {{{{ and }}}}.",
        "zh": "{{{{ 与 }}}} 之间没有表达式。",
    },
    "figure-format": {
        "en": "Unknown format “{format}”. Known are: fixed N, sig N, percent N, unit NAME, words.",
        "zh": "未知的格式“{format}”。可用的有：fixed N、sig N、percent N、unit 单位、words。",
    },
    "figure-in-math": {
        "en": "A figure cannot stand inside $...$. Put it beside the formula, or write {{ {{ }} }} "
        "with spaces if LaTeX groups are meant.",
        "zh": "$...$ 里不能放测量值。请把它放到公式旁边；"
        "若要写 LaTeX 的分组，请写成带空格的 {{ {{ }} }}。",
    },
    "math-open": {
        "en": "This $$ has no closing $$.",
        "zh": "这个 $$ 没有对应的 $$。",
    },
    "math-unknown": {
        "en": "Unknown LaTeX command {command}.",
        "zh": "未知的 LaTeX 命令 {command}。",
    },
    "math-missing": {
        "en": "This formula lacks {sign}.",
        "zh": "这个公式缺少 {sign}。",
    },
    "math-unexpected": {
        "en": "Nothing in this formula goes with {sign}.",
        "zh": "这个公式里的 {sign} 没有与之配对的内容。",
    },
    "math-ends": {
        "en": "This formula ends where an argument is missing.",
        "zh": "这个公式不完整，末尾缺少参数。",
    },
    "math-long": {
        "en": "This formula is longer than {limit} characters.",
        "zh": "这个公式超过 {limit} 个字符。",
    },
    "math-deep": {
        "en": "This formula is nested too deeply.",
        "zh": "这个公式嵌套太深。",
    },
    "code-open": {
        "en": "This code block has no closing fence.",
        "zh": "这个代码块没有结束标记。",
    },
    "too-long": {
        "en": "This text is longer than {limit} characters.",
        "zh": "这段文字超过 {limit} 个字符。",
    },
}
