"""What was proved is not proved again until something it rests on changes."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from content.checks import Checked, check_loaded, proven
from content.checks.proven import Proven
from content.loader import load
from engine.client import EngineClient
from engine.protocol import Job, Outcome

SOUND = Path(__file__).parents[2] / "data" / "packs" / "sound"
_DRAWS = 6


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EngineClient]:
    with EngineClient(tmp_path_factory.mktemp("log") / "engine.log", device="cpu") as client:
        yield client


class Desk:
    """A pack, a store of proofs, and how many jobs were measured."""

    def __init__(self, engine: EngineClient, folder: Path) -> None:
        self.engine = engine
        self.pack = folder / "pack"
        self.store = folder / "cache" / "proofs.json"
        self.measured = 0
        shutil.copytree(SOUND, self.pack)

    def check(self, draws: int = _DRAWS) -> Checked:
        self.measured = 0
        store = Proven(self.store, draws)
        return check_loaded(load(self.pack), self._measure, draws=draws, proven=store)

    def _measure(self, jobs: Sequence[Job]) -> Iterator[Outcome]:
        self.measured += len(jobs)
        for future in self.engine.submit_many(jobs):
            yield future.result()

    def write(self, old: str, new: str) -> None:
        (file,) = (file for file in self.pack.glob("*.yaml") if file.name != "pack.yaml")
        text = file.read_text(encoding="utf-8")
        assert old in text
        file.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.fixture
def desk(engine: EngineClient, tmp_path: Path) -> Desk:
    return Desk(engine, tmp_path)


def test_nothing_is_measured_twice(desk: Desk) -> None:
    first = desk.check()
    assert (desk.measured, first.known) == (_DRAWS + 1, 0)
    second = desk.check()
    assert (desk.measured, second.known) == (0, 2)
    assert (second.draws, second.diagnostics) == (first.draws, ())


def test_a_changed_item_alone_is_measured_again(desk: Desk) -> None:
    desk.check()
    desk.write("front:", "seconds: 21\n    front:")
    assert desk.check().known == 1
    assert desk.measured == 1


def test_a_fault_is_found_every_time(desk: Desk) -> None:
    desk.check()
    desk.write("solution: ", "solution: 1 + ")
    for _ in range(2):
        found = desk.check()
        assert found.errors == 1
        assert found.known == 1
        assert desk.measured == _DRAWS


def test_more_draws_are_another_proof(desk: Desk) -> None:
    desk.check()
    assert desk.check(_DRAWS + 1).known == 0


def test_another_engine_proves_anew(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.check()
    monkeypatch.setattr(proven, "basis", lambda: "another")
    assert desk.check().known == 0


@pytest.mark.parametrize("text", ["", "[", "[]", '{"proved": 3}', '{"proved": {"a": "b"}}', "\0"])
def test_a_damaged_store_is_empty(text: str, desk: Desk) -> None:
    desk.store.parent.mkdir()
    desk.store.write_text(text, encoding="utf-8")
    assert desk.check().known == 0
    assert desk.check().known == 2


def test_a_store_that_cannot_be_written_is_left(desk: Desk) -> None:
    desk.store.parent.write_text("a file stands where the folder should be", encoding="utf-8")
    assert desk.check().errors == 0
