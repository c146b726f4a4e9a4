"""What is true of the archetypes: hosts, columns, documents. Every page and every expectation derives from these records."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from simgov.truth import ColumnKind, Genre
from simgov.web import Tls


class Interpreted(StrEnum):
    """What a policy document's page says of its interpretation."""

    LINKED = "linked"
    HIDDEN = "hidden"  # in the page, not displayed
    IMAGE = "image"  # linked by a picture without a word
    UNLINKED = "unlinked"  # it exists, and only its own page says what it interprets
    EXTERNAL = "external"  # on another host
    MISSING = "missing"
    NOT_OWED = "not-owed"  # personnel


class Metas(StrEnum):
    COMPLETE = "complete"
    WRONG = "wrong"  # some tag is malformed or untrue
    SCRIPT = "script"  # written by a script: unknown to who does not run it
    NONE = "none"


class Way(StrEnum):
    """How the rows of a column can be had."""

    PAGES = "pages"  # they stand in pages with addresses of their own
    ENDPOINT = "endpoint"  # an open endpoint that the page names
    POSTBACK = "postback"  # by sending the page's own state back: not observable without a person or a browser
    BROKEN = "broken"  # the site does not give all of them to anybody


class Oddity(StrEnum):
    """What is nasty about a column."""

    PINNED = "pinned"  # an old row on top
    DRIFT = "drift"  # the pager names more pages than there are
    FLAP = "flap"  # empty on every other day
    STALE = "stale"
    MADE_IN_ROW = "made-in-row"  # the date of a row is 成文日期, not the publication
    SHORT_DATE = "short-date"  # the date of a row has no year
    EXTERNAL = "external"  # three rows of four lead to other hosts
    SECOND_DIALECT = "second-dialect"  # built by another template of the same host
    DEAD_ENDPOINT = "dead-endpoint"  # the endpoint is gone, the embedded rows remain
    FAILING_ENDPOINT = "failing-endpoint"  # 200 with an error or without the rows it counts
    UNRENDERED = "unrendered"  # template tags left in the metas


@dataclass(frozen=True, slots=True)
class Column:
    key: str
    name: str
    canonical: str | None
    kind: ColumnKind
    parent: str | None
    serial: int
    slug: str  # zwgk/zfxxgk/fdzdgknr/zcwj
    genre: Genre | None = None
    count: int = 0
    newest_days: int = 1
    span_days: int = 400
    per_page: int = 20
    in_nav: bool = False
    placeholder: str | None = None  # the row of a column that has nothing
    target: str | None = None  # the host that a link-out leads to
    text: tuple[str, ...] = ()
    oddities: frozenset[Oddity] = frozenset()
    way: Way = Way.PAGES
    encoding: str | None = None  # where it is not the host's
    limit: int | None = None  # rows that can be had at all, where the site does not give the rest

    def has(self, oddity: Oddity) -> bool:
        return oddity in self.oddities


@dataclass(frozen=True, slots=True)
class Host:
    """One address, and the archetype that its pages are built by."""

    id: str
    archetype: str  # "A" … "J", "parent", "wechat", "files"
    name: str
    unit: str
    short: str  # 甲县
    address: str
    site_code: str
    level: str
    profile: str | None
    columns: tuple[Column, ...] = ()
    scheme: str = "http"
    tls: Tls = Tls.NONE
    encoding: str = "utf-8"
    brackets: str = "〔〕"  # of 文号
    number_prefix: str = "政发"
    clock: str = "minute"  # how fine pages show the publication: day, minute, second
    compliant: bool = False  # every duty is met: whatever is reported of it is false
    role: str = "scored"
    watched: bool = True
    guard: str | None = None  # what stands before the pages of the guarded ministry
    guarded: frozenset[str] = frozenset()  # reason keys that observing it may give


@dataclass(frozen=True, slots=True)
class File:
    name: str
    type: str
    serial: int
    elsewhere: bool = False  # on the second host


@dataclass(frozen=True, slots=True)
class Document:
    """One page of a host."""

    id: int
    host: str
    column: str
    ordinal: int  # 0 is the column's oldest
    also: tuple[str, ...]  # further columns that list it
    genre: Genre
    title: str
    published_at: datetime  # as the page shows it
    appeared_at: datetime  # when it really came on line
    made_on: date | None
    number: str | None
    index_number: str | None
    issuer: str
    source: str
    topic: str | None
    validity: str | None
    abolished_on: date | None
    body: tuple[str, ...]
    files: tuple[File, ...]
    interpreted: Interpreted
    interpretation: int | None  # document id on the same host
    interprets: int | None
    copy_of: int | None  # document id on the upper host
    pinned: bool
    metas: Metas
    edited_at: datetime | None = None
    withdrawn_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Extra:
    """A row that leads to no page of this host."""

    kind: str  # file, wechat, upper, external
    title: str
    target: str  # path on the other host, or of the file
    host: str
    published_at: datetime


Entry = int | Extra  # an id of a document, or a row without one
