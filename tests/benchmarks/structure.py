"""Structure of whole networks, against the summaries people use; many small measurements; a trip.

The summary is the trace's: parameters, shapes and MACs of every layer, with the way to the worker
and back, and no weight is allocated. Peers run on real weights in an environment of their own.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import tempfile
import time
from functools import cache
from pathlib import Path

from engine.client import EngineClient
from engine.protocol import Job, Measure, Measured
from tests.benchmarks.batch import line
from tests.benchmarks.places import FOLDER, HERE, environment
from tests.benchmarks.report import Row, median, ms

_PEERS = ("torchinfo", "fvcore", "calflops")
_NETWORKS = {"vgg16": (138_357_544, 15_470_264_320), "resnet50": (25_557_032, 4_089_184_256)}
_ENVIRONMENT = FOLDER / "peers"
_PYTHON = _ENVIRONMENT / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
_SHARE = 0.1
_RUNS = 5
_OWN_RUNS = 20
_MANY = 2_000
_EACH = 0.002
_TRIPS = 500
_TRIP = 0.0005


def run() -> list[Row]:
    """Two networks, the many, the trip."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=FOLDER) as folder:
        log = Path(folder) / "engine.log"
        with EngineClient(log, device="cpu") as engine:
            rows = [_network(engine, name) for name in _NETWORKS]
            return [*rows, _many(engine), _trip(engine)]


def _network(engine: EngineClient, name: str) -> Row:
    mine = [_summary(engine, name) for _ in range(_OWN_RUNS + 1)][1:]
    peers = {peer: _peer(peer, name) for peer in _PEERS}
    found = {peer: median(seconds) for peer, seconds in peers.items() if seconds}
    subject = f"summary of {name}, per layer, to the worker and back"
    if not found:
        why = "; ".join(f"{peer}: {_absent(peer)}" for peer in _PEERS)
        return Row(subject, ms(median(mine)), "", None, f"<= {_SHARE}x", None, (why,))
    fastest = min(found, key=lambda peer: found[peer])
    ratio = median(mine) / found[fastest]
    notes = tuple(f"{peer}: {ms(seconds)}" for peer, seconds in found.items())
    return Row(
        subject,
        ms(median(mine)),
        f"{fastest} {ms(found[fastest])}",
        ratio,
        f"<= {_SHARE}x of the fastest",
        ratio <= _SHARE,
        notes,
    )


def _summary(engine: EngineClient, name: str) -> float:
    shape = "(1, 3, 224, 224)"
    measures = ("parameters(m)", f"macs(m, {shape})", f"output_shape(m, {shape})")
    job = Job(
        tuple(Measure(f"m{n}", source) for n, source in enumerate(measures)),
        lets=(("m", f"{name}()"),),
        trace=True,
        device="cpu",
    )
    begun = time.perf_counter()
    outcome = engine.measure(job)
    seconds = time.perf_counter() - begun
    assert isinstance(outcome, Measured), outcome
    assert outcome.trace is not None
    totals = (
        sum(row.parameters for row in outcome.trace.layers),
        sum(row.macs or 0 for row in outcome.trace.layers),
    )
    assert totals == outcome.values[:2] == _NETWORKS[name], (totals, outcome.values)
    return seconds


def _peer(peer: str, name: str) -> list[float]:
    if _absent(peer):
        return []
    words = [str(_PYTHON), str(HERE / "peer_child.py"), peer, name, str(_RUNS)]
    done = subprocess.run(words, capture_output=True, text=True, env=environment(), check=False)
    if done.returncode:
        sys.stderr.write(done.stderr[-1000:])
        return []
    seconds: list[float] = json.loads(done.stdout.splitlines()[-1])
    return seconds


@cache
def _absent(peer: str) -> str:
    """Why that peer cannot run; empty if it can. It is installed at the first asking."""
    if _importable(peer):
        return ""
    sys.stderr.write(f"installing {peer} into .benchmarks/peers ...\n")
    install = [str(_PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", peer]
    try:
        if not _PYTHON.exists():
            subprocess.run([sys.executable, "-m", "venv", str(_ENVIRONMENT)], check=True)
            # Torch is not installed a second time: pip and the peers find this environment's.
            packages = next(_ENVIRONMENT.glob("lib/python*/site-packages"), None)
            packages = packages or _ENVIRONMENT / "Lib/site-packages"
            (packages / "torch.pth").write_text(sysconfig.get_paths()["purelib"])
        subprocess.run(install, check=True, timeout=300)
    except (OSError, subprocess.SubprocessError) as problem:
        return f"could not be installed: {problem}"
    return "" if _importable(peer) else "was installed and cannot be imported"


def _importable(peer: str) -> bool:
    try:
        done = subprocess.run([str(_PYTHON), "-c", f"import {peer}"], capture_output=True)
    except OSError:
        return False
    return done.returncode == 0


def _many(engine: EngineClient) -> Row:
    jobs = []
    for n in range(_MANY):
        request = json.loads(line(n, 3))
        lets = tuple(request["let"].items())
        jobs.append(Job((Measure("m", request["measure"]),), lets=lets, device="cpu"))
    begun = time.perf_counter()
    for future in engine.submit_many(jobs):
        assert isinstance(future.result(), Measured)
    each = (time.perf_counter() - begun) / _MANY
    return Row(
        f"{_MANY} structural measurements in one batch, each",
        ms(each),
        "",
        None,
        "< 2 ms",
        each < _EACH,
    )


def _trip(engine: EngineClient) -> Row:
    job = Job((Measure("m", "1 + 1"),), device="cpu")
    seconds = []
    for _ in range(_TRIPS):
        begun = time.perf_counter()
        engine.measure(job)
        seconds.append(time.perf_counter() - begun)
    middle = median(seconds)
    return Row("warm trip to the worker, median", ms(middle), "", None, "< 0.5 ms", middle < _TRIP)
