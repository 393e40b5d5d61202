"""What a verdict says where the author said nothing, and how a truth is written out.

Promise: every code and generic mistake has words in English and Chinese; a reason for an answer
that cannot be read says how to type it. Must not judge.
"""

from __future__ import annotations

import math

from engine.choosing import LETTERS
from engine.closeness import plain
from engine.messages import describe
from engine.programs import PROGRAM_KINDS
from engine.truth import Choice, Truth, Verdict, VerdictKind
from engine.values import Value

_WORDS: dict[str, dict[str, str]] = {
    # cannot be read
    "empty": {
        "en": "Nothing was typed yet.",
        "zh": "还没有输入答案。",
    },
    "too-long": {
        "en": "That is too long to read (at most {limit}).",
        "zh": "输入太长，无法读取（最多 {limit}）。",
    },
    "grouping": {
        "en": "“{typed}” could be two different numbers. Group digits by threes (1,792) and write "
        "decimals with a point (1.79).",
        "zh": "“{typed}”有两种读法。逗号只用于三位一组（1,792），小数请用小数点（1.79）。",
    },
    "unknown-unit": {
        "en": "The unit “{unit}” is not known. Type the number alone, or with a unit such as k, M, "
        "million, MiB, GFLOPs.",
        "zh": "不认识单位“{unit}”。请只输入数字，或使用 k、M、万、亿、MiB、GFLOPs 等单位。",
    },
    "not-a-number": {
        "en": "“{typed}” cannot be read as a number. Type it like 1,792, 1.79k, 2^20 or 3*3*64+64.",
        "zh": "“{typed}”无法读成一个数。可以这样输入：1,792、1.79k、2^20 或 3*3*64+64。",
    },
    "one-number": {
        "en": "One number is asked for; “{typed}” is more than one.",
        "zh": "这里只要一个数，而“{typed}”不止一个。",
    },
    "out-of-range": {
        "en": "That number is too large to read.",
        "zh": "这个数太大，无法读取。",
    },
    "shape": {
        "en": "“{typed}” cannot be read as a shape. Type whole numbers like 64x32x32 or "
        "(1, 64, 32, 32).",
        "zh": "“{typed}”无法读成形状。请输入整数，例如 64x32x32 或 (1, 64, 32, 32)。",
    },
    "list": {
        "en": "“{typed}” cannot be read as a list of numbers. Type it like [0.1, 0.9] or "
        "[[1, 2], [3, 4]].",
        "zh": "“{typed}”无法读成一组数。可以这样输入：[0.1, 0.9] 或 [[1, 2], [3, 4]]。",
    },
    "option": {
        "en": "Choose one option: a letter from a to {last}, or its text.",
        "zh": "请选一个选项：输入 a 到 {last} 的字母，或选项原文。",
    },
    "options": {
        "en": "Choose options by letter, like a, c (a to {last}); “none” if none is right.",
        "zh": "请用字母选择，例如 a, c（a 到 {last}）；都不对就输入“无”。",
    },
    "points": {
        "en": "Type the numbers of the points you made, like 1 3 (1 to {last}); 0 for none.",
        "zh": "请输入你说到的要点编号，例如 1 3（1 到 {last}）；一个也没有就输入 0。",
    },
    "no-calculator": {
        "en": "Work it out in your head: this round takes a number, not an expression.",
        "zh": "请心算：这一轮只接受算好的数，不接受算式。",
    },
    "known-partly-not": {
        "en": "Type 1 if you knew it, 2 if partly, 3 if not.",
        "zh": "知道就输入 1，只知道一部分输入 2，不知道输入 3。",
    },
    "yes-or-no": {
        "en": "Answer yes or no.",
        "zh": "请回答“是”或“否”。",
    },
    "more-digits": {
        "en": "Too few digits to tell: a common mistake rounds to the same. Type more of them.",
        "zh": "位数不够，无法判断：有一种常见错误四舍五入后也是这个数。请多写几位。",
    },
    # close
    "close": {
        "en": "Within two per cent, but not exact.",
        "zh": "误差在百分之二以内，但不精确。",
    },
    "few-digits": {
        "en": "Rounded correctly, but too coarsely: give three significant digits.",
        "zh": "四舍五入没错，但位数太少：请写三位有效数字。",
    },
    "exact-wanted": {
        "en": "Rounded correctly, but this exercise asks for the exact number.",
        "zh": "四舍五入没错，但这道题要精确值。",
    },
    "shape-close": {
        "en": "One size is off by one; the others are right.",
        "zh": "有一维差 1，其余都对。",
    },
    "term-close": {
        "en": "Nearly: it is written “{term}”.",
        "zh": "差一点：应写作“{term}”。",
    },
    "points-ticked": {
        "en": "{ticked} of {points} points.",
        "zh": "{points} 个要点中说到了 {ticked} 个。",
    },
    # wrong, with a reason
    "unit-asked": {
        "en": "The answer is asked for in {unit}.",
        "zh": "答案的单位应为 {unit}。",
    },
    "list-shape": {
        "en": "The answer has the shape {shape}.",
        "zh": "答案的形状是 {shape}。",
    },
    "shape-axes": {
        "en": "The shape has {axes} sizes.",
        "zh": "这个形状有 {axes} 个维度。",
    },
    "several-missed": {
        "en": "Not all of them: {missed} is right as well.",
        "zh": "没有选全：{missed} 也对。",
    },
    "several-extra": {
        "en": "One too many: {extra} is not right.",
        "zh": "多选了：{extra} 不对。",
    },
    "several-both": {
        "en": "{missed} is right as well, and {extra} is not.",
        "zh": "{missed} 也对，而 {extra} 不对。",
    },
    # programs
    "formula-differs": {
        "en": "For {draw} yours gives {yours}, PyTorch has {truth}.",
        "zh": "当 {draw} 时，你的公式得 {yours}，PyTorch 实测是 {truth}。",
    },
    "formula-undefined": {
        "en": "For {draw} yours has no value; PyTorch has {truth}.",
        "zh": "当 {draw} 时，你的公式算不出值；PyTorch 实测是 {truth}。",
    },
    "formula-edge": {
        "en": "It fails just where {condition}: for {draw} yours gives {yours}, PyTorch has "
        "{truth}.",
        "zh": "只有在 {condition} 时不对：当 {draw} 时，你的公式得 {yours}，"
        "PyTorch 实测是 {truth}。",
    },
    "formula-near": {
        "en": "Within two per cent everywhere, but not exact: for {draw} yours gives {yours}, "
        "PyTorch has {truth}.",
        "zh": "误差都在百分之二以内，但不精确：当 {draw} 时，你的公式得 {yours}，PyTorch 实测是 "
        "{truth}。",
    },
    "formula-factor": {
        "en": "Yours is always {factor} times what it should be: for {draw} it gives {yours}, "
        "PyTorch has {truth}.",
        "zh": "你的公式总是应有值的 {factor} 倍：当 {draw} 时得 {yours}，PyTorch 实测是 {truth}。",
    },
    "formula-sign": {
        "en": "The size is right, the sign is not: for {draw} yours gives {yours}, PyTorch has "
        "{truth}.",
        "zh": "大小对了，符号反了：当 {draw} 时，你的公式得 {yours}，PyTorch 实测是 {truth}。",
    },
    "formula-one-more": {
        "en": "Yours is always one too many: for {draw} it gives {yours}, PyTorch has {truth}.",
        "zh": "你的公式总是多 1：当 {draw} 时得 {yours}，PyTorch 实测是 {truth}。",
    },
    "formula-one-less": {
        "en": "Yours is always one too few: for {draw} it gives {yours}, PyTorch has {truth}.",
        "zh": "你的公式总是少 1：当 {draw} 时得 {yours}，PyTorch 实测是 {truth}。",
    },
    "layer-fails": {
        "en": "It can be built, but it does not meet what was asked for:",
        "zh": "这个层能建出来，但不满足题目要求：",
    },
    "tensor-shape": {
        "en": "The shape is {yours}; it should be {truth}.",
        "zh": "形状是 {yours}，应为 {truth}。",
    },
    "tensor-dtype": {
        "en": "The values are right, in the wrong dtype: {yours} instead of {truth}.",
        "zh": "数值对了，数据类型不对：得到 {yours}，应为 {truth}。",
    },
    "tensor-nan": {
        "en": "It gives {special} where PyTorch has a number.",
        "zh": "PyTorch 得到普通的数，你的表达式却得 {special}。",
    },
    "tensor-values": {
        "en": "The shape is right, the values are not.",
        "zh": "形状对了，数值不对。",
    },
    "tensor-fails": {
        "en": "It works on other inputs, but cannot be computed on this one.",
        "zh": "别的输入都能算，这一个却算不了。",
    },
    "tensor-slopes": {
        "en": "The values are right, but not the gradient with respect to the inputs.",
        "zh": "数值对了，但对输入的梯度不对。",
    },
    # generic mistakes
    "macs-for-flops": {
        "en": "Off by a factor of two: one MAC is two FLOPs, a multiplication and an addition. "
        "The answer is asked for in {unit}.",
        "zh": "差了一倍：一次乘加（MAC）等于两次浮点运算（FLOPs），即一次乘法和一次加法。"
        "这里要的单位是 {unit}。",
    },
    "gib-for-gb": {
        "en": "Powers of 1,000 and of 1,024 were mixed: a GiB has 1,024³ bytes, a GB 1,000³. "
        "The answer is asked for in {unit}.",
        "zh": "混淆了 1,000 与 1,024 进位：1 GiB 是 1,024³ 字节，1 GB 是 1,000³ 字节。"
        "这里要的单位是 {unit}。",
    },
    "unit": {
        "en": "The digits fit another unit; the answer is asked for in {unit}.",
        "zh": "数字对应的是另一个单位，这里要的单位是 {unit}。",
    },
    "unit-percent": {
        "en": "The answer is asked for in per cent: multiply yours by 100.",
        "zh": "题目问的是百分之几，请再乘以 100。",
    },
    "unit-none": {
        "en": "The digits are right, the percentage is not: 12.5% is 0.125.",
        "zh": "数字对了，百分号不对：12.5% 等于 0.125。",
    },
    "sign": {
        "en": "The size is right, the sign is not.",
        "zh": "大小对了，符号反了。",
    },
    "power-of-ten": {
        "en": "The digits are right, but the answer is off by a factor of {factor}: count the "
        "zeros again.",
        "zh": "数字对了，但差了 {factor} 倍：再数一数零的个数。",
    },
    "layout-nhwc": {
        "en": "Right sizes with the channels last. PyTorch puts them before height and width: "
        "N, C, H, W.",
        "zh": "尺寸对了，但把通道放到了最后。PyTorch 的顺序是 N、C、H、W，通道在高和宽之前。",
    },
    "batch-missing": {
        "en": "The batch size in front is missing.",
        "zh": "最前面缺少批大小这一维。",
    },
    "batch-extra": {
        "en": "There is a batch size in front that was not asked for.",
        "zh": "最前面多了批大小这一维。",
    },
    "height-width-swapped": {
        "en": "Height and width are swapped: height comes first.",
        "zh": "高和宽弄反了：高在前。",
    },
    "axes-permuted": {
        "en": "The right sizes in another order.",
        "zh": "各维大小都对，但顺序不对。",
    },
}


