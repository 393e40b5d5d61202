"""Archives that must be refused: what is wrong -> (bytes, code of the refusal)."""

from __future__ import annotations

import base64
import json
import struct
from collections.abc import Callable
from typing import Any

from hostile_zip import (
    FILES,
    PACK,
    TOPIC,
    Entry,
    archive,
    deflated,
    in_bytes,
    manifest,
    whole,
)

Case = tuple[bytes, str]
_RESERVED = (
    "con", "PRN.md", "aux.yaml", "NUL.txt", "com1.yaml", "COM9.yaml", "com¹.yaml", "lpt1.yaml",
    "LPT9.yaml", "con.x/topic.yaml", "deep/aux/topic.yaml", "conin$.md", "CONOUT$.md",
    "clock$.txt", "nul .yaml", "topic.yaml ", "folder./topic.yaml", " topic.yaml", "nul.a.b.yaml",
)  # fmt: skip
_CHARACTERS = (
    "\x00", "\x01", "\x07", "\x08", "\t", "\n", "\r", "\x1b", "\x1b[2J", "\x7f", "\x80", "\x85",
    "\x9b", "\xa0", "\xad", "\u061c", "\u115f", "\u180e", "\u200b", "\u200d", "\u200e", "\u200f",
    "\u2028", "\u2029", "\u202a", "\u202d", "\u202e", "\u2060", "\u2066", "\u2069", "\u3000",
    "\u3164", "\ue000", "\ufeff", "\uffff", "\U000e0041", "\U0010fffd",
    "<", ">", ":", '"', "|", "?", "*",
)  # fmt: skip
_NAMES: dict[str, tuple[str | bytes, str]] = {
    "absolute": ("/etc/cron.d/topic.yaml", "name-absolute"),
    "absolute, twice": ("//server/share/topic.yaml", "name-absolute"),
    "a drive": ("C:/topic.yaml", "name-absolute"),
    "a drive, relative": ("c:topic.yaml", "name-absolute"),
    "a drive, backslash": ("C:\\topic.yaml", "name-backslash"),
    "a server": ("\\\\server\\share\\topic.yaml", "name-backslash"),
    "up": ("../topic.yaml", "name-parent"),
    "up, far": ("../../../../../../etc/topic.yaml", "name-parent"),
    "up, inside": ("a/../../topic.yaml", "name-parent"),
    "up and down": ("a/../topic.yaml", "name-parent"),
    "up at the end": ("a/..", "name-parent"),
    "only up": ("..", "name-parent"),
    "in place": ("./topic.yaml", "name-parent"),
    "in place, inside": ("a/./topic.yaml", "name-parent"),
    "only in place": (".", "name-parent"),
    "up by backslash": ("..\\topic.yaml", "name-backslash"),
    "up by both": ("a/..\\..\\topic.yaml", "name-backslash"),
    "empty": ("", "name-empty"),
    "an empty part": ("a//topic.yaml", "name-empty"),
    "hidden": (".topic.yaml", "name-hidden"),
    "a hidden folder": (".git/topic.yaml", "name-hidden"),
    "a record": (".gradus-pack.json", "name-hidden"),
    "a git hook": (".git/hooks/post-checkout", "name-hidden"),
    "underscored": ("_private/topic.yaml", "name-hidden"),
    "three dots": (".../topic.yaml", "name-hidden"),
    "too long": ("a" * 198 + ".yaml", "name-long"),
    "a part too long": ("a" * 120 + ".yaml", "name-long"),
    "too long in Chinese": ("卷" * 60 + "/" + "积" * 10 + ".yaml", "name-long"),
    "far too long": ("a" * 60_000, "name-long"),
    "too deep": ("a/" * 13 + "t.yaml", "name-depth"),
    "far too deep": ("a/" * 95 + "t.yaml", "name-depth"),
    "decomposed": ("cafe\u0301.yaml", "name-form"),
    "decomposed Korean": ("\u1112\u1161\u11ab.yaml", "name-form"),
    "Latin 1": (b"caf\xe9.yaml", "name-encoding"),
    "GBK": ("卷积.yaml".encode("gbk"), "name-encoding"),
    "half a character": (b"caf\xc3.yaml", "name-encoding"),
    "overlong slash": (b"..\xc0\xaftopic.yaml", "name-encoding"),
    "a surrogate": (b"\xed\xa0\x80.yaml", "name-encoding"),
    "a program": ("run.py", "name-kind"),
    "a shell script": ("install.sh", "name-kind"),
    "a library": ("payload.so", "name-kind"),
    "a Windows program": ("pack.exe", "name-kind"),
    "a pickle": ("weights.pkl", "name-kind"),
    "torch weights": ("model.pt", "name-kind"),
    "a page": ("index.html", "name-kind"),
    "a path file": ("gradus.pth", "name-kind"),
    "no suffix": ("Makefile", "name-kind"),
    "an archive inside": ("inner.zip", "name-kind"),
    "a pack inside": ("inner.gradus", "name-kind"),
    "a suffix in capitals": ("topic.YAML", "name-kind"),
    "a second suffix": ("topic.yaml.py", "name-kind"),
    "a document deep inside": ("a/LICENSE", "name-kind"),
    "a document with slash": ("LICENSE/x", "name-kind"),
}
_MODES = {
    "a symbolic link": (0o120777, "link"),
    "a character device": (0o020666, "special"),
    "a block device": (0o060666, "special"),
    "a pipe": (0o010666, "special"),
    "a socket": (0o140777, "special"),
    "a folder": (0o040755, "folder"),
    "a door": (0o150000, "special"),
}


