"""Every screen state, reached in the real app by pressing its keys.

Real pack, real engine, real database; the clock and the seed are fixed. `shoot` is called with a
state's name whenever the screen stands in it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from textual.pilot import Pilot

from app.paths import Paths
from app.settings import Settings
from app.study.clock import Clock
from app.study.views import Shown
from app.tui.app import Gradus
from app.tui.screens.choosing import Phase
from app.tui.screens.home import HomeScreen
from app.tui.screens.lab import LabScreen
from app.tui.screens.study import StudyScreen
from app.tui.screens.summary import SummaryScreen
from app.tui.widgets.lab_field import LabField
from app.tui.widgets.notice import Notice, Tone
from engine.client import EngineClient
from engine.verdict import canonical
from tests.screens.history import NOW, SEED

Shoot = Callable[[str, Gradus], None]
Until = Callable[[], bool]
_STEP = 0.02
_PATIENCE = 40.0

BROKEN_PACK = """\
id: broken
version: 1.0.0
title: {en: Broken, zh: 损坏的题包}
languages: [en, zh]
chapters:
  - {id: broken, title: {en: Out of reach, zh: 测不出的}, topics: [too.large]}
"""
BROKEN_TOPIC = """\
topic: too.large
title: {en: Too large a tensor, zh: 过大的张量}
exercises:
  - id: too-large
    kind: number
    question: {en: How large is it?, zh: 它有多大？}
    measure: sum(zeros(10**6, 10**6))
    solution: 10**12
