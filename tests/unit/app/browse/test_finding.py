"""What is found: by words, by state, by what the log says; and nothing else than a slow filter."""

from __future__ import annotations

import math
from fnmatch import fnmatchcase

import pytest
from browse_queries import QUERIES
from hypothesis import given, settings

from app.browse.browser import Browser, Sorting
from app.browse.collection import COLUMNS, Item
from app.browse.fields import FLAGS
from app.browse.folding import folded, holds, tokens
from app.browse.terms import All, Compare, Either, Match, Not, Query, printed
from app.study.session import Study
from content.compiled import PackLibrary
from content.pack import Card, texts_by_language
from content.prepare import item_texts


def found(browser: Browser, text: str, sorting: Sorting | None = None) -> list[str]:
    """The ids of what is found, in order."""
    places = browser.find(text, sorting or Sorting(), "en")
    return [browser.item(place, "en").name.rpartition("/")[2] for place in places]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("卷积", ["conv", "pool", "soft"]),
        ("front:卷积", ["conv"]),
        ("池化", ["pool", "b1"]),
        ("化池", []),
        ("convolut", ["conv", "pool", "soft"]),
        ('"convolut"', []),
        ("ＭＡＸ pool", ["pool"]),
        ('"max pooling"', ["pool"]),
        ('"pooling max"', []),
        ("conv2d", ["count", "shape"]),
        ("frac", []),
        ("back:bias", ["count"]),
        ("bias", ["count", "b1"]),
        ("note:bias", ["b1"]),
        ("note:*", ["b1"]),
        ("typed:1792", ["count"]),
        ("typed:*", ["count"]),
        ("mistake:bias-forgotten", ["count"]),
        ("mistake:*", ["count"]),
        ("topic:b", ["count", "shape", "b1", "b2", "b3", "b4"]),
        ("topic:计数", ["count", "shape"]),
        ("pack:net level:2", ["soft"]),
        ("tag:code", ["pool"]),
        ("kind:exercise", ["count", "shape"]),
        ("kind:number", ["count"]),
        ("is:suspended", ["pool", "c1"]),
        ("is:buried", ["a1"]),
        ("flag:red", ["soft"]),
        ("flag:*", ["soft"]),
        ("lapses>0", []),
        ("reviews>=2", ["conv"]),
        ("rated:1", ["conv", "count"]),
        ("rated>7", ["pool", "a1"]),
        ("id:count", ["count"]),
        ("-is:new -is:suspended pack:net", ["conv", "count"]),
        ("pack:net (tag:code or flag:1)", ["pool", "soft"]),
    ],
)
def test_what_is_found(browser: Browser, text: str, names: list[str]) -> None:
    assert sorted(found(browser, text)) == sorted(names)


def test_due_leaves_out_what_sleeps(browser: Browser) -> None:
    due = found(browser, "is:due")
    assert "count" in due
    assert {"pool", "a1"}.isdisjoint(due)


def test_sorting_turns_round(browser: Browser) -> None:
    for column in COLUMNS:
        forth = found(browser, "", Sorting(column))
        assert found(browser, "", Sorting(column, down=True)) == forth[::-1]
        assert len(forth) == len(browser.collection)
    assert found(browser, "is:due", Sorting("lapses")) == found(browser, "is:due")


def test_what_was_said_is_seen_after_renewing(browser: Browser, learner: Study) -> None:
    learner.flag(["net:a.first/conv"], 4)
    learner.suspend(["net:a.first/pool"], on=False)
    assert found(browser, "flag:blue") == []
    browser.renew(["net:a.first/conv", "net:a.first/pool"])
    assert found(browser, "flag:blue") == ["conv"]
    assert found(browser, "is:suspended") == ["c1"]


def test_history_tells_every_answer(browser: Browser) -> None:
    (given_,) = browser.history("net:b.second/count")
    assert (given_.typed, given_.mistake, given_.rating) == ("1,792", "bias-forgotten", 1)
    (undone,) = browser.history("net:b.second/shape")
    assert undone.undone
    assert len(browser.history("net:a.first/conv")) == 2


