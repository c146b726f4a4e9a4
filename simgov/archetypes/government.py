"""The second government: its hosts, its days, and its server."""

from __future__ import annotations

import hashlib
import ssl
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from simgov.archetypes import pieces
from simgov.archetypes.certificates import context
from simgov.archetypes.channel import Channel
from simgov.archetypes.guards import GUARDS
from simgov.archetypes.ministry import Ministry
from simgov.archetypes.old_county import OldCounty
from simgov.archetypes.plan import hosts
from simgov.archetypes.portal_api import PortalApi
from simgov.archetypes.query_tree import QueryTree
from simgov.archetypes.recordset import Recordset
from simgov.archetypes.sitebuilder import Sitebuilder
from simgov.archetypes.static_press import StaticPress
from simgov.archetypes.store import Store, scaled
from simgov.archetypes.tree_api import TreeApi
from simgov.archetypes.truth import Column, Host
from simgov.archetypes.unit_build import DOWNLOAD, UnitBuild
from simgov.archetypes.upper import Files, Upper, Wechat
from simgov.archetypes.view import Template, View
from simgov.families.base import Reply, Request
from simgov.faults import Fault, FaultPlan
from simgov.web import Address, Hit, Tls, bases, bound
from simgov.workdays import at

TEMPLATES: Mapping[str, Template] = {
    "A": StaticPress(), "B": Recordset(), "C": UnitBuild(), "D": TreeApi(), "E": Channel(), "F": Sitebuilder(), "G": QueryTree(),
    "H": PortalApi(), "I": OldCounty(), "J": Ministry(), "parent": Upper(), "wechat": Wechat(), "files": Files(),
}  # fmt: skip
SWITCHES = frozenset({"drift", "ignore_pageNo"})  # the list's class is renamed; an interface answers with page 1 for ever
_ASSETS = (".css", ".js", ".png", ".jpg", ".gif", ".ico")
_ROBOTS = "User-agent: *\nDisallow: /so/\nDisallow: /system/\nDisallow: /module/xxgk/apply.jsp\n"
_MISSING = (
    "<html><head><title>404 Not Found</title></head><body><center><h1>404 Not Found</h1></center><hr><center>nginx</center></body></html>"
)


@dataclass(frozen=True, slots=True)
class Government:
    """Everything that is true of the hosts; `today` is the civil date of the second crawl."""

    today: date
    store: Store

    @classmethod
    def build(cls, today: date, *, seed: int = 2026, per_column: int | None = None, only: Iterable[str] | None = None) -> Government:
        """Build it relative to a day; the same day, seed and size give the same pages.

        `per_column`: documents in each of the five columns that grow; None keeps the small numbers of the plan. `only`: ids of hosts;
        the upper government, the messaging platform and the files are there always.
        """
        wanted = None if only is None else frozenset(only)
        chosen = [one for one in hosts() if wanted is None or one.id in wanted or one.role != "scored" or not one.watched]
        return cls(today, Store((replace(one, columns=_sized(one, per_column)) for one in chosen), today, seed))

    @property
    def first_crawl(self) -> datetime:
        """Noon of the day before today."""
        return at(self.today - timedelta(days=1), "12:00")

    @property
    def second_crawl(self) -> datetime:
        """Noon of today."""
        return at(self.today, "12:00")

    def watched(self) -> tuple[Host, ...]:
        return tuple(host for host in self.store.hosts.values() if host.watched)


def _sized(host: Host, per_column: int | None) -> tuple[Column, ...]:
    return host.columns if host.role != "scored" else scaled(host.columns, per_column)


