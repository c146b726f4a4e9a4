"""Availability probe: one light visit to a home page, timed against the fifteen seconds of the national yardstick."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import TYPE_CHECKING, Any, Self

import scrapy
from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler.clock import clock_of
from crawler.context import RunParts, run_parts, site_settings
from crawler.faults import classify, classify_error
from data.errors import ConfigurationError
from data.records import Probe
from data.registry import Site
from data.store import Store

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

_TIMEOUT_SECONDS = 15.0  # 国办秘函〔2019〕19号: 超过(含)15秒网站仍打不开


class AvailabilitySpider(scrapy.Spider):
    """`scrapy crawl availability -a site=ID`: visit a site's home page once and keep what came of it."""

    name = "availability"

    def __init__(self, parts: RunParts, site: Site, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.site = site
        self._store = Store(parts.database)
        self._clock = clock_of(parts.config.now)
        self.asked = self.answered = self.documents = 0

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        site_id = kwargs.pop("site", None)
        if not site_id:
            raise ConfigurationError("which site? write: scrapy crawl availability -a site=ID")
        parts = run_parts(crawler.settings)
        site = parts.registry.site(site_id)
        settings = {
            **site_settings(site, replay=False, browser=None),
            "DOWNLOAD_TIMEOUT": _TIMEOUT_SECONDS,
            "RETRY_ENABLED": False,
            "ITEM_PIPELINES": {},
        }
        crawler.settings.setdict(settings, priority="spider")
        spider = cls(parts, site, **kwargs)
        spider._set_crawler(crawler)
        return spider

    async def start(self) -> AsyncIterator[Request]:
        self.asked = 1
        yield Request(self.site.home, callback=self.parse, errback=self.missed, dont_filter=True)

    def parse(self, response: Response, **_kwargs: Any) -> Iterator[Request]:
        fault = classify(response.status, response.body, retry_after=b"Retry-After" in response.headers)
        self._keep(fault, float(response.meta.get("download_latency") or 0.0))
        return iter(())

    def missed(self, failure: Failure) -> None:
        assert failure.value is not None
        reason = classify_error(failure.value)
        if not reason.startswith("robots-"):
            self._keep(reason, _TIMEOUT_SECONDS)

    def _keep(self, fault: str | None, elapsed_seconds: float) -> None:
        self.answered = 1
        self._store.save_probe(self.site.id, Probe(self._clock(), fault is None, elapsed_seconds, fault))
