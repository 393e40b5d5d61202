"""Which packs a round was made of, and what has become of them since.

Promise: a round whose packs are as they were is never asked about; of a seeded round every
question is known from the start, so that a change to any of them is found. Must not write.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from app.drill.choosing import Asked, Chooser, Given
from app.drill.setup import Setup
from app.drill.state import CLOSED, Made, Planned, RoundState
from app.drill.views import Changed, ChangedItem

if TYPE_CHECKING:
    from app.study.session import Study


def made_now(study: Study, setup: Setup, luck: int) -> Made:
    """What a round begun now is made of."""
    chooser = Chooser(study.library, setup, luck)
    plan: list[Planned] = []
    given: list[Given] = []
    while setup.seed is not None and (asked := chooser.next(given)) is not None:
        given.append(Given(asked, None, 0.0))
        plan.append(Planned(asked, study.content_hash(asked.name)))
    return Made(study.library.key(), _versions(study, chooser), chooser.questions, tuple(plan))


def changes(study: Study, state: RoundState) -> Changed | None:
    """What changed since the round was made; None where nothing that concerns it did."""
    made = state.made
    if made.key == study.library.key():
        return None
    now = study.versions
    packs = tuple(
        (pack, version, now.get(pack, ""))
        for pack, version in made.versions.items()
        if now.get(pack, "") != version
    )
    items: list[ChangedItem] = []
    asked = [
        (question.asked, question.content_hash, question.standing not in CLOSED)
        for question in state.questions
    ]
    planned = [(one.asked, one.content_hash, True) for one in made.plan[len(state.questions) :]]
    for one, content_hash, is_open in (*asked, *planned):
        gone = not exists(study, one.name)
        if gone or study.content_hash(one.name) != content_hash:
            items.append(ChangedItem(one.number, one.name, is_open, gone))
    return Changed(packs, tuple(items)) if packs or items else None


def replanned(study: Study, state: RoundState, chooser: Chooser) -> Made:
    """What the round is made of once the change is accepted: a planned question whose item is
    gone gives way to another item's, or is dropped where there is none."""
    used = used_in(state)
    shown = len(state.questions)
    plan = list(state.made.plan[:shown])
    for planned in state.made.plan[shown:]:
        asked = planned.asked
        if not exists(study, asked.name):
            asked = substitute(asked, chooser, used)
            used.add(asked.name)
        if exists(study, asked.name):
            asked = replace(asked, number=len(plan) + 1)
            plan.append(Planned(asked, study.content_hash(asked.name)))
    questions = len(plan) if state.made.plan else state.made.questions
    return Made(study.library.key(), _versions(study, chooser), questions, tuple(plan))


def used_in(state: RoundState) -> set[str]:
    """Every item that the round asked or is to ask."""
    used = {question.asked.name for question in state.questions}
    return used | {planned.asked.name for planned in state.made.plan}


def substitute(asked: Asked, chooser: Chooser, used: set[str]) -> Asked:
    """Another item's question under the same number; the same one where there is no other."""
    for entry in chooser.eligible:
        if entry.name not in used:
            return replace(asked, name=entry.name, follows=None, because="")
    return asked


def _versions(study: Study, chooser: Chooser) -> dict[str, str]:
    packs = dict.fromkeys(entry.pack for entry in chooser.eligible)
    return {pack: study.versions.get(pack, "") for pack in packs}


def exists(study: Study, name: str) -> bool:
    """Whether a pack has the item now."""
    try:
        study.library.item(name)
    except KeyError:
        return False
    return True
