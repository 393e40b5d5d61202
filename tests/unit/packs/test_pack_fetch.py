"""Fetching from git and the web, on this machine alone: limits, redirections, hostile servers."""

from __future__ import annotations

import os
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from hostile_zip import FILES, PACK, TOPIC

from app.cli import main
from app.packs import git, web
from app.packs.fetching import fetch
from app.packs.problems import FetchError
from app.packs.sources import Kind, Source, source_of
from content.archive import ArchiveError, build

NEWER = {**FILES, "pack.yaml": PACK.replace(b"1.0.0", b"1.1.0")}
needs_git = pytest.mark.skipif(shutil.which("git") is None, reason="no git here")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GRADUS_HOME", str(tmp_path / "home"))
    for name in (
        "http_proxy",
        "https_proxy",
        "all_proxy",
        "HTTP_PROXY",
        "HTTPS_PROXY",
        "ALL_PROXY",
    ):
        monkeypatch.delenv(name, raising=False)
    return tmp_path / "home"


@pytest.mark.parametrize(
    ("text", "kind", "place", "ref"),
    [
        ("https://a.org/x.gradus", Kind.WEB, "https://a.org/x.gradus", ""),
        ("https://a.org/x.gradus#part", Kind.WEB, "https://a.org/x.gradus", ""),
        ("http://localhost:8/x", Kind.WEB, "http://localhost:8/x", ""),
        ("https://a.org/x.git", Kind.GIT, "https://a.org/x.git", ""),
        ("https://a.org/x.git#v1.2", Kind.GIT, "https://a.org/x.git", "v1.2"),
        ("git+https://a.org/x#main", Kind.GIT, "https://a.org/x", "main"),
        ("ssh://git@a.org/x", Kind.GIT, "ssh://git@a.org/x", ""),
        ("git@a.org:me/x", Kind.GIT, "git@a.org:me/x", ""),
        ("git+ssh://git@a.org/x", Kind.GIT, "ssh://git@a.org/x", ""),
        ("file:///srv/x", Kind.GIT, "file:///srv/x", ""),
        ("/srv/x.gradus", Kind.FILE, "/srv/x.gradus", ""),
        ("/srv/a#b.gradus", Kind.FILE, "/srv/a#b.gradus", ""),
        ("/", Kind.FOLDER, "/", ""),
    ],
)
def test_what_a_person_means(text: str, kind: Kind, place: str, ref: str) -> None:
    found = source_of(text)
    assert found == Source(kind, place, ref)
    assert source_of(found.text) == found


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("http://a.org/x.gradus", "plain-http"),
        ("git+http://a.org/x", "plain-http"),
        ("http://localhost.a.org/x", "plain-http"),
        ("http://127.0.0.1.a.org/x", "plain-http"),
        ("ftp://a.org/x", "scheme"),
        ("git://a.org/x", "scheme"),
        ("ext::sh", "scheme"),
        ("ext::sh -c true", "url"),
        ("fd::17", "scheme"),
        ("data://text/x", "scheme"),
        ("javascript://x", "scheme"),
        ("https://me:secret@a.org/x", "credentials"),
        ("https://me@a.org/x.git", "credentials"),
        ("https://", "url"),
        ("https://a.org:port/x", "url"),
        ("https://[::1/x", "url"),
        ("https://a.org/x y", "url"),
        ("https://a.org/\x1b[2J", "url"),
        ("https://a.org/\u202etfig", "url"),
        ("ssh://-oProxyCommand=touch/x", "url"),
        ("ssh://me:secret@a.org/x", "url"),
        ("file://host/x", "url"),
        ("git+file:///x#--upload-pack=touch", "git-ref"),
        ("git+file:///x#a..b", "git-ref"),
        ("https://a.org/x.git#a b", "url"),
        ("git+ext://x", "scheme"),
    ],
)
def test_ways_that_are_refused(text: str, code: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(FetchError) as refused:
        source_of(text)
    assert refused.value.code == code
    assert main(["pack", "install", text, "--language", "zh"]) == 4
    assert capsys.readouterr().err.startswith("已拒绝：")


Answer = Callable[[BaseHTTPRequestHandler], None]


@pytest.fixture
def server() -> Iterator[tuple[str, dict[str, Answer]]]:
    """An address on this machine, and what it answers by path."""
    answers: dict[str, Answer] = {}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            try:
                answers[self.path](self)
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True

        def log_message(self, *_: object) -> None:
            """Nothing."""

    served = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    served.daemon_threads = False
    thread = threading.Thread(target=served.serve_forever, args=(0.02,))
    thread.start()
    yield f"http://127.0.0.1:{served.server_port}", answers
    served.shutdown()
    thread.join()
    served.server_close()


def body(data: bytes, length: int | None = None) -> Answer:
    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.send_header("Content-Length", str(len(data) if length is None else length))
        request.end_headers()
        request.wfile.write(data)

    return answer


def to(address: str) -> Answer:
    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(302)
        request.send_header("Location", address)
        request.end_headers()

    return answer


def test_from_the_web(
    server: tuple[str, dict[str, Answer]], capsys: pytest.CaptureFixture[str]
) -> None:
    address, answers = server
    answers["/s.gradus"] = body(build("sample", "1.0.0", FILES)[0])
    answers["/s"] = to("/s.gradus")
    assert main(["pack", "install", f"{address}/s", "--language", "en"]) == 0
    answers["/s.gradus"] = body(build("sample", "1.1.0", NEWER)[0])
    assert main(["pack", "update", "--language", "en"]) == 0
    assert capsys.readouterr().out.endswith("Updated sample from 1.0.0 to 1.1.0.\n")
    answers["/s.gradus"] = body(b"<html>")
    assert main(["pack", "update"]) == 3
    answers["/s.gradus"] = lambda request: request.send_error(404)
    assert main(["pack", "update"]) == 4


@pytest.mark.parametrize(
    ("where", "code"),
    [
        ("file:///etc/passwd", "status"),
        ("ftp://127.0.0.1/x", "redirect"),
        ("http://example.org/x", "redirect"),
        ("https://me:secret@127.0.0.1/x", "redirect"),
        ("/again", "status"),
        ("//:x/", "redirect"),
    ],
)
def test_redirections_that_are_not_followed(
    server: tuple[str, dict[str, Answer]], where: str, code: str
) -> None:
    address, answers = server
    answers["/again"] = to(where)
    with pytest.raises(FetchError) as refused:
        web.download(f"{address}/again")
    assert refused.value.code == code


def test_the_open_web_leads_to_no_service_on_this_machine() -> None:
    import urllib.request
    from http.client import HTTPMessage
    from io import BytesIO

    request = urllib.request.Request("https://a.org/x")
    redirections = web._Redirections(local=False)
    with pytest.raises(FetchError, match="redirect"):
        redirections.redirect_request(
            request, BytesIO(), 302, "", HTTPMessage(), "http://127.0.0.1:8000/admin"
        )


def test_downloads_are_limited(
    server: tuple[str, dict[str, Answer]], monkeypatch: pytest.MonkeyPatch
) -> None:
    address, answers = server
    monkeypatch.setattr(web, "MAX_ARCHIVE_BYTES", 200_000)
    stopped = threading.Event()

    def endless(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.end_headers()
        while not stopped.is_set():
            request.wfile.write(b"x" * 65_536)

    def slow(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.end_headers()
        while not stopped.wait(0.05):
            request.wfile.write(b"x")

    def silent(request: BaseHTTPRequestHandler) -> None:
        stopped.wait(5)

    answers.update({
        "/promised": body(b"", 10**9), "/endless": endless, "/slow": slow, "/silent": silent,
        "/short": body(b"x", 100),
    })  # fmt: skip
    for path, code in (("promised", "too-large"), ("endless", "too-large"), ("short", "truncated")):
        with pytest.raises(ArchiveError, match=code):
            web.download(f"{address}/{path}")
    for path in ("slow", "silent"):
        with pytest.raises(FetchError, match="slow"):
            web.download(f"{address}/{path}", seconds=0.3)
    stopped.set()


def test_nobody_answers() -> None:
    with pytest.raises(FetchError, match="network"):
        web.download("http://127.0.0.1:9/x")


def run(*words: str, where: Path) -> None:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    subprocess.run(
        ["git", "-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgsign=false", *words],
        cwd=where, check=True, capture_output=True, env=kept, timeout=30,
    )  # fmt: skip


def commit(repository: Path, files: dict[str, bytes]) -> None:
    for name, data in files.items():
        path = repository / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    run("add", "-A", where=repository)
    run("commit", "-q", "-m", "x", where=repository)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    folder = tmp_path / "repository"
    folder.mkdir()
    run("init", "-q", "-b", "main", where=folder)
    commit(folder, {**FILES, "src/tool.py": b"print(1)", ".github/x.yaml": b"a: 1",
                    "README.md": b"# Sample\n", "docs/guide.md": b"# no\n"})  # fmt: skip
    return folder


@needs_git
def test_from_git(
    repository: Path, home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    address = repository.as_uri()
    run("tag", "v1", where=repository)
    assert main(["pack", "install", address, "--language", "en"]) == 0
    held = {path.name for path in (home / "packs" / "sample@1").iterdir()}
    assert held == {"pack.yaml", "topic.yaml", "README.md", ".gradus-pack.json"}
    commit(repository, NEWER)
    assert main(["pack", "update", "--language", "en"]) == 0
    assert capsys.readouterr().out.endswith("Updated sample from 1.0.0 to 1.1.0.\n")
    assert fetch(source_of(f"{address}#v1")).files["pack.yaml"] == PACK
    assert fetch(source_of(f"{address}#main")).files["pack.yaml"] == NEWER["pack.yaml"]
    assert list(scratch.iterdir()) == []


@needs_git
def test_what_git_cannot_give(
    repository: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for address in (f"{repository.as_uri()}#nowhere", (tmp_path / "nothing").as_uri()):
        assert main(["pack", "install", address, "--language", "en"]) == 4
        assert "git cannot fetch" in capsys.readouterr().err
    run("rm", "-q", "pack.yaml", where=repository)
    run("commit", "-q", "-m", "x", where=repository)
    assert main(["pack", "install", repository.as_uri(), "--language", "en"]) == 4
    assert "there is no pack.yaml" in capsys.readouterr().err


@needs_git
def test_nothing_of_a_repository_acts(repository: Path, tmp_path: Path) -> None:
    """No hook, no filter, no link: files are read as they are stored."""
    sign = tmp_path / "acted"
    hook = repository / ".git" / "hooks" / "post-checkout"
    hook.write_text(f"#!/bin/sh\ntouch {sign}\n")
    hook.chmod(0o755)
    commit(repository, {".gitattributes": b"*.yaml filter=evil text eol=crlf ident"})
    run("config", "filter.evil.smudge", f"touch {sign}", where=repository)
    assert fetch(source_of(repository.as_uri())).files["topic.yaml"] == TOPIC
    assert not sign.exists()
    (repository / "second.yaml").symlink_to("/etc/passwd")
    commit(repository, {})
    with pytest.raises(ArchiveError, match="link"):
        fetch(source_of(repository.as_uri()))


@needs_git
@pytest.mark.parametrize(
    ("files", "code"),
    [
        ({"con.yaml": TOPIC}, "name-reserved"),
        ({"a/\u202ex.yaml": TOPIC}, "name-character"),
        ({"T.yaml": TOPIC, "t.yaml": TOPIC}, "case"),
        ({"big.yaml": b"a" * 2_000_001}, "file-size"),
    ],
)
def test_a_repository_is_judged_as_an_archive_is(
    repository: Path, files: dict[str, bytes], code: str
) -> None:
    commit(repository, files)
    with pytest.raises(ArchiveError, match=code):
        fetch(source_of(repository.as_uri()))


def test_without_git(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(git.shutil, "which", lambda name: None)
    assert main(["pack", "install", "git+https://a.org/x", "--language", "en"]) == 4
    assert "needs the program git" in capsys.readouterr().err


def test_a_slow_or_huge_repository_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "git"
    program.write_text('#!/bin/sh\nfor last; do :; done\nmkdir -p "$last"\n'
                       'head -c 300000 /dev/zero > "$last/pack"\nexec sleep 20\n')  # fmt: skip
    program.chmod(0o755)
    monkeypatch.setattr(git.shutil, "which", lambda name: str(program))
    with pytest.raises(FetchError, match="slow"):
        git.fetch_git("https://a.org/x", seconds=0.3)
    monkeypatch.setattr(git, "MAX_CLONE_BYTES", 100_000)
    with pytest.raises(FetchError, match="too-large"):
        git.fetch_git("https://a.org/x", seconds=10)
