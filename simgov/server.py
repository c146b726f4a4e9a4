"""Serves the district on loopback: one address a site, the same port on all of them."""

from __future__ import annotations

import hashlib
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar
from urllib.parse import parse_qsl, unquote, urlsplit

from simgov.district import District
from simgov.families.base import Family, Reply, Request, Route, World
from simgov.families.gkmlpt import Gkmlpt
from simgov.families.hanweb import Hanweb
from simgov.families.trs import Trs
from simgov.families.vsb import Vsb
from simgov.faults import DOWN, Fault, FaultPlan
from simgov.truth import FamilyName, Seed, Site

FAMILIES: Mapping[FamilyName, Family] = {
    FamilyName.TRS: Trs(),
    FamilyName.HANWEB: Hanweb(),
    FamilyName.GKMLPT: Gkmlpt(),
    FamilyName.VSB: Vsb(),
}
ROBOTS = "User-agent: *\nDisallow: /so/\nDisallow: /module/xxgk/apply.jsp\n"
_ASSET = (".css", ".js", ".png", ".jpg", ".gif", ".ico")
_MISSING = "<html><head><title>404</title></head><body><h1>您访问的页面不存在</h1><p><a href='/'>返回首页</a></p></body></html>"


@dataclass(frozen=True, slots=True)
class Hit:
    """One request as it came in; `started` and `ended` are seconds of the monotonic clock."""

    site: str
    method: str
    path: str  # with query
    status: int
    user_agent: str
    started: float
    ended: float
    conditional: bool


