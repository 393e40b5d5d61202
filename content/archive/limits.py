"""How large a pack file and what is in it may be.

Promise: constants only. The largest built-in pack has 190 files and 2 MB; these leave a
term's worth of packs room and a hostile file none.
"""

from __future__ import annotations

MAX_ARCHIVE_BYTES = 24_000_000
"""A whole `.gradus` file."""
MAX_FILES = 2_000
"""Files in it, its own two included."""
MAX_TOTAL_BYTES = 16_000_000
"""Everything in it, unpacked."""
MAX_FILE_BYTES = 2_000_000
"""One file, unpacked: what the YAML reader takes."""
MAX_RATIO = 100
"""Unpacked size over packed size, of one file and of all."""
RATIO_FROM = 10_000
"""Bytes up to which the ratio says nothing."""
MAX_DEPTH = 12
"""Folders within folders: what a pack's folder may have."""
MAX_NAME_BYTES = 200
"""A file's path; leaves room for the folder it is installed in, on every system."""
MAX_PART_BYTES = 120
"""A file's or folder's own name."""
MAX_MANIFEST_BYTES = 1_000_000
MAX_SIGNATURE_BYTES = 2_000
