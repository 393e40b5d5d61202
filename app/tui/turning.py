"""What an undo or a redo did, in words. Must not do either."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.tui.widgets.notice import Notice, Tone
from app.undone_words import topic_title, undone_words

if TYPE_CHECKING:
    from app.progress.events import Undone
    from app.tui.app import Gradus


async def tell(notice: Notice, app: Gradus, undone: Undone | None, *, back: bool = True) -> None:
    """Say what was taken back or brought back; or that there was nothing."""
    if undone is None:
        notice.tell(lambda: app.say(f"tui.keeping.nothing-{'undone' if back else 'redone'}"))
        return
    study = await app.desk.study()
    title = await app.desk.do(lambda: topic_title(undone, study.library))
    notice.tell(lambda: undone_words(undone, title, app.say, back=back), Tone.DONE)
