"""`gradus pack coverage`: what a pack holds, topic by topic, and what it lacks.

Promise: everything on stdout, no line wider than its table needs; exit code 0 if the pack could
be read, 1 if not. Must not measure.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.locale import LANGUAGES, Locale
from app.paths import Paths
from app.settings import load
from content.pack import Text, in_language
from content.text import clean_line
from content.text.said import row_said
from content.text.wrap import cells

if TYPE_CHECKING:
    from content.coverage import Counts, Coverage, TopicCoverage

_COLUMNS = ("topic", "cards", "exercises", "levels", "figures", "mistakes", "languages", "kinds")
_RIGHT = frozenset({"cards", "exercises", "figures", "mistakes"})


def add_parser(verbs: argparse._SubParsersAction[argparse.ArgumentParser], say: Locale) -> None:
    """Add `coverage` to `pack`."""
    parser = verbs.add_parser("coverage", help=say("help.pack.coverage"))
    parser.add_argument(
        "path",
        metavar="PATH",
        type=Path,
        nargs="*",
        help=say("help.pack.coverage.path"),
    )
    parser.add_argument("--json", action="store_true", help=say("help.measure.json"))
    parser.add_argument("--language", choices=LANGUAGES, help=say("help.pack.language"))
    parser.set_defaults(run=print_coverage)


def print_coverage(options: argparse.Namespace) -> int:
    """Print what the packs at `options.path` cover, or all that come with the program."""
    from content.checks.report import Words, render
    from content.coverage import coverage
    from content.loader import load as load_pack

    settings = load(Paths.from_environment().settings)[0]
    say = Locale(options.language or settings.language)
    loaded = [load_pack(path) for path in options.path or _built_in()]
    found = [(one.pack.manifest.title, coverage(one)) for one in loaded if one.pack is not None]
    if options.json:
        reports = [_as_json(one) for _, one in found]
        alone = len(options.path) == 1 and len(reports) == 1
        shown = reports[0] if alone else {"packs": reports, "totals": _counts(_sum(found))}
        sys.stdout.write(json.dumps(shown, ensure_ascii=False, indent=1) + "\n")
    else:
        for title, one in found:
            head = clean_line(in_language(title, say.language))
            sys.stdout.write("\n".join([head, "", *_page(one, say, bare=settings.plain), "", ""]))
        if len(found) > 1:
            totals = _sum(found)
            key, values = "coverage.packs", {"cards": totals.cards, "exercises": totals.exercises}
            sys.stdout.write(say(key, n=len(found), **values) + "\n")
    unread = [p for one in loaded for p in one.diagnostics if p.severity == "error"]
    words = Words(say.language)
    for problem in unread:
        sys.stderr.write("\n".join(render([problem], lambda _: (), words.language)) + "\n")
    return 1 if unread or len(found) < len(loaded) else 0


def _built_in() -> list[Path]:
    """The packs that come with the program, in the order in which they are learned."""
    from content.compiled import PackLibrary, builtin_root

    with PackLibrary((builtin_root(),), None) as library:
        return [builtin_root() / manifest.id for manifest in library.manifests()]


def _sum(found: Sequence[tuple[Text, Coverage]]) -> Counts:
    from content.coverage import Counts

    return sum((one.counts for _, one in found), Counts())


def _page(found: Coverage, say: Locale, *, bare: bool) -> list[str]:
    rows: list[Sequence[str]] = [[say(f"coverage.{column}") for column in _COLUMNS]]
    marks = [0]
    for chapter in found.chapters:
        title = clean_line(in_language(chapter.title, say.language))
        marks.append(len(rows))
        rows.append([title, *_cells(chapter.counts, ())])
        rows += [[f"  {topic.topic}", *_cells(topic.counts, topic.languages)]
                 for topic in chapter.topics]  # fmt: skip
    rows.append([say("coverage.all"), *_cells(found.counts, ())])
    lines = _said(rows, say.language) if bare else _table(rows)
    for mark in reversed(marks[1:]):
        lines.insert(mark, "")
    lines.insert(len(lines) - 1, "")
    if bare:
        del lines[:2]  # the header's place and the gap below it
    if found.syllabus:
        written = len(found.syllabus) - len(found.missing)
        key = "coverage.syllabus" if found.missing else "coverage.syllabus.whole"
        lines += ["", say(key, written=written, all=len(found.syllabus))]
        lines += [f"  {topic}" for topic in found.missing]
    lines += ["", say("coverage.mistake-ids", n=len(found.mistakes),
                      shared=sum(n > 1 for n in found.mistakes.values()))]  # fmt: skip
    lines += [
        "",
        say("coverage.typed" if found.typed else "coverage.typed.none", n=len(found.typed)),
    ]
    return [*lines, *(f"  {one.file}:{one.line}:{one.column} {one.item}" for one in found.typed)]


def _cells(counts: Counts, languages: Sequence[str]) -> list[str]:
    return [
        str(counts.cards),
        str(counts.exercises),
        " ".join(f"{level}:{n}" for level, n in sorted(counts.levels.items())),
        str(counts.figures),
        str(counts.mistakes),
        " ".join(languages),
        " ".join(f"{kind} {n}" for kind, n in sorted(counts.kinds.items()) if kind != "card"),
    ]


def _said(rows: Sequence[Sequence[str]], language: str) -> list[str]:
    """Row by row, for those who hear it; nothing in the header's place."""
    header, *others = rows
    return ["", *(row_said(header, [text.strip() for text in row], language) for row in others)]


def _table(rows: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(cells(row[n]) for row in rows) for n in range(len(_COLUMNS))]
    lines = []
    for row in rows:
        parts = []
        for column, text, width in zip(_COLUMNS, row, widths, strict=True):
            gap = " " * (width - cells(text))
            parts.append(gap + text if column in _RIGHT else text + gap)
        lines.append("  ".join(parts).rstrip())
    return lines


def _as_json(found: Coverage) -> dict[str, Any]:
    return {
        "pack": found.pack,
        "totals": _counts(found.counts),
        "chapters": [
            {
                "id": chapter.id,
                "title": chapter.title,
                **_counts(chapter.counts),
                "topics": [_topic(topic) for topic in chapter.topics],
            }
            for chapter in found.chapters
        ],
        "syllabus": len(found.syllabus),
        "missing": list(found.missing),
        "mistakes": dict(found.mistakes),
        "typed": [
            {"file": one.file, "line": one.line, "column": one.column, "item": one.item,
             "digits": one.detail("number")}
            for one in found.typed
        ],
    }  # fmt: skip


def _topic(topic: TopicCoverage) -> dict[str, Any]:
    return {
        "topic": topic.topic,
        "title": topic.title,
        "languages": list(topic.languages),
        **_counts(topic.counts),
    }


def _counts(counts: Counts) -> dict[str, Any]:
    return {
        "cards": counts.cards,
        "exercises": counts.exercises,
        "kinds": _sorted(counts.kinds),
        "levels": {str(level): n for level, n in sorted(counts.levels.items())},
        "figures": counts.figures,
        "mistakes": counts.mistakes,
    }


def _sorted(counts: Mapping[str, int]) -> dict[str, int]:
    return dict(sorted(counts.items()))
