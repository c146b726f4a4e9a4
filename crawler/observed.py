"""What the pages of a crawl said of the column tree, as they said it: it only grows, and means the same in whatever order it came."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from heapq import heappop, heappush
from typing import TypeVar, cast

from crawler.discover import Match, match_column, says_nothing
from data.records import ColumnKind, Link, PageKind, PageReading
from data.text import is_utility, squeeze
from data.urls import url_key

_T = TypeVar("_T")
UNLED = 9  # the depth of what no page leads to in so many words
NAME_CHARS = 30  # more is no name of a column
_NAMING = frozenset({"nav", "menu", "body", "frame", "row"})
_IN_PASSING = frozenset({"list", "row", "footer", "part"})  # regions whose labels tell less of what a column is called


@dataclass(frozen=True, slots=True, eq=False)
class Lead:
    """A link as the tree remembers it; all pages that bear the same one share it.

    `region` is that of the link, or "row" (an undated row of a list that names a column), or "part" (a part of a column that the
    portal keeps for a unit on its host).
    """

    key: str  # url_key of where it leads
    url: str
    text: str
    region: str
    match: Match | None  # where it names a column of the catalogue
    hosted_by: str | None  # site id of the unit whose host serves it


@dataclass(frozen=True, slots=True)
class Told:
    """A column as data name it: gkmlpt's tree, a script's menu."""

    url: str
    name: str
    kind: ColumnKind
    parent_url: str | None  # where the data say it
    on: str  # the page that told it


@dataclass(slots=True)
class PageSeen:
    """What one page that was read says of itself and of the tree."""

    url: str
    page: PageKind
    chars: int
    heading: str
    column_name: str
    crumbs: tuple[Link, ...]
    nesting: tuple[tuple[str, str, str], ...]  # key of a menu's entry, key and address of the entry that it hangs under
    beside: frozenset[str]  # keys of its siblings in its menus
    framed: bool  # a part of it stands in a frame
    sha256: str | None = None  # of its bytes
    kind: ColumnKind | None = None  # what its family takes it for, where that is not what its kind of page says

    @property
    def is_of_use_only(self) -> bool:
        """Whether it serves the use of the site, as its map does: it leads everywhere and holds nothing."""
        return is_utility(self.heading) or any(is_utility(crumb.text) for crumb in self.crumbs[-1:])


@dataclass(frozen=True, slots=True)
class Trail:
    """What a page's trail says of where it hangs."""

    above: tuple[Link, ...] = ()  # the crumbs above it, from the top
    own: Link | None = None
    is_rooted: bool = False  # it begins at the home page


_NO_TRAIL = Trail()


