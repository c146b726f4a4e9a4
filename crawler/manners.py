"""What one crawl owes its host: whose turn it is, how many requests a day, which addresses are none of a public site's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.exceptions import IgnoreRequest

from crawler.addresses import AddressBook, PrivateAddressError, is_public
from crawler.budget import DayBudget
from crawler.pacing import Lane, Pacer
from data.registry import Registry, Site
from data.urls import host_of, netloc, registrable


class HostStoppedError(IgnoreRequest):
    """The host has turned us away too often; it is asked nothing more in this run."""

    def __init__(self, reason_key: str) -> None:
        super().__init__(reason_key)
        self.reason_key = reason_key


@dataclass(frozen=True, slots=True)
class Traffic:
    """What every crawl of a run shares on the road."""

    pacer: Pacer = field(default_factory=Pacer)
    book: AddressBook = field(default_factory=AddressBook)


class Manners:
    """One crawl of one site, as a guest."""

    def __init__(self, site: Site, registry: Registry, traffic: Traffic, budget: DayBudget) -> None:
        self.site = site
        self.pacer = traffic.pacer
        self._book = traffic.book
        self.budget = budget
        self._named = named_hosts(registry)
        self._granted: set[str] = set()  # private addresses of hosts that the registry itself names
        self._slower: dict[str, float] = {}
        self._old_tls: dict[tuple[str, int], str] = {}  # host and port that speak old TLS alone -> what they spoke
        self._lanes: dict[Request, Lane] = {}  # of requests that are on their way
        self._inside = False  # the site's own home lies on a private address: split name service inside an office's network

    def check(self, request: Request) -> None:
        """Raises HostStoppedError where the host is left alone, BudgetSpentError where the day's requests are used up."""
        reason = self.pacer.stopped(host_of(request.url)) or self.pacer.stopped(strikes_at(request))
        if reason is not None:
            raise HostStoppedError(reason)
        self.budget.check()

    async def addresses(self, url: str) -> tuple[str, ...]:
        """Where an address leads. Raises CannotResolveHostError, and PrivateAddressError for what a public site must not lead us to."""
        host = host_of(url)
        found = self._book.held(host) or await self._book.of(host)
        private = [address for address in found if not is_public(address)]
        if private:
            if not self._may_be_private(url, host, found):
                raise PrivateAddressError(f"{host} lies on {private[0]}")
            self._granted.update(private)
        return found

    def _may_be_private(self, url: str, host: str, found: tuple[str, ...]) -> bool:
        if netloc(url) in self._named:
            self._inside = self._inside or netloc(url) == netloc(self.site.home)
            return True
        # Within an office's own network every name of the site's may resolve inside; an address written out is never one of them.
        return self._inside and host not in found and registrable(host) == registrable(host_of(self.site.home))

    async def has_ipv6(self, url: str) -> bool | None:
        """Whether the host of an address can be reached by IPv6 by its name; None where that cannot be told."""
        return await self._book.has_ipv6(host_of(url))

    def connects(self, address: str) -> bool:
        """Whether a connection that was made to an address may be used: a name can have moved since it was looked up."""
        return address in self._granted or is_public(address)

    async def enter(self, request: Request, leaving: Callable[[], bool]) -> str:
        """Wait for the turn of a request; gives the address that it goes to. The turn lasts until `leave`."""
        url = request.url
        address = (await self.addresses(url))[0]
        host = host_of(url)
        pause = max(self.site.crawl.delay, self._slower.get(host, 0.0))
        lane = await self.pacer.enter(address, f"{self.site.id} {host}", pause, self.site.crawl.concurrency, leaving)
        try:
            self.check(request)  # what was learnt while this one waited
            self.budget.spend()
        except IgnoreRequest:
            self.pacer.leave(lane)
            raise
        self._lanes[request] = lane
        return address

    def leave(self, request: Request) -> None:
        """A request was answered, and its answer weighed, or it was never let through."""
        lane = self._lanes.pop(request, None)
        if lane is not None:
            self.pacer.leave(lane)

    def rest(self, address: str, seconds: float) -> None:
        """Ask nothing of an address for as long as it wishes, up to the registry's bound."""
        self.pacer.rest(address, min(seconds, self.site.crawl.max_wait))

    def depart(self) -> None:
        """The crawl has ended."""
        self.budget.close()
        self.pacer.depart(f"{self.site.id} ")

    def lower_tls(self, url: str) -> bool:
        """Speak old TLS to the host of an https address from now on; False where that is done already, or there is no TLS to lower."""
        parts = urlsplit(url)
        key = (host_of(url), parts.port or 443)
        if parts.scheme != "https" or key in self._old_tls:
            return False
        self._old_tls[key] = ""
        return True

    def speaks_old_tls(self, host: str, port: int) -> bool:
        return (_plain(host), port) in self._old_tls

    def note_tls(self, host: str, port: int, version: str) -> None:
        self._old_tls[_plain(host), port] = version

    def old_tls(self, url: str) -> str | None:
        """What the host of an address speaks, where TLS had to be lowered for it: `TLSv1`."""
        parts = urlsplit(url)
        return self._old_tls.get((host_of(url), parts.port or 443)) if parts.scheme == "https" else None

    def go_slower(self, host: str, seconds: float) -> None:
        """robots.txt asks for a pause of its own; ours holds where it is longer, the registry's bound where theirs is."""
        self._slower[host] = min(seconds, self.site.crawl.max_crawl_delay)


def strikes_at(request: Request) -> str:
    """Where the refusals of a request count: at its host, or at that host's links that are only tried.

    Files behind signatures that ran out answer 403 one after another; that is no reason to leave the pages of the host, or of the units on it.
    """
    host = host_of(request.url)
    return f"{host} (tried)" if "link_out" in request.meta or "offered" in request.meta else host


def _plain(host: str) -> str:
    return host.rstrip(".").lower()


def named_hosts(registry: Registry) -> frozenset[str]:
    """Host and port of everything that the registry names: the operator vouches for these wherever they lie."""
    urls = [
        url
        for site in registry.sites
        for url in (site.home, *site.columns.values(), *(site.must_repost.columns if site.must_repost else ()))
    ]
    return frozenset(netloc(url) for url in urls)


def other_scheme(url: str) -> str:
    """The same address by the other of http and https; a port that is written out stays."""
    parts = urlsplit(url)
    other = "http" if parts.scheme == "https" else "https"
    host = parts.netloc.removesuffix(":443" if parts.scheme == "https" else ":80")
    return parts._replace(scheme=other, netloc=host).geturl()
