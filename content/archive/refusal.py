"""Why an archive is refused: a stable word and what it concerns, no wording.

Promise: importing this costs nothing. The words stand with whoever shows them.
"""

from __future__ import annotations

from collections.abc import Mapping


class ArchiveError(Exception):
    """An archive that is refused. `code` is stable; `details` fill the message's placeholders."""

    def __init__(self, code: str, **details: object) -> None:
        self.code = code
        self.details: Mapping[str, str] = {name: str(value) for name, value in details.items()}
        super().__init__(f"{code}: {self.details}")


CODES = (
    "too-large",
    "not-zip",
    "truncated",
    "malformed",
    "extra-bytes",
    "multi-disk",
    "zip64",
    "count",
    "encrypted",
    "feature",
    "method",
    "extra-field",
    "comment",
    "header-differs",
    "overlap",
    "link",
    "special",
    "folder",
    "name-empty",
    "name-encoding",
    "name-absolute",
    "name-parent",
    "name-backslash",
    "name-character",
    "name-form",
    "name-reserved",
    "name-long",
    "name-depth",
    "name-kind",
    "name-hidden",
    "duplicate",
    "case",
    "file-and-folder",
    "file-size",
    "total-size",
    "ratio",
    "corrupt",
    "no-manifest",
    "manifest",
    "format",
    "id",
    "missing-file",
    "unlisted-file",
    "wrong-size",
    "wrong-hash",
    "no-pack",
    "signature-form",
    "signature-wrong",
    "signature-unchecked",
    "not-signed",
    "other-key",
)
"""Every code there is."""
