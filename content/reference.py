"""The reference of all fields of a pack, as Markdown, from the models themselves.

Promise: what it says is what `content.schema` validates: names, kinds of values, defaults and the
models' own descriptions. Must not add knowledge of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from content.schema import json_schema

_TOPIC = ("Topic", "Card", "Exercise", "Span", "Mistake", "Option", "Step", "Requirement")
_MANIFEST = ("Manifest", "Chapter", "MistakeTitle", "Drill", "Mix")
_TITLES = {
    "Topic": "A topic's file",
    "Card": "`cards`",
    "Exercise": "`exercises`",
    "Span": "A range in `draw`",
    "Mistake": "`mistakes` of an exercise",
    "Option": "`options`",
    "Step": "`steps`",
    "Requirement": "`require`",
    "Tolerance": "`tolerance` as a mapping",
    "Manifest": "pack.yaml",
    "Chapter": "`chapters`",
    "MistakeTitle": "`mistakes` of pack.yaml",
    "Drill": "`drills`",
    "Mix": "`mix` of a drill",
}


def reference() -> str:
    """Every field of every part of a pack."""
    parts = [*_tables(json_schema("pack"), _MANIFEST)]
    parts += _tables(json_schema("topic"), (*_TOPIC, "Tolerance"))
    return "\n".join(parts)


def _tables(schema: Mapping[str, Any], models: tuple[str, ...]) -> Iterator[str]:
    for model in models:
        part = schema if model == schema["title"] else schema["$defs"][model]
        yield f"### {_TITLES[model]}\n\n{part['description']}\n"
        yield "| field | value | unless given | meaning |\n|---|---|---|---|"
        needed = part.get("required", ())
        for name, said in part["properties"].items():
            default = "**needed**" if name in needed else _default(said.get("default"))
            meaning = said["description"].replace("|", "\\|").replace("\n", " ")
            yield f"| `{name}` | {_value(said)} | {default} | {meaning} |"
        yield ""


def _default(value: object) -> str:
    match value:
        case None | "" | [] | ():
            return ""
        case bool():
            return str(value).lower()
        case _:
            return f"`{value}`"


def _value(said: Mapping[str, Any]) -> str:
    """What may stand there, in a word or two."""
    if "$ref" in said:
        return "mapping"
    if "enum" in said:
        return ", ".join(f"`{one}`" for one in said["enum"])
    if "anyOf" in said:
        branches = [_value(one) for one in said["anyOf"] if one.get("type") != "null"]
        if branches == ["text", "mapping to text"]:
            return "text, in each language"
        return " or ".join(dict.fromkeys(branches))
    return _simple(said)


def _simple(said: Mapping[str, Any]) -> str:
    kind: str = said["type"]
    if kind == "array":
        inside = _value(said["items"])
        return "list" if inside == "mapping" else f"list of {inside}"
    if kind == "object":
        held = said.get("additionalProperties")
        return f"mapping to {_value(held)}" if isinstance(held, dict) else "mapping"
    return {"string": "text", "integer": "whole number", "boolean": "true or false"}.get(kind, kind)
