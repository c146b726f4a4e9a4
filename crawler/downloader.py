"""Scrapy's downloader, with a lane that is given back when the answer has been weighed, not when its last byte has come."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrapy.core.downloader import Downloader

if TYPE_CHECKING:
    from scrapy import Request, Spider
    from scrapy.http import Response
    from twisted.internet.defer import Deferred


class GuestDownloader(Downloader):
    """What waits its turn must not be on its way while the refusal before it is still being read."""

    def fetch(self, request: Request, spider: Spider | None = None) -> Deferred[Response | Request]:
        answered: Deferred[Response | Request] = super().fetch(request)
        answered.addBoth(self._weighed, request)
        return answered

    def _weighed(self, result: Any, request: Request) -> Any:
        ours: Any = self.crawler.spider
        ours.manners.leave(request)
        return result
