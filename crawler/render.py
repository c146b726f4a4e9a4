"""The browser, only where a page needs one: started at the first page that does, one for a site's whole crawl."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy_playwright.handler import ScrapyPlaywrightDownloadHandler

if TYPE_CHECKING:
    from playwright.async_api import Request as BrowserRequest
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response


class RenderingDownloadHandler(HTTP11DownloadHandler):
    """Scrapy's own handler; a request with meta playwright=True goes through Chromium."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._browser: ScrapyPlaywrightDownloadHandler | None = None
        self._starting = asyncio.Lock()

    async def download_request(self, request: Request) -> Response:
        if not request.meta.get("playwright"):
            return await super().download_request(request)
        browser = await self._started()
        response: Response = await browser.download_request(request)
        return response

    async def _started(self) -> ScrapyPlaywrightDownloadHandler:
        async with self._starting:
            if self._browser is None:
                browser = ScrapyPlaywrightDownloadHandler(self.crawler)
                # It starts its driver at the engine's start, which is long past: most crawls never need one.
                await browser._launch()
                self._browser = browser
            return self._browser

    async def close(self) -> None:
        await super().close()
        if self._browser is not None:
            await self._browser.close()


def needless(request: BrowserRequest) -> bool:
    """Images, fonts and media show nothing that is judged."""
    return request.resource_type in ("image", "font", "media")