@dataclass(slots=True)
class Observed:
    """All that a crawl saw that bears on the tree, by url_key."""

    home: str  # its key
    scheme: str  # that of its address
    own: tuple[str, ...] = ()  # what the site calls itself and its place
    pages: dict[str, PageSeen] = field(default_factory=dict)
    leads: defaultdict[str, list[Lead]] = field(default_factory=lambda: defaultdict(list))  # by the page that they stand on
    told: defaultdict[str, set[Told]] = field(default_factory=lambda: defaultdict(set))  # by the column
    frames: dict[str, str] = field(default_factory=dict)  # what stands in a frame without a title, and the page around it
    starts: dict[str, int] = field(default_factory=dict)  # where the crawl began without a link, and how deep that counts
    spelled: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))  # the addresses that led to a page
    listed: set[bytes] = field(default_factory=set)  # hashes of the addresses that rows with a day lead to
    _shared: dict[tuple[str, str, str], Lead] = field(default_factory=dict)
    _same: dict[object, object] = field(default_factory=dict)
    _trails: dict[str, Trail] = field(default_factory=dict)  # of pages that were asked about

    def read(self, reading: PageReading, sha256: str | None = None) -> None:
        """A page was read."""
        chars = max(reading.text_chars, len(reading.document.body)) if reading.document else reading.text_chars
        nesting = tuple((url_key(url), url_key(above), above) for url, above in reading.nesting)
        key = url_key(reading.url)
        self.spelled[key].add(reading.url)
        self._trails.pop(key, None)
        for crumb in reading.breadcrumb:
            if crumb.url is not None:
                self.spelled[url_key(crumb.url)].add(crumb.url)
        self.pages[key] = PageSeen(
            reading.url, reading.page, chars, squeeze((reading.listing.title if reading.listing else reading.title) or ""),
            squeeze(reading.identity.column_name or ""), self._once(reading.breadcrumb), self._once(nesting),
            self._once(frozenset(map(url_key, reading.beside))), any(link.region == "frame" for link in reading.links),
            sha256,
        )  # fmt: skip

    def trail(self, key: str) -> Trail:
        """What the trail of a page says, if it was read."""
        known = self._trails.get(key)
        if known is None:
            page = self.pages.get(key)
            known = self._trails[key] = _trail(page, self.home) if page is not None else _NO_TRAIL
        return known

    def lead(self, on: str, link: Link, hosted_by: str | None, region: str) -> Lead:
        """A page leads somewhere."""
        assert link.url is not None
        known = self._shared.get((link.url, link.text, region))
        if known is None:
            key = url_key(link.url)
            match = None
            if region in _NAMING and len(link.text) <= NAME_CHARS and key != self.home:
                match = match_column([link.text], link.url, own=self.own)
                match = None if match is not None and match.reason.startswith("url-hint") else match
            known = self._shared[link.url, link.text, region] = Lead(key, link.url, link.text, region, match, hosted_by)
            self.spelled[key].add(link.url)
        self.leads[url_key(on)].append(known)
        if region == "frame" and not link.text:
            self.frames[known.key] = min(url_key(on), self.frames.get(known.key, url_key(on)))
        return known

    def tell(self, told: Told) -> None:
        """Data name a column."""
        key = url_key(told.url)
        self.told[key].add(told)
        self.spelled[key].add(told.url)

    def start(self, url: str, depth: int) -> None:
        """The crawl asks for a page to which it knows no link."""
        key = url_key(url)
        self.starts[key] = min(depth, self.starts.get(key, depth))
        self.spelled[key].add(url)

    def depths(self) -> Mapping[str, int]:
        """How many clicks from the home page each address is, along what the pages showed."""
        ways: defaultdict[str, set[str]] = defaultdict(set)
        for key, leads in self.leads.items():
            ways[key].update(lead.key for lead in leads)
        for key, page in self.pages.items():
            ways[key].update(url_key(crumb.url) for crumb in page.crumbs if crumb.url)
        for key, several in self.told.items():
            for told in several:
                ways[url_key(told.parent_url or told.on)].add(key)
        found: dict[str, int] = {}
        waiting = [(0, self.home), *((depth, key) for key, depth in self.starts.items())]
        waiting.sort()
        while waiting:
            depth, key = heappop(waiting)
            if key in found:
                continue
            found[key] = depth
            for other in ways.get(key, ()):
                if other not in found:
                    heappush(waiting, (depth + 1, other))
        return found

    def labels(self, depths: Mapping[str, int], wanted: Iterable[str]) -> Iterator[tuple[Lead, str]]:
        """What is called how, and on which page, the most telling label first: nearest to home, that of a menu before that of a row.

        Documents come last: on another day they may not be asked for.
        """
        sought = set(wanted)
        found: list[tuple[bool, int, bool, str, int, Lead]] = []
        for on, leads in self.leads.items():
            depth, page = depths.get(on, UNLED), self.pages.get(on)
            passing = page is not None and page.page is PageKind.DOCUMENT
            found += [
                (passing, depth, lead.region in _IN_PASSING, on, number, lead)
                for number, lead in enumerate(leads)
                if lead.key in sought and lead.text and len(lead.text) <= NAME_CHARS and not says_nothing(lead.text)
            ]
        found.sort(key=lambda one: one[:5])
        for _, _, _, on, _, lead in found:
            yield lead, on

    def _once(self, value: _T) -> _T:
        """One object for what many pages say alike."""
        return cast(_T, self._same.setdefault(value, value))


def _trail(page: PageSeen, home: str) -> Trail:
    crumbs = [crumb for crumb in page.crumbs if crumb.text and not says_nothing(crumb.text)]
    key = url_key(page.url)
    own = crumbs[-1] if crumbs and (crumbs[-1].url is None or url_key(crumbs[-1].url) == key) else None
    last = max((place for place, crumb in enumerate(crumbs) if crumb.url and url_key(crumb.url) == home), default=-1)
    above = tuple(crumb for crumb in crumbs[last + 1 :] if crumb is not own)  # a unit on its portal: what is above its home is not its own
    first = page.crumbs[0] if page.crumbs else None
    rooted = own is not None and (last >= 0 or (first is not None and ("首页" in first.text or url_key(first.url or "") == home)))
    return Trail(above, own, rooted)
