"""Starting what measures: from anywhere, without the person's folder; and when it cannot start."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from rigging import RUNTIME, Rig, job, package_with, wait_for
from test_client import failure, gone, logged, pid, states, value

import engine
from engine import launch
from engine.messages import describe
from engine.protocol import EngineEvent, FailureKind

pytestmark = pytest.mark.skipif(os.name != "posix", reason="POSIX processes")
TRANSPORTS = pytest.mark.parametrize("transport", ["zygote", "spawn"])
TRAP = "raise SystemExit('imported from the folder the person stands in')\n"


@TRANSPORTS
@pytest.mark.parametrize("pythonpath", [None, "", ":/nowhere", ".", "{here}", "{here}:/nowhere"])
def test_nothing_is_imported_from_the_current_folder(
    rig: Rig,
    transport: str,
    pythonpath: str | None,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    here = tmp_path / "here"
    for package in ("app", "content", "engine"):
        (here / package).mkdir(parents=True)
        (here / package / "__init__.py").write_text(TRAP)
    for module in ("torch", "pre", "socket", "pickle", "sitecustomize", "usercustomize"):
        (here / f"{module}.py").write_text(TRAP)
    monkeypatch.chdir(here)
    if pythonpath is not None:
        monkeypatch.setenv("PYTHONPATH", pythonpath.format(here=here))
    client = rig(transport=transport)
    for module in ("torch", "app", "engine", "socket", "pre"):
        origin = value(client.measure(job(f"where {module}")))
        assert str(here) not in str(origin), module
    assert str(tmp_path / "elsewhere") in str(value(client.measure(job("where engine"))))


def test_other_entries_of_pythonpath_are_kept(tmp_path: Path) -> None:
    theirs, here = tmp_path / "theirs", tmp_path / "here"
    given = {"PYTHONPATH": f"{theirs}:{here}::relative", "PYTHONWARNINGS": "error", "HOME": "/h"}
    got = launch.environment(given, here)
    assert got["PYTHONPATH"] == str(theirs)
    assert got["HOME"] == "/h"
    assert "PYTHONWARNINGS" not in got
    assert "PYTHONPATH" not in launch.environment({"PYTHONPATH": ":"}, here)


def test_a_folder_that_was_deleted_is_no_obstacle(
    rig: Rig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = tmp_path / "short-lived"
    here.mkdir()
    monkeypatch.chdir(here)
    here.rmdir()
    try:
        assert value(rig().measure(job("x"))) == "x"
    finally:
        os.chdir(tmp_path)


@TRANSPORTS
@pytest.mark.parametrize("source", ["hold", "spin", "x"])
def test_a_killed_parent_leaves_no_orphan(tmp_path: Path, transport: str, source: str) -> None:
    package = package_with(tmp_path, RUNTIME)
    script = tmp_path / "parent.py"
    script.write_text(
        f"""
import sys, time
sys.path.insert(0, {str(Path(engine.__file__).parents[1])!r})
from pathlib import Path
from engine import launch
from engine.client import EngineClient
from engine.protocol import Job, Measure
launch._PACKAGE = Path({str(package)!r})
client = EngineClient(Path({str(tmp_path / "log")!r}), transport={transport!r})
job = lambda source: Job((Measure("v", source),), seconds=60.0)
pids = [client.measure(job(name)).values[0] for name in ("pid", "parent")]
running = client.submit(job({source!r}))
print(*pids, flush=True)
time.sleep(60)
"""
    )
    with subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        processes = [int(word) for word in parent.stdout.readline().split()]
        assert len(processes) == 2
        time.sleep(0.2)
        parent.send_signal(signal.SIGKILL)
        parent.wait()
        assert all(gone(process) for process in processes)


def test_an_orphan_nobody_kills_ends_by_its_alarm(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the system does not end a worker with its parent, its own alarm does."""
    client = rig(RUNTIME.replace("def preload", "import signal\ndef preload"))
    worker = pid(client)
    monkeypatch.setattr("engine.keeper._GRACE_SECONDS", 3600.0)
    failure(client.measure(job("hold", 0.2)), FailureKind.CRASH, "worker-died")
    assert gone(worker)
    wait_for(lambda: f"signal {signal.SIGALRM.value}" in logged(client))


