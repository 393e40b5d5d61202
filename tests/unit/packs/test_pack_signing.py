"""Signatures: made, checked, demanded, held to; and what happens without the library."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from hostile_zip import FILES, PACK

from app.cli import main
from content.archive import ArchiveError, build, public_key_of, read

NEWER = {**FILES, "pack.yaml": PACK.replace(b"1.0.0", b"1.1.0")}


def pem(seed: int) -> bytes:
    key = Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


ANNE, BERT = pem(1), pem(2)


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRADUS_HOME", str(tmp_path / "home"))


@pytest.fixture
def without_library(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] == "cryptography"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "cryptography", None)


def public_pem(folder: Path, key: bytes) -> str:
    """A file with the public key, as openssl writes it."""
    path = folder / f"public{len(list(folder.iterdir()))}.pem"
    public = load_pem_private_key(key, None).public_key()
    path.write_bytes(public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    return str(path)


def file(folder: Path, key: bytes | None, files: dict[str, bytes] = FILES) -> str:
    version = "1.1.0" if files is NEWER else "1.0.0"
    path = folder / f"{len(list(folder.iterdir()))}.gradus"
    path.write_bytes(build("sample", version, files, key)[0])
    return str(path)


def install(*words: str) -> int:
    return main(["pack", "install", *words, "--language", "en"])


def test_signing_twice_gives_the_same_bytes() -> None:
    first, second = (build("sample", "1.0.0", FILES, ANNE)[0] for _ in range(2))
    assert first == second
    assert read(first).signer == public_key_of(ANNE)
    assert read(build("sample", "1.0.0", FILES)[0]).signer == ""


def test_every_changed_bit_of_a_signature_is_noticed() -> None:
    """So is another pack under the same signature."""
    import base64

    from content.archive import signing
    from content.archive.manifest import contents, written

    manifest = written(contents("sample", "1.0.0", FILES))
    signature = signing.sign(manifest, ANNE)
    assert signing.signer(manifest, signature) == public_key_of(ANNE)
    with pytest.raises(ArchiveError, match="signature-wrong"):
        signing.signer(written(contents("sample", "1.0.1", FILES)), signature)
    raw = signature.split(b'"')[11]
    signed = base64.b64decode(raw)
    for bit in range(0, 512, 7):
        other = bytearray(signed)
        other[bit // 8] ^= 1 << bit % 8
        with pytest.raises(ArchiveError, match="signature-wrong"):
            signing.signer(manifest, signature.replace(raw, base64.b64encode(other)))


def test_building_signed_and_installing_by_key(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "pack"
    folder.mkdir()
    for name, data in FILES.items():
        (folder / name).write_bytes(data)
    (tmp_path / "anne.pem").write_bytes(ANNE)
    output = str(tmp_path / "s.gradus")
    words = ["pack", "build", str(folder), "--output", output, "--sign"]
    assert main([*words, str(tmp_path / "anne.pem"), "--language", "en"]) == 0
    key = public_key_of(ANNE)
    assert capsys.readouterr().out.splitlines()[-1].endswith(key)
    assert install(output, "--key", public_key_of(BERT)) == 3
    assert "is signed by" in capsys.readouterr().err
    assert install(output, "--key", key) == 0
    assert capsys.readouterr().out == f"Installed sample 1.0.0. Signed by {key}.\n"


@pytest.mark.parametrize("key", [b"", b"no key", ANNE[:60], "ec"])
def test_a_key_that_will_not_do(
    key: bytes | str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if isinstance(key, str):
        other = generate_private_key(SECP256R1())
        key = other.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    with pytest.raises(ValueError, match="key"):
        build("sample", "1.0.0", FILES, key)


def test_an_unsigned_pack_is_not_what_a_key_demands(tmp_path: Path) -> None:
    assert install(file(tmp_path, None), "--key", public_key_of(ANNE)) == 3
    assert not (tmp_path / "home").exists()


def test_a_signed_pack_is_updated_by_its_signer_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert install(file(tmp_path, ANNE)) == 0
    for key in (BERT, None):
        assert install(file(tmp_path, key, NEWER)) == 3
        assert install(file(tmp_path, key)) == 3  # even with the same contents
        assert "remove the pack and install it anew" in capsys.readouterr().err
    assert install(file(tmp_path, ANNE, NEWER)) == 0
    assert capsys.readouterr().out.startswith("pack.yaml: version\nUpdated sample from 1.0.0")
    assert main(["pack", "remove", "sample"]) == 0
    assert install(file(tmp_path, BERT)) == 0


def test_without_the_library_a_signature_is_no_pass(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    signed, unsigned = file(tmp_path, ANNE), file(tmp_path, None)
    for name in [name for name in sys.modules if name.partition(".")[0] == "cryptography"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "cryptography", None)
    assert install(signed) == 3
    assert "pip install 'gradus-cards[sign]'" in capsys.readouterr().err
    assert install(signed, "--unverified", "--key", public_key_text()) == 3
    assert install(signed, "--unverified") == 0
    out, err = capsys.readouterr()
    assert "Installed sample 1.0.0.\n" in out
    assert "The signature was not checked" in err
    assert main(["pack", "remove", "sample"]) == 0
    assert install(unsigned) == 0


def test_without_the_library_nothing_is_signed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], without_library: None
) -> None:
    for name, data in FILES.items():
        (tmp_path / name).write_bytes(data)
    (tmp_path / "anne.pem").write_bytes(ANNE)
    words = ["pack", "build", str(tmp_path), "--sign", str(tmp_path / "anne.pem")]
    assert main([*words, "--output", str(tmp_path / "x.gradus"), "--language", "zh"]) == 6
    assert "签名需要 `cryptography` 库" in capsys.readouterr().err
    assert not (tmp_path / "x.gradus").exists()


def public_key_text() -> str:
    return "iojj3XQJ8ZX9UtstPLpdcspnCb8dlBIb83SIAbQPb1w="


def test_the_key_demanded_may_be_a_file_and_nothing_else_is_taken_for_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    signed = file(tmp_path, ANNE)
    assert main(["pack", "install", signed, "--key", public_pem(tmp_path, BERT)]) == 3
    assert "not by " + public_key_of(BERT) in capsys.readouterr().err
    assert main(["pack", "install", signed, "--key", str(tmp_path / "none.pem")]) == 6
    assert "is no public key" in capsys.readouterr().err
    assert main(["pack", "install", signed, "--key", public_pem(tmp_path, ANNE)]) == 0
