"""One page under several addresses: told by what it holds, and taken for one before it is decided where columns hang."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import replace
from urllib.parse import parse_qsl, urlsplit

from crawler.column_state import ColumnState
from crawler.naming import Names
from crawler.observed import Lead, Observed, PageSeen
from data.records import ColumnKind, Link, PageKind, WalkState
from data.text import title_key
from data.urls import url_key

_SAME_ROWS = 3  # rows from which on two lists that hold the same ones are one list


def find_aliases(states: Mapping[str, ColumnState], seen: Observed, names: Names) -> Mapping[str, str]:
    """Column -> the column that it is under another address: the registry's, else the shortest.

    It is one column where bytes and rows are the very same (a shell has the same bytes for every column; its rows come from elsewhere),
    or where the same rows stand under one path and are the same to the catalogue: ?order=asc and ?order=desc. A page without rows is the
    same where its bytes are and one address only says more than the other: ?id=7 and ?id=7&number=D001.
    """
    groups: defaultdict[Hashable, list[str]] = defaultdict(list)
    framed = {key: around for key, around in seen.frames.items() if _is_taken_in(states, key, around)}
    for key, state in sorted(states.items()):
        for mark in () if key in framed else _marks(key, state, seen, names):
            groups[mark].append(key)
    found: dict[str, str] = dict(framed)
    for mark, group in groups.items():
        same = [key for key in group if key not in found]
        same.sort(key=lambda key: (not states[key].registered, len(key), key))
        for key in same[1:]:
            if isinstance(mark, bytes) and not _says_more(key, same[0]):
                continue
            found[key] = same[0]
    return {key: _last(found, key) for key in found}


def _last(aliases: Mapping[str, str], key: str) -> str:
    """What a page is in the end, where it is the same as one that is the same as another."""
    way = [key]
    while way[-1] in aliases and aliases[way[-1]] not in way:
        way.append(aliases[way[-1]])
    return way[-1]


def take_in_frames(states: Mapping[str, ColumnState], seen: Observed) -> None:
    """A list that stands in a frame of one column's page, and to which nothing else leads, is that column's own list."""
    if not seen.frames:
        return
    led: defaultdict[str, set[str]] = defaultdict(set)
    for on, leads in seen.leads.items():
        for lead in leads:
            if lead.key in seen.frames:
                led[lead.key].add(on)
    for key, around in sorted(seen.frames.items()):
        frame, column = states.get(key), states.get(around)
        if frame is None or column is None or led[key] != {around} or seen.trail(key).above or around not in seen.pages:
            continue
        if frame.walk is not None and frame.walk.entries and (column.walk is None or not column.walk.entries):
            column.walk, seen.pages[around].kind = frame.walk, ColumnKind.LIST


def _is_taken_in(states: Mapping[str, ColumnState], key: str, around: str) -> bool:
    frame, column = states.get(key), states.get(around)
    return frame is not None and column is not None and frame.walk is not None and frame.walk is column.walk


def _marks(key: str, state: ColumnState, seen: Observed, names: Names) -> Iterator[Hashable]:
    """What columns share that are one."""
    page = seen.pages.get(key)
    if state.walk is None or not state.walk.entries:
        if state.walk is None and page is not None and page.sha256 and page.page is PageKind.DOCUMENT and "#" not in key:
            yield f"{key.partition('?')[0]} {page.sha256}".encode()
        return
    rows = state.walk.entries.mark
    if state.sha256 is not None:
        yield state.sha256, rows
    if len(state.walk.entries) >= _SAME_ROWS and state.walk.state is WalkState.COMPLETE:
        match = names.match(key, state, ())
        yield urlsplit(key).path, match.canonical if match else title_key(names.name(key, state)), rows


def _says_more(key: str, other: str) -> bool:
    """Whether an address asks for all that another asks for, and more."""
    asks, less = (set(parse_qsl(urlsplit(one).query, keep_blank_values=True)) for one in (key, other))
    return less < asks


def merged(seen: Observed, aliases: Mapping[str, str]) -> Observed:
    """What was seen, with each page under one address alone."""
    if not aliases:
        return seen
    urls = {key: min(seen.spelled.get(kept) or {kept}, key=lambda url: (len(url), url)) for key, kept in aliases.items()}
    one = Observed(seen.home, seen.scheme, seen.own, starts=dict(seen.starts), frames={
        aliases.get(key, key): aliases.get(around, around) for key, around in sorted(seen.frames.items())
    })  # fmt: skip
    shared: dict[int, Lead] = {}
    for on, leads in sorted(seen.leads.items()):
        one.leads[aliases.get(on, on)] += [_led(lead, aliases, urls, shared) for lead in leads]
    for key, told in seen.told.items():
        one.told[aliases.get(key, key)] |= told
    for key, spelled in seen.spelled.items():
        one.spelled[aliases.get(key, key)] |= spelled if key not in aliases else set()
    for key, page in seen.pages.items():
        if aliases.get(key, key) == key or aliases[key] not in seen.pages:
            one.pages[aliases.get(key, key)] = _page(page, urls.get(key, page.url), aliases, urls)
    return one


def _led(lead: Lead, aliases: Mapping[str, str], urls: Mapping[str, str], shared: dict[int, Lead]) -> Lead:
    if lead.key not in aliases:
        return lead
    return shared.setdefault(id(lead), replace(lead, key=aliases[lead.key], url=urls[lead.key]))


def _page(page: PageSeen, url: str, aliases: Mapping[str, str], urls: Mapping[str, str]) -> PageSeen:
    return replace(
        page,
        url=url,
        crumbs=tuple(_crumbs(page.crumbs, urls)),
        nesting=tuple(
            (aliases.get(key, key), aliases.get(above, above), urls.get(above, url)) for key, above, url in page.nesting
        ),
        beside=frozenset(aliases.get(key, key) for key in page.beside),
    )  # fmt: skip


def _crumbs(crumbs: Iterable[Link], urls: Mapping[str, str]) -> Iterator[Link]:
    for crumb in crumbs:
        key = url_key(crumb.url) if crumb.url else ""
        yield replace(crumb, url=urls[key]) if key in urls else crumb
