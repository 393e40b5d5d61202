"""What a run can be asked: its curves, its layers at a step, the trained model and its guesses.

Promise: nothing is trained again. A step is how many updates there were; what was not looked at
is refused, with the steps that were. Must not change a run.
"""

from engine.runtime.training.reading import curves, layers, model
from engine.runtime.training.reading.entering import READING

__all__ = ["READING", "curves", "layers", "model"]
