"""Sees every answer, whatever it was asked for: names its fault, and does what a polite guest does about it.

Nothing here solves a challenge. What passes is what an ordinary cookie jar passes: a cookie that the server sets in a header, tried once.
"""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit

from crawler.certificates import certificate
from crawler.faults import TURNED_AWAY, classify, classify_error, is_dead, speaks_other_tls
from crawler.manners import strikes_at
from crawler.retry_after import retry_after
from crawler.substitution import HomePrint, leads_home
from data.urls import host_of, url_key

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response

    from crawler.manners import Manners

logger = logging.getLogger(__name__)

_SETS_COOKIE = re.compile(rb"document\s*\.\s*cookie\s*=", re.I)
_AGAIN = "asked_again"


class FaultMiddleware:
    """`response.meta["fault"]` is the reason key of the answer, or None; see `fault_of`."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._home: HomePrint | None = None
        self._home_key: str | None = None
        self._once: set[tuple[str, str]] = set()  # what was tried at a host: once a crawl
        self._looking: set[str] = set()  # hosts that are given time before they are asked again
        self._substitutes: set[str] = set()  # hosts whose way it is to show the home page for whatever they lack

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    @property
    def _manners(self) -> Manners:
        spider: Any = self._crawler.spider
        manners: Manners = spider.manners
        return manners

    @property
    def _replaying(self) -> bool:
        return bool(getattr(getattr(self._crawler.spider, "context", None), "replay", None))

    def process_request(self, request: Request) -> None:
        if not self._replaying:
            self._manners.check(request)

    async def process_response(self, request: Request, response: Response) -> Request | Response:
        wait = retry_after(response.headers.get("Retry-After"), response.headers.get("Date"))
        if "link_out" in request.meta and response.status < 300:
            fault = None  # a page is there: of a link that is tried no body was asked for, or a piece of one
        else:
            fault = classify(response.status, response.body, retry_after=wait is not None)
        is_home = self._is_home(request, response)
        if fault is None and is_home:
            await self._arrived_home(request, response)
        elif fault is None and self._home is not None and self._is_page(request) and self._home.shown_by(response.body):
            fault = "substituted"
        request.meta["fault"] = fault
        if self._replaying:
            return response
        again = self._second_look(request, response, fault, wait)
        if again is not None:
            return again
        self._count(request, fault, wait)
        return response

    # --- what it is ---------------------------------------------------------------------------

    def _is_home(self, request: Request, response: Response) -> bool:
        # Redirected to the home page is no home page asked for.
        if response.status != 200 or "link_out" in request.meta:
            return False
        if self._home_key is None:
            self._home_key = url_key(self._manners.site.home)
        return url_key(request.meta.get("redirect_urls", [request.url])[0]) == self._home_key

    def _is_page(self, request: Request) -> bool:
        """Whether a page of its own was asked for: no redirect's target, no API call, no robots.txt."""
        return (
            request.method == "GET" and "redirect_urls" not in request.meta and "link_out" not in request.meta and "visit" in request.meta
        )

    async def _arrived_home(self, request: Request, response: Response) -> None:
        self._home = HomePrint.of(response.body)
        parts = urlsplit(response.url)
        address = request.meta.get("address")
        if parts.scheme != "https" or address is None or self._replaying or "visit" not in request.meta:
            return
        # One handshake more, beside the lane: it asks for nothing.
        old = self._manners.old_tls(response.url) is not None
        request.meta["certificate"] = await certificate(address, parts.port or 443, host_of(response.url), old_tls=old)

    # --- what is done about it ----------------------------------------------------------------

    def process_exception(self, request: Request, exception: Exception) -> Request | None:
        """A host that has stopped answering is left as well: to try every page of it would take days.

        One that speaks old TLS alone is asked again with that, and so for the rest of the crawl.
        """
        reason = classify_error(exception)
        if not self._replaying and speaks_other_tls(exception) and self._manners.lower_tls(request.url):
            logger.info("%s has no TLS of today in common with us: asked with that of old", host_of(request.url))
            return request.replace(dont_filter=True)
        if not self._replaying and is_dead(reason) and not hasattr(exception, "reason_key"):
            self._manners.pacer.silence(host_of(request.url), reason)
        return None

    def _second_look(self, request: Request, response: Response, fault: str | None, wait: float | None) -> Request | None:
        """The one more try that a reader's browser would make, or None."""
        if "link_out" in request.meta or "offered" in request.meta:
            return None
        host = host_of(request.url)
        if request.meta.get(_AGAIN):
            self._looking.discard(host)
        if fault == "blocked-challenge":
            given = b"Set-Cookie" in response.headers and not _SETS_COOKIE.search(response.body)
            if given and self._first(host, "cookie"):
                return self._again(request, 0.0)
            if response.status == 521 and self._first(host, "slow"):
                return self._again(request, self._manners.site.crawl.cool_down)
        elif fault == "substituted" and host not in self._substitutes and not self._homeward(request):
            if not request.meta.get(_AGAIN):
                # Others of its kind come in while one rests; one rest is enough for them all.
                rest = 0.0 if host in self._looking else self._manners.site.crawl.cool_down
                self._looking.add(host)
                return self._again(request, rest)
            self._substitutes.add(host)
        return None

    def _homeward(self, request: Request) -> bool:
        return leads_home(request.meta["visit"].via, self._manners.site.name)

    def _first(self, host: str, what: str) -> bool:
        first = (host, what) not in self._once
        self._once.add((host, what))
        return first

    def _again(self, request: Request, rest: float) -> Request:
        if rest:
            self._rest(request, rest)
        again = request.replace(dont_filter=True)
        again.meta[_AGAIN] = True
        return again

    def _rest(self, request: Request, seconds: float) -> None:
        address = request.meta.get("address")
        if address is not None:
            self._manners.rest(address, seconds)

    def _count(self, request: Request, fault: str | None, wait: float | None) -> None:
        manners, host, at = self._manners, host_of(request.url), strikes_at(request)
        manners.pacer.answered(host)
        if wait is not None and fault != "throttled":
            self._rest(request, wait)  # an answer that asks for a pause all the same
        if fault is None:
            manners.pacer.welcome(at)
        elif fault == "throttled":
            asked = manners.site.crawl.cool_down if wait is None else wait
            self._rest(request, asked)
            if asked > manners.site.crawl.max_wait:
                manners.pacer.stop(host, fault)  # to ask again before would be rude, to wait would hold the round
            manners.pacer.strike(host, fault)
        elif fault in TURNED_AWAY and request.method != "HEAD":  # many refuse the method, not the guest
            manners.pacer.strike(at, fault)
        if fault in TURNED_AWAY and (manners.pacer.stopped(host) or manners.pacer.stopped(at)):
            logger.warning("%s turned us away (%s): left alone for the rest of the run", at, fault)


def fault_of(response: Response) -> str | None:
    """The reason key of an answer, None where it can be read."""
    if "fault" in response.meta:
        fault: str | None = response.meta["fault"]
        return fault
    return classify(response.status, response.body, retry_after=b"Retry-After" in response.headers)
