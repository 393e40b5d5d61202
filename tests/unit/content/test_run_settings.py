"""What sets training runs apart is read off their code."""

from __future__ import annotations

import pytest

from content.text.pictures import labels_of, picture_of, runs_in
from content.text.pictures.settings import settings
from engine.values import Curves, RunValue


@pytest.mark.parametrize(
    ("codes", "told"),
    [
        (("train(a, SGD(lr=0.1))", "train(a, SGD(lr=0.5))"), ("lr=0.1", "lr=0.5")),
        (
            ("train(a, optim.SGD(lr=1))", "train(a, optim.SGD(lr=1, momentum=0.9))"),
            ("SGD(lr=1)", "SGD(lr=1, momentum=0.9)"),
        ),
        (
            ("train(mlp(2, 4), steps=3)", "train(mlp(2, 8), steps=5)"),
            ("4, steps=3", "8, steps=5"),
        ),
        (("train(a)", "train(a)"), ()),
        (("train(", "train(a)"), ()),
        ((f"f('{'x' * 60}')", "f('y')"), ()),
    ],
)
def test_settings(codes: tuple[str, ...], told: tuple[str, ...]) -> None:
    assert settings(codes) == told


def run(code: str) -> RunValue:
    return RunValue(code, (0, 1), (1.0, 0.5))


def test_names_come_before_what_differs() -> None:
    runs = (run("f(lr=1)"), run("f(lr=2)"))
    assert labels_of(runs) == ("lr=1", "lr=2")
    assert labels_of(runs, ("P", "Q")) == ("P: lr=1", "Q: lr=2")
    assert labels_of((run(""), run(""))) == ("1", "2")
    assert labels_of((run(""), run("")), ("P", "Q")) == ("P", "Q")


def test_several_runs_are_one_picture() -> None:
    picture = picture_of((run("f(1)"), run("f(2)")))
    assert isinstance(picture, Curves)
    assert [one.label for one in picture.series] == ["1", "2"]
    assert runs_in((run("f"), 3)) == ()
    assert picture_of(()) is None
