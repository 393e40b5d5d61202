"""From drill to drill: which of their screens stands on which.

Promise: imported with the first drill; a round that is left waits in the progress file, nothing
of it is held here. Must not play or tell.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.tui.screens.drill import DrillScreen
from app.tui.screens.drill_list import DrillListScreen
from app.tui.screens.drill_report import DrillReportScreen
from app.tui.screens.drill_result import DrillResultScreen
from app.tui.screens.drill_setup import DrillSetupScreen

if TYPE_CHECKING:
    from app.drill.setup import Setup
    from app.drill.views import Report
    from app.tui.app import Gradus


class Drilling:
    """The drills' screens on the app's stack."""

    def __init__(self, app: Gradus) -> None:
        self._app = app

    def choose(self) -> None:
        """What can be drilled, over home."""
        self._app.push_screen(DrillListScreen(), lambda _: self._app.refresh_home())

    def set_up(self, setup: Setup | None) -> None:
        """Put a round together, beginning with that set-up."""
        self._app.push_screen(DrillSetupScreen(setup))

    def begin(self, setup: Setup) -> None:
        """A new round, in the place of the screen that set it up or reported the one before."""
        self._over(DrillScreen(setup))

    def resume(self, number: int) -> None:
        """Go on with a stored round."""
        self._app.push_screen(DrillScreen(None, number))

    def leave(self) -> None:
        """Away from a round, which waits, or from a report; home counts again if it is below."""
        self._app.pop_screen()
        if self._app.screen is self._app.home:
            self._app.refresh_home()

    def report(self, number: int, report: Report | None = None) -> None:
        """What a round came to, in the place of the round; a list below shows it as ended."""
        for screen in self._app.screen_stack:
            if isinstance(screen, DrillListScreen) and report is not None:
                screen.ended(report)
        self._over(DrillReportScreen(number, report))

    def result(self, report: Report, at: int) -> None:
        """One question of a report."""
        self._app.push_screen(DrillResultScreen(report, at))

    def study(self, topic: str) -> None:
        """Away from the drills, to a topic."""
        while len(self._app.screen_stack) > 1:
            self._app.pop_screen()
        self._app.study(topic)

    def cancel(self) -> None:
        """The app ends: nobody waits for a measurement any more."""
        for screen in self._app.screen_stack:
            if isinstance(screen, DrillScreen):
                screen.cancel()

    def _over(self, screen: DrillScreen | DrillReportScreen) -> None:
        if isinstance(self._app.screen, DrillListScreen) or len(self._app.screen_stack) == 1:
            self._app.push_screen(screen)
        else:
            self._app.switch_screen(screen)
