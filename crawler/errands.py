"""What a page asks for while a browser shows it. The browser has no network of its own: all it is given, we fetch.

So a script's request is as any other of ours: robots.txt is heard, no private address is asked, the day's budget pays, a redirect is
looked at before it is followed, and the agent names itself. Scripts and style sheets are fetched once a crawl.
"""

from __future__ import annotations

import asyncio
import logging
import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from playwright.async_api import Error as PlaywrightError
from scrapy import Request
from scrapy.exceptions import IgnoreRequest
from scrapy.http.headers import Headers
from w3lib.url import safe_url_string

from crawler.faults import ELSEWHERE, SHOWN, classify, classify_error
from data.urls import domain, host_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from playwright.async_api import Page, Route
    from playwright.async_api import Request as Errand
    from scrapy.http import Response

logger = logging.getLogger(__name__)

# What may bring words to a page. Images, fonts and media show nothing that is judged; the rest tells somebody that the page was seen.
_SHARED = frozenset({"script", "stylesheet"})  # the same for all pages of a site
_WANTED = _SHARED | {"document", "xhr", "fetch"}
# Who counts visitors: nothing of theirs is shown, and a monitor is no visitor.
_COUNTERS = frozenset(
    {"baidu.com", "baidustatic.com", "bdstatic.com", "cnzz.com", "umeng.com", "51.la", "51yes.com", "gridsum.com", "gridsumdissector.com",
     "google-analytics.com", "googletagmanager.com", "conac.cn", "trs.cn", "zhihuiyan.com", "growingio.com"}
)  # fmt: skip
_COUNTS = re.compile(
    r"(?:^|[^a-z])(?:count(?:er)?s?|hits?|(?:dyn)?clicks?|visit(?:or)?s?|pv|uv|tongji|trac(?:k|ker|king)|analytics?|web(?:stat|log)s?)(?:[^a-z][^/]*)?$",
    re.I,
)
_HOPS = 5
_KEPT_BYTES = 16 * 1024 * 1024
_QUIET_SECONDS = 0.5  # without a request: the page's scripts are through
_TURN_SECONDS = 0.05
# Headers of the connection: what is handed over either way is one whole body.
_OF_THE_ROAD = frozenset({"content-length", "content-encoding", "transfer-encoding", "connection", "keep-alive"})
# A browser's own words of itself, which are not ours, go with them.
_OURS = _OF_THE_ROAD | {"host", "accept-encoding", "user-agent", "cookie", "sec-ch-ua", "sec-ch-ua-mobile", "sec-ch-ua-platform"}


class RefusedErrandError(IgnoreRequest):
    """A script asked for what a page of this site must not lead us to."""

    def __init__(self, reason_key: str) -> None:
        super().__init__(reason_key)
        self.reason_key = reason_key


class Kept:
    """Scripts and style sheets of one crawl, by address."""

    def __init__(self) -> None:
        self._held: dict[str, Response] = {}
        self._bytes = 0

    def get(self, url: str) -> Response | None:
        return self._held.get(url)

    def keep(self, url: str, response: Response) -> None:
        if response.status == 200 and url not in self._held and self._bytes + len(response.body) <= _KEPT_BYTES:
            self._held[url] = response
            self._bytes += len(response.body)


