"""The zygote: a small process that loads torch once and forks a ready worker per socket it is sent.

Promise: single-threaded, never touches CUDA, never measures; ends with its parent and takes its
workers along. POSIX only. Must not import torch but through `engine.runtime.job.preload`.
"""

from __future__ import annotations

import os
import select
import signal
import socket
import sys
import traceback
from contextlib import suppress

from engine import worker


def main(arguments: list[str]) -> int:
    """Serve fork requests on the control socket `FD`, sent by process `PARENT`."""
    descriptor, parent = (int(word) for word in arguments)
    worker.settle(parent)
    control = socket.socket(fileno=descriptor)
    worker.load_or_exit()
    if sys.platform != "win32":
        _serve(control)
    return 0


if sys.platform != "win32":

    def _serve(control: socket.socket) -> None:
        woken, waker = socket.socketpair()
        woken.setblocking(False)
        waker.setblocking(False)
        signal.signal(signal.SIGCHLD, _nothing)
        signal.set_wakeup_fd(waker.fileno(), warn_on_full_buffer=False)
        children: set[int] = set()
        while True:
            ready, _, _ = select.select([control, woken], [], [])
            if woken in ready:
                _drain(woken)
                _bury(children)
            if control in ready:
                stream = _requested(control)
                if stream is None:
                    for child in children:
                        os.kill(child, signal.SIGKILL)
                    worker.leave(0)
                else:
                    _fork(stream, children, (control, woken, waker))

    def _requested(control: socket.socket) -> socket.socket | None:
        """The socket of a wanted worker; None once the parent is gone."""
        try:
            message, descriptors, _, _ = socket.recv_fds(control, 1, 1)
        except ConnectionError:
            return None
        return socket.socket(fileno=descriptors[0]) if message and descriptors else None

    def _fork(stream: socket.socket, children: set[int], mine: tuple[socket.socket, ...]) -> None:
        zygote = os.getpid()
        try:
            child = os.fork()
        except OSError as problem:
            worker.note(f"no new worker: {problem}")
            stream.close()
            return
        if child:
            children.add(child)
            stream.close()
            return
        try:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            worker.die_with(zygote)
            for owned in mine:
                owned.close()
            worker.serve(stream)
        except BaseException:
            traceback.print_exc()
        finally:
            worker.leave(1)

    def _bury(children: set[int]) -> None:
        for child in tuple(children):
            ended, status = os.waitpid(child, os.WNOHANG)
            if ended:
                children.discard(child)
                code = os.waitstatus_to_exitcode(status)
                if code:
                    why = f"signal {-code}" if code < 0 else f"exit code {code}"
                    worker.note(f"worker {child} ended: {why}")

    def _drain(stream: socket.socket) -> None:
        with suppress(BlockingIOError):
            while stream.recv(4096):
                pass


def _nothing(_signal: int, _frame: object) -> None:
    """A handler must exist for the wake-up descriptor to be written."""
