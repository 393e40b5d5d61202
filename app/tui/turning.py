"""What an undo or a redo did, in words. Must not do either."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.tui.widgets.notice import Notice, Tone

if TYPE_CHECKING:
    from app.progress.events import Undone
    from app.tui.app import Gradus


def tell(notice: Notice, app: Gradus, undone: Undone | None, *, back: bool = True) -> None:
    """Say what was taken back or brought back; or that there was nothing."""
    way = "undone" if back else "redone"
    if undone is None:
        notice.tell(lambda: app.say(f"tui.keeping.nothing-{way}"))
        return
    told = undone

    def words() -> str:
        names = told.names
        about = names[0] if len(names) == 1 else app.say("tui.keeping.items", n=len(names))
        return app.say(f"tui.keeping.{way}.{told.kind}", item=about)

    notice.tell(words, Tone.DONE)
