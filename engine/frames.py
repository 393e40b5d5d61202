"""Frames between Gradus and its own measuring processes: a length, then one pickled value.

Promise: a frame holds builtins and the classes of `engine.protocol`, `engine.values` and
`engine.documented`, nothing else: reading one can import or run nothing else, so no tensor ever
crosses. Frames are capped in size. Used only over a private socket pair with a process we
started ourselves. Must not import torch.
"""

from __future__ import annotations

import io
import pickle
import socket
import struct
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from enum import Enum
from operator import attrgetter
from typing import Any

from engine import documented, protocol, values

_HELD = {module.__name__: vars(module) for module in (protocol, values, documented)}
_LENGTH = struct.Struct("!I")
_CHUNK = 1 << 18
LARGEST = 96 * 2**20
"""Bytes of the largest frame: a returned value holds at most a million elements."""


class FrameError(Exception):
    """The other side sent what no frame may hold, or a frame is too large to send."""


def _member(owner: object, name: str) -> object:
    # Python 3.11.0 to 3.11.3 pickle a member of an enumeration as getattr(class, name).
    if isinstance(owner, type) and issubclass(owner, Enum):
        return owner[name]
    raise FrameError(f"getattr of {owner!r}")


def _state_of(kind: type[Any]) -> Callable[[object], tuple[object, ...]]:
    names = [field.name for field in fields(kind)]
    if len(names) > 1:
        return attrgetter(*names)
    return lambda value: tuple(getattr(value, name) for name in names)


_STATES: dict[type, Callable[[object], tuple[object, ...]]] = {
    kind: _state_of(kind)
    for held in _HELD.values()
    for kind in held.values()
    if isinstance(kind, type) and is_dataclass(kind)
}


class _Writer(pickle.Pickler):
    """Writes a dataclass as a call of its class: two to three times as fast for a long trace."""

    def reducer_override(self, value: object) -> Any:
        state = _STATES.get(type(value))
        return NotImplemented if state is None else (type(value), state(value))


class _Reader(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> object:
        if module in _HELD:
            found = _HELD[module].get(name)
            if isinstance(found, type) and found.__module__ == module:
                return found
        if (module, name) == ("builtins", "getattr"):
            return _member
        raise FrameError(f"a frame may not hold {module}.{name}")


def pack(value: object) -> bytes:
    """The frame of a value; raises FrameError where it is too large or cannot be pickled."""
    try:
        stream = io.BytesIO()
        _Writer(stream, protocol=5).dump(value)
        body = stream.getvalue()
    except (pickle.PicklingError, TypeError, AttributeError, RecursionError) as problem:
        raise FrameError(f"not plain data: {problem}") from problem
    if len(body) > LARGEST:
        raise FrameError(f"{len(body)} bytes")
    return _LENGTH.pack(len(body)) + body


def unpack(body: bytes | bytearray | memoryview) -> object:
    """The value of a frame without its length; raises FrameError."""
    try:
        return _Reader(io.BytesIO(body)).load()
    except FrameError:
        raise
    except Exception as problem:  # broken pickles raise nearly anything
        raise FrameError(f"unreadable frame: {problem}") from problem


def receive(stream: socket.socket) -> object:
    """Block for the next value; raises EOFError once the other side is gone."""
    (length,) = _LENGTH.unpack(_exactly(stream, _LENGTH.size))
    if length > LARGEST:
        raise FrameError(f"{length} bytes")
    return unpack(_exactly(stream, length))


def _exactly(stream: socket.socket, count: int) -> bytearray:
    buffer = bytearray(count)
    view = memoryview(buffer)
    while view:
        got = stream.recv_into(view)
        if not got:
            raise EOFError
        view = view[got:]
    return buffer


class Inbox:
    """Assembles frames from a socket that must never be waited for."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def read(self, stream: socket.socket) -> list[object]:
        """What has arrived whole; raises FrameError for nonsense and EOFError at the end.

        ConnectionResetError is the end of one who had not read all we sent.
        """
        try:
            data = stream.recv(_CHUNK)
        except (BlockingIOError, InterruptedError):
            return []
        if not data:
            raise EOFError
        self._buffer += data
        values: list[object] = []
        while len(self._buffer) >= _LENGTH.size:
            (length,) = _LENGTH.unpack_from(self._buffer)
            if length > LARGEST:
                raise FrameError(f"{length} bytes")
            end = _LENGTH.size + length
            if len(self._buffer) < end:
                break
            values.append(unpack(self._buffer[_LENGTH.size : end]))
            del self._buffer[:end]
        return values
