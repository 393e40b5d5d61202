"""Validates raw YAML data into the dataclasses of a pack, every problem with its place.

Promise: strict types (a bool is no number, a number no bool), unknown fields refused with the
nearest spelling, all problems of a file found in one run. A plain number where text is wanted
(`solution: 6`) is taken as it is written. Must not read files or measure.
"""

from __future__ import annotations

import dataclasses
import difflib
import json
from collections.abc import Iterator
from functools import cache
from typing import Any, Literal, TypeVar

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from content import pack
from content.constraints import manifest_problems, topic_problems
from content.diagnostic import Details, Problem
from content.manifest import Chapter, Drill, Manifest, MistakeTitle, Mix
from content.yaml_positions import Path, Positions

Model = TypeVar("Model", pack.Topic, Manifest)

_MODELS: dict[str, Any] = {"Topic": pack.Topic, "Manifest": Manifest}
_INSIDE: dict[str, type] = {
    "cards": pack.Card,
    "exercises": pack.Exercise,
    "options": pack.Option,
    "steps": pack.Step,
    "require": pack.Requirement,
    "tolerance": pack.Tolerance,
    "draw": pack.Span,
    "chapters": Chapter,
    "drills": Drill,
    "mix": Mix,
}
_EXPECTED = {
    "string_type": "text",
    "int_type": "integer",
    "float_type": "number",
    "bool_type": "boolean",
    "tuple_type": "list",
    "dict_type": "mapping",
    "dataclass_type": "mapping",
}
_VERSION: Path = ("version",)
"""Text that is not taken as written: 1.10 in any other reader of YAML is 1.1."""


def validate_topic(data: object, positions: Positions) -> tuple[pack.Topic | None, list[Problem]]:
    """The topic in `data`, or None; and every problem found."""
    topic, problems = _validate(pack.Topic, data, positions)
    if topic is not None:
        problems += topic_problems(topic, positions)
    return topic, problems


def validate_manifest(data: object, positions: Positions) -> tuple[Manifest | None, list[Problem]]:
    """The manifest in `data`, or None; and every problem found."""
    manifest, problems = _validate(Manifest, data, positions)
    if manifest is not None:
        problems += manifest_problems(manifest, positions)
    return manifest, problems


def json_schema(of: Literal["topic", "pack"]) -> dict[str, Any]:
    """The JSON Schema that editors use for a topic file or for pack.yaml."""
    schema = _adapter("Topic" if of == "topic" else "Manifest").json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


@cache
def _adapter(name: str) -> TypeAdapter[Any]:
    return TypeAdapter(_MODELS[name])


def _validate(
    model: type[Model], data: object, positions: Positions
) -> tuple[Model | None, list[Problem]]:
    if not isinstance(data, dict):
        line, column = positions.value(())
        details = (("expected", "mapping"), ("found", _found(data)), ("field", ""))
        return None, [Problem("G103", line, column, details)]
    while True:
        try:
            # JSON, because only there does strict mode take mappings for dataclasses.
            checked: Model = _adapter(model.__name__).validate_json(json.dumps(data), strict=True)
            return checked, []
        except ValidationError as error:
            faults = _chosen(error.errors(include_url=False, include_context=True), data)
        if not _take_as_written(faults, data, positions):
            return None, [_problem(model, fault, data, positions) for fault in faults]


@dataclasses.dataclass(slots=True)
class _Fault:
    """One thing wrong at one place, after the fitting branch of every union was chosen."""

    path: Path
    kind: str
    value: object
    expected: tuple[str, ...] = ()
    field: str = ""
    allowed: str = ""


def _chosen(errors: list[ErrorDetails], data: object) -> list[_Fault]:
    """The errors that concern what the author meant, one per place.

    pydantic reports every branch of a union; the one meant is the one with the type that was
    written. Where none fits, the branches together say what was expected.
    """
    faults: list[_Fault] = []
    entered: set[Path] = set()
    misfits: dict[Path, list[str]] = {}
    for error in errors:
        path, tags, rest = _walk(error["loc"], data)
        if error["type"] in ("missing", "missing_argument") and tags[-1:] == [(len(path), rest)]:
            tags = tags[:-1]
        misfit = None
        for depth, tag in tags:
            if _fits(tag, _at(data, path[:depth])):
                entered.add(path[:depth])
            else:
                misfit = path[:depth]
                misfits.setdefault(misfit, []).append(_branch(tag))
                break
        if misfit is None:
            faults.append(_fault(error, path, rest))
    for place, expected in misfits.items():
        if place not in entered:
            faults.append(_Fault(place, "type", _at(data, place), tuple(dict.fromkeys(expected))))
    return faults


def _fault(error: ErrorDetails, path: Path, rest: str) -> _Fault:
    kind = error["type"]
    value = error["input"]
    if kind in ("missing", "missing_argument"):
        return _Fault(path, "missing", value, field=rest)
    if kind in ("unexpected_keyword_argument", "extra_forbidden"):
        return _Fault(path, "unknown", value, field=str(path[-1]) if path else "")
    if kind == "literal_error":
        return _Fault(path, "literal", value, allowed=str(error.get("ctx", {}).get("expected", "")))
    return _Fault(path, "type", value, (_EXPECTED.get(kind, "value"),))


