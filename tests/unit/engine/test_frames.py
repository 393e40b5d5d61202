"""Frames: plain data passes whole, anything else does not pass at all."""

from __future__ import annotations

import os
import pickle
import socket
import struct
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from engine import frames
from engine.protocol import (
    Failure,
    FailureKind,
    Job,
    LayerRow,
    Measure,
    Measured,
    Skipped,
    Trace,
    TraceStep,
)
from engine.values import DtypeValue, LayerValue, TensorValue

EVERYTHING = Measured(
    values=(
        1792,
        2**200,
        0.1,
        float("inf"),
        None,
        True,
        "text",
        (1, (2, 3)),
        TensorValue("float16", (2,), (0.5, 0.25)),
        LayerValue("nn.ReLU()"),
        DtypeValue("float16"),
        Skipped(),
        Failure(FailureKind.LIMIT, "too-large", (("limit", "9"),), "9**9", 2, "x"),
    ),
    device="cpu",
    seconds=0.5,
    trace=Trace(
        (TraceStep("x", "1 + 1", 2, 0.1),),
        (LayerRow("0", "nn.Linear(2, 3)", ((3, 2), (3,)), 9, (1, 3), 6),),
    ),
    engine="1",
)


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    left, right = socket.socketpair()
    with left, right:
        yield left, right


def body(value: object) -> bytes:
    return frames.pack(value)[4:]


def test_all_plain_data_comes_back_equal() -> None:
    assert frames.unpack(body((EVERYTHING, False))) == (EVERYTHING, False)
    job = Job((Measure("v", "x", "x > 1"),), names=(("x", 3),), lets=(("m", "x"),), trace=True)
    assert frames.unpack(body(job)) == job


def test_an_enumeration_pickled_by_attribute_is_read() -> None:
    """Python 3.11.0 to 3.11.3 write members that way."""

    class ByAttribute:
        def __reduce__(self) -> tuple[object, tuple[object, str]]:
            return getattr, (FailureKind, "LIMIT")

    assert frames.unpack(pickle.dumps(ByAttribute())) is FailureKind.LIMIT


class Running:
    """Unpickled without care it would run a command."""

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.system, ("exit 3",)


class Reaching:
    """It would reach an attribute of a class that is no enumeration."""

    def __reduce__(self) -> tuple[object, tuple[object, str]]:
        return getattr, (Job, "__init__")


@pytest.mark.parametrize(
    "value", [Running(), Reaching(), datetime.now(UTC), frames.Inbox, {1: os.getcwd}]
)
def test_nothing_but_plain_data_is_read(value: object) -> None:
    with pytest.raises(frames.FrameError):
        frames.unpack(pickle.dumps(value))


def test_nonsense_is_an_error_of_its_own_kind() -> None:
    for data in (b"", b"\x80", b"\x80\x05.", os.urandom(64)):
        with pytest.raises(frames.FrameError):
            frames.unpack(data)


def test_what_cannot_be_pickled_or_is_too_large_is_not_sent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with pytest.raises(frames.FrameError):
        frames.pack(lambda: None)
    monkeypatch.setattr(frames, "LARGEST", 1000)
    with pytest.raises(frames.FrameError):
        frames.pack("x" * 1001)


def test_a_frame_may_arrive_in_pieces(pair: tuple[socket.socket, socket.socket]) -> None:
    left, right = pair
    inbox = frames.Inbox()
    data = frames.pack(EVERYTHING) + frames.pack(7)
    got: list[object] = []
    for at in range(0, len(data), 5):
        left.sendall(data[at : at + 5])
        got += inbox.read(right)
    assert got == [EVERYTHING, 7]


def test_several_frames_may_arrive_at_once(pair: tuple[socket.socket, socket.socket]) -> None:
    left, right = pair
    left.sendall(b"".join(frames.pack(n) for n in range(50)))
    assert frames.Inbox().read(right) == list(range(50))


def test_the_end_is_seen(pair: tuple[socket.socket, socket.socket]) -> None:
    left, right = pair
    left.sendall(frames.pack("whole") + frames.pack("cut")[:3])
    left.close()
    inbox = frames.Inbox()
    assert inbox.read(right) == ["whole"]
    with pytest.raises(EOFError):
        inbox.read(right)


def test_a_length_beyond_the_cap_is_refused(pair: tuple[socket.socket, socket.socket]) -> None:
    left, right = pair
    left.sendall(struct.pack("!I", frames.LARGEST + 1))
    with pytest.raises(frames.FrameError):
        frames.Inbox().read(right)
    left.sendall(struct.pack("!I", frames.LARGEST + 1))
    with pytest.raises(frames.FrameError):
        frames.receive(right)


def test_nothing_yet_is_no_end(pair: tuple[socket.socket, socket.socket]) -> None:
    _, right = pair
    right.setblocking(False)
    assert frames.Inbox().read(right) == []
