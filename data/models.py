"""The tables. No queries here: data/store.py and data/ledger.py hold them.

Facts are kept as intervals (first seen … last seen) so that any later moment can be recomputed from what was known by then.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any, ClassVar

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Date,
    DateTime,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

from data.records import SHANGHAI


class Instant(TypeDecorator[datetime]):
    """An aware instant; kept in UTC, given back in Asia/Shanghai. SQLite keeps no zone, so it is added here."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"naive datetime {value!r}; instants bear a zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return (value.replace(tzinfo=UTC) if value.tzinfo is None else value).astimezone(SHANGHAI)


Key = BigInteger().with_variant(Integer(), "sqlite")


class Base(DeclarativeBase):
    type_annotation_map: ClassVar = {
        datetime: Instant,
        date: Date,
        dict[str, Any]: JSON,
        list[Any]: JSON,
    }


class SiteRow(Base):
    """A site as the store knows it, with the lease of the crawl that runs on it."""

    __tablename__ = "sites"
    id: Mapped[str] = mapped_column(String(120), primary_key=True)
    fence: Mapped[int] = mapped_column(default=0)
    lease_owner: Mapped[str | None] = mapped_column(String(200))
    lease_until: Mapped[datetime | None]


class CrawlRow(Base):
    """One visit to a site."""

    __tablename__ = "crawls"
    id: Mapped[int] = mapped_column(Key, primary_key=True)
    site: Mapped[str] = mapped_column(ForeignKey("sites.id"))
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    state: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str | None] = mapped_column(String(80))
    requests: Mapped[int] = mapped_column(default=0)
    pages: Mapped[int] = mapped_column(default=0)
    faults: Mapped[dict[str, Any]] = mapped_column(default=dict)
    replayed: Mapped[bool] = mapped_column(default=False)
    archive: Mapped[str | None] = mapped_column(Text)  # its WARC file, below the archive folder
    partial: Mapped[bool] = mapped_column(default=False)  # a recheck: saw what it was sent for, and says nothing of the rest
    __table_args__ = (Index("ix_crawls_site_started", "site", "started_at"),)


class FetchRow(Base):
    """One answered or failed request."""

    __tablename__ = "fetches"
    id: Mapped[int] = mapped_column(Key, primary_key=True)
    crawl_id: Mapped[int] = mapped_column(ForeignKey("crawls.id"))
    url: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    status: Mapped[int | None]
    reason: Mapped[str | None] = mapped_column(String(80))  # fault key; None where the page was read
    elapsed_seconds: Mapped[float | None] = mapped_column(Float)
    size: Mapped[int | None]
    sha256: Mapped[str | None] = mapped_column(String(64))
    record: Mapped[int | None] = mapped_column(Key)  # where its record begins in the crawl's archive
    __table_args__ = (Index("ix_fetches_crawl", "crawl_id"),)


