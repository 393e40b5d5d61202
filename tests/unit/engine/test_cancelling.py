"""Progress on its way to whoever asked, and jobs called off in every state: at once, alone."""

from __future__ import annotations

import os
import random
import signal
import threading
import time
import tracemalloc
from concurrent.futures import CancelledError, Future

import pytest
from rigging import Rig, job, wait_for

from engine.client import EngineClient
from engine.messages import describe
from engine.protocol import (
    EngineEvent,
    Failure,
    FailureKind,
    Job,
    Measure,
    Measured,
    Outcome,
    Progress,
)

pytestmark = pytest.mark.skipif(os.name != "posix", reason="kills by signal")
AT_ONCE = 0.1
LONG = (
    "train(nn.Sequential(nn.Linear(2, 16), nn.Tanh(), nn.Linear(16, 2)), make_rings(256), "
    "'cross_entropy', SGD(lr=0.5), steps=60000)"
)
"""Most of a minute."""
SHORT = "trajectory(w * w, 1.0, SGD(lr=0.1), 50)[1][50]"


def value(outcome: Outcome) -> object:
    assert isinstance(outcome, Measured), outcome
    return outcome.values[0]


def cancelled(future: Future[Outcome]) -> None:
    outcome = future.result(0)
    assert isinstance(outcome, Failure)
    assert (outcome.kind, outcome.code) == (FailureKind.CANCELLED, "cancelled")
    assert describe(outcome) != describe(outcome, "zh")


def logged(client: EngineClient) -> str:
    return client.log.read_text(encoding="utf-8")


def real(source: str, seconds: float = 60.0) -> Job:
    return Job((Measure("value", source),), seconds=seconds)


def called_off(client: EngineClient, future: Future[Outcome]) -> float:
    """Seconds until the future was resolved."""
    begun = time.perf_counter()
    client.cancel(future)
    future.result(10)
    return time.perf_counter() - begun


def one_by_one(client: EngineClient, *sources: str) -> list[Future[Outcome]]:
    """The first is under way, the second lies ready behind it."""
    futures = []
    for source in sources:
        futures.append(client.submit(job(source)))
        time.sleep(0.03)
    return futures


# With torch.


def test_a_long_run_is_called_off_and_the_next_job_answered(engine: EngineClient) -> None:
    told = threading.Event()
    running = engine.submit(real(LONG), on_progress=lambda _: told.set())
    behind = engine.submit(real("6 * 7"))
    assert told.wait(120)
    assert called_off(engine, running) < AT_ONCE
    cancelled(running)
    assert value(behind.result(10)) == 42


def test_progress_comes_in_order_and_to_its_end(engine: EngineClient) -> None:
    told: list[Progress] = []
    threads: set[str] = set()

    def follow(progress: Progress) -> None:
        threads.add(threading.current_thread().name)
        told.append(progress)

    future = engine.submit(real(SHORT.replace("50", "1500")), on_progress=follow)
    value(future.result(60))
    assert len(told) > 3
    assert (told[-1].step, told[-1].steps, told[-1].key) == (1500, 1500, "value")
    steps = [step for word in told for step, _ in word.points]
    assert steps == sorted(set(steps))
    assert [word.step for word in told] == [word.points[-1][0] for word in told]
    assert threads == {"gradus-engine"}


def test_who_does_not_listen_is_told_nothing(engine: EngineClient) -> None:
    told: list[Progress] = []
    loud = engine.submit(real(SHORT), on_progress=told.append)
    wanting = Job((Measure("value", SHORT),), seconds=60.0, progress=True)
    futures = [loud, engine.submit(wanting), engine.submit(real(SHORT))]
    assert len({repr(value(future.result(30))) for future in futures}) == 1
    assert [step for word in told for step, _ in word.points] == list(range(51))


def test_fifty_cancelled_and_submitted_at_random(engine: EngineClient) -> None:
    """Whatever lies where: cancelled ones are answered at once, the others measured, in order."""
    chance = random.Random(5)
    slowest, done = 0.0, []
    kept: list[tuple[int, Future[Outcome]]] = []
    for turn in range(50):
        sources = [chance.choice((LONG, f"{turn} + 0", SHORT)) for _ in range(chance.randint(1, 4))]
        futures = [
            engine.submit(real(source), on_progress=chance.choice((None, lambda _: None)))
            for source in sources
        ]
        time.sleep(chance.choice((0, 0, 0.002, 0.02)))
        order = list(zip(sources, futures, strict=True))
        chance.shuffle(order)
        for source, future in order:
            if source == LONG or chance.random() < 0.3:
                before = future.done()
                slowest = max(slowest, called_off(engine, future))
                if not before and not isinstance(future.result(), Measured):
                    cancelled(future)
        asked = engine.submit(real(f"{turn} * 2"))
        asked.add_done_callback(lambda _, turn=turn: done.append(turn))  # type: ignore[misc]
        kept.append((turn * 2, asked))
    assert [value(future.result(60)) for _, future in kept] == [wanted for wanted, _ in kept]
    assert done == list(range(50))
    assert slowest < AT_ONCE


# Without torch: where exactly the job lies is known.


@pytest.mark.parametrize("transport", ["zygote", "spawn"])
@pytest.mark.parametrize("running", ["spin", "hold", "sleep 30"])
def test_whatever_holds_the_worker(
    rig: Rig, transport: str, running: str, events: list[EngineEvent]
) -> None:
    client = rig(transport=transport)
    before = value(client.measure(job("pid")))
    futures = client.submit_many([job(running), job("pid"), job("x" * 40_000), job("last")])
    time.sleep(0.1)
    assert called_off(client, futures[0]) < AT_ONCE
    cancelled(futures[0])
    assert value(futures[1].result(10)) != before
    assert value(futures[2].result(10)) == "x" * 40_000
    assert value(futures[3].result(10)) == "last"
    wait_for(lambda: [event.state for event in events] == ["starting", "ready", "ready"])


