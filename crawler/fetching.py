"""The download handler of a polite guest: Scrapy's own, in its turn, and never to an address that is none of a public site's."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING, Any

from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler, _LenientHTTP11ClientFactory
from scrapy.utils.defer import deferred_to_future

from crawler.addresses import PrivateAddressError
from crawler.tls import TlsByHost

if TYPE_CHECKING:
    from collections.abc import Callable

    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from twisted.internet.interfaces import IAddress
    from twisted.web._newclient import HTTP11ClientProtocol

    from crawler.manners import Manners

TO_SHOW = "to_show"  # request meta: a page that has come, to be shown by the browser (crawler/render.py)
_CLOSE_SECONDS = 1.0  # a server that does not let go of a connection holds no crawl at its end


class GuestDownloadHandler(HTTP11DownloadHandler):
    """Waits for the request's turn at the address its host resolves to, and checks the address before and at the connection."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        spider: Any = crawler.spider
        self._manners: Manners = spider.manners
        self._contextFactory = TlsByHost(self._manners.speaks_old_tls, self._manners.note_tls)  # type: ignore[assignment]
        self._pool._factory = partial(_CheckedFactory, connects=self._manners.connects)  # type: ignore[assignment]

    async def download_request(self, request: Request) -> Response:
        request.meta["address"] = await self._manners.enter(request, self._leaving)
        return await self._fetch(request)  # its lane is given back when the answer is weighed (crawler/downloader.py)

    async def _fetch(self, request: Request) -> Response:
        return await super().download_request(request)

    def _leaving(self) -> bool:
        slot = getattr(self._crawler.engine, "_slot", None)
        return slot is not None and slot.closing is not None

    async def close(self) -> None:
        """Give the connections back.

        Scrapy's own waits for them with a timer that calls the pool's Deferred itself. Where another crawl keeps the loop busy until
        both are due in one turn, that Deferred is called twice: a traceback in the log, about nothing.
        """
        self._manners.depart()
        closed = deferred_to_future(self._pool.closeCachedConnections())  # type: ignore[no-untyped-call]
        await asyncio.wait({closed}, timeout=_CLOSE_SECONDS)


class _CheckedFactory(_LenientHTTP11ClientFactory):
    """Refuses a connection that was made to an address which the look-up before it did not show."""

    def __init__(self, quiescent: Callable[..., None], metadata: str, connects: Callable[[str], bool]) -> None:
        super().__init__(quiescent, metadata)  # type: ignore[no-untyped-call]
        self._connects = connects

    def buildProtocol(self, addr: IAddress | None) -> HTTP11ClientProtocol:  # noqa: N802 - the name that Twisted gives it
        host = getattr(addr, "host", None)
        if host is not None and not self._connects(host):
            raise PrivateAddressError(f"the connection was made to {host}")
        return super().buildProtocol(addr)
