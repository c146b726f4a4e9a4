"""Conditional requests: a server is asked whether a page is still what the archive holds, and where it says so the archive answers.

Only what the archive can give back is asked for so, and every page is sent anew at least once a week: a server that
says 304 whatever happened hides a change for that long at most.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from scrapy.http.headers import Headers
from scrapy.responsetypes import responsetypes

from crawler.freshness import SENT_EVERY, in_turn
from data.known import Copy
from data.urls import url_hash

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response

    from crawler.context import CrawlContext

_VALIDATORS = (b"If-None-Match", b"If-Modified-Since")
_WEAK = b"W/"
_OF_THIS_ANSWER = (b"Date", b"Retry-After", b"Set-Cookie")  # what the archived one said of itself holds no more


class ConditionalMiddleware:
    """Puts meta["copy"] (what was last sent from the address) on a request, meta["not_modified"] where that still stands."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    @property
    def _context(self) -> CrawlContext | None:
        context: CrawlContext | None = getattr(self._crawler.spider, "context", None)
        return context

    def process_request(self, request: Request, spider: Any = None) -> None:
        # A redirected request bears the marks of the one that led to it.
        request.meta.pop("copy", None)
        request.meta.pop("not_modified", None)
        for name in _VALIDATORS:
            request.headers.pop(name, None)
        context = self._context
        if context is None or not context.has_copies or request.method != "GET" or "visit" not in request.meta:
            return
        copy = context.known.copy(request.url)
        if copy is None:
            return
        request.meta["copy"] = copy
        again = request.meta.get("send_anew")
        if again or in_turn(url_hash(request.url), copy.sent_at, context.clock(), SENT_EVERY) or context.bodies.find(copy.sha256) is None:
            return
        if copy.etag is not None:
            request.headers["If-None-Match"] = copy.etag
        if copy.last_modified is not None:
            request.headers["If-Modified-Since"] = copy.last_modified

    def process_response(self, request: Request, response: Response, spider: Any = None) -> Request | Response:
        copy: Copy | None = request.meta.get("copy")
        context = self._context
        if response.status != 304 or copy is None or context is None or not any(name in request.headers for name in _VALIDATORS):
            return response  # also a 304 that nobody asked for: it shows nothing
        if not _is_of(copy, response):
            return request.replace(dont_filter=True, meta={**request.meta, "send_anew": True})
        held = context.bodies.read(copy.sha256)
        if held is None:
            # The archive cannot give it back: ask for the page itself, once.
            return request.replace(dont_filter=True, meta={**request.meta, "send_anew": True})
        request.meta["not_modified"] = tuple(
            (name.decode("latin-1"), value.decode("latin-1")) for name, values in response.headers.items() for value in values
        )
        headers = Headers(list(held[0]))
        for name in _OF_THIS_ANSWER:
            headers.pop(name, None)
            if name in response.headers:
                headers[name] = response.headers[name]
        cls = responsetypes.from_args(headers=headers, url=response.url, body=held[1])
        return cls(response.url, status=200, headers=headers, body=held[1], request=request, flags=[*response.flags, "not-modified"])


def _is_of(copy: Copy, response: Response) -> bool:
    """Whether a 304 speaks of the copy that was asked about: one with another ETag says that something else did not change."""
    told = response.headers.get("ETag")
    return told is None or copy.etag is None or told.removeprefix(_WEAK) == copy.etag.encode().removeprefix(_WEAK)
