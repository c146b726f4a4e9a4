"""Why an address is fetched, and what of an answer is kept as a fetch."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from scrapy import Request
from scrapy.http import Response

from crawler.archive import digest
from crawler.reader import reader_version
from data.known import Copy
from data.store import CopyFact, Fetch
from spiders.again import Unchanged
from spiders.base import Family, Progress, Step


@dataclass(slots=True)
class Visit:
    """Why an address is fetched."""

    role: str  # "home", "menu", "columns", "column", "explore", "document", "part" of a document, "walk", "tail"
    via: str = ""  # text of the link that led here
    parent: str | None = None  # the page that link stood on
    depth: int = 0
    column: str | None = None  # address of the column whose list is walked
    family: Family | None = None
    progress: Progress | None = None
    rendered: bool = False  # by the browser
    unchanged: Unchanged | None = None  # of a "tail": what its page is to confirm,
    step: Step | None = None  # and where the walk goes on if it does not
    keep: str = ""  # the address under which its answer serves the other walks of this crawl as well
    vanished: bool = False  # a document that no list shows any more
    made: bool = False  # the address is one that we think a script makes: if it leads nowhere, that is no fault of the site
    from_stub: bool = False  # a page that only refreshes to this address led here; followed once


def asked(response: Response) -> str:
    """The address that was asked for, before any redirect."""
    request: Request | None = response.request
    assert request is not None
    address: str = request.meta.get("redirect_urls", [request.url])[0]
    return address


def fetch_of(response: Response, at: datetime, fault: str | None) -> Fetch:
    """An answered request as it is recorded."""
    request: Request | None = response.request
    assert request is not None
    same = "not_modified" in request.meta
    copy = None
    if fault is None and not same and response.status == 200 and request.method == "GET" and not request.meta["visit"].rendered:
        # What a redirected address answers with is known by its bytes alone: its validators are another address's.
        told = request.meta.get("redirect_urls") is None
        copy = CopyFact(_header(response, "ETag") if told else None, _header(response, "Last-Modified") if told else None, reader_version())
    return Fetch(
        url=asked(response), at=at, status=304 if same else response.status, reason=fault,
        elapsed_seconds=response.meta.get("download_latency"), size=0 if same else len(response.body), sha256=digest(response.body), copy=copy,
    )  # fmt: skip


def is_as_read(response: Response, sha256: str | None, reader: str) -> bool:
    """Whether an answer is byte for byte what this very reader has read before."""
    copy: Copy | None = response.meta.get("copy")
    return copy is not None and copy.sha256 == sha256 and copy.reader == reader


def headers_of(response: Response) -> tuple[tuple[str, str], ...]:
    """The headers that the server sent, those of a 304 included."""
    sent: tuple[tuple[str, str], ...] | None = response.meta.get("not_modified")
    if sent is not None:
        return sent
    return tuple((name.decode("latin-1"), value.decode("latin-1")) for name, values in response.headers.items() for value in values)


def _header(response: Response, name: str) -> str | None:
    value = response.headers.get(name)
    return value.decode("latin-1") if value else None
