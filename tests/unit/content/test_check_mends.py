"""What a check says to an author: the place, the reason and the mend of easily made slips."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from content.checks import check, check_loaded
from content.checks.report import Words
from content.diagnostic import Diagnostic
from content.discovery import builtin_root
from content.loader import load
from content.mending import mended
from engine.client import EngineClient
from engine.protocol import Job, Outcome

MANIFEST = "id: slips\nversion: 1.0.0\ntitle: Slips\nlanguages: [en]\n"
EXERCISE = """topic: a.b
title: Items
exercises:
  - id: one
    kind: number
    draw: {k: [3, 5, 7]}
    let:
      layer: Linear(k, k, bias=False)
    question: "How many parameters has `{{ code(layer) }}`?"
    measure: parameters(layer)
    solution: k**2
"""
CHOICE = """topic: a.b
title: Items
exercises:
  - id: one
    kind: choice
    question: Does padding keep the size?
    options:
      - {text: Often, right: true}
      - {text: Never}
"""
TERM = """topic: a.b
title: Items
exercises:
  - id: one
    kind: term
    question: What is a one by one convolution called?
    accept:
      - pointwise convolution
"""
LAYER = """topic: a.b
title: Items
exercises:
  - id: one
    kind: layer
    question: Write a layer that keeps `1x4`.
    require:
      - that: output_shape(answer, zeros(1, 4)) == (1, 4)
        why: It does not.
      - that: parameters(answer) > 4
        why: It has too few.
    example: Linear(4, 4)
