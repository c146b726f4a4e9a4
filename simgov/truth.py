"""The ground truth: what exists on the simulated sites. Every page and every expected verdict derives from it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum


class FamilyName(StrEnum):
    """How a site is built; the letters are the archetypes of the simulator's design."""

    TRS = "trs"  # A
    HANWEB = "hanweb"  # B
    GKMLPT = "gkmlpt"  # D
    VSB = "vsb"  # F


class Pager(StrEnum):
    P1 = "P1"
    P3 = "P3"
    P11 = "P11"
    P15 = "P15"
    P16 = "P16"


class ColumnKind(StrEnum):
    LIST = "list"
    SECTION = "section"  # holds other columns only
    PAGE = "page"  # one text
    FORM = "form"
    LINK_OUT = "link-out"  # lives on another host


class Genre(StrEnum):
    POLICY = "policy"  # in scope of interpretation
    PLAIN = "plain"  # 任免, 批复, 会议, 表彰, 公告 …: no interpretation owed
    INTERPRETATION = "interpretation"
    NOTICE = "notice"
    NEWS = "news"
    REPOST = "repost"
    OTHER = "other"


class Outcome(StrEnum):
    """What the product must say of a seeded subject."""

    FAIL = "fail"
    NEVER_FAIL = "never-fail"
    EITHER = "either"  # the rules leave it open; a fail here is no false accusation


@dataclass(frozen=True, slots=True)
class Site:
    """One host. `watched` sites stand in the registry."""

    id: str
    name: str
    unit: str
    short: str  # 示例区教育局
    family: FamilyName
    address: str  # 127.0.0.12
    site_code: str
    level: str
    profile: str | None
    role: str = "scored"
    parent: str | None = None
    upper: tuple[str, ...] = ()
    watched: bool = True
    hosted_at: str | None = None  # column of the parent where a unit without own site lives
    commented_nav: tuple[tuple[str, str], ...] = ()  # (name, path) left in an HTML comment
    disclosure_as_image: bool = False  # the entry on the home page is an image with alt
    encoding: str = "utf-8"
    date_only: bool = False  # pages show no time of day


@dataclass(frozen=True, slots=True)
class Column:
    id: str  # "district-portal/zcwj"
    site: str  # who serves it
    owner: str  # who owes what stands in it
    name: str
    canonical: str | None
    slug: str  # zwgk/zfxxgk/zcwj
    serial: int
    kind: ColumnKind
    parent: str | None = None
    label_html: str | None = None  # as written in navigation, where it differs from the name
    page_size: int = 20
    pager: Pager = Pager.P1
    text: tuple[str, ...] = ()
    empty_text: str | None = None  # what an empty list says
    statement: str | None = None  # a row that explains why there is nothing
    target: str | None = None  # link-out: id of a column elsewhere
    in_nav: bool = False  # stands in the site's navigation bar
    opened_at: datetime | None = None


class FileForm(StrEnum):
    """What lies behind the name of a file."""

    TEXT = "text"  # what the name says, with its words as text
    SCAN = "scan"  # a PDF of pictures
    LOCKED = "locked"  # a PDF that asks for a password
    BROKEN = "broken"  # a PDF that ends in its middle
    HIDDEN = "hidden"  # a workbook whose second column is hidden
    PAGE = "page"  # a web page
    GONE = "gone"  # nothing: 404


@dataclass(frozen=True, slots=True)
class Attachment:
    name: str
    type: str
    lines: tuple[str, ...] = ()  # what it says; cells between "|". Without lines, what its document says
    form: FileForm = FileForm.TEXT


@dataclass(frozen=True, slots=True)
class Related:
    document: str
    heading: str = "相关解读"
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Document:
    id: str  # "district-portal/1042"
    site: str
    owner: str
    serial: int
    columns: tuple[str, ...]  # its own column first
    genre: Genre
    title: str
    published_at: datetime
    made_on: date | None = None
    issued_on: date | None = None
    number: str | None = None
    number_prefix: str | None = None
    index_number: str | None = None
    issuer: str | None = None
    source: str | None = None
    topic: str | None = None
    validity: str | None = None
    body: tuple[str, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    interprets: tuple[str, ...] = ()
    related: tuple[Related, ...] = ()
    copy_of: str | None = None  # the upper document that it carries
    links_out: bool = False  # the row leads to copy_of itself
    pinned: bool = False
    shown_as: tuple[tuple[str, str], ...] = ()  # field label -> what the page shows instead; "" for no such field
    number_under_title: bool = False  # the 文号 stands only as a line under the title
    withdrawn_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Seed:
    """A planted violation or a compliant look-alike, and what must be said of it."""

    rule: str
    site: str
    kind: str  # site, column, document, upstream-item
    subject: str | None  # column or document id; None for a site
    outcome: Outcome
    why: str
    severity: str | None = None
    measured: float | None = None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The district as it stands at a moment: what is published later is not there."""

    moment: datetime
    sites: dict[str, Site]
    columns: dict[str, Column]
    documents: dict[str, Document]
    _listed: dict[str, tuple[Document, ...]] = field(repr=False)

    def listed(self, column_id: str) -> tuple[Document, ...]:
        """The rows of a column: pinned ones first, then newest first."""
        return self._listed.get(column_id, ())

    def children(self, column_id: str) -> tuple[Column, ...]:
        return tuple(column for column in self.columns.values() if column.parent == column_id)

    def nav(self, site_id: str) -> tuple[Column, ...]:
        return tuple(column for column in self.columns.values() if column.site == site_id and column.in_nav)

    def trail(self, column: Column) -> tuple[Column, ...]:
        """A column's ancestors from the top down, itself last."""
        chain = [column]
        while chain[0].parent is not None:
            chain.insert(0, self.columns[chain[0].parent])
        return tuple(chain)


def snapshot(moment: datetime, sites: dict[str, Site], columns: tuple[Column, ...], documents: tuple[Document, ...]) -> Snapshot:
    """Everything that is open and published at a moment."""
    open_columns = {column.id: column for column in columns if column.opened_at is None or column.opened_at <= moment}
    live = {
        document.id: document
        for document in documents
        if document.published_at <= moment and (document.withdrawn_at is None or document.withdrawn_at > moment)
    }
    listed: dict[str, list[Document]] = {}
    for document in live.values():
        for column_id in document.columns:
            listed.setdefault(column_id, []).append(document)
    rows = {
        column_id: tuple(sorted(members, key=lambda one: (one.pinned, one.published_at, one.serial), reverse=True))
        for column_id, members in listed.items()
    }
    return Snapshot(moment, sites, open_columns, live, rows)
