"""Work of a screen or a widget that goes on beside its messages.

Promise: the function is handed over, not its coroutine: work that is called off before it began
leaves no coroutine behind that nobody awaits. It ends with the node it belongs to; with
`exclusive` the earlier work of the same group is called off. What it raises it must tell itself.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any, cast

from textual.dom import DOMNode

if TYPE_CHECKING:
    from textual.worker import WorkType


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
