"""The ways Gradus is coloured: dark and light, each also with high contrast and safe for the
colour-blind, and the terminal's own colours.

Promise: one accent colour; every name that `styles/gradus.tcss` or a text uses is given by each
theme. A test holds text to a contrast of 4.5 (7 with high contrast) and the safe themes' verdicts
apart for red- and green-blind eyes. Must not decide which theme is on.
"""

from __future__ import annotations

from textual.theme import Theme


def _theme(
    name: str,
    *,
    dark: bool,
    papers: tuple[str, str, str],
    text: tuple[str, str, str],
    lines: tuple[str, str, str],
    verdicts: tuple[str, str, str, str],
    code: tuple[str, str, str, str, str, str],
    figure: str,
    cursor: tuple[str, str],
) -> Theme:
    """`papers`: page, surface, panel. `text`: plain, muted, accent. `lines`: faint, bar,
    scrollbar. `verdicts`: right, close, mistake, wrong. `code`: plain, keyword, number, string,
    comment, operator. `cursor`: its line, and the text on it."""
    page, surface, panel = papers
    plain, muted, accent = text
    faint, bar, scrollbar = lines
    right, close, mistake, wrong = verdicts
    return Theme(
        name=name,
        dark=dark,
        primary=accent,
        accent=accent,
        success=right,
        warning=close,
        error=wrong,
        foreground=plain,
        background=page,
        surface=surface,
        panel=panel,
        variables={
            "muted": muted,
            "faint": faint,
            "mistake": mistake,
            "code": code[0],
            "code-keyword": code[1],
            "code-number": code[2],
            "code-string": code[3],
            "code-comment": code[4],
            "code-operator": code[5],
            "math": plain,
            "figure": figure,
            "bar": bar,
            "cursor-line": panel,
            "block-cursor-background": cursor[0],
            "block-cursor-foreground": cursor[1],
            "input-cursor-background": accent,
            "input-cursor-foreground": page,
            "scrollbar": scrollbar,
            "scrollbar-hover": faint,
            "scrollbar-background": page,
        },
    )


DARK = _theme(
    "dark",
    dark=True,
    papers=("#15171c", "#1b1e24", "#21252c"),
    text=("#d9dce1", "#9499a4", "#7fb8c9"),
    lines=("#4a505b", "#4d7682", "#343a44"),
    verdicts=("#8fbf7f", "#d9bb6c", "#dfa06e", "#db8484"),
    code=("#c9d4e3", "#b4a0d8", "#d8b67a", "#9dbd88", "#848b98", "#97a1b0"),
    figure="#7fb8c9",
    cursor=("#25323a", "#e6e9ed"),
)
LIGHT = _theme(
    "light",
    dark=False,
    papers=("#faf8f3", "#f3f0e9", "#ebe8e0"),
    text=("#26282c", "#5d6168", "#13647c"),
    lines=("#c9c6bd", "#5f93a1", "#cfccc3"),
    verdicts=("#2f6f2b", "#735700", "#9a4f16", "#a93232"),
    code=("#2f3b4c", "#6a4a9c", "#855600", "#40702c", "#666a70", "#55606e"),
    figure="#13647c",
    cursor=("#d9e6e9", "#1c1e21"),
)
CONTRAST_DARK = _theme(
    "contrast-dark",
    dark=True,
    papers=("#000000", "#000000", "#101216"),
    text=("#ffffff", "#cdd2da", "#74d7f7"),
    lines=("#8a919c", "#74d7f7", "#8a919c"),
    verdicts=("#7ee787", "#ffe169", "#ffb86b", "#ffa3a3"),
    code=("#ffffff", "#d9c2ff", "#ffd98a", "#b9f0a3", "#b9c0ca", "#dfe4ec"),
    figure="#74d7f7",
    cursor=("#003b52", "#ffffff"),
)
CONTRAST_LIGHT = _theme(
    "contrast-light",
    dark=False,
    papers=("#ffffff", "#ffffff", "#f2f2f2"),
    text=("#000000", "#3a3d42", "#003f8a"),
    lines=("#707378", "#003f8a", "#707378"),
    verdicts=("#0a5214", "#5c4300", "#7a2f00", "#8f0000"),
    code=("#101418", "#4b1d8f", "#5c3d00", "#14501a", "#45494f", "#22262c"),
    figure="#003f8a",
    cursor=("#d6e8ff", "#000000"),
)
SAFE_DARK = _theme(
    "safe-dark",
    dark=True,
    papers=("#15171c", "#1b1e24", "#21252c"),
    text=("#e2e4e8", "#9a9fa9", "#6db9ff"),
    lines=("#4a505b", "#3f7fb8", "#343a44"),
    verdicts=("#4aa8ff", "#f7efb8", "#b9b4c9", "#ee8413"),
    code=("#d5dbe5", "#a9b9ff", "#f0c987", "#8fd0e8", "#868d99", "#a2acba"),
    figure="#6db9ff",
    cursor=("#23303f", "#eceef1"),
)
SAFE_LIGHT = _theme(
    "safe-light",
    dark=False,
    papers=("#faf8f3", "#f3f0e9", "#ebe8e0"),
    text=("#202226", "#5b5f67", "#00509e"),
    lines=("#c9c6bd", "#4f8cc4", "#cfccc3"),
    verdicts=("#0050c8", "#6d6a73", "#1a0a3e", "#b04600"),
    code=("#2a3442", "#3a3a9c", "#8a4a00", "#00618a", "#666a70", "#55606e"),
    figure="#00509e",
    cursor=("#dae6f3", "#17191c"),
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
        "ansi-background": "ansi_black",
        "ansi-foreground": "ansi_white",
        "input-cursor-text-style": "reverse",
        "cursor-line": "ansi_default",
        "block-cursor-background": "ansi_cyan",
        "block-cursor-foreground": "ansi_black",
    },
)

COLOURED = (DARK, LIGHT, CONTRAST_DARK, CONTRAST_LIGHT, SAFE_DARK, SAFE_LIGHT)
THEMES = (*COLOURED, TERMINAL)


def cursor_style(name: str) -> str:
    """The style of the line under the cursor; reversed where there may be no colour at all."""
    if name == TERMINAL.name:
        return "reverse"
    return "$block-cursor-foreground on $block-cursor-background"


def following(name: str) -> str:
    """The theme that `t` switches to: dark and light of the same kind change places."""
    kind, _, shade = name.rpartition("-")
    if shade not in (DARK.name, LIGHT.name):
        return DARK.name
    other = LIGHT.name if shade == DARK.name else DARK.name
    return f"{kind}-{other}" if kind else other
