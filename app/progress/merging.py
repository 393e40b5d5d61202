"""The union of two logs: what another file has and this one has not.

Promise: rows of the log are only added, each under its own id, so that the order of merging does
not matter and merging again adds nothing; what both hold must be the same, else `LogsDifferError`.
The other file is a clean copy (`app.progress.foreign`) that is attached as `other`. Caches are the
caller's to renew, the transaction too.
"""

from __future__ import annotations

import sqlite3
from dataclasses import astuple, dataclass

from app.progress.steps import Link, apart, played

_WITHOUT = frozenset({"key", "learner", "device", "item"})
_EVENT_JOINS = """FROM {s}.event e JOIN {s}.device d ON d.key = e.device
    LEFT JOIN {s}.item_name n ON n.key = e.item LEFT JOIN {s}.answer a ON a.event = e.key
    LEFT JOIN {s}.parameter_set p ON p.event = e.key"""
_NEW = "NOT EXISTS (SELECT 1 FROM main.event m WHERE m.id = o.id)"
_NEWS = f"""SELECT d.id, count(*), min(o.day), max(o.day) FROM other.event o
    JOIN other.device d ON d.key = o.device WHERE o.kind = 'review' AND {_NEW}
    GROUP BY d.id ORDER BY d.id"""  # noqa: S608
_UNKNOWN_NAMES = """SELECT n.name, i.name, i.kind, i.level, i.rank, i.content_hash, t.pack,
        t.pack_title, t.name, t.title, t.chapter, t.chapter_title, t.position
    FROM other.item_name n JOIN other.item i ON i.key = n.item JOIN other.topic t ON t.key = i.topic
    WHERE n.key IN (SELECT item FROM other.event)
    AND n.name NOT IN (SELECT name FROM main.item_name)
    ORDER BY n.name"""
_ADD_TOPIC = """INSERT INTO main.topic (pack, pack_title, name, title, chapter, chapter_title,
    position, present) VALUES (?, ?, ?, ?, ?, ?, ?, 0)"""
_ADD_ITEM = """INSERT INTO main.item (name, topic, kind, level, rank, content_hash, present)
    VALUES (?, ?, ?, ?, ?, ?, 0)"""
_ADD_DEVICES = """INSERT INTO main.device (id, own, created) SELECT id, 0, created FROM other.device
    WHERE id NOT IN (SELECT id FROM main.device) ORDER BY id"""
_ADD_STEP = "INSERT INTO main.drill_step VALUES (?, ?, ?, ?, ?, ?, ?)"
_ADD_APART = """INSERT INTO main.drill_step_apart
    (id, parent, position, at, kind, question, payload, event, round)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"""
_ADD_CLOCKS = """INSERT INTO main.drill_clock (round, at, question, question_seconds, round_seconds)
    SELECT m.key, c.at, c.question, c.question_seconds, c.round_seconds FROM other.drill_clock c
    JOIN other.drill_round o ON o.key = c.round JOIN main.drill_round m ON m.id = o.id
    WHERE m.key = ? ON CONFLICT (round) DO UPDATE SET at = excluded.at,
    question = excluded.question, question_seconds = excluded.question_seconds,
    round_seconds = excluded.round_seconds WHERE excluded.at > drill_clock.at"""
_TOUCHED = """WITH RECURSIVE told(id) AS (
        SELECT id FROM main.event WHERE key > :last
        UNION SELECT e.target FROM told JOIN main.event e ON e.id = told.id
        WHERE e.target IS NOT NULL)
    SELECT DISTINCT n.item FROM told JOIN main.event e ON e.id = told.id
    JOIN main.item_name n ON n.key = e.item ORDER BY n.item"""
"""Items of new events, and of events that new ones decide about."""
_SHARED_ROUNDS = """SELECT m.key, o.key, o.id FROM other.drill_round o
    JOIN main.drill_round m ON m.id = o.id ORDER BY m.key"""


class LogsDifferError(Exception):
    """Both hold an event or a round of the same id, and say different things of it."""


@dataclass(frozen=True, slots=True)
class FromDevice:
    """New reviews given on one device."""

    device: str
    reviews: int
    first_day: int
    last_day: int


@dataclass(frozen=True, slots=True)
class News:
    """What merging would add."""

    learner: str
    """The id that the learner has here."""
    other: str
    """The id in the other file."""
    known: bool
    """Whether both are known to be the same person."""
    own_reviews: int
    reviews: int
    """In the other file."""
    new_reviews: int
    new_events: int
    new_rounds: int
    new_steps: int
    new_names: int
    """Ids of the learner that this file does not know yet."""
    apart: int
    """Rounds that went on in both places."""
    devices: tuple[FromDevice, ...]

    @property
    def nothing(self) -> bool:
        """Whether all of it is here already."""
        return not (self.new_events or self.new_rounds or self.new_steps or self.new_names)


