"""What every run of the tests draws by chance is the same, so that none fails for a fresh draw.

Promise: a test of random cases sees the same cases in every run, on every machine, alone or among
others; what fails is printed and fails again. `--hypothesis-profile=fresh` draws anew, and
`GRADUS_TEXT_SEED=1` lets the long run of random texts begin elsewhere: for looking further by hand.
"""

from __future__ import annotations

import os

from hypothesis import settings
from hypothesis.internal.conjecture import providers

FRESH = "fresh"
STEADY = "gradus"


def steady() -> None:
    """Draw the same cases in every run.

    A busy machine is no failure, so there is no deadline. Hypothesis also draws from the constants
    of whatever modules happen to be loaded, and that depends on which tests ran before in the same
    process: nothing is drawn from them.
    """
    settings.register_profile(FRESH, deadline=None, print_blob=True)
    settings.register_profile(STEADY, deadline=None, print_blob=True, derandomize=True)
    settings.load_profile(STEADY)
    constants = providers.Constants()
    providers._get_local_constants = lambda: constants


def text_seed(usual: int) -> int:
    """The seed of a long run of random texts, unless another is asked for."""
    return int(os.environ.get("GRADUS_TEXT_SEED", usual))
