"""One outage behind many sites: when a shared front-end or firewall turns a whole platform away, that is one incident, not one a site.

Pure: crawls and sites in, incidents out. Reference F25.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from data.records import SHANGHAI, Crawl, CrawlState, Home
from data.registry import Site
from data.urls import host_of, registrable

# Heads of the reason keys by which a host, a network or a platform keeps a crawl out. What one site does by itself
# (another site's code on its page, rules in its own robots.txt) makes no incident.
_OUTAGES = (
    "blocked-",
    "throttled",
    "maintenance",
    "timeout",
    "dns",
    "refused",
    "connection-lost",
    "tls",
    "http-5",
    "robots-not-established",
)


@dataclass(frozen=True, slots=True)
class Incident:
    """Sites that could not be observed on one day for one reason and stand behind one thing."""

    reason: str  # reason key
    on: date  # civil date in Asia/Shanghai
    shared: tuple[str, ...]  # what they have in common: "address:1.2.3.4", "domain:example.gov.cn", "portal:site-id"
    sites: tuple[str, ...]  # ids, two or more, in the order of the registry
    crawls: tuple[int, ...]  # crawl ids, in the same order
    began_at: datetime
    ended_at: datetime


def incidents(crawls: Iterable[Crawl], sites: Iterable[Site], homes: Mapping[str, Home] | None = None) -> tuple[Incident, ...]:
    """The incidents of one round, the one with the most sites first.

    `homes` (site id -> the home page as this round saw it) tells which address a host resolved to; without it sites are
    held together by their domain and by the portal that hosts them. A site alone is never an incident.
    """
    known = {site.id: site for site in sites}
    order = {site_id: number for number, site_id in enumerate(known)}
    alike: defaultdict[tuple[str, date], list[Crawl]] = defaultdict(list)
    for crawl in crawls:
        if crawl.site in known and crawl.reason is not None and _kept_out(crawl):
            alike[crawl.reason, crawl.started_at.astimezone(SHANGHAI).date()].append(crawl)
    found = [
        _incident(reason, on, group, shared)
        for (reason, on), group in alike.items()
        for group, shared in _together(sorted(group, key=lambda crawl: (order[crawl.site], crawl.id)), known, homes or {})
    ]
    return tuple(sorted(found, key=lambda incident: (-len(incident.sites), incident.on, incident.reason, incident.sites)))


def _kept_out(crawl: Crawl) -> bool:
    assert crawl.reason is not None
    ended_by_it = crawl.state is CrawlState.BLOCKED or (
        crawl.state is CrawlState.INCOMPLETE and crawl.reason.startswith(("blocked-", "throttled"))
    )
    return ended_by_it and crawl.reason.startswith(_OUTAGES)


def _together(crawls: list[Crawl], sites: Mapping[str, Site], homes: Mapping[str, Home]) -> Iterator[tuple[list[Crawl], tuple[str, ...]]]:
    """Groups of crawls of two sites or more that are joined by what they share, directly or through others."""
    groups: list[tuple[list[Crawl], set[str], set[str]]] = []  # crawls, all their keys, the keys that joined them
    for crawl in crawls:
        keys = set(_keys(sites[crawl.site], homes.get(crawl.site)))
        joined = [group for group in groups if group[1] & keys]
        groups = [group for group in groups if not group[1] & keys]
        members = [member for group in joined for member in group[0]] + [crawl]
        shared = {key for group in joined for key in group[2] | (group[1] & keys)}
        groups.append((members, keys.union(*(group[1] for group in joined)), shared))
    for members, _, shared in groups:
        if len({crawl.site for crawl in members}) > 1:
            yield members, tuple(sorted(shared))


def _keys(site: Site, home: Home | None) -> Iterator[str]:
    yield f"domain:{registrable(host_of(site.home))}"
    yield f"portal:{site.parent or site.id}"
    for mark in home.marks if home is not None else ():
        if mark.startswith("address:"):
            yield mark


def _incident(reason: str, on: date, crawls: list[Crawl], shared: tuple[str, ...]) -> Incident:
    newest = {crawl.site: crawl for crawl in crawls}  # of a site that was tried twice the later crawl stands for it
    ends = [crawl.finished_at or crawl.started_at for crawl in crawls]
    return Incident(
        reason,
        on,
        shared,
        tuple(newest),
        tuple(crawl.id for crawl in newest.values()),
        min(crawl.started_at for crawl in crawls),
        max(ends),
    )
