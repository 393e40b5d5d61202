"""The app on one pack: its preview is the only screen.

Promise: opens no study loop and no progress. Must not show anything itself.
"""

from __future__ import annotations

from pathlib import Path

from app.tui.app import Gradus
from app.tui.screens.preview import PreviewScreen


class PreviewApp(Gradus):
    """The app on one pack: no home, no study loop, no progress."""

    CSS_PATH = "styles/gradus.tcss"
    preview: Path

    def get_default_screen(self) -> PreviewScreen:  # type: ignore[override]
        """The preview, the only screen."""
        return PreviewScreen(self.preview)

    def open_desk(self) -> None:
        """The engine alone, when something is measured."""

    def on_unmount(self) -> None:
        """Close the engine, which no study loop closes here."""
        super().on_unmount()
        self.desk.close_engine()
