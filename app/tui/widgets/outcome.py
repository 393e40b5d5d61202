"""What follows the answer: a card's back, or verdict, explanation and worked solution.

Promise: a thin rule parts it from the question; verdict first, then why, then how. Must not judge.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from app.tui.widgets.laid import Laid, line, right
from app.tui.widgets.reading import what_was_read
from app.tui.widgets.verdict import verdict_mark
from engine.programs import PROGRAM_KINDS, RUN_KINDS

if TYPE_CHECKING:
    from app.study.views import Judged, Shown
    from content.text import Document


class OutcomeView(Laid):
    """The lower half of the sheet; empty until something is known."""

    def __init__(self) -> None:
        super().__init__(id="outcome")
        self._shown: Shown | None = None
        self._judged: Judged | None = None
        self._typed = ""

    def show(self, shown: Shown | None, judged: Judged | None, typed: str = "") -> None:
        """Show an item's outcome and what was read in the typed answer; None clears."""
        self._shown, self._judged, self._typed = shown, judged, typed
        self.relay()

    def lay(self, width: int) -> list[Content]:
        """By what is known."""
        shown, judged = self._shown, self._judged
        if shown is None or (judged is None and shown.kind == "self"):
            return []
        rule = [Content(""), line(("─" * width, "$faint"))]
        if judged is None:
            return [*rule, *self._back(shown, width)]
        return [*rule, *self._verdict(shown, judged, width)]

    def _back(self, shown: Shown, width: int) -> list[Content]:
        from app.tui.page import document_lines

        language, prepared = self.say.language, shown.prepared
        rows = document_lines(prepared.back(language), width, language, screen=self.app.size.height)
        if prepared.job.measures:
            caption = self.say("tui.study.measured-on", device=prepared.measured.device)
            rows += [Content(""), line((right(caption, width), "$figure"))]
        return rows

    def _verdict(self, shown: Shown, judged: Judged, width: int) -> list[Content]:
        from app.tui.page import document_lines, text_lines
        from content.verdict_text import explanation

        verdict, language, prepared = judged.verdict, self.say.language, shown.prepared
        kind = str(verdict.kind)
        title = ""
        if verdict.mistake is not None and not verdict.generic:
            title = self.gradus.mistake_title(prepared.name, verdict.mistake)
        rows = [verdict_mark(kind, self.say(f"study.verdict.{kind}"), title)]
        if judged.lowered:
            words = self.say(f"study.lowered.{judged.lowered}")
            rows += text_lines(words, width, language, "$muted")
        if kind != "unreadable" and (read := what_was_read(self._typed, verdict, language)):
            rows += text_lines(read, width, language, "$muted")
        why = explanation(prepared, verdict, language)
        rows += document_lines(why, width, language)
        if kind == "unreadable":
            return rows
        if kind != "right" or shown.kind in RUN_KINDS:
            rows += self._truth(shown, judged, width)
        rows += self._chosen_why(shown, judged, why, width)
        solution = self._solution(shown, width)
        return [*rows, Content(""), *solution] if solution else rows

    def _truth(self, shown: Shown, judged: Judged, width: int) -> list[Content]:
        """The right answer; of options, those that were not chosen, in words."""
        if shown.kind == "self":
            return []
        if shown.kind in ("choice", "several"):
            return self._missed(shown, judged, width)
        from app.tui.page import text_lines
        from engine.verdict import canonical

        answer = canonical(shown.prepared.truth, self.say.language)
        one = "one-right-answer" if shown.kind in PROGRAM_KINDS else "right-answer"
        words = self.say(f"tui.study.{one}", answer=answer)
        return text_lines(words, width, self.say.language, "bold")

    def _missed(self, shown: Shown, judged: Judged, width: int) -> list[Content]:
        from app.tui.page import document_lines
        from app.worked import right_options

        language, rows = self.say.language, list[Content]()
        for letter, text in right_options(shown.prepared, language, but=judged.verdict):
            lead = line(("✓", "$success"), " ", (letter, "bold $accent"), " ")
            body = document_lines(text, width - lead.cell_length, language)
            for n, words in enumerate(body):
                rows.append(line(lead if n == 0 else " " * lead.cell_length, words))
        return rows

    def _chosen_why(
        self, shown: Shown, judged: Judged, said_above: Document, width: int
    ) -> list[Content]:
        """The author's word on the options that were chosen, each said once."""
        if shown.kind not in ("choice", "several"):
            return []
        from app.tui.page import document_lines

        language = self.say.language
        rows: list[Content] = []
        said = [said_above]
        for option in judged.verdict.ticked:
            why = shown.prepared.option_why(option - 1, language)
            if why and why not in said:
                said.append(why)
                rows += document_lines(why, width, language)
        return rows

    def _solution(self, shown: Shown, width: int) -> list[Content]:
        from app.tui.widgets.solution import solution_lines

        return solution_lines(shown.prepared, self.say, width)
