"""What leads off the site, asked about once a crawl and never read: columns elsewhere, a plan's column upwards, the units' guides that a portal lists."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from crawler.faults import MISSING
from data.link_store import Trial
from data.records import ColumnKind, Link, LinkKind
from data.urls import host_of, netloc, registrable, url_hash, url_key
from spiders.trying import Answered, Asker, Asking

if TYPE_CHECKING:
    from scrapy import Request

    from crawler.columns import ColumnTree

_MOST = 60  # of one site; a portal's navigation has fewer, a link farm has more
_MOST_OF_UNITS = 200  # guides and catalogues that a portal lists of its units
_OF_UNITS = re.compile(r"(指南|指引|目录|清单)$")
_PLAN = re.compile(r"规划|计划|十[一二三四五六七八九]五|五年")
_LEADING_UP = "ghjh"  # the column that has to lead to those of the upper governments


class LinkOuts:
    """What leads off the site and has to lead somewhere."""

    def __init__(self, tree: ColumnTree, asking: Asking) -> None:
        self._tree = tree
        self._asking, self._context, self._known = asking, asking.context, asking.known
        self._asker = Asker(asking, self._told)
        self._asked: set[str] = set()
        self._found: dict[str, list[tuple[str, str]]] = {}  # page -> address and label of what it leads up to
        self._of_units: dict[str, tuple[str, str]] = {}  # address -> label, page
        above = {*asking.context.site.upper, asking.context.site.parent}
        self._above = {netloc(site.home) for site in asking.context.registry.sites if site.id in above}

    def note(self, links: Iterable[Link], on: str) -> None:
        """Remember the links by which a page leads to guides and catalogues in its units' folders, and to upper governments.

        The latter count if the page turns out to be that of the column of plans.
        """
        links = tuple(links)
        for link in links:
            listed = link.url is not None and link.region in ("body", "list") and _OF_UNITS.search(link.text)
            if listed and link.url is not None and len(self._of_units) < _MOST_OF_UNITS and self._context.scope.is_a_units(link.url):
                self._of_units.setdefault(link.url, (link.text, on))
        found = [
            (link.url, link.text) for link in links if link.url is not None and link.region != "nav" and self._leads_up(link.url, link.text)
        ]
        if found:
            self._found[on] = found

    def _upwards(self) -> dict[str, tuple[str, str]]:
        """Address -> label and page, of what the column of plans leads to."""
        upwards: dict[str, tuple[str, str]] = {}
        for on, found in sorted(self._found.items()):
            column = self._tree.get(on)
            if column is not None and column.match is not None and column.match.canonical == _LEADING_UP:
                for url, label in found:
                    upwards.setdefault(url, (label, column.url))
        return upwards

    def _leads_up(self, url: str, label: str) -> bool:
        """Whether a link is to a site that the registry names above this one, or called a plan and to another domain under gov.cn."""
        if netloc(url) in self._context.scope.hosts:
            return False
        host, own = host_of(url), host_of(self._context.site.home)
        plan = bool(_PLAN.search(label)) and host.endswith(".gov.cn") and registrable(host) != registrable(own)
        return plan or netloc(url) in self._above

    def due(self) -> list[Request]:
        """Requests for what was not asked about yet. Columns of a registered site are read by its own crawl."""
        if self._context.replay is not None:
            return []
        columns = [
            state.url for _, state in sorted(self._tree.states.items())
            if state.kind is ColumnKind.LINK_OUT and state.reachable is None and state.hosted_by is None
        ]  # fmt: skip
        urls = [url for url in dict.fromkeys((*columns, *self._upwards())) if url_key(url) not in self._asked]
        room = max(0, _MOST + len(self._of_units) - len(self._asked))
        theirs = [url for url in sorted(self._of_units) if url_key(url) not in self._asked]
        self._asked |= {url_key(url) for url in (*urls, *theirs)}
        return [self._asker.ask(url) for url in (*urls[:room], *theirs) if not self._told_before(url)]

    def _told_before(self, url: str) -> bool:
        """Whether this crawl asked before it was cut off, and what came of it."""
        known = self._known.get(url_hash(url))
        if known is None or known.kind is not LinkKind.EXTERNAL or not self._asking.tried(known):
            return False
        self._settle(url, None if known.ok else known.reason)
        return True

    def _told(self, url: str, answered: Answered) -> Trial | None:
        state = self._tree.get(url)
        known = self._upwards().get(url) or self._of_units.get(url)
        label, on = known or ((state.name, state.parent_url or "") if state is not None else ("", ""))
        visit = answered.visit(self._context.clock())
        kept = self._settle(url, answered.fault)
        return Trial(url, LinkKind.EXTERNAL, label, on or self._context.site.home, visit) if kept else None

    def _settle(self, url: str, fault: str | None) -> bool:
        """Note at the column how it answered; False where the column is forgotten for it."""
        state = self._tree.get(url)
        if state is None or state.kind is not ColumnKind.LINK_OUT:
            return True
        if state.linked_at is not None and fault in MISSING:
            self._tree.forget(state)  # no page of today leads there: the link may have gone with what it led to
            return False
        state.fault = fault
        state.reachable = True if fault is None else False if fault in MISSING else None
        return True