class Errands:
    """One page in the browser: `lacks` is the reason key of the first thing that it asked for and we could not give it, None where it has all."""

    def __init__(self, page: Response, ask: Callable[[Request], Awaitable[Response]], kept: Kept, patience: float) -> None:
        self._response = page
        self._asked_with = page.request.headers if page.request is not None else Headers()
        self._ask = ask
        self._kept = kept
        self._patience = patience
        self._given = False
        self._on_the_way = 0
        self._last = self._end = self._now()
        self.lacks: str | None = None

    async def take_over(self, page: Page, _request: Request) -> None:
        """Answer everything that the page asks for, its own markup first. `playwright_page_init_callback` of scrapy-playwright."""
        self._end = self._now() + self._patience
        await page.route("**/*", self._serve)

    async def settle(self, _page: Page) -> None:
        """Wait until the page's scripts ask for nothing more; what is still on its way when patience ends is given up by its own."""
        while self._on_the_way or (self._now() - self._last < _QUIET_SECONDS and self._now() < self._end):
            await asyncio.sleep(_TURN_SECONDS)

    async def _serve(self, route: Route, errand: Errand) -> None:
        try:
            if self._is_page(errand):
                await _hand_over(route, self._response)
            elif not self._is_wanted(errand):
                await route.abort("blockedbyclient")
            else:
                await self._run(route, errand)
        except PlaywrightError as error:  # the page was closed while this was on its way
            logger.debug("%s: %s", errand.url, error)

    def _is_page(self, errand: Errand) -> bool:
        first = not self._given and errand.is_navigation_request()
        self._given = self._given or first
        return first

    def _is_wanted(self, errand: Errand) -> bool:
        if errand.resource_type not in _WANTED or not errand.url.startswith(("http:", "https:")):
            return False
        counts = errand.resource_type == "script" and _COUNTS.search(urlsplit(errand.url).path.rpartition("/")[2])
        return not counts and domain(errand.url) not in _COUNTERS

    async def _run(self, route: Route, errand: Errand) -> None:
        self._on_the_way += 1
        try:
            async with asyncio.timeout_at(self._end):
                response = await self._obtained(errand)
        except Exception as error:  # whatever went wrong, the page lacks it
            reason = classify_error(error)
            if reason == "fetch-failed":
                logger.warning("%s: %s could not be had", self._response.url, errand.url, exc_info=True)
            self._lack(errand, reason)
            await route.abort()
        else:
            if response.status >= 400:
                self._lack(errand, classify(response.status, response.body))
            await _hand_over(route, response)
        finally:
            self._on_the_way -= 1
            self._last = self._now()

    async def _obtained(self, errand: Errand) -> Response:
        held = self._kept.get(errand.url) if errand.method == "GET" else None
        if held is not None:
            return held
        headers = {name: value for name, value in errand.headers.items() if name.lower() not in _OURS}
        for name in ("User-Agent", "Accept-Encoding", "Accept-Language"):
            headers[name] = (self._asked_with.get(name) or b"").decode("latin-1")
        cookies = await self._cookies(errand)
        if cookies:
            headers["Cookie"] = cookies
        ask = self._framed if errand.resource_type == "document" else self._ask
        request = Request(errand.url, method=errand.method, headers=headers, body=errand.post_data_buffer or b"")
        response = await follow(request, ask)
        if errand.resource_type in _SHARED and errand.method == "GET":
            self._kept.keep(errand.url, response)
        return response

    async def _framed(self, request: Request) -> Response:
        """A page within the page, or in its place; somebody else's is no part of it."""
        if domain(request.url) != domain(self._response.url):
            raise RefusedErrandError(ELSEWHERE)
        return await self._ask(request)

    async def _cookies(self, errand: Errand) -> str:
        """What the browser's jar and the crawl's own hold for an address."""
        browser = await errand.frame.page.context.cookies(errand.url)
        held = [f"{cookie['name']}={cookie['value']}" for cookie in browser if "name" in cookie and "value" in cookie]
        crawl = self._asked_with.get("Cookie") if host_of(errand.url) == host_of(self._response.url) else None
        names = {pair.partition("=")[0] for pair in held}
        ours = crawl.decode("latin-1").split("; ") if crawl else []
        return "; ".join([*held, *(pair for pair in ours if pair.partition("=")[0] not in names)])

    def _lack(self, errand: Errand, reason: str | None) -> None:
        """A style sheet brings no words; a script that is gone is gone for every visitor, while data that is gone may have been rows."""
        harmless = errand.resource_type == "stylesheet" or (reason in SHOWN and errand.resource_type not in ("xhr", "fetch"))
        if self.lacks is None and reason is not None and not harmless:
            logger.info("%s lacks what its scripts asked for: %s (%s)", self._response.url, errand.url, reason)
            self.lacks = reason

    @staticmethod
    def _now() -> float:
        return asyncio.get_running_loop().time()


async def follow(request: Request, ask: Callable[[Request], Awaitable[Response]]) -> Response:
    """The answer to a request, or to where its redirects lead. Raises RefusedErrandError where they do not end."""
    for _ in range(_HOPS):
        response = await ask(request)
        location = response.headers.get("Location")
        if location is None or not 300 <= response.status < 400:
            return response
        url = response.urljoin(safe_url_string(location))
        if response.status in (301, 302, 303):
            request = request.replace(method="GET", body=b"")
        if host_of(url) != host_of(request.url):
            request.headers.pop("Cookie", None)
        request = request.replace(url=url)
    raise RefusedErrandError("redirect-loop")


async def _hand_over(route: Route, response: Response) -> None:
    headers: dict[str, str] = {}
    for name, values in response.headers.items():
        key = name.decode("latin-1").lower()
        if key not in _OF_THE_ROAD:
            headers[key] = ("\n" if key == "set-cookie" else ", ").join(value.decode("latin-1") for value in values)
    await route.fulfill(status=response.status, headers=headers, body=response.body)
