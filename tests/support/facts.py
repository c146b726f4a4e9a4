"""Small facts as a crawl would store them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from data.page_store import PageFact
from data.records import (
    Column,
    ColumnKind,
    DateRole,
    DocumentKind,
    DocumentReading,
    Home,
    Link,
    ListEntry,
    PageKind,
    Precision,
    ShownDate,
    Walk,
    WalkState,
)
from data.store import ColumnFact, Fetch
from tests.support.sites import moment

HOME = "http://www.example.gov.cn/"
START = moment("2026-11-20")


def shown(day: str, role: DateRole, where: str) -> ShownDate:
    return ShownDate(role, day, moment(f"{day}T00:00:00"), Precision.DAY, where)


def fetch(path: str, at: datetime = START) -> Fetch:
    return Fetch(HOME + path.lstrip("/"), at, 200, None, 0.1, 1000, "0" * 64)


def document_page(path: str, at: datetime, *, title: str = "题", published: str | None = None, body: str = "正文") -> PageFact:
    dates = (shown(published, DateRole.PUBLISHED, "field:发布日期"),) if published else ()
    reading = DocumentReading(
        DocumentKind.NOTICE,
        title,
        published_at=dates[0].value if dates else None,
        published_precision=Precision.DAY if dates else None,
        body=body,
        dates=dates,
    )
    return PageFact(HOME + path.lstrip("/"), at, PageKind.DOCUMENT, title, reading, "0" * 64, "utf-8", None)


def entry(title: str, *, path: str | None = None, day: str | None = "2026-11-10") -> ListEntry:
    return ListEntry(title, HOME + (path or f"{title}.html"), shown(day, DateRole.LIST, "row") if day else None)


def column_fact(
    at: datetime = START,
    *,
    name: str = "zcwj",
    canonical: str | None = None,
    parent: str | None = None,
    entries: Sequence[ListEntry] | None = (),
    complete: bool = True,
    fault: str | None = None,
) -> ColumnFact:
    """A column `name` at /name/ with one walk; `entries` None: it was not walked."""
    url = f"{HOME}{name}/"
    column = Column(
        url=url, site="unit", name=name, canonical=canonical, match=None, kind=ColumnKind.LIST, parent_url=f"{HOME}{parent}/" if parent else None,
        depth=1, path=(name,), hosted_by=None, reachable=fault is None, fault=fault, text_chars=0, first_seen=at, last_seen=at,
    )  # fmt: skip
    if entries is None:
        return ColumnFact(column, None, (), frozenset({"www.example.gov.cn"}))
    state, reason = (WalkState.COMPLETE, "no-pager") if complete else (WalkState.INCOMPLETE, "timeout")
    days = [one.date.value.date() for one in entries if one.date]
    walk = Walk(url, 0, at, state, reason, 1, len(entries), None, max(days, default=None))
    return ColumnFact(column, walk, tuple(entries), frozenset({"www.example.gov.cn"}))


def home_of(at: datetime, *, readable: bool = True) -> Home:
    links = (Link(f"{HOME}zwgk/", "政府信息公开", "text", "nav"),) if readable else ()
    return Home(HOME, at, "0" * 64, readable, None if readable else "timeout", links, 0)
