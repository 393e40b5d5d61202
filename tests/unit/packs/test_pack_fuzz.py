"""Archives and YAML damaged at random: refused or read, never a crash, never a byte elsewhere."""

from __future__ import annotations

import json
import zipfile
import zlib
from collections.abc import Mapping
from io import BytesIO

import pytest
from hostile_zip import FILES, PACK, TOPIC, Entry, archive, in_bytes, manifest, whole
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from content import yaml_events
from content.archive import ArchiveError, build, read
from content.archive.limits import MAX_TOTAL_BYTES
from content.archive.names import check_name
from content.archive.refusal import CODES
from content.schema import validate_topic

FEW, MANY = 500, 10_000
"""Cases of each of the two fuzzers: 1,000 and 20,000 together."""
_QUIET = {"deadline": None, "suppress_health_check": list(HealthCheck), "database": None}
SEEDS = (
    whole(),
    build("sample", "1.0.0", FILES)[0],
    archive([Entry("gradus.json", in_bytes(manifest())), Entry("pack.yaml", PACK, method=8),
             Entry("topic.yaml", TOPIC, method=8)]),
    whole({**FILES, "卷积/padding.yaml": TOPIC, "README.md": b"# Sample\n" * 40}),
)  # fmt: skip
_MAGIC = (b"PK\1\2", b"PK\3\4", b"PK\5\6", b"PK\6\7", b"\0\0", b"\xff\xff", b"\xff" * 4, b"../",
          b"\x1b[2J", b"/etc", b"{", b'"', b"\\", b"\x08\0", b"\0\x40\0\xa0")  # fmt: skip

edits = st.lists(
    st.one_of(
        st.tuples(st.just("set"), st.integers(0, 2**20), st.integers(0, 255)),
        st.tuples(st.just("flip"), st.integers(0, 2**20), st.integers(0, 7)),
        st.tuples(st.just("cut"), st.integers(0, 2**20), st.integers(1, 400)),
        st.tuples(st.just("copy"), st.integers(0, 2**20), st.integers(1, 400)),
        st.tuples(st.just("magic"), st.integers(0, 2**20), st.integers(0, len(_MAGIC) - 1)),
        st.tuples(st.just("stop"), st.integers(0, 2**20), st.just(0)),
    ),
    min_size=1,
    max_size=6,
)
names = st.one_of(
    st.sampled_from(("topic.yaml", "a/b.yaml", "../x.yaml", "/x.yaml", "con.yaml", "a.md/x.yaml")),
    st.text(st.characters(), max_size=12).map(lambda text: f"{text}.yaml"),
)
entries = st.builds(
    Entry,
    name=names,
    data=st.binary(max_size=60),
    method=st.sampled_from((0, 0, 0, 8, 8, 12)),
    mode=st.sampled_from((0o100644, 0o100644, 0o120777, 0o40755, 0)),
    size=st.one_of(st.none(), st.none(), st.integers(0, 2**32 - 1)),
    offset=st.one_of(st.none(), st.none(), st.integers(0, 400)),
    flags=st.one_of(st.none(), st.none(), st.integers(0, 2**16 - 1)),
    extra=st.one_of(st.just(b""), st.binary(max_size=8)),
)


def damaged(data: bytes, changes: list[tuple[str, int, int]]) -> bytes:
    held = bytearray(data)
    for kind, where, what in changes:
        at = where % (len(held) + 1)
        if kind == "set":
            held[at : at + 1] = bytes([what])
        elif kind == "flip" and at < len(held):
            held[at] ^= 1 << what
        elif kind == "cut":
            del held[at : at + what]
        elif kind == "copy":
            held[at:at] = held[at : at + what]
        elif kind == "magic":
            held[at : at + len(_MAGIC[what])] = _MAGIC[what]
        elif kind == "stop":
            del held[at:]
    return bytes(held)


archives = st.one_of(
    st.builds(damaged, st.sampled_from(SEEDS), edits),
    st.lists(entries, max_size=4).map(lambda more: whole(FILES, *more)),
    st.dictionaries(names, st.binary(max_size=60), max_size=3).map(
        lambda more: whole({**FILES, **more})
    ),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=6),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
        max_leaves=8,
    ).map(lambda document: whole(document=in_bytes(document))),
    st.binary(max_size=200),
)


