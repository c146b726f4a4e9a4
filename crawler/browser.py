"""One Chromium for all crawls of a process: started for the first page that needs it, closed with the last crawl that used it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from playwright.async_api import async_playwright
from scrapy.exceptions import NotSupported

if TYPE_CHECKING:
    from playwright.async_api import Browser, BrowserContext, Playwright
    from scrapy_playwright.handler import Config

PAGES_AT_ONCE = 3  # in one process, whatever the number of crawls: a page of a modern site takes a hundred megabytes

# A monitor speaks only to the site it watches, and the browser to nobody: what a page asks for we fetch (crawler/errands.py).
FLAGS = (
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--js-flags=--max-old-space-size=256",  # MiB a page's scripts may fill
)


@dataclass(slots=True)
class _Shared:
    """What the crawls of this process share."""

    users: int = 0
    playwright: Playwright | None = None
    browser: Browser | None = None
    starting: asyncio.Lock = field(default_factory=asyncio.Lock)


_shared = _Shared()
pages = asyncio.Semaphore(PAGES_AT_ONCE)


class SharedBrowserProvider:
    """The provider that scrapy-playwright is given: each crawl has contexts of its own in the browser of them all."""

    def __init__(self, config: Config) -> None:
        self._options = config.launch_options

    async def start(self) -> None:
        _shared.users += 1

    async def launch_browser(self) -> Browser:
        """The browser; a new one where there is none yet, or the last one died. Raises Playwright's Error where it does not start."""
        async with _shared.starting:
            if _shared.playwright is None:
                _shared.playwright = await async_playwright().start()
            if _shared.browser is None or not _shared.browser.is_connected():
                _shared.browser = await _shared.playwright.chromium.launch(**self._options, args=list(FLAGS))
            return _shared.browser

    async def launch_persistent_context(self, context_kwargs: dict[str, object]) -> BrowserContext:
        raise NotSupported("a crawl keeps no browser profile")

    async def close(self) -> None:
        async with _shared.starting:
            _shared.users -= 1
            if _shared.users == 0 and _shared.playwright is not None:
                if _shared.browser is not None:
                    await _shared.browser.close()
                await _shared.playwright.stop()
                _shared.playwright = _shared.browser = None