class RequestDayRow(Base):
    """How many requests a site had on a day (Asia/Shanghai), whatever asked: counted before they are made."""

    __tablename__ = "request_days"
    site: Mapped[str] = mapped_column(String(120), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    taken: Mapped[int] = mapped_column(default=0)


class CopyRow(Base):
    """The newest bytes of an address that is online, and by what its server knows them again."""

    __tablename__ = "copies"
    id: Mapped[int] = mapped_column(Key, primary_key=True)
    site: Mapped[str] = mapped_column(ForeignKey("sites.id"))
    url_hash: Mapped[bytes] = mapped_column(LargeBinary(16))
    sha256: Mapped[str] = mapped_column(String(64))
    etag: Mapped[str | None] = mapped_column(Text)
    last_modified: Mapped[str | None] = mapped_column(Text)
    reader: Mapped[str | None] = mapped_column(String(32))  # which reader read them; another one reads them again
    sent_at: Mapped[datetime]  # when the server last sent them, rather than saying that they are the same
    __table_args__ = (UniqueConstraint("site", "url_hash"),)


class BodyRow(Base):
    """Where the archive holds a body: one row a site and content."""

    __tablename__ = "bodies"
    id: Mapped[int] = mapped_column(Key, primary_key=True)
    site: Mapped[str] = mapped_column(ForeignKey("sites.id"))
    sha256: Mapped[str] = mapped_column(String(64))
    file: Mapped[str] = mapped_column(Text)  # below the archive folder
    record: Mapped[int] = mapped_column(Key)
    url: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    __table_args__ = (UniqueConstraint("site", "sha256"),)


class PageRow(Base):
    """One address of a site, with when it was first and last seen there."""

    __tablename__ = "pages"
    id: Mapped[int] = mapped_column(Key, primary_key=True)
    site: Mapped[str] = mapped_column(ForeignKey("sites.id"))
    url_hash: Mapped[bytes] = mapped_column(LargeBinary(16))  # blake2b of the URL: PostgreSQL cannot index long text
    url: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(String(20))
    first_seen: Mapped[datetime]
    last_seen: Mapped[datetime]
    fetched_at: Mapped[datetime]
    __table_args__ = (UniqueConstraint("site", "url_hash"),)


class PageVersionRow(Base):
    """What a page said while it said so: one row a content hash, with the span of its observations."""

    __tablename__ = "page_versions"
    id: Mapped[int] = mapped_column(Key, primary_key=True)
    page_id: Mapped[int] = mapped_column(ForeignKey("pages.id"))
    crawl_id: Mapped[int] = mapped_column(ForeignKey("crawls.id"))
    content_hash: Mapped[str] = mapped_column(String(64))  # of what a reader of the page would notice
    sha256: Mapped[str] = mapped_column(String(64))  # of the bytes that gave it first
    latest_sha256: Mapped[str | None] = mapped_column(String(64))  # of those that gave it last, at observed_to
    observed_from: Mapped[datetime]
    observed_to: Mapped[datetime]
    kind: Mapped[str] = mapped_column(String(20))
    title: Mapped[str | None] = mapped_column(Text)
    reading: Mapped[dict[str, Any] | None]  # a DocumentReading; None for pages that are no documents
    shown_dates: Mapped[list[Any]] = mapped_column(default=list)  # every date as shown: role, raw text, value, precision, where
    encoding: Mapped[str] = mapped_column(String(40))
    encoding_conflict: Mapped[str | None] = mapped_column(Text)
    __table_args__ = (Index("ix_page_versions_page", "page_id", "observed_from"),)


class PageAsideRow(Base):
    """What a page shows beside what its readers notice (metas and what follows from them), where that changed and the page did not."""

    __tablename__ = "page_asides"
    id: Mapped[int] = mapped_column(Key, primary_key=True)
    page_id: Mapped[int] = mapped_column(ForeignKey("pages.id"))
    at: Mapped[datetime]
    aside: Mapped[dict[str, Any]]  # the keys of a reading, or of a column's page, that it replaces
    __table_args__ = (Index("ix_page_asides_page", "page_id", "at"),)


class ColumnPageRow(Base):
    """What the page of a column showed as a whole while it showed that."""

    __tablename__ = "column_pages"
    id: Mapped[int] = mapped_column(Key, primary_key=True)
    page_id: Mapped[int] = mapped_column(ForeignKey("pages.id"))
    content_hash: Mapped[str] = mapped_column(String(64))  # of text, links and files; not of metas
    sha256: Mapped[str] = mapped_column(String(64))  # of the bytes that showed it last, at observed_to
    observed_from: Mapped[datetime]
    observed_to: Mapped[datetime]
    page: Mapped[dict[str, Any]]  # a ColumnPage
    __table_args__ = (Index("ix_column_pages_page", "page_id", "observed_from"),)


class ColumnRow(Base):
    """One column (栏目) of a site: an address in its navigation."""

    __tablename__ = "site_columns"
    id: Mapped[int] = mapped_column(Key, primary_key=True)
    site: Mapped[str] = mapped_column(ForeignKey("sites.id"))
    url_hash: Mapped[bytes] = mapped_column(LargeBinary(16))
    url: Mapped[str] = mapped_column(Text)
    first_seen: Mapped[datetime]
    last_seen: Mapped[datetime]
    appeared_after: Mapped[datetime | None]
    __table_args__ = (UniqueConstraint("site", "url_hash"),)


class ColumnVisitRow(Base):
    """What a crawl found a column to be."""

    __tablename__ = "column_visits"
    id: Mapped[int] = mapped_column(Key, primary_key=True)
    column_id: Mapped[int] = mapped_column(ForeignKey("site_columns.id"))
    crawl_id: Mapped[int] = mapped_column(ForeignKey("crawls.id"))
    at: Mapped[datetime]
    name: Mapped[str] = mapped_column(Text)
    canonical: Mapped[str | None] = mapped_column(String(40))
    match: Mapped[str | None] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(String(20))
    parent_url: Mapped[str | None] = mapped_column(Text)
    depth: Mapped[int]
    path: Mapped[list[Any]]
    hosted_by: Mapped[str | None] = mapped_column(String(120))
    reachable: Mapped[bool | None] = mapped_column(Boolean)
    fault: Mapped[str | None] = mapped_column(String(80))
    text_chars: Mapped[int]
    linked_at: Mapped[datetime | None]  # when a page last led to it
    __table_args__ = (UniqueConstraint("column_id", "crawl_id"),)


class WalkRow(Base):
    """One reading of a column's whole list, or how far it got."""

    __tablename__ = "walks"
    id: Mapped[int] = mapped_column(Key, primary_key=True)
    column_id: Mapped[int] = mapped_column(ForeignKey("site_columns.id"))
    crawl_id: Mapped[int] = mapped_column(ForeignKey("crawls.id"))
    at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(String(80))
    pages: Mapped[int]
    entries: Mapped[int]
    declared: Mapped[int | None]
    newest_on: Mapped[date | None]
    undated: Mapped[int] = mapped_column(default=0)
    empty: Mapped[str | None] = mapped_column(String(20))
    empty_text: Mapped[str | None] = mapped_column(Text)
    sha256: Mapped[str | None] = mapped_column(String(64))
    newest_first: Mapped[bool] = mapped_column(default=False)
    whole_at: Mapped[datetime | None]  # when every page of the list was read; earlier than `at` where its ends alone were asked
    first_rows: Mapped[bytes | None] = mapped_column(LargeBinary(16))  # what its first and its last page held, and where that one is
    last_rows: Mapped[bytes | None] = mapped_column(LargeBinary(16))
    last_url: Mapped[str | None] = mapped_column(Text)
    __table_args__ = (UniqueConstraint("column_id", "crawl_id"),)


class ListingRow(Base):
    """One row of a column's list while it stood so: a changed title or date makes a new one."""

    __tablename__ = "listings"
    id: Mapped[int] = mapped_column(Key, primary_key=True)
    column_id: Mapped[int] = mapped_column(ForeignKey("site_columns.id"))
    row_hash: Mapped[bytes] = mapped_column(LargeBinary(16))
    url: Mapped[str | None] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    shown_date: Mapped[dict[str, Any] | None]
    external: Mapped[bool]
    first_seen: Mapped[datetime]
    last_seen: Mapped[datetime]
    absent_at: Mapped[datetime | None]
    cells: Mapped[list[Any] | None]  # [since when, its cells] for each change of them, the last one last
    __table_args__ = (UniqueConstraint("column_id", "row_hash"),)


class HomeRow(Base):
    """What the home page showed at a visit."""

    __tablename__ = "homes"
    id: Mapped[int] = mapped_column(Key, primary_key=True)
    site: Mapped[str] = mapped_column(ForeignKey("sites.id"))
    crawl_id: Mapped[int] = mapped_column(ForeignKey("crawls.id"))
    at: Mapped[datetime]
    url: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str | None] = mapped_column(String(64))
    readable: Mapped[bool]
    reason: Mapped[str | None] = mapped_column(String(80))
    page_hash: Mapped[str | None] = mapped_column(String(64))  # what it held, in home_pages
    image_only_links: Mapped[int]
    marks: Mapped[list[Any]]
    metas: Mapped[dict[str, Any] | None]
    dated: Mapped[int] = mapped_column(default=0)
    newest_on: Mapped[date | None]
    __table_args__ = (UniqueConstraint("site", "crawl_id"),)


