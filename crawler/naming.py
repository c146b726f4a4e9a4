"""What each column is called, and what the catalogue makes of it, by all that names it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from crawler.column_state import ColumnState
from crawler.discover import Match, is_period_column, match_column, says_nothing
from crawler.observed import NAME_CHARS, UNLED, Lead, Observed
from data.urls import url_key


class Names:
    """The labels of a crawl's columns, the most telling first.

    A page's own words go first: its trail, its heading. Of the labels that lead to it the one nearest to home stands for all.
    """

    def __init__(self, states: Mapping[str, ColumnState], seen: Observed) -> None:
        self._seen, self._states = seen, states
        self.depths = seen.depths()
        self._labels: dict[str, Lead] = {}
        self._naming: dict[str, Lead] = {}
        for lead, _ in seen.labels(self.depths, states):
            self._labels.setdefault(lead.key, lead)
            if lead.match is not None:
                self._naming.setdefault(lead.key, lead)
        self._told = {
            key: min(told, key=lambda one: (self.depths.get(url_key(one.on), UNLED), one.on, one.name, one.url)).name
            for key, told in seen.told.items()
        }
        self._passed = _in_trails(states, seen, self.depths)

    def own(self, key: str) -> tuple[str, ...]:
        """What a page that was read is called."""
        page = self._seen.pages[key]
        crumb = self._seen.trail(key).own
        known = self._states[key].known
        label = self._labels[key].text if key in self._labels else known.name if known is not None else ""
        frame = self._seen.frames.get(key, "")
        around, place = self._seen.pages.get(frame), self._seen.trail(frame).own
        words = (
            crumb.text if crumb else "", self._told.get(key, ""), label, page.heading, page.column_name,
            place.text if place else "", around.heading if around is not None else "",
        )  # fmt: skip
        return tuple(word for word in words if word and not says_nothing(word))

    def given(self, key: str) -> tuple[str, ...]:
        """What others call it, those first that name it as a column."""
        leads = (self._naming.get(key), self._labels.get(key))
        words = (
            self._told.get(key),
            *(lead.text for lead in leads[:1] if lead),
            self._passed.get(key),
            *(lead.text for lead in leads[1:] if lead),
        )
        return tuple(dict.fromkeys(word for word in words if word))

    def name(self, key: str, state: ColumnState) -> str:
        words = (self.own(key) if key in self._seen.pages else ()) or (() if state.registered else self.given(key))
        return words[0] if words else state.name

    def match(self, key: str, state: ColumnState, parents: Sequence[str]) -> Match | None:
        """The catalogue's column for it; `parents`: canonical ids above it, the nearest first."""
        if state.registered:
            return state.match
        if key in self._seen.pages:
            words = self.own(key)
            if words and is_period_column(words[0]):
                return None
            found = match_column(words, state.url, parents=parents, own=self._seen.own)
            if found is not None:
                return found
        for word in self.given(key):
            found = match_column([word], state.url, parents=parents, own=self._seen.own)
            if found is not None and not found.reason.startswith("url-hint"):
                return found
        known = state.known
        return Match(known.canonical, known.match or "known") if known is not None and known.canonical else None


def _in_trails(states: Iterable[str], seen: Observed, depths: Mapping[str, int]) -> Mapping[str, str]:
    """What the trails of columns call the columns above them."""
    found: dict[str, str] = {}
    for key in sorted(states, key=lambda key: (depths.get(key, UNLED), key)):
        for crumb in seen.trail(key).above:
            if crumb.url is not None and len(crumb.text) <= NAME_CHARS:
                found.setdefault(url_key(crumb.url), crumb.text)
    return found