def _added(*entries: Entry, **end: Any) -> bytes:
    return whole(FILES, *entries, **end)


def _listed(files: dict[str, bytes]) -> bytes:
    return whole({**FILES, **files})


def _names() -> dict[str, Case]:
    cases = {f"name: {n}": (_added(Entry(name)), code) for n, (name, code) in _NAMES.items()}
    for name in _RESERVED:
        cases[f"reserved: {name}"] = (_added(Entry(name)), "name-reserved")
    for character in _CHARACTERS:
        held = "b:" if character == ":" else f"b{character}"
        cases[f"character: {character!a}"] = (
            _added(Entry(f"a{held}c.yaml")),
            "name-character",
        )
    cases["name: not marked as UTF-8"] = (_added(Entry("卷积.yaml", flags=0)), "name-encoding")
    return cases


def _kinds() -> dict[str, Case]:
    cases = {}
    for name, (mode, code) in _MODES.items():
        cases[f"kind: {name}"] = (_added(Entry("a.yaml", b"/etc/passwd", mode=mode)), code)
    cases["kind: a link, said to be from DOS"] = (
        _added(Entry("a.yaml", b"../..", mode=0o120777, system=0)),
        "link",
    )
    cases["kind: a link, from macOS"] = (
        _added(Entry("a.yaml", b"../..", mode=0o120777, system=19)),
        "link",
    )
    cases["kind: the manifest is a link"] = (
        archive([Entry("gradus.json", b"/etc/passwd", mode=0o120777)]),
        "link",
    )
    cases["kind: a DOS folder"] = (_added(Entry("a.yaml", mode=0, dos=0x10)), "folder")
    cases["kind: a DOS device"] = (_added(Entry("a.yaml", mode=0, dos=0x40)), "special")
    cases["kind: a volume label"] = (_added(Entry("a.yaml", mode=0, dos=0x08)), "special")
    cases["kind: a folder by its name"] = (_added(Entry("a/", b"", mode=0)), "folder")
    return cases


def _twice() -> dict[str, Case]:
    return {
        "twice: a topic": (_added(Entry("topic.yaml", TOPIC)), "duplicate"),
        "twice: pack.yaml, otherwise": (_added(Entry("pack.yaml", PACK + b"#")), "duplicate"),
        "twice: the manifest": (_added(Entry("gradus.json", b"{}")), "duplicate"),
        "case: a topic": (_added(Entry("Topic.yaml")), "case"),
        "case: the manifest": (_added(Entry("GRADUS.txt"), Entry("gradus.txt")), "case"),
        "case: sharp s": (_added(Entry("straße.yaml"), Entry("strasse.yaml")), "case"),
        "case: a folder": (_added(Entry("a/x.yaml"), Entry("A/y.yaml")), "case"),
        "case: Greek": (_added(Entry("ΣΑΣ.yaml"), Entry("σας.yaml")), "case"),
        "case: a ligature": (_added(Entry("oﬀ.yaml"), Entry("off.yaml")), "case"),
        "case: long s": (_added(Entry("teſt.yaml"), Entry("test.yaml")), "case"),
        "file and folder": (_added(Entry("a.md"), Entry("a.md/b.yaml")), "file-and-folder"),
        "file and folder, by case": (
            _added(Entry("A.md"), Entry("a.md/b.yaml")),
            "file-and-folder",
        ),
    }


