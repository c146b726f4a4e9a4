"""The records every room shares: frozen, typed, free of I/O.

Instants are timezone-aware datetimes (`_at`), civil dates are dates in Asia/Shanghai (`_on`).
An unknown value is None, never a guess.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from data.files import FileSeen

SHANGHAI = ZoneInfo("Asia/Shanghai")


# --- what a page says -------------------------------------------------------------------------


class PageKind(StrEnum):
    """What a fetched page is, read from the page itself."""

    DOCUMENT = "document"
    LIST = "list"
    INDEX = "index"
    HOME = "home"
    OTHER = "other"


class DocumentKind(StrEnum):
    POLICY_DOCUMENT = "policy-document"
    INTERPRETATION = "interpretation"
    NOTICE = "notice"
    NEWS = "news"
    GUIDE = "guide"
    ANNUAL_REPORT = "annual-report"
    CATALOGUE = "catalogue"
    CONSULTATION = "consultation"
    CONSULTATION_RESULT = "consultation-result"
    OTHER = "other"


class Precision(StrEnum):
    DAY = "day"
    MINUTE = "minute"
    SECOND = "second"


class DateRole(StrEnum):
    """What a shown date means; the raw text is kept with it."""

    MADE = "made"  # 成文日期, 生成日期
    ISSUED = "issued"  # 印发日期, 发文日期
    PUBLISHED = "published"  # 发布日期, 公开日期
    LIST = "list"  # the date of the row that led here; its role is not stated by the row
    META = "meta"  # <meta name="PubDate">: often the time of (re)generation
    SIGNED = "signed"  # 落款 date in the text
    URL = "url"  # a cross-check only


@dataclass(frozen=True, slots=True)
class ShownDate:
    """A date as shown, with its role, its raw text and where it stood."""

    role: DateRole
    raw: str
    value: datetime  # aware, Asia/Shanghai; 00:00 where only the day is shown
    precision: Precision
    where: str  # "field:发布日期", "header", "meta:PubDate", "row", "signature", "url"
    repaired: bool = False  # characters were lost and restored without ambiguity


@dataclass(frozen=True, slots=True)
class Attachment:
    url: str
    name: str
    type: str | None  # "pdf", "docx" …, from the file name


@dataclass(frozen=True, slots=True)
class RelatedLink:
    url: str
    title: str
    relation: str  # "interpretation", "original", "result", "attachment-twin", "related"


@dataclass(frozen=True, slots=True)
class Field:
    """One label and value of a visible metadata block, as printed (white space squeezed)."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class OutLink:
    """An anchor that leads to another host, as a reader of the page's source finds it."""

    url: str
    text: str
    hidden: str | None = None  # why no visitor sees it: "display-none", "off-screen", "zero-size", "same-colour" …