class HomePageRow(Base):
    """What a home page held: one row a content, however many visits found it."""

    __tablename__ = "home_pages"
    id: Mapped[int] = mapped_column(Key, primary_key=True)
    site: Mapped[str] = mapped_column(ForeignKey("sites.id"))
    content_hash: Mapped[str] = mapped_column(String(64))
    page: Mapped[dict[str, Any]]  # links, footer, resources, outlinks
    __table_args__ = (UniqueConstraint("site", "content_hash"),)


class LinkVisitRow(Base):
    """How a link answered, from the first to the last try in a row that came to the same."""

    __tablename__ = "link_visits"
    id: Mapped[int] = mapped_column(Key, primary_key=True)
    site: Mapped[str] = mapped_column(ForeignKey("sites.id"))
    url_hash: Mapped[bytes] = mapped_column(LargeBinary(16))
    url: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(String(20))
    label: Mapped[str] = mapped_column(Text)
    on_url: Mapped[str] = mapped_column(Text)  # where it stands
    observed_from: Mapped[datetime]
    observed_to: Mapped[datetime]
    ok: Mapped[bool | None] = mapped_column(Boolean)
    reason: Mapped[str | None] = mapped_column(String(80))
    content_type: Mapped[str | None] = mapped_column(String(120))
    size: Mapped[int | None] = mapped_column(BigInteger)
    __table_args__ = (Index("ix_link_visits_site_url", "site", "url_hash"),)


