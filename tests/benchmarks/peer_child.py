"""One peer's summary of one network on real weights: `peer_child.py PEER NETWORK RUNS`.

Writes a JSON list of seconds. Runs in an environment of its own that has torch and the peer;
imports nothing of Gradus. The networks are written with torch's own modules, as a user has them.
"""

import contextlib
import io
import json
import sys
import time

import torch
from torch import nn


class Bottleneck(nn.Module):
    """1x1, 3x3 (with the stride), 1x1, and a shortcut."""

    def __init__(self, a: int, width: int, stride: int) -> None:
        super().__init__()
        b = 4 * width
        self.body = nn.Sequential(
            nn.Conv2d(a, width, 1, bias=False),
            nn.BatchNorm2d(width),
            nn.ReLU(),
            nn.Conv2d(width, width, 3, stride, 1, bias=False),
            nn.BatchNorm2d(width),
            nn.ReLU(),
            nn.Conv2d(width, b, 1, bias=False),
            nn.BatchNorm2d(b),
        )
        self.shortcut: nn.Module = nn.Identity()
        if stride != 1 or a != b:
            self.shortcut = nn.Sequential(nn.Conv2d(a, b, 1, stride, bias=False), nn.BatchNorm2d(b))
        self.last = nn.ReLU()

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """(N, a, H, W) -> (N, 4 width, H / stride, W / stride)."""
        out: torch.Tensor = self.last(self.body(x) + self.shortcut(x))
        return out


def resnet50() -> nn.Module:
    """25,557,032 parameters."""
    layers: list[nn.Module] = [
        nn.Conv2d(3, 64, 7, 2, 3, bias=False),
        nn.BatchNorm2d(64),
        nn.ReLU(),
        nn.MaxPool2d(3, 2, 1),
    ]
    a = 64
    for stage, count in enumerate((3, 4, 6, 3)):
        width = 64 * 2**stage
        for block in range(count):
            layers.append(Bottleneck(a, width, 2 if stage and not block else 1))
            a = 4 * width
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(a, 1000))


def vgg16() -> nn.Module:
    """138,357,544 parameters."""
    layers: list[nn.Module] = []
    a = 3
    for width, count in ((64, 2), (128, 2), (256, 3), (512, 3), (512, 3)):
        for _ in range(count):
            layers += [nn.Conv2d(a, width, 3, padding=1), nn.ReLU()]
            a = width
        layers.append(nn.MaxPool2d(2))
    head = [nn.Flatten(), nn.Linear(25088, 4096), nn.ReLU(), nn.Dropout(), nn.Linear(4096, 4096)]
    return nn.Sequential(*layers, *head, nn.ReLU(), nn.Dropout(), nn.Linear(4096, 1000))


def summarised(peer: str, model: nn.Module) -> None:
    """What the peer's own documentation shows: the whole table for one image."""
    if peer == "torchinfo":
        from torchinfo import summary

        summary(model, input_size=(1, 3, 224, 224), verbose=0)
    elif peer == "fvcore":
        from fvcore.nn import FlopCountAnalysis, flop_count_table

        flop_count_table(FlopCountAnalysis(model, torch.zeros(1, 3, 224, 224)))
    elif peer == "calflops":
        from calflops import calculate_flops

        calculate_flops(model=model, input_shape=(1, 3, 224, 224), print_results=False)


def main(peer: str, network: str, runs: int) -> list[float]:
    """The seconds of each run; the first one, which warms up, is left out."""
    torch.manual_seed(0)
    model = {"vgg16": vgg16, "resnet50": resnet50}[network]().eval()
    seconds = []
    for _ in range(runs + 1):
        with contextlib.redirect_stdout(io.StringIO()), torch.no_grad():
            begun = time.perf_counter()
            summarised(peer, model)
            seconds.append(time.perf_counter() - begun)
    return seconds[1:]


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(sys.argv[1], sys.argv[2], int(sys.argv[3]))) + "\n")
