"""The lease of a running crawl, renewed by the clock: a crawl that rests, as a site has asked it to, stores nothing for a long while."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Self

from scrapy import signals

from data.store import LEASE, LeaseLostError

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

_EVERY_SECONDS = LEASE.total_seconds() / 5


class LeaseKeeper:
    """Renews the lease while the spider runs, and ends the crawl where another one has taken the site."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._keeping: asyncio.Task[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        keeper = cls(crawler)
        crawler.signals.connect(keeper.begin, signals.spider_opened)
        crawler.signals.connect(keeper.end, signals.spider_closed)
        return keeper

    def begin(self) -> None:
        if getattr(self._crawler.spider, "context", None) is not None:  # a probe holds no lease
            self._keeping = asyncio.get_running_loop().create_task(self._keep())

    def end(self) -> None:
        if self._keeping is not None:
            self._keeping.cancel()

    async def _keep(self) -> None:
        spider: Any = self._crawler.spider
        while not spider.aborted:
            await asyncio.sleep(_EVERY_SECONDS)
            try:
                spider.context.store.renew(spider.context.ticket)
            except LeaseLostError as lost:
                spider.abort(lost)