"""


def slips(
    folder: Path, topic: str, old: str, new: str, manifest: str = MANIFEST
) -> tuple[Diagnostic, ...]:
    """What is found once the old text is the new one."""
    assert old in topic + manifest
    (folder / "pack.yaml").write_text(manifest.replace(old, new), encoding="utf-8")
    (folder / "topic.yaml").write_text(topic.replace(old, new), encoding="utf-8")
    return check(folder, None).diagnostics


@pytest.mark.parametrize(
    ("topic", "old", "new", "code", "place", "why", "mend"),
    [
        (EXERCISE, "k**2", "k^2", "G501", (11, 16), "no operator `^`", "Write `**` for `^`."),
        (CHOICE, "right: true", "right: yes", "G502", (8, 30), "`true` and `false`", "`true`"),
        (EXERCISE, "layer: L", "k: L", "G503", (8, 7), "drawn already", "another name"),
        (EXERCISE, "layer: L", "sum: L", "G503", (8, 7), "--explain sum", "another name"),
        (EXERCISE, "layer: L", "net: R()\n      layer: L", "G505", (8, 7), "leftover", "delete"),
        (TERM, "- pointwise", "en: pointwise", "G103", (7, 5), "", "- {en: ..., zh: ...}"),
        (CHOICE, "size?", "size of a 1x1 layer?", "G403", (6, 47), "", "set code in backquotes"),
        (CHOICE, "1.0.0", "two", "G105", (2, 10), "put in order", "`1.2.0`"),
    ],
)
def test_a_slip_is_placed_explained_and_mended(
    topic: str,
    old: str,
    new: str,
    code: str,
    place: tuple[int, int],
    why: str,
    mend: str,
    tmp_path: Path,
) -> None:
    found = next(one for one in slips(tmp_path, topic, old, new) if one.code == code)
    words, chinese = Words("en"), Words("zh")
    assert (found.line, found.column) == place
    assert why in words.part("why", found)
    assert mend in words.mend(found)
    for part in ("what", "why", "mend"):
        assert chinese.part(part, found)
        assert chinese.part(part, found) != words.part(part, found)


def test_a_number_that_cannot_be_read_is_one_problem(tmp_path: Path) -> None:
    found = slips(tmp_path, EXERCISE, "kind: number", "kind: number\n    seconds: 1" + "0" * 90)
    assert [one.code for one in found] == ["G011"]


def test_an_answer_is_not_called_wrong_where_its_conditions_cannot_be_read(
    tmp_path: Path, engine: EngineClient
) -> None:
    def measure(jobs: Sequence[Job]) -> Iterator[Outcome]:
        yield from (future.result() for future in engine.submit_many(jobs))

    slips(tmp_path, LAYER, "4)) == (1", "4)) = (1")
    found = check(tmp_path, measure, draws=5).diagnostics
    assert [one.code for one in found] == ["G501"]


def test_a_measurement_that_nothing_looks_at_is_found(tmp_path: Path) -> None:
    new = "kind: term\n    measure: parameters(Linear(2, 2))"
    (found,) = slips(tmp_path, TERM, "kind: term", new)
    assert (found.code, found.line) == ("G802", 6)


def proved(folder: Path, topic: str, old: str, new: str, engine: EngineClient) -> list[Diagnostic]:
    """What measuring finds once the old text is the new one."""

    def measure(jobs: Sequence[Job]) -> Iterator[Outcome]:
        yield from (future.result() for future in engine.submit_many(jobs))

    slips(folder, topic, old, new)
    return [one for one in check(folder, measure).diagnostics if one.severity == "error"]


def test_failures_are_counted_among_all_draws(tmp_path: Path, engine: EngineClient) -> None:
    new = "layer: Conv2d(6, 6, 1, groups=k, bias=False)"  # 5 and 7 do not divide 6
    found = proved(tmp_path, EXERCISE, "layer: Linear(k, k, bias=False)", new, engine)
    failed = next(one for one in found if one.code == "G601")
    assert (failed.detail("count"), failed.detail("total")) == ("2", "3")


def test_a_measurement_of_another_kind_is_one_problem(tmp_path: Path, engine: EngineClient) -> None:
    new = "measure: output_shape(layer, zeros(1, k))"
    found = proved(tmp_path, EXERCISE, "measure: parameters(layer)", new, engine)
    assert [one.code for one in found] == ["G603"]


def test_options_that_read_alike_are_named(tmp_path: Path, engine: EngineClient) -> None:
    (found,) = proved(tmp_path, CHOICE, "text: Never", "text: often.", engine)
    assert (found.code, found.line, found.column) == ("G605", 7, 5)
    assert Words("en").message(found) == "Another option reads as `Often` too"
    assert Words("zh").mend(found) == "让每个选项的文字各不相同。"


@pytest.mark.parametrize(
    ("topic", "old", "new", "code"),
    [
        (EXERCISE, "k**2\n", "k\n    mistakes:\n      - {id: m, value: k**2, why: No.}\n", "G602"),
        (EXERCISE.replace("number", "formula"), "k**2", "k", "G602"),
        (EXERCISE.replace("number", "shape"), "parameters(layer)", "zeros(k, k)", "G603"),
    ],
)
def test_what_follows_from_a_wrong_formula_is_not_told_beside_it(
    topic: str, old: str, new: str, code: str, tmp_path: Path, engine: EngineClient
) -> None:
    manifest = MANIFEST + "mistakes: {m: {title: Mistake}}\n"

    def measure(jobs: Sequence[Job]) -> Iterator[Outcome]:
        yield from (future.result() for future in engine.submit_many(jobs))

    slips(tmp_path, topic, old, new, manifest)
    found = check(tmp_path, measure, draws=5).diagnostics
    assert [one.code for one in found if one.code != "G702"] == [code]


def test_the_requirement_that_an_example_misses_is_named(
    tmp_path: Path, engine: EngineClient
) -> None:
    new = "parameters(answer) > 40\n        why: It has {{ parameters(answer) }}."
    old = "parameters(answer) > 4\n        why: It has too few."
    (found,) = proved(tmp_path, LAYER, old, new, engine)
    assert (found.code, found.line) == ("G806", 12)
    said = Words("en").message(found)
    assert "`parameters(answer) > 40` (line 10)" in said
    assert "It has 20." in said
    assert "（第 10 行）" in Words("zh").message(found)


@pytest.mark.parametrize(
    ("written", "column", "en", "zh"),
    [
        (r'"\e[31mKeep it?"', 16, "A terminal escape sequence", "有终端转义序列"),
        (r'"Keep \u200bit?"', 21, "U+200B ZERO WIDTH SPACE", "有隐藏字符：U+200B"),
    ],
)
def test_a_hidden_character_is_shown_where_it_is_written(
    written: str, column: int, en: str, zh: str, tmp_path: Path
) -> None:
    (found,) = slips(tmp_path, CHOICE, "Does padding keep the size?", written)
    assert (found.code, found.line, found.column) == ("G406", 6, column)
    assert en in Words("en").message(found)
    assert zh in Words("zh").message(found)


@pytest.mark.parametrize(
    ("formula", "command"),
    [
        (r"$\tilde A$", r"\tilde"),
        (r"$A \times B$", r"\times"),
        (r"$\nabla f$", r"\nabla"),
        (r"$\rho(x)$", r"\rho"),
        (r"$\frac{a}{b}$", r"\frac"),
        (r"$\beta x$", r"\beta"),
        (r"$\alpha x$", r"\alpha"),
        (r"$\Lambda x$", r"\Lambda"),
    ],
)
def test_a_command_of_a_formula_that_yaml_took_for_an_escape_is_told(
    formula: str, command: str, tmp_path: Path
) -> None:
    new = f'"What is the meaning of {formula}?"'
    (found,) = slips(tmp_path, CHOICE, "Does padding keep the size?", new)
    assert (found.code, found.line, found.column) == ("G406", 6, 39 + formula.index("\\"))
    assert f"`{command}`" in Words("en").message(found)
    assert f"`\\{command}`" in Words("en").mend(found)
    assert f"`\\{command}`" in Words("zh").mend(found)


@pytest.mark.parametrize(
    "written",
    [
        r'"First this.\nu comes next, at a cost of $x$."',  # outside a formula
        r'"What is $\\tilde A$?"',
        r"'What is $\tilde A$?'",
    ],
)
def test_line_ends_in_quotes_and_doubled_backslashes_are_no_slip(
    written: str, tmp_path: Path
) -> None:
    assert not slips(tmp_path, CHOICE, "Does padding keep the size?", written)


@pytest.mark.parametrize("name", ["pack.yml", "Pack.yaml", "PACK.YML"])
def test_a_manifest_of_another_name_is_one_problem(name: str, tmp_path: Path) -> None:
    slips(tmp_path, CHOICE, "id: one", "id: one")
    (tmp_path / "pack.yaml").rename(tmp_path / name)
    (found,) = check(tmp_path, None).diagnostics
    assert (found.code, found.severity, found.file) == ("G001", "error", str(tmp_path))
    assert Words("en").mend(found) == f"Rename {name} to pack.yaml."
    assert name in Words("zh").message(found)


def test_the_folder_around_a_pack_is_one_problem(tmp_path: Path) -> None:
    inner = tmp_path / "sub"
    inner.mkdir()
    slips(inner, CHOICE, "id: one", "id: one")
    (found,) = check(tmp_path, None).diagnostics
    assert Words("en").mend(found) == f"Give that folder: {inner}"


BOTH = """topic: a.b
title: {en: Items, zh: 条目}
cards:
  - id: one
    front: {en: What is padding?, zh: 什么是填充？}
    back: {en: Zeros., zh: 零。}
    let: {n: "3", m: "4"}
