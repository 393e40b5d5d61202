"""Ed25519 signatures of archives, by the library `cryptography` where it is installed.

Promise: a signature covers `gradus.json` and through its hashes every file; without the library
`SignerMissingError` is raised, never a pass. Importing this loads no cryptography. Must not keep
keys or decide whom to trust.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from typing import Any

from content.archive.limits import MAX_SIGNATURE_BYTES
from content.archive.refusal import ArchiveError

_PREFIX = b"gradus pack 1\n"
"""Stands before what is signed, so that a signature made for something else does not fit."""
_KEY_BYTES, _SIGNATURE_BYTES = 32, 64
_FORM = re.compile(r'\{"algorithm": "ed25519", "key": "([^"]*)", "signature": "([^"]*)"\}\n')

_PEM_HEAD = "-----BEGIN PUBLIC KEY-----"
_PEM_ALGORITHM = bytes.fromhex("302a300506032b6570032100")
"""What stands before an Ed25519 key in DER (RFC 8410)."""

_PRIME = 2**255 - 19
_EIGHTH = 0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826
_WEAK = frozenset((0, 1, _PRIME - 1, _EIGHTH, _PRIME - _EIGHTH))
"""Keys (their y) of the curve's eight small points: anything is signed by them."""


class SignerMissingError(Exception):
    """The library `cryptography` is not installed."""


def sign(manifest: bytes, private_key: bytes) -> bytes:
    """gradus.sig for a gradus.json, by an Ed25519 key in PEM. Raises ValueError for another key."""
    key = _private(private_key)
    document = {
        "algorithm": "ed25519",
        "key": _text(key.public_key().public_bytes_raw()),
        "signature": _text(key.sign(_PREFIX + manifest)),
    }
    return (json.dumps(document) + "\n").encode()


def public_key_of(private_key: bytes) -> str:
    """The public key that belongs to a private one, as `signer` tells it."""
    return _text(_private(private_key).public_key().public_bytes_raw())


def public_key(said: str) -> str:
    """A public key as `signer` tells it, from that text or from PEM; ValueError for anything else.

    "" is no demand and stays so.
    """
    if said.startswith(_PEM_HEAD):
        raw = base64.b64decode("".join(said.strip().splitlines()[1:-1]), validate=True)
        if not raw.startswith(_PEM_ALGORITHM):
            raise ValueError("no Ed25519 key")
        raw = raw.removeprefix(_PEM_ALGORITHM)
    else:
        raw = base64.b64decode(said.strip(), validate=True)
    if said and len(raw) != _KEY_BYTES:
        raise ValueError("no Ed25519 key")
    return _text(raw)


def signer(manifest: bytes, signature: bytes) -> str:
    """The key that signed this gradus.json. Raises `ArchiveError` unless it did, and
    `SignerMissingError` where that cannot be known."""
    key, signed = _parsed(signature)
    try:
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    except ImportError:
        raise SignerMissingError from None
    try:
        if int.from_bytes(key, "little") % 2**255 % _PRIME in _WEAK:
            raise ValueError("no key of anybody")
        Ed25519PublicKey.from_public_bytes(key).verify(signed, _PREFIX + manifest)
    except (InvalidSignature, ValueError):
        raise ArchiveError("signature-wrong", key=_text(key)) from None
    return _text(key)


def _private(pem: bytes) -> Any:
    try:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
        from cryptography.hazmat.primitives.serialization import load_pem_private_key
    except ImportError:
        raise SignerMissingError from None
    try:
        key = load_pem_private_key(pem, password=None)
    except Exception as error:  # the library raises many kinds for what is no key
        raise ValueError("no private key") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise ValueError("no Ed25519 key")
    return key


def _parsed(signature: bytes) -> tuple[bytes, bytes]:
    if len(signature) > MAX_SIGNATURE_BYTES:
        raise ArchiveError("signature-form")
    try:
        form = _FORM.fullmatch(signature.decode("ascii"))
        if form is None:
            raise ArchiveError("signature-form")
        key, signed = (base64.b64decode(part, validate=True) for part in form.groups())
    except (UnicodeDecodeError, binascii.Error, ValueError):
        raise ArchiveError("signature-form") from None
    if len(key) != _KEY_BYTES or len(signed) != _SIGNATURE_BYTES:
        raise ArchiveError("signature-form")
    return key, signed


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
