"""A measuring process whose runtime is written by the test: real processes, no torch to load."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from pathlib import Path

import engine as engine_package
from engine.client import EngineClient
from engine.protocol import Job, Measure

RUNTIME = """
import importlib.util, mmap, os, sys, time
from engine.protocol import Failure, FailureKind, Measured, Progress

def preload():
    pass

def value(source, deadline, sink):
    if source == "pid":
        return os.getpid()
    if source == "parent":
        return os.getppid()
    if source == "spin":
        sys.stderr.write("spinning\\n")
        while True:
            pass
    if source == "hold":  # one call of C that never gives the interpreter back
        return sum(iter(int, 1))
    if source == "die":
        os.kill(os.getpid(), 9)
    if source == "leave":
        os._exit(0)
    if source == "abort":
        os.abort()
    if source == "memory":
        raise MemoryError
    if source == "allocate":
        return len(bytearray(200 * 2**30))
    if source == "reserve":  # more addresses than the cap allows, though no memory at all
        size = 50 * 2**30
        return len(mmap.mmap(-1, size, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | 0x4000))
    if source == "allocator":
        raise RuntimeError("DefaultCPUAllocator: can't allocate memory: 9 bytes")
    if source == "broken":
        raise KeyError("a fault of ours")
    if source == "print":
        print("printed by the worker")
        sys.stderr.write("narrated by the worker\\n")
        os.write(1, b"written by the worker\\n")
    if source == "unsendable":
        return lambda: None
    if source == "foreign":
        return importlib.util.find_spec
    if source == "asked":
        return input()
    if source.startswith("where "):
        spec = importlib.util.find_spec(source[6:])
        return None if spec is None else spec.origin
    if source.startswith("sleep "):
        time.sleep(float(source[6:]))
    if source.startswith("steps "):  # as many words of progress, 1 ms apart, then what follows
        _, count, *then = source.split()
        for step in range(1, int(count) + 1):
            if sink is not None:
                sink(Progress("value", step, int(count), ((step, 1 / step),)))
            time.sleep(0.001)
        return value(" ".join(then), deadline, sink)
    if source == "left":
        return round(deadline - time.monotonic(), 3)
    return source

def run(job, deadline, sink=None):
    values = tuple(value(measure.source, deadline, sink) for measure in job.measures)
    return Measured(values, job.device, 0.0)
"""
DEVICE = """
def on_cpu(name):
    return name != "cuda"
"""


def job(source: str, seconds: float = 30.0, device: str = "auto") -> Job:
    """A job of one measure."""
    return Job((Measure("value", source),), seconds=seconds, device=device)


def package_with(folder: Path, runtime: str) -> Path:
    """A copy of the engine's package with that runtime."""
    source = Path(engine_package.__file__).parent
    target = folder / "elsewhere" / "engine"
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(source, target, ignore=shutil.ignore_patterns("runtime", "__pycache__"))
    (target / "runtime").mkdir()
    (target / "runtime" / "__init__.py").write_text("")
    (target / "runtime" / "job.py").write_text(runtime)
    (target / "runtime" / "device.py").write_text(DEVICE)
    return target


def wait_for(condition: Callable[[], bool], seconds: float = 20.0) -> None:
    """Until it holds; fails if it never does."""
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.005)


Rig = Callable[..., EngineClient]
