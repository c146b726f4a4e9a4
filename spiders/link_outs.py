"""Columns that lead off the site, and links from a plan's column to upper governments: asked about once a crawl, never read."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from crawler.faults import MISSING
from data.link_store import Trial
from data.records import ColumnKind, Link, LinkKind
from data.urls import host_of, netloc, registrable, url_key
from spiders.trying import Answered, Asker

if TYPE_CHECKING:
    from scrapy import Request

    from crawler.columns import ColumnTree
    from crawler.context import CrawlContext

_MOST = 60  # of one site; a portal's navigation has fewer, a link farm has more
_PLAN = re.compile(r"规划|计划|十[一二三四五六七八九]五|五年")
_LEADING_UP = "ghjh"  # the column that has to lead to those of the upper governments


class LinkOuts:
    """What leads off the site and has to lead somewhere."""

    def __init__(self, tree: ColumnTree, context: CrawlContext) -> None:
        self._tree = tree
        self._context = context
        self._asker = Asker(context, self._told)
        self._asked: set[str] = set()
        self._found: dict[str, list[tuple[str, str]]] = {}  # page -> address and label of what it leads up to
        above = {*context.site.upper, context.site.parent}
        self._above = {netloc(site.home) for site in context.registry.sites if site.id in above}
        self.trials: list[Trial] = []

    def note(self, links: Iterable[Link], on: str) -> None:
        """Remember the links by which a page leads to upper governments, in case it is that of the column of plans."""
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
        room = max(0, _MOST - len(self._asked))
        self._asked |= {url_key(url) for url in urls}
        return [self._asker.ask(url) for url in urls[:room]]

    def _told(self, url: str, answered: Answered) -> None:
        state, fault = self._tree.get(url), answered.fault
        is_column = state is not None and state.kind is ColumnKind.LINK_OUT
        label, on = self._upwards().get(url) or ((state.name, state.parent_url or "") if state is not None else ("", ""))
        visit = answered.visit(self._context.clock())
        self.trials.append(Trial(url, LinkKind.EXTERNAL, label, on or self._context.site.home, visit))
        if state is None or not is_column:
            return
        if state.linked_at is not None and fault in MISSING:
            self._tree.forget(state)  # no page of today leads there: the link may have gone with what it led to
            self.trials.pop()
        else:
            state.fault = fault
            state.reachable = True if fault is None else False if fault in MISSING else None