class FileTextRow(Base):
    """What a file of a site said, from the first to the last reading in a row that came to the same."""

    __tablename__ = "file_texts"
    id: Mapped[int] = mapped_column(Key, primary_key=True)
    site: Mapped[str] = mapped_column(ForeignKey("sites.id"))
    url_hash: Mapped[bytes] = mapped_column(LargeBinary(16))
    url: Mapped[str] = mapped_column(Text)
    observed_from: Mapped[datetime]
    observed_to: Mapped[datetime]
    sha256: Mapped[str | None] = mapped_column(String(64))  # of the bytes that said it first,
    latest_sha256: Mapped[str | None] = mapped_column(String(64))  # and last
    file: Mapped[dict[str, Any]]  # a FileText
    __table_args__ = (Index("ix_file_texts_site_url", "site", "url_hash"),)


class ProbeRow(Base):
    """One visit to a home page, to see whether it opens."""

    __tablename__ = "probes"
    id: Mapped[int] = mapped_column(Key, primary_key=True)
    site: Mapped[str] = mapped_column(ForeignKey("sites.id"))
    at: Mapped[datetime]
    ok: Mapped[bool]
    elapsed_seconds: Mapped[float]
    reason: Mapped[str | None] = mapped_column(String(80))
    ipv6: Mapped[bool | None] = mapped_column(Boolean)
    __table_args__ = (Index("ix_probes_site_at", "site", "at"),)


class CheckRunRow(Base):
    """One judging of stored facts as of a moment."""

    __tablename__ = "check_runs"
    id: Mapped[int] = mapped_column(Key, primary_key=True)
    as_of: Mapped[datetime]
    sites: Mapped[list[Any]]  # site ids judged
    errors: Mapped[list[Any]]  # our own: rule, site, what happened


class VerdictRow(Base):
    """The latest verdict of a rule on a subject; replaced when its site and rule are judged again."""

    __tablename__ = "verdicts"
    id: Mapped[int] = mapped_column(Key, primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("check_runs.id"))
    site: Mapped[str] = mapped_column(String(120))
    rule: Mapped[str] = mapped_column(String(80))
    status: Mapped[str] = mapped_column(String(20))
    position: Mapped[int]  # order within its run
    verdict: Mapped[dict[str, Any]]
    __table_args__ = (Index("ix_verdicts_site_rule", "site", "rule"),)


class WeekScoreRow(Base):
    """A closed week's figures of one site, for trend and change; kept so that history need not be recomputed."""

    __tablename__ = "week_scores"
    id: Mapped[int] = mapped_column(Key, primary_key=True)
    week: Mapped[str] = mapped_column(String(10))
    site: Mapped[str] = mapped_column(String(120))
    figures: Mapped[dict[str, Any]]
    __table_args__ = (UniqueConstraint("week", "site"),)


class FindingRow(Base):
    """A confirmed fail and where it stands in its life."""

    __tablename__ = "findings"
    id: Mapped[int] = mapped_column(Key, primary_key=True)
    key: Mapped[str] = mapped_column(String(64), unique=True)  # hash of rule, site and subject
    site: Mapped[str] = mapped_column(String(120))
    rule: Mapped[str] = mapped_column(String(80))
    state: Mapped[str] = mapped_column(String(20))
    opened: Mapped[dict[str, Any]]  # the verdict that opened it
    latest: Mapped[dict[str, Any]]  # the last verdict that confirmed it
    first_found: Mapped[datetime]
    last_confirmed: Mapped[datetime]
    resolved_at: Mapped[datetime | None]
    rectify_by: Mapped[date | None]
    __table_args__ = (Index("ix_findings_site_state", "site", "state"),)


class FindingEventRow(Base):
    """Append-only: who did what to a finding, when and why."""

    __tablename__ = "finding_events"
    id: Mapped[int] = mapped_column(Key, primary_key=True)
    finding_id: Mapped[int] = mapped_column(ForeignKey("findings.id"))
    at: Mapped[datetime]
    who: Mapped[str] = mapped_column(String(200))
    what: Mapped[str] = mapped_column(String(40))
    why: Mapped[str] = mapped_column(Text)
    __table_args__ = (Index("ix_finding_events_finding", "finding_id"),)


