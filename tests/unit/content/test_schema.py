"""Validation: strict types, every problem with its place, and the published JSON Schema."""

from __future__ import annotations

import dataclasses

import pytest

from content import pack
from content.diagnostic import Problem
from content.pack import Span, Topic
from content.schema import json_schema, validate_manifest, validate_topic
from content.yaml_events import read

HEAD = "topic: t\ntitle: Topic\n"


def topic(source: str) -> tuple[Topic | None, list[Problem]]:
    document = read((HEAD + source).encode())
    assert not document.problems
    return validate_topic(document.data, document.positions)


def exercise(source: str) -> tuple[Topic | None, list[Problem]]:
    body = "".join(f"    {line}\n" for line in source.strip().split("\n"))
    return topic(f"exercises:\n  - id: e\n    kind: number\n    question: How many?\n{body}")


def test_a_draw_keeps_its_types() -> None:
    found, problems = exercise(
        "draw: {a: [1, true, 1.0, float16], b: {from: 8, to: 256, step: 8}, c: {from: 0.1, to: 1}}"
    )
    assert problems == []
    assert found is not None
    draw = found.exercises[0].draw
    values = draw["a"]
    assert isinstance(values, tuple)
    assert [type(value) for value in values] == [int, bool, float, str]
    assert draw["b"] == Span(8, 256, 8)
    assert draw["c"] == Span(0.1, 1, 1)


@pytest.mark.parametrize(
    ("source", "expected", "found"),
    [
        ("level: true", "integer", "boolean"),
        ("level: 2.0", "integer", "number"),
        ('level: "2"', "integer", "text"),
        ("claim: 1", "boolean", "integer"),
        ("claim: yes", "boolean", "text"),
        ("exact: null", "boolean", "nothing"),
        ("tolerance: true", "number mapping", "boolean"),
        ("tolerance: {relative: big}", "number", "text"),
        ("hints: a", "list", "text"),
        ("hints: [[a]]", "text mapping", "list"),
        ("draw: [a]", "mapping", "list"),
        ("draw: {a: 3}", "list mapping", "integer"),
        ("draw: {a: [[1]]}", "boolean integer number text", "list"),
        ("measure: [1]", "text", "list"),
        ("mistakes: {id: a}", "list", "mapping"),
        ("options: [{text: a, right: [1]}]", "boolean text", "list"),
    ],
)
def test_types_are_strict(source: str, expected: str, found: str) -> None:
    _, problems = exercise(source)
    assert [problem.code for problem in problems] == ["G103"]
    details = dict(problems[0].details)
    assert (details["expected"], details["found"]) == (expected, found)
    assert problems[0].item == "t/e"


@pytest.mark.parametrize("written", ["6", "1.50", "0x1F", "-3"])
def test_a_number_where_text_is_wanted_is_taken_as_written(written: str) -> None:
    found, problems = exercise(f"solution: {written}\nhints: [{written}]")
    assert problems == []
    assert found is not None
    assert found.exercises[0].solution == written
    assert found.exercises[0].hints == (written,)


@pytest.mark.parametrize(
    ("source", "line", "near"),
    [
        ("mistaks: []", 7, "mistakes"),
        ("draw: {n: {from: 1, too: 3, to: 4}}", 7, "to"),
        ("options:\n  - {text: a, rigth: true}", 8, "right"),
        ("mistakes:\n  - {id: a, value: b, why: c, wen: d}", 8, "when"),
        ("tolerance: {relativ: 1.0}", 7, "relative"),
        ("steps: [{show: a, lable: b}]", 7, "label"),
    ],
)
def test_unknown_fields_name_the_nearest(source: str, line: int, near: str) -> None:
    _, problems = exercise(source)
    assert [(p.code, p.line) for p in problems] == [("G101", line)]
    assert dict(problems[0].details)["nearest"] == near


def test_a_field_of_the_other_kind_of_item_is_told() -> None:
    _, problems = topic("cards:\n  - {id: a, front: b, back: c, measure: d}\n")
    assert dict(problems[0].details)["belongs"] == "exercises"
    _, problems = exercise("back: a")
    assert dict(problems[0].details)["belongs"] == "cards"


