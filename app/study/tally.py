"""What a session came to, kept answer by answer so that an undo takes exactly its own back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from app.study.views import Rating, Summary, TopicResult
from content.pack import Text


@dataclass(frozen=True, slots=True)
class Entry:
    """One answer of the session."""

    item: int
    topic: str
    """`pack:topic`."""
    title: Text
    rating: Rating
    right: bool
    new: bool
    seconds: float
    mistake: str | None = None


class Tally:
    """The answers of a session by the ids of their reviews."""

    def __init__(self) -> None:
        self._entries: dict[str, Entry] = {}
        self._removed: dict[str, Entry] = {}
        self._practice: list[tuple[int, bool]] = []

    @property
    def answered(self) -> int:
        """Answers given and not taken back, practice of what is not due among them."""
        return len(self._entries) + len(self._practice)

    @property
    def items(self) -> frozenset[int]:
        """The items answered, each once however often it came."""
        practised = (item for item, _ in self._practice)
        return frozenset((*(entry.item for entry in self._entries.values()), *practised))

    def add(self, review: str, entry: Entry) -> None:
        """An answer was saved."""
        self._entries[review] = entry

    def practised(self, item: int, *, right: bool) -> None:
        """An item that is not due was answered."""
        self._practice.append((item, right))

    def rerate(self, review: str, rating: Rating) -> None:
        """An answer counts as another rating. A card is right unless it is Again."""
        entry = self._entries[review]
        self._entries[review] = replace(entry, rating=rating)

    def remove(self, review: str) -> None:
        """An answer was taken back; one of an earlier session is none of ours."""
        entry = self._entries.pop(review, None)
        if entry is not None:
            self._removed[review] = entry

    def restore(self, review: str) -> None:
        """An answer that was taken back counts again."""
        entry = self._removed.pop(review, None)
        if entry is not None:
            self._entries[review] = entry

    def summary(
        self, *, due_left: int, new_left: int, next_due: datetime | None, over: str = ""
    ) -> Summary:
        """The session so far."""
        entries = list(self._entries.values())
        return Summary(
            answered=len(entries),
            right=sum(entry.right for entry in entries),
            again=sum(entry.rating is Rating.AGAIN for entry in entries),
            new=sum(entry.new for entry in entries),
            seconds=sum(entry.seconds for entry in entries),
            topics=tuple(
                self._topic(topic) for topic in dict.fromkeys(entry.topic for entry in entries)
            ),
            due_left=due_left,
            new_left=new_left,
            next_due=next_due,
            practised=len(self._practice),
            practised_right=sum(right for _, right in self._practice),
            over=over,
        )

    def _topic(self, topic: str) -> TopicResult:
        entries = [entry for entry in self._entries.values() if entry.topic == topic]
        return TopicResult(
            topic=topic,
            title=entries[0].title,
            answered=len(entries),
            right=sum(entry.right for entry in entries),
            mistakes=tuple(dict.fromkeys(e.mistake for e in entries if e.mistake is not None)),
        )
