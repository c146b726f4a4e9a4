"""The front of extraction: bytes of a fetched page to one reading."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import replace

from crawler.extract.breadcrumb import read_trail
from crawler.extract.classify import judge
from crawler.extract.document import read_document
from crawler.extract.headings import list_title, page_title
from crawler.extract.identity import read_identity
from crawler.extract.links import read_beside, read_links, read_nesting
from crawler.extract.lists import survey
from crawler.extract.outline import outline
from crawler.extract.page import Page
from crawler.extract.parts import further_parts
from crawler.extract.slices import read_choice
from crawler.extract.surface import read_surface
from data.records import DocumentReading, Link, ListReading, PageKind, PageReading


def read(
    body: bytes, url: str, *, content_type: str | None = None, whole: Container[PageKind] = (), part_of: str | None = None
) -> PageReading:
    """Read one fetched page: what it is, and what it shows; of the kinds in `whole` its surface too. Raises InputError for what is no HTML.

    `part_of`: where the text begins that goes on here; such a page is read as a document, whatever it looks like by itself.
    """
    page = Page(body, url, content_type=content_type)
    judged = judge(page)
    document: DocumentReading | None = None
    listing: ListReading | None = None
    if judged.kind is PageKind.DOCUMENT or part_of is not None:
        document = read_document(page)
    elif judged.kind in (PageKind.LIST, PageKind.INDEX) or judged.listing is not None:
        listing = replace(judged.listing, pager=judged.pager, choice=read_choice(page)) if judged.listing is not None else None
    links = read_links(page, lists=document is None)
    marks = list(page.marks)
    marks += [mark for mark in judged.marks if mark not in marks]
    if _image_only(links):
        marks.append("image-only-navigation")
    return PageReading(
        url=url,
        page=judged.kind,
        title=_title(page, judged.kind, document, listing),
        breadcrumb=read_trail(page),
        document=document,
        listing=listing,
        links=links,
        identity=read_identity(page),
        encoding=page.encoding,
        encoding_conflict=page.encoding_conflict,
        text_chars=_text_chars(page, document),
        marks=tuple(marks),
        surface=read_surface(page) if judged.kind in whole else None,
        nesting=read_nesting(page),
        beside=read_beside(page),
        further=further_parts(page, part_of or url) if document is not None else (),
    )


def _title(page: Page, kind: PageKind, document: DocumentReading | None, listing: ListReading | None) -> str | None:
    if document is not None:
        return document.title
    if listing is not None and kind in (PageKind.LIST, PageKind.INDEX):
        return listing.title
    return page_title(page) if kind in (PageKind.HOME, PageKind.OTHER) else list_title(page)


def _text_chars(page: Page, document: DocumentReading | None) -> int:
    """Characters of the document's text, else of what stands in the content area."""
    if document is not None:
        return len("".join(document.body.split()))
    regions = survey(page).regions
    return sum(block.chars for block in outline(page).blocks if regions.of(block.element) in ("body", "side"))


def _image_only(links: tuple[Link, ...]) -> bool:
    """Whether the navigation consists of pictures without words."""
    menu = [link for link in links if link.region in ("nav", "menu") and link.url is not None]
    return len(menu) >= 4 and sum(link.source == "none" for link in menu) * 2 > len(menu)
