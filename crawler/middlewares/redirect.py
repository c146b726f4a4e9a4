"""Redirects are followed within the site; one that leads to another's host is an answer to record, not a page to fetch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from scrapy.downloadermiddlewares.redirect import RedirectMiddleware
from w3lib.url import safe_url_string

from crawler.retry_after import retry_after
from data.urls import netloc

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.http import Response

    from crawler.context import CrawlContext


class SiteRedirectMiddleware(RedirectMiddleware):
    """Scrapy's own follows a redirect to any host."""

    def process_response(self, request: Request, response: Response, spider: Any = None) -> Request | Response:
        location = response.headers.get("Location")
        wait = retry_after(response.headers.get("Retry-After"), response.headers.get("Date")) if 300 <= response.status < 400 else None
        if wait is not None and request.meta.get("address"):
            ours: Any = self.crawler.spider
            ours.manners.rest(request.meta["address"], wait)
        off_site = "link_out" in request.meta  # it leads off the site to begin with; nothing there is read
        if (
            location is not None
            and not off_site
            and 300 <= response.status < 400
            and not self._stays(response.urljoin(safe_url_string(location)))
        ):
            return response
        followed: Request | Response = super().process_response(request, response)
        return followed

    def _stays(self, target: str) -> bool:
        context: CrawlContext | None = getattr(self.crawler.spider, "context", None)
        if context is None or urlsplit(target).path == "/robots.txt":  # RFC 9309 follows its redirects to any host
            return True
        return netloc(target) in context.scope.hosts or context.scope.may_adopt(target)
