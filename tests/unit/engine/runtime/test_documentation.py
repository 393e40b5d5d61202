"""Every listed name is documented in both languages, and every example is true."""

from __future__ import annotations

import inspect
import json
import math
import re
import time
from collections.abc import Iterable
from pathlib import Path

import pytest
from torch import nn

import app.locale
from app.locale import LANGUAGES, Locale
from app.values import text_value
from engine.documentation import joined, read
from engine.documented import Documented, Example
from engine.elements import ELEMENTS, Element, element
from engine.expression import SCALARS
from engine.frames import pack, unpack
from engine.grammar import CONSTANTS
from engine.protocol import Failure, Job, Measure, Measured, Skipped
from engine.runtime.documentation import documentation
from engine.runtime.job import run
from engine.runtime.library import LIBRARY

_TOLD = documentation(LIBRARY)
_BY_NAME = {entry.name: entry for entry in _TOLD}
_ELEMENTS = [one for ones in ELEMENTS.values() for one in ones]
_NAMES = Path(app.locale.__file__).parent / "zh" / "names.json"
_LINE = 120
_LONGEST_SUMMARY = 160
_NUMBER = re.compile(r"(?<![\w.])-?\d+(?:\.\d+)?(?:e[-+]?\d+)?")
_OWN_DEFAULTS = {"Softmax", "LogSoftmax", "Softmin"}
"""Layers whose `dim` has a default here and none worth having in PyTorch."""


@pytest.fixture(autouse=True)
def _mnist_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """MNIST's files with 100 black images: its example is about their shape."""
    sides = b"".join(side.to_bytes(4) for side in (100, 28, 28))
    (tmp_path / "t10k-images-idx3-ubyte").write_bytes(b"\0\0\x08\x03" + sides + bytes(78_400))
    labels = b"\0\0\x08\x01" + sides[:4] + bytes(100)
    (tmp_path / "t10k-labels-idx1-ubyte").write_bytes(labels)
    monkeypatch.setenv("GRADUS_DATA", str(tmp_path))


def _printed(expression: str) -> str:
    """What `gradus measure` prints for an expression."""
    job = Job((Measure("value", expression),), device="cpu")
    outcome = run(job, time.monotonic() + 60)
    value = outcome.values[0] if isinstance(outcome, Measured) else outcome
    if isinstance(value, Failure | Skipped):
        return f"({value})"
    return text_value(value)


def _folded(text: str) -> str:
    return re.sub(r"\s+", " ", text).replace("[ ", "[").replace("( ", "(")


def _agree(told: str, measured: str) -> bool:
    """The same text; real numbers may differ in their last digits from machine to machine."""
    told, measured = _folded(told), _folded(measured)
    if told == measured:
        return True
    if _NUMBER.sub("#", told) != _NUMBER.sub("#", measured):
        return False
    pairs = zip(_NUMBER.findall(told), _NUMBER.findall(measured), strict=True)
    return all(
        a == b if a.lstrip("-").isdigit() else math.isclose(float(a), float(b), rel_tol=1e-5)
        for a, b in pairs
    )


def _faults(examples: Iterable[tuple[str, Example]]) -> list[str]:
    known: dict[str, str] = {}
    faults = []
    for name, example in examples:
        if example.expression not in known:
            known[example.expression] = _printed(example.expression)
        got = known[example.expression]
        if not _agree(example.value, got):
            faults.append(f"{name}: {example.expression} -> {example.value}\n  measured: {got}")
    return faults


def test_every_example_is_true() -> None:
    examples = [(entry.name, example) for entry in _TOLD for example in entry.examples]
    examples += [(one.names[0], example) for one in _ELEMENTS for example in one.examples]
    faults = _faults(examples)
    assert not faults, "\n".join(faults)


def test_every_listed_name_has_a_sentence_and_an_example() -> None:
    faults = []
    for entry in _TOLD:
        if not entry.summary:
            faults.append(f"{entry.name}: no first sentence")
        elif len(entry.summary) > _LONGEST_SUMMARY:
            faults.append(f"{entry.name}: a first sentence of {len(entry.summary)} characters")
        if not entry.examples:
            faults.append(f"{entry.name}: no example")
        if "(...)" in entry.signature:
            faults.append(f"{entry.name}: its docstring does not show how it is called")
        # A docstring made of two, for numbers and for tensors, has long paragraphs.
        lines = [] if entry.name in SCALARS else LIBRARY[entry.name].doc.splitlines()
        faults += [f"{entry.name}: overlong: {line}" for line in lines if len(line) > _LINE]
        faults += [
            f"{entry.name}: an example without a value: {example.expression}"
            for example in entry.examples
            if not example.value
        ]
    assert not faults, "\n".join(faults)


