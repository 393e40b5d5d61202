"""Fixtures of the engine's tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from rigging import RUNTIME, Rig, package_with

from engine import launch
from engine.client import EngineClient
from engine.protocol import EngineEvent


@pytest.fixture
def events() -> list[EngineEvent]:
    """What the client told."""
    return []


@pytest.fixture
def rig(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, events: list[EngineEvent]
) -> Iterator[Rig]:
    """Starts a client whose processes have the runtime above, or another one."""
    clients: list[EngineClient] = []

    def start(
        runtime: str = RUNTIME,
        *,
        transport: str = "zygote",
        start_seconds: float = 60.0,
        device: str = "auto",
    ) -> EngineClient:
        monkeypatch.setattr(launch, "_PACKAGE", package_with(tmp_path, runtime))
        client = EngineClient(
            tmp_path / "log" / "engine.log",
            on_event=events.append,
            transport=transport,
            start_seconds=start_seconds,
            device=device,
        )
        clients.append(client)
        client.start()
        return client

    yield start
    for client in clients:
        client.close()