"""

CARD = "cnn.weight-sharing/"
MISTAKE = "foundations:cnn.conv-multi-multi/second-layer-parameters"
CHOICE = "foundations:cnn.stride/stride-saves-parameters"
SELF = "foundations:cnn.activation/three-small-or-one-large"
PICTURES = {
    "curves": "foundations:cnn.activation/why-relu-here",
    "three": "foundations:act.softmax/scaling-sharpens",
    "kernel": "foundations:cnn.conv-single/one-number-of-the-map",
    "pooling": "foundations:cnn.pooling/window-by-window",
    "coverage": "foundations:cnn.padding/corner-pixel",
    "receptive": "foundations:cnn.local-connectivity/two-layers-see-more",
}
"""A card for each kind of picture."""
DRAWN = {
    "surface": "contours(rosenbrock(x, y), x, -2, 2, y, -1, 3, "
    "path=trajectory(rosenbrock, (-1.5, 2.0), SGD(lr=0.001, momentum=0.9), 60))",
    "bars": "bars((4.1, 0.52, 0.0017), labels=('conv1', '全连接', 'out'), log=True)",
    "heat": "heatmap(softmax(randn(6, 6)), rows=('the', 'cat', 'sat', 'on', 'the', 'mat'))",
    "gap": "plot((1 / x, log(x)), x, -2, 2, points=40)",
}
"""Pictures of the lab."""


@dataclass(frozen=True)
class Look:
    """One way the app is shown."""

    width: int
    height: int
    language: str
    theme: str

    @property
    def name(self) -> str:
        """80x24-en-dark."""
        return f"{self.width}x{self.height}-{self.language}-{self.theme}"


LOOKS = tuple(
    Look(width, height, language, theme)
    for width, height in ((80, 24), (120, 40))
    for language in ("en", "zh")
    for theme in ("light", "dark", "contrast-dark")
)


class Stage:
    """The app on a headless terminal, and ways to wait for it."""

    def __init__(self, app: Gradus, pilot: Pilot[None], shoot: Shoot) -> None:
        self.app = app
        self.pilot = pilot
        self._shoot = shoot

    async def until(self, holds: Until, what: str) -> None:
        """Wait until something holds."""
        waited = 0.0
        while not holds():
            await self.pilot.pause(_STEP)
            waited += _STEP
            if waited > _PATIENCE:
                raise TimeoutError(what)

    async def shoot(self, name: str) -> None:
        """The screen as it is now."""
        await self.settle()
        self._shoot(name, self.app)

    async def settle(self) -> None:
        """Until every widget is laid out."""
        for _ in range(3):
            await self.pilot.pause(_STEP)

    async def press(self, *keys: str) -> None:
        """Press keys and let them act."""
        await self.pilot.press(*keys)
        await self.pilot.pause(_STEP)

    async def type(self, text: str) -> None:
        """Type into the answer field."""
        names = {" ": "space", ",": "comma", ".": "full_stop", "(": "left_parenthesis"}
        names |= {")": "right_parenthesis", "-": "minus"}
        await self.press(*(names.get(char, char) for char in text))

    @property
    def study(self) -> StudyScreen:
        """The study screen on top."""
        screen = self.app.screen
        assert isinstance(screen, StudyScreen), screen
        return screen

    async def phase(self, *phases: Phase) -> None:
        """Wait for the study screen to be in one of these."""
        await self.until(
            lambda: isinstance(self.app.screen, StudyScreen) and self.app.screen.phase in phases,
            f"phase {phases}",
        )
        await self.settle()

    async def complete_home(self) -> None:
        """Wait until home shows what the study loop says."""
        await self.until(lambda: self.app.home.today.complete, "home")
        await self.settle()

    async def find(self, wanted: Callable[[str, str], bool], topic: str | None = None) -> None:
        """Study a topic, skipping until an item of that (name, kind) shows."""
        self.app.study(topic)
        for _ in range(80):
            await self.phase(Phase.FRONT, Phase.QUESTION, Phase.FAILED)
            shown = self.study.shown
            if shown is not None and wanted(shown.name, shown.kind):
                return
            before = shown
            await self.press("f4")
            await self.moved_on(before)
        raise LookupError(f"{topic}: no such item")

    async def moved_on(self, before: Shown | None) -> None:
        """Wait until another item, or another screen, shows."""
        await self.until(
            lambda: not isinstance(self.app.screen, StudyScreen) or self.study.shown is not before,
            "another item",
        )

    async def leave(self) -> None:
        """Back home."""
        await self.press("escape")
        await self.until(lambda: isinstance(self.app.screen, HomeScreen), "home")


async def on_stage(
    look: Look,
    home: Path,
    engine: EngineClient,
    shoot: Shoot,
    act: Callable[[Stage], Awaitable[None]],
) -> None:
    """Run the app in that look and act on it."""
    app = Gradus(
        Paths.inside(home),
        Settings(language=look.language, theme=look.theme, device="cpu", new_per_day=60),
        clock=Clock(NOW),
        few_colours=False,
        engine=engine,
        seed=SEED,
    )
    async with app.run_test(size=(look.width, look.height)) as pilot:
        await act(Stage(app, pilot, shoot))


async def first_day(stage: Stage) -> None:
    """Home of a person who has never studied."""
    await stage.complete_home()
    await stage.shoot("home-first-day")


async def a_day(stage: Stage) -> None:
    """Home, a card, exercises, help, palette, summary."""
    await stage.complete_home()
    await stage.shoot("home")
    await stage.press("question_mark")
    await stage.shoot("help")
    await stage.press("escape")
    await stage.press("ctrl+p")
    await stage.pilot.pause(0.3)
    await stage.shoot("palette")
    await stage.press("escape")
    await _card(stage)
    await _exercise(stage)
    await _choice(stage)
    await _explain(stage)
    await _summary(stage)


async def _card(stage: Stage) -> None:
    await stage.find(lambda name, kind: kind == "card", "foundations:cnn.weight-sharing")
    await stage.shoot("card-front")
    await stage.press("enter")
    await stage.phase(Phase.BACK)
    await stage.shoot("card-back")
    await stage.press("m")
    await stage.pilot.pause(0.5)
    await stage.shoot("measure")
    await stage.press("escape")
    await stage.leave()


async def _exercise(stage: Stage) -> None:
    await stage.find(lambda name, _: name == MISTAKE, MISTAKE.partition("/")[0])
    await stage.press("f2")
    await stage.type("3*")
    await stage.shoot("exercise")
    await stage.press("backspace", "backspace")
    shown = stage.study.shown
    assert shown is not None
    truth = shown.prepared.truth
    await stage.type(str(truth.mistakes[0].value))
    await stage.press("enter")
    await stage.phase(Phase.JUDGED)
    await stage.shoot("verdict-mistake")
    await stage.press("r")
    await stage.phase(Phase.QUESTION)
    shown = stage.study.shown
    assert shown is not None
    await stage.type(canonical(shown.prepared.truth, "en").replace(",", ""))
    await stage.press("enter")
    await stage.phase(Phase.JUDGED)
    await stage.shoot("verdict-right")
    await stage.leave()


async def _choice(stage: Stage) -> None:
    await stage.find(lambda name, _: name == CHOICE, CHOICE.partition("/")[0])
    await stage.press("down", "down")
    await stage.shoot("choice")
    await stage.press("enter")
    await stage.phase(Phase.JUDGED)
    await stage.shoot("choice-judged")
    await stage.leave()


async def _explain(stage: Stage) -> None:
    await stage.find(lambda name, _: name == SELF, SELF.partition("/")[0])
    await stage.press("enter")
    await stage.phase(Phase.POINTS)
    await stage.press("1", "3")
    await stage.shoot("self")
    await stage.press("enter")
    await stage.phase(Phase.JUDGED)
    await stage.leave()


async def _summary(stage: Stage) -> None:
    """The end of a topic's session: three cards answered, the rest left for later."""
    stage.app.study("foundations:cnn.stride")
    for number in range(80):
        await stage.until(
            lambda: (
                isinstance(stage.app.screen, SummaryScreen)
                or stage.study.phase in (Phase.FRONT, Phase.QUESTION)
            ),
            "an item",
        )
        if isinstance(stage.app.screen, SummaryScreen):
            break
        before = stage.study.shown
        if stage.study.phase is Phase.FRONT and number < 4:
            await stage.press("enter")
            await stage.phase(Phase.BACK)
            await stage.press("3")
        else:
            await stage.press("f4")
        await stage.moved_on(before)
    await stage.shoot("summary")
    await stage.press("escape")


