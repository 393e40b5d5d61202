"""The device of real values: chosen once per job, never touched before a value needs it.

Promise: "auto" is CUDA, then MPS, then the CPU; an unavailable device is a refusal, never a
silent change. Must not run in the zygote: asking for CUDA there would break its forks.
"""

from __future__ import annotations

from contextvars import ContextVar
from typing import Final

import torch

from engine.refusal import refused

_CPU: Final = torch.device("cpu")
_chosen: ContextVar[torch.device] = ContextVar("device", default=_CPU)


def on_cpu(name: str) -> bool:
    """Whether a job that asks for device `name` computes on the CPU."""
    if name == "auto":
        return _best().type == "cpu"
    return name == "cpu"


def choose(name: str) -> torch.device:
    """Make `name` (auto, cpu, cuda, mps) the device of the values that follow."""
    if name == "auto":
        device = _best()
    elif name == "cpu":
        device = _CPU
    elif (name == "cuda" and torch.cuda.is_available()) or (name == "mps" and _has_mps()):
        device = torch.device(name)
    else:
        raise refused("device-unavailable", device=name, best=_best().type)
    if device.type == "cuda":  # TF32 rounds to 10 bits: float32 would not be float32
        torch.backends.cudnn.allow_tf32 = False
    _chosen.set(device)
    return device


def current() -> torch.device:
    """Where real tensors live now."""
    return _chosen.get()


def described(device: torch.device) -> str:
    """The device as shown to the learner: `cpu`, `cuda:0`, `mps`."""
    if device.type == "cuda":
        return f"cuda:{device.index or 0}"
    return device.type


def _best() -> torch.device:
    if torch.cuda.is_available():
        return torch.device("cuda")
    if _has_mps():
        return torch.device("mps")
    return _CPU


def _has_mps() -> bool:
    return torch.backends.mps.is_available()
