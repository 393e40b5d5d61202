"""Codes of answers that are programs: a right one passes, a wrong one does not.

Promise: judges with the very code that judges learners; what it judges was run by
`content.checks.proof`. Must not measure.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from content.checks.expressions import expression_unreadable
from content.checks.kinds import show_draw
from content.checks.proof import IDLE, Proof
from content.checks.registry import rule
from content.checks.view import PackView
from content.diagnostic import Diagnostic
from content.judging import verdict_on
from content.pack import Exercise
from content.prepare import Prepared
from content.text import plain
from content.verdict_text import unmet_texts
from engine.formulas import judge_formula
from engine.messages import describe
from engine.programs import RUN_KINDS, check_allowed
from engine.protocol import Measured, Skipped, Tried
from engine.refusal import Refused
from engine.trials import judge_layer, judge_tensor, same_tensors, unmet
from engine.truth import Truth, Verdict, VerdictKind
from engine.verdict_words import describe_verdict


@rule("G806", "example-refused", measured=True)
def example_refused(view: PackView) -> Iterator[Diagnostic]:
    """What it does
    Answers a formula with its `solution`, a layer and a tensor with their `example`, on every
    proved draw, and finds where that is not judged right.

    Why is this bad?
    It is shown to learners as a right answer, and the judge says otherwise.

    Example
        require: [{that: parameters(answer) <= 100, why: ...}]
        example: Conv2d(3, 16, 3)

    Use instead
        require: [{that: parameters(answer) <= 500, why: ...}]
        example: Conv2d(3, 16, 3)
    """
    unread = {found.item for found in expression_unreadable(view)}
    for proof, exercise in _programs(view):
        if proof.view.name in unread:
            continue  # G501 tells
        for prepared, verdict in _answers(proof, exercise):
            if verdict.kind is not VerdictKind.RIGHT:
                field = "solution" if exercise.kind == "formula" else "example"
                said = {f"reason.{lang}": _words(prepared, verdict, lang) for lang in ("en", "zh")}
                said |= _conditions(proof, exercise, verdict)
                yield proof.view.report(
                    "G806", (field,), verdict=verdict.kind.value, draw=show_draw(prepared.draw),
                    more=said, source=getattr(exercise, field) or "",
                )  # fmt: skip
                break


@rule("G807", "requirement-toothless", measured=True)
def requirement_toothless(view: PackView) -> Iterator[Diagnostic]:
    """What it does
    Finds layer exercises whose requirements are all met by `Identity()`, which does nothing.

    Why is this bad?
    Nearly any answer would be right.

    Example
        require: [{that: parameters(answer) < 500, why: ...}]

    Use instead
        require:
          - {that: parameters(answer) < 500, why: ...}
          - {that: "output_shape(answer, zeros(1, 3, 8, 8)) == (1, 8, 4, 4)", why: ...}
    """
    for proof, exercise in _programs(view):
        if proof.idle is None or "".join((exercise.example or "").split()).endswith(IDLE):
            continue
        keys = (measure.key for measure in proof.prepared[0].job.measures)
        found = judge_layer(tuple(zip(keys, proof.idle.values, strict=True)))
        if found.kind is VerdictKind.RIGHT:
            yield proof.view.report("G807", ("require",), key=True, layer=IDLE)


@rule("G808", "mistake-accepted", measured=True)
def mistake_accepted(view: PackView) -> Iterator[Diagnostic]:
    """What it does
    Finds mistakes of a tensor exercise that give what the reference gives on all inputs, or the
    same as an earlier mistake.

    Why is this bad?
    The learner who makes the mistake is told that all is well, or is told of another one.

    Example
        inputs: [{x: "tensor([1., 2.])"}]
        mistakes: [{id: naive-softmax, value: exp(x) / sum(exp(x)), why: ...}]

    Use instead
        inputs: [{x: "tensor([1., 2.])"}, {x: "tensor([1000., 1001.])"}]
    """
    for proof, exercise in _programs(view):
        if exercise.kind != "tensor" or not proof.prepared:
            continue
        prepared = proof.prepared[0]
        tried = prepared.measured.tried
        for n, mistake in enumerate(exercise.mistakes if tried else ()):
            like = _like(prepared.truth, exercise, tried, n)
            if like:
                details = {"id": mistake.id, "like": like}
                yield proof.view.report("G808", ("mistakes", n, "id"), more=details)


def _like(truth: Truth, exercise: Exercise, tried: tuple[Tried, ...], n: int) -> str:
    """What a mistake gives the same as, wherever it applies."""
    applies = [one for one in tried if not isinstance(one.mistakes[n], Skipped)]
    if all(same_tensors(truth, one.mistakes[n], one.truth) for one in applies):
        return "reference"
    for earlier in range(n):
        both = [one for one in applies if not isinstance(one.mistakes[earlier], Skipped)]
        mine = [one.mistakes[n] for one in both]
        others = [one.mistakes[earlier] for one in both]
        if len(both) == len(tried) and all(
            not isinstance(b, Skipped) and same_tensors(truth, a, b)
            for a, b in zip(mine, others, strict=True)
        ):
            return exercise.mistakes[earlier].id
    return ""


def _programs(view: PackView) -> Iterator[tuple[Proof, Exercise]]:
    for proof in view.proofs.values():
        exercise = proof.view.exercise
        if exercise is not None and exercise.kind in RUN_KINDS | {"formula"} and proof.prepared:
            yield proof, exercise


def _answers(proof: Proof, exercise: Exercise) -> Iterator[tuple[Prepared, Verdict]]:
    """The author's own answer on each draw; a formula is answered once, on all of them."""
    sound = [prepared for prepared in proof.prepared if not prepared.failures]
    if exercise.kind == "formula":
        if sound:
            hidden = tuple(one.hidden_draw(one.draw, one.values) for one in sound)
            truth = replace(sound[0].truth, hidden=hidden)
            yield sound[0], judge_formula(truth, exercise.solution or "")
        return
    for prepared in proof.prepared:
        if prepared.job.trial is None:
            continue
        yield prepared, _of_example(prepared, exercise, prepared.measured)


def _of_example(prepared: Prepared, exercise: Exercise, measured: Measured) -> Verdict:
    if exercise.kind == "tensor":
        try:
            names = [name for group in exercise.inputs for name in group]
            check_allowed(exercise.example or "", exercise.allow, [*names, *exercise.draw])
        except Refused as refusal:
            return Verdict(VerdictKind.UNREADABLE, failure=refusal.failure(exercise.example))
        return judge_tensor(prepared.truth, measured.tried, [m.id for m in exercise.mistakes])
    return verdict_on(prepared, prepared.job, measured)


def _words(prepared: Prepared, verdict: Verdict, language: str) -> str:
    if verdict.failure is not None:
        return describe(verdict.failure, language)
    if unmet(verdict):
        said = [plain(text, language) for text in unmet_texts(prepared, verdict, language)]
        return ("" if language == "zh" else " ").join(said)
    return describe_verdict(verdict, language).rstrip(":：")


def _conditions(proof: Proof, exercise: Exercise, verdict: Verdict) -> dict[str, str]:
    """The requirements of a layer that its example does not meet, and the line of the first."""
    failed = unmet(verdict)
    if not failed:
        return {}
    view = proof.view
    line, _ = view.source.positions.value((*view.base, "require", failed[0], "that"))
    conditions = ", ".join(f"`{exercise.require[n].that}`" for n in failed)
    return {"slip": "unmet", "conditions": conditions, "line": str(line)}
