"""Where Gradus keeps its files.

Promise: pure look-ups; nothing is created here. `GRADUS_HOME` holds everything in one folder;
otherwise the platform's own folders are used (platformdirs). Must not read or write files.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Paths:
    """One person's folders: `data` (progress, packs), `config`, `cache`, `log`."""

    data: Path
    config: Path
    cache: Path
    log: Path

    @classmethod
    def inside(cls, home: Path) -> Paths:
        """Everything below one folder."""
        return cls(data=home, config=home, cache=home / "cache", log=home / "log")

    @classmethod
    def from_environment(cls) -> Paths:
        """Below `GRADUS_HOME` if set, else the platform's folders."""
        home = os.environ.get("GRADUS_HOME")
        if home:
            return cls.inside(Path(home).expanduser())
        import platformdirs

        found = platformdirs.PlatformDirs("gradus", appauthor=False)
        return cls(
            data=found.user_data_path,
            config=found.user_config_path,
            cache=found.user_cache_path,
            log=found.user_log_path,
        )

    @property
    def database(self) -> Path:
        """Progress."""
        return self.data / "progress.sqlite"

    @property
    def packs(self) -> Path:
        """Installed packs."""
        return self.data / "packs"

    @property
    def backups(self) -> Path:
        """Copies of the database made before risky steps."""
        return self.data / "backups"

    @property
    def compiled_packs(self) -> Path:
        """Cache of read packs; may be deleted at any time."""
        return self.cache / "packs.sqlite"

    @property
    def proofs(self) -> Path:
        """Items that `pack check` has proved; may be deleted at any time."""
        return self.cache / "proofs.json"

    @property
    def search(self) -> Path:
        """The words of all items, to be searched; may be deleted at any time."""
        return self.cache / "search.db"

    @property
    def lab_history(self) -> Path:
        """What was typed in the lab."""
        return self.data / "lab.jsonl"

    @property
    def choices(self) -> Path:
        """What was chosen to study lately."""
        return self.data / "choices.jsonl"

    @property
    def lab_exports(self) -> Path:
        """Sessions of the lab, written as Markdown."""
        return self.data / "lab"

    @property
    def reports(self) -> Path:
        """Reports of drills, written as web pages and as Markdown."""
        return self.data / "drills"

    @property
    def settings(self) -> Path:
        """settings.json."""
        return self.config / "settings.json"

    @property
    def engine_log(self) -> Path:
        """Output of the measuring processes."""
        return self.log / "engine.log"

    @property
    def app_log(self) -> Path:
        """What went wrong in the program itself."""
        return self.log / "gradus.log"
