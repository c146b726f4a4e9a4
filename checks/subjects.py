"""What a verdict is about."""

from __future__ import annotations

from data.records import Column, Document, Subject, SubjectKind, UpstreamItem
from data.view import SiteView


def site_subject(view: SiteView) -> Subject:
    return Subject(SubjectKind.SITE, view.site.home, view.site.name)


def column_subject(column: Column) -> Subject:
    return Subject(SubjectKind.COLUMN, column.url, column.name, column.canonical)


def document_subject(document: Document) -> Subject:
    return Subject(SubjectKind.DOCUMENT, document.url, document.reading.title or document.list_title or document.url)


def upstream_subject(item: UpstreamItem) -> Subject:
    return Subject(SubjectKind.UPSTREAM_ITEM, item.url, item.title)