class FindingStayRow(Base):
    """A waiver, an explanation or an appeal of a finding."""

    __tablename__ = "finding_stays"
    id: Mapped[int] = mapped_column(Key, primary_key=True)
    finding_id: Mapped[int] = mapped_column(ForeignKey("findings.id"))
    kind: Mapped[str] = mapped_column(String(20))
    by: Mapped[str] = mapped_column(String(200))
    basis: Mapped[str] = mapped_column(Text)
    since: Mapped[datetime]
    until: Mapped[date | None]
    coefficient: Mapped[float | None] = mapped_column(Float)
    period_from: Mapped[date | None]
    period_to: Mapped[date | None]
    ended_at: Mapped[datetime | None]
    end: Mapped[str | None] = mapped_column(String(20))
    __table_args__ = (Index("ix_finding_stays_finding", "finding_id"),)


class FindingTaskRow(Base):
    """Who has a finding in hand, and the office's own date for it."""

    __tablename__ = "finding_tasks"
    finding_id: Mapped[int] = mapped_column(Key, ForeignKey("findings.id"), primary_key=True, autoincrement=False)
    owner: Mapped[str | None] = mapped_column(String(200))
    due_on: Mapped[date | None]


class OutboxRow(Base):
    """One message to one channel, from the moment it is due until it is delivered or given up."""

    __tablename__ = "outbox"
    id: Mapped[int] = mapped_column(Key, primary_key=True)
    key: Mapped[str] = mapped_column(String(64), unique=True)  # idempotency: audience, channel, what it tells
    audience: Mapped[str] = mapped_column(Text)
    channel: Mapped[str] = mapped_column(Text)  # as the registry writes it: ${ENV} is not filled in here
    kind: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(Text)
    body: Mapped[str] = mapped_column(Text)
    findings: Mapped[list[Any]]
    attachments: Mapped[list[Any]] = mapped_column(default=list)  # paths
    state: Mapped[str] = mapped_column(String(20))  # a MessageState
    attempts: Mapped[int] = mapped_column(default=0)
    parts_done: Mapped[int] = mapped_column(default=0)  # of a message that goes out in parts: how many the channel took
    uncertain: Mapped[int] = mapped_column(default=0)  # how often a process died between sending and knowing
    fallback_of: Mapped[int | None] = mapped_column(ForeignKey("outbox.id"))  # the message that this one replaces on another channel
    created_at: Mapped[datetime]
    next_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    last_error: Mapped[str | None] = mapped_column(Text)
    __table_args__ = (Index("ix_outbox_state_next", "state", "next_at"),)


class DeliveryEventRow(Base):
    """Append-only: what came of each attempt to deliver a message."""

    __tablename__ = "delivery_events"
    id: Mapped[int] = mapped_column(Key, primary_key=True)
    outbox_id: Mapped[int] = mapped_column(ForeignKey("outbox.id"))
    at: Mapped[datetime]
    what: Mapped[str] = mapped_column(String(20))  # a DeliveryEvent
    note: Mapped[str | None] = mapped_column(Text)  # masked
    __table_args__ = (Index("ix_delivery_events_outbox", "outbox_id"),)


class ChannelRow(Base):
    """How a channel is doing."""

    __tablename__ = "channels"
    key: Mapped[str] = mapped_column(String(64), primary_key=True)  # hash of the channel: PostgreSQL cannot index long text
    channel: Mapped[str] = mapped_column(Text)  # as the registry writes it
    failing_since: Mapped[datetime | None]  # the first failure since the last success
    last_error: Mapped[str | None] = mapped_column(Text)
    posts: Mapped[list[Any]] = mapped_column(default=list)  # when it was posted to in the last minute, by the real clock


class ScheduledRow(Base):
    """A task of the schedule: when it runs next, and the run in flight."""

    __tablename__ = "scheduled_tasks"
    id: Mapped[str] = mapped_column(String(160), primary_key=True)  # crawl:SITE, check …
    kind: Mapped[str] = mapped_column(String(20))
    site: Mapped[str | None] = mapped_column(String(120))
    next_at: Mapped[datetime]
    running_since: Mapped[datetime | None]
    started_at: Mapped[datetime | None]  # of the last run
    finished_at: Mapped[datetime | None]
    status: Mapped[int | None]  # its exit status


class ScheduleEventRow(Base):
    """What did not go as scheduled, for the operator."""

    __tablename__ = "schedule_events"
    id: Mapped[int] = mapped_column(Key, primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))  # of the task
    what: Mapped[str] = mapped_column(String(20))  # missed, interrupted, failed
    at: Mapped[datetime]
    due_at: Mapped[datetime]  # when the first of the runs was due
    runs: Mapped[int]
    note: Mapped[str] = mapped_column(Text)
