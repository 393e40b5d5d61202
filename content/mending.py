"""Mends what is mechanical in a pack: slips of YAML, trailing spaces, nearest spellings.

Promise: a mend is kept only if the file then reads further or has fewer problems, so that nothing
is made worse; comments and layout stay. `mended` writes nothing; `write` replaces each file as a
whole. Must not measure and must not choose where two meanings are possible.
"""

from __future__ import annotations

import difflib
import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from content import yaml_events
from content.checks import check_loaded
from content.diagnostic import Diagnostic, Problem
from content.loader import found_at, load
from content.mending_lines import proposals, untabbed, without_trailing_spaces, written
from content.schema import validate_manifest, validate_topic

_ROUNDS = 200
_ALIKE = 0.8
"""How like its nearest spelling a name must be to be taken for it."""
_NAMED_BY = {
    "G101": "field", "G104": "value", "G204": "id", "G206": "id", "G210": "id", "G302": "name",
    "G701": "id",
}  # fmt: skip
_Score = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Mended:
    """A file before and after; `places` counts the lines that changed."""

    path: Path
    before: str
    after: str

    @property
    def places(self) -> int:
        """How many lines changed."""
        lines = difflib.ndiff(self.before.split("\n"), self.after.split("\n"))
        return sum(line.startswith("+ ") for line in lines)

    def diff(self) -> Iterator[str]:
        """The change as a unified diff, line by line."""
        yield from difflib.unified_diff(
            self.before.split("\n"), self.after.split("\n"), str(self.path), str(self.path),
            lineterm="",
        )  # fmt: skip


def mended(path: Path) -> list[Mended]:
    """The files of the pack at `path` in which something mechanical can be mended."""
    found = found_at(path)
    files = [*((found.manifest,) if found.manifest else ()), *found.topics]
    texts: dict[Path, str] = {}
    for file in files:
        with suppress(OSError, UnicodeDecodeError):
            if file.size <= yaml_events.MAX_BYTES:
                texts[file.path] = file.path.read_bytes().decode("utf-8")
    manifest = found.manifest.path if found.manifest else None
    after = {file: _file(text, manifest=file == manifest) for file, text in texts.items()}
    after = _respelled(found.folder, after, manifest)
    return [Mended(file, text, after[file]) for file, text in texts.items() if after[file] != text]


def write(mends: Sequence[Mended]) -> None:
    """Writes each file as a whole. Raises OSError where that cannot be done."""
    for mend in mends:
        handle, name = tempfile.mkstemp(dir=mend.path.parent, prefix=f".{mend.path.name}-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(mend.after.encode("utf-8"))
            Path(name).chmod(mend.path.stat().st_mode & 0o777)
            Path(name).replace(mend.path)
        except OSError:
            Path(name).unlink(missing_ok=True)
            raise


def _file(text: str, *, manifest: bool) -> str:
    """One file with the slips mended that can be seen in it alone."""
    end = "\r\n" if "\r\n" in text else "\n"
    lines = text.split(end)
    spaced = untabbed(lines)
    if _judged(spaced, manifest=manifest)[0] >= _judged(lines, manifest=manifest)[0]:
        lines = spaced
    hopeless: set[tuple[str, str]] = set()
    for _ in range(_ROUNDS):
        following = _one_mend(lines, hopeless, manifest=manifest)
        if following is None:
            break
        lines = following
    tidy = without_trailing_spaces(lines)
    before, after = _read(lines), _read(tidy)
    if before.whole and after.whole and before.data == after.data:
        lines = tidy
    return end.join(lines)


def _one_mend(
    lines: list[str], hopeless: set[tuple[str, str]], *, manifest: bool
) -> list[str] | None:
    """The lines after the first proposal that helps, or None; what nothing helped is noted."""
    score, problems = _judged(lines, manifest=manifest)
    for problem in problems:
        places = [problem.line, problem.line - 1]
        if began := dict(problem.details).get("began"):
            places.insert(0, int(began))
        known = (problem.code, lines[problem.line - 1] if 0 < problem.line <= len(lines) else "")
        if problem.code not in ("G004", "G010", "G101", "G102", "G103") or known in hopeless:
            continue
        for proposed in _proposed(lines, problem, places):
            if _judged(proposed, manifest=manifest)[0] > score:
                return proposed
        hopeless.add(known)
    return None


def _proposed(lines: list[str], problem: Problem, places: list[int]) -> Iterator[list[str]]:
    if quoted := _quoted_word(lines, problem):
        yield quoted
    for number in dict.fromkeys(places):
        yield from proposals(lines, number)


def _quoted_word(lines: list[str], problem: Problem) -> list[str] | None:
    """`true` in quotes where a text is wanted."""
    details = dict(problem.details)
    if "text" not in details.get("expected", "").split() or details.get("found") != "boolean":
        return None
    line = lines[problem.line - 1]
    start = problem.column - 1
    word = next((w for w in ("true", "True", "TRUE", "false", "False", "FALSE")
                 if line.startswith(w, start)), "")  # fmt: skip
    if not word:
        return None
    quoted = line[:start] + written(word) + line[start + len(word) :]
    return [*lines[: problem.line - 1], quoted, *lines[problem.line :]]


def _judged(lines: list[str], *, manifest: bool) -> tuple[_Score, list[Problem]]:
    """How far the file reads and how few problems it has; and these."""
    document = _read(lines)
    problems = list(document.problems)
    if not document.whole:
        stop = problems[-1].line if problems else 0
        return (stop, -len(problems)), problems
    validate = validate_manifest if manifest else validate_topic
    problems += validate(document.data, document.positions)[1]
    return (len(lines) + 1, -len(problems)), problems


def _read(lines: list[str]) -> yaml_events.Document:
    return yaml_events.read("\n".join(lines).encode("utf-8"))


def _respelled(folder: Path, texts: dict[Path, str], manifest: Path | None) -> dict[Path, str]:
    """The files with names put right that stand close to the one name they can mean."""
    with tempfile.TemporaryDirectory() as held:
        copy = Path(held).resolve()
        for _ in range(4):
            for file, text in texts.items():
                place = copy / file.relative_to(folder)
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(text.encode("utf-8"))
            found = check_loaded(load(copy), None).diagnostics
            changed = dict(texts)
            for file, text in texts.items():
                mine = [one for one in found if one.file == str(copy / file.relative_to(folder))]
                changed[file] = _names(text, mine, manifest=file == manifest)
            if changed == texts:
                break
            texts = changed
    return texts


def _names(text: str, found: Sequence[Diagnostic], *, manifest: bool) -> str:
    end = "\r\n" if "\r\n" in text else "\n"
    lines = text.split(end)
    # From the end, so that columns before a change stay right.
    for one in sorted(found, key=lambda one: (one.line, one.column), reverse=True):
        name, near = one.detail(_NAMED_BY.get(one.code, "")), one.detail("nearest")
        if not (name and near and 0 < one.line <= len(lines)) or not _alike(name, near):
            continue
        line, start = lines[one.line - 1], one.column - 1
        start += line[start : start + 1] in ("'", '"')
        if not line.startswith(name, start):
            continue
        proposed = list(lines)
        proposed[one.line - 1] = line[:start] + near + line[start + len(name) :]
        before = _judged(lines, manifest=manifest)[0]
        after = _judged(proposed, manifest=manifest)[0]
        # A field's own file tells whether it fits there; what a reference means, only the pack.
        if after > before or (after == before and one.code not in ("G101", "G104")):
            lines = proposed
    return end.join(lines)


def _alike(name: str, near: str) -> bool:
    return difflib.SequenceMatcher(None, name, near).ratio() >= _ALIKE
