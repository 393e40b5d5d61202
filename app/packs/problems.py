"""Why a pack cannot be fetched, installed or removed: a stable word and its details, no wording.

Promise: importing this costs nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from content.checks import Checked


class PackError(Exception):
    """A refusal. `code` is stable; `details` fill the message's placeholders."""

    def __init__(self, code: str, **details: object) -> None:
        self.code = code
        self.details: Mapping[str, str] = {name: str(value) for name, value in details.items()}
        super().__init__(f"{code}: {self.details}")


class FetchError(PackError):
    """The pack could not be had at all."""


class FaultyPackError(Exception):
    """The pack has errors. File names in the report begin below `folder`."""

    def __init__(self, checked: Checked, folder: Path) -> None:
        self.checked = checked
        self.folder = folder
        super().__init__(checked.pack)


CODES = (
    "hand-placed",
    "built-in",
    "not-installed",
    "no-source",
    "other-id",
    "other-version",
    "key-file",
    "public-key",
    "no-signer",
    "cannot-write",
    "progress",
)
FETCH_CODES = (
    "not-found",
    "unreadable",
    "no-pack",
    "url",
    "scheme",
    "credentials",
    "plain-http",
    "redirect",
    "status",
    "network",
    "slow",
    "too-large",
    "git-missing",
    "git-failed",
    "git-ref",
)
"""Every code there is, of `PackError` and of `FetchError`."""
