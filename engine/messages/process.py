"""Messages of the worker process: time, memory, crashes, the engine's state."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

MESSAGES: Final[Mapping[str, Mapping[str, str]]] = {}
