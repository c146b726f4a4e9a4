"""Serves the district on loopback: one address a site, the same port on all of them."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from simgov.district import District
from simgov.families.base import Family, Reply, Request, Route, World
from simgov.families.gkmlpt import Gkmlpt
from simgov.families.hanweb import Hanweb
from simgov.families.trs import Trs
from simgov.families.vsb import Vsb
from simgov.faults import DOWN, Fault, FaultPlan
from simgov.truth import FamilyName, Seed
from simgov.web import Address, Hit, bases, bound

FAMILIES: Mapping[FamilyName, Family] = {
    FamilyName.TRS: Trs(),
    FamilyName.HANWEB: Hanweb(),
    FamilyName.GKMLPT: Gkmlpt(),
    FamilyName.VSB: Vsb(),
}
ROBOTS = "User-agent: *\nDisallow: /so/\nDisallow: /module/xxgk/apply.jsp\n"
_ASSET = (".css", ".js", ".png", ".jpg", ".gif", ".ico")
_MISSING = "<html><head><title>404</title></head><body><h1>您访问的页面不存在</h1><p><a href='/'>返回首页</a></p></body></html>"


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

    def answer(self, site_id: str, request: Request) -> Reply:
        """The page at an address, as of the moment."""
        site = self.district.sites[site_id]
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

    def validators(self, site_id: str, target: str, body: bytes) -> tuple[str, datetime]:
        """ETag, and the moment from which the page has been served with it."""
        tag = f'"{hashlib.sha1(body, usedforsecurity=False).hexdigest()[:20]}"'
        with self._lock:
            known = self._stamps.get((site_id, target))
            if known is None or known[0] != tag:
                known = (tag, self.world.now.moment)
                self._stamps[site_id, target] = known
        return known


@contextmanager
def serve(district: District, moment: datetime | None = None, *, port: int = 0, conditional: bool = True) -> Iterator[Running]:
    """Serve a district while the block runs; `moment` defaults to the first crawl, `port` 0 takes a free one.

    Raises OSError where an address or the port is taken.
    """
    sites = district.served()
    robots = {site.id: Reply(ROBOTS.encode(), content_type="text/plain; charset=utf-8") for site in sites}
    running = Running(district, port, {}, robots, {site.id: FaultPlan() for site in sites}, conditional)
    addresses = tuple(Address(site.id, site.address) for site in sites)
    with bound(addresses, running, port) as servers:
        running.port = servers.port
        running.bases.update(bases(addresses, servers.port, {}))
        running.set_moment(moment or district.first_crawl)
        if "archives-bureau" in running.plans:
            running.fault("archives-bureau", DOWN)
        servers.start()
        yield running