@dataclass(slots=True)
class Running:
    """A district being served."""

    district: District
    port: int
    bases: dict[str, str]  # site id -> http://127.0.0.11:8100, without a slash at the end
    robots: dict[str, Reply]
    plans: dict[str, FaultPlan]
    conditional: bool = True  # ETag and Last-Modified are sent and honoured
    hits: list[Hit] = field(default_factory=list)
    _moment: datetime | None = None
    _world: World | None = None
    _routes: dict[str, dict[str, Route]] = field(default_factory=dict)
    _stamps: dict[tuple[str, str], tuple[str, datetime]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def moment(self) -> datetime:
        return self.world.now.moment

    @property
    def world(self) -> World:
        assert self._world is not None
        return self._world

    def set_moment(self, moment: datetime) -> None:
        """Let the sites stand as they did at a moment."""
        now = self.district.at(moment)
        families = {site.id: FAMILIES[site.family] for site in self.district.sites.values()}
        with self._lock:
            self._world = World(now, self.bases, families)
            self._routes = {}

    def home(self, site_id: str) -> str:
        """A site's home page; for a unit hosted by its parent, its section there."""
        site = self.district.sites[site_id]
        return self.world.column_url(site.hosted_at) if site.hosted_at else f"{self.bases[site_id]}/"

    def column_url(self, column_id: str) -> str:
        return self.world.column_url(column_id)

    def document_url(self, document_id: str) -> str:
        """A document's address; it need not be on line yet."""
        world = World(self.district.at(self.district.second_crawl), self.bases, self.world.families)
        return world.document_url(world.now.documents[document_id])

    def subject_url(self, seed: Seed) -> str | None:
        """The address of a seed's subject; None for a site."""
        if seed.subject is None:
            return None
        later = World(self.district.at(self.district.second_crawl), self.bases, self.world.families)
        return later.column_url(seed.subject) if seed.kind == "column" else later.document_url(later.now.documents[seed.subject])

    def fault(self, site_id: str, fault: Fault) -> None:
        self.plans[site_id].add(fault)

    def set_robots(self, site_id: str, reply: Reply) -> None:
        self.robots[site_id] = reply

    def hits_of(self, site_id: str) -> tuple[Hit, ...]:
        with self._lock:
            return tuple(hit for hit in self.hits if hit.site == site_id)

    def log(self, hit: Hit) -> None:
        with self._lock:
            self.hits.append(hit)

    def answer(self, site: Site, request: Request) -> Reply:
        """The page at an address, as of the moment."""
        if request.path == "/robots.txt":
            return self.robots[site.id]
        with self._lock:
            if site.id not in self._routes:
                self._routes[site.id] = self.world.families[site.id].routes(self.world, site)
            route = self._routes[site.id].get(request.path)
        if route is not None:
            return route(request)
        if request.path.endswith(_ASSET):
            return Reply(b"", content_type="application/octet-stream")
        return Reply(_MISSING.encode(), 404, "text/html; charset=utf-8")

    def validators(self, site: Site, target: str, body: bytes) -> tuple[str, datetime]:
        """ETag, and the moment from which the page has been served with it."""
        tag = f'"{hashlib.sha1(body, usedforsecurity=False).hexdigest()[:20]}"'
        with self._lock:
            known = self._stamps.get((site.id, target))
            if known is None or known[0] != tag:
                known = (tag, self.world.now.moment)
                self._stamps[site.id, target] = known
        return known


class _Handler(BaseHTTPRequestHandler):
    """Answers for one host; `running` and `site` are set on a subclass per server."""

    running: ClassVar[Running]
    site: ClassVar[Site]
    protocol_version = "HTTP/1.1"
    server_version = "simgov"
    sys_version = ""
    wbufsize = 65536
    disable_nagle_algorithm = True
    timeout = 60

    def do_GET(self) -> None:
        self._serve(b"")

    def do_HEAD(self) -> None:
        self._serve(b"")

    def do_POST(self) -> None:
        self._serve(self.rfile.read(int(self.headers.get("Content-Length") or 0)))

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it so
        """Keep quiet; hits are recorded instead."""

    def _serve(self, body: bytes) -> None:
        started = time.monotonic()
        fault = self.running.plans[self.site.id].take(self.path)
        if fault is not None:
            if fault.delay_seconds:
                time.sleep(fault.delay_seconds)
            if fault.drop:
                self._record(0, started)
                self.close_connection = True
                self.connection.shutdown(socket.SHUT_RDWR)
                return
        if fault is not None and fault.status is not None:
            reply = Reply(fault.body, fault.status, fault.content_type, fault.headers)
        else:
            parts = urlsplit(self.path)
            form = dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
            query = dict(parse_qsl(parts.query, keep_blank_values=True))
            reply = self._conditional(self.running.answer(self.site, Request(self.command, unquote(parts.path), query, form)))
        self._record(reply.status, started)
        self._send(reply)

    def _conditional(self, reply: Reply) -> Reply:
        if reply.status != 200 or self.command == "POST" or not self.running.conditional:
            return reply
        tag, since = self.running.validators(self.site, self.path, reply.body)
        headers = (*reply.headers, ("ETag", tag), ("Last-Modified", format_datetime(since.astimezone(UTC), usegmt=True)))
        fresh = self.headers.get("If-None-Match") == tag
        return Reply(b"" if fresh else reply.body, 304 if fresh else 200, reply.content_type, headers)

    def _send(self, reply: Reply) -> None:
        self.send_response(reply.status)
        for name, value in reply.headers:
            self.send_header(name, value)
        if reply.status != 304:
            self.send_header("Content-Type", reply.content_type)
        self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(reply.body)

    def _record(self, status: int, started: float) -> None:
        agent = self.headers.get("User-Agent", "")
        conditional = "If-None-Match" in self.headers or "If-Modified-Since" in self.headers
        self.running.log(Hit(self.site.id, self.command, self.path, status, agent, started, time.monotonic(), conditional))


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 128


def _listen(sites: tuple[Site, ...], running: Running, port: int) -> list[_Server]:
    servers: list[_Server] = []
    try:
        for site in sites:
            handler = type("Handler", (_Handler,), {"running": running, "site": site})
            servers.append(_Server((site.address, port or (servers[0].server_port if servers else 0)), handler))
    except OSError:
        for server in servers:
            server.server_close()
        raise
    return servers


@contextmanager
def serve(district: District, moment: datetime | None = None, *, port: int = 0, conditional: bool = True) -> Iterator[Running]:
    """Serve a district while the block runs; `moment` defaults to the first crawl, `port` 0 takes a free one.

    Raises OSError where an address or the port is taken.
    """
    sites = district.served()
    robots = {site.id: Reply(ROBOTS.encode(), content_type="text/plain; charset=utf-8") for site in sites}
    running = Running(district, port, {}, robots, {site.id: FaultPlan() for site in sites}, conditional)
    servers = _bind(sites, running, port)
    running.port = servers[0].server_port
    running.bases.update({site.id: f"http://{site.address}:{running.port}" for site in sites})
    running.set_moment(moment or district.first_crawl)
    if "archives-bureau" in running.plans:
        running.fault("archives-bureau", DOWN)
    threads = [threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True) for server in servers]
    for thread in threads:
        thread.start()
    try:
        yield running
    finally:
        _stop(servers)


def _stop(servers: list[_Server]) -> None:
    """Stop them side by side: each waits for its own poll to end."""
    stopping = [threading.Thread(target=server.shutdown) for server in servers]
    for thread in stopping:
        thread.start()
    for thread in stopping:
        thread.join()
    for server in servers:
        server.server_close()


def _bind(sites: tuple[Site, ...], running: Running, port: int) -> list[_Server]:
    """Take one port on every address; a free one may be taken on a later address, so try some."""
    for attempt in range(20):
        try:
            return _listen(sites, running, port)
        except OSError:
            if port or attempt == 19:
                raise
    raise AssertionError("unreachable")
