"""Which scenes there are, each on a home of its own."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Iterable
from pathlib import Path

from engine.client import EngineClient
from tests.screens.browse_scenes import browse
from tests.screens.choose_scenes import choosing
from tests.screens.comfort_scenes import comfort
from tests.screens.drill_scenes import drills
from tests.screens.keeping_scenes import keeping
from tests.screens.scenes import (
    Look,
    Shoot,
    a_day,
    engine_failure,
    first_day,
    lay_broken_pack,
    on_stage,
    pictures,
    store_problem,
    the_lab,
)
from tests.screens.stats_scenes import run_statistics

ACTS = {
    "first": first_day,
    "day": a_day,
    "pictures": pictures,
    "lab": the_lab,
    "drills": drills,
    "keeping": keeping,
    "browse": browse,
    "choosing": choosing,
    "comfort": comfort,
    "store": store_problem,
    "failure": engine_failure,
}
SCENES = (*ACTS, "statistics")


def run(
    scenes: Iterable[str],
    look: Look,
    lived: Path,
    scratch: Path,
    engine: EngineClient,
    shoot: Shoot,
) -> None:
    """These scenes in that look. `lived` is the home of a learner with a week behind them."""
    for name in scenes:
        home = scratch / f"{look.name}-{name}"
        if name == "statistics":
            run_statistics(look, lived, scratch, engine, shoot)
            continue
        if name == "first":
            home.mkdir(parents=True)
        elif name == "failure":
            lay_broken_pack(home)
        else:
            shutil.copytree(lived, home)
        if name == "browse":  # a pack that is removed while its item is looked at
            lay_broken_pack(home)
        asyncio.run(on_stage(look, home, engine, shoot, ACTS[name]))
