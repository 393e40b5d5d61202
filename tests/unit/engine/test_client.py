"""The client against processes that hang, die, print and fill memory: never a hang, never a lie."""

from __future__ import annotations

import os
import signal
import threading
import time
from concurrent.futures import CancelledError, Future, wait
from pathlib import Path

import pytest
from rigging import RUNTIME, Rig, job, wait_for

from engine.client import EngineClient
from engine.messages import describe
from engine.protocol import EngineEvent, Failure, FailureKind, Job, Measure, Measured, Outcome

pytestmark = pytest.mark.skipif(os.name != "posix", reason="kills by signal")
TRANSPORTS = pytest.mark.parametrize("transport", ["zygote", "spawn"])


def value(outcome: Outcome) -> object:
    assert isinstance(outcome, Measured), outcome
    return outcome.values[0]


def pid(client: EngineClient, source: str = "pid") -> int:
    found = value(client.measure(job(source)))
    assert isinstance(found, int)
    return found


def failure(outcome: Outcome, kind: FailureKind, code: str) -> Failure:
    assert isinstance(outcome, Failure), outcome
    assert (outcome.kind, outcome.code) == (kind, code)
    return outcome


def logged(client: EngineClient) -> str:
    return client.log.read_text(encoding="utf-8")


def states(events: list[EngineEvent]) -> list[str]:
    return [event.state for event in events]


