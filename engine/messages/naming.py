"""Messages on lines that give names: `k = 3`, `k = slider(3, 1, 11, 2)`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

MESSAGES: Final[Mapping[str, Mapping[str, str]]] = {
    "let-without-value": {
        "en": "After `let` comes a name and its value: `let k = 3`.",
        "zh": "`let` 后面写名称和它的值：`let k = 3`。",
    },
    "circular-binding": {
        "en": "`{name}` would depend on itself ({path}). Give the new value another name.",
        "zh": "`{name}` 会依赖它自己（{path}）。请给新的值换一个名称。",
    },
    "slider-form": {
        "en": "A slider is a value, first, last and step, or a value and a list: "
        "`k = slider(3, 1, 11, 2)`, `k = slider(3, [1, 3, 5])`.",
        "zh": "滑块写成当前值、起点、终点、步长，或当前值和一个列表："
        "`k = slider(3, 1, 11, 2)`、`k = slider(3, [1, 3, 5])`。",
    },
    "slider-needs-name": {
        "en": "A slider needs a name: `k = slider(3, 1, 11, 2)`.",
        "zh": "滑块需要一个名称：`k = slider(3, 1, 11, 2)`。",
    },
    "names-full": {
        "en": "A session holds at most {limit} names. Begin a new one.",
        "zh": "一次会话最多 {limit} 个名称。请重新开始。",
    },
}
