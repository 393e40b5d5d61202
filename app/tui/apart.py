"""Work of a screen or a widget that goes on beside its messages.

Promise: the function is handed over, not its coroutine: work that is called off before it began
leaves no coroutine behind that nobody awaits. It ends with the node it belongs to; with
`exclusive` the earlier work of the same group is called off. What it raises it must tell itself.
What a thread opens is closed also where its node is gone before it was open.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any, Protocol, TypeVar, cast

from textual.dom import DOMNode

if TYPE_CHECKING:
    from textual.worker import WorkType


class Closable(Protocol):
    """What must be let go."""

    def close(self) -> None:
        """Let it go."""


Opened = TypeVar("Opened", bound=Closable)


def apart(
    node: DOMNode,
    work: Callable[[], Coroutine[Any, Any, None]],
    group: str = "default",
    *,
    exclusive: bool = False,
) -> None:
    """Start it on the node."""
    node.run_worker(
        cast("WorkType[None]", work), group=group, exclusive=exclusive, exit_on_error=False
    )


async def opened_apart(opens: Callable[[], Opened]) -> Opened:
    """What the function opens in a thread; closed where nobody waits for it any more."""
    opening = asyncio.get_running_loop().run_in_executor(None, opens)
    try:
        return await asyncio.shield(opening)
    except asyncio.CancelledError:
        opening.add_done_callback(_close_unclaimed)
        raise


def _close_unclaimed(opening: asyncio.Future[Opened]) -> None:
    if not opening.cancelled() and opening.exception() is None:
        opening.result().close()
