"""Pages as a browser shows them, only where one needs that: the browser is started for the first (crawler/browser.py)."""

from __future__ import annotations

import asyncio
import logging
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import urldefrag

from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.http import Response
from scrapy_playwright.handler import ScrapyPlaywrightDownloadHandler
from scrapy_playwright.page import PageMethod

from crawler.browser import pages
from crawler.errands import Errands, Kept, follow
from crawler.extract.page import UNFILLED
from crawler.faults import RENDER_PARTIAL, TURNED_AWAY, classify
from crawler.fetching import TO_SHOW, GuestDownloadHandler
from crawler.middlewares.robots import StatusAwareRobotsMiddleware
from data.urls import host_of

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler

logger = logging.getLogger(__name__)
logging.getLogger("scrapy-playwright").setLevel(logging.ERROR)  # a page that cannot be shown is told once, in words of ours

_PATIENCE_SECONDS = 15.0  # for all that one page's scripts ask for


def _address(request: Request, page: Response) -> str:
    """Where the page was found, with what stands behind # in the address that was asked: no server sees it, and scripts go by it."""
    return request.url if urldefrag(request.url).url == urldefrag(page.url).url else page.url


class RenderingDownloadHandler(GuestDownloadHandler):
    """The guest's own handler; a page that has come is given back as its scripts leave it, where a request bears it as meta TO_SHOW.

    For the page itself nothing is asked again. Where the browser fails, the page is given back as it came; meta UNFILLED then says so.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._browser: ScrapyPlaywrightDownloadHandler | None = None
        self._starting = asyncio.Lock()
        self._kept = Kept()
        self._road = asyncio.Semaphore(self._manners.site.crawl.concurrency)

    async def download_request(self, request: Request) -> Response:
        page: Response | None = request.meta.pop(TO_SHOW, None)
        return await super().download_request(request) if page is None else await self._shown(request, page)

    async def _shown(self, request: Request, page: Response) -> Response:
        errands = Errands(page, self._run_errand, self._kept, _PATIENCE_SECONDS)
        ways = {
            "playwright": True,
            "playwright_page_init_callback": errands.take_over,
            "playwright_page_goto_kwargs": {"wait_until": "domcontentloaded"},
            "playwright_page_methods": [PageMethod(errands.settle)],
            "playwright_context_kwargs": {"user_agent": self._crawler.settings["USER_AGENT"], "service_workers": "block"},
        }
        try:
            async with pages:
                browser = await self._started()
                shown: Response = await browser.download_request(
                    request.replace(url=_address(request, page), meta={**request.meta, **ways})
                )
            request.meta[UNFILLED] = errands.lacks and RENDER_PARTIAL
        except Exception as error:  # noqa: BLE001 - whatever the browser fell over, the page is what came
            logger.warning("%s: the browser could not show %s: %s", self._manners.site.id, page.url, str(error).partition("\n")[0])
            shown = page
            request.meta[UNFILLED] = "render-failed"
        for told in ("download_latency", "address"):  # what the site took; the browser's time is ours
            request.meta[told] = page.meta.get(told)
        return shown.replace(request=request)

    async def _run_errand(self, request: Request) -> Response:
        """The answer to what a page's script asks for, which passes through no middleware: what those see to is seen to here."""
        robots = self._crawler.get_downloader_middleware(StatusAwareRobotsMiddleware)
        if robots is not None:
            await robots.permit(request, partial(follow, ask=self._ask))
        response = await self._ask(request)
        fault = classify(response.status, response.body) if response.status >= 400 else None
        if fault in TURNED_AWAY:
            self._manners.pacer.strike(host_of(request.url), fault)
        return response

    async def _ask(self, request: Request) -> Response:
        request.headers.setdefault("User-Agent", self._crawler.settings["USER_AGENT"])
        request.meta["download_timeout"] = self._manners.site.crawl.timeout
        self._manners.check(request)
        await self._manners.addresses(request.url)
        async with self._road:
            self._manners.budget.spend()
            return self._plain(request, await super()._fetch(request))

    def _plain(self, request: Request, response: Response) -> Response:
        """The answer without its compression."""
        unpacking = self._crawler.get_downloader_middleware(HttpCompressionMiddleware)
        if unpacking is None:
            return response
        plain = unpacking.process_response(request, response)
        assert isinstance(plain, Response)
        return plain

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
            browser = vars(self._browser).pop("browser", None)  # the other crawls' as well: not this handler's to close
            if browser is not None:
                browser.remove_listener("disconnected", self._browser._browser_disconnected_callback)
            await self._browser.close()
