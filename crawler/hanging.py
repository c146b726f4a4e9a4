"""Where each column hangs: decided when the crawl has ended, from all that its pages showed, never from which of them came first.

What says it outright goes before what only suggests it: the trail on the column's page, data that hold a tree, the nesting of menus,
folders; then the page that shows it and pages beside it. Among equals the nearest to home, then the address decides, so that the
same pages give the same tree. What leads to many places says nothing: a menu that stands on every page, a box of news beside
a list. Better no parent than a guessed one: a column hung up wrongly lends its rows, or their age, to another.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from urllib.parse import urlsplit

from crawler.observed import UNLED, Observed
from crawler.shown import Holds, Node, Shown, agrees
from data.records import Link, PageKind
from data.urls import folder, netloc, url_key

_OF_THE_FOLDER = re.compile(r"^(?:index|default|main|home)$", re.I)
_LIKE_IT = re.compile(r"^(?:[a-z]+_)?(?:index|default|lists?|main|home)\w*$", re.I)  # the folder's own page, where no other is called so
_INDEX, _NAMESAKE, _SECTION = range(3)  # whose a folder is: its own page, the page that bears its name, the only section in it


def hang(seen: Observed, nodes: Mapping[str, Node], depths: Mapping[str, int]) -> Mapping[str, str]:
    """Column -> address of what it hangs under, by url_key; the address may be that of a page which is no column."""
    return _Hanging(seen, nodes, depths).parents()


class _Hanging:
    def __init__(self, seen: Observed, nodes: Mapping[str, Node], depths: Mapping[str, int]) -> None:
        self._seen, self._nodes, self._depths = seen, nodes, depths
        self._order = sorted(nodes, key=lambda key: (depths.get(key, UNLED), len(key), key))
        self._found: dict[str, str] = {}  # column -> column
        self._trails = {key: seen.trail(key) for key in seen.pages.keys() & nodes.keys()}
        self._rooted = {key for key, trail in self._trails.items() if trail.is_rooted and not trail.above}
        self._passed = _passed(trail.above for trail in self._trails.values())
        self._entries = _nestings(seen, nodes)
        self._rooms = _rooms(nodes, depths)

    def parents(self) -> Mapping[str, str]:
        """Evidence by evidence over all columns: what one kind of evidence settles is not asked of the next."""
        for evidence in (self._by_trail, self._by_trails_below, self._by_data, self._by_menu, self._by_folder, self._by_page_of_data):
            self._settle(evidence)
        raw = {key: url for key in self._order if key not in self._found and (url := self._no_column(key)) is not None}
        shown = Shown(self._seen, self._nodes, self._depths)
        self._settle(lambda key: iter(()) if key in raw else shown.holders(key, rooted=key in self._rooted))
        beside = dict(self._found)  # as it stands now: what is found by siblings is no sibling's evidence
        self._settle(lambda key: iter(()) if key in raw or key in self._rooted else self._by_siblings(key, beside, shown))
        self._settle(self._as_known)
        self._fill_in()
        return {**raw, **{key: self._nodes[above].url for key, above in self._found.items()}}

    def _settle(self, evidence: Callable[[str], Iterator[str]]) -> None:
        for key in self._order:
            if key in self._found:
                continue
            above = next(
                (other for other in evidence(key) if other != key and other in self._nodes and not self._is_below(other, key)), None
            )
            if above is not None:
                self._found[key] = above

    def _is_below(self, key: str, other: str) -> bool:
        """Whether a column hangs below another as far as is found; the way up never ends in a circle."""
        while key in self._found:
            key = self._found[key]
            if key == other:
                return True
        return False

    # --- what says it outright

    def _by_trail(self, key: str) -> Iterator[str]:
        return (url_key(crumb.url) for crumb in reversed(self._seen.trail(key).above) if crumb.url)

    def _by_trails_below(self, key: str) -> Iterator[str]:
        """Trails of the columns below it pass it and what it hangs under."""
        return iter(self._passed.get(key, ()))

    def _by_data(self, key: str) -> Iterator[str]:
        return iter(sorted(url_key(told.parent_url) for told in self._seen.told.get(key, ()) if told.parent_url))

    def _by_page_of_data(self, key: str) -> Iterator[str]:
        pages = {url_key(told.on) for told in self._seen.told.get(key, ()) if not told.parent_url}
        return iter(sorted(pages, key=lambda on: (self._depths.get(on, UNLED), on)))

    def _by_menu(self, key: str) -> Iterator[str]:
        """The entry of a menu whose list it stands in, or the next one above that is a column."""
        seen = {key, self._seen.home}
        for first in self._entries_above(key):
            current = first.key
            while current not in self._nodes and current not in seen:
                seen.add(current)
                current = next((one.key for one in self._entries_above(current)), self._seen.home)
            if current not in seen:
                yield current

    def _entries_above(self, key: str) -> list[_Nesting]:
        """The menu on its own page first, and there the one that fewer pages show; else what most pages show."""
        found = [one for one in self._entries.get(key, {}).values() if one.key not in (key, self._seen.home)]
        return sorted(found, key=lambda one: (not one.own, one.pages if one.own else -one.pages, one.key))

    def _by_folder(self, key: str) -> Iterator[str]:
        place = urlsplit(self._nodes[key].url)
        host, own = netloc(self._nodes[key].url), folder(place.path)
        way = own
        # a unit's home on its portal: what stands above it is the portal's
        while len(way) > 1 and not self._seen.home.startswith(f"{host}{way}"):
            rank, holder = self._rooms.get((host, way), (_SECTION, key))
            if holder != key and (rank < _SECTION or way != own) and (not place.query or agrees(self._nodes, holder, key)):
                yield holder
            way = way[: way[:-1].rfind("/") + 1]

    def _fill_in(self) -> None:
        """Trails leave levels out: where the folder and the catalogue name a column below the one that a trail names, it hangs there."""
        for key in self._order:
            above = self._found.get(key)
            between = next((other for other in self._by_folder(key) if other != above), None) if key in self._trails else None
            if between is not None and above is not None and self._is_below(between, above) and agrees(self._nodes, between, key):
                self._found[key] = between

    def _no_column(self, key: str) -> str | None:
        """A page that it hangs under and that is no column: it hangs elsewhere than where pages merely lead to it."""
        crumbs = (crumb.url for crumb in reversed(self._seen.trail(key).above) if crumb.url)
        entries = (one.url for one in self._entries_above(key))
        return next((url for url in (*crumbs, *entries) if url_key(url) not in self._nodes), None)

    # --- what suggests it

    def _by_siblings(self, key: str, parents: Mapping[str, str], shown: Shown) -> Iterator[str]:
        """What the columns beside it in a menu hang under, where they agree."""
        beside = [other for other in shown.beside(key) if other in self._nodes]
        above = Counter(parents[other] for other in beside if other in parents)
        if len(above) == 1 and next(iter(above.values())) * 2 >= len(beside):
            yield from above.keys() - set(beside)  # a menu in which the section stands itself says of the others nothing

    def _as_known(self, key: str) -> Iterator[str]:
        known = self._nodes[key].known_parent
        return iter([url_key(known)] if known else [])


def _passed(trails: Iterable[tuple[Link, ...]]) -> Mapping[str, Sequence[str]]:
    """Page -> what trails of pages below it name before it, what most of them name first."""
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for above in trails:
        for upper, lower in pairwise(url_key(crumb.url) for crumb in above if crumb.url):
            counts[lower][upper] += 1
    return {key: sorted(found, key=lambda one: (-found[one], one)) for key, found in counts.items()}


def _rooms(nodes: Mapping[str, Node], depths: Mapping[str, int]) -> Mapping[tuple[str, str], tuple[int, str]]:
    """Host and folder -> whose it is: of the page that stands for it, or of a page whose name it bears, or of the one section in it."""
    ranked: defaultdict[tuple[str, str], list[tuple[int, int, str]]] = defaultdict(list)
    alike: defaultdict[tuple[str, str], list[tuple[int, int, str]]] = defaultdict(list)  # list_3301.html, list_3302.html
    for key, node in nodes.items():
        parts = urlsplit(node.url)
        if parts.query or parts.fragment:
            continue  # the folder of a script that shows every column
        path, host, depth = parts.path or "/", netloc(node.url), depths.get(key, UNLED)
        within, name = path[: path.rfind("/") + 1], path[path.rfind("/") + 1 :]
        stem, dot, _ = name.partition(".")
        if not name or _OF_THE_FOLDER.match(stem):
            ranked[host, within].append((_INDEX, depth, key))
        elif _LIKE_IT.match(stem):
            alike[host, within].append((_INDEX, depth, key))
        elif dot:
            ranked[host, f"{within}{stem}/"].append((_NAMESAKE, depth, key))
            if node.holds is Holds.COLUMNS:
                ranked[host, within].append((_SECTION, depth, key))
    for place, several in alike.items():
        if len(several) == 1:
            ranked[place] += several
    best = {place: min(found) for place, found in ranked.items()}
    return {place: (rank, key) for place, (rank, _, key) in best.items() if rank < _SECTION or len(ranked[place]) == 1}


@dataclass(slots=True)
class _Nesting:
    key: str
    url: str
    pages: int = 0
    own: bool = False  # the menu stands on the page of the entry itself


def _nestings(seen: Observed, nodes: Mapping[str, Node]) -> Mapping[str, Mapping[str, _Nesting]]:
    """Entry of a menu -> the entries that it hangs under. Documents are left out: on another day they may not be asked for."""
    found: defaultdict[str, dict[str, _Nesting]] = defaultdict(dict)
    counts = Counter(
        page.nesting for key, page in seen.pages.items() if page.nesting and (key in nodes or page.page is not PageKind.DOCUMENT)
    )  # fmt: skip
    for nesting, pages in counts.items():
        for key, above, url in nesting:
            one = found[key].setdefault(above, _Nesting(above, url))
            one.pages += pages
            one.url = min(one.url, url)
    for key, several in found.items():
        page = seen.pages.get(key)
        for child, above, _ in page.nesting if page is not None else ():
            if child == key:
                several[above].own = True
    return found
