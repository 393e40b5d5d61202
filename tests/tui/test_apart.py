"""Work beside a screen's messages: called off before it began, it leaves nothing behind."""

from __future__ import annotations

import gc
import warnings

from textual.app import App

from app.tui.apart import apart


class _Twice(App[None]):
    def __init__(self) -> None:
        super().__init__()
        self.began: list[str] = []

    async def _first(self) -> None:
        self.began.append("first")

    async def _second(self) -> None:
        self.began.append("second")

    def begin(self) -> None:
        apart(self, self._first, "one", exclusive=True)
        apart(self, self._second, "one", exclusive=True)


async def test_what_is_called_off_before_it_began_is_not_left_unawaited() -> None:
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        app = _Twice()
        async with app.run_test() as pilot:
            app.begin()
            await pilot.pause()
        gc.collect()
    assert app.began == ["second"]
    assert [str(one.message) for one in told if "never awaited" in str(one.message)] == []
