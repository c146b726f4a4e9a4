"""The download handler of a replay."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from scrapy import Request
from scrapy.http import HtmlResponse, Response

from crawler.archive import ArchiveReader, ArchiveWriter
from crawler.faults import classify_error
from crawler.replay import NotArchivedError, ReplayDownloadHandler
from tests.support.sites import moment

HOME = "http://www.example.gov.cn/"


@pytest.fixture
def handler(tmp_path: Path) -> ReplayDownloadHandler:
    writer = ArchiveWriter(tmp_path / "a.warc.gz")
    at = moment("2026-11-21")
    writer.write(HOME, at, 200, [("Content-Type", "text/html; charset=gbk"), ("Content-Encoding", "gzip")], "示例".encode("gbk"))
    writer.write(f"{HOME}a.pdf", at, 200, [("Content-Type", "application/pdf")], b"%PDF-1.4 \x00\x01")
    writer.write(f"{HOME}gone.html", at, 404, [], b"")
    writer.close()
    return ReplayDownloadHandler(ArchiveReader(tmp_path / "a.warc.gz"))


def ask(handler: ReplayDownloadHandler, request: Request) -> Response:
    return asyncio.run(handler.download_request(request))


@pytest.mark.parametrize(
    ("url", "status", "kind", "body"),
    [
        (HOME, 200, HtmlResponse, "示例".encode("gbk")),
        (f"{HOME}index.html", 200, HtmlResponse, "示例".encode("gbk")),
        ("https://www.example.gov.cn/", 200, HtmlResponse, "示例".encode("gbk")),
        (f"{HOME}a.pdf", 200, Response, b"%PDF-1.4 \x00\x01"),
        (f"{HOME}gone.html", 404, Response, b""),
    ],
)
def test_what_is_archived(handler: ReplayDownloadHandler, url: str, status: int, kind: type[Response], body: bytes) -> None:
    response = ask(handler, Request(url))
    assert (response.status, response.url, response.body) == (status, url, body)
    assert isinstance(response, kind)
    assert b"Content-Encoding" not in response.headers


@pytest.mark.parametrize(
    "request_",
    [
        Request(f"{HOME}nowhere.html"),
        Request(f"{HOME}dataproxy.jsp?startrecord=1", method="POST", body="x"),
        Request("http://127.0.0.1/robots.txt"),
    ],
)
def test_what_is_not(handler: ReplayDownloadHandler, request_: Request) -> None:
    with pytest.raises(NotArchivedError) as caught:
        ask(handler, request_)
    assert classify_error(caught.value) == "not-archived"
