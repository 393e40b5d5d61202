"""The one thread on which the study loop works, away from the event loop.

Promise: store, packs, engine and study open in the order that shows a person something soonest,
after the first frame, each imported here and nowhere earlier; calls run one after another.
Must not touch widgets.
"""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from app.paths import Paths
    from app.settings import Settings
    from app.study.clock import Clock
    from app.study.session import Study
    from content.compiled import PackLibrary
    from engine.client import EngineClient
    from engine.protocol import EngineEvent, Job, Outcome

Result = TypeVar("Result")


class Desk:
    """Opens the study loop and does its calls."""

    def __init__(
        self,
        paths: Paths,
        settings: Settings,
        clock: Clock | None,
        on_event: Callable[[EngineEvent], None],
        *,
        engine: EngineClient | None = None,
        seed: int | None = None,
    ) -> None:
        """An `engine` that is handed in stays its owner's to close."""
        self._paths = paths
        self._settings = settings
        self._clock = clock
        self._on_event = on_event
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="study")
        self._opening: Future[Study] | None = None
        self.engine: EngineClient | None = engine
        self._lent = engine is not None
        self._seed = seed
        self.library: PackLibrary | None = None

    def open(self) -> Future[Study]:
        """Open everything in the thread, once; after a failure, try again."""
        if self._opening is None or (self._opening.done() and self._opening.exception()):
            self._opening = self._thread.submit(self._open)
        return self._opening

    async def study(self) -> Study:
        """The open study loop; raises what opening raised."""
        return await asyncio.wrap_future(self.open())

    async def do(self, work: Callable[[], Result]) -> Result:
        """Run one blocking call of the study loop in its thread."""
        return await asyncio.wrap_future(self._thread.submit(work))

    async def ready_engine(self) -> EngineClient:
        """The engine, started; it needs neither packs nor progress."""
        if self.engine is None:
            return await self.do(self._start_engine)
        return self.engine

    async def measure(self, job: Job) -> Outcome:
        """Measure beside the study loop; whoever stops waiting calls the measurement off."""
        engine = await self.ready_engine()
        future = engine.submit(job)
        try:
            return await asyncio.wrap_future(future)
        except asyncio.CancelledError:
            engine.cancel(future)
            raise

    def adopt(self, settings: Settings) -> None:
        """A day's load from now on, in the study loop too if it is open."""
        self._settings = settings
        opening = self._opening
        if opening is not None and opening.done() and opening.exception() is None:
            from app.study.session import DailyLimits

            opening.result().limits = DailyLimits.of(settings)

    def close(self) -> None:
        """Close what was opened; a call still running is waited for."""
        opening = self._opening
        if opening is not None and not opening.cancel():
            self._thread.submit(self._close, opening)
        self._thread.shutdown(wait=True)

    def close_engine(self) -> None:
        """Close the engine where nothing else was opened."""
        if self._opening is None and self.engine is not None and not self._lent:
            self.engine.close()

    def _open(self) -> Study:
        if self.library is None:
            from content.compiled import PackLibrary, builtin_root

            roots = (builtin_root(), self._paths.packs)
            self.library = PackLibrary(roots, self._paths.compiled_packs)
        from app.progress.store import Store
        from app.study.clock import Clock
        from app.study.session import DailyLimits, Study
        from app.transfer.backups import begin_daily

        clock = self._clock or Clock.from_environment()
        store = Store.open(self._paths.database, backups=self._paths.backups, clock=clock)
        begin_daily(self._paths.database, self._paths.backups, clock)
        try:
            # Last: loading torch competes with everything above for the disk.
            engine = self._start_engine()
            # What was imported stays: to look through it again would cost a frame or two.
            gc.freeze()
            return Study(
                store,
                self.library,
                engine,
                clock,
                limits=DailyLimits.of(self._settings),
                desired_retention=self._settings.desired_retention,
                seed=self._seed,
            )
        except BaseException:
            store.close()
            raise

    def _start_engine(self) -> EngineClient:
        if self.engine is None:
            from engine.client import EngineClient

            self.engine = EngineClient(
                self._paths.engine_log, device=self._settings.device, on_event=self._on_event
            )
            self.engine.start()
        return self.engine

    def _close(self, opening: Future[Study]) -> None:
        if self.engine is not None and not self._lent:
            self.engine.close()
        if opening.exception() is None:
            opening.result().close()
        if self.library is not None:
            self.library.close()
