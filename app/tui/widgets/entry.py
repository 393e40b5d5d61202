"""One entry of the lab: what was asked, its value, picture, layers; its curve while it runs.

Promise: what a person typed is shown as text and nothing else; the words are those of the
language of the moment. Must not measure.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual.content import Content

from app.lab.telling import progress_words, runs_told
from app.tui.widgets.laid import Laid, indented, line, spread
from engine.protocol import Failure, Measured, Skipped
from engine.values import LayerValue, TensorValue

if TYPE_CHECKING:
    from app.lab.session import Entry, Points
    from app.locale import Locale
    from engine.values import Value

_MOST_LINES = 14
_PROMPT = "› "
_MOST_POINTS = 200
_LOW, _TALL = 10, 16
"""Lines of a picture on a low and on a tall screen."""
_TALL_SCREEN = 34


def entry_lines(
    entry: Entry, say: Locale, width: int, *, height: int, late: bool, ascii_only: bool
) -> list[Content]:
    """The lines of an entry in its state of the moment."""
    rows = [] if entry.item else _asked(entry, width)
    inner = width - 2
    body: list[Content] = []
    outcome = entry.outcome
    if entry.running and entry.points:
        body = _running(entry, say, inner, height, ascii_only)
    elif isinstance(outcome, Measured) and entry.item:
        body = _item(entry, outcome, say, inner)
    elif isinstance(outcome, Measured) and entry.failure is None:
        body = _answered(entry, outcome, say, inner, height, ascii_only)
    elif entry.failure is not None:
        body = _failed(entry, entry.failure, say, inner)
    if entry.running and not entry.points and (late or outcome is None):
        words = say("lab.waiting") if late else ""
        body = [*body, line((words, "$muted"))] if words or not body else body
    return [*rows, *indented(body, 2), Content("")]


def _asked(entry: Entry, width: int) -> list[Content]:
    from app.tui.widgets.code import code_rows

    style = "$muted" if entry.replaced else ""
    rows = code_rows(entry.text, width - 2)
    marks = [_PROMPT, *("  " for _ in rows)]
    return [
        line((mark, "$accent"), row.stylize(style) if style else row)
        for mark, row in zip(marks, rows, strict=False)
    ]


def _answered(
    entry: Entry, outcome: Measured, say: Locale, width: int, height: int, ascii_only: bool
) -> list[Content]:
    from app.lab.drawing import drawn, names_in
    from app.values import duration
    from content.text.pictures import runs_in

    value = outcome.values[0]
    assert not isinstance(value, Failure | Skipped)
    time = say("lab.time", device=outcome.device, time=duration(outcome.seconds))
    rows: list[Content] = []
    names = names_in(entry.source)
    picture = drawn(value, width, height, say.language, ascii_only=ascii_only, names=names)
    if not picture or runs_in(value):
        rows = value_rows(value, say, width, names)
    if picture:
        from app.tui.page import span_lines

        rows += span_lines(picture)
    if entry.was is not None and not picture:
        was = "  " + say("lab.was", value=_short(entry.was, say))
        if len(rows) == 1 and rows[0].cell_length + cell_len(was) <= width:
            rows = [line(rows[0], (was, "$muted"))]
        else:
            rows.append(line((was.strip()[: width - 1], "$muted")))
    if len(rows) == 1 and rows[0].cell_length + cell_len(time) + 3 <= width:
        rows = [spread(rows[0], line((time, "$muted")), width)]
    else:
        rows.append(line((time, "$muted")))
    filled = _filled(entry, outcome)
    if filled:
        from app.tui.widgets.code import code_rows

        code = code_rows(filled, width)
        rows = [*[row.stylize("$muted") for row in code], *rows] if len(code) <= 4 else rows
    if entry.name is None and not picture:
        rows += _layers(outcome, say, width)
    return rows


def _item(entry: Entry, outcome: Measured, say: Locale, width: int) -> list[Content]:
    from app.code_text import with_names
    from app.tui.widgets.code import code_rows
    from app.tui.widgets.trace import step_lines
    from app.values import duration

    trace = outcome.trace
    time = say("lab.time", device=outcome.device, time=duration(outcome.seconds))
    rows: list[Content] = []
    if trace is not None:
        own = len(entry.measures) == 1
        for name, expression, step in with_names(trace.steps):
            if own and not name:
                rows += code_rows(expression, width)
            elif not isinstance(step.value, Failure):
                rows += step_lines([replace(step, expression=expression)], say, width)
    for value in outcome.values:
        if isinstance(value, Failure):
            rows += _failed(entry, value, say, width)
    value = entry.value
    if len(entry.measures) == 1 and value is not None and not isinstance(value, Failure):
        told = value_rows(value, say, width - 2)
        answer = [line(("= " if n == 0 else "  ", "$muted"), row) for n, row in enumerate(told)]
        if entry.was is not None:
            was = "  " + say("lab.was", value=_short(entry.was, say))
            if answer[-1].cell_length + cell_len(was) <= width:
                answer[-1] = line(answer[-1], (was, "bold $warning"))
        if len(answer) == 1 and answer[0].cell_length + cell_len(time) + 3 <= width:
            answer = [spread(answer[0], line((time, "$muted")), width)]
        rows += [Content(""), *answer]
    return rows + _layers(outcome, say, width)


def _layers(outcome: Measured, say: Locale, width: int) -> list[Content]:
    from app.tui.widgets.trace import layer_lines

    layers = outcome.trace.layers if outcome.trace is not None else ()
    rows = layer_lines(layers, say, width)
    return [Content(""), *rows] if rows else []


def _running(entry: Entry, say: Locale, width: int, height: int, ascii_only: bool) -> list[Content]:
    return [
        *curve_lines(entry, say, width, height, ascii_only=ascii_only),
        progress_line(entry, say),
    ]


def curve_lines(
    entry: Entry, say: Locale, width: int, height: int, *, ascii_only: bool
) -> list[Content]:
    """The curve as far as it has come."""
    from app.lab.drawing import drawn, run_so_far
    from app.tui.page import span_lines

    run = run_so_far(_fewer(entry.points), _fewer(entry.validation))
    return span_lines(drawn(run, width, height, say.language, ascii_only=ascii_only))


def _fewer(points: Points) -> Points:
    """As many points as a screen can tell apart: each one costs time in every frame."""
    apart = len(points) // _MOST_POINTS + 1
    return points if apart == 1 else [*points[:-1:apart], points[-1]]


def progress_line(entry: Entry, say: Locale) -> Content:
    """`step 40 of 200, loss 0.43`."""
    return line((progress_words(entry, say), "$muted"))


def value_rows(value: Value, say: Locale, width: int, names: tuple[str, ...] = ()) -> list[Content]:
    """A value in lines that fit; `names` are those of several training runs."""
    if isinstance(value, LayerValue):
        from app.tui.widgets.code import code_rows

        return code_rows(value.code, width)
    told = runs_told(value, say, names) or value_lines(value, say, width)
    return _wrapped(told, width, "bold $figure")


def value_lines(value: Value, say: Locale, width: int) -> list[str]:
    """A value as lines: numbers grouped, tensors as they are printed."""
    from app.values import text_value
    from content.text import clean, format_value

    if isinstance(value, TensorValue) or (isinstance(value, tuple) and _has_tensor(value)):
        lines = text_value(value, width).split("\n")
    else:
        lines = clean(format_value(value, say.language)).split("\n")
    if len(lines) > _MOST_LINES:
        rest = len(lines) - _MOST_LINES + 1
        lines = [*lines[: _MOST_LINES - 1], say("lab.more-lines", n=rest)]
    return lines


def _has_tensor(value: tuple[Value, ...]) -> bool:
    return any(
        isinstance(part, TensorValue) or (isinstance(part, tuple) and _has_tensor(part))
        for part in value
    )


def _short(value: Value, say: Locale) -> str:
    from app.values import short_value
    from content.text import format_value

    if isinstance(value, int | float):
        return format_value(value, say.language)
    return short_value(value, 30).replace("…", "..")


def _wrapped(texts: list[str], width: int, style: str) -> list[Content]:
    from app.tui.widgets.solution import broken

    rows = []
    for text in texts:
        parts = [text] if cell_len(text) <= width else broken(text, width)
        rows += [line((part, style)) for part in parts]
    return rows


def _filled(entry: Entry, outcome: Measured) -> str:
    """The expression with names written out, where that says more than what was typed."""
    steps = outcome.trace.steps if outcome.trace is not None else ()
    if not steps or not entry.depends:
        return ""
    step = next((s for s in steps if s.name == (entry.name or "value")), steps[-1])
    if isinstance(step.value, LayerValue):
        return ""
    same = _plain(step.expression) == _plain(entry.source)
    return "" if same else step.expression


def _plain(text: str) -> str:
    return "".join(text.replace("nn.", "").replace("F.", "").split()).replace('"', "'")


def _failed(entry: Entry, failure: Failure, say: Locale, width: int) -> list[Content]:
    from app.tui.page import text_lines
    from engine.messages import caret, describe

    if entry.cancelled:
        words = say("lab.cancelled")
        if entry.points:
            words += f" · {progress_line(entry, say).plain}"
        return [line((words, "$muted"))]
    rows = []
    placed = failure.source is not None and failure.column is not None
    if placed:
        if failure.where.isidentifier() and failure.where not in ("value", "measure", entry.name):
            rows.append(line((f"{failure.where} =", "$muted")))
        source, mark, *_ = caret(failure, say.language, cells=width).split("\n")
        rows += [line((source, "$code")), line((mark, "bold $error"))]
    return rows + text_lines(describe(failure, say.language), width, say.language, "$error")


class EntryView(Laid):
    """An entry on the page."""

    def __init__(self, entry: Entry) -> None:
        super().__init__()
        self.entry = entry
        self.late = False

    def lay(self, width: int) -> list[Content]:
        """As the entry stands."""
        from app.tui.ascii import terminal_has_unicode

        height = _TALL if self.app.size.height >= _TALL_SCREEN else _LOW
        return entry_lines(
            self.entry,
            self.say,
            width,
            height=height,
            late=self.late,
            ascii_only=not terminal_has_unicode(),
        )