@dataclass(frozen=True, slots=True)
class _Joined:
    """What a round here gains: steps that go on, and steps that happened elsewhere."""

    key: int
    onward: list[Link]
    aside: list[Link]


class Merging:
    """One file and another, attached to the same connection."""

    def __init__(self, database: sqlite3.Connection, learner: int) -> None:
        self._database = database
        self._learner = learner

    def news(self) -> News:
        """Compare. Raises `LogsDifferError`; ValueError where the other's drills make no sense."""
        self._require_same("event", _EVENT_JOINS, ("event", "answer", "parameter_set"), "eap")
        joins = "FROM {s}.drill_round e JOIN {s}.device d ON d.key = e.device"
        self._require_same("drill_round", joins, ("drill_round",), "e")
        ours, theirs = self._names("main"), self._names("other")
        devices = tuple(FromDevice(*row) for row in self._database.execute(_NEWS))
        joined = list(self._joined())
        own = self._one("SELECT count(*) FROM main.event WHERE kind = 'review'")
        return News(
            learner=self._who("main")[1],
            other=self._who("other")[1],
            known=bool(ours & theirs),
            own_reviews=own,
            reviews=self._one("SELECT count(*) FROM other.event WHERE kind = 'review'"),
            new_reviews=sum(device.reviews for device in devices),
            new_events=self._one(f"SELECT count(*) FROM other.event o WHERE {_NEW}"),  # noqa: S608
            new_rounds=self._one(
                "SELECT count(*) FROM other.drill_round WHERE id NOT IN"
                " (SELECT id FROM main.drill_round)"
            ),
            new_steps=sum(len(one.onward) + len(one.aside) for one in joined),
            new_names=len(theirs - ours),
            apart=sum(bool(one.aside) for one in joined),
            devices=devices,
        )

    def absorb(self) -> list[int]:
        """Add what is new; the items whose caches must be renewed. Call inside a transaction."""
        last = self._one("SELECT coalesce(max(key), 0) FROM main.event")
        self._database.execute(_ADD_DEVICES)
        self._add_names()
        self._add_events(last)
        joined = list(self._joined())
        self._add_rounds()
        for one in joined:
            self._join(one)
        self._be_one_person()
        return [row[0] for row in self._database.execute(_TOUCHED, {"last": last})]

    def _require_same(self, table: str, joins: str, parts: tuple[str, ...], letters: str) -> None:
        columns = ["d.id"] + (["n.name"] if table == "event" else [])
        for part, letter in zip(parts, letters, strict=True):
            columns += [
                f"{letter}.{name}"
                for name in self._columns(part)
                if name not in _WITHOUT and not (name == "event" and letter != "e")
            ]
        said = f"SELECT {', '.join(columns)} {joins}"
        differing = self._one(
            f"SELECT count(*) FROM ({said.format(s='other')}"  # noqa: S608
            f" WHERE e.id IN (SELECT id FROM main.{table}) EXCEPT {said.format(s='main')})"
        )
        if differing:
            raise LogsDifferError(f"{table}: {differing}")

    def _add_names(self) -> None:
        run = self._database.execute
        for name, current, kind, level, rank, content, *topic in run(_UNKNOWN_NAMES).fetchall():
            item = self._found("SELECT item FROM main.item_name WHERE name = ?", current)
            if item is None:
                pack, pack_title, topic_name, *titles, position = topic
                place = self._found(
                    "SELECT key FROM main.topic WHERE pack = ? AND name = ?", pack, topic_name
                )
                if place is None:
                    values = (pack, pack_title, topic_name, *titles, position)
                    place = run(_ADD_TOPIC, values).lastrowid
                values = (current, place, kind, level, rank, content)
                item = run(_ADD_ITEM, values).lastrowid
                self._name(current, item)
            if name != current:
                self._name(name, item)

    def _name(self, name: str, item: int | None) -> None:
        self._database.execute(
            "INSERT INTO main.item_name (name, item) VALUES (?, ?)", (name, item)
        )

    def _add_events(self, last: int) -> None:
        names = [name for name in self._columns("event") if name not in _WITHOUT]
        self._database.execute(
            f"""INSERT INTO main.event (learner, device, item, {", ".join(names)})
            SELECT ?, d.key, n.key, {", ".join(f"o.{name}" for name in names)}
            FROM other.event o JOIN other.device od ON od.key = o.device
            JOIN main.device d ON d.id = od.id LEFT JOIN other.item_name ona ON ona.key = o.item
            LEFT JOIN main.item_name n ON n.name = ona.name
            WHERE {_NEW} ORDER BY o.counter, od.id, o.id""",  # noqa: S608
            (self._learner,),
        )
        for table in ("answer", "parameter_set"):
            names = [name for name in self._columns(table) if name != "event"]
            self._database.execute(
                f"""INSERT INTO main.{table} (event, {", ".join(names)})
                SELECT m.key, {", ".join(f"t.{name}" for name in names)}
                FROM main.event m JOIN other.event o ON o.id = m.id
                JOIN other.{table} t ON t.event = o.key WHERE m.key > ? ORDER BY m.key""",  # noqa: S608
                (last,),
            )

    def _add_rounds(self) -> None:
        run = self._database.execute
        last = self._one("SELECT coalesce(max(key), 0) FROM main.drill_round")
        names = [name for name in self._columns("drill_round") if name not in _WITHOUT]
        run(
            f"""INSERT INTO main.drill_round (learner, device, {", ".join(names)})
            SELECT ?, d.key, {", ".join(f"o.{name}" for name in names)} FROM other.drill_round o
            JOIN other.device od ON od.key = o.device JOIN main.device d ON d.id = od.id
            WHERE o.id NOT IN (SELECT id FROM main.drill_round) ORDER BY o.at, od.id, o.id""",  # noqa: S608
            (self._learner,),
        )
        for table in ("drill_step", "drill_step_apart"):
            names = [name for name in self._columns(table) if name != "round"]
            run(
                f"""INSERT INTO main.{table} (round, {", ".join(names)})
                SELECT m.key, {", ".join(f"s.{name}" for name in names)} FROM other.{table} s
                JOIN other.drill_round o ON o.key = s.round JOIN main.drill_round m ON m.id = o.id
                WHERE m.key > ?""",  # noqa: S608
                (last,),
            )
        for (key,) in run("SELECT key FROM main.drill_round WHERE key > ?", (last,)).fetchall():
            run(_ADD_CLOCKS, (key,))

    def _joined(self) -> list[_Joined]:
        """What rounds known here gain. A step goes on from where the round stands here, or it
        happened elsewhere."""
        found = []
        for key, other_key, round_ in self._database.execute(_SHARED_ROUNDS).fetchall():
            ours = list(played(self._database, key, round_))
            known = {link.id for link in ours}
            known |= {link.id for link in apart(self._database, key, round_)}
            tip = ours[-1].id if ours else None
            joined = _Joined(key, [], [])
            theirs = [*played(self._database, other_key, round_, "other")]
            theirs += apart(self._database, other_key, round_, "other")
            for link in theirs:
                if link.id in known:
                    continue
                if link.parent == tip:
                    joined.onward.append(link)
                    tip = link.id
                else:
                    joined.aside.append(link)
            if joined.onward or joined.aside:
                found.append(joined)
        return found

    def _join(self, one: _Joined) -> None:
        for link in one.onward:
            _, _, *step = astuple(link)
            self._database.execute(_ADD_STEP, (one.key, *step))
        for link in one.aside:
            self._database.execute(_ADD_APART, (*astuple(link), one.key))
        if one.onward:
            self._database.execute(_ADD_CLOCKS, (one.key,))

    def _be_one_person(self) -> None:
        """Take the older id, then the smaller one; keep all others as names of the same learner."""
        created, name = min(self._who("main"), self._who("other"))
        run = self._database.execute
        every = self._names("main") | self._names("other")
        run("DELETE FROM main.learner_alias WHERE id = ?", (name,))
        run("UPDATE main.learner SET id = ?, created = ? WHERE key = ?",
            (name, created, self._learner))  # fmt: skip
        self._database.executemany(
            "INSERT OR IGNORE INTO main.learner_alias (id, learner) VALUES (?, ?)",
            [(other, self._learner) for other in sorted(every - {name})],
        )

    def _who(self, schema: str) -> tuple[int, str]:
        sql = f"SELECT created, id FROM {schema}.learner ORDER BY key LIMIT 1"  # noqa: S608
        row: tuple[int, str] = self._database.execute(sql).fetchone()
        return row

    def _names(self, schema: str) -> set[str]:
        sql = f"SELECT id FROM {schema}.learner UNION SELECT id FROM {schema}.learner_alias"  # noqa: S608
        return {row[0] for row in self._database.execute(sql)}

    def _columns(self, table: str) -> list[str]:
        return [row[1] for row in self._database.execute(f"PRAGMA main.table_info({table})")]

    def _found(self, sql: str, *values: object) -> int | None:
        row = self._database.execute(sql, values).fetchone()
        return None if row is None else int(row[0])

    def _one(self, sql: str) -> int:
        return int(self._database.execute(sql).fetchone()[0])
