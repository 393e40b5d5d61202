"""The library of packs: what it answers, when it reads files again, and a warm start."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from content.cache import DamagedError, decode, encode
from content.compiled import PackLibrary
from content.pack import Card
from tests.built_in import built_in

SOUND = Path(__file__).parents[2] / "data" / "packs" / "sound"
Opens = Callable[[Sequence[Path], Path | None], PackLibrary]
ROOT = Path(__file__).parents[3]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    shutil.copytree(SOUND, tmp_path / "root" / "sample")
    return tmp_path / "root"


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "packs.sqlite"


@pytest.fixture
def opened() -> Iterator[Opens]:
    """Opens libraries and closes them at the end."""
    with ExitStack() as open_now:
        yield lambda roots, cache: open_now.enter_context(PackLibrary(roots, cache))


def add_topic(root: Path, topic: str, file: str = "", extra: str = "") -> Path:
    path = root / "sample" / f"{file or topic}.yaml"
    path.write_text(
        f"topic: {topic}\ntitle: {{en: {topic}, zh: 主题}}\ncards:\n"
        f"  - id: one\n    front: {{en: a, zh: 甲}}\n    back: {{en: b, zh: 乙}}\n{extra}",
        encoding="utf-8",
    )
    return path


def test_items_by_name(root: Path, cache: Path, opened: Opens) -> None:
    library = opened([root], cache)
    topic, item = library.item("sample:cnn.params/sharing")
    assert topic.topic == "cnn.params"
    assert isinstance(item, Card)
    for unknown in ("sample:cnn.params/none", "sample:none/x", "none:a/b", "", "a", "sample:x"):
        with pytest.raises(KeyError):
            library.item(unknown)


def test_the_index_is_in_teaching_order(root: Path, cache: Path, opened: Opens) -> None:
    manifest = (root / "sample" / "pack.yaml").read_text(encoding="utf-8")
    (root / "sample" / "pack.yaml").write_text(
        manifest + "chapters:\n  - {id: last, title: {en: Z, zh: 末}, topics: [z, cnn.params]}\n",
        encoding="utf-8",
    )
    add_topic(root, "a")
    add_topic(root, "z", extra="    formerly: [old/one]\n    seconds: 7\n")
    library = opened([root], cache)
    index = library.index()
    assert [item.name for item in index] == [
        "sample:z/one",
        "sample:cnn.params/sharing",
        "sample:cnn.params/conv-parameters",
        "sample:a/one",
    ]
    assert [item.position for item in index] == [0, 1, 2, 3]
    assert [item.chapter for item in index] == ["last", "last", "last", ""]
    assert index[0].formerly == ("sample:old/one",)
    assert index[0].seconds == 7
    assert index[2].kind == "number"
    assert {item.languages for item in index} == {("en", "zh")}
    assert [topic.topic for topic in library.topics()] == ["z", "cnn.params", "a"]


def _pack(root: Path, id_: str, after: str) -> None:
    (root / id_).mkdir()
    (root / id_ / "pack.yaml").write_text(
        f"id: {id_}\nversion: 1.0.0\ntitle: {id_}\nlanguages: [en]\nafter: [{after}]\n",
        encoding="utf-8",
    )


def test_packs_stand_behind_those_they_follow(tmp_path: Path, cache: Path, opened: Opens) -> None:
    _pack(tmp_path, "advanced", "basics, extra, not-installed")
    _pack(tmp_path, "basics", "")
    _pack(tmp_path, "extra", "basics")
    manifests = opened([tmp_path], cache).manifests()
    assert [manifest.id for manifest in manifests] == ["basics", "extra", "advanced"]


def test_packs_that_follow_each_other_stand_as_they_are(
    tmp_path: Path, cache: Path, opened: Opens
) -> None:
    _pack(tmp_path, "a", "b")
    _pack(tmp_path, "b", "a")
    assert len(opened([tmp_path], cache).manifests()) == 2


def test_a_second_opening_reads_the_same(root: Path, cache: Path, opened: Opens) -> None:
    first = opened([root], cache)
    second = opened([root], cache)
    assert first.index() == second.index()
    assert first.key() == second.key()
    assert first.item("sample:cnn.params/conv-parameters") == second.item(
        "sample:cnn.params/conv-parameters"
    )


def test_the_key_follows_the_content_only(root: Path, cache: Path, opened: Opens) -> None:
    library = opened([root], cache)
    key = library.key()
    file = root / "sample" / "topic.yaml"
    os.utime(file, ns=(1, 1))
    assert not library.refresh()
    assert library.key() == key
    file.write_text(file.read_text(encoding="utf-8") + "# end\n", encoding="utf-8")
    assert library.refresh()
    assert library.key() != key


def test_files_come_change_and_go(root: Path, cache: Path, opened: Opens) -> None:
    library = opened([root], cache)
    path = add_topic(root, "new")
    assert library.refresh()
    assert library.item("sample:new/one")[0].topic == "new"
    add_topic(root, "newer", file="new")
    assert library.refresh()
    with pytest.raises(KeyError):
        library.item("sample:new/one")
    assert library.topic("sample", "newer").topic == "newer"
    path.unlink()
    assert library.refresh()
    assert len(library.topics()) == 1


@pytest.mark.parametrize("ask", ["index", "topics"])
def test_what_another_process_compiled_anew_is_found(
    root: Path, cache: Path, ask: str, opened: Opens
) -> None:
    path = add_topic(root, "more")
    running = opened([root], cache)
    asked = getattr(running, ask)
    before = len(asked())
    path.write_text(path.read_text(encoding="utf-8") + "# edited\n", encoding="utf-8")
    PackLibrary([root], cache).close()
    assert len(asked()) == before


def test_a_broken_pack_does_not_hide_the_others(root: Path, cache: Path, opened: Opens) -> None:
    for name, content in (("aaa", "id: ["), ("bbb", "id: sample2\nlanguages: 3")):
        (root / name).mkdir()
        (root / name / "pack.yaml").write_text(content, encoding="utf-8")
        (root / name / "topic.yaml").write_text("[" * 100_000, encoding="utf-8")
    (root / "empty").mkdir()
    add_topic(root, "broken", extra="    level: high\n")
    library = opened([root, root / "missing"], cache)
    assert [manifest.id for manifest in library.manifests()] == ["sample"]
    assert len(library.index()) == 2
    codes = sorted({problem.code for problem in library.problems()})
    assert codes == ["G001", "G004", "G007", "G102", "G103"]
    assert opened([root], cache).problems() == library.problems()


def test_of_two_topics_with_one_id_the_first_is_kept(
    root: Path, cache: Path, opened: Opens
) -> None:
    add_topic(root, "same", file="a")
    add_topic(root, "same", file="b")
    library = opened([root], cache)
    assert [problem.code for problem in library.problems()] == ["G201"]
    assert len(library.topics()) == 2


def test_a_root_may_be_a_pack(root: Path, opened: Opens) -> None:
    assert len(opened([root / "sample"], None).index()) == 2


@pytest.mark.parametrize("content", [b"", b"no database at all" * 100, b"SQLite format 3\x00" * 90])
def test_a_damaged_cache_is_made_anew(
    root: Path, cache: Path, content: bytes, opened: Opens
) -> None:
    cache.parent.mkdir()
    cache.write_bytes(content)
    assert len(opened([root], cache).index()) == 2
    assert len(opened([root], cache).index()) == 2


def test_a_cache_with_damaged_rows_is_not_believed(root: Path, cache: Path, opened: Opens) -> None:
    PackLibrary([root], cache).close()
    with closing(sqlite3.connect(cache)) as database, database:
        database.execute("UPDATE files SET body = x'80', head = x'80'")
    library = opened([root], cache)
    assert library.item("sample:cnn.params/sharing")[1].id == "sharing"


def test_a_locked_cache_is_gone_without(root: Path, cache: Path, opened: Opens) -> None:
    PackLibrary([root], cache).close()
    add_topic(root, "more")
    holder = sqlite3.connect(cache)
    holder.execute("BEGIN EXCLUSIVE")
    try:
        assert len(opened([root], cache).index()) == 3
    finally:
        holder.close()


def test_a_cache_that_cannot_be_written_is_gone_without(
    root: Path, tmp_path: Path, opened: Opens
) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    assert len(opened([root], tmp_path / "file" / "packs.sqlite").index()) == 2


def test_only_pack_classes_are_unpickled() -> None:
    import pickle

    assert decode(encode(Card("a", "b", "c"))) == Card("a", "b", "c")
    for value in (Path("x"), print, os.system):
        with pytest.raises(DamagedError):
            decode(pickle.dumps(value))


def test_a_warm_start_imports_neither_yaml_nor_pydantic(root: Path, cache: Path) -> None:
    program = (
        "import sys\n"
        "from pathlib import Path\n"
        "from content.compiled import PackLibrary\n"
        f"library = PackLibrary([Path({str(root)!r})], Path({str(cache)!r}))\n"
        "library.item('sample:cnn.params/sharing'); library.index(); library.topics()\n"
        "print(sorted({'yaml', 'pydantic', 'torch', 'sqlalchemy'} & set(sys.modules)))\n"
    )

    def start() -> str:
        done = subprocess.run(
            [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
        )
        return done.stdout.strip()

    assert start() == "['pydantic', 'yaml']"
    assert start() == "[]"


def test_the_builtin_packs_can_be_read() -> None:
    assert "foundations" in {manifest.id for manifest in built_in().manifests()}


def test_many_items(root: Path, cache: Path, opened: Opens) -> None:
    for n in range(40):
        cards = "".join(
            f"  - {{id: card-{m}, front: {{en: a, zh: 甲}}, back: {{en: b, zh: 乙}}}}\n"
            for m in range(100)
        )
        (root / "sample" / f"t{n}.yaml").write_text(
            f"topic: t{n}\ntitle: {{en: T, zh: 题}}\ncards:\n{cards}", encoding="utf-8"
        )
    PackLibrary([root], cache).close()
    library = opened([root], cache)
    names = [item.name for item in library.scan()]
    assert len(names) == len(set(names)) == 4002
    assert library.item("sample:t39/card-99")[1].id == "card-99"
