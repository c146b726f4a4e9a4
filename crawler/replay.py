"""Replay: the download handler that answers from a WARC instead of the network. Everything else of a crawl is the same code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.http.headers import Headers
from scrapy.responsetypes import responsetypes

from crawler.archive import ArchiveReader

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler


class NotArchivedError(IgnoreRequest):
    """The archive lacks this address: not observed, which says nothing of the site."""

    reason_key = "not-archived"


class ReplayDownloadHandler:
    """Answers every request from the archive that the spider's context holds."""

    lazy = False

    def __init__(self, archive: ArchiveReader) -> None:
        self._archive = archive

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        spider: Any = crawler.spider
        return cls(spider.context.replay)

    async def download_request(self, request: Request) -> Response:
        found = self._archive.find(request.url)
        if found is None:
            raise NotArchivedError(f"not in the archive: {request.url}")
        record, body = found
        request.meta["archived_at"] = self._archive.observed_at(record)
        headers = Headers(
            [(name, value) for name, value in record.headers if name.lower() not in ("content-encoding", "transfer-encoding")]
        )
        cls = responsetypes.from_args(headers=headers, url=request.url, body=body)
        return cls(request.url, status=record.status, headers=headers, body=body)

    async def close(self) -> None:
        return None