async def pictures(stage: Stage) -> None:
    """Cards whose back is a picture, the picture measured, and pictures in the lab."""
    await stage.complete_home()
    for name, wanted in PICTURES.items():
        await stage.find(lambda found, _, wanted=wanted: found == wanted, wanted.partition("/")[0])
        await stage.press("enter")
        await stage.phase(Phase.BACK)
        await stage.shoot(f"picture-{name}")
        if name == "curves":
            await stage.press("m")
            await stage.pilot.pause(0.5)
            await stage.shoot("picture-measured")
            await stage.press("escape")
        await stage.leave()
    await stage.press("l")
    await stage.settle()
    for name, source in DRAWN.items():
        await lab_enter(stage, source)
        await stage.shoot(f"picture-{name}")
    await stage.press("escape", "escape")
    await stage.until(lambda: isinstance(stage.app.screen, HomeScreen), "home")


async def the_lab(stage: Stage) -> None:
    """Layers, names, a training run, an error, completion; then an item with other numbers."""
    await stage.complete_home()
    await stage.press("l")
    await stage.settle()
    await stage.shoot("lab-empty")
    await lab_enter(
        stage, "net = Sequential(Conv2d(3, 64, 3, padding=1), ReLU(), Conv2d(64, 8, 1))"
    )
    await lab_enter(stage, "macs(net, zeros(1, 3, 32, 32))")
    await stage.shoot("lab-table")
    model = "Sequential(Linear(2, 16), ReLU(), Linear(16, 2))"
    await lab_enter(
        stage, f"train({model}, make_rings(256), CrossEntropyLoss(), SGD(lr=0.5), steps=200)"
    )
    await stage.shoot("lab-curve")
    await lab_enter(stage, "k = slider(3, 1, 11, 2)")
    await lab_enter(stage, "output_size(32, k, padding=1, strde=2)")
    await stage.until(lambda: lab_of(stage).names_known, "names")
    await stage.type("parameters(Conv2d(3, 64, ")
    await stage.press("tab")
    await stage.shoot("lab-complete")
    await stage.press("escape", "escape")
    await stage.until(lambda: isinstance(stage.app.screen, HomeScreen), "home")
    await stage.find(lambda name, _: name == MISTAKE, MISTAKE.partition("/")[0])
    await stage.type("1")
    await stage.press("enter")
    await stage.phase(Phase.JUDGED)
    await stage.press("w")
    await lab_idle(stage)
    await stage.press("k", "9")
    await lab_idle(stage)
    await stage.shoot("what-if")
    await stage.press("escape")
    await stage.settle()
    await stage.leave()


def lab_of(stage: Stage) -> LabScreen:
    """The lab on top."""
    screen = stage.app.screen
    assert isinstance(screen, LabScreen), screen
    return screen


async def lab_enter(stage: Stage, text: str) -> None:
    """Type a text, enter it and wait for its value."""
    lab_of(stage).query_one(LabField).put(text)
    await stage.press("enter")
    await lab_idle(stage)


async def lab_idle(stage: Stage) -> None:
    """Wait until nothing is measured any more."""
    await stage.settle()
    await stage.until(
        lambda: not lab_of(stage).running and not lab_of(stage).session.running, "idle"
    )
    await stage.settle()


async def engine_failure(stage: Stage) -> None:
    """An item that the engine cannot measure."""
    await stage.complete_home()
    stage.app.study("broken:too.large")
    await stage.phase(Phase.FAILED)
    await stage.shoot("engine-failure")
    await stage.leave()


async def store_problem(stage: Stage) -> None:
    """An answer that cannot be saved, because another program holds the file."""
    await stage.complete_home()
    await stage.find(lambda name, _: name == MISTAKE, MISTAKE.partition("/")[0])
    await stage.type("1234")
    holder = sqlite3.connect(stage.app.paths.database, isolation_level=None)
    try:
        holder.execute("BEGIN EXCLUSIVE")
        await stage.press("enter")
        notice = stage.study.query_one(Notice)
        await stage.until(lambda: notice.tone is Tone.PROBLEM and bool(notice.words), "a problem")
        await stage.shoot("store-problem")
    finally:
        holder.close()
    await stage.leave()


def lay_broken_pack(home: Path) -> None:
    """A pack with an item that no engine can measure."""
    folder = Paths.inside(home).packs / "broken"
    folder.mkdir(parents=True)
    (folder / "pack.yaml").write_text(BROKEN_PACK, encoding="utf-8")
    (folder / "large.yaml").write_text(BROKEN_TOPIC, encoding="utf-8")
