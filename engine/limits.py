"""Every limit of the language and of measuring, with its unit and its reason, in one place.

Promise: plain constants, in the order in which they are checked. Must not hold behaviour.
"""

from __future__ import annotations

from typing import Final

# Before parsing: deep nesting and long chains break Python's own parser.
SOURCE_BYTES: Final = 16_384
"""Bytes of one expression in UTF-8."""
BRACKET_DEPTH: Final = 60
"""Brackets open at once."""
RUN: Final = 1_500
"""Names, numbers and signs between two commas: what could nest without brackets (`- - - 1`)."""
DIGITS: Final = 80
"""Digits of one number; 256 bits have 78."""
NAME_LENGTH: Final = 60
"""Characters of one name."""
TEXT_LENGTH: Final = 60
"""Characters of one quoted text."""

# Before evaluating.
NODES: Final = 2_000
"""Names, numbers, calls and operators of one expression."""
DEPTH: Final = 80
"""Levels of one expression; a sum of n terms has n. Each level costs a few stack frames."""
BINDINGS: Final = 200
"""Names in scope, drawn and let together."""
FILLED_NODES: Final = 4_000
"""Nodes of an expression after `let` bindings were written out in it."""
FILLED_DEPTH: Final = 100
"""Levels of such an expression."""

# While evaluating plain values.
INTEGER_BITS: Final = 256
"""Bits of any whole number, known before a power is computed."""
SEQUENCE: Final = 10_000
"""Elements of a tuple or list, inner ones and inner tuples counted."""
SEQUENCE_DEPTH: Final = 16
"""Levels of a tuple of tuples."""
ROUND_DIGITS: Final = 30
"""Second argument of `round`, either sign."""

# While building layers.
SIZE: Final = 10**9
"""One size: channels, features, a kernel's side."""
PARAMETERS: Final = 10**13
"""Parameters of a model on the meta device."""
MODULES: Final = 500
"""Modules of a model that an expression builds (a deeper one is slow to construct)."""
NETWORK_MODULES: Final = 10_000
"""Modules of a listed network."""

# While computing with tensors.
DIMENSIONS: Final = 8
"""Axes of a tensor."""
ELEMENTS: Final = 2**26
"""Elements of any real intermediate, broadcasts foreseen: 256 MiB in float32."""
RETURNED_ELEMENTS: Final = 10**6
"""Elements of a returned value, counted as the product of max(1, side)."""
MATMUL_MACS: Final = 10**10
"""Multiply-accumulates of one matrix product or convolution with real values."""

# While stepping optimizers.
OPTIMIZER_STEPS: Final = 10_000
"""Steps of one optimizer; each costs a tenth of a millisecond or more."""
OPTIMIZER_WORK: Final = 10**8
"""Steps times elements of the parameter."""
SCHEDULE_STEPS: Final = 50_000
"""Steps of one schedule of learning rates."""
SCHEDULES: Final = 10
"""Schedules that follow each other."""
MILESTONES: Final = 100
"""Steps at which one schedule changes the rate."""
CHECKED_ELEMENTS: Final = 2_000
"""Elements by which an expression is differentiated numerically: two evaluations for each."""

# Picturing.
PICTURE_POINTS: Final = 500
"""Points of one curve, or of a path over a surface."""
PICTURE_CURVES: Final = 6
"""Curves over one pair of axes: as many as can be told apart."""
PICTURE_BARS: Final = 40
"""Bars of one picture."""
PICTURE_SIDE: Final = 256
"""Rows and columns of a heat map; a surface draws several of them in one cell."""
WINDOW_SIDE: Final = 30
"""Rows and columns, padding included, of a map that a window slides over."""
PICTURE_LAYERS: Final = 9
"""Layers whose receptive fields are shown in one map."""

# While training.
SAMPLES: Final = 200_000
"""Samples of a data set, a class or a batch."""
TRAINING_STEPS: Final = 100_000
"""Updates of one run; a small one takes half a millisecond."""
TRAINED_PARAMETERS: Final = 2**24
"""Parameters of a model that is trained: a copy, its gradients and two states of an optimizer."""
RUN_POINTS: Final = 500
"""Recorded steps of a run that leaves the worker."""
WATCHED_STEPS: Final = 100
"""Steps at which a run looks at its layers."""

# A whole job.
SECONDS: Final = 5.0
"""Wall time of a job unless it says otherwise."""
FORMULA_SECONDS: Final = 1.0
"""Wall time of a formula or condition that needs no engine."""

# Telling how far a measurement is.
PROGRESS_SECONDS: Final = 0.05
"""Between two words: faster than this nobody reads, and each wakes the interface."""
PROGRESS_POINTS: Final = 64
"""Points of one word; more steps than that in 50 ms are thinned."""
PROGRESS_NOTE: Final = 120
"""Characters of its note."""

# Drawing.
ATTEMPTS: Final = 1_000
"""Redraws until `where` holds."""
DRAW_SECONDS: Final = 5.0
"""Wall time of a draw, or of listing all draws; an ordinary one takes microseconds."""
ENUMERATED: Final = 20_000
"""Combinations looked at when all draws of an item are listed."""

# Showing a failure.
SHOWN_SOURCE: Final = 300
"""Characters kept of a source that is itself too long."""
SHOWN_DETAIL: Final = 200
"""Characters of one detail in a message."""