def judge_archive(data: bytes) -> None:
    """Refused with a known code; or read, and then another reader sees the same in it."""
    try:
        files = read(data).files
    except ArchiveError as refused:
        code = refused.code
    else:
        judge_files(data, files)
        return
    assert code in CODES


def judge_files(data: bytes, files: Mapping[str, bytes]) -> None:
    assert sum(map(len, files.values())) <= MAX_TOTAL_BYTES
    for name in files:
        check_name(name)
    with zipfile.ZipFile(BytesIO(data)) as other:
        seen = {name: other.read(name) for name in other.namelist()}
    assert {**seen, **files} == seen
    assert set(seen) - set(files) <= {"gradus.json", "gradus.sig"}


_WORDS = ("topic: a", "title: b", "cards:", "  - id: x", "    front: y", "exercises:", "&a", "*a",
          "!!python/object:os.system", "<<: *a", "? [", "- ", "{", "}", "[", "]", "'", '"', "|",
          ">-", "---", "...", "%YAML 1.2", "\t", "\u202e", "\x1b[2J", "\x00", "0x", "9" * 99, "~",
          ": ", ", ", "#", "true", "{{ x }}", "\\", "$x$", "\ufeff", "\x85")  # fmt: skip
documents = st.one_of(
    st.builds(damaged, st.just(TOPIC), edits),
    st.lists(
        st.tuples(st.integers(0, 6), st.lists(st.sampled_from(_WORDS), max_size=4)), max_size=12
    ).map(lambda rows: "\n".join(" " * n + " ".join(row) for n, row in rows).encode()),
    st.builds(
        lambda word, times: TOPIC + b"x: " + (word * times).encode(),
        st.sampled_from(_WORDS),
        st.sampled_from((1, 25, 3000)),
    ),
    st.binary(max_size=120),
    st.text(max_size=120).map(lambda text: text.encode("utf-8", "surrogatepass")),
)


def judge_yaml(data: bytes) -> None:
    """Read with every problem in its place, and what is read is plain data."""
    document = yaml_events.read(data)
    assert len(document.problems) <= yaml_events.MAX_PROBLEMS
    last = data.count(b"\n") + data.count(b"\r") + 2
    for problem in document.problems:
        assert problem.code.startswith("G0")
        assert 0 <= problem.line <= last
    if document.whole:
        json.dumps(document.data)
        validate_topic(document.data, document.positions)


@settings(max_examples=FEW, **_QUIET)  # type: ignore[arg-type]
@given(archives)
def test_archives(data: bytes) -> None:
    judge_archive(data)


@settings(max_examples=FEW, **_QUIET)  # type: ignore[arg-type]
@given(documents)
def test_yaml(data: bytes) -> None:
    judge_yaml(data)


@pytest.mark.slow
@settings(max_examples=MANY, **_QUIET)  # type: ignore[arg-type]
@given(archives)
def test_many_archives(data: bytes) -> None:
    judge_archive(data)


@pytest.mark.slow
@settings(max_examples=MANY, **_QUIET)  # type: ignore[arg-type]
@given(documents)
def test_many_documents(data: bytes) -> None:
    judge_yaml(data)


def test_every_bit_of_an_archive() -> None:
    """Whichever one is wrong: refused, or every program reads the same."""
    for at in range(len(SEEDS[2])):
        for bit in range(8):
            judge_archive(damaged(SEEDS[2], [("flip", at, bit)]))


def test_every_bit_that_is_written_twice() -> None:
    """What an entry says of itself stands before its data and in the directory: flipped in both,
    nothing differs, and what is said must be understood."""
    seed = SEEDS[2]
    before, listed = seed.rindex(b"PK\3\4") + 4, seed.rindex(b"PK\1\2") + 6
    alike = 26
    assert seed[before : before + alike] == seed[listed : listed + alike]
    for at in range(alike):
        for bit in range(8):
            changes = [("flip", before + at, bit), ("flip", listed + at, bit)]
            judge_archive(damaged(seed, changes))


def test_the_fuzzer_reaches_what_is_right() -> None:
    """Undamaged seeds are read: the fuzzer starts from within, not from noise."""
    for seed in SEEDS:
        assert read(seed).contents.id == "sample"
    assert zlib.crc32(SEEDS[0]) != zlib.crc32(SEEDS[2])
