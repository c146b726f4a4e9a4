"""The text layer of a PDF, page by page, by PDFium."""

from __future__ import annotations

import re
from typing import Any

import pypdfium2
from pypdfium2 import raw

from crawler.files.words import MOST_CHARS, bounded, clean, is_garbled, is_too_little, visible, without_junk
from data.files import FileText

_MOST_PAGES = 600
_LOCKED = (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY)
_PICTURE = 0.5  # of the page's area
# The number of a page at its head or foot would stand in the middle of a sentence that goes on.
_PAGE_NUMBER = re.compile(r"^[-—–－\s]*(?:第\s*)?\d{1,4}(?:\s*页)?[-—–－\s]*\n|\n[-—–－\s]*(?:第\s*)?\d{1,4}(?:\s*页)?[-—–－\s]*$")
_PIECES = 40  # pictures of a page that are looked at: a scan is one, or a few strips


def read_pdf(body: bytes) -> FileText:
    """Read a PDF. One that asks for no password to be opened is read, whatever else its owner forbids."""
    try:
        document = pypdfium2.PdfDocument(body)
    except pypdfium2.PdfiumError as error:
        return FileText("pdf", "file-encrypted" if getattr(error, "err_code", None) in _LOCKED else "file-broken")
    pages = len(document)
    texts: list[str] = []
    blind = size = 0
    cut = pages > _MOST_PAGES
    for index in range(min(pages, _MOST_PAGES)):
        if size > MOST_CHARS:
            cut = True
            break
        try:
            page = document[index]
            words = page.get_textpage().get_text_range()
            blind += _is_picture(page)
        except pypdfium2.PdfiumError:
            blind += 1  # what it shows was not seen
            continue
        size += len(words)
        texts.append(_PAGE_NUMBER.sub("", words.strip()))
    return _told("\n".join(texts), pages, blind, cut)


def _told(text: str, pages: int, blind: int, cut: bool) -> FileText:
    if not pages:
        return FileText("pdf", "file-broken")
    if is_too_little(without_junk(text), pages) and not is_garbled(text):
        return FileText("pdf", "no-text-layer" if blind or not visible(text) else None, clean(text, close_gaps=True), pages, blind, cut)
    if is_garbled(text):
        return FileText("pdf", "file-garbled", "", pages, blind, cut)
    kept, more = bounded(clean(without_junk(text), close_gaps=True))
    return FileText("pdf", None, kept, pages, blind, cut or more)


def _is_picture(page: Any) -> bool:
    """Whether most of a page is one picture, or a few: a scan, also one over which a machine has laid what it read in it."""
    whole = page.get_width() * page.get_height()
    shown = 0.0
    for index, each in enumerate(page.get_objects(filter=(raw.FPDF_PAGEOBJ_IMAGE,), max_depth=3)):
        if index >= _PIECES:
            break
        left, bottom, right, top = each.get_bounds()
        shown += max(right - left, 0) * max(top - bottom, 0)
    return bool(whole > 0 and shown >= _PICTURE * whole)
