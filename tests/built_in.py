"""The packs that come with the program, read once for all tests of a process."""

from __future__ import annotations

import atexit
from functools import cache

from content.compiled import PackLibrary, builtin_root


@cache
def built_in() -> PackLibrary:
    """Reading them takes seconds; they close with the process."""
    library = PackLibrary((builtin_root(),), None)
    atexit.register(library.close)
    return library