def gone(process: int, seconds: float = 10.0) -> bool:
    """Whether the process ended, or is dead and only not yet buried."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            stat = Path(f"/proc/{process}/stat").read_text()
        except OSError:
            return True
        if stat.rpartition(")")[2].split()[0] == "Z":
            return True
        time.sleep(0.01)
    return False


@TRANSPORTS
def test_a_job_is_measured(rig: Rig, transport: str, events: list[EngineEvent]) -> None:
    client = rig(transport=transport)
    assert value(client.measure(job("a value"))) == "a value"
    assert pid(client) == pid(client) != os.getpid()
    client.close()
    assert states(events) == ["starting", "ready", "stopped"]


def test_starting_does_not_wait_for_the_engine(rig: Rig) -> None:
    client = rig("import time\ntime.sleep(3600)\n")
    future = client.submit(job("x"))
    assert not future.done()
    client.close()
    failure(future.result(1), FailureKind.CRASH, "engine-closed")


@TRANSPORTS
@pytest.mark.parametrize("runaway", ["spin", "hold"])
def test_a_runaway_job_is_killed_and_the_next_one_answered(
    rig: Rig, transport: str, runaway: str, events: list[EngineEvent]
) -> None:
    client = rig(transport=transport)
    first = pid(client)
    futures = client.submit_many([job(runaway, 0.2), job("pid")])
    failed = failure(futures[0].result(), FailureKind.TIMEOUT, "worker-timeout")
    assert "0.2" in describe(failed)
    assert gone(first)
    assert value(futures[1].result()) != first
    assert states(events) == ["starting", "ready", "restarted"]
    assert events[-1].failure == failed


def test_a_job_is_given_its_whole_time(rig: Rig) -> None:
    """Loading the engine and waiting in the queue do not count."""
    client = rig("import time\ntime.sleep(1)\n" + RUNTIME)
    futures = client.submit_many([job("sleep 0.3", 0.8), job("sleep 0.3", 0.8), job("left", 9)])
    assert [value(f.result()) for f in futures[:2]] == ["sleep 0.3"] * 2
    left = value(futures[2].result())
    assert isinstance(left, float)
    assert 8 < left <= 9


@TRANSPORTS
@pytest.mark.parametrize("death", ["die", "abort", "leave"])
def test_a_job_whose_worker_dies_fails_alone(
    rig: Rig, transport: str, death: str, events: list[EngineEvent]
) -> None:
    client = rig(transport=transport)
    futures = client.submit_many([job("one"), job(death), job("two"), job("three")])
    got = [future.result() for future in futures]
    failed = failure(got.pop(1), FailureKind.CRASH, "worker-died")
    assert str(client.log) in describe(failed)
    assert str(client.log) in describe(failed, "zh")
    assert [value(outcome) for outcome in got] == ["one", "two", "three"]
    assert states(events) == ["starting", "ready", "restarted"]


def test_what_lay_ready_outlives_a_worker_that_retires(rig: Rig) -> None:
    client = rig()
    first = pid(client)
    futures = client.submit_many([job("memory"), job("pid"), job("three")])
    failure(futures[0].result(), FailureKind.MEMORY, "worker-memory")
    assert value(futures[1].result()) != first
    assert value(futures[2].result()) == "three"


def test_a_worker_killed_from_outside_in_mid_job(rig: Rig) -> None:
    client = rig()
    worker = pid(client)
    running = client.submit(job("spin"))
    queued = client.submit(job("queued"))
    wait_for(lambda: "spinning" in logged(client))
    os.kill(worker, signal.SIGKILL)
    failure(running.result(5), FailureKind.CRASH, "worker-died")
    assert value(queued.result()) == "queued"


def test_a_worker_killed_while_idle_fails_no_job(rig: Rig) -> None:
    client = rig()
    for _ in range(6):
        worker = pid(client)
        os.kill(worker, signal.SIGKILL)
        assert pid(client) != worker


def test_a_stopped_worker_is_replaced(rig: Rig) -> None:
    client = rig()
    worker = pid(client)
    os.kill(worker, signal.SIGSTOP)
    failure(client.measure(job("x", 0.2)), FailureKind.TIMEOUT, "worker-timeout")
    assert value(client.measure(job("x"))) == "x"
    assert gone(worker)


def test_the_zygote_killed_in_mid_job(rig: Rig, events: list[EngineEvent]) -> None:
    client = rig()
    zygote, worker = pid(client, "parent"), pid(client)
    running = client.submit(job("spin"))
    queued = client.submit(job("parent"))
    wait_for(lambda: "spinning" in logged(client))
    os.kill(zygote, signal.SIGKILL)
    failure(running.result(5), FailureKind.CRASH, "worker-died")
    assert value(queued.result()) not in (zygote, os.getpid())
    assert gone(zygote)
    assert gone(worker)
    assert states(events) == ["starting", "ready", "restarted"]


@pytest.mark.parametrize("source", ["memory", "allocate", "reserve", "allocator"])
def test_memory_is_a_failure_of_its_own(rig: Rig, source: str) -> None:
    client = rig()
    before = pid(client)
    failure(client.measure(job(source)), FailureKind.MEMORY, "worker-memory")
    assert pid(client) != before


def test_an_accelerator_gets_all_addresses(rig: Rig) -> None:
    """CUDA reserves more of them than any cap allows; the cap does not come back after it."""
    assert value(rig().measure(job("reserve", device="cuda"))) == 50 * 2**30
    limit = RUNTIME.replace(
        "    return source\n",
        "    import resource\n    return resource.getrlimit(resource.RLIMIT_AS)[0]\n",
    )
    client = rig(limit)
    capped = value(client.measure(job("x", device="cpu")))
    assert isinstance(capped, int)
    assert 2 * 2**30 < capped < 32 * 2**30
    lifted = value(client.measure(job("x", device="cuda")))
    assert lifted == value(client.measure(job("x", device="cpu"))) != capped


def test_a_fault_of_the_runtime_is_logged_and_told(rig: Rig) -> None:
    client = rig()
    before = pid(client)
    failed = failure(client.measure(job("broken")), FailureKind.CRASH, "worker-broke")
    assert failed.detail("error") == "KeyError"
    assert str(client.log) in describe(failed)
    assert "a fault of ours" in logged(client)
    assert "Traceback" in logged(client)
    assert pid(client) == before


@pytest.mark.parametrize("source", ["unsendable"])
def test_what_cannot_be_sent_is_refused(rig: Rig, source: str) -> None:
    client = rig()
    failure(client.measure(job(source)), FailureKind.LIMIT, "reply-too-large")
    assert value(client.measure(job("x"))) == "x"


def test_foreign_data_is_never_read(rig: Rig) -> None:
    client = rig()
    failure(client.measure(job("foreign")), FailureKind.CRASH, "worker-died")
    assert value(client.measure(job("x"))) == "x"
    assert "importlib" in logged(client)


def test_a_job_too_large_to_send_never_leaves(rig: Rig) -> None:
    client = rig()
    failure(client.measure(job("1+" * 10**6)), FailureKind.LIMIT, "job-too-large")
    assert value(client.measure(job("x" * 500_000))) == "x" * 500_000


def test_what_a_worker_prints_reaches_the_log_only(
    rig: Rig, capfd: pytest.CaptureFixture[str]
) -> None:
    client = rig()
    client.measure(job("print"))
    client.measure(job("die"))
    wait_for(lambda: "signal 9" in logged(client))
    client.close()
    assert capfd.readouterr() == ("", "")
    log = logged(client)
    for line in ("printed by the worker", "narrated by the worker", "written by the worker"):
        assert line in log


def test_a_worker_has_no_stdin(rig: Rig) -> None:
    failed = failure(rig().measure(job("asked")), FailureKind.CRASH, "worker-broke")
    assert failed.detail("error") == "EOFError"


def test_a_queued_job_can_be_cancelled(rig: Rig) -> None:
    client = rig()
    pid(client)
    first = client.submit(job("sleep 0.3"))
    dropped = client.submit(job("die"))
    last = client.submit(job("last"))
    assert dropped.cancel()
    assert value(last.result()) == "last"
    assert value(first.result()) == "sleep 0.3"
    with pytest.raises(CancelledError):
        dropped.result()
    assert not client.submit(job("x")).cancelled()


def test_two_hundred_jobs_from_many_threads(rig: Rig) -> None:
    client = rig()
    got: dict[str, object] = {}

    def submit(thread: int) -> None:
        names = [f"{thread}-{n}" for n in range(25)]
        futures = client.submit_many([job(name) for name in names[:20]])
        futures += [client.submit(job(name)) for name in names[20:]]
        for name, future in zip(names, futures, strict=True):
            got[name] = value(future.result())

    threads = [threading.Thread(target=submit, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(got) == 200
    assert all(name == found for name, found in got.items())


def test_the_order_is_the_order_of_submission(rig: Rig) -> None:
    client = rig()
    done: list[int] = []
    futures = client.submit_many([job(str(n)) for n in range(100)])
    for n, future in enumerate(futures):
        future.add_done_callback(lambda _, n=n: done.append(n))  # type: ignore[misc]
    wait(futures)
    assert value(client.measure(job("x"))) == "x"
    assert done == list(range(100))


@TRANSPORTS
def test_closing_is_quick_and_answers_everything(rig: Rig, transport: str) -> None:
    client = rig(transport=transport)
    worker = pid(client)
    futures = client.submit_many([job("hold"), job("x"), job("y")])
    start = time.monotonic()
    client.close()
    assert time.monotonic() - start < 5
    for future in futures:
        failure(future.result(0), FailureKind.CRASH, "engine-closed")
    failure(client.measure(job("late")), FailureKind.CRASH, "engine-closed")
    client.close()
    client.start()
    assert gone(worker)


def test_closing_from_a_callback(rig: Rig) -> None:
    client = rig()
    closed: Future[None] = Future()

    def close(_: Future[Outcome]) -> None:
        client.close()
        closed.set_result(None)

    client.submit(job("x")).add_done_callback(close)
    closed.result(10)
    failure(client.measure(job("late")), FailureKind.CRASH, "engine-closed")


def test_a_listener_that_fails_does_no_harm(rig: Rig, tmp_path: Path) -> None:
    rig().close()  # puts the runtime in place

    def listen(_: EngineEvent) -> None:
        raise RuntimeError("the listener's fault")

    with EngineClient(tmp_path / "other.log", on_event=listen) as client:
        assert value(client.measure(job("x"))) == "x"
    assert "the listener's fault" in (tmp_path / "other.log").read_text(encoding="utf-8")


def test_a_client_that_was_not_started_starts_with_its_first_job(rig: Rig, tmp_path: Path) -> None:
    rig().close()
    client = EngineClient(tmp_path / "other.log")
    try:
        assert value(client.measure(job("x"))) == "x"
    finally:
        client.close()
    EngineClient(tmp_path / "never.log").close()


def test_the_device_of_the_client_is_that_of_jobs_that_leave_it_open(rig: Rig) -> None:
    client = rig(device="cpu")
    for asked, got in (("auto", "cpu"), ("mps", "mps")):
        outcome = client.measure(Job((Measure("v", "x"),), device=asked))
        assert isinstance(outcome, Measured)
        assert outcome.device == got


def test_a_log_that_cannot_be_written_is_no_reason_to_fail(rig: Rig, tmp_path: Path) -> None:
    rig().close()
    (tmp_path / "file").write_text("")
    with EngineClient(tmp_path / "file" / "engine.log") as client:
        assert value(client.measure(job("x"))) == "x"
        failure(client.measure(job("die")), FailureKind.CRASH, "worker-died")
        assert value(client.measure(job("x"))) == "x"


def test_a_large_log_is_set_aside(rig: Rig, tmp_path: Path) -> None:
    log = tmp_path / "log" / "engine.log"
    log.parent.mkdir()
    log.write_text("old\n" * 2**19)
    client = rig()
    client.measure(job("print"))
    assert "printed by the worker" in log.read_text(encoding="utf-8")
    assert log.stat().st_size < 2**16
    assert log.with_name("engine.log.1").read_text(encoding="utf-8").startswith("old\n")
