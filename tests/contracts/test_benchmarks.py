"""The benchmarks keep in step with the app: they are run seldom, and must then begin."""

from __future__ import annotations

from importlib import import_module
from typing import get_args

import pytest

from content.pack import Kind
from tests.benchmarks import __main__ as benchmarks
from tests.benchmarks.study_probe import TYPED


def test_the_study_probe_answers_every_kind_of_exercise() -> None:
    """`self` is not typed: its points are ticked."""
    assert TYPED.keys() == set(get_args(Kind)) - {"self"}


@pytest.mark.parametrize("subject", benchmarks.SUBJECTS)
def test_every_subject_can_be_begun_and_is_named(subject: str) -> None:
    module = import_module(f"tests.benchmarks.{benchmarks.SUBJECTS[subject]}")
    assert callable(module.run)
    assert f" {subject}," in f" {benchmarks.__doc__}".replace(".", ",").replace("\n", " ")