def test_every_problem_is_found_in_one_run() -> None:
    _, problems = topic(
        "nedes: [a]\n"
        "cards:\n"
        "  - {id: 1, front: {en: [a]}, level: x}\n"
        "  - {id: b, front: a}\n"
        "exercises:\n"
        "  - {id: e, kind: numbr, question: q, draw: {k: [null]}}\n"
    )
    assert sorted(p.code for p in problems) == ["G101", "G102", "G102"] + ["G103"] * 3 + ["G104"]


def test_a_comma_in_an_unquoted_text_is_recognised() -> None:
    _, problems = topic("cards:\n  - {id: a, front: {en: Why, oh why?, zh: b}, back: c}\n")
    assert dict(problems[0].details)["slip"] == "comma"
    assert (problems[0].line, problems[0].column) == (4, 30)


@pytest.mark.parametrize("source", ["[]", "null", "3", "text", "true"])
def test_a_file_that_is_no_mapping_is_refused(source: str) -> None:
    document = read(source.encode())
    for validate in (validate_topic, validate_manifest):
        found, problems = validate(document.data, document.positions)
        assert found is None
        assert [problem.code for problem in problems] == ["G103"]


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("level: 0", "G106"),
        ("level: 4", "G106"),
        ("seconds: 0", "G106"),
        ("draws: 0", "G106"),
        ("tolerance: -0.1", "G106"),
        ("tolerance: {absolute: -1.0}", "G106"),
        ("draw: {a: []}", "G108"),
        ("draw: {a: [.nan]}", "G108"),
        ("draw: {a: {from: 1, to: .inf}}", "G108"),
        ("draw: {a: {from: 1, to: 2, step: 0}}", "G108"),
        ("draw: {a: {from: 1, to: 2, step: -1}}", "G108"),
        ("draw: {a: {from: 2, to: 1}}", "G108"),
        ("draw: {a: {from: 0, to: 1000000}}", "G108"),
        ('draw: {a: ["\\e[31m"]}', "G108"),
        ("draw: {_a: [1]}", "G107"),
        ("draw: {a b: [1]}", "G107"),
        ("draw: {层: [1]}", "G107"),
        ("let: {class: a}", "G107"),
        ("formerly: [x]", "G105"),
    ],
)
def test_ranges_and_names(source: str, code: str) -> None:
    assert [problem.code for problem in exercise(source)[1]] == [code]


@pytest.mark.parametrize("id_", ["A", "a b", "a/b", "a:b", "-a", "a..b", "a" * 81, "层"])
def test_ids_that_would_break_names_are_refused(id_: str) -> None:
    _, problems = topic(f"cards:\n  - {{id: '{id_}', front: b, back: c}}\n")
    assert [problem.code for problem in problems] == ["G105"]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("id: Foundations", "G105"),
        ("version: one", "G105"),
        ("languages: []", "G102"),
        ("languages: [en, english!]", "G105"),
        ("languages: [en, en]", "G105"),
        ("licens: MIT", "G101"),
    ],
)
def test_manifest_problems(line: str, code: str) -> None:
    fields = {"id": "a", "version": "1.0.0", "title": "A", "languages": "[en]"}
    name, _, value = line.partition(": ")
    source = "".join(f"{k}: {v}\n" for k, v in {**fields, name: value}.items())
    document = read(source.encode())
    _, problems = validate_manifest(document.data, document.positions)
    assert [problem.code for problem in problems] == [code]


def test_the_json_schema_describes_every_field() -> None:
    schema = json_schema("topic")
    properties = schema["$defs"]["Exercise"]["properties"]
    assert set(properties) == {field.name for field in dataclasses.fields(pack.Exercise)}
    assert all("description" in field for field in properties.values())
    assert set(schema["$defs"]["Span"]["properties"]) == {"from", "to", "step"}
    assert schema["$defs"]["Card"]["additionalProperties"] is False
    assert set(json_schema("pack")["required"]) == {"id", "version", "title", "languages"}
