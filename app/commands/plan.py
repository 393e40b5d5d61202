"""`gradus plan`: what it takes to be ready by a day.

Promise: stdout holds the plan alone, for people or as JSON; nothing is changed unless `--keep` or
`--forget` says so. Exit codes: 0 done, 1 progress cannot be opened or nothing is planned, 2 an
option that cannot be.
"""

from __future__ import annotations

import sys
from argparse import ArgumentTypeError
from dataclasses import asdict, replace
from datetime import date
from typing import TYPE_CHECKING

from app.calendar import Goal, coming_day, goal_of, with_goal
from app.commands.choosing import add_topics, joined
from app.locale import LANGUAGES, Locale
from app.paths import Paths
from app.settings import Settings, load, save

if TYPE_CHECKING:
    import argparse

    from app.study.deadline import Plan
    from app.study.session import Study


def add_parser(
    subparsers: argparse._SubParsersAction[argparse.ArgumentParser], say: Locale
) -> None:
    """Add `plan`."""
    plan = subparsers.add_parser("plan", help=say("help.plan"), description=say("help.plan.about"))
    plan.add_argument(
        "--before", type=_Day(say), metavar="2026-12-12", help=say("help.plan.before")
    )
    plan.add_argument("--name", metavar="NAME", help=say("help.plan.name"))
    add_topics(plan, say)
    plan.add_argument("--keep", action="store_true", help=say("help.plan.keep"))
    plan.add_argument("--forget", action="store_true", help=say("help.plan.forget"))
    plan.add_argument("--json", action="store_true", help=say("help.json"))
    plan.add_argument("--language", choices=LANGUAGES, help=say("help.language"))
    plan.set_defaults(run=run)


class _Day:
    """Reads a date."""

    def __init__(self, say: Locale) -> None:
        self._say = say

    def __call__(self, text: str) -> int:
        from app.study.clock import Clock

        try:
            day = coming_day(text, Clock.from_environment().today())
        except ValueError:
            day = None
        if day is None:
            raise ArgumentTypeError(self._say("cli.choose.bad-date", text=text))
        return day


def run(options: argparse.Namespace) -> int:
    """`gradus plan`."""
    from app.commands.study import open_study
    from app.progress.store import StoreProblem

    paths = Paths.from_environment()
    settings = load(paths.settings)[0]
    settings = replace(settings, language=options.language or settings.language)
    say = Locale(settings.language)
    if options.forget:
        return _keep(paths, settings, None, say)
    goal = _goal(options, settings)
    if goal is None:
        sys.stderr.write(say("cli.choose.no-goal") + "\n")
        return 1
    try:
        with open_study(paths, settings) as study:
            code = _tell(study, goal, options, say)
    except StoreProblem as problem:
        sys.stderr.write(problem.describe(say.language) + "\n")
        return 1
    return _keep(paths, settings, goal, say) if options.keep and not code else code


def _goal(options: argparse.Namespace, settings: Settings) -> Goal | None:
    """What the options say, what they leave out as it was kept."""
    kept = goal_of(settings)
    if options.before is None and kept is None:
        return None
    day = options.before if options.before is not None or kept is None else kept.day
    name = options.name if options.name is not None else (kept.name if kept else "")
    topics = joined(options.topic) or (kept.topics if kept else frozenset())
    return Goal(day, name, topics)


def _tell(study: Study, goal: Goal, options: argparse.Namespace, say: Locale) -> int:
    from app.study.plan_words import told
    from app.study.ready import plan_for
    from app.study.selecting import UnknownWord

    try:
        plan = plan_for(study, goal)
    except UnknownWord as word:
        sys.stderr.write(say(f"plain.no-{word.what}", word=word.word) + "\n")
        return 2
    if plan is None:
        day = say.date(date.fromordinal(goal.day))
        sys.stderr.write(say("cli.choose.past", date=day) + "\n")
        return 2
    if options.json:
        import json

        sys.stdout.write(json.dumps(as_data(plan, goal), ensure_ascii=False, indent=1) + "\n")
    else:
        sys.stdout.write("\n".join(told(plan, goal, study.limits.new, say)) + "\n")
    return 0


def as_data(plan: Plan, goal: Goal) -> dict[str, object]:
    """The plan as JSON: days as dates."""
    courses = {}
    for name, course in (("needed", plan.needed), ("under_limits", plan.limited)):
        found = asdict(course)
        found["recall"] = round(course.recall, 4)
        found["items_per_day"] = course.items_per_day
        found["loads"] = [
            {"date": str(date.fromordinal(one.day)), "new": one.new, "reviews": one.reviews}
            for one in course.loads
        ]
        courses[name] = found
    return {
        "date": str(date.fromordinal(goal.day)),
        "name": goal.name,
        "topics": sorted(goal.topics),
        "items": plan.items,
        "met": plan.met,
        "days": plan.days,
        "fits": plan.fits,
        "spread_until": None
        if plan.spread_until is None
        else str(date.fromordinal(plan.spread_until)),
        "reviews_needed": plan.reviews_needed,
        "minutes_per_day": plan.minutes_per_day,
        **courses,
    }


def _keep(paths: Paths, settings: Settings, goal: Goal | None, say: Locale) -> int:
    # `--language` is for this command alone.
    settings = replace(settings, language=load(paths.settings)[0].language)
    try:
        save(with_goal(settings, goal), paths.settings)
    except OSError as error:
        path = str(paths.settings)
        sys.stderr.write(say("cli.choose.unsaved", path=path, why=error.strerror or "") + "\n")
        return 1
    sys.stderr.write(say("cli.choose.kept" if goal else "cli.choose.forgotten") + "\n")
    return 0
