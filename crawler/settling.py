"""What each column is, decided from all that a crawl saw: the same observations give the same columns, in whatever order they came."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, MutableMapping, Sequence

from crawler.aliases import find_aliases, merged, take_in_frames
from crawler.column_state import ColumnState, page_kind
from crawler.discover import match_column
from crawler.hanging import hang
from crawler.naming import Names
from crawler.observed import NAME_CHARS, UNLED, Observed, PageSeen
from crawler.shown import Holds, Node
from data.catalogue import load_columns
from data.records import ColumnKind, EmptyBecause, PageKind, WalkState
from data.text import is_utility, title_key
from data.urls import url_hash, url_key


def place(states: MutableMapping[str, ColumnState], seen: Observed) -> None:
    """Decide name, kind, depth, parent and path of every column; again from the same, the same."""
    _Placing(states, seen).run()


def settle(states: MutableMapping[str, ColumnState], seen: Observed) -> None:
    """Place every column, then judge what could only be judged with all of them placed: sections, empty lists."""
    take_in_frames(states, seen)
    place(states, seen)
    documents = [key for key, state in states.items() if _is_document(key, state, seen)]
    if documents:
        for key in documents:
            del states[key]
        place(states, seen)
    _judge_walks(states, seen)


def _is_document(key: str, state: ColumnState, seen: Observed) -> bool:
    """Whether what its name makes a column, by a part of it alone, is a document that a list shows with its day: 殡葬改革政策问答."""
    page = seen.pages.get(key)
    return (
        page is not None
        and page.page is PageKind.DOCUMENT
        and not state.registered
        and (state.match is None or state.match.reason.startswith("name-"))
        and url_hash(page.url) in seen.listed
    )


class _Placing:
    def __init__(self, states: MutableMapping[str, ColumnState], seen: Observed) -> None:
        self._states, self._seen = states, seen
        self._done: set[str] = set()
        self._dead_names: dict[str, str] = {}  # dead addresses that living columns bear in their own trails

    def run(self) -> None:
        self._find_by_trails()
        self._find_parts()
        self._names = Names(self._states, self._seen)
        aliases = find_aliases(self._states, self._seen, self._names)
        if aliases:
            self._seen = merged(self._seen, aliases)
            self._names = Names(self._states, self._seen)
        columns = {key: state for key, state in self._states.items() if key not in aliases}
        for key, state in columns.items():
            if state.rests and key not in self._seen.pages:
                continue
            if state.known is None and not state.registered:
                state.url = self._spelling(key, state)
            state.name = self._names.name(key, state)
            state.depth = max(1, self._names.depths.get(key, UNLED))
        nodes = {key: self._node(key, state) for key, state in columns.items()}
        above = self._alive(nodes, hang(self._seen, nodes, self._names.depths))
        for key, state in columns.items():
            state.alias_of = None
            if not state.rests or key in self._seen.pages:
                state.parent_url = above.get(key)
        for key in sorted(columns):
            self._finish(key)
        for key, kept in {**aliases, **self._dead_names}.items():
            self._states[key].alias_of = self._states[kept].url

    def _alive(self, nodes: Mapping[str, Node], above: Mapping[str, str]) -> Mapping[str, str]:
        """Where each column hangs; what trails and menus hang under a dead address hangs under the living column of that name and kind."""
        living: defaultdict[tuple[str | None, str], list[str]] = defaultdict(list)
        for key, node in nodes.items():
            if key in self._seen.pages:
                living[node.canonical, title_key(node.name)].append(key)
        found = dict(above)
        for key in sorted(above):
            dead = nodes.get(url_key(above[key]))
            if dead is None or dead.key in self._seen.pages or self._states[dead.key].reachable is not False:
                continue
            others = living.get((dead.canonical, title_key(dead.name)), [])
            if others == [key]:  # its own crumb names it by an address that is dead
                in_menu = any(lead.key == dead.key for lead in self._seen.leads.get(self._seen.home, ()))
                if not in_menu and not self._states[dead.key].registered:
                    self._dead_names[dead.key] = key
                found |= {key: above[dead.key]} if dead.key in above else {}
                if dead.key not in above:
                    del found[key]
            elif len(others) == 1 and key not in _upwards(found, others[0]):
                found[key] = nodes[others[0]].url
        return found

    def _spelling(self, key: str, state: ColumnState) -> str:
        """Of the addresses that led to one page the plainest."""
        spelled = self._seen.spelled.get(key) or {state.url}
        return min(spelled, key=lambda url: (not url.startswith(f"{self._seen.scheme}:"), len(url), url))

    def _find_by_trails(self) -> None:
        """Trails of columns name the columns above, and those theirs."""
        waiting = sorted(self._states)
        while waiting:
            for crumb in self._seen.trail(waiting.pop()).above:
                if crumb.url is None or len(crumb.text) > NAME_CHARS:
                    continue
                key = url_key(crumb.url)
                match = None if key in self._states or key == self._seen.home else match_column([crumb.text], crumb.url, own=self._seen.own)
                if match is not None and not match.reason.startswith("url-hint"):
                    self._states[key] = ColumnState(crumb.url, crumb.text, match)
                    waiting.append(key)

    def _find_parts(self) -> None:
        """Parts of a column that the portal keeps for a unit which lives on its host: no more the unit's own than on another host."""
        parts = {on: found for on, leads in self._seen.leads.items() if (found := [lead for lead in leads if lead.region == "part"])}
        if not parts:
            return
        names = Names(self._states, self._seen)
        for on, leads in parts.items():
            column = self._states.get(on)
            match = names.match(on, column, ()) if column is not None else None
            for lead in leads if match is not None else ():
                if lead.key in self._states:
                    continue
                assert match is not None
                named = match_column([lead.text], lead.url, parents=(match.canonical,), own=self._seen.own)
                if named is not None and named.canonical != match.canonical and load_columns().is_within(named.canonical, match.canonical):
                    self._states[lead.key] = ColumnState(
                        lead.url, lead.text, named, ColumnKind.LINK_OUT, hosted_by=lead.hosted_by, leads_out=True
                    )

    def _node(self, key: str, state: ColumnState) -> Node:
        match = self._names.match(key, state, ())
        known = state.known.parent_url if state.known is not None else None
        return Node(key, state.url, state.name, match.canonical if match else None, self._holds(key, state), known)

    def _holds(self, key: str, state: ColumnState) -> Holds:
        page = self._seen.pages.get(key)
        if page is None:
            told = {one.kind for one in self._seen.told.get(key, ())}
            return Holds.COLUMNS if ColumnKind.SECTION in told or state.kind is ColumnKind.SECTION else Holds.NOTHING
        if (page.kind or page_kind(page.page, None)) is ColumnKind.LIST:
            return Holds.ITS_OWN if state.walk is not None and state.walk.entries else Holds.COLUMNS
        return Holds.ITS_KIND if page.page is PageKind.DOCUMENT else Holds.COLUMNS

    def _finish(self, key: str) -> None:
        """What turns on the columns above, after those."""
        state = self._states[key]
        if key in self._done:
            return
        self._done.add(key)
        page = self._seen.pages.get(key)
        parent = self._states.get(url_key(state.parent_url)) if state.parent_url else None
        if parent is not None:
            self._finish(url_key(parent.url))
        if state.rests and page is None:
            return
        crumbs = self._seen.trail(key).above
        by_trail = (match_column([crumb.text], crumb.url or "", own=self._seen.own) for crumb in reversed(crumbs))
        higher = [match.canonical for match in by_trail if match is not None]
        higher += [column.match.canonical for column in way_up(self._states, parent) if column.match is not None]
        state.match = self._names.match(key, state, higher)
        state.path = (*((crumb.text for crumb in crumbs) if crumbs else parent.path if parent else ()), state.name)
        self._give_kind(key, state, page)

    def _give_kind(self, key: str, state: ColumnState, page: PageSeen | None) -> None:
        told = self._seen.told.get(key)
        if page is not None:
            state.kind = page.kind or page_kind(page.page, state.match.canonical if state.match else None)
            state.text_chars = page.chars
            state.reachable = True if state.fault is None else state.reachable
        elif state.leads_out:
            state.kind = ColumnKind.LINK_OUT
        elif told:
            state.kind = min((one.kind for one in told), key=lambda kind: kind.value)


