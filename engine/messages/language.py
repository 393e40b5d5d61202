"""Messages of the language: reading, plain arithmetic, calls, and drawing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

MESSAGES: Final[Mapping[str, Mapping[str, str]]] = {
    # Reading the text.
    "empty": {
        "en": "There is no expression here.",
        "zh": "这里没有表达式。",
    },
    "too-long": {
        "en": "The expression is {size} bytes long; at most {limit} are read.",
        "zh": "表达式有 {size} 字节，最多读取 {limit} 字节。",
    },
    "too-deep": {
        "en": "The expression is nested too deeply: at most {limit} levels. Name parts with `let`.",
        "zh": "表达式嵌套太深，最多 {limit} 层。可以用 `let` 给各部分命名。",
    },
    "too-many-parts": {
        "en": "The expression has more than {limit} parts. Name parts of it with `let`.",
        "zh": "表达式超过 {limit} 个部分。可以用 `let` 给各部分命名。",
    },
    "number-too-long": {
        "en": "A number may have at most {limit} digits.",
        "zh": "一个数最多 {limit} 位。",
    },
    "name-too-long": {
        "en": "A name may have at most {limit} characters.",
        "zh": "名称最多 {limit} 个字符。",
    },
    "text-too-long": {
        "en": "A quoted text may have at most {limit} characters.",
        "zh": "引号里的文本最多 {limit} 个字符。",
    },
    "invisible-character": {
        "en": "An invisible character (U+{number}) stands here. Delete it.",
        "zh": "这里有一个不可见字符（U+{number}），请删掉。",
    },
    "odd-character": {
        "en": "The character “{character}” has no meaning here.",
        "zh": "字符“{character}”在这里没有意义。",
    },
    "odd-character-meant": {
        "en": "The character “{character}” is not part of the language. Write “{meant}” instead.",
        "zh": "不能用字符“{character}”，请写成“{meant}”。",
    },
    "odd-name": {
        "en": "The name {name} is written in unusual letters. Write {meant}.",
        "zh": "名称 {name} 用了特殊字形，请写成 {meant}。",
    },
    "text-not-closed": {
        "en": "The quotation mark is not closed.",
        "zh": "引号没有闭合。",
    },
    "text-not-argument": {
        "en": "A quoted text may only be an argument, as in `padding='same'`.",
        "zh": "引号里的文本只能作参数，例如 `padding='same'`。",
    },
    "number-then-letter": {
        "en": "`{text}` stands right behind a number. Put an operator such as `*` between them.",
        "zh": "数字后面直接跟着 `{text}`。中间要有运算符，例如 `*`。",
    },
    "bracket-not-closed": {
        "en": "The bracket {bracket} is not closed.",
        "zh": "括号 {bracket} 没有闭合。",
    },
    "bracket-not-opened": {
        "en": "The bracket {bracket} was never opened.",
        "zh": "括号 {bracket} 没有对应的左括号。",
    },
    "bad-syntax": {
        "en": "This cannot be read as one expression. Is a comma or an operator missing here?",
        "zh": "无法读成一个表达式。这里是不是少了逗号或运算符？",
    },
    # What the language leaves out.
    "no-assignment": {
        "en": "Nothing is assigned inside an expression. Compare with `==`, or name it with `let`.",
        "zh": "表达式里不能赋值。比较用 `==`，命名用 `let`。",
    },
    "no-lambda": {
        "en": "There are no lambdas here. Write the expression itself.",
        "zh": "这里不能用 lambda，请直接写表达式。",
    },
    "no-comprehension": {
        "en": "There are no comprehensions here. Write the elements out, or use a tensor function.",
        "zh": "这里不能用推导式。请逐个写出元素，或用张量函数。",
    },
    "no-formatted-text": {
        "en": "There are no f-strings here.",
        "zh": "这里不能用 f-string。",
    },
    "no-star": {
        "en": "Arguments cannot be unpacked with a star. Write them out.",
        "zh": "不能用星号展开参数，请逐个写出。",
    },
    "no-dictionary": {
        "en": "There are no dictionaries or sets here. Use a tuple.",
        "zh": "这里没有字典和集合，请用元组。",
    },
    "not-in-language": {
        "en": "This is Python, but not part of the language of expressions.",
        "zh": "这是 Python 的写法，但表达式语言里没有。",
    },
    "operator-refused": {
        "en": "There is no operator `{operator}` here. You may mean `{meant}`.",
        "zh": "这里没有运算符 `{operator}`，是不是想写 `{meant}`？",
    },
    "no-attribute": {
        "en": "`.{name}` cannot be read: a dot leads to a tensor function, `.shape` or `.T` only.",
        "zh": "不能读取 `.{name}`：点号后面只能是张量函数、`.shape` 或 `.T`。",
    },
    "attribute-of-value": {
        "en": "`.{name}` belongs to a tensor; this is {value}.",
        "zh": "`.{name}` 只用于张量，而这里是{value}。",
    },
    "no-method": {
        "en": "`.{name}(...)` is no function that can stand behind a dot.",
        "zh": "`.{name}(...)` 不能写在点号后面。",
    },
    # Names and calls.
    "unknown-name": {
        "en": "The name `{name}` is not known here.",
        "zh": "这里没有名称 `{name}`。",
    },
    "private-name": {
        "en": "`{name}`: a name may not begin with an underscore.",
        "zh": "`{name}`：名称不能以下划线开头。",
    },
    "prefix-alone": {
        "en": "`{name}` only stands in front of a name, as in `nn.Linear(2, 3)`.",
        "zh": "`{name}` 只能写在名称前面，例如 `nn.Linear(2, 3)`。",
    },
    "function-not-called": {
        "en": "`{name}` must be called, with its arguments in brackets.",
        "zh": "`{name}` 要带括号和参数来调用。",
    },
    "not-callable": {
        "en": "Only a function or a layer can be called; this is {value}.",
        "zh": "只有函数和层能被调用，而这里是{value}。",
    },
    "unexpected-argument": {
        "en": "`{function}` has no argument `{name}`.",
        "zh": "`{function}` 没有参数 `{name}`。",
    },
    "missing-argument": {
        "en": "`{function}` needs the argument `{name}`.",
        "zh": "`{function}` 缺少参数 `{name}`。",
    },
    "too-many-arguments": {
        "en": "`{function}` takes at most {limit} arguments without a name.",
        "zh": "`{function}` 最多接受 {limit} 个不带名称的参数。",
    },
    "argument-twice": {
        "en": "The argument `{name}` is given twice.",
        "zh": "参数 `{name}` 给了两次。",
    },
    "call-failed": {
        "en": "This cannot be computed from these values.",
        "zh": "用这些值无法计算。",
    },
    "bad-binding": {
        "en": "`{name}` cannot be a name: use letters, digits and underscores.",
        "zh": "`{name}` 不能作名称：请用字母、数字和下划线。",
    },
    "shadows-listed": {
        "en": "`{name}` already has a meaning in the language. Choose another name.",
        "zh": "`{name}` 在语言里已有含义，请换一个名称。",
    },
    "bound-twice": {
        "en": "`{name}` is already the name of something else. Choose another name.",
        "zh": "`{name}` 已经用过了，请换一个名称。",
    },
    "too-many-names": {
        "en": "There are more than {limit} names.",
        "zh": "名称超过 {limit} 个。",
    },
    # Calculating.
    "cannot-calculate": {
        "en": "`{operator}` is not defined between {left} and {right}.",
        "zh": "{left}与{right}之间不能用 `{operator}` 运算。",
    },
    "cannot-negate": {
        "en": "`{operator}` needs a number or a tensor; this is {operand}.",
        "zh": "`{operator}` 后面要是数或张量，而这里是{operand}。",
    },
    "cannot-compare": {
        "en": "{left} and {right} cannot be compared with `{operator}`.",
        "zh": "{left}与{right}不能用 `{operator}` 比较。",
    },
    "not-a-condition": {
        "en": "A condition must be True, False or a number; this is {value}.",
        "zh": "条件必须是 True、False 或数，而这里是{value}。",
    },
    "not-plain": {
        "en": "This must be a number, a tuple or a text; it is {value}.",
        "zh": "这里应是数、元组或文本，得到的却是{value}。",
    },
    "division-by-zero": {
        "en": "This divides by zero.",
        "zh": "除数为零。",
    },
    "not-real": {
        "en": "The result is no real number: a negative number has no such power.",
        "zh": "结果不是实数：负数没有这样的幂。",
    },
    "not-finite": {
        "en": "`{function}` needs a finite number; this is {value}.",
        "zh": "`{function}` 需要有限的数，而这里是 {value}。",
    },
    "number-expected": {
        "en": "`{function}` needs a number; this is {got}.",
        "zh": "`{function}` 需要数，而这里是{got}。",
    },
    "tuple-expected": {
        "en": "`{function}` needs a tuple such as `(1, 2, 3)`; this is {got}.",
        "zh": "`{function}` 需要元组，例如 `(1, 2, 3)`，而这里是{got}。",
    },
    "nothing-given": {
        "en": "`{function}` needs at least one number.",
        "zh": "`{function}` 至少需要一个数。",
    },
    "bad-digits": {
        "en": "The digits to round to must be a whole number from -{limit} to {limit}.",
        "zh": "保留的位数必须是 -{limit} 到 {limit} 之间的整数。",
    },
    "cannot-index": {
        "en": "Only a tuple, a shape, a tensor or a model can be indexed; this is {value}.",
        "zh": "只有元组、形状、张量和模型能用下标，而这里是{value}。",
    },
    "tuple-index-out-of-range": {
        "en": "There is no element {index}: there are {length}, counted from 0.",
        "zh": "没有下标为 {index} 的元素：共 {length} 个，从 0 数起。",
    },
    "bad-index": {
        "en": "An index must be a whole number or a slice such as `1:3`.",
        "zh": "下标必须是整数，或 `1:3` 这样的切片。",
    },
    "list-as-index": {
        "en": "A list cannot be an index. Write a single number or a slice.",
        "zh": "列表不能作下标，请写一个整数或切片。",
    },
    # Limits while evaluating.
    "integer-too-large": {
        "en": "A whole number here has more than {bits} bits.",
        "zh": "这里的整数超过 {bits} 位（二进制）。",
    },
    "number-too-large": {
        "en": "A number here is too large to be represented.",
        "zh": "这里的数太大，无法表示。",
    },
    "sequence-too-long": {
        "en": "A tuple may have at most {limit} elements, inner ones counted.",
        "zh": "元组最多 {limit} 个元素（内层也计入）。",
    },
    "sequence-too-deep": {
        "en": "Tuples may be nested at most {limit} levels deep.",
        "zh": "元组最多嵌套 {limit} 层。",
    },
    "out-of-time": {
        "en": "The time for this was up, and it was stopped.",
        "zh": "时间已到，计算已停止。",
    },
    # Showing and drawing.
    "filled-too-long": {
        "en": "With its bindings written out the expression would be too long to show.",
        "zh": "把各绑定代入后，表达式太长，无法显示。",
    },
    "bad-span": {
        "en": "`{name}`: a range needs numbers, a step above zero, and an end not below its start.",
        "zh": "`{name}`：范围要用数，步长大于零，终点不小于起点。",
    },
    "nothing-to-draw": {
        "en": "`{name}` has no values to draw from.",
        "zh": "`{name}` 没有可抽取的值。",
    },
    "draw-too-slow": {
        "en": "Drawing took longer than {seconds} seconds. Make the condition `where` simpler.",
        "zh": "抽取超过 {seconds} 秒。请简化 `where` 条件。",
    },
    "where-never-holds": {
        "en": "In {attempts} attempts no draw met the condition `where`.",
        "zh": "抽取 {attempts} 次，没有一次满足 `where` 条件。",
    },
}
