"""Killed anywhere, an installation leaves the old version or the new one, whole.

Every step that changes the disk is a place to die: a child process kills itself before the n-th
of them, for each n. Processes are forked from one that has everything loaded.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")

_ROOT = Path(__file__).parents[2]
_PACK = "id: sample\nversion: {version}\ntitle: Sample\nlanguages: [en]\n"
_TOPIC = "topic: {name}\ntitle: T\ncards:\n  - {{id: a, front: What?, back: {word}.}}\n"

_WORDS = {"1.0.0": "Alpha", "2.0.0": "Beta", "3.0.0": "Gamma"}

_CHILD = """
import json, os, shutil, signal, sys
from pathlib import Path
from app.packs.fetching import fetch
from app.packs.installing import install, remove
from app.packs.shelf import installed
from app.packs.sources import source_of
from content.compiled import PackLibrary

here, action = Path(sys.argv[1]), sys.argv[2]
CHANGES = {"os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.chmod", "tempfile.mkstemp",
           "tempfile.mkdtemp", "shutil.rmtree", "os.unlink", "os.replace"}

def put(packs, version):
    install(packs, fetch(source_of(str(here / version))), decide=lambda plan: None)

def act(packs):
    if action == "remove":
        remove(packs, "sample")
    else:
        put(packs, "2.0.0")

def die_before(n, packs):
    seen = 0
    def hook(event, arguments):
        nonlocal seen
        writes = event == "open" and "w" in str(arguments[1])
        changes = writes or event in CHANGES
        if changes and str(packs) in str(arguments[0]):
            seen += 1
            if seen > n:
                os.kill(os.getpid(), signal.SIGKILL)
    sys.addaudithook(hook)

def seen_by_a_learner(packs):
    with PackLibrary((packs,), None) as library:
        return [[m.id, m.version] for m in library.manifests()], sorted(
            library.item(item.name)[1].back for item in library.scan()), len(library.problems())

def whole(packs):
    return seen_by_a_learner(packs), sorted(p.name for p in packs.iterdir())

results = []
for n in range(200):
    packs = here / str(n)
    if action != "first":
        put(packs, "1.0.0")
    child = os.fork()
    if child == 0:
        try:
            die_before(n, packs)
            act(packs)
            os._exit(0)
        except BaseException as problem:
            print(repr(problem), file=sys.stderr)
            os._exit(1)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    killed = seen_by_a_learner(packs) if packs.exists() else ([], [], 0)
    # What comes next works, whatever was left.
    put(packs, "3.0.0")
    results.append([code, killed, whole(packs)])
    shutil.rmtree(packs)
    if code == 0:
        break
print(json.dumps(results))
"""


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    for version, word in _WORDS.items():
        pack = tmp_path / version
        (pack / "deep").mkdir(parents=True)
        (pack / "pack.yaml").write_text(_PACK.format(version=version))
        for name in ("first", "deep/second"):
            text = _TOPIC.format(name=name.rpartition("/")[2], word=word)
            (pack / f"{name}.yaml").write_text(text)
    return tmp_path


def _seen(version: str) -> list[object]:
    return [[["sample", version]], [f"{_WORDS[version]}."] * 2, 0]


_NOTHING: list[object] = [[], [], 0]


@pytest.mark.parametrize(
    ("action", "before", "after", "least"),
    [
        ("first", _NOTHING, _seen("2.0.0"), 8),
        ("update", _seen("1.0.0"), _seen("2.0.0"), 10),
        ("remove", _seen("1.0.0"), _NOTHING, 2),
    ],
)
def test_killed_before_every_change_of_the_disk(
    sources: Path, action: str, before: list[object], after: list[object], least: int
) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _CHILD, str(sources), action],
        capture_output=True, text=True, timeout=120, cwd=_ROOT,
        env={**os.environ, "PYTHONPATH": str(_ROOT)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    results = json.loads(done.stdout)
    codes = [code for code, _, _ in results]
    assert codes == [-signal.SIGKILL] * (len(codes) - 1) + [0]
    assert len(codes) > least
    states = [state for _, state, _ in results]
    assert all(state in (before, after) for state in states)
    assert states[0] == before
    assert states[-1] == after
    # Once the new version is there it stays.
    turned = states.index(after)
    assert all(state == after for state in states[turned:])
    for _, _, (seen, names) in results:
        assert seen == _seen("3.0.0")
        visible = [name for name in names if not name.startswith(".staged-")]
        assert len(visible) == 1


def test_killed_from_outside_at_any_moment(sources: Path) -> None:
    """The command itself, killed by somebody else while it runs."""
    from app.packs.fetching import fetch
    from app.packs.installing import install
    from app.packs.sources import source_of
    from content.compiled import PackLibrary

    packs = sources / "home" / "packs"
    install(packs, fetch(source_of(str(sources / "1.0.0"))), decide=lambda plan: None)
    env = {**os.environ, "PYTHONPATH": str(_ROOT), "GRADUS_HOME": str(sources / "home")}
    words = [sys.executable, "-m", "app.cli", "pack", "install", str(sources / "2.0.0")]
    for wait in (0.3, 0.6, 0.9, 1.2):
        process = subprocess.Popen(
            words, env=env, cwd=_ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        time.sleep(wait)
        process.kill()
        process.wait()
        with PackLibrary((packs,), None) as library:
            ((id_, version),) = [(m.id, m.version) for m in library.manifests()]
            backs = {library.item(item.name)[1].back for item in library.scan()}  # type: ignore[union-attr]
        assert (id_, backs) == ("sample", {f"{_WORDS[version]}."})
        assert version in ("1.0.0", "2.0.0")
