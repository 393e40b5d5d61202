"""`gradus measure --help-language` and `--explain NAME`: what may be written, and what it means.

Promise: what is said of a listed name is asked of the engine that would measure it; operators,
constants and dtypes need no engine. English comes from the docstrings, Chinese from the room
`names`. Exit codes: 0 told, 2 no such name, otherwise as for a measurement. Must not import torch.
"""

from __future__ import annotations

import difflib
import sys
from collections.abc import Sequence
from pathlib import Path

from app.commands.measure import EXIT_CODES, encoded, error_object, write
from app.commands.measure_language_text import (
    Listed,
    allowed_text,
    explained,
    line_of,
    listed,
    nothing,
    shown_name,
    subject_title,
    text_of,
)
from app.locale import Locale
from app.values import printable
from engine.documented import Documented, Parameter
from engine.elements import ELEMENTS, Element, element
from engine.grammar import PREFIXES
from engine.messages import describe
from engine.protocol import Failure, Job, Measured

UNKNOWN = 2
_NEAR = 5
_SECONDS = 30.0


def run_list(log: Path, say: Locale, *, as_json: bool) -> int:
    """Print every name, one line each, by subject."""
    told = _asked(log, say, as_json=as_json)
    if isinstance(told, int):
        return told
    subjects = by_subject(told)
    if as_json:
        write(encoded(_list_object(subjects, say)))
    else:
        write(listed(subjects, say))
    return 0


def run_explain(name: str, log: Path, say: Locale, *, as_json: bool) -> int:
    """Print what one name means."""
    name = name.strip()
    found = element(name)
    if found is None:
        told = _asked(log, say, as_json=as_json)
        if isinstance(told, int):
            return told
        plain = _without_prefix(name)
        entry = next((one for one in told if one.name == plain), None)
        if entry is not None:
            if as_json:
                write(encoded(_entry_object(entry, say)))
            else:
                write(explained(entry, say))
            return 0
        found = element(plain)
        if found is None:
            return _unknown(name, near(plain, told), say, as_json=as_json)
    write(encoded(_element_object(found, say)) if as_json else explained(found, say))
    return 0


def by_subject(told: Sequence[Documented]) -> Listed:
    """Names in the order of the library, the subjects in the order of their first name."""
    subjects: dict[str, list[Documented]] = {}
    for entry in told:
        subjects.setdefault(entry.subject, []).append(entry)
    return list(subjects.items())


def near(name: str, told: Sequence[Documented]) -> list[str]:
    """The names most like a name that does not exist, capitals aside."""
    known = [entry.name for entry in told]
    known += [n for group in ELEMENTS.values() for one in group for n in one.names]
    folded: dict[str, list[str]] = {}
    for candidate in known:
        folded.setdefault(candidate.casefold(), []).append(candidate)
    wanted = name.casefold()
    close = difflib.get_close_matches(wanted, folded, n=_NEAR, cutoff=0.6)
    if len(wanted) > 2:
        close += [key for key in folded if wanted in key and key not in close]
    return [candidate for key in close for candidate in folded[key]][:_NEAR]


def _asked(log: Path, say: Locale, *, as_json: bool) -> tuple[Documented, ...] | int:
    """What the engine tells of itself, or the exit code of its failure."""
    from engine.client import EngineClient

    if sys.stderr.isatty():
        sys.stderr.write(say("language.starting") + "\n")
    with EngineClient(log) as engine:
        outcome = engine.measure(Job((), device="cpu", seconds=_SECONDS, documented=True))
    if isinstance(outcome, Measured):
        return outcome.documentation
    return _failed(outcome, say, as_json=as_json)


def _failed(failure: Failure, say: Locale, *, as_json: bool) -> int:
    message = describe(failure, say.language)
    if as_json:
        write(encoded(error_object(failure, message)))
    sys.stderr.write(message + "\n")
    return EXIT_CODES[failure.kind]


def _unknown(name: str, nearest: Sequence[str], say: Locale, *, as_json: bool) -> int:
    message = nothing(printable(name), nearest, say)
    if as_json:
        write(encoded({"error": message, "kind": "unknown-name", "nearest": list(nearest)}))
    sys.stderr.write(message + "\n")
    return UNKNOWN


def _without_prefix(name: str) -> str:
    """`Conv2d` for `torch.nn.Conv2d`, `sum` for `.sum`."""
    prefix, _, last = name.rpartition(".")
    return last if last and (not prefix or prefix in PREFIXES) else name


def _list_object(subjects: Listed, say: Locale) -> dict[str, object]:
    told: list[dict[str, object]] = [
        {
            "subject": subject,
            "title": subject_title(subject, say),
            "names": [{"name": shown_name(one), "line": one.line(say.language)} for one in ones],
        }
        for subject, ones in ELEMENTS.items()
    ]
    told += [
        {
            "subject": subject,
            "title": subject_title(subject, say),
            "names": [{"name": entry.name, "line": line_of(entry, say)} for entry in entries],
        }
        for subject, entries in subjects
    ]
    return {"language": say.language, "subjects": told}


def _element_object(found: Element, say: Locale) -> dict[str, object]:
    return {
        "name": found.names[0],
        "other_names": list(found.names[1:]),
        "usage": found.usage,
        "line": found.line(say.language),
        "examples": [{"expression": e.expression, "value": e.value} for e in found.examples],
    }


def _entry_object(entry: Documented, say: Locale) -> dict[str, object]:
    return {
        "name": entry.name,
        "group": entry.group,
        "subject": entry.subject,
        "signature": entry.signature,
        "line": line_of(entry, say),
        "text": list(text_of(entry, say)),
        "arguments": [_parameter_object(parameter, say) for parameter in entry.parameters],
        "pytorch": entry.torch or None,
        "other_names": list(entry.other_names),
        "method": entry.method,
        "unevaluated": entry.unevaluated,
        "sources": list(entry.sources),
        "examples": [{"expression": e.expression, "value": e.value} for e in entry.examples],
    }


def _parameter_object(parameter: Parameter, say: Locale) -> dict[str, object]:
    return {
        "name": parameter.name,
        "allowed": allowed_text(parameter.allowed, say),
        "default": parameter.default,
        "required": parameter.default is None,
    }
