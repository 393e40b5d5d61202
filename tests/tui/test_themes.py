"""Colours can be read and told apart: contrast of every pair, and what the colour-blind see."""

from __future__ import annotations

from itertools import combinations

import pytest
from textual.theme import Theme

from app.settings import THEMES as CHOOSABLE
from app.tui.themes import COLOURED, DARK, LIGHT, THEMES, following
from tests.tui.colours import BLINDNESSES, apart, contrast, linear, seen

_GRAPHICS = ("bar", "figure")
_TEXTS = (
    *("muted", "mistake", "code", "code-keyword", "code-number", "code-string", "code-comment"),
    *("code-operator", "math", "figure"),
)
_ON_CURSOR = ("muted", "mistake", "block-cursor-foreground")


def texts(theme: Theme) -> dict[str, str]:
    """Every colour that words are written in."""
    found = {name: theme.variables[name] for name in _TEXTS}
    for name in ("foreground", "accent", "success", "warning", "error"):
        colour = getattr(theme, name)
        assert colour
        found[name] = colour
    return found


def by_name(theme: Theme) -> str:
    return theme.name


@pytest.mark.parametrize("theme", COLOURED, ids=by_name)
def test_every_text_can_be_read(theme: Theme) -> None:
    least = 7.0 if theme.name.startswith("contrast") else 4.5
    pairs = [
        (name, colour, paper)
        for name, colour in texts(theme).items()
        for paper in (theme.background, theme.surface)
    ]
    pairs += [(name, texts(theme)[name], theme.panel) for name in ("foreground", "accent", "muted")]
    ground = theme.variables["block-cursor-background"]
    pairs += [(name, theme.variables[name], ground) for name in _ON_CURSOR]
    pairs.append(
        (
            "input-cursor",
            theme.variables["input-cursor-foreground"],
            theme.variables["input-cursor-background"],
        )
    )
    poor = {
        f"{name} {colour} on {paper}": round(contrast(colour, str(paper)), 2)
        for name, colour, paper in pairs
        if contrast(colour, str(paper)) < least
    }
    assert poor == {}


@pytest.mark.parametrize("theme", COLOURED, ids=by_name)
def test_drawn_pictures_stand_out(theme: Theme) -> None:
    high = theme.name.startswith("contrast")
    names = (*_GRAPHICS, "faint", "scrollbar") if high else _GRAPHICS
    least = 4.5 if high else 3.0
    poor = {
        name: round(contrast(theme.variables[name], str(theme.background)), 2)
        for name in names
        if contrast(theme.variables[name], str(theme.background)) < least
    }
    assert poor == {}


@pytest.mark.parametrize("blindness", BLINDNESSES)
@pytest.mark.parametrize("theme", [t for t in COLOURED if "safe" in t.name], ids=by_name)
def test_verdicts_and_curves_are_told_apart_without_red_or_green(
    theme: Theme, blindness: str
) -> None:
    verdicts = {
        "right": theme.success,
        "close": theme.warning,
        "mistake": theme.variables["mistake"],
        "wrong": theme.error,
    }
    curves = {
        "first": theme.variables["figure"],
        "second": theme.variables["mistake"],
        "mark": theme.error,
    }
    for group in (verdicts, curves):
        for one, other in combinations(group, 2):
            far = apart(seen(str(group[one]), blindness), seen(str(group[other]), blindness))
            assert far > 25, (one, other, far)


def test_the_plain_themes_are_not_safe_and_that_is_why_there_are_others() -> None:
    assert (
        apart(seen(str(DARK.success), "deuteranopia"), seen(str(DARK.error), "deuteranopia")) < 20
    )
    assert apart(linear(str(DARK.success)), linear(str(DARK.error))) > 40


def test_measures_of_colour() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert apart(linear("#ffffff"), linear("#000000")) == pytest.approx(100, abs=0.1)


def test_every_theme_can_be_chosen_and_t_keeps_its_kind() -> None:
    assert tuple(theme.name for theme in COLOURED) == CHOOSABLE
    for theme in COLOURED:
        other = next(one for one in THEMES if one.name == following(theme.name))
        assert other.dark is not theme.dark
        assert following(other.name) == theme.name
    assert following("terminal") == DARK.name
    assert following(LIGHT.name) == DARK.name
