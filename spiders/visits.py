"""Why an address is fetched, and what of an answer is kept as a fetch."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from scrapy import Request
from scrapy.http import Response

from crawler.archive import digest
from data.store import Fetch
from spiders.base import Family, Progress


@dataclass(slots=True)
class Visit:
    """Why an address is fetched."""

    role: str  # "home", "column", "explore", "document", "walk"
    via: str = ""  # text of the link that led here
    parent: str | None = None  # the page that link stood on
    depth: int = 0
    column: str | None = None  # address of the column whose list is walked
    family: Family | None = None
    progress: Progress | None = None
    rendered: bool = False  # by the browser
    from_stub: bool = False  # a page that only refreshes to this address led here; followed once


def visit_meta(visit: Visit) -> dict[str, Any]:
    """Request meta of a visit."""
    meta: dict[str, Any] = {"visit": visit}
    if visit.rendered:
        meta.update(playwright=True, playwright_page_goto_kwargs={"wait_until": "networkidle"})
    return meta


def asked(response: Response) -> str:
    """The address that was asked for, before any redirect."""
    request: Request | None = response.request
    assert request is not None
    address: str = request.meta.get("redirect_urls", [request.url])[0]
    return address


def fetch_of(response: Response, at: datetime, fault: str | None) -> Fetch:
    """An answered request as it is recorded."""
    return Fetch(
        url=asked(response), at=at, status=response.status, reason=fault, elapsed_seconds=response.meta.get("download_latency"),
        size=len(response.body), sha256=digest(response.body),
    )  # fmt: skip


def headers_of(response: Response) -> tuple[tuple[str, str], ...]:
    return tuple((name.decode("latin-1"), value.decode("latin-1")) for name, values in response.headers.items() for value in values)
