"""Whether a link leads anywhere: the head of an answer says it, and what lies there is never read."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from scrapy import Request
from scrapy.exceptions import StopDownload

from crawler.budget import BudgetSpentError
from crawler.faults import MISSING, classify, classify_error
from crawler.items import FetchItem, TrialItem
from data.link_store import KnownLink, Trial
from data.records import LinkVisit
from data.store import Fetch
from data.urls import host_of, url_key

if TYPE_CHECKING:
    from scrapy.http import Response
    from twisted.python.failure import Failure

    from crawler.context import CrawlContext

_SOME_BYTES = "bytes=0-1023"
_NO_SUCH_METHOD = (405, 501)
_WHOLE = re.compile(rb"bytes\s+\S+/(\d+)")
_BROKEN = re.compile(r"http-5(?!0[234])\d\d")  # a gateway's answers may be of the moment


@dataclass(frozen=True, slots=True)
class Answered:
    """How a link answered: `fault` is None where there is something."""

    fault: str | None
    content_type: str | None = None
    size: int | None = None

    def visit(self, at: datetime) -> LinkVisit:
        return LinkVisit(at, is_there(self.fault), self.fault, self.content_type, self.size)


def is_there(fault: str | None) -> bool | None:
    """What a fault says of the link itself: it is missing or broken, or nothing, for it is we who could not see."""
    if fault is None:
        return True
    return False if fault in MISSING or _BROKEN.fullmatch(fault) else None


@dataclass(frozen=True, slots=True)
class Asking:
    """What all who try links share."""

    context: CrawlContext
    known: Mapping[bytes, KnownLink]  # by url_hash: every link that was tried before
    keeps: Callable[[], bool]  # whether what is seen is this site's at all

    def tried(self, known: KnownLink) -> bool:
        """Whether the crawl that this one takes up had asked for a link before it was cut off."""
        return self.context.ticket.resumed and known.at >= self.context.ticket.started_at


class Asker:
    """Asks with HEAD, and where a server refuses that, or for a file tells of a page or of nothing, for the first bytes."""

    def __init__(self, asking: Asking, told: Callable[[str, Answered], Trial | None], *, files: bool = False) -> None:
        self._home = url_key(asking.context.site.home)
        self._clock = asking.context.clock
        self._keeps = asking.keeps
        self._told = told  # what is to be kept of an answer; stored with the next batch, so that a kill does not lose it
        self._files = files
        self._refuse_head: set[str] = set()  # hosts that said that they know no such method

    def ask(self, url: str, method: str = "HEAD", *, priority: int = 0) -> Request:
        method = "GET" if host_of(url) in self._refuse_head else method
        headers = {"Range": _SOME_BYTES} if method == "GET" else None
        meta = {"link_out": url, "dont_retry": True}
        return Request(
            url, method=method, headers=headers, callback=self.parse, errback=self.missed, dont_filter=True, meta=meta, priority=priority,
        )  # fmt: skip

    def parse(self, response: Response) -> Iterator[Request | FetchItem | TrialItem]:
        """The status says whether there is something; the body was not asked for."""
        url: str = response.meta["link_out"]
        assert response.request is not None
        content_type = (response.headers.get("Content-Type") or b"").decode("latin-1").partition(";")[0].strip().lower()
        answered = Answered(None, content_type or None, _size(response))
        doubtful = self._files and ("html" in content_type or answered.size == 0)
        again = response.request.method == "HEAD" and (response.status >= 400 or doubtful)
        if response.status >= 400:
            answered = Answered(classify(response.status, b"", retry_after=b"Retry-After" in response.headers))
        elif url_key(response.url) == self._home != url_key(url):
            answered = Answered("soft-404")  # sent home: what was asked for is not there
        yield FetchItem(Fetch(url, self._clock(), response.status, answered.fault, response.meta.get("download_latency"), 0, None))
        if response.request.method == "HEAD" and response.status in _NO_SUCH_METHOD:
            self._refuse_head.add(host_of(response.url))
        if again:
            yield self.ask(url, "GET", priority=response.request.priority + 1)  # many servers refuse HEAD, or answer it wrongly
        else:
            yield from self._tell(url, answered)

    def missed(self, failure: Failure) -> Iterator[FetchItem | TrialItem]:
        request: Request = failure.request  # type: ignore[attr-defined]
        assert failure.value is not None
        url, fault = request.meta["link_out"], classify_error(failure.value)
        if fault == BudgetSpentError.reason_key:
            self._told(url, Answered(fault))
            return
        yield FetchItem(Fetch(url, self._clock(), None, fault, None, None, None))
        yield from self._tell(url, Answered(None if fault == "too-large" else fault))

    def _tell(self, url: str, answered: Answered) -> Iterator[TrialItem]:
        trial = self._told(url, answered)
        if trial is not None and self._keeps():
            yield TrialItem(trial)


def _size(response: Response) -> int | None:
    """Bytes of the whole, as the server tells them."""
    part = _WHOLE.match(response.headers.get("Content-Range") or b"")
    if part:
        return int(part[1])
    length = (response.headers.get("Content-Length") or b"").strip()
    return int(length) if length.isdigit() and response.status == 200 else None


def stop_at_headers(request: Request) -> None:
    """Signal handler: of a link that is tried nothing but the head of the answer is taken."""
    if "link_out" in request.meta and request.method == "GET":
        raise StopDownload(fail=False)