def test_every_listed_name_has_a_chinese_line() -> None:
    lines: dict[str, str] = json.loads(_NAMES.read_text(encoding="utf-8"))
    faults = [f"{name}: no Chinese line" for name in LIBRARY if not lines.get(name)]
    faults += [f"{name}: a Chinese line of nothing" for name in lines if name not in LIBRARY]
    for name, line in lines.items():
        if not re.search(r"[一-鿿]", line):
            faults.append(f"{name}: not Chinese: {line}")
        if re.search(r"[一-鿿][,;!?]|[,;!?][一-鿿]", line):
            faults.append(f"{name}: half-width punctuation: {line}")
        if not line.endswith("。"):
            faults.append(f"{name}: no full stop: {line}")
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_subject_has_a_title(language: str) -> None:
    say = Locale(language)
    subjects = {*ELEMENTS, *(entry.subject for entry in _TOLD)}
    missing = [subject for subject in subjects if not say.has(f"language.subject.{subject}")]
    assert not missing, missing


def test_every_kind_of_argument_can_be_said() -> None:
    say = Locale("en")
    kinds = {p.allowed.kind for entry in _TOLD for p in entry.parameters} - {"any", "type"}
    assert all(say.has(f"language.allowed.{kind}") for kind in kinds), kinds


def test_all_constants_and_operators_are_elements() -> None:
    signs = "+ - * / // % ** @ == != < <= > >= and or not if else True False None let"
    for name in (*CONSTANTS, *signs.split(" ")):
        found = element(name)
        assert isinstance(found, Element), name
    names = [name for one in _ELEMENTS for name in one.names]
    assert len(names) == len(set(names))
    assert not set(names) & set(LIBRARY)


def test_a_layer_has_pytorchs_arguments_and_defaults() -> None:
    faults = []
    for entry in _TOLD:
        if entry.group != "layer" or not entry.torch:
            continue
        own = inspect.signature(getattr(nn, entry.name)).parameters
        for parameter in entry.parameters:
            twin = own.get(parameter.name)
            if twin is None:
                takes_any = any(p.kind in (p.VAR_POSITIONAL, p.VAR_KEYWORD) for p in own.values())
                if not takes_any:
                    faults.append(f"{entry.name}({parameter.name}): PyTorch has none")
                continue
            named = getattr(twin.default, "__name__", twin.default)
            default = None if twin.default is twin.empty else repr(named)
            if default != parameter.default and entry.name not in _OWN_DEFAULTS:
                faults.append(f"{entry.name}({parameter.name}={parameter.default}), not {default}")
    assert not faults, "\n".join(faults)


def test_what_a_check_allows_is_told() -> None:
    told = {p.name: p for p in _BY_NAME["Conv2d"].parameters}
    assert (told["in_channels"].allowed.kind, told["in_channels"].allowed.low) == ("whole", "1")
    assert (told["kernel_size"].allowed.kind, told["kernel_size"].allowed.dims) == ("sizes", 2)
    assert told["padding"].allowed.words == ("same", "valid")
    assert told["kernel_size"].default is None
    assert told["dtype"].optional
    assert _BY_NAME["Conv2d"].torch == "torch.nn.Conv2d"
    assert _BY_NAME["Residual"].torch == ""
    assert _BY_NAME["clip"].other_names == ("clamp",)
    assert _BY_NAME["gradient"].unevaluated
    assert _BY_NAME["gradient"].summary.startswith("How fast expr")


def test_the_documentation_crosses_to_the_interface() -> None:
    outcome = run(Job((), device="cpu", documented=True), time.monotonic() + 60)
    assert isinstance(outcome, Measured)
    assert unpack(pack(outcome.documentation)[4:]) == _TOLD
    assert all(isinstance(entry, Documented) for entry in outcome.documentation)


def test_a_docstring_is_read() -> None:
    parts = read(
        "A thing. And more\nof it.\n\nShapes.\n\nSource: A paper,\nits second line.\n"
        "Example: f(x) -> (1,\n2)\nExample: g -> ┌─┐\n│ │\n└─┘"
    )
    assert parts.text == ("A thing. And more of it.", "Shapes.")
    assert parts.summary == "A thing."
    assert parts.sources == ("A paper, its second line.",)
    assert parts.examples == (Example("f(x)", "(1, 2)"), Example("g", "┌─┐\n│ │\n└─┘"))
    twice = read(joined("Tensors.\n\nExample: a -> 1", "Numbers.\n\nExample: b -> 2"))
    assert twice.text == ("Tensors.", "On plain numbers: Numbers.")
    assert [example.value for example in twice.examples] == ["1", "2"]
