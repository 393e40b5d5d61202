"""First file of every measuring process, run by its path: `python -P engine/boot.py ROLE ...`.

Promise: `engine` is the package this file lies in, however Gradus was installed or started, and
nothing is ever imported from the folder the person stands in (`-P` keeps it off `sys.path`, and
`engine` is loaded by its place, not searched for). Must not import anything but the standard
library before that.
"""

from __future__ import annotations

import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path


def _adopt_package() -> None:
    here = Path(__file__).resolve().parent
    spec = spec_from_file_location(
        "engine", here / "__init__.py", submodule_search_locations=[str(here)]
    )
    if spec is None or spec.loader is None:
        raise ImportError(f"no package in {here}")
    package = module_from_spec(spec)
    sys.modules["engine"] = package
    spec.loader.exec_module(package)


def main(arguments: list[str]) -> int:
    """Become the zygote or a single worker; ends with the process."""
    _adopt_package()
    role, *rest = arguments
    if role == "zygote":
        from engine import zygote

        return zygote.main(rest)
    if role == "worker":
        from engine import worker

        return worker.main(rest)
    raise ValueError(f"unknown role {role!r}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