def _bombs() -> dict[str, Case]:
    zeros = b"\0" * 1_900_000
    many = [Entry(f"t{n}.yaml", b"") for n in range(2100)]
    kernel = deflated(zeros)
    big = {f"t{n}.txt": b"a" * 1_999_000 for n in range(9)}
    return {
        "bomb: one file": (_added(Entry("a.yaml", zeros, method=8)), "ratio"),
        "bomb: a file that says less": (
            _added(Entry("a.yaml", zeros, method=8, size=9000)),
            "ratio",
        ),
        "bomb: a file just under, in truth over": (
            _added(Entry("a.yaml", zeros, method=8, size=len(kernel) * 99)),
            "ratio",
        ),
        "bomb: a file over its limit": (_added(Entry("a.yaml", b"a" * 2_000_001)), "file-size"),
        "bomb: four gigabytes promised": (
            _added(Entry("a.yaml", b"", method=8, size=0xFFFFFFFE, packed_size=2)),
            "file-size",
        ),
        "bomb: the total": (_listed(big), "total-size"),
        "bomb: the count": (archive(many), "count"),
        "bomb: many little bombs": (
            _added(*(Entry(f"t{n}.yaml", b"a" * 9_999, method=8) for n in range(1200))),
            "ratio",
        ),
        "bomb: the count, by its end alone": (_added(count=60_000), "count"),
        "bomb: shared bytes": (
            archive([Entry("a.yaml", b"x" * 100), Entry("b.yaml", b"x" * 100, offset=0)]),
            "overlap",
        ),
        "bomb: a file around another": (
            archive([Entry("a.yaml", b"x" * 10, packed_size=60, size=60), Entry("b.yaml")]),
            "overlap",
        ),
        "bomb: too large at all": (b"PK\3\4" + b"\0" * 24_000_000, "too-large"),
    }


