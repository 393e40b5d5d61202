"""Words for topics, as a person writes them: a pack, a chapter, a topic or its beginning.

Promise: the one rule, wherever topics are named. Must not know which there are.
"""

from __future__ import annotations


def belongs(pack: str, chapter: str, topic: str, word: str) -> bool:
    """Whether a topic is, or lies in, the pack, chapter, topic or beginning of topics so called.

    `chapter` without its pack; a word with one (`pack:rest`) is of that pack alone.
    """
    named, colon, rest = word.partition(":")
    if colon:
        return pack == named and (not rest or belongs(pack, chapter, topic, rest))
    return word in (pack, chapter, topic) or topic.startswith(f"{word}.")
