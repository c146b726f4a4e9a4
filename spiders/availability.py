"""Availability probe: one light visit to a home page, timed against the fifteen seconds of the national yardstick."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Self

import scrapy
from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler.clock import clock_of
from crawler.context import RunParts, run_parts, site_settings
from crawler.faults import classify_error, is_dead
from crawler.manners import other_scheme
from crawler.middlewares.faults import fault_of
from data.catalogue import load_rules
from data.errors import ConfigurationError
from data.reading import last_probes
from data.records import Probe
from data.registry import Site
from data.store import Store

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

# What keeps us from asking, or from having asked, says nothing of whether the site opens.
_NOT_ASKED = frozenset({"robots-disallowed", "robots-not-established", "daily-budget", "not-finished", "private-address"})


class AvailabilitySpider(scrapy.Spider):
    """`scrapy crawl availability -a site=ID`: visit a site's home page once and keep what came of it.

    Timeout and spacing are those of the rule `site-reachable`: a second visit too soon after the last one is not made, because visits
    that are not spaced would count one bad minute many times.
    """

    name = "availability"

    def __init__(self, parts: RunParts, site: Site, *, timeout: float, spacing: timedelta, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.site = site
        self._store = Store(parts.database)
        self._clock = clock_of(parts.config.now)
        self.manners = parts.manners(site, self._clock)
        self._timeout = timeout
        self._spacing = spacing
        self._ipv6: bool | None = None
        self.asked = self.answered = self.documents = 0

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        site_id = kwargs.pop("site", None)
        if not site_id:
            raise ConfigurationError("which site? write: scrapy crawl availability -a site=ID")
        parts = run_parts(crawler.settings)
        site = parts.registry.site(site_id)
        params = load_rules()["site-reachable"].params
        timeout = float(params["timeout_seconds"])  # 国办秘函〔2019〕19号: 超过(含)15秒网站仍打不开
        settings = {
            **site_settings(site, replay=False, browser=None, contact=parts.contact),
            "DOWNLOAD_TIMEOUT": timeout,
            "RETRY_ENABLED": False,
            "ITEM_PIPELINES": {},
        }
        crawler.settings.setdict(settings, priority="spider")
        spider = cls(parts, site, timeout=timeout, spacing=timedelta(minutes=params["spacing_minutes"]), **kwargs)
        spider._set_crawler(crawler)
        return spider

    async def start(self) -> AsyncIterator[Request]:
        last = last_probes(self._store.database, [self.site.id]).get(self.site.id)
        if last is not None and abs(self._clock() - last.at) < self._spacing:
            self.logger.info("%s was visited at %s: not again within %s", self.site.id, last.at, self._spacing)
            return
        self.asked = 1
        self._ipv6 = await self.manners.has_ipv6(self.site.home)
        yield self._visit(self.site.home)

    def _visit(self, url: str) -> Request:
        return Request(url, callback=self.parse, errback=self.missed, dont_filter=True)

    def parse(self, response: Response, **_kwargs: Any) -> Iterator[Request]:
        self._keep(fault_of(response), float(response.meta.get("download_latency") or 0.0))
        return iter(())

    def missed(self, failure: Failure) -> Iterator[Request]:
        request: Request = failure.request  # type: ignore[attr-defined]
        assert failure.value is not None
        reason = classify_error(failure.value)
        if is_dead(reason) and request.url == self.site.home and reason != "timeout":
            # Readers who type the name come in by either scheme. A timeout is what the yardstick measures: no second chance there.
            yield self._visit(other_scheme(self.site.home))
            return
        if reason not in _NOT_ASKED:
            self._keep(reason, self._timeout)

    def _keep(self, fault: str | None, elapsed_seconds: float) -> None:
        self.answered = 1
        self._store.save_probe(self.site.id, Probe(self._clock(), fault is None, elapsed_seconds, fault, self._ipv6))
