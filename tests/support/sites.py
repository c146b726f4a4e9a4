"""Small sites served on loopback, and one crawl of them: what a test of the spiders needs."""

from __future__ import annotations

import asyncio
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

from crawler.archive import ArchiveReader
from crawler.focus import Focus
from crawler.manners import Traffic
from crawler.pacing import Pacer
from crawler.run import crawl_sites
from data.calendar import WorkCalendar
from data.config import RunConfig
from data.database import Database
from data.reading import last_crawls, site_view
from data.records import SHANGHAI, Column, Crawl, Document
from data.registry import Registry
from data.view import SiteView


@dataclass(frozen=True, slots=True)
class Asked:
    method: str
    target: str  # path and query
    body: str
    headers: Mapping[str, str] = field(default_factory=dict)  # names in lower case


@dataclass(frozen=True, slots=True)
class Answer:
    body: bytes
    status: int = 200
    content_type: str = "text/html; charset=utf-8"
    headers: tuple[tuple[str, str], ...] = ()


Page = str | bytes | Answer | Callable[[Asked], "str | bytes | Answer"]


@dataclass(slots=True)
class Served:
    """A running site: its pages by path with query (a path alone serves every query), and what was asked of it."""

    base: str
    pages: dict[str, Page]
    asked: list[Asked] = field(default_factory=list)

    def answer(self, asked: Asked) -> Answer:
        self.asked.append(asked)
        page = self.pages.get(asked.target, self.pages.get(asked.target.partition("?")[0]))
        if callable(page):
            page = page(asked)
        match page:
            case None:
                return Answer(b"<html><body><h1>404 Not Found</h1></body></html>", 404)
            case Answer():
                return page
            case str():
                return Answer(page.encode())
            case bytes():
                return Answer(page)

    @property
    def targets(self) -> list[str]:
        return [one.target for one in self.asked if one.target != "/robots.txt"]


class _Handler(BaseHTTPRequestHandler):
    site: ClassVar[Served]
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        self._send("")

    def do_HEAD(self) -> None:
        self._send("")

    def do_POST(self) -> None:
        self._send(self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode())

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name that the library gives it
        """Keep quiet; what was asked is recorded instead."""

    def _send(self, body: str) -> None:
        answer = self.site.answer(Asked(self.command, self.path, body, {name.lower(): value for name, value in self.headers.items()}))
        self.send_response(answer.status)
        told = () if answer.status == 304 else (("Content-Type", answer.content_type),)
        for name, value in (*told, ("Content-Length", str(len(answer.body))), *answer.headers):
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body)


@contextmanager
def served(pages: Mapping[str, Page], *, host: str = "127.0.0.1", tls: ssl.SSLContext | None = None) -> Iterator[Served]:
    """Serve pages while the block runs, over TLS where a context is given; `{base}` in text pages becomes the site's own address."""
    site = Served("", {})
    server = ThreadingHTTPServer((host, 0), type("Handler", (_Handler,), {"site": site}))
    server.daemon_threads = True
    if tls is not None:
        # The handshake is the request's thread's to make: a client that gives up must not hold the others.
        server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    site.base = f"{'http' if tls is None else 'https'}://{host}:{server.server_port}"
    site.pages.update({path: page.replace("{base}", site.base) if isinstance(page, str) else page for path, page in pages.items()})
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()


class Waits:
    """A clock that jumps over every wait and remembers it."""

    def __init__(self) -> None:
        self.time = 1000.0
        self.waited: list[float] = []

    def now(self) -> float:
        return self.time

    async def sleep(self, seconds: float) -> None:
        self.waited.append(seconds)
        self.time += seconds
        await asyncio.sleep(0)

    def pacer(self) -> Pacer:
        return Pacer(self.now, self.sleep, lambda: 0.0)

    def traffic(self) -> Traffic:
        return Traffic(self.pacer())

    @property
    def total(self) -> float:
        return sum(self.waited)


def moment(text: str) -> datetime:
    """A moment in Asia/Shanghai: 2026-11-21 is its noon."""
    found = datetime.fromisoformat(text if "T" in text else f"{text}T12:00:00")
    return found.replace(tzinfo=SHANGHAI)


@dataclass(slots=True)
class Crawled:
    """One site under test: its registry, its database, and what a crawl of it left there."""

    config: RunConfig
    registry: Registry
    database: Database
    now: datetime
    errors: dict[str, str]

    @property
    def view(self) -> SiteView:
        return site_view(self.database, self.registry, self.registry.sites[0], self.now, WorkCalendar())

    @property
    def crawl(self) -> Crawl:
        return last_crawls(self.database, [self.registry.sites[0].id])[self.registry.sites[0].id]

    def column(self, name: str) -> Column:
        return next(column for column in self.view.columns if column.name == name)

    def columns(self) -> dict[str, str | None]:
        return {column.name: column.canonical for column in self.view.columns}

    def documents(self) -> dict[str, Document]:
        return {document.reading.title or document.url: document for document in self.view.documents}


class Crawls:
    """Crawls of small sites into one database under a folder of their own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.database = Database.open(f"sqlite:///{folder / 'gongkai.sqlite'}")

    def __call__(
        self,
        home: str,
        day: str = "2026-11-21",
        *,
        others: tuple[dict[str, Any], ...] = (),
        replay: ArchiveReader | None = None,
        traffic: Traffic | None = None,
        spider: str = "disclosure",
        focus: Mapping[str, Focus] | None = None,
        **site: Any,
    ) -> Crawled:
        """Crawl a site whose registry row has these keys; files are tried and not read, unless `crawl` says otherwise.

        No crawl waits in truth: its pauses pass at once, unless `traffic` says otherwise.
        """
        row = {
            "id": "unit", "name": "示例区人民政府", "profile": "district-portal", "home": home,
            "crawl": {"delay": 0, "concurrency": 8, "render": "never", "files_per_crawl": 0}, **site,
        }  # fmt: skip
        registry = Registry.model_validate({"version": 1, "sites": [row, *others]})
        now = moment(day)
        config = RunConfig(self._folder, "", None, None if replay else now)
        traffic = traffic or Waits().traffic()
        errors = crawl_sites(
            config, registry, registry.sites[:1], self.database, replay=replay, spider=spider, traffic=traffic, focus=focus
        )
        return Crawled(config, registry, self.database, now, errors)

    @property
    def archives(self) -> list[Path]:
        return sorted((self._folder / "archive").rglob("*.warc.gz"))

    def close(self) -> None:
        self.database.close()
