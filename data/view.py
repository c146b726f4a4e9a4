"""SiteView: everything known of one site as of a moment. Checks read this and nothing else."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from data.calendar import WorkCalendar
from data.records import Column, Crawl, Document, Home, LinkTarget, Listing, Probe, Upstream
from data.registry import Site


@dataclass(frozen=True, slots=True)
class SiteView:
    """Everything known of one site by `as_of`; tuples are oldest first unless said otherwise."""

    site: Site
    as_of: datetime
    calendar: WorkCalendar
    homes: tuple[Home, ...] = ()
    columns: tuple[Column, ...] = ()
    documents: tuple[Document, ...] = ()
    listings: tuple[Listing, ...] = ()
    crawls: tuple[Crawl, ...] = ()  # finished ones
    probes: tuple[Probe, ...] = ()
    upstreams: tuple[Upstream, ...] = ()
    links: tuple[LinkTarget, ...] = ()  # what was tried, in order of address
    roster: tuple[Site, ...] = ()  # the scored units whose parent portal this site is, in the registry's order
    parent: SiteView | None = field(default=None, repr=False)  # the portal that may host this unit's columns
    memo: dict[object, object] = field(default_factory=dict, compare=False, repr=False)  # what several rules work out of it, once
