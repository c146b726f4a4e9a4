"""Columns that lead off the site: whether they lead anywhere is asked once a crawl, and what lies there is never read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from scrapy import Request
from scrapy.exceptions import StopDownload

from crawler.faults import MISSING, classify, classify_error
from data.records import ColumnKind
from data.urls import url_key

if TYPE_CHECKING:
    from scrapy.http import Response
    from twisted.python.failure import Failure

    from crawler.columns import ColumnState, ColumnTree
    from crawler.context import CrawlContext

_MOST = 60  # of one site; a portal's navigation has fewer, a link farm has more
_SOME_BYTES = "bytes=0-1023"


class LinkOuts:
    """Asks with HEAD, and where a server refuses that, for the first bytes."""

    def __init__(self, tree: ColumnTree, context: CrawlContext) -> None:
        self._tree = tree
        self._context = context
        self._asked: set[str] = set()

    def due(self) -> list[Request]:
        """Requests for the columns that were not asked about yet. Those of a registered site are read by its own crawl."""
        if self._context.replay is not None:
            return []
        states = [
            state
            for state in self._tree.states.values()
            if state.kind is ColumnKind.LINK_OUT
            and state.reachable is None
            and state.hosted_by is None
            and url_key(state.url) not in self._asked
        ]
        room = max(0, _MOST - len(self._asked))
        self._asked |= {url_key(state.url) for state in states}
        return [self._request(state.url, "HEAD") for state in states[:room]]

    def _request(self, url: str, method: str) -> Request:
        headers = {"Range": _SOME_BYTES} if method == "GET" else None
        meta = {"link_out": url, "dont_retry": True}
        return Request(url, method=method, headers=headers, callback=self.parse, errback=self.missed, dont_filter=True, meta=meta)

    def parse(self, response: Response) -> Iterator[Request]:
        """The status says whether there is something; the body was not asked for."""
        url: str = response.meta["link_out"]
        if response.status < 400:
            self._keep(url, None)
            return
        assert response.request is not None
        if response.request.method == "HEAD":
            yield self._request(url, "GET")  # many servers refuse HEAD, or answer it wrongly
            return
        self._keep(url, classify(response.status, b"", retry_after=b"Retry-After" in response.headers))

    def missed(self, failure: Failure) -> None:
        request: Request = failure.request  # type: ignore[attr-defined]
        assert failure.value is not None
        fault = classify_error(failure.value)
        self._keep(request.meta["link_out"], None if fault == "too-large" else fault)

    def _keep(self, url: str, fault: str | None) -> None:
        state: ColumnState | None = self._tree.get(url)
        if state is not None and state.linked_at is not None and fault in MISSING:
            self._tree.forget(state)  # no page of today leads there: the link may have gone with what it led to
        elif state is not None:
            state.fault = fault
            state.reachable = True if fault is None else False if fault in MISSING else None


def stop_at_headers(request: Request) -> None:
    """Signal handler: of an off-site page nothing but the head of the answer is taken."""
    if "link_out" in request.meta and request.method == "GET":
        raise StopDownload(fail=False)
