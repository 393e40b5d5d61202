"""The editor in place of the app's screen, and back to the item with its text read anew.

Promise: the learner's terminal is the editor's while it runs; whatever comes of it is told on the
study page. Must not write a pack itself.
"""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

from textual.app import SuspendNotSupported

from app import editing
from app.tui.widgets.notice import Tone

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.tui.screens.keeping import KeepingPage


async def edit(page: KeepingPage) -> None:
    """Edit the source of the item on screen."""
    app, shown = page.gradus, page.shown
    if shown is None:
        return

    def tell(words: Callable[[], str], tone: Tone = Tone.PROBLEM) -> None:
        page.tell(words, tone)

    session = await page.session()
    study = await app.desk.study()
    name = shown.name
    try:
        draft = await app.desk.do(lambda: editing.begin(app.paths, study.library, name))
        words = editing.command(draft)
    except editing.NotEditableError as problem:
        refused = problem
        tell(lambda: app.say(f"tui.edit.{refused.code}", **refused.details), Tone.NOTE)
        return
    try:
        with app.suspend():
            done = subprocess.run(words, check=False).returncode  # noqa: S603
    except SuspendNotSupported:
        tell(lambda: app.say("tui.edit.no-suspend", file=draft.source), Tone.NOTE)
        return
    except OSError as error:
        reason = error
        tell(lambda: app.say("tui.edit.not-run", editor=words[0], reason=reason))
        return
    finally:
        app.refresh(layout=True)
    try:
        wrong = await app.desk.do(lambda: editing.finish(draft))
    except editing.NotEditableError as problem:
        refused = problem
        tell(lambda: app.say(f"tui.edit.{refused.code}", **refused.details))
        return
    if wrong:
        first = wrong[0]
        tell(
            lambda: app.say(
                "tui.edit.broken", where=editing.told(first, app.say.language), n=len(wrong)
            )
        )
    elif wrong is None:
        status = "unchanged" if done == 0 else "failed"
        tell(lambda: app.say(f"tui.edit.{status}", status=done), Tone.NOTE)
    else:

        def read_anew() -> None:
            study.library.refresh()
            study.refresh()

        await app.desk.do(read_anew)
        await page.see_again(session)
        page.tell(lambda: app.say("tui.edit.done", file=draft.source), Tone.DONE)