def _forms() -> dict[str, Case]:
    good = whole()
    e = Entry
    cases = {
        "form: nothing": (b"", "not-zip"),
        "form: text": (b"topic: first\n", "not-zip"),
        "form: gzip": (b"\x1f\x8b\x08" + b"\0" * 60, "not-zip"),
        "form: a program before it": (b"#!/bin/sh\n" + good, "not-zip"),
        "form: a program before it, offsets mended": (whole(before=b"MZ\0\0"), "not-zip"),
        "form: an entry before it": (whole(before=good), "overlap"),
        "form: only the end": (archive([]), "no-manifest"),
        "form: bytes behind": (good + b"\0", "extra-bytes"),
        "form: an archive behind": (good + good, "extra-bytes"),
        "form: a comment": (whole(comment=b"hello"), "comment"),
        "form: a comment with an end in it": (whole(comment=archive([])), "extra-bytes"),
        "form: a comment that is missing": (whole(comment_size=9), "truncated"),
        "form: bytes between": (whole(between=b"PK\3\4hidden"), "extra-bytes"),
        "form: bytes between, not said": (whole(between=b"abcd", start=len(good) - 330), "*"),
        "form: bytes behind an entry": (_added(e("a.yaml", after=b"hidden")), "extra-bytes"),
        "form: split": (whole(disk=1), "multi-disk"),
        "form: split, first": (whole(first=1), "multi-disk"),
        "form: split, count": (whole(here=1), "multi-disk"),
        "form: an entry on another disk": (_added(e("a.yaml", disk=1)), "multi-disk"),
        "form: 64 bits by count": (whole(count=0xFFFF), "zip64"),
        "form: 64 bits by start": (whole(start=0xFFFFFFFF), "zip64"),
        "form: 64 bits by locator": (whole(locator=b"PK\6\7" + b"\0" * 16), "zip64"),
        "form: 64 bits in an entry": (_added(e("a.yaml", offset=0xFFFFFFFF)), "zip64"),
        "form: fewer listed": (whole(count=2), "count"),
        "form: more listed": (whole(count=4), "malformed"),
        "form: directory too far": (whole(start=len(good)), "malformed"),
        "form: wrong sign of an entry": (_added(e("a.yaml", signature=b"PK\0\0")), "malformed"),
        "form: wrong sign before data": (
            _added(e("a.yaml", local_signature=b"PK\7\x08")),
            "malformed",
        ),
        "form: encrypted": (_added(e("a.yaml", flags=1)), "encrypted"),
        "form: strongly encrypted": (_added(e("a.yaml", flags=0x41)), "encrypted"),
        "form: masked directory": (_added(e("a.yaml", flags=1 << 13)), "encrypted"),
        "form: sizes later": (_added(e("a.yaml", flags=8)), "header-differs"),
        "form: a patch of another file": (_added(e("a.yaml", flags=1 << 5)), "feature"),
        "form: enhanced deflate": (_added(e("a.yaml", flags=1 << 4)), "feature"),
        "form: an unknown flag": (_added(e("a.yaml", flags=1 << 15)), "feature"),
        "form: needs version 6.4": (_added(e("a.yaml", needed=64)), "feature"),
        "form: needs version 25.5": (_added(e("a.yaml", needed=255)), "feature"),
        "form: needs a version of another system": (_added(e("a.yaml", needed=0x0314)), "feature"),
        "form: bzip2": (_added(e("a.yaml", method=12)), "method"),
        "form: LZMA": (_added(e("a.yaml", method=14)), "method"),
        "form: zstandard": (_added(e("a.yaml", method=93)), "method"),
        "form: AES": (_added(e("a.yaml", method=99)), "method"),
        "form: implode": (_added(e("a.yaml", method=6)), "method"),
        "form: extra data": (_added(e("a.yaml", extra=b"\x55\x54\0\0")), "extra-field"),
        "form: another name in extra data": (
            _added(e("a.yaml", extra=struct.pack("<HH", 0x7075, 9) + b"\1\0\0\0\0evil")),
            "extra-field",
        ),
        "form: extra data at the entry": (
            _added(e("a.yaml", local_extra=b"\x55\x54\0\0")),
            "extra-field",
        ),
        "form: a comment on a file": (_added(e("a.yaml", comment=b"hello")), "comment"),
        "form: another name at the entry": (
            _added(e("a.yaml", local={"name": b"b.yaml"})),
            "header-differs",
        ),
        "form: a way up at the entry": (
            _added(e("a.yaml", local={"name": b"../../a.sh"})),
            "header-differs",
        ),
        "form: another size at the entry": (
            _added(e("a.yaml", local={"size": 9})),
            "header-differs",
        ),
        "form: another method at the entry": (
            _added(e("a.yaml", local={"method": 8})),
            "header-differs",
        ),
        "form: another version at the entry": (
            _added(e("a.yaml", local={"needed": 10})),
            "header-differs",
        ),
        "form: another checksum at the entry": (
            _added(e("a.yaml", local={"crc": 9})),
            "header-differs",
        ),
        "form: encrypted at the entry": (
            _added(e("a.yaml", local={"flags": 1})),
            "header-differs",
        ),
        "form: wrong checksum": (_added(e("a.yaml", crc=1)), "corrupt"),
        "form: stored, other size": (_added(e("a.yaml", b"text", size=3)), "corrupt"),
        "form: broken compression": (
            _added(e("a.yaml", method=8, packed=b"\xff\xff\xff\xff")),
            "corrupt",
        ),
        "form: compression that ends early": (
            _added(e("a.yaml", b"text" * 99, method=8, size=500)),
            "corrupt",
        ),
        "form: compression with bytes behind": (
            _added(e("a.yaml", method=8, packed=deflated(b"text") + b"hidden")),
            "corrupt",
        ),
        "form: compression cut off": (
            _added(e("a.yaml", b"text" * 99, method=8, packed=deflated(b"text" * 99)[:-3])),
            "corrupt",
        ),
        "form: overlap with the directory": (
            _added(e("a.yaml", b"text", packed_size=400, size=400)),
            "overlap",
        ),
        "form: out of order": (
            archive([e("a.yaml"), e("b.yaml", offset=0)]),
            "overlap",
        ),
    }
    del cases["form: bytes between, not said"]
    for share in (1, 2, 3, 5, 8, 9):
        cut = good[: len(good) * share // 10]
        cases[f"truncated: {share}0 percent"] = (cut, "truncated")
    for missing in (1, 2, 10, 21, 22, 23, 60):
        cases[f"truncated: {missing} bytes short"] = (good[:-missing], "truncated")
    return cases


def _manifests() -> dict[str, Case]:
    def told(**fields: Any) -> bytes:
        return whole(document=in_bytes(manifest(**fields)))

    def raw(text: str | bytes) -> bytes:
        return whole(document=text.encode() if isinstance(text, str) else text)

    good = manifest()
    listed = good["files"]
    other = {**listed["topic.yaml"], "sha256": "0" * 64}
    upper = {**listed["topic.yaml"], "sha256": listed["topic.yaml"]["sha256"].upper()}
    compact = json.dumps(good).encode()
    repeated = in_bytes(good).replace(b'"format": 1', b'"format": 1,\n "format": 1')
    return {
        "no manifest": (archive([Entry("pack.yaml", PACK)]), "no-manifest"),
        "no pack.yaml": (whole({"topic.yaml": TOPIC}), "no-pack"),
        "pack.yaml not in its place": (whole({"a/pack.yaml": PACK}), "no-pack"),
        "manifest: a later form": (told(format=2), "format"),
        "manifest: a far later form": (told(format=10**9), "format"),
        "manifest: form 0": (told(format=0), "manifest"),
        "manifest: form true": (told(format=True), "manifest"),
        "manifest: form text": (told(format="1"), "manifest"),
        "manifest: no form": (told(format=None), "manifest"),
        "manifest: no id": (told(id=None), "manifest"),
        "manifest: id of a way": (told(id="../../etc"), "id"),
        "manifest: id with a slash": (told(id="a/b"), "id"),
        "manifest: id in capitals": (told(id="Sample"), "id"),
        "manifest: id empty": (told(id=""), "id"),
        "manifest: id with an end of line": (told(id="sample\n"), "id"),
        "manifest: id with a direction mark": (told(id="sam\u202eple"), "id"),
        "manifest: id too long": (told(id="a" * 100), "id"),
        "manifest: id with a number of our own": (told(id="sample@2"), "id"),
        "manifest: id a list": (told(id=["sample"]), "manifest"),
        "manifest: no version": (told(version=None), "manifest"),
        "manifest: version with a way": (told(version="../1"), "manifest"),
        "manifest: version with escapes": (told(version="1.0\x1b[2J"), "manifest"),
        "manifest: version too long": (told(version="1" * 60), "manifest"),
        "manifest: no files": (told(files=None), "manifest"),
        "manifest: files a list": (told(files=[]), "manifest"),
        "manifest: one field more": (told(run="rm -rf ~"), "manifest"),
        "manifest: no JSON": (raw("files: []"), "manifest"),
        "manifest: empty": (raw(""), "manifest"),
        "manifest: a list": (raw("[]"), "manifest"),
        "manifest: null": (raw("null"), "manifest"),
        "manifest: not UTF-8": (raw(b'{"id": "\xff"}'), "manifest"),
        "manifest: UTF-16": (raw(in_bytes(good).decode().encode("utf-16")), "manifest"),
        "manifest: very deep": (raw("[" * 50_000 + "]" * 50_000), "manifest"),
        "manifest: very deep mappings": (raw('{"a":' * 50_000), "manifest"),
        "manifest: a key twice": (raw(repeated), "manifest"),
        "manifest: NaN": (raw('{"format": NaN}'), "manifest"),
        "manifest: a real number": (raw('{"format": 1.0}'), "manifest"),
        "manifest: a very long number": (raw('{"format": ' + "9" * 5000 + "}"), "manifest"),
        "manifest: half a character": (
            raw(in_bytes(good).replace(b'"topic.yaml"', b'"\\ud800.yaml"')),
            "manifest",
        ),
        "manifest: another layout": (raw(compact), "manifest"),
        "manifest: a mark before it": (raw(b"\xef\xbb\xbf" + in_bytes(good)), "manifest"),
        "manifest: something behind": (raw(in_bytes(good) + b"{}"), "manifest"),
        "manifest: too large": (raw(b" " * 1_000_001), "file-size"),
        "manifest: a file is missing": (
            told(files={**listed, "b.yaml": other}),
            "missing-file",
        ),
        "manifest: lists a file outside": (
            told(files={**listed, "../b.yaml": other}),
            "missing-file",
        ),
        "manifest: lists itself": (
            told(files={**listed, "gradus.json": other}),
            "missing-file",
        ),
        "manifest: a file not listed": (_added(Entry("b.yaml", TOPIC)), "unlisted-file"),
        "manifest: a document not listed": (_added(Entry("README.md")), "unlisted-file"),
        "hash: wrong": (told(files={**listed, "topic.yaml": other}), "wrong-hash"),
        "hash: in capitals": (told(files={**listed, "topic.yaml": upper}), "manifest"),
        "hash: too short": (
            told(files={**listed, "topic.yaml": {"size": 1, "sha256": "ab"}}),
            "manifest",
        ),
        "hash: of another kind": (
            told(files={**listed, "topic.yaml": {"size": 1, "md5": "ab"}}),
            "manifest",
        ),
        "hash: no size": (
            told(files={**listed, "topic.yaml": {"sha256": other["sha256"]}}),
            "manifest",
        ),
        "size: wrong": (
            told(files={**listed, "topic.yaml": {**listed["topic.yaml"], "size": 3}}),
            "wrong-size",
        ),
        "size: below zero": (
            told(files={**listed, "topic.yaml": {**listed["topic.yaml"], "size": -1}}),
            "manifest",
        ),
        "size: true": (
            told(files={**listed, "topic.yaml": {**listed["topic.yaml"], "size": True}}),
            "manifest",
        ),
        "contents: pack.yaml exchanged": (
            whole({**FILES, "pack.yaml": PACK + b"#"}, document=in_bytes(good)),
            "wrong-size",
        ),
        "contents: pack.yaml exchanged, same size": (
            whole(
                {**FILES, "pack.yaml": PACK.replace(b"1.0.0", b"6.6.6")}, document=in_bytes(good)
            ),
            "wrong-hash",
        ),
    }


def _signatures() -> dict[str, Case]:
    key, signed = base64.b64encode(b"\1" * 32).decode(), base64.b64encode(b"\2" * 64).decode()

    def with_signature(text: str | bytes) -> bytes:
        data = text.encode() if isinstance(text, str) else text
        return _added(Entry("gradus.sig", data))

    def form(algorithm: str, a: str, b: str) -> bytes:
        return with_signature(json.dumps({"algorithm": algorithm, "key": a, "signature": b}) + "\n")

    return {
        "signature: made up": (form("ed25519", key, signed), "signature-wrong"),
        "signature: of nothing": (
            form("ed25519", key, base64.b64encode(bytes(64)).decode()),
            "signature-wrong",
        ),
        "signature: a key of small order": (
            form(
                "ed25519",
                base64.b64encode(b"\1" + bytes(31)).decode(),
                base64.b64encode(b"\1" + bytes(63)).decode(),
            ),
            "signature-wrong",
        ),
        "signature: no algorithm": (form("none", key, signed), "signature-form"),
        "signature: another algorithm": (form("rsa", key, signed), "signature-form"),
        "signature: a short key": (form("ed25519", "AAAA", signed), "signature-form"),
        "signature: a short signature": (form("ed25519", key, "AAAA"), "signature-form"),
        "signature: no base64": (form("ed25519", key, "!" * 88), "signature-form"),
        "signature: empty": (with_signature(""), "signature-form"),
        "signature: no JSON": (with_signature("signed by me"), "signature-form"),
        "signature: too long": (with_signature("x" * 3000), "signature-form"),
        "signature: not text": (with_signature(b"\xff" * 96), "signature-form"),
    }


_BUILDERS: tuple[Callable[[], dict[str, Case]], ...] = (
    _names, _kinds, _twice, _bombs, _forms, _manifests, _signatures,
)  # fmt: skip
ARCHIVES: dict[str, Case] = {}
for _builder in _BUILDERS:
    ARCHIVES.update(_builder())
