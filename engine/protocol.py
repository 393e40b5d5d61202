"""Plain frozen data that crosses the process boundary: jobs in, measurements or failures out.

Promise: every object here can be pickled, compared and shown without torch. Shapes are tuples of
ints, sizes are elements, times are seconds. Must not import torch and must not hold behaviour
beyond small derived properties.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from engine.documented import Documented
from engine.values import Scalar, Value


class FailureKind(StrEnum):
    """Why a measurement has no value. None of these is ever counted against the learner."""

    EXPRESSION = "expression"
    """The expression is wrong: syntax, unknown name, bad argument, torch refused (exit code 2)."""
    LIMIT = "limit"
    """Well-formed, but refused by a limit before or during evaluation (exit code 3)."""
    TIMEOUT = "timeout"
    """The worker was killed at the job's time limit (exit code 4)."""
    MEMORY = "memory"
    """The worker ran out of memory (exit code 5)."""
    CRASH = "crash"
    """The worker died or broke (exit code 5)."""
    CANCELLED = "cancelled"
    """Whoever asked for it called it off (exit code 130)."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A typed failure.

    `code` names the message in `engine.messages` (stable, kebab-case: "unknown-name"); `details`
    fill its placeholders. `column` is 1-based, in characters of `source`, None if unknown.
    `where` is the binding or measure key that failed ("" if the job as a whole did).
    """

    kind: FailureKind
    code: str
    details: tuple[tuple[str, str], ...] = ()
    source: str | None = None
    column: int | None = None
    where: str = ""

    def detail(self, name: str) -> str:
        """The detail of that name, or an empty string."""
        return dict(self.details).get(name, "")


@dataclass(frozen=True, slots=True)
class Skipped:
    """The value of a measure whose `when` did not hold."""


@dataclass(frozen=True, slots=True)
class Measure:
    """One expression to evaluate in a job's scope, under `key`; skipped where `when` is false."""

    key: str
    source: str
    when: str | None = None


@dataclass(frozen=True, slots=True)
class Rerun:
    """A job's bindings and some of its measures once more, under other names."""

    names: tuple[tuple[str, Scalar], ...]
    measures: tuple[Measure, ...]


@dataclass(frozen=True, slots=True)
class Trial:
    """A learner's expression, run in a scope that holds the drawn names and the inputs only.

    Without `inputs` it must be a layer, and the job's measures may call it `answer`. With them it
    is run on each set beside `reference` and `mistakes`, which have a scope of their own; it may
    call the functions under `allow`. With `gradient` it is differentiated by the inputs as well.
    """

    source: str
    allow: tuple[str, ...] = ()
    inputs: tuple[tuple[tuple[str, str], ...], ...] = ()
    reference: str = ""
    mistakes: tuple[Measure, ...] = ()
    gradient: bool = False


@dataclass(frozen=True, slots=True)
class Job:
    """One trip to a worker: names, then `let` bindings in order, then measures in that scope.

    `names` are drawn values. `seed` seeds every random call together with its position in the
    source. `device` is auto, cpu, cuda or mps. `seconds` is the wall-time limit of the whole job.
    With `trace` the result holds a `Trace`, with `documented` what every listed name is. With
    `progress` the worker tells how far it is while it works.
    """

    measures: tuple[Measure, ...]
    names: tuple[tuple[str, Scalar | tuple[Scalar, ...]], ...] = ()
    lets: tuple[tuple[str, str], ...] = ()
    seed: int = 0
    device: str = "auto"
    seconds: float = 5.0
    trace: bool = False
    documented: bool = False
    reruns: tuple[Rerun, ...] = ()
    trial: Trial | None = None
    progress: bool = False


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a long measurement is, told while it goes on.

    `key` is that of the measure or the name of the binding under way. `points` are (step, loss)
    pairs since the last word about it, `validation` likewise; of very many, some are left out,
    never the newest. `run` counts the runs of one key from 0: in each the steps begin anew.
    """

    key: str
    step: int
    steps: int
    points: tuple[tuple[int, float], ...]
    note: str = ""
    validation: tuple[tuple[int, float], ...] = ()
    run: int = 0


@dataclass(frozen=True, slots=True)
class TraceStep:
    """A named step: a `let` binding or a measure, its expression (draw filled in) and its value."""

    name: str
    expression: str
    value: Value | Failure | Skipped
    seconds: float


@dataclass(frozen=True, slots=True)
class LayerRow:
    """One leaf layer of a measured model, in forward order. Columns add up to the totals.

    `weights` are the shapes of its parameters ("64x3x3x3"); `macs` and `output_shape` are None
    where no input was given.
    """

    path: str
    code: str
    weights: tuple[tuple[int, ...], ...]
    parameters: int
    output_shape: tuple[int, ...] | None = None
    macs: int | None = None


@dataclass(frozen=True, slots=True)
class Trace:
    """What the engine did: named steps and, where a model was measured, a table of its layers."""

    steps: tuple[TraceStep, ...] = ()
    layers: tuple[LayerRow, ...] = ()


@dataclass(frozen=True, slots=True)
class Slopes:
    """What differentiating gave: the gradient by each input, or why there is none.

    It belongs to the sum of all elements, each weighted with another fixed number.
    """

    by: tuple[tuple[str, Value], ...] = ()
    failure: Failure | None = None


@dataclass(frozen=True, slots=True)
class Tried:
    """A trial on one set of inputs. A value of another shape than the truth's may lack its data."""

    inputs: tuple[tuple[str, Value], ...]
    truth: Value
    answer: Value | Failure
    mistakes: tuple[Value | Failure | Skipped, ...] = ()
    truth_slopes: Slopes | None = None
    answer_slopes: Slopes | None = None


@dataclass(frozen=True, slots=True)
class Measured:
    """The outcome of a job that ran. `values[i]` answers `job.measures[i]`.

    `device` is where real values were computed ("cpu", "cuda:0"). `seconds` is the worker's time.
    """

    values: tuple[Value | Failure | Skipped, ...]
    device: str
    seconds: float
    trace: Trace | None = None
    engine: str = ""
    """Engine and torch version, the key of measured figures in a cache."""
    documentation: tuple[Documented, ...] = ()
    reruns: tuple[tuple[Value | Failure | Skipped, ...], ...] = ()
    tried: tuple[Tried, ...] = ()


Outcome = Measured | Failure


@dataclass(frozen=True, slots=True)
class EngineEvent:
    """Something the interface may want to show: state is starting, ready, restarted or stopped."""

    state: str
    failure: Failure | None = field(default=None)
