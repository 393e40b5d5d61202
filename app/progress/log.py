"""Writing and reading the event log.

Promise: only inserts; statements are built once. An event's counter is one more than the largest
in the file, taken inside the caller's transaction. Must not decide what a memory becomes.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Row, bindparam, func, insert, literal_column, select, text

from app.progress.events import (
    Answer,
    EventKind,
    NewEvent,
    Order,
    ParameterSet,
    Review,
    Turns,
)
from app.progress.hot import Hot
from app.progress.models import (
    WORDS,
    AnswerRow,
    DeviceRow,
    EventRow,
    ItemNameRow,
    ItemRow,
    ParameterSetRow,
)
from app.progress.turning import Turning

if TYPE_CHECKING:
    _ReviewRow = Row[int, str, str, str, int, int, int | None, str | None, int]
    _ResetRow = Row[int, str, str, int]

_MISTAKES_LOOKED_AT = 2000

_INSERT_EVENT = insert(EventRow).values(
    item=select(ItemNameRow.key)
    .where(ItemNameRow.name == bindparam("item_name"))
    .scalar_subquery(),
    counter=select(func.coalesce(func.max(EventRow.counter), 0) + 1).scalar_subquery(),
)
_COUNTER = select(func.max(EventRow.counter))
_EVENT_COLUMNS = (
    "id", "learner", "device", "at", "day", "kind", "target", "rating", "payload", "act",
)  # fmt: skip
_INSERT_ANSWER = insert(AnswerRow)
_ANSWER_FIELDS = tuple(field.name for field in fields(Answer))
_ANSWER_COLUMNS = ("event", *_ANSWER_FIELDS)
_INSERT_PARAMETERS = insert(ParameterSetRow)

_REVIEWS = (
    select(
        EventRow.counter,
        DeviceRow.id,
        EventRow.id,
        ItemNameRow.name,
        EventRow.at,
        EventRow.day,
        EventRow.rating,
        AnswerRow.parameters,
        ItemNameRow.item,
    )
    .join(DeviceRow, DeviceRow.key == EventRow.device)
    .join(ItemNameRow, ItemNameRow.key == EventRow.item)
    .join(AnswerRow, AnswerRow.event == EventRow.key)
    .where(
        EventRow.kind == literal_column(f"'{EventKind.REVIEW}'"),
        EventRow.learner == bindparam("learner"),
    )
)
_ITEM_REVIEWS = _REVIEWS.where(
    EventRow.item.in_(select(ItemNameRow.key).where(ItemNameRow.item == bindparam("item_key")))
)
_ITEM_MISTAKES = (
    select(EventRow.id, AnswerRow.mistake)
    .join(AnswerRow, AnswerRow.event == EventRow.key)
    .where(
        EventRow.kind == literal_column(f"'{EventKind.REVIEW}'"),
        EventRow.learner == bindparam("learner"),
        EventRow.item.in_(select(ItemNameRow.key).where(ItemNameRow.item == bindparam("item_key"))),
        AnswerRow.mistake.is_not(None),
    )
)
_ALL_REVIEWS = _REVIEWS.order_by(ItemNameRow.item)
_RESETS = (
    select(EventRow.counter, DeviceRow.id, EventRow.id, ItemNameRow.item)
    .join(DeviceRow, DeviceRow.key == EventRow.device)
    .join(ItemNameRow, ItemNameRow.key == EventRow.item)
    .where(
        EventRow.learner == bindparam("learner"),
        # The condition of the index, word for word: else SQLite would not use it.
        text(f"kind IN ({WORDS})"),
        EventRow.kind == literal_column(f"'{EventKind.RESET}'"),
    )
)
_ITEM_RESETS = _RESETS.where(
    EventRow.item.in_(select(ItemNameRow.key).where(ItemNameRow.item == bindparam("item_key")))
)
_PARAMETERS = (
    select(
        EventRow.id,
        ParameterSetRow.scheduler,
        ParameterSetRow.weights,
        ParameterSetRow.desired_retention,
        ParameterSetRow.learning_steps,
        ParameterSetRow.relearning_steps,
        ParameterSetRow.maximum_interval,
        ParameterSetRow.fuzz,
    )
    .join(ParameterSetRow, ParameterSetRow.event == EventRow.key)
    .where(
        EventRow.kind == literal_column(f"'{EventKind.PARAMETERS}'"),
        EventRow.learner == bindparam("learner"),
    )
    .order_by(EventRow.counter)
)
_MISTAKES = (
    select(EventRow.id, EventRow.day, ItemRow.topic, AnswerRow.mistake)
    .select_from(AnswerRow)
    .join(EventRow, EventRow.key == AnswerRow.event)
    .join(ItemNameRow, ItemNameRow.key == EventRow.item)
    .join(ItemRow, ItemRow.key == ItemNameRow.item)
    .where(
        # Wrapped for the same reason.
        func.coalesce(EventRow.kind, "") == literal_column(f"'{EventKind.REVIEW}'"),
        func.coalesce(EventRow.learner, 0) == bindparam("learner"),
        AnswerRow.mistake.is_not(None),
    )
    .order_by(AnswerRow.event.desc())
    .limit(_MISTAKES_LOOKED_AT)
)


class Log:
    """One learner's log in one file."""

    def __init__(self, connection: Connection, learner: int, device: int, turning: Turning) -> None:
        self._connection = connection
        self._learner = learner
        self._device = device
        self._turning = turning
        self._insert_event = Hot(connection, _INSERT_EVENT, _EVENT_COLUMNS)
        self._insert_answer = Hot(connection, _INSERT_ANSWER, _ANSWER_COLUMNS)

    def append(self, event: NewEvent) -> None:
        """Log an event. Call inside a transaction."""
        key = self._insert_event(
            {
                "id": event.id,
                "learner": self._learner,
                "device": self._device,
                "at": event.at,
                "day": event.day,
                "kind": event.kind.value,
                "item_name": event.item,
                "target": event.target,
                "rating": event.rating,
                "payload": event.payload,
                "act": event.act,
            },
        ).lastrowid
        answer, parameters = event.answer, event.parameters
        if answer is not None:
            values = {name: getattr(answer, name) for name in _ANSWER_FIELDS}
            self._insert_answer(values | {"event": key})
        if parameters is not None:
            self._connection.execute(
                _INSERT_PARAMETERS,
                {
                    "event": key,
                    "scheduler": parameters.scheduler,
                    "weights": json.dumps(parameters.weights),
                    "desired_retention": parameters.desired_retention,
                    "learning_steps": json.dumps(parameters.learning_steps),
                    "relearning_steps": json.dumps(parameters.relearning_steps),
                    "maximum_interval": parameters.maximum_interval,
                    "fuzz": parameters.fuzz,
                },
            )

    def counter(self) -> int:
        """The largest counter in the file."""
        return self._connection.execute(_COUNTER).scalar() or 0

    def reviews(self, item: int) -> list[Review]:
        """Every review of an item, in order, with what it counts as now."""
        values = {"learner": self._learner, "item_key": item}
        rows = self._connection.execute(_ITEM_REVIEWS, values).all()
        resets = self._connection.execute(_ITEM_RESETS, values).all()
        events = [row[2] for row in rows] + [row[2] for row in resets]
        turns = self._turning.of(events)
        return _in_order(rows, turns, self._resets(resets, turns).get(item))

    def all_reviews(self) -> Iterator[tuple[int, list[Review]]]:
        """(item, its reviews) for every item with a review, one item at a time."""
        values = {"learner": self._learner}
        turns = self._turning.all()
        resets = self._resets(self._connection.execute(_RESETS, values), turns)
        current: list[_ReviewRow] = []
        for row in self._connection.execute(_ALL_REVIEWS, values):
            if current and current[0][8] != row[8]:
                yield current[0][8], _in_order(current, turns, resets.get(current[0][8]))
                current = []
            current.append(row)
        if current:
            yield current[0][8], _in_order(current, turns, resets.get(current[0][8]))

    def mistakes_in(self, item: int) -> dict[str, str]:
        """The named mistakes of an item's reviews, by the reviews' ids."""
        values = {"learner": self._learner, "item_key": item}
        return {row[0]: row[1] or "" for row in self._connection.execute(_ITEM_MISTAKES, values)}

    def parameters(self) -> list[tuple[str, ParameterSet]]:
        """(event id, parameter set), oldest first."""
        values = {"learner": self._learner}
        return [
            (
                row[0],
                ParameterSet(
                    scheduler=row.scheduler,
                    weights=tuple(json.loads(row.weights)),
                    desired_retention=row.desired_retention,
                    learning_steps=tuple(json.loads(row.learning_steps)),
                    relearning_steps=tuple(json.loads(row.relearning_steps)),
                    maximum_interval=row.maximum_interval,
                    fuzz=bool(row.fuzz),
                ),
            )
            for row in self._connection.execute(_PARAMETERS, values)
        ]

    def mistakes(self, since: int) -> dict[int, dict[str, int]]:
        """Per topic key, how often each named mistake was made in reviews in force since that
        day (of the newest two thousand)."""
        rows = self._connection.execute(_MISTAKES, {"learner": self._learner}).all()
        rows = [row for row in rows if row[1] >= since]
        turns = self.turns_of([row[0] for row in rows])
        counted: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
        for event, _, topic, mistake in rows:
            if mistake is not None and turns.in_force(event):
                counted[topic][mistake] += 1
        return {topic: dict(found) for topic, found in counted.items()}

    def turns_of(self, events: Sequence[str]) -> Turns:
        """Turns about those events, and turns about these turns (a rerate may be undone)."""
        return self._turning.of(events)

    def _resets(self, rows: Iterable[_ResetRow], turns: Turns) -> dict[int, Order]:
        """Per item the newest reset in force."""
        newest: dict[int, Order] = {}
        for counter, device, event, item in rows:
            order = Order(counter, device, event)
            known = newest.get(item)
            if turns.in_force(event) and (known is None or order.key() > known.key()):
                newest[item] = order
        return newest


def _in_order(rows: Iterable[_ReviewRow], turns: Turns, reset: Order | None) -> list[Review]:
    reviews = []
    for counter, device, event, name, at, day, rating, parameters, _ in rows:
        order = Order(counter, device, event)
        review = Review(
            order=order,
            item=name,
            at=at,
            day=day,
            rating=turns.rating(event, rating or 0),
            parameters=parameters or "",
            in_force=turns.in_force(event),
            forgotten=reset is not None and order.key() < reset.key(),
        )
        reviews.append(review)
    return sorted(reviews, key=lambda review: review.order.key())
