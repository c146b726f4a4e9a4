"""Links to pages of the site itself: those that lead nowhere, and those that once did."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from crawler.fence import FENCE, Fence
from crawler.items import TrialItem
from data.link_store import Trial
from data.records import LinkKind, LinkVisit
from data.urls import url_hash
from spiders.trying import Asking, is_there

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crawler.columns import ColumnTree
    from spiders.visits import Visit

_FOLLOWED = frozenset({"column", "explore", "document"})  # not the requests for the later pages of a list


class PageLinks:
    """Takes the outcomes of pages that were fetched anyway; of those that always answered nothing is kept."""

    def __init__(self, tree: ColumnTree, asking: Asking) -> None:
        self._tree = tree
        self._context, self._keeps = asking.context, asking.keeps
        self._missed = {key for key, link in asking.known.items() if link.missed}
        self._trials: list[Trial] = []

    def note(self, url: str, visit: Visit, fault: str | None) -> Iterator[TrialItem]:
        """Take in how a page answered. One that is there again is kept at once; what is missing may show as a fence at the end."""
        ok = is_there(fault)
        if visit.role not in _FOLLOWED or (visit.made and ok is False):
            return
        if ok is not False and url_hash(url) not in self._missed and not visit.vanished:
            return
        on = visit.parent or visit.column or self._context.site.home
        trial = Trial(
            url, LinkKind.VANISHED if visit.vanished else LinkKind.PAGE, visit.via, on, LinkVisit(self._context.clock(), ok, fault)
        )
        if ok and self._keeps():
            yield TrialItem(trial)
        else:
            self._trials.append(trial)

    def trials(self, fence: Fence) -> list[Trial]:
        """When the crawl has ended: what looked missing behind a fence was not seen. Of several links to a page the one nearest to home is named."""
        led = self._tree.led_to([trial.url for trial in self._trials])
        trials = (replace(trial, label=led[trial.url][0], on=led[trial.url][1]) if trial.url in led else trial for trial in self._trials)
        return [
            replace(trial, visit=replace(trial.visit, ok=None, reason=FENCE)) if fence.covers(trial.url, trial.visit.reason) else trial
            for trial in trials
        ]  # fmt: skip
