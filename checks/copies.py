"""What on a site may be a repost of an upper item: every page and row, found by 文号, link to the origin and title."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from checks.clocks import Window, window
from checks.explaining import is_interpretation
from checks.matching import TitleIndex
from checks.scope import publication_is_weak, title_of
from checks.shared import per_view
from checks.tree import current_listings, lives_on_parent
from data.catalogue import Rule
from data.days import civil
from data.records import Document, DocumentKind, Listing, Precision, UpstreamItem
from data.text import bare, doc_number_key, title_core
from data.urls import url_key
from data.view import SiteView

_IMPLEMENTING = re.compile("贯彻|落实|实施(意见|方案|细则|办法)|工作方案|行动方案|任务分工|责任分工")
_REPORT = re.compile(
    "召开|学习|传达|宣讲|宣传|培训|座谈|调研|开展|举行|举办|专题会|动员|推进会|研究部署|走进|解读|图解|读懂|答记者问|发布会"
)
_LONG_AGO = timedelta(days=20000)  # where nothing bounds a time from below
_FORWARDED = re.compile(r"转发|转载|^[【\[(（〔]转")


@dataclass(frozen=True, slots=True)
class Copy:
    """A page or a row of the site that may be a repost."""

    key: str
    url: str
    title: str
    published_at: datetime | None
    precision: Precision | None
    weak: bool  # the shown time may be that of a later change
    doc_number: str | None
    links: frozenset[str]  # url_key
    first_seen: datetime
    absent_at: datetime | None  # last complete reading that lacked it
    observed_at: datetime
    sha256: str | None

    def window(self) -> Window:
        """When it was put on line: by the shown time, never later than our first sighting, never before a reading that lacked it."""
        earliest = self.absent_at
        latest = self.first_seen
        if self.published_at is not None:
            shown = window(self.published_at, self.precision)
            if shown.earliest <= self.first_seen and not self.weak:
                return Window(shown.earliest, min(shown.latest, self.first_seen))
        # A shown time after our first sighting was changed later: it says nothing of the first publication.
        return Window(earliest if earliest is not None and earliest < latest else latest - _LONG_AGO, latest)


class _Place:
    """Everything on one site that may be a repost, by 文号, link to the origin, and title."""

    def __init__(self, view: SiteView) -> None:
        self.by_number: dict[str, list[Copy]] = defaultdict(list)
        self.by_link: dict[str, list[Copy]] = defaultdict(list)
        entries: list[tuple[str, Copy]] = []
        for copy in _collect(view):
            if copy.doc_number:
                self.by_number[doc_number_key(copy.doc_number)].append(copy)
            for link in (*sorted(copy.links), copy.key):
                self.by_link[link].append(copy)
            entries.append((title_core(copy.title), copy))
        self.titles = TitleIndex(entries)


_place = per_view(_Place)


class Copies:
    """Everything on the site, and on its portal where it lives there, that may be a repost."""

    def __init__(self, view: SiteView, rule: Rule) -> None:
        self._rule = rule
        self._places = [_place(view)] + ([_place(view.parent)] if view.parent is not None and lives_on_parent(view) else [])

    def of(self, item: UpstreamItem) -> tuple[list[Copy], Copy | None]:
        """The certain reposts of an item, and where there is none the nearest uncertain one."""
        found: dict[str, Copy] = {}
        near: list[tuple[float, Copy]] = []
        number = doc_number_key(item.doc_number) if item.doc_number else None
        for place in self._places:
            for copy in place.by_number.get(number, ()) if number else ():
                found[copy.key] = copy
            for copy in place.by_link.get(url_key(item.url), ()):
                if self._speaks_about(copy, item):
                    near.append((self._rule.params["uncertain_from"], copy))
                else:
                    found[copy.key] = copy
        if len(core := title_core(item.title)) >= self._rule.params["min_title_chars"]:
            for place in self._places:
                for copy in place.titles.equal(core):
                    if not self._other_document(copy, item) and not self._speaks_about(copy, item):
                        found[copy.key] = copy
            # What is alike is only looked for where nothing is the same.
            for score, copy in () if found else self._alike(core, item):
                if score >= self._rule.params["certain_from"]:
                    found[copy.key] = copy
                else:
                    near.append((score, copy))
        return list(found.values()), max(near, key=lambda pair: pair[0])[1] if near and not found else None

    def _alike(self, core: str, item: UpstreamItem) -> list[tuple[float, Copy]]:
        alike = [pair for place in self._places for pair in place.titles.similar(core, self._rule.params["uncertain_from"])]
        return [
            (score, copy)
            for score, copy in alike
            if not (self._other_document(copy, item) or self._speaks_about(copy, item) or self._far(copy, item))
        ]

    def _far(self, copy: Copy, item: UpstreamItem) -> bool:
        """Whether two similar titles lie too far apart in time to be one document."""
        if item.published_at is None:
            return False
        at = copy.published_at or copy.first_seen
        return abs((civil(at) - civil(item.published_at)).days) > int(self._rule.params["match_days"])

    def _other_document(self, copy: Copy, item: UpstreamItem) -> bool:
        """Whether a page of the same title bears another 文号 of its own: the unit's own document, not the upper one."""
        if copy.doc_number is None or item.doc_number is None or _FORWARDED.search(bare(copy.title)):
            return False
        return doc_number_key(copy.doc_number) != doc_number_key(item.doc_number)

    def _speaks_about(self, copy: Copy, item: UpstreamItem) -> bool:
        """Whether a page reports on an item, explains it or carries it out, rather than carrying it."""
        title, original = bare(copy.title), bare(item.title)
        if _FORWARDED.search(title):
            return False
        for pattern in (_IMPLEMENTING, _REPORT):
            words = {match.group() for match in pattern.finditer(title)}
            if words - {match.group() for match in pattern.finditer(original)}:
                return True
        return False


