"""The browser, only where a page needs one: started at the first page that does, one for a site's whole crawl."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from playwright.async_api import Error as PlaywrightError
from scrapy.exceptions import CannotResolveHostError
from scrapy_playwright.handler import ScrapyPlaywrightDownloadHandler

from crawler.addresses import PrivateAddressError
from crawler.budget import BudgetSpentError
from crawler.fetching import GuestDownloadHandler

if TYPE_CHECKING:
    from playwright.async_api import Request as BrowserRequest
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response


class RenderingDownloadHandler(GuestDownloadHandler):
    """The guest's own handler; a request with meta playwright=True goes through Chromium."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._browser: ScrapyPlaywrightDownloadHandler | None = None
        self._starting = asyncio.Lock()

    async def _fetch(self, request: Request) -> Response:
        if not request.meta.get("playwright"):
            return await super()._fetch(request)
        browser = await self._started()
        response: Response = await browser.download_request(request)
        # The browser follows redirects by itself: what it found inside is not taken.
        if response.url.startswith(("http:", "https:")):
            await self._manners.addresses(response.url)
        return response

    async def _started(self) -> ScrapyPlaywrightDownloadHandler:
        async with self._starting:
            if self._browser is None:
                browser = ScrapyPlaywrightDownloadHandler(self.crawler)
                browser.abort_request = self._unwanted
                # It starts its driver at the engine's start, which is long past: most crawls never need one.
                await browser._launch()
                self._browser = browser
            return self._browser

    async def _unwanted(self, request: BrowserRequest) -> bool:
        """What the browser is not to ask for on a page's behalf: what shows nothing, and what a public page must not lead us to."""
        if needless(request) or not request.url.startswith(("http:", "https:")):
            return needless(request)
        try:
            await self._manners.addresses(request.url)
            if not _is_page(request):  # that one was counted when its turn came
                self._manners.budget.spend()
        except (PrivateAddressError, CannotResolveHostError, BudgetSpentError):
            return True
        return False

    async def close(self) -> None:
        await super().close()
        if self._browser is not None:
            await self._browser.close()


def _is_page(request: BrowserRequest) -> bool:
    """Whether the page itself is asked for, and nothing that it holds."""
    try:
        return request.is_navigation_request() and request.frame.parent_frame is None
    except PlaywrightError:  # a window of its own, whose frame is not there yet
        return False


def needless(request: BrowserRequest) -> bool:
    """Images, fonts and media show nothing that is judged."""
    return request.resource_type in ("image", "font", "media")
