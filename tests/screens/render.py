"""`python -m tests.screens.render [--only NAME] [--look LOOK]`: every screen as a PNG.

Writes tests/data/screens/LOOK/STATE.png. Needs rsvg-convert and the fonts DejaVu Sans Mono and
Noto Sans Mono CJK (Debian: librsvg2-bin, fonts-dejavu-core, fonts-noto-cjk).
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path

from app.tui.app import Gradus
from engine.client import EngineClient
from tests.screens.cells import svg_of
from tests.screens.checks import faults
from tests.screens.history import live
from tests.screens.running import SCENES, run
from tests.screens.scenes import LOOKS, Look

FOLDER = Path(__file__).parent.parent / "data" / "screens"


def missing() -> str:
    """What is missing to make pictures, as one sentence; empty if nothing is."""
    if shutil.which("rsvg-convert") is None:
        return "rsvg-convert is missing: install it (Debian and Ubuntu: apt install librsvg2-bin)."
    lister = shutil.which("fc-list")
    if lister is None:
        return "fc-list is missing: install fontconfig to look for fonts."
    fonts = subprocess.run(
        [lister, ":", "family"], capture_output=True, text=True, check=True
    ).stdout
    if "Noto Sans Mono CJK SC" not in fonts:
        return "A font is missing: Noto Sans Mono CJK SC (apt install fonts-noto-cjk)."
    if "DejaVu Sans Mono" not in fonts:
        return "A font is missing: DejaVu Sans Mono (apt install fonts-dejavu-core)."
    return ""


def main(arguments: list[str] | None = None) -> int:
    """Render; 0 done, 1 something is missing, 2 a picture has clipped or overlapping text."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", help="only states whose name holds this")
    parser.add_argument("--look", help="only looks whose name holds this: 80x24-en-dark")
    options = parser.parse_args(arguments)
    if problem := missing():
        sys.stderr.write(f"{problem}\n")
        return 1
    count = 0
    found: list[str] = []

    def shoot(look: Look, name: str, app: Gradus) -> None:
        nonlocal count
        if options.only and options.only not in name:
            return
        path = FOLDER / look.name / f"{name}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run(
            ["rsvg-convert", "-o", str(path)],
            input=svg_of(app).encode(),
            check=True,
        )
        count += 1
        found.extend(f"{look.name}/{name}: {fault}" for fault in faults(app))

    scratch = Path(tempfile.gettempdir()) / "gradus-screens"  # the path is in some pictures
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir()
    try:
        with EngineClient(scratch / "engine.log", device="cpu") as engine:
            lived = scratch / "lived"
            live(lived, engine)
            for look in LOOKS:
                if options.look and options.look not in look.name:
                    continue
                taken = partial(shoot, look)
                run(SCENES, look, lived, scratch, engine, taken)
                sys.stdout.write(f"{look.name}\n")
                sys.stdout.flush()
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    sys.stdout.write(f"{count} pictures in {FOLDER}\n")
    for fault in found:
        sys.stderr.write(f"{fault}\n")
    return 2 if found else 0


if __name__ == "__main__":
    sys.exit(main())