@dataclass(frozen=True, slots=True)
class DocumentReading:
    """What a document page shows. A field the page does not show is None."""

    kind: DocumentKind
    title: str | None
    published_at: datetime | None = None
    published_precision: Precision | None = None
    made_on: date | None = None
    issued_on: date | None = None
    doc_number: str | None = None
    index_number: str | None = None
    issuer: str | None = None
    source: str | None = None
    validity: str | None = None
    openness: str | None = None
    topic: str | None = None
    breadcrumb: tuple[str, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    related: tuple[RelatedLink, ...] = ()
    body: str = ""
    dates: tuple[ShownDate, ...] = ()
    fields: tuple[Field, ...] = ()
    marks: tuple[str, ...] = ()  # "published-disagrees:header,field", "date-repaired:made" …
    metas: Mapping[str, str] = field(default_factory=dict)  # name of each <meta> as printed -> content; "" where it is empty
    outlinks: tuple[OutLink, ...] = ()  # anchors to other hosts in or beside the text, hidden ones included; not those of head and foot
    media: Mapping[str, int] = field(default_factory=dict)  # "image", "video", "audio" -> how many the text shows


@dataclass(frozen=True, slots=True)
class ListEntry:
    """One row of a list, in page order."""

    title: str  # whole: title= before truncated text
    url: str | None  # absolute; None where the row opens by script only
    date: ShownDate | None
    section: str | None = None  # the list's heading, on an index page
    truncated: bool = False  # cut with … even in title=
    pinned: bool = False  # marked 置顶, or dated out of order at the top
    note: str | None = None  # text of a statement row such as 本年度未制定规范性文件
    cells: tuple[Field, ...] = ()  # of a row of a table: head and value of each cell beside the title; label "" without a head


@dataclass(frozen=True, slots=True)
class Pager:
    """How a list tells its pages. Base and direction are read from the page, not assumed."""

    contract: str  # "P1" … "P21" of the pagination catalogue; "links" for plain next links
    current: int  # 1-based
    pages: int | None  # declared number of pages
    records: int | None  # declared number of records
    next_url: str | None  # None on the last page, or where the next page needs a request body
    understood: bool = True  # False: a pager is there and its contract is not known


@dataclass(frozen=True, slots=True)
class Choice:
    """Slices of its list that a page offers to choose and no address leads to."""

    kind: str  # "years", "months", "kinds"
    names: tuple[str, ...]  # years and months as digits
    shown: str | None  # the one whose rows stand there, where the page marks it


@dataclass(frozen=True, slots=True)
class Link:
    """An anchor of a page."""

    url: str | None  # absolute; None for javascript:, # and empty hrefs
    text: str  # own text, else title=, else img alt; white space squeezed
    source: str  # where the label was read: "text", "title", "alt", "none"; "script" where a script makes the address of it
    region: str  # "nav", "menu", "body", "footer", "list"


class EmptyBecause(StrEnum):
    """Why a list page shows no rows."""

    PLACEHOLDER = "placeholder"  # says 暂无 …, 栏目建设中 …
    STATEMENT = "statement"  # a row that explains the gap (本年度未制定…)
    CONTAINER = "container"  # a list container with no row in it
    SCRIPT = "script"  # filled by script from elsewhere
    NONE = "none"  # no list container at all


@dataclass(frozen=True, slots=True)
class ListReading:
    """What a list page shows."""

    title: str | None
    entries: tuple[ListEntry, ...]
    pager: Pager | None
    container: str | None = None  # signature of the element holding the rows: "div.list>ul.news"
    empty: EmptyBecause | None = None  # set where entries is empty
    empty_text: str | None = None  # the placeholder or statement, as printed
    choice: Choice | None = None  # what else of the list there is, for all the page shows


@dataclass(frozen=True, slots=True)
class SiteIdentity:
    """What a page says of the site that serves it."""

    site_name: str | None = None
    site_code: str | None = None  # 网站标识码
    column_name: str | None = None
    column_type: str | None = None


@dataclass(frozen=True, slots=True)
class PageSurface:
    """What a home page or the page of a column shows as a whole."""

    text: str  # of its main part, at most 20,000 characters
    metas: Mapping[str, str]
    attachments: tuple[Attachment, ...] = ()
    footer: str | None = None
    resources: tuple[str, ...] = ()
    outlinks: tuple[OutLink, ...] = ()
    dated: int = 0  # rows that show a date
    days: tuple[date, ...] = ()  # of those that show its year,
    month_days: tuple[tuple[int, int], ...] = ()  # and month and day of those that do not


@dataclass(frozen=True, slots=True)
class PageReading:
    """Everything read from one fetched page."""

    url: str
    page: PageKind
    title: str | None  # heading of the page
    breadcrumb: tuple[Link, ...]
    document: DocumentReading | None
    listing: ListReading | None
    links: tuple[Link, ...]
    identity: SiteIdentity
    encoding: str
    encoding_conflict: str | None  # "declared utf-8, read as gb18030"
    text_chars: int  # visible characters of the main text
    marks: tuple[str, ...] = ()  # "script-shell", "truncated-input", "image-only-navigation" …
    surface: PageSurface | None = None  # where it was asked for
    nesting: tuple[tuple[str, str], ...] = ()  # entries of menus, each with the entry it hangs under, by address
    beside: tuple[str, ...] = ()  # entries of menus that stand in one list with the page's own
    further: tuple[str, ...] = ()  # pages on which a document's text goes on


# --- what we hold of a site -------------------------------------------------------------------


class WalkState(StrEnum):
    COMPLETE = "complete"
    INCOMPLETE = "incomplete"


# Reasons of a complete walk that did not read every page on its day: the list's first and last page stand as they did (or it says that
# it has as many rows), or its first page and the number of pages, and the last one waits for its turn.
ENDS_UNCHANGED = "ends-unchanged"
START_UNCHANGED = "start-unchanged"


@dataclass(frozen=True, slots=True)
class Walk:
    """One reading of a column's whole list, or how far it got. Only a complete one proves absence."""

    column_url: str
    crawl_id: int
    at: datetime
    state: WalkState
    reason: str  # evidence ("declared-total-read", "last-page", "no-pager", "placeholder" …) or reason key
    pages: int
    entries: int
    declared: int | None
    newest_on: date | None  # of this walk's rows and their documents, future dates left out
    undated: int = 0
    empty: EmptyBecause | None = None
    empty_text: str | None = None
    sha256: str | None = None  # of the first page's bytes
    newest_first: bool = False  # rows ran newest first over two pages or more, pinned rows aside
    whole_at: datetime | None = None  # when every page was read; before `at` where the list's unchanged pages vouch for the rest


@dataclass(frozen=True, slots=True)
class ColumnPage:
    """What the page of a column itself shows, beside its rows, at its last reading."""

    observed_at: datetime
    sha256: str | None
    text: str  # visible text of its main part, rows of lists included, at most 20,000 characters
    metas: Mapping[str, str] = field(default_factory=dict)
    links: tuple[Link, ...] = ()  # of its main part, side columns and foot, at most 500; the site's navigation left out
    attachments: tuple[Attachment, ...] = ()
    since: datetime | None = None  # when it was first read showing just this; None: not known


class ColumnKind(StrEnum):
    LIST = "list"
    SECTION = "section"  # holds other columns
    SINGLE_PAGE = "single-page"
    FORM = "form"
    LINK_OUT = "link-out"  # on another host
    UNKNOWN = "unknown"  # not read


@dataclass(frozen=True, slots=True)
class Column:
    """One column (栏目) of a site as found: where it hangs, what it is, what its walks showed."""

    url: str
    site: str
    name: str
    canonical: str | None  # id of the column catalogue
    match: str | None  # why it was matched: "synonym:政策文件", "registry", "url-hint:zcwj"
    kind: ColumnKind
    parent_url: str | None
    depth: int  # clicks from home; home's own links are 1
    path: tuple[str, ...]  # names from home down, itself last
    hosted_by: str | None  # site id of the parent portal where the column lives there
    reachable: bool | None  # target answered 200 with a page of its own; None not tried
    fault: str | None  # reason key of the last failed visit
    text_chars: int
    first_seen: datetime
    last_seen: datetime
    walks: tuple[Walk, ...] = ()  # oldest first, none later than the view's as_of
    appeared_after: datetime | None = None  # last complete crawl that lacked it; None: there from the first
    page: ColumnPage | None = None  # None: its page was never read
    files: tuple[FileSeen, ...] = ()  # of those that its page offers, the ones that were read
    dropped: tuple[FileSeen, ...] = ()  # files that its page offered once and does not now


@dataclass(frozen=True, slots=True)
class Listing:
    """A row of a column's list, with when it was seen there."""

    column_url: str
    url: str | None
    title: str
    date: ShownDate | None
    first_seen: datetime
    last_seen: datetime
    external: bool  # on a host that is not the site's
    absent_at: datetime | None = None  # last complete walk of the column that lacked it
    cells: tuple[Field, ...] = ()
    file: FileSeen | None = None  # where it leads to a file that was read


@dataclass(frozen=True, slots=True)
class Version:
    """What a document said before it said something else."""

    reading: DocumentReading
    observed_from: datetime
    observed_to: datetime
    sha256: str


@dataclass(frozen=True, slots=True)
class Document:
    """One stored page as of a moment: the reading, and what we know of its life."""

    url: str
    site: str
    columns: tuple[str, ...]  # canonical ids, the most specific first
    column_urls: tuple[str, ...]
    reading: DocumentReading
    first_seen: datetime
    last_seen: datetime
    observed_at: datetime  # when these bytes were fetched
    sha256: str
    list_title: str | None = None
    list_date: ShownDate | None = None
    earlier: tuple[Version, ...] = ()  # oldest first, the current one left out
    files: tuple[FileSeen, ...] = ()  # of its attachments, those that were read, in their order
    dropped: tuple[FileSeen, ...] = ()  # files that earlier versions offered and this one does not


class LinkKind(StrEnum):
    """What a link that was tried is on its page."""

    PAGE = "page"  # a page of the site itself
    ATTACHMENT = "attachment"
    EXTERNAL = "external"  # on another host: declared link-outs, upper columns
    VANISHED = "vanished"  # a document that the lists show no more: no page leads to it


@dataclass(frozen=True, slots=True)
class LinkVisit:
    """One try of a link."""

    at: datetime
    ok: bool | None  # None: it could not be observed, which says nothing of the link
    reason: str | None  # reason key where not ok: "http-404", "timeout", "robots-disallowed" …
    content_type: str | None = None
    size: int | None = None  # bytes, where the server told


@dataclass(frozen=True, slots=True)
class LinkTarget:
    """An address that pages of the site lead to, with how it answered."""

    url: str
    kind: LinkKind
    label: str  # of the anchor
    on: str  # address of the page where it stands (the first that was found); the home page's where it stands there
    visits: tuple[LinkVisit, ...]  # oldest first


class CrawlState(StrEnum):
    RUNNING = "running"
    COMPLETE = "complete"
    INCOMPLETE = "incomplete"  # some pages could not be observed
    BLOCKED = "blocked"  # nothing useful could be observed


@dataclass(frozen=True, slots=True)
class Crawl:
    """One visit to a site."""

    id: int
    site: str
    started_at: datetime
    finished_at: datetime | None
    state: CrawlState
    reason: str | None
    requests: int = 0
    pages: int = 0
    faults: Mapping[str, int] = field(default_factory=dict)  # reason key -> count


@dataclass(frozen=True, slots=True)
class Probe:
    """One visit to a home page, to see whether it opens."""

    at: datetime
    ok: bool
    elapsed_seconds: float
    reason: str | None  # "timeout", "refused", "http-503", "blocked-challenge" …
    ipv6: bool | None = None  # whether the name has an IPv6 address; None: the resolver could not tell


@dataclass(frozen=True, slots=True)
class Home:
    """What the home page showed at a visit."""

    url: str
    observed_at: datetime
    sha256: str | None
    readable: bool
    reason: str | None  # why not readable: "script-shell", "blocked-challenge", "timeout" …
    links: tuple[Link, ...]
    image_only_links: int  # anchors with an image and no alt or title
    marks: tuple[str, ...] = ()
    metas: Mapping[str, str] = field(default_factory=dict)
    footer: str | None = None  # visible text of the foot; None: none was recognised
    resources: tuple[str, ...] = ()  # absolute addresses of its scripts, frames and images, at most 300
    outlinks: tuple[OutLink, ...] = ()  # every anchor to another host, hidden ones included
    dated: int = 0  # rows on the page that show a date
    newest_on: date | None = None  # of these rows, future dates left out


@dataclass(frozen=True, slots=True)
class UpstreamItem:
    """An item of an upper site that lower sites have to carry."""

    site: str
    url: str
    title: str
    doc_number: str | None
    published_at: datetime | None
    published_precision: Precision | None
    first_seen: datetime
    sha256: str | None
    body: str = ""


@dataclass(frozen=True, slots=True)
class Upstream:
    """An upper site as a source of must-repost items."""

    site: str
    name: str
    items: tuple[UpstreamItem, ...]
    observed: bool  # its must-repost columns were read at least once
    reason: str | None


# --- what a rule says -------------------------------------------------------------------------


class Status(StrEnum):
    PASS = "pass"
    FAIL = "fail"
    DUE_SOON = "due-soon"
    NOT_APPLICABLE = "not-applicable"
    INCONCLUSIVE = "inconclusive"


class Severity(StrEnum):
    VETO = "veto"
    MAJOR = "major"
    MINOR = "minor"


class Confidence(StrEnum):
    CONFIRMED = "confirmed"
    SUSPECTED = "suspected"


class SubjectKind(StrEnum):
    SITE = "site"
    COLUMN = "column"
    DOCUMENT = "document"
    UPSTREAM_ITEM = "upstream-item"


@dataclass(frozen=True, slots=True)
class Subject:
    kind: SubjectKind
    url: str | None
    title: str
    column: str | None = None  # canonical id, for a column


@dataclass(frozen=True, slots=True)
class Measure:
    value: float | int
    unit: str  # "workday", "day", "hour", "month", "column", "part", "field", "percent"


@dataclass(frozen=True, slots=True)
class Clause:
    source: str
    clause: str
    quote: str


@dataclass(frozen=True, slots=True)
class Evidence:
    url: str
    observed_at: datetime
    sha256: str | None
    note: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one rule says of one subject as of a moment."""

    rule: str
    site: str
    status: Status
    severity: Severity
    confidence: Confidence
    subject: Subject
    reason: str  # key into the rule's wording
    message: str  # one sentence in Chinese
    as_of: datetime
    clauses: tuple[Clause, ...]
    evidence: tuple[Evidence, ...] = ()
    measured: Measure | None = None
    threshold: Measure | None = None
    due: datetime | None = None


# --- the life of a violation ------------------------------------------------------------------


class FindingState(StrEnum):
    OPEN = "open"
    NOTIFIED = "notified"
    ACKNOWLEDGED = "acknowledged"
    APPEALED = "appealed"
    RESOLVED = "resolved"
    WAIVED = "waived"
    EXPLAINED = "explained"


class StayKind(StrEnum):
    """Why a finding rests: nobody is told of it or pressed for it meanwhile."""

    APPEAL = "appeal"
    WAIVER = "waiver"
    EXPLANATION = "explanation"  # 情况说明


class StayEnd(StrEnum):
    """How a stay ended."""

    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    UPHELD = "upheld"  # of an appeal
    DISMISSED = "dismissed"  # of an appeal
    RESOLVED = "resolved"  # of an appeal: an observation showed the matter mended first


@dataclass(frozen=True, slots=True)
class Stay:
    """A waiver, an explanation or an appeal of one finding: who granted or filed it, on what ground, and for how long."""

    kind: StayKind
    by: str  # who approved the waiver, took the explanation, or appealed
    basis: str
    since: datetime
    until: date | None  # the last day it holds; None for an appeal, which holds until it is decided
    coefficient: float | None = None  # of an explanation: the share of the points it earns
    period: tuple[date, ...] = ()  # of an explanation: first and last day it speaks for
    ended_at: datetime | None = None
    end: StayEnd | None = None

    def holds(self, day: date) -> bool:
        """Whether it is in force on a day."""
        return self.end is None and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class FindingEvent:
    at: datetime
    who: str
    what: str  # "opened", "notified", "reopened", "resolved", "acknowledged" …
    why: str


@dataclass(frozen=True, slots=True)
class Finding:
    """A confirmed fail and its life."""

    id: str  # "F000123"
    verdict: Verdict  # the one that opened it
    state: FindingState
    first_found: datetime
    last_confirmed: datetime
    resolved_at: datetime | None
    rectify_by: date | None
    events: tuple[FindingEvent, ...] = ()
    stays: tuple[Stay, ...] = ()  # oldest first

    @property
    def stay(self) -> Stay | None:
        """The stay in force, which its state names; an appeal before what it may end in."""
        return next((stay for stay in reversed(self.stays) if stay.end is None and STAYED[stay.kind] is self.state), None)


STAYED = {
    StayKind.APPEAL: FindingState.APPEALED,
    StayKind.WAIVER: FindingState.WAIVED,
    StayKind.EXPLANATION: FindingState.EXPLAINED,
}