def _walk(loc: tuple[int | str, ...], data: object) -> tuple[Path, list[tuple[int, str]], str]:
    """Splits an error's loc: the path in the data, union tags with their depth, the last name."""
    path: list[str | int] = []
    tags: list[tuple[int, str]] = []
    current: Any = data
    for part in loc:
        if _leads_on(current, part):
            current = current[part]
            path.append(part)
        else:
            tags.append((len(path), str(part)))
    return tuple(path), tags, str(loc[-1]) if loc else ""


def _leads_on(current: object, part: int | str) -> bool:
    if isinstance(part, int):
        return isinstance(current, list) and part < len(current)
    return isinstance(current, dict) and part in current


def _at(data: object, path: Path) -> object:
    for part in path:
        if isinstance(data, dict | list):
            data = data[part]  # type: ignore[index]
    return data


def _branch(tag: str) -> str:
    plain = {"str": "text", "int": "integer", "float": "number", "bool": "boolean"}
    return plain.get(tag, "list" if tag.startswith("tuple[") else "mapping")


def _fits(tag: str, value: object) -> bool:
    branch, found = _branch(tag), _found(value)
    return branch == found or (branch == "number" and found == "integer")


def _found(value: object) -> str:
    match value:
        case None:
            return "nothing"
        case bool():
            return "boolean"
        case int():
            return "integer"
        case float():
            return "number"
        case str():
            return "text"
        case dict():
            return "mapping"
        case _:
            return "list"


def _take_as_written(faults: list[_Fault], data: object, positions: Positions) -> bool:
    """Puts the author's own spelling where text was wanted and a number stands. True if any."""
    changed = False
    for fault in faults:
        written = positions.written(fault.path)
        wanted = fault.kind == "type" and "text" in fault.expected
        number = _found(fault.value) in ("integer", "number")
        if wanted and written and number and fault.path and fault.path != _VERSION:
            holder: Any = _at(data, fault.path[:-1])
            holder[fault.path[-1]] = written
            changed = True
    return changed


def _problem(model: type, fault: _Fault, data: object, positions: Positions) -> Problem:
    item = _item(fault.path, data)
    if fault.kind == "unknown":
        place = positions.key(fault.path)
        return Problem("G101", *place, tuple(_unknown(model, fault)), item)
    if fault.kind == "missing":
        place = positions.value(fault.path)
        return Problem("G102", *place, (("field", fault.field),), item)
    if fault.kind == "literal":
        place = positions.value(fault.path)
        return Problem("G104", *place, tuple(_literal(fault)), item)
    field = _field(fault.path)
    if fault.value is None and " " in field:
        # `{en: Why, oh why?}`: YAML reads the rest of the text as a key of its own.
        return Problem(
            "G103", *positions.key(fault.path), (("slip", "comma"), ("field", field)), item
        )
    details: Details = (
        ("field", field),
        ("expected", " ".join(fault.expected)),
        ("found", _found(fault.value)),
    )
    if fault.path == _VERSION and _found(fault.value) in ("integer", "number"):
        details += (("hint", "version"), ("written", positions.written(fault.path) or ""))
    return Problem("G103", *_named(positions, fault.path), details, item)


def _named(positions: Positions, path: Path) -> tuple[int, int]:
    """Where a value stands; its name where the value begins on a later line."""
    value, name = positions.value(path), positions.key(path)
    return name if path and isinstance(path[-1], str) and name[0] < value[0] else value


def _unknown(model: type, fault: _Fault) -> Iterator[tuple[str, str]]:
    owner = _owner(model, fault.path[:-1])
    known = [field.name.rstrip("_") for field in dataclasses.fields(owner)]
    yield "field", fault.field
    if near := nearest(fault.field, known):
        yield "nearest", near
    elif owner is pack.Card and fault.field in pack.Exercise.__dataclass_fields__:
        yield "belongs", "exercises"
    elif owner is pack.Exercise and fault.field in pack.Card.__dataclass_fields__:
        yield "belongs", "cards"
    yield "known", ", ".join(known)


def _literal(fault: _Fault) -> Iterator[tuple[str, str]]:
    allowed = [part.strip("' ") for part in fault.allowed.replace(" or ", ", ").split(",")]
    yield "field", _field(fault.path)
    yield "value", str(fault.value)
    yield "allowed", ", ".join(allowed)
    if near := nearest(str(fault.value), allowed):
        yield "nearest", near


def nearest(name: str, known: list[str]) -> str:
    """The known name most like `name`, or ""."""
    return next(iter(difflib.get_close_matches(name, known, n=1, cutoff=0.6)), "")


def _owner(model: type, path: Path) -> type:
    """The dataclass whose fields the mapping at `path` may have."""
    for part in reversed(path):
        if part == "mistakes":
            return pack.Mistake if model is pack.Topic else MistakeTitle
        if isinstance(part, str) and part in _INSIDE:
            return _INSIDE[part]
    return model


def _field(path: Path) -> str:
    return next((part for part in reversed(path) if isinstance(part, str)), "")


def _item(path: Path, data: object) -> str:
    """`topic/id` of the item a path lies in, or ""."""
    if len(path) < 2 or path[0] not in ("cards", "exercises") or not isinstance(data, dict):
        return ""
    node = _at(data, path[:2])
    name = node.get("id") if isinstance(node, dict) else None
    return f"{data.get('topic', '')}/{name}" if isinstance(name, str) else ""
