"""robots.txt by status: no file means free; a file that cannot be had means permission is not established, and we stay away."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http.request import NO_CALLBACK
from scrapy.utils.defer import maybe_deferred_to_future
from twisted.internet.defer import Deferred

from crawler.addresses import accepts
from crawler.faults import TURNED_AWAY, classify, classify_error, is_dead
from crawler.replay import NotArchivedError
from data.urls import host_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from scrapy.http import Response
    from scrapy.robotstxt import RobotParser

    Ask = Callable[[Request], Awaitable[Response]]

logger = logging.getLogger(__name__)

_MOST_BYTES = 512 * 1024  # RFC 9309: at least 500 KiB have to be read


class RobotsDisallowedError(IgnoreRequest):
    reason_key = "robots-disallowed"


class RobotsNotEstablishedError(IgnoreRequest):
    reason_key = "robots-not-established"


class RobotsWithheldError(IgnoreRequest):
    """robots.txt itself was not given: the host did not answer at all, turned us away, or the request was never made."""

    def __init__(self, reason_key: str) -> None:
        super().__init__(reason_key)
        self.reason_key = reason_key


@dataclass(frozen=True, slots=True)
class _NotEstablished:
    """Stands for a robots.txt that could not be had; `because` is the reason key where more is known than that."""

    because: str | None = None

    def allowed(self, url: str | bytes, user_agent: str | bytes) -> bool:
        return False


class StatusAwareRobotsMiddleware(RobotsTxtMiddleware):
    """Scrapy's own fails open: it reads a 403 page as no rules and an error as no restriction. This one tells them apart.

    A robots.txt speaks for one scheme, host and port (RFC 9309), so each has its own.
    """

    def process_request_2(self, rp: RobotParser | _NotEstablished | None, request: Request) -> None:
        if isinstance(rp, _NotEstablished):
            if rp.because is not None:
                raise RobotsWithheldError(rp.because)
            raise RobotsNotEstablishedError(f"robots.txt of {request.url} could not be had")
        try:
            super().process_request_2(rp, request)
        except IgnoreRequest as refused:
            raise RobotsDisallowedError(str(refused)) from None

    async def permit(self, request: Request, ask: Ask) -> None:
        """Raise what keeps a request back that does not come this way; robots.txt is had by `ask` where it was not asked for yet."""
        if self.crawler.settings.getbool("ROBOTSTXT_OBEY"):
            self.process_request_2(await self.robot_parser(request, ask), request)

    async def robot_parser(self, request: Request, ask: Ask | None = None) -> RobotParser | None:
        parts = urlsplit(request.url)
        origin = f"{parts.scheme}://{parts.netloc}"
        if origin not in self._parsers:
            self._parsers[origin] = Deferred()
            asking = Request(
                f"{origin}/robots.txt", priority=self.DOWNLOAD_PRIORITY, meta={"dont_obey_robotstxt": True}, callback=NO_CALLBACK
            )
            try:
                assert self.crawler.engine is not None
                await self._parse_robots(await (ask or self.crawler.engine.download_async)(asking), origin, request)
            except Exception as error:  # noqa: BLE001 - whatever went wrong, permission was not established
                await self._withheld(error, origin)
        parser = self._parsers[origin]
        return await maybe_deferred_to_future(parser) if isinstance(parser, Deferred) else parser

    async def _parse_robots(self, response: Response, origin: str, request: Request) -> None:
        because = classify(response.status, response.body, retry_after=b"Retry-After" in response.headers)
        if response.status in (404, 410):
            response = response.replace(body=b"")
        elif response.status != 200:
            logger.warning("robots.txt of %s answered %s: permission not established", origin, response.status)
            self._settle(origin, _NotEstablished(because if because in ("blocked-challenge", "throttled") else None))
            return
        elif because in TURNED_AWAY or because == "maintenance":
            logger.warning("robots.txt of %s is a page that says something else (%s): permission not established", origin, because)
            self._settle(origin, _NotEstablished(because))
            return
        elif response.body.lstrip()[:1] == b"<":
            logger.info("robots.txt of %s is an HTML page: taken as none", origin)
            response = response.replace(body=b"")
        elif b"\x00" in response.body:
            logger.warning("robots.txt of %s is no text: permission not established", origin)
            self._settle(origin, _NotEstablished())
            return
        await super()._parse_robots(response.replace(body=response.body[:_MOST_BYTES]), origin, request)
        self._heed_delay(request, origin)

    def _heed_delay(self, request: Request, origin: str) -> None:
        parser: Any = self._parsers[origin]
        asked = parser.crawl_delay(self._robotstxt_useragent)
        spider: Any = self.crawler.spider
        if asked:
            logger.info("robots.txt of %s asks for %s s between two requests", origin, asked)
            spider.manners.go_slower(host_of(request.url), float(asked))

    async def _withheld(self, error: Exception, origin: str) -> None:
        """No answer to the question for robots.txt; what is known of why stands in for one."""
        if isinstance(error, NotArchivedError):
            self._robots_error(error, origin)
            return
        logger.warning("robots.txt of %s could not be fetched (%s): permission not established", origin, type(error).__name__)
        reason = classify_error(error)
        known = is_dead(reason) or hasattr(error, "reason_key")
        if reason == "timeout" and await self._takes_connections(origin):
            known = False  # only this file hangs, for all we know; that says nothing of whether the site opens
        self._settle(origin, _NotEstablished(reason if known else None))

    async def _takes_connections(self, origin: str) -> bool:
        parts = urlsplit(origin)
        spider: Any = self.crawler.spider
        address = (await spider.manners.addresses(origin))[0]
        return await accepts(address, parts.port or (443 if parts.scheme == "https" else 80))

    def _settle(self, origin: str, parser: _NotEstablished) -> None:
        waiting = self._parsers[origin]
        self._parsers[origin] = parser  # type: ignore[assignment]
        waiting.callback(parser)  # type: ignore[union-attr, arg-type]
