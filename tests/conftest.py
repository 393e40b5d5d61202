"""What tests of several rooms share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from engine.client import EngineClient
from tests.chance import steady

steady()


@pytest.fixture(scope="session")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EngineClient]:
    """A running engine; torch is loaded once for all tests of a run."""
    log = tmp_path_factory.mktemp("engine") / "engine.log"
    with EngineClient(log, device="cpu", start_seconds=600.0) as client:
        yield client
