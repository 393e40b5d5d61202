"""Downloads an archive: https, few redirections, so many bytes, so many seconds.

Promise: raises `FetchError`, or `ArchiveError` where there is too much; leads nowhere but to
addresses that a person may give too. Must not write anything.
"""

from __future__ import annotations

import time
import urllib.error
import urllib.request
from http.client import HTTPException, HTTPMessage
from typing import IO
from urllib.parse import urlsplit

from app.packs.problems import FetchError
from app.packs.sources import check_web
from content.archive import ArchiveError
from content.archive.limits import MAX_ARCHIVE_BYTES

SECONDS = 120.0
"""For a whole download."""
_SECONDS_OF_SILENCE = 20.0
_REDIRECTIONS = 5
_CHUNK = 65_536


def download(address: str, *, seconds: float = SECONDS) -> bytes:
    """What lies at the address."""
    check_web(address)
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler(),
        urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(),
        urllib.request.HTTPDefaultErrorHandler(),
        urllib.request.HTTPErrorProcessor(),
        _Redirections(local=urlsplit(address).scheme == "http"),
    ):
        opener.add_handler(handler)
    # The address was judged above: http or https alone.
    request = urllib.request.Request(address, headers={"User-Agent": "gradus"})  # noqa: S310
    until = time.monotonic() + seconds
    try:
        with opener.open(request, timeout=min(seconds, _SECONDS_OF_SILENCE)) as answer:
            return _body(answer, until)
    except urllib.error.HTTPError as error:
        error.close()
        raise FetchError("status", url=address, status=error.code) from error
    except TimeoutError as error:
        raise FetchError("slow", url=address, seconds=round(seconds)) from error
    except (OSError, HTTPException, ValueError) as error:
        reason = getattr(error, "reason", None)
        if isinstance(reason, TimeoutError):
            raise FetchError("slow", url=address, seconds=round(seconds)) from error
        said = getattr(reason, "strerror", None) or reason or error
        raise FetchError("network", url=address, reason=str(said)[:200]) from error


def _body(answer: IO[bytes], until: float) -> bytes:
    stated = str(getattr(answer, "headers", {}).get("Content-Length", ""))
    if stated.isdecimal() and int(stated[:20]) > MAX_ARCHIVE_BYTES:
        raise ArchiveError("too-large", bytes=stated[:20], limit=MAX_ARCHIVE_BYTES)
    chunks: list[bytes] = []
    size = 0
    while chunk := answer.read1(_CHUNK) if hasattr(answer, "read1") else answer.read(_CHUNK):
        chunks.append(chunk)
        size += len(chunk)
        if size > MAX_ARCHIVE_BYTES:
            raise ArchiveError("too-large", bytes=f">{size}", limit=MAX_ARCHIVE_BYTES)
        if time.monotonic() > until:
            raise TimeoutError
    if stated.isdecimal() and size < int(stated):
        raise ArchiveError("truncated")
    return b"".join(chunks)


class _Redirections(urllib.request.HTTPRedirectHandler):
    max_redirections = _REDIRECTIONS

    def __init__(self, *, local: bool) -> None:
        self._local = local

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: HTTPMessage,
        newurl: str,
    ) -> urllib.request.Request | None:
        try:
            check_web(newurl)
        except FetchError:
            fp.close()
            raise FetchError("redirect", url=req.full_url, to=newurl[:200]) from None
        if urlsplit(newurl).scheme == "http" and not self._local:
            # From the open web to a service on this very machine.
            fp.close()
            raise FetchError("redirect", url=req.full_url, to=newurl[:200])
        return super().redirect_request(req, fp, code, msg, headers, newurl)
