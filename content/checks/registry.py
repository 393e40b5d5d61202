"""The register of checks: one function per diagnostic code, documented above its code.

Promise: a code is registered once and stays for ever; its function's docstring has the parts
"What it does", "Why is this bad?", "Example" and "Use instead". Must not hold wording of reports
(`content/checks/words`).
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from content.diagnostic import WARNINGS, Diagnostic, Severity

if TYPE_CHECKING:
    from content.checks.view import PackView

Check = Callable[["PackView"], Iterator[Diagnostic]]


@dataclass(frozen=True, slots=True)
class Rule:
    """A registered check. `measured` ones run after everything was measured."""

    code: str
    name: str
    check: Check
    measured: bool

    @property
    def severity(self) -> Severity:
        """How grave a finding is."""
        return "warning" if self.code in WARNINGS else "error"

    @property
    def documentation(self) -> str:
        """The English documentation."""
        return inspect.cleandoc(self.check.__doc__ or "")


RULES: dict[str, Rule] = {}
"""Every rule by code. Complete once `content.checks` is imported."""


def rule(code: str, name: str, *, measured: bool = False) -> Callable[[Check], Check]:
    """Registers a check under a code and a kebab-case name."""

    def register(check: Check) -> Check:
        if code in RULES:
            raise ValueError(f"{code} is registered twice")
        RULES[code] = Rule(code, name, check, measured)
        return check

    return register
