"""robots.txt by status: no file means free; a file that cannot be had means permission is not established, and we stay away."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest

from crawler.faults import UNREACHABLE, classify_error
from crawler.replay import NotArchivedError

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.http import Response
    from scrapy.robotstxt import RobotParser

logger = logging.getLogger(__name__)


class RobotsDisallowedError(IgnoreRequest):
    reason_key = "robots-disallowed"


class RobotsNotEstablishedError(IgnoreRequest):
    reason_key = "robots-not-established"


class HostUnreachableError(IgnoreRequest):
    """The host did not even answer for its robots.txt."""

    def __init__(self, reason_key: str) -> None:
        super().__init__(reason_key)
        self.reason_key = reason_key


@dataclass(frozen=True, slots=True)
class _NotEstablished:
    """Stands for a robots.txt that could not be had; `unreachable` says why where the host did not answer at all."""

    unreachable: str | None = None

    def allowed(self, url: str | bytes, user_agent: str | bytes) -> bool:
        return False


class StatusAwareRobotsMiddleware(RobotsTxtMiddleware):
    """Scrapy's own fails open: it reads a 403 page as no rules and an error as no restriction. This one tells them apart."""

    def process_request_2(self, rp: RobotParser | _NotEstablished | None, request: Request) -> None:
        if isinstance(rp, _NotEstablished):
            if rp.unreachable is not None:
                raise HostUnreachableError(rp.unreachable)
            raise RobotsNotEstablishedError(f"robots.txt of {request.url} could not be had")
        try:
            super().process_request_2(rp, request)
        except IgnoreRequest as refused:
            raise RobotsDisallowedError(str(refused)) from None

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        if response.status in (404, 410):
            response = response.replace(body=b"")
        elif response.status != 200:
            logger.warning("robots.txt of %s answered %s: permission not established", netloc, response.status)
            self._settle(netloc, _NotEstablished())
            return
        elif response.body.lstrip()[:1] == b"<":
            logger.info("robots.txt of %s is an HTML page: taken as none", netloc)
            response = response.replace(body=b"")
        await super()._parse_robots(response, netloc, request)

    def _robots_error(self, exc: Exception, netloc: str) -> None:
        if isinstance(exc, NotArchivedError):
            super()._robots_error(exc, netloc)
            return
        logger.warning("robots.txt of %s could not be fetched (%s): permission not established", netloc, type(exc).__name__)
        reason = classify_error(exc)
        self._settle(netloc, _NotEstablished(reason if reason in UNREACHABLE else None))

    def _settle(self, netloc: str, parser: _NotEstablished) -> None:
        waiting = self._parsers[netloc]
        self._parsers[netloc] = parser  # type: ignore[assignment]
        waiting.callback(parser)  # type: ignore[union-attr, arg-type]
