"""Documents that the lists showed and show no more: their addresses are asked for, so that what is gone is told from what only moved down."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from crawler.freshness import SENT_EVERY, in_turn
from data.catalogue import load_rules
from data.records import SHANGHAI, PageKind, WalkState
from data.urls import Keys, url_hash, url_key
from spiders.visits import Visit

if TYPE_CHECKING:
    from crawler.columns import ColumnTree
    from data.known import KnownPage
    from data.link_store import KnownLink
    from spiders.trying import Asking

_MOST = 20  # a crawl; those that have waited longest first, so that all have their turn
_LONG_AGO = datetime(1900, 1, 1, tzinfo=SHANGHAI)


class Vanished:
    """Which addresses this crawl asks for, when it has read its lists."""

    def __init__(self, tree: ColumnTree, asking: Asking, pages: Mapping[bytes, KnownPage]) -> None:
        self._tree, self._asking, self._pages = tree, asking, pages
        context = asking.context
        self._looked = context.ticket.partial or context.replay is not None or not context.site.scored

    def due(self) -> list[tuple[str, Visit]]:
        """Once a crawl: the addresses, and why each is asked for."""
        if self._looked:
            return []
        self._looked = True
        found = sorted(self._candidates().items(), key=lambda pair: self._last_try(pair[0]))
        return [(url, Visit("document", title, on, 2, vanished=True)) for url, (title, on) in found[:_MOST]]

    def _candidates(self) -> dict[str, tuple[str, str]]:
        """Documents that stood in lists which were read to their end now, and stand in none."""
        if not self._pages:
            return {}  # nothing was read here before
        walks = [state.walk for state in self._tree.states.values() if state.walk is not None]
        listed = Keys(url_key(entry.url) for walk in walks for entry in walk.entries if entry.url is not None)
        rule = load_rules()["document-withdrawn"]
        assert rule.threshold is not None
        context, found, unsure = self._asking.context, dict[str, tuple[str, str]](), set[str]()
        apart = timedelta(hours=rule.params["confirm_hours"])
        for url, title, column in context.known.rows_since(context.clock() - timedelta(days=rule.threshold.value)):
            if url_key(url) in listed:
                continue
            state = self._tree.get(column)
            if state is None or state.walk is None or state.walk.state is not WalkState.COMPLETE:
                unsure.add(url)  # it may still stand there
            page = self._pages.get(url_hash(url))
            if page is not None and page.kind is PageKind.DOCUMENT and context.scope.fetches(url) and self._is_due(url, apart):
                found.setdefault(url, (title, column))
        return {url: told for url, told in found.items() if url not in unsure}

    def _is_due(self, url: str, apart: timedelta) -> bool:
        """Daily until two tries say the same, then within a week: a document can come back, and one that is there can go."""
        known = self._known(url)
        if known is None or known.ok is None or (known.ok is False and known.at - known.since < apart):
            return known is None or not self._asking.tried(known)
        return in_turn(url_hash(url), known.at, self._asking.context.clock(), SENT_EVERY)

    def _known(self, url: str) -> KnownLink | None:
        return self._asking.known.get(url_hash(url))

    def _last_try(self, url: str) -> datetime:
        known = self._known(url)
        return known.at if known is not None else _LONG_AGO
