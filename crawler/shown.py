"""What suggests where a column hangs: which pages show it, as a part of their own or as they show everything."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum
from functools import cache

from crawler.observed import UNLED, Observed, PageSeen
from data.catalogue import load_columns
from data.records import PageKind
from data.text import is_utility
from data.urls import url_key

_PASSED = frozenset({"list", "footer"})
_MENUS = frozenset({"nav", "menu"})


class Holds(IntEnum):
    """What a column's page can hold by merely leading there."""

    NOTHING = 0
    ITS_KIND = 1  # a single page: what the catalogue hangs below it
    ITS_OWN = 2  # a list with rows: also unnamed ones that only it leads to (2023年, a part of its rows)
    COLUMNS = 3  # a section


@dataclass(frozen=True, slots=True)
class Node:
    """A column as its place is sought."""

    key: str
    url: str
    name: str
    canonical: str | None  # by its own names alone
    holds: Holds
    known_parent: str | None  # address, from an earlier crawl


class Shown:
    """Which pages lead where, menus and trails told apart, to see what a page shows as its own part."""

    def __init__(self, seen: Observed, nodes: Mapping[str, Node], depths: Mapping[str, int]) -> None:
        self._nodes, self._depths = nodes, depths
        self._body: dict[str, set[str]] = {}  # page -> what it shows outside of menus
        self._all: dict[str, set[str]] = {}
        self._in_body: defaultdict[str, set[str]] = defaultdict(set)  # column -> pages that show it so
        self._in_all: defaultdict[str, set[str]] = defaultdict(set)
        self._siblings: defaultdict[str, set[str]] = defaultdict(set)
        self._menus: dict[str, frozenset[str]] = {}  # page -> what stands beside it in its own menus
        self._times: dict[str, Counter[str]] = {}  # page -> how often it leads there
        for key, page in seen.pages.items():
            if key == seen.home or (page.page is PageKind.DOCUMENT and key not in nodes) or _is_map(page, nodes.get(key)):
                continue
            self._note(key, page, seen)
        self._read = sum(key in nodes for key in self._all)
        self._usual = self._usually()

    def _note(self, key: str, page: PageSeen, seen: Observed) -> None:
        passed = {url_key(crumb.url) for crumb in page.crumbs if crumb.url} | {key, seen.home}
        leads = [lead for lead in seen.leads.get(key, ()) if lead.region not in _PASSED and lead.key not in passed]
        self._all[key] = {lead.key for lead in leads}
        self._times[key] = Counter(lead.key for lead in leads)
        self._body[key] = {lead.key for lead in leads if lead.region not in _MENUS}
        for column in self._all[key] & self._nodes.keys():
            self._in_all[column].add(key)
        for column in self._body[key] & self._nodes.keys():
            self._in_body[column].add(key)
        self._menus[key] = page.beside
        for other in page.beside - passed:  # a trail may be a list of entries like any menu
            self._siblings[key].add(other)
            self._siblings[other].add(key)

    def _usually(self) -> Mapping[str, int]:
        """How often a page leads to each column by the menu that most pages share."""
        counts: defaultdict[str, Counter[int]] = defaultdict(Counter)
        for times in self._times.values():
            for key in times.keys() & self._nodes.keys():
                counts[key][times[key]] += 1
        return {
            key: min(often, key=lambda times: (-often[times], times)) for key, often in counts.items() if self._is_common(often.total())
        }

    def _is_common(self, pages: int) -> bool:
        """Whether what so many pages lead to stands in a menu, with or without its form."""
        return pages >= 3 and pages * 2 > self._read

    def _shows_more(self, above: str, key: str) -> bool:
        """Whether a page leads there beside the menu that most pages share."""
        return self._times[above][key] > self._usual.get(key, 0)

    def beside(self, key: str) -> list[str]:
        return sorted(self._siblings.get(key, ()))

    def holders(self, key: str, *, rooted: bool) -> Iterator[str]:
        """Columns whose pages show a column as a part of their own, the likeliest first.

        `rooted`: its own trail says that it hangs under nothing; then only what the catalogue hangs it under counts.
        """
        for places, in_body in ((self._in_body, True), (self._in_all, False)):
            around = places.get(key, set())
            is_common = self._is_common(len(around))
            fits = [other for other in around if other in self._nodes and not self._is_beside(other, key) and self._fits(other, key)]
            agreed = {other for other in fits if agrees(self._nodes, other, key)}
            held = [
                other for other in fits
                if (other in agreed and (self._is_inner(other, key) or (in_body and not is_common) or self._is_own_part(other, key)))
                or (not rooted and not is_common and self._is_local(other, key, around))
            ]  # fmt: skip
            yield from sorted(held, key=lambda other: self._rank(other, key))

    def _is_beside(self, above: str, key: str) -> bool:
        """Whether one stands beside the other in a menu, and only there."""
        return key in self._siblings.get(above, ()) and not self._is_own_part(above, key)

    def _is_own_part(self, above: str, key: str) -> bool:
        """Whether a section leads to a column of a kind below its own, and not by a menu that both share alone."""
        if self._nodes[above].holds is not Holds.COLUMNS or not agrees(self._nodes, above, key):
            return False
        own = self._menus.get(key)
        return self._shows_more(above, key) if self._is_common(len(self._in_all[key])) else own is not None and above not in own

    def _is_inner(self, above: str, key: str) -> bool:
        """Whether the home page does not lead to a column, and what it would hang under is no farther off."""
        depth = self._depths.get(key, UNLED)
        return depth > 1 and depth >= self._depths.get(above, UNLED)

    def _is_local(self, above: str, key: str, around: Iterable[str]) -> bool:
        """Whether only a page and what it leads to itself show a column: its part, maybe in a menu that they share."""
        near = self._all[above]
        return all(other in (above, key) or other in near for other in around)

    def _fits(self, above: str, key: str) -> bool:
        holder, column = self._nodes[above], self._nodes[key]
        deeper = self._depths.get(key, UNLED) > self._depths.get(above, UNLED)
        if agrees(self._nodes, above, key):
            return holder.holds is not Holds.NOTHING
        if holder.holds is Holds.COLUMNS:
            kind = load_columns().get(holder.canonical) if holder.canonical else None
            narrow = kind is not None and kind.update_class != "container" and column.canonical is not None
            return deeper and not narrow
        return holder.holds is Holds.ITS_OWN and deeper and column.canonical is None

    def _rank(self, above: str, key: str) -> tuple[bool, int, int, int, str]:
        agreed = agrees(self._nodes, above, key)
        level = _level(self._nodes[above].canonical or "") if agreed else 0
        return (not agreed, -level, self._depths.get(above, UNLED), len(above), above)


def agrees(nodes: Mapping[str, Node], above: str, key: str) -> bool:
    """Whether the catalogue hangs the one kind below the other."""
    holder, column = nodes[above].canonical, nodes[key].canonical
    return holder is not None and column is not None and holder != column and load_columns().is_within(column, holder)


@cache
def _level(canonical: str) -> int:
    """How deep the catalogue's tree holds a kind."""
    return sum(load_columns().is_within(canonical, other.id) for other in load_columns().columns)


def _is_map(page: PageSeen, node: Node | None) -> bool:
    return page.is_of_use_only or (node is not None and is_utility(node.name))
