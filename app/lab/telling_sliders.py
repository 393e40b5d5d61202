"""What a slider says of a value it does not move to by itself.

Promise: names the value, what became of it and the values there are; empty where there is nothing
to say. Must not move anything.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.values import text_value

if TYPE_CHECKING:
    from app.lab.sliders import Slider
    from app.locale import Locale

_MOST = 12
"""Choices that are all named."""


def range_words(slider: Slider, say: Locale) -> str:
    """`1, 3, 5`, or `1 to 11, every 2`."""
    comma = "、" if say.language == "zh" else ", "
    if not slider.choices:
        low, high, step = map(text_value, (slider.low, slider.high, slider.step))
        return say("lab.slider.range", low=low, high=high, step=step)
    told = [text_value(choice) for choice in slider.choices]
    if len(told) > _MOST:
        told = [*told[: _MOST - 2], "…", told[-1]]
    return comma.join(told)


def outside_words(slider: Slider, say: Locale, *, drawn: bool) -> str:
    """That its value is measured though it is none of those; `drawn`: an exercise draws them."""
    if slider.allowed:
        return ""
    value, among = text_value(slider.value), range_words(slider, say)
    key = "drawn" if drawn else "own"
    return say(f"lab.slider.outside-{key}", name=slider.name, value=value, range=among)


def ignored_words(slider: Slider, typed: str, say: Locale) -> str:
    """That what was typed is no value of it, and stays without effect."""
    return say(
        "lab.slider.ignored",
        name=slider.name,
        typed=typed,
        value=text_value(slider.value),
        range=range_words(slider, say),
    )
