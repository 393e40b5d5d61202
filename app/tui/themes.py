"""The three ways Gradus is coloured: dark, light, and the terminal's own colours.

Promise: one accent colour; every name that `styles/gradus.tcss` or a text uses is given by each
theme. Must not decide which theme is on.
"""

from __future__ import annotations

from textual.theme import Theme

_DARK = {
    "muted": "#8d939e",
    "faint": "#4a505b",
    "mistake": "#dfa06e",
    "code": "#c9d4e3",
    "code-keyword": "#b4a0d8",
    "code-number": "#d8b67a",
    "code-string": "#9dbd88",
    "code-comment": "#717885",
    "code-operator": "#97a1b0",
    "math": "#d9dce1",
    "figure": "#7fb8c9",
    "bar": "#4d7682",
}
_LIGHT = {
    "muted": "#6b6f76",
    "faint": "#c9c6bd",
    "mistake": "#9a4f16",
    "code": "#2f3b4c",
    "code-keyword": "#6a4a9c",
    "code-number": "#8a5a00",
    "code-string": "#40702c",
    "code-comment": "#85888d",
    "code-operator": "#55606e",
    "math": "#26282c",
    "figure": "#13647c",
    "bar": "#84b0bc",
}
_TERMINAL = {
    "muted": "ansi_default 60%",
    "faint": "ansi_default 40%",
    "mistake": "ansi_yellow",
    "code": "ansi_default",
    "code-keyword": "ansi_magenta",
    "code-number": "ansi_yellow",
    "code-string": "ansi_green",
    "code-comment": "ansi_default 60%",
    "code-operator": "ansi_default",
    "math": "ansi_default",
    "figure": "ansi_cyan",
    "bar": "ansi_cyan",
}

DARK = Theme(
    name="dark",
    dark=True,
    primary="#7fb8c9",
    accent="#7fb8c9",
    success="#8fbf7f",
    warning="#d9bb6c",
    error="#db8484",
    foreground="#d9dce1",
    background="#15171c",
    surface="#1b1e24",
    panel="#21252c",
    variables={
        **_DARK,
        "cursor-line": "#232a32",
        "block-cursor-background": "#2b3a42",
        "block-cursor-foreground": "#e6e9ed",
        "input-cursor-background": "#7fb8c9",
        "input-cursor-foreground": "#15171c",
        "scrollbar": "#343a44",
        "scrollbar-hover": "#4a505b",
        "scrollbar-background": "#15171c",
    },
)
LIGHT = Theme(
    name="light",
    dark=False,
    primary="#13647c",
    accent="#13647c",
    success="#2f6f2b",
    warning="#7d5f00",
    error="#a93232",
    foreground="#26282c",
    background="#faf8f3",
    surface="#f3f0e9",
    panel="#ebe8e0",
    variables={
        **_LIGHT,
        "cursor-line": "#ebe9e1",
        "block-cursor-background": "#d5e3e6",
        "block-cursor-foreground": "#1c1e21",
        "input-cursor-background": "#13647c",
        "input-cursor-foreground": "#faf8f3",
        "scrollbar": "#cfccc3",
        "scrollbar-hover": "#b5b2a8",
        "scrollbar-background": "#faf8f3",
    },
)
TERMINAL = Theme(
    name="terminal",
    ansi=True,
    primary="ansi_cyan",
    accent="ansi_cyan",
    success="ansi_green",
    warning="ansi_yellow",
    error="ansi_red",
    foreground="ansi_default",
    background="ansi_default",
    surface="ansi_default",
    panel="ansi_default",
    boost="ansi_default",
    variables={
        **_TERMINAL,
        "ansi-background": "ansi_black",
        "ansi-foreground": "ansi_white",
        "input-cursor-text-style": "reverse",
        "cursor-line": "ansi_default",
        "block-cursor-background": "ansi_cyan",
        "block-cursor-foreground": "ansi_black",
    },
)

THEMES = (DARK, LIGHT, TERMINAL)


def cursor_style(name: str) -> str:
    """The style of the line under the cursor; reversed where there may be no colour at all."""
    if name == TERMINAL.name:
        return "reverse"
    return "$block-cursor-foreground on $block-cursor-background"


def following(name: str) -> str:
    """The theme that `t` switches to: dark and light change places."""
    return LIGHT.name if name == DARK.name else DARK.name