def test_the_fast_way_finds_what_the_slow_way_finds(browser: Browser, learner: Study) -> None:
    items = [browser.item(n, "en") for n in range(len(browser.collection))]
    texts = {item.name: _texts(learner.library, item.name) for item in items}
    mistakes = {"net:b.second/count": ["bias-forgotten"]}
    typed = {"net:b.second/count": "1792"}

    def slow(query: Query, item: Item) -> bool:
        if isinstance(query, Not):
            return not slow(query.part, item)
        if isinstance(query, All):
            return all(slow(part, item) for part in query.parts)
        if isinstance(query, Either):
            return any(slow(part, item) for part in query.parts)
        if isinstance(query, Compare):
            return _compared(query, item)
        if isinstance(query, Match):
            return _matched(query, item, learner, mistakes, typed)
        phrase, prefix = tokens(query.words), not query.exact
        if query.where == "typed":
            plain = query.words.replace(",", "").casefold()
            return plain in typed.get(item.name, "\0").casefold()
        in_note = holds(tokens(item.note), phrase, prefix=prefix)
        if query.where == "note":
            return in_note
        columns = {"front": ("asked",), "back": ("rest",)}.get(query.where, tuple(texts[item.name]))
        parts = [text for column in columns for text in texts[item.name][column]]
        in_text = any(holds(tokens(part), phrase, prefix=prefix) for part in parts)
        return in_text or (query.where == "" and in_note)

    @settings(max_examples=80, deadline=None)
    @given(QUERIES)
    def check(query: Query) -> None:
        wanted = [n for n, item in enumerate(items) if slow(query, item)]
        assert browser.find(printed(query), Sorting(), "en") == wanted

    check()


def _texts(library: PackLibrary, name: str) -> dict[str, list[str]]:
    topic, item = library.item(name)
    lets = dict(item.let)

    def plain(text: str) -> str:
        for source, words in lets.items():
            text = text.replace(f"{{{{ code({source}) }}}}", words)
        return text.replace("\\frac{e^{x_i}}{\\sum_j e^{x_j}}", "e xᵢ e x ⱼ")

    asked, rest = [], [*lets.values()]
    for where, text, _ in item_texts(item):
        part = asked if where in ("front", "question") else rest
        part += [plain(form) for form in texts_by_language(text).values()]
    if not isinstance(item, Card) and item.measure:
        rest.append(item.measure)
    label = [name.replace("/", " "), *item.tags, *texts_by_language(topic.title).values()]
    return {"asked": asked, "rest": rest, "label": label}


def _compared(query: Compare, item: Item) -> bool:
    seen = item.due is not None
    last = {"conv": 0, "count": 0, "pool": 8, "a1": 8}.get(item.name.rpartition("/")[2])
    value = {
        "level": item.level,
        "lapses": item.lapses,
        "reviews": item.reviews,
        "due": item.due,
        "rated": last if item.name.rpartition("/")[2] != "a1" or "demo:a" in item.name else None,
        "stability": item.stability,
        "difficulty": item.difficulty,
        "recall": None if item.recall is None else round(item.recall * 100),
    }[query.field]
    if value is None or (query.field in ("due", "rated") and not seen):
        return False
    if query.field == "rated" and query.sign == ":":
        return value < query.value
    return {
        ":": math.isclose(value, query.value, abs_tol=0, rel_tol=0),
        "<": value < query.value,
        "<=": value <= query.value,
        ">": value > query.value,
        ">=": value >= query.value,
    }[query.sign]


def _matched(
    query: Match, item: Item, learner: Study, mistakes: dict[str, list[str]], typed: dict[str, str]
) -> bool:
    value = folded(query.value)

    def named(name: str, *, whole: bool = False) -> bool:
        name = folded(name)
        if "*" in value:
            return fnmatchcase(name, value)
        return name == value if whole else name.startswith(value)

    topic = item.topic
    match query.field:
        case "is":
            return {
                "new": item.phase == 0,
                "due": item.due is not None and item.due <= 0
                and not item.suspended and not item.buried,
                "learning": item.phase in (1, 3),
                "review": item.phase == 2,
                "suspended": item.suspended,
                "buried": item.buried,
            }[query.value]  # fmt: skip
        case "kind":
            return item.kind == value or (value == "exercise" and item.kind != "card")
        case "flag":
            return bool(item.flag) if value == "*" else FLAGS[item.flag] == value
        case "note":
            return bool(item.note)
        case "typed":
            return item.name in typed
        case "mistake":
            return any(named(one, whole=True) for one in mistakes.get(item.name, ()))
        case "tag":
            tags = learner.library.item(item.name)[1].tags
            return any(named(tag, whole=True) for tag in tags)
        case "id":
            return named(item.name) if "*" in value else value in folded(item.name)
        case "pack":
            return named(topic.pack)
    titles = [tokens(title) for title in texts_by_language(topic.title).values()]
    words = tokens(value)
    whole_name = f"{topic.pack}:{topic.name}"
    return (
        named(topic.name)
        or named(whole_name)
        or any(holds(title, words, prefix=True) for title in titles)
    )