@dataclass(slots=True)
class Standing:
    """The government being served."""

    government: Government
    port: int
    bases: dict[str, str]
    plans: dict[str, FaultPlan]
    robots: dict[str, Reply]
    moment_: datetime
    conditional: bool = True
    keep_hits: bool = True
    hits: list[Hit] = field(default_factory=list)
    switches: dict[str, frozenset[str]] = field(default_factory=dict)
    _stamps: dict[tuple[str, str], tuple[str, datetime]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def moment(self) -> datetime:
        return self.moment_

    def set_moment(self, moment: datetime) -> None:
        """Let the hosts stand as they did at a moment."""
        self.moment_ = moment

    def view(self, host_id: str, moment: datetime | None = None) -> View:
        store = self.government.store
        return View(
            store, store.hosts[host_id], moment or self.moment_, self.bases, TEMPLATES, self.switches.get(host_id, frozenset())
        )  # fmt: skip

    def home(self, host_id: str) -> str:
        return f"{self.bases[host_id]}/"

    def switch(self, host_id: str, *names: str) -> None:
        """Turn on these of SWITCHES for a host, and all others off."""
        unknown = set(names) - SWITCHES
        if unknown:
            raise ValueError(f"no such switch: {sorted(unknown)}; there are {sorted(SWITCHES)}")
        self.switches[host_id] = frozenset(names)

    def fault(self, host_id: str, fault: Fault) -> None:
        self.plans[host_id].add(fault)

    def outage(self, host_ids: Iterable[str], fault: Fault) -> None:
        """The same fault before several hosts: they share a front-end."""
        for host_id in host_ids:
            self.plans[host_id].add(fault)

    def hits_of(self, host_id: str) -> tuple[Hit, ...]:
        with self._lock:
            return tuple(hit for hit in self.hits if hit.site == host_id)

    # --- what the server asks

    def log(self, hit: Hit) -> None:
        if self.keep_hits:
            with self._lock:
                self.hits.append(hit)

    def answer(self, site_id: str, request: Request) -> Reply:
        if request.path == "/robots.txt":
            return self.robots[site_id]
        view = self.view(site_id)
        reply = view.template.answer(view, request) or pieces.file_reply(request.path)
        if reply is not None:
            return reply
        if request.path.endswith(_ASSETS):
            return Reply(b"", content_type="application/octet-stream")
        return Reply(_MISSING.encode(), 404, "text/html")

    def validators(self, site_id: str, target: str, body: bytes) -> tuple[str, datetime]:
        """ETag, and the moment from which the page has been served with it."""
        tag = f'"{hashlib.sha1(body, usedforsecurity=False).hexdigest()[:20]}"'
        with self._lock:
            known = self._stamps.get((site_id, target))
            if known is None or known[0] != tag:
                known = self._stamps[site_id, target] = (tag, self.moment_)
        return known


@contextmanager
def serve_archetypes(
    government: Government,
    moment: datetime | None = None,
    *,
    port: int = 0,
    conditional: bool = True,
    keep_hits: bool = True,
    hurry: bool = False,
) -> Iterator[Standing]:
    """Serve the hosts while the block runs; `moment` defaults to the first crawl, `port` 0 takes a free one.

    `hurry`: a host that would let its client wait for minutes hangs up at once. Raises OSError where an address is taken.
    """
    chosen = tuple(government.store.hosts.values())
    addresses = tuple(Address(one.id, one.address, one.tls, _context(one)) for one in chosen)
    robots = {one.id: GUARDS[one.guard].robots if one.guard else _robots(one) for one in chosen}
    plans = {one.id: FaultPlan([_hurried(fault) if hurry else fault for fault in _faults(one)]) for one in chosen}
    standing = Standing(government, port, {}, plans, robots, moment or government.first_crawl, conditional, keep_hits)
    with bound(addresses, standing, port) as servers:
        standing.port = servers.port
        standing.bases.update(bases(addresses, servers.port, {one.id: one.scheme for one in chosen}))
        servers.start()
        yield standing


def _context(host: Host) -> ssl.SSLContext | None:
    return context(host.address if host.tls is Tls.OWN else None) if host.tls in (Tls.OWN, Tls.OTHER) else None


def _robots(host: Host) -> Reply:
    if host.id in ("d", "i"):
        return Reply(_MISSING.encode(), 404, "text/html")
    return Reply(_ROBOTS.encode(), content_type="text/plain; charset=utf-8")


def _faults(host: Host) -> tuple[Fault, ...]:
    if host.guard:
        return GUARDS[host.guard].faults
    # Signed addresses of files answer three times a minute.
    return (Fault(f"^{DOWNLOAD}", 403, b"Forbidden", over=(3, 60.0)),) if host.archetype == "C" else ()


def _hurried(fault: Fault) -> Fault:
    if fault.delay_seconds > 1:
        return replace(fault, delay_seconds=0.0, drop=True)
    return replace(fault, drip_seconds=min(fault.drip_seconds, 0.4))