"""


@pytest.mark.parametrize(
    ("new", "code", "place", "en"),
    [
        ('"`Conv2d`"', "G301", (6, 5), "is one string, and the pack is written in en, zh"),
        ("{en: Zeros., cn: 零。}", "G302", (6, 24), "has no language `cn`"),
        ("{en: Zeros., zh_CN: 零。}", "G302", (6, 24), "has no language `zh_CN`"),
        ('{en: "{{ n }}.", zh: "{{ m }}。"}', "G303", (6, 36), "`m` where the other one holds `n`"),
    ],
)
def test_a_slip_in_one_language_is_one_problem(
    new: str, code: str, place: tuple[int, int], en: str, tmp_path: Path
) -> None:
    manifest = MANIFEST.replace("title: Slips", "title: {en: Slips, zh: 差错}")
    manifest = manifest.replace("[en]", "[en, zh]")
    found = slips(tmp_path, BOTH, "{en: Zeros., zh: 零。}", new, manifest)
    (error,) = [one for one in found if one.severity == "error"]
    assert (error.code, error.line, error.column) == (code, *place)
    assert en in Words("en").message(error)
    if code == "G302":
        assert Words("en").mend(error) == "Did you mean `zh`?"


@pytest.mark.parametrize(
    ("old", "new", "code", "mend"),
    [
        ("id: one", "id: One_more", "G105", "Did you mean `one-more`?"),
        ("id: one", "id: one\n    formerly: [two]", "G105", "Did you mean `a.b/two`?"),
        ("      - {text: Never}\n", "", "G801", "Add another option."),
        ("kind: choice", "kind: choice\n    draw: {in: [1, 2]}", "G107", "Choose another name."),
    ],
)
def test_the_mend_names_what_to_write(
    old: str, new: str, code: str, mend: str, tmp_path: Path
) -> None:
    (found,) = slips(tmp_path, CHOICE, old, new)
    assert (found.code, Words("en").mend(found)) == (code, mend)


def test_a_name_in_single_braces_is_no_figure(tmp_path: Path) -> None:
    manifest = MANIFEST.replace("title: Slips", "title: {en: Slips, zh: 差错}")
    manifest = manifest.replace("[en]", "[en, zh]")
    new = '{en: "{n} of $x_{n}$ `{m}` {k} {{ m }}", zh: "{{ n }}{{ m }}"}'
    found = slips(tmp_path, BOTH, "{en: Zeros., zh: 零。}", new, manifest)
    (error,) = [one for one in found if one.severity == "error"]
    assert (error.code, error.line, error.column) == ("G401", 6, 17)
    assert Words("en").mend(error) == "Write `{{ n }}`."


def test_an_unknown_name_in_one_language_is_one_problem(tmp_path: Path) -> None:
    manifest = MANIFEST.replace("title: Slips", "title: {en: Slips, zh: 差错}")
    new = '{en: "{{ n }}{{ m }}.", zh: "{{ nodes }}{{ m }}。"}'
    found = slips(
        tmp_path, BOTH, "{en: Zeros., zh: 零。}", new, manifest.replace("[en]", "[en, zh]")
    )
    assert [one.code for one in found if one.severity == "error"] == ["G502"]


def test_an_earlier_name_is_told_apart_from_a_name_borne_now(tmp_path: Path) -> None:
    new = "id: one\n    formerly: [a.b/one]"
    (own,) = slips(tmp_path, TERM, "id: one", new)
    assert "that this item bears now" in Words("en").message(own)
    assert "Delete the line" in Words("en").mend(own)
    twin = CHOICE.replace("exercises:\n", "") + "  - id: two\n"
    both = TERM + twin.partition("title: Items\n")[2].partition("  - id: two")[0].replace(
        "id: one", "id: two\n    formerly: [a.b/one]"
    )
    (living,) = slips(tmp_path, both, "a.b/one", "a.b/one")
    assert "is the name of an item of this pack" in Words("en").message(living)
    claims = both.replace("[a.b/one]", "[a.b/old]").replace(
        "id: one", "id: one\n    formerly: [a.b/old]"
    )
    (claimed,) = slips(tmp_path, claims, "a.b/old", "a.b/old")
    assert "`a.b/one` claims the earlier name `a.b/old` too" in Words("en").message(claimed)


@pytest.mark.parametrize("version", ["0.2", "1"])
def test_a_version_that_yaml_reads_as_a_number_is_refused(version: str, tmp_path: Path) -> None:
    found = slips(tmp_path, CHOICE, "1.0.0", version)[0]
    assert (found.code, found.line, found.column) == ("G103", 2, 10)
    assert "1.10 would be 1.1" in Words("en").part("why", found)
    assert Words("en").mend(found) == f'Put it in quotes: `"{version}"`.'
    assert Words("zh").mend(found) == f'加上引号：`"{version}"`。'
    (mend,) = mended(tmp_path)
    assert f'version: "{version}"\n' in mend.after


def test_the_id_of_a_pack_that_comes_along_is_refused(tmp_path: Path) -> None:
    (found,) = slips(tmp_path, CHOICE, "id: slips", "id: errata")
    assert (found.code, found.severity, found.line, found.column) == ("G202", "error", 1, 5)
    assert "comes with Gradus" in Words("en").message(found)
    own = builtin_root() / "errata"
    assert "G202" not in {one.code for one in check(own, None).diagnostics}


def test_an_item_that_is_gone_is_told_at_the_one_that_came(tmp_path: Path) -> None:
    slips(tmp_path, TERM, "id: one", "id: one-by-one")
    before = frozenset({"a.b/one", "a.b/two"})
    both = check_loaded(load(tmp_path), None, before=before).diagnostics
    (found,) = check_loaded(load(tmp_path), None, before=frozenset({"a.b/one"})).diagnostics
    assert (found.code, found.line, found.column) == ("G212", 4, 9)
    assert "write `formerly: [a.b/one]` here" in Words("en").mend(found)
    assert {one.detail("gone") for one in both} == before
    slips(tmp_path, TERM, "id: one", "id: one")
    (lost,) = check_loaded(load(tmp_path), None, before=before).diagnostics
    assert (Path(lost.file).name, lost.line) == ("topic.yaml", 1)


def test_a_name_that_is_taken_is_not_called_unused_as_well(tmp_path: Path) -> None:
    found = slips(tmp_path, EXERCISE, "layer: Linear", "sum: ReLU()\n      layer: Linear")
    assert [one.code for one in found] == ["G503"]
