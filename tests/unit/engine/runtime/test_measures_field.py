"""Receptive fields: of published networks, and against what really reaches an output."""

from __future__ import annotations

import pytest
from measuring import outcome, refusal

from engine.protocol import Measured
from engine.values import TensorValue


@pytest.mark.parametrize(
    ("network", "size", "stride"),
    [
        # Araujo, Norris and Sim, "Computing receptive fields of convolutional neural networks",
        # Distill 2019
        ("alexnet()", 195, 32), ("vgg16()", 212, 32), ("inception_v3()", 1311, 32),
        ("mobilenet_v1()", 315, 32),
        # computed here: the stride is in the 3x3
        ("resnet50()", 427, 32), ("mobilenet_v3_small()", 639, 32),
    ],
)  # fmt: skip
def test_published_networks(network: str, size: int, stride: int) -> None:
    result = outcome("receptive_field(m, features=True)", "effective_stride(m, features=True)",
                     lets={"m": network})  # fmt: skip
    assert isinstance(result, Measured)
    assert result.values == (size, stride)


@pytest.mark.parametrize(
    "model",
    [
        (
            "Sequential(Conv2d(1, 2, 3, padding=1), "
            "Residual(Repeat(2, Conv2d(2, 2, 3, padding=1))), AvgPool2d(2), "
            "Conv2d(2, 1, 3, padding=1))"
        ),
        (
            "Sequential(Parallel(Conv2d(1, 1, 1), Conv2d(1, 1, 5, padding=2), Conv2d(1, 1, 3, "
            "padding=2, dilation=2)), Conv2d(3, 1, 3, stride=2, padding=1), AvgPool2d(3, 1, 1))"
        ),
        "Sequential(Residual(Conv2d(1, 1, 3, 2, 1), Conv2d(1, 1, 1, 2)), Conv2d(1, 1, 3))",
    ],
)
def test_a_field_is_exactly_what_reaches_an_output(model: str) -> None:
    """With weights of 1 nothing cancels: every pixel of the field has a gradient."""
    lets = {"m": f"initialised({model}, 'constant', value=1.)"}
    result = outcome("gradient(m(x)[0, 0, 7, 7], x=rand(1, 1, 32, 32))", "receptive_field(m)",
                     lets=lets)  # fmt: skip
    assert isinstance(result, Measured)
    slopes, size = result.values
    assert isinstance(slopes, TensorValue)
    seen = [place for place, row in enumerate(slopes.data[0][0]) if any(row)]  # type: ignore[index, arg-type]
    assert seen[-1] - seen[0] + 1 == size


def test_what_enlarges_maps_has_no_one_field() -> None:
    assert refusal("receptive_field(Upsample(scale_factor=2))").code == "field-enlarged"
    assert refusal("receptive_field(unet(), features=True)").code == "field-enlarged"
    assert refusal("receptive_field(Linear(3, 2), features=True)").code == "field-everything"
