"""Queries as hypothesis makes them up."""

from __future__ import annotations

from hypothesis import strategies as st

from app.browse.fields import FIELDS
from app.browse.terms import All, Compare, Either, Match, Not, Query, Text

_WORD = st.one_of(
    st.sampled_from(["conv", "ConvoluTion", "卷积", "池化", "it", "1792", "ask"]),
    st.text(st.sampled_from("abc卷积0é"), min_size=1, max_size=4),
)
_PHRASE = st.text(st.sampled_from("abc 卷积-():"), min_size=1, max_size=8).filter(
    lambda words: any(char.isalnum() for char in words)
)
_KNOWN = st.sampled_from(["a", "a.first", "demo", "code", "*", "bias*", "*1", "about", "池化"])
_NAMES = [field.name for field in FIELDS.values() if field.takes == "name"]
_TEXTS = ["", *(field.name for field in FIELDS.values() if field.takes == "text")]
_CHOICES = [(f.name, value) for f in FIELDS.values() if f.takes == "choice" for value in f.values]
_NUMBERS = [field.name for field in FIELDS.values() if field.takes == "number"]
_LEAF = st.one_of(
    st.builds(Text, _WORD, st.sampled_from(_TEXTS)),
    st.builds(Text, _PHRASE, st.sampled_from(_TEXTS), st.just(True)),
    st.builds(Match, st.sampled_from(_NAMES), st.one_of(_PHRASE.map(str.strip), _KNOWN)),
    st.sampled_from(_CHOICES).map(lambda pair: Match(*pair)),
    st.builds(
        Compare,
        st.sampled_from(_NUMBERS),
        st.sampled_from([":", "<", ">", "<=", ">="]),
        st.one_of(st.integers(-3, 9).map(float), st.decimals(-999, 999, places=2).map(float)),
    ),
)


def _several(parts: st.SearchStrategy[Query]) -> st.SearchStrategy[Query]:
    lists = st.lists(parts, min_size=2, max_size=3).map(tuple)
    alls = lists.filter(lambda found: not any(isinstance(p, All) for p in found)).map(All)
    eithers = lists.filter(lambda found: not any(isinstance(p, Either) for p in found)).map(Either)
    return st.one_of(alls, eithers, st.builds(Not, parts))


QUERIES: st.SearchStrategy[Query] = st.recursive(_LEAF, _several, max_leaves=6)
"""Any query."""
