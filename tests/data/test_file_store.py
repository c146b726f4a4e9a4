"""What files said, kept and read back on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

import pytest

from data.calendar import WorkCalendar
from data.database import Database
from data.file_store import FileFact, known_files, offers
from data.files import FileText, Hidden
from data.page_store import PageFact
from data.reading import site_documents, site_view
from data.records import Attachment, Column, ColumnKind, ColumnPage, CrawlState, DocumentKind, DocumentReading, PageKind
from data.registry import Registry
from data.store import ColumnFact, CrawlTicket, Store
from data.urls import url_hash
from tests.alerts.builders import at

HOME = "http://www.example.gov.cn/"
DOCUMENT, FILE, OTHER = f"{HOME}a.html", f"{HOME}a.pdf", f"{HOME}b.pdf"
SITE = Registry.model_validate({"version": 1, "sites": [{"id": "unit", "name": "示例区人民政府", "profile": "town", "home": HOME}]}).sites[
    0
]
READING = DocumentReading(
    DocumentKind.NOTICE, "关于甲的通知", published_at=at("2026-11-01"), body="见附件。", attachments=(Attachment(FILE, "甲.pdf", "pdf"),)
)
TOLD = FileText("xlsx", None, "张某\t证号", 1, 0, False, (Hidden("工作表“甲”的B列", ((3, 5),)),))


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    opened = Database.open(database_url)
    yield opened
    opened.close()


def visit(database: Database, day: str, reading: DocumentReading, *files: FileFact) -> CrawlTicket:
    store = Store(database)
    ticket = store.begin("unit", "test:1", at(day), replayed=False)
    fact = PageFact(DOCUMENT, at(day), PageKind.DOCUMENT, reading.title, reading, f"{at(day):%d}" * 32, "utf-8", None)
    store.save(ticket, [], [fact], files=files)
    store.finish(ticket, at(day), CrawlState.COMPLETE, None, requests=1, pages=1, faults={})
    return ticket


def read(database: Database, day: str) -> tuple[tuple[str, datetime, str | None, FileText, tuple[FileText, ...]], ...]:
    (document,) = site_documents(database, SITE, at(day))
    return tuple((seen.url, seen.observed_at, seen.sha256, seen.file, seen.earlier) for seen in document.files)


def test_a_reading_is_kept_extended_and_followed_by_another(database: Database) -> None:
    masked = replace(TOLD, text="张某\t****", hidden=())
    visit(database, "2026-11-02", READING, FileFact(FILE, at("2026-11-02"), "a" * 64, TOLD))
    visit(database, "2026-11-03", READING, FileFact(FILE, at("2026-11-03"), "b" * 64, TOLD))  # other bytes, the same words
    visit(database, "2026-11-04", READING, FileFact(FILE, at("2026-11-04"), "b" * 64, None))  # the very same bytes
    visit(database, "2026-11-05", READING, FileFact(FILE, at("2026-11-05"), "c" * 64, masked))
    assert read(database, "2026-11-04") == ((FILE, at("2026-11-04"), "b" * 64, TOLD, ()),)
    assert read(database, "2026-11-02")[0][:3] == (FILE, at("2026-11-02"), "a" * 64)
    assert read(database, "2026-11-06") == ((FILE, at("2026-11-05"), "c" * 64, masked, (TOLD,)),)
    known = known_files(database, "unit")
    assert {key: (file.at, file.why) for key, file in known.items()} == {url_hash(FILE): (at("2026-11-05"), None)}


def test_what_a_document_offers_no_more_is_remembered(database: Database) -> None:
    visit(database, "2026-11-02", READING, FileFact(FILE, at("2026-11-02"), "a" * 64, TOLD))
    visit(database, "2026-11-03", replace(READING, attachments=(Attachment(OTHER, "乙.pdf", "pdf"),)))
    (document,) = site_documents(database, SITE, at("2026-11-04"))
    assert (document.files, [seen.url for seen in document.dropped]) == ((), [FILE])


def test_what_the_page_of_a_column_offers_no_more_is_remembered(database: Database) -> None:
    store, column_url = Store(database), f"{HOME}zwgk/"
    for day, files in (("2026-11-02", (Attachment(FILE, "甲.pdf", "pdf"),)), ("2026-11-03", ())):
        ticket = store.begin("unit", "test:1", at(day), replayed=False)
        page = ColumnPage(at(day), f"{at(day):%d}" * 32, "附件下载", {}, (), files)
        fact = PageFact(column_url, at(day), PageKind.INDEX, "政务公开", None, f"{at(day):%d}" * 32, "utf-8", None, page)
        column = Column(
            column_url,
            "unit",
            "政务公开",
            "zfxxgk",
            "synonym",
            ColumnKind.SECTION,
            None,
            1,
            ("政务公开",),
            None,
            True,
            None,
            4,
            at(day),
            at(day),
        )
        store.save(ticket, [], [fact], files=[FileFact(FILE, at(day), "a" * 64, TOLD)] if files else [])
        store.save_columns(ticket, [ColumnFact(column, None, (), frozenset())])
        store.finish(ticket, at(day), CrawlState.COMPLETE, None, requests=1, pages=1, faults={})
    registry = Registry(version=1, sites=(SITE,))
    views = [site_view(database, registry, SITE, at(day), WorkCalendar()) for day in ("2026-11-02", "2026-11-04")]
    assert [([seen.url for seen in view.columns[0].files], [seen.url for seen in view.columns[0].dropped]) for view in views] == [
        ([FILE], []), ([], [FILE]),
    ]  # fmt: skip


def test_why_a_file_was_not_read_and_that_nothing_came(database: Database) -> None:
    visit(database, "2026-11-02", READING, FileFact(FILE, at("2026-11-02"), None, FileText("pdf", "too-large")))
    assert [(sha256, file.why) for _, _, sha256, file, _ in read(database, "2026-11-02")] == [(None, "too-large")]
    assert known_files(database, "unit")[url_hash(FILE)].why == "too-large"


def test_the_offers_of_stored_documents(database: Database) -> None:
    visit(database, "2026-11-02", READING)
    (offer,) = offers(database, "unit", at("2026-10-01"))
    assert (offer.url, offer.kind, offer.published_at, offer.chars, offer.files) == (
        DOCUMENT, DocumentKind.NOTICE, at("2026-11-01"), 4, READING.attachments,
    )  # fmt: skip
    assert list(offers(database, "unit", at("2026-11-03"))) == []
    visit(database, "2026-11-04", replace(READING, attachments=()))
    assert list(offers(database, "unit", at("2026-10-01"))) == []