def _collect(view: SiteView) -> Iterator[Copy]:
    rows: dict[str, list[Listing]] = defaultdict(list)
    for row in current_listings(view):
        rows[url_key(row.url) if row.url else f"{row.column_url} {row.title}"].append(row)
    for document in view.documents:
        listed = rows.pop(url_key(document.url), [])
        if not is_interpretation(document) and document.reading.kind is not DocumentKind.CONSULTATION:
            yield _of_document(document, listed)
    for key, listed in rows.items():
        yield _of_row(key, listed)


def _of_document(document: Document, listed: list[Listing]) -> Copy:
    reading = document.reading
    row = next((row for row in listed if row.date), None)
    shown = row.date if row else document.list_date
    published, precision = reading.published_at, reading.published_precision
    if published is None and shown is not None:
        published, precision = shown.value, shown.precision
    first = min([document.first_seen, *(row.first_seen for row in listed)])
    absent = [row.absent_at for row in listed if row.absent_at is not None]
    return Copy(
        key=url_key(document.url), url=document.url, title=title_of(document), published_at=published, precision=precision, weak=publication_is_weak(document),
        doc_number=reading.doc_number, links=frozenset(url_key(related.url) for related in reading.related), first_seen=first,
        absent_at=max(absent) if absent and len(absent) == len(listed) else None, observed_at=document.observed_at, sha256=document.sha256,
    )  # fmt: skip


def _of_row(key: str, listed: list[Listing]) -> Copy:
    row = min(listed, key=lambda row: row.first_seen)
    dated = next((row.date for row in listed if row.date), None)
    absent = [row.absent_at for row in listed if row.absent_at is not None]
    return Copy(
        key=key, url=row.url or row.column_url, title=row.title, published_at=dated.value if dated else None,
        precision=dated.precision if dated else None, weak=False, doc_number=None, links=frozenset(), first_seen=row.first_seen,
        absent_at=max(absent) if absent and len(absent) == len(listed) else None, observed_at=row.last_seen, sha256=None,
    )  # fmt: skip