def describe_verdict(verdict: Verdict, language: str) -> str:
    """One or two sentences, or an empty string where the verdict speaks for itself."""
    if verdict.kind is VerdictKind.UNREADABLE and verdict.failure is not None:
        return describe(verdict.failure, language)
    code = verdict.code or (verdict.mistake if verdict.generic else "") or ""
    details = dict(verdict.details)
    if code == "unit":
        asked = details.get("unit")
        code = "unit-none" if not asked else "unit-percent" if asked in ("percent", "%") else code
    forms = _WORDS.get(code)
    if forms is None:
        return ""
    return forms.get(language, forms["en"]).format(**details)


def canonical(truth: Truth, language: str) -> str:
    """The truth as a person would write it; `judge` finds every such form right."""
    if truth.kind == "shape":
        return _written(truth.value)
    if truth.kind == "choice":
        right = [n for n, option in enumerate(truth.options) if option.right]
        return _option(truth.options[right[0]], right[0], language) if right else ""
    if truth.kind == "several":
        return ", ".join(LETTERS[n] for n, option in enumerate(truth.options) if option.right)
    if truth.kind == "term":
        return _term(truth.accept, language)
    if truth.kind == "self":
        return ""
    if truth.kind in PROGRAM_KINDS:
        return " ".join(truth.program.split())
    unit = f" {truth.unit}" if truth.unit and truth.unit != "%" else truth.unit or ""
    value = plain(truth.value)
    return _written(value) + (unit if isinstance(value, int | float) else "")


def _written(value: Value) -> str:
    value = plain(value)
    if isinstance(value, tuple):
        whole = all(isinstance(part, int) for part in value)
        parts = [str(part) if isinstance(part, int) else _written(part) for part in value]
        if whole:
            return "(" + ", ".join(parts) + ("," if len(parts) == 1 else "") + ")"
        return "[" + ", ".join(parts) + "]"
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    if isinstance(value, int):
        return f"{value:,}"
    if not math.isfinite(value):
        return str(value)
    if value.is_integer() and abs(value) < 10**12:
        return f"{int(value):,}"
    return f"{value:.6g}"


def _option(option: Choice, at: int, language: str) -> str:
    texts = option.texts
    chosen = texts[-1 if language == "zh" else 0] if texts else ""
    return f"{LETTERS[at]}) {chosen}"


def _term(accept: tuple[str, ...], language: str) -> str:
    def fits(text: str) -> bool:
        return any("\u4e00" <= c <= "\u9fff" for c in text) == (language == "zh")

    return next((text for text in accept if fits(text)), accept[0] if accept else "")