def _upwards(above: Mapping[str, str], key: str) -> Sequence[str]:
    """A column and all that it hangs under."""
    way = [key]
    while way[-1] in above and url_key(above[way[-1]]) not in way:
        way.append(url_key(above[way[-1]]))
    return way


def way_up(states: Mapping[str, ColumnState], column: ColumnState | None) -> Sequence[ColumnState]:
    """The columns from one upwards, itself first."""
    way: list[ColumnState] = []
    while column is not None and column not in way:
        way.append(column)
        column = states.get(url_key(column.parent_url)) if column.parent_url else None
    return way


def _judge_walks(states: Mapping[str, ColumnState], seen: Observed) -> None:
    """What a list without rows is: a section, whose columns are what it shows, a list that is empty, or a layout we do not know."""
    parents = {url_key(state.parent_url) for state in states.values() if state.parent_url}
    filled = {state.walk.container for state in states.values() if state.walk and state.walk.entries and state.walk.container}
    for key, state in states.items():
        walk = state.walk
        if walk is None:
            continue
        holds = not walk.entries and key in parents and state.kind in (ColumnKind.LIST, ColumnKind.SECTION)
        if holds:
            state.kind = ColumnKind.SECTION
        if walk.reason != "maybe-empty":
            continue
        framed = key in seen.pages and seen.pages[key].framed
        in_place = walk.empty is EmptyBecause.CONTAINER
        if not framed and (holds or (in_place and _leads_on(key, states, seen))):
            state.kind, state.walk = ColumnKind.SECTION, None  # it shows the columns below it, and of some of them nothing
        elif in_place and walk.container in filled:
            walk.end(WalkState.COMPLETE, "sibling-template")
        else:
            walk.end(WalkState.INCOMPLETE, "layout-unknown")


def _leads_on(key: str, states: Mapping[str, ColumnState], seen: Observed) -> bool:
    """Whether a page's own part leads to other columns than those above it."""
    above = {url_key(column.url) for column in way_up(states, states[key])} | {seen.home, key}
    shows = {lead.key for lead in seen.leads.get(key, ()) if lead.region == "body"}
    return any(other in states and not is_utility(states[other].name) for other in shows - above)
