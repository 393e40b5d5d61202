"""What a learner does with the item before them besides answering, as line commands.

Promise: the same actions as on the study screen, one line each, in the log at once. Must not
import textual.
"""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from app import editing
from app.browse.telling import flag_words
from app.own_words import own_words
from app.plain.desk import PlainDesk
from app.study.needs import needs_of
from app.study.reporting import FOLDER, write_report
from app.study.views import Finished, NotMeasured, Shown
from app.undone_words import topic_title, undone_words
from content.pack import in_language

if TYPE_CHECKING:
    from app.paths import Paths
    from app.study.leeches import Leech
    from app.study.session import Study, StudySession
    from app.study.views import Judged

Moved = tuple[bool, Shown | NotMeasured | None]
"""(whether the session moves on, what to show: None is whatever comes next)."""
_FLAGS = ("0", "1", "2", "3", "4")


class PlainKeeping(PlainDesk):
    """Commands that begin with a colon and need no answer."""

    _study: Study

    def keep(
        self, session: StudySession, shown: Shown, word: str, typed: str, judged: Judged | None
    ) -> Moved | None:
        """Do the command; None if it is none of these. `typed` is the answer, if there was one."""
        command, _, rest = word.partition(" ")
        rest = rest.strip()
        match command.lower():
            case ":u":
                return self._turned(session, session.undo(), back=True)
            case ":y":
                return self._turned(session, session.redo(), back=False)
            case ":bury":
                session.bury()
                self._done("bury")
                return True, None
            case ":suspend":
                session.suspend()
                self._done("suspend")
                return True, None
            case ":flag":
                return False, self._flag(session, shown, rest)
            case ":note":
                return False, self._note(session, shown, rest)
            case ":needs":
                self._needs(shown)
                return False, None
            case ":report":
                self._report(shown, rest, typed, judged)
                return False, None
            case ":edit":
                return self._edit(session, shown)
            case ":?":
                self._print(self._say("plain.more-commands"))
                return False, None
        return None

    def _own_note(self, shown: Shown) -> None:
        """Flag and note of an item whose answer is known."""
        standing = self._study.standing(shown.name)
        if standing.flag:
            self._print(self._say("plain.flag", flag=self._flag_name(standing.flag)))
        if standing.note:
            self._print(self._say("plain.own-note"))
            self._document(own_words(standing.note, self._say.language), prefix="  ")

    def _leech(self, session: StudySession) -> None:
        """Tell of an item that keeps slipping."""
        found: Leech | None = session.leech()
        if found is None:
            return
        say = self._say
        self._print(say("tui.leech.title") + ": " + found.name)
        self._print(say("tui.leech.days", n=found.pattern.days))
        if found.pattern.mistake is not None:
            from app.study.mistakes import mistake_title

            mistake = found.pattern.mistake
            title = mistake_title(self._library, found.name, mistake, say.language) or mistake
            self._print(say("tui.leech.mistake", mistake=title, n=found.pattern.times))
        if found.weak is not None:
            topic = in_language(found.weak.title, say.language)
            percent = round(100 * found.weak.mastery)
            self._print(say("tui.leech.weak", topic=topic, percent=percent))
            self._print(say("plain.leech-need", topic=found.weak.key))
        if self._ask(say("plain.leech-do")).strip().lower() == ":suspend":
            session.suspend()
            self._done("suspend")

    def _turned(self, session: StudySession, turned: object, *, back: bool) -> Moved:
        from app.study.views import Turned

        if not isinstance(turned, Turned):
            self._print(self._say(f"tui.keeping.nothing-{'undone' if back else 'redone'}"))
            return False, None
        title = topic_title(turned.undone, self._study.library)
        self._print(undone_words(turned.undone, title, self._say, back=back))
        found = turned.shown if turned.shown is not None else session.next()
        return True, None if isinstance(found, Finished) else found

    def _flag(self, session: StudySession, shown: Shown, rest: str) -> Shown:
        if rest not in _FLAGS:
            self._print(self._say("plain.flag-how"))
            return shown
        changed = session.flag(int(rest))
        self._print(self._say("plain.flag", flag=self._flag_name(int(rest))))
        return changed

    def _flag_name(self, flag: int) -> str:
        return flag_words(flag, self._say)

    def _note(self, session: StudySession, shown: Shown, rest: str) -> Shown:
        """`:note words` writes, `:note -` removes, `:note` alone asks for lines."""
        if not rest:
            note = self._study.standing(shown.name).note
            if note:
                self._document(own_words(note, self._say.language), prefix="  ")
            rest = self._lines_of("plain.note-lines")
            if not rest:
                return shown
        text = "" if rest == "-" else rest
        changed = session.note(text)
        self._done("note" if text else "unnote")
        return changed

    def _lines_of(self, prompt: str) -> str:
        """Lines up to an empty one."""
        self._print(self._say(prompt))
        lines: list[str] = []
        while (text := self._ask("...")).strip():
            lines.append(text)
        return "\n".join(lines)

    def _needs(self, shown: Shown) -> None:
        needs = needs_of(self._study, shown.name)
        if not needs:
            self._print(self._say("tui.needs.none"))
        for need in needs:
            title = in_language(need.title, self._say.language)
            known = self._say("tui.needs.known", percent=round(100 * need.mastery))
            self._print(f"  {title} ({need.key}): {known}")

    def _report(self, shown: Shown, rest: str, typed: str, judged: Judged | None) -> None:
        words = rest or self._lines_of("plain.report-lines")
        if not words:
            self._print(self._say("tui.keeping.nothing-reported"))
            return
        try:
            path = write_report(
                self._folder / FOLDER,
                shown,
                version=self._study.versions.get(shown.name.partition(":")[0], ""),
                moment=self._study.clock.now(),
                language=self._say.language,
                words=words,
                typed=typed,
                judged=judged,
            )
        except OSError as error:
            self._print(self._say("plain.report-failed", reason=error))
            return
        self._print(self._say("tui.keeping.reported", file=path))

    def _edit(self, session: StudySession, shown: Shown) -> Moved:
        study = self._study
        try:
            draft = editing.begin(self._paths, study.library, shown.name)
            words = editing.command(draft)
            subprocess.run(words, check=False)  # noqa: S603
            wrong = editing.finish(draft)
        except editing.NotEditableError as refused:
            self._print(self._say(f"tui.edit.{refused.code}", **refused.details))
            return False, None
        except OSError as error:
            editor = error.filename or "?"
            self._print(self._say("tui.edit.not-run", editor=editor, reason=error))
            return False, None
        if wrong:
            where = editing.told(wrong[0], self._say.language)
            self._print(self._say("tui.edit.broken", where=where, n=len(wrong)))
            return False, None
        if wrong is None:
            self._print(self._say("tui.edit.unchanged"))
            return False, None
        study.library.refresh()
        study.refresh()
        self._print(self._say("tui.edit.done", file=draft.source))
        found = session.reread()
        return True, None if isinstance(found, Finished) else found

    @property
    def _paths(self) -> Paths:
        from app.paths import Paths

        return Paths.from_environment()

    @property
    def _folder(self) -> Path:
        return self._study.store.path.parent

    def _done(self, word: str) -> None:
        self._print(self._say(f"tui.keeping.done.{word}"))