def test_what_lies_ready_in_the_socket_holds_nobody_up(rig: Rig) -> None:
    client = rig()
    before = value(client.measure(job("pid")))
    running, ready, behind = one_by_one(client, "sleep 0.3", "spin", "pid")
    assert called_off(client, ready) < AT_ONCE
    cancelled(ready)
    assert value(running.result(10)) == "sleep 0.3"
    assert value(behind.result(10)) != before
    assert "cancelled" in logged(client)


def test_what_lay_ready_and_is_short_costs_no_worker(rig: Rig) -> None:
    client = rig()
    before = value(client.measure(job("pid")))
    running, ready, behind = one_by_one(client, "sleep 0.3", "x", "pid")
    client.cancel(ready)
    cancelled(ready)
    value(running.result(10))
    assert value(behind.result(10)) == before


def test_what_is_queued_is_dropped(rig: Rig) -> None:
    client = rig()
    value(client.measure(job("x")))
    futures = client.submit_many([job("sleep 0.2"), job("x"), job("die"), job("last")])
    assert called_off(client, futures[2]) < AT_ONCE
    cancelled(futures[2])
    assert [value(futures[n].result(10)) for n in (0, 1, 3)] == ["sleep 0.2", "x", "last"]


def test_while_the_engine_still_loads(rig: Rig) -> None:
    client = rig("import time\ntime.sleep(3600)\n")
    future = client.submit(job("x"))
    assert called_off(client, future) < AT_ONCE
    cancelled(future)


def test_what_has_ended_stays_as_it_is(rig: Rig) -> None:
    client = rig()
    done = client.submit(job("x"))
    assert value(done.result(10)) == "x"
    client.cancel(done)
    assert value(done.result()) == "x"
    foreign: Future[Outcome] = Future()
    client.cancel(foreign)
    assert not foreign.done()
    twice = client.submit(job("spin"))
    client.cancel(twice)
    client.cancel(twice)
    cancelled(twice)
    closed = client.submit(job("spin"))
    client.close()
    client.cancel(closed)
    outcome = closed.result()
    assert isinstance(outcome, Failure)
    assert outcome.code == "engine-closed"


def test_the_futures_own_cancel_means_what_it_did(rig: Rig) -> None:
    client = rig()
    value(client.measure(job("x")))
    running, dropped = client.submit_many([job("sleep 0.2"), job("die")])
    time.sleep(0.05)
    assert not running.cancel()
    assert dropped.cancel()
    client.cancel(dropped)
    with pytest.raises(CancelledError):
        dropped.result()
    assert value(running.result(10)) == "sleep 0.2"
    assert value(client.measure(job("y"))) == "y"


def test_from_a_word_of_progress(rig: Rig) -> None:
    """Whoever follows may call off from the client's own thread: a loss that ran away."""
    client = rig()
    told: list[Progress] = []
    found: list[Future[Outcome]] = []

    def follow(progress: Progress) -> None:
        told.append(progress)
        if progress.step == 5:
            client.cancel(found[0])

    value(client.measure(job("x")))
    gate = client.submit(job("sleep 0.1"))
    found.append(client.submit(job("steps 5000 spin"), on_progress=follow))
    behind = client.submit(job("behind"))
    value(gate.result(10))
    assert value(behind.result(10)) == "behind"
    cancelled(found[0])
    assert [word.step for word in told] == [1, 2, 3, 4, 5]


def test_a_listener_that_fails_harms_nothing(rig: Rig) -> None:
    client = rig()

    def follow(progress: Progress) -> None:
        raise RuntimeError(f"the follower's fault {progress.step}")

    assert value(client.submit(job("steps 3 done"), on_progress=follow).result(10)) == "done"
    assert value(client.measure(job("x"))) == "x"
    assert logged(client).count("the follower's fault") >= 3


def test_the_time_limit_is_not_moved_by_progress(rig: Rig) -> None:
    client = rig()
    told: list[Progress] = []
    value(client.measure(job("x")))
    outcome = client.submit(job("steps 100000 x", 0.3), on_progress=told.append).result(10)
    assert isinstance(outcome, Failure)
    assert outcome.kind is FailureKind.TIMEOUT
    assert told
    assert value(client.measure(job("y"))) == "y"


def test_a_worker_killed_in_mid_progress(rig: Rig) -> None:
    client = rig()
    told: list[Progress] = []
    worker = value(client.measure(job("pid")))
    assert isinstance(worker, int)
    running = client.submit(job("steps 100000 x"), on_progress=told.append)
    behind = client.submit(job("behind"))
    wait_for(lambda: len(told) > 20)
    os.kill(worker, signal.SIGKILL)
    outcome = running.result(10)
    assert isinstance(outcome, Failure)
    assert outcome.code == "worker-died"
    assert value(behind.result(10)) == "behind"
    assert [word.step for word in told] == list(range(1, len(told) + 1))


def test_a_slow_follower_keeps_memory_bounded(rig: Rig) -> None:
    """The socket holds what was not yet read, not we: the worker waits for who is slower."""
    client = rig()
    value(client.measure(job("x")))
    tracemalloc.start()
    try:
        slow = client.submit(job("steps 1000 x"), on_progress=lambda _: time.sleep(0.001))
        value(slow.result(60))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 2 * 2**20


def test_nothing_is_kept_of_what_has_ended(rig: Rig) -> None:
    client = rig()
    futures = [client.submit(job(str(n)), on_progress=lambda _: None) for n in range(100)]
    for future in futures[::3]:
        client.cancel(future)
    for future in futures:
        future.result(30)
    assert not client._waiting
    assert not client._queue