@TRANSPORTS
def test_torch_missing(rig: Rig, transport: str, events: list[EngineEvent]) -> None:
    client = rig("import torch_is_missing_here\n", transport=transport)
    failed = failure(client.measure(job("x")), FailureKind.CRASH, "engine-no-torch")
    assert str(client.log) in describe(failed)
    assert "torch_is_missing_here" in logged(client)
    assert states(events) == ["starting", "stopped"]
    assert events[-1].failure == failed
    failure(client.measure(job("again")), FailureKind.CRASH, "engine-no-torch")


@TRANSPORTS
def test_what_dies_while_starting_is_tried_three_times(rig: Rig, transport: str) -> None:
    dying = "import os, sys\nsys.stderr.write('one try\\n')\nsys.stderr.flush()\nos._exit(9)\n"
    client = rig(dying, transport=transport)
    failed = failure(client.measure(job("x")), FailureKind.CRASH, "engine-no-start")
    assert str(client.log) in describe(failed)
    assert "doctor" in describe(failed)
    assert logged(client).count("one try") == 3


@TRANSPORTS
def test_workers_that_die_at_once_end_the_attempts(rig: Rig, transport: str) -> None:
    dying = RUNTIME.replace("def preload", "def on_fork():\n    os._exit(9)\n\ndef preload")
    dying = dying.replace("    pass\n", "    os.register_at_fork(after_in_child=on_fork)\n", 1)
    if transport == "spawn":
        dying = dying.replace(
            "    os.register_at_fork(after_in_child=on_fork)\n", "    on_fork()\n"
        )
    client = rig(dying, transport=transport)
    failure(client.measure(job("x")), FailureKind.CRASH, "engine-no-start")


@TRANSPORTS
def test_a_start_that_hangs_has_its_own_time_limit(rig: Rig, transport: str) -> None:
    client = rig("import time\ntime.sleep(3600)\n", transport=transport, start_seconds=0.5)
    future = client.submit(job("x"))
    failure(future.result(20), FailureKind.CRASH, "engine-slow-start")


def test_a_later_job_gives_the_engine_another_chance(
    rig: Rig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.keeper._RETRY_SECONDS", 0.5)
    client = rig("import torch_is_missing_here\n")
    failure(client.measure(job("x")), FailureKind.CRASH, "engine-no-torch")
    (tmp_path / "elsewhere" / "engine" / "runtime" / "job.py").write_text(RUNTIME)
    time.sleep(0.6)
    assert value(client.measure(job("x"))) == "x"


def test_no_interpreter(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    failure(rig().measure(job("x")), FailureKind.CRASH, "engine-no-start")


def test_a_spare_takes_over(rig: Rig, tmp_path: Path) -> None:
    client = rig(transport="spawn")
    first = pid(client)
    wait_for(lambda: len(_processes(tmp_path)) == 2)
    spare = _processes(tmp_path) - {first}
    failure(client.measure(job("die")), FailureKind.CRASH, "worker-died")
    assert {pid(client)} == spare


def test_a_spare_that_died_is_not_used(rig: Rig, tmp_path: Path) -> None:
    client = rig(transport="spawn")
    first = pid(client)
    for process in _processes(tmp_path) - {first}:
        os.kill(process, signal.SIGKILL)
    failure(client.measure(job("die")), FailureKind.CRASH, "worker-died")
    assert value(client.measure(job("x"))) == "x"


def _processes(folder: Path) -> set[int]:
    """The processes that run the package in that folder."""
    names = [entry.name for entry in Path("/proc").iterdir() if entry.name.isdigit()]
    return {int(name) for name in names if str(folder).encode() in _command(name)}


def _command(process: str) -> bytes:
    try:
        return Path(f"/proc/{process}/cmdline").read_bytes()
    except OSError:
        return b""
