"""Read again just what one finding rests on, and conclude nothing from what was not read."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from scrapy import Request

from crawler.column_state import ColumnState
from crawler.context import CrawlContext, open_context, run_parts
from crawler.focus import Focus
from data.errors import ConfigurationError
from data.records import Column, ColumnKind, CrawlState, ListEntry, PageReading
from data.store import ColumnFact
from data.urls import url_key
from spiders.asking import Output
from spiders.base import Family, Fetched
from spiders.disclosure import DisclosureSpider
from spiders.visits import Visit

if TYPE_CHECKING:
    from scrapy.settings import Settings


class RecheckSpider(DisclosureSpider):
    """The disclosure spider held to a `Focus`; `gongkai findings recheck` runs it.

    It reads the pages and walks the lists that it was sent for, the documents there that were never seen, and columns that were missed
    where a link names one. Its crawl is partial: no whole visit to the site, and no ground to call anything else absent. Of the
    columns that it knew it changes only what this visit showed; where they hang was found by whole crawls.
    """

    name = "recheck"

    def __init__(self, context: CrawlContext, **kwargs: Any) -> None:
        super().__init__(context, **kwargs)
        assert context.focus is not None  # `_open` refuses otherwise
        self.focus: Focus = context.focus
        self._held: dict[str, Column] = {url_key(column.url): column for column in self.focus.known}
        for column in self.focus.known:
            self.tree.hold(column)

    @classmethod
    def _open(cls, settings: Settings, site: str) -> CrawlContext:
        if site not in run_parts(settings).focus:
            raise ConfigurationError("a recheck reads what a finding rests on; write: gongkai findings recheck ID")
        return open_context(settings, site, partial=True)

    async def start(self) -> AsyncIterator[Request]:
        if self.focus.home:
            yield self._fetch(self.context.site.home, Visit("home"), 1000)
        for key in sorted(self.focus.columns):
            column = self._held[key]
            for request in self._request(column.url, Visit("column", column.name, column.parent_url, column.depth), 900):
                yield request
        for url in self.focus.pages:
            for request in self._request(url, Visit("document", depth=2), 800):
                yield request

    def _sent_for(self, url: str, visit: Visit) -> bool:
        if self.focus.asks_for(url):
            return True
        if visit.role == "document":
            return True  # it was found due
        state = self.tree.get(url)
        return state is not None and self._is_wanted(state)

    def _is_due(self, entry: ListEntry, url: str, state: ColumnState) -> bool:
        return self.focus.asks_for(url) or self.again.wants(url) or self.again.is_new_row(state.url, entry)

    def _is_wanted(self, state: ColumnState) -> bool:
        return state.match is not None and state.match.canonical in self.focus.wanted

    def _columns_in_data(self, page: Fetched, reading: PageReading, family: Family) -> Iterator[Output]:
        for output in super()._columns_in_data(page, reading, family):
            if isinstance(output, Request) and output.meta["visit"].role == "walk":
                state = self.tree.get(output.meta["visit"].column or "")
                if state is None or not (self.focus.asks_for(state.url) or self._is_wanted(state)):
                    continue
            yield output

    def _facts(self) -> Iterator[ColumnFact]:
        for key, state in self.tree.states.items():
            visited = state.reachable is not None or state.fault is not None or (state.walk is not None and bool(state.walk.pages))
            if state.alias_of is None and visited and (key in self.focus.columns or self._is_wanted(state)):
                yield self._placed(self._fact(state), self._held.get(key))

    def _placed(self, fact: ColumnFact, known: Column | None) -> ColumnFact:
        """A column where whole crawls found it to hang, with what this visit showed."""
        if known is None:
            return fact
        kind = known.kind if fact.column.kind is ColumnKind.UNKNOWN or not fact.column.reachable else fact.column.kind
        column = replace(
            fact.column, name=known.name, canonical=known.canonical, match=known.match, kind=kind, parent_url=known.parent_url,
            depth=known.depth, path=known.path, hosted_by=known.hosted_by,
        )  # fmt: skip
        return replace(fact, column=column)

    def _outcome(self, stopped: str) -> tuple[CrawlState, str | None]:
        state, why = super()._outcome(stopped)
        return (CrawlState.INCOMPLETE, "recheck") if state is CrawlState.COMPLETE else (state, why)
