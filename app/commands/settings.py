"""`gradus settings`: list settings, show one with what it means, or change it.

Promise: stdout is data, one `name = value` a line; what a value may be is said in words where one
is refused. Exit codes: 0 done, 1 cannot be saved, 2 no such setting or value.
"""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

from app.locale import Locale
from app.paths import Paths
from app.settings import CHOICES, Settings, load, save
from app.settings_editing import NAMES, RefusedError, as_text, changed, kind_of, typed
from app.values import printable

if TYPE_CHECKING:
    import argparse

_SWITCH = {"on": True, "true": True, "yes": True, "开": True, "off": False, "false": False,
           "no": False, "关": False}  # fmt: skip


def add_parser(
    subparsers: argparse._SubParsersAction[argparse.ArgumentParser], say: Locale
) -> None:
    """Add `settings`."""
    parser = subparsers.add_parser("settings", help=say("help.settings"))
    parser.add_argument("name", nargs="?", metavar="NAME", help=say("help.settings.name"))
    parser.add_argument("value", nargs="?", metavar="VALUE", help=say("help.settings.value"))
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """`gradus settings`."""
    paths = Paths.from_environment()
    settings, problems = load(paths.settings)
    say = Locale(settings.language)
    for name in problems:
        sys.stderr.write(say("settings.command.unusable", name=printable(name)) + "\n")
    if options.name is None:
        for name in NAMES:
            sys.stdout.write(_line(name, settings) + "\n")
        return 0
    if options.name not in NAMES:
        names = ", ".join(NAMES)
        told = say("settings.command.unknown", name=printable(options.name), names=names)
        sys.stderr.write(told + "\n")
        return 2
    if options.value is None:
        sys.stdout.write(_line(options.name, settings) + "\n")
        sys.stderr.write(say(f"settings.{options.name}.about") + "\n")
        return 0
    return _change(paths, settings, options.name, options.value)


def _change(paths: Paths, settings: Settings, name: str, text: str) -> int:
    say = Locale(settings.language)
    if kind_of(name) == "keys" and text != "default":
        sys.stderr.write(say("settings.command.keys-here", path=paths.settings) + "\n")
        return 2
    try:
        value = getattr(Settings(), name) if text == "default" else _value(name, text)
    except RefusedError:
        sys.stderr.write(say("settings.refused", range=_range(name, say)) + "\n")
        return 2
    settings = changed(settings, name, value)
    try:
        save(settings, paths.settings)
    except OSError as error:
        why = error.strerror or type(error).__name__
        sys.stderr.write(say("settings.unsaved", path=paths.settings, why=why) + "\n")
        return 1
    sys.stdout.write(_line(name, settings) + "\n")
    return 0


def _value(name: str, text: str) -> object:
    if kind_of(name) == "switch":
        found = _SWITCH.get(text.strip().lower())
        if found is None:
            raise RefusedError(text)
        return found
    from app.study.clock import Clock

    return typed(name, text, Clock.from_environment().today())


def _range(name: str, say: Locale) -> str:
    kind = kind_of(name)
    if kind in ("choice", "switch"):
        values = ", ".join(CHOICES.get(name, ("on", "off")))
        return say("settings.command.choices", values=values)
    return say(f"settings.{name}.range")


def _line(name: str, settings: Settings) -> str:
    value = getattr(settings, name)
    if kind_of(name) == "switch":
        return f"{name} = {'on' if value else 'off'}"
    if kind_of(name) == "keys":
        return f"{name} = {json.dumps(value, ensure_ascii=False)}"
    return f"{name} = {as_text(value)}"
