"""The front: bytes of a file to its text, by what the bytes are and not by what the file is called."""

from __future__ import annotations

import re

from crawler.files.docx import read_docx
from crawler.files.ofd import read_ofd
from crawler.files.packed import Packed, UnreadableError
from crawler.files.pdf import read_pdf
from crawler.files.sheets import read_sheets
from crawler.files.words import bounded, clean, is_garbled
from data.files import FileText

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PAGE = re.compile(rb"<(!doctype\s+html|html|head|body|script|meta|table)\b", re.I)
_SHEET_STREAMS = ("Workbook".encode("utf-16-le"), "Book".encode("utf-16-le"))
_LOCKED_STREAM = "EncryptedPackage".encode("utf-16-le")


def read_file(body: bytes, named: str | None = None) -> FileText:
    """Read a file. `named`: its type by its name, which only tells text from unknown bytes. What cannot be read says why."""
    head = body[:1024].lstrip(b"\xef\xbb\xbf \t\r\n\x00")
    if not head:
        return FileText("other", "file-broken")
    if b"%PDF-" in body[:1024]:
        return read_pdf(body)
    if body.startswith(b"PK\x03\x04"):
        return _packed(body)
    if body.startswith(_OLE):
        return _ole(body)
    if head.startswith(b"{\\rtf"):
        return FileText("rtf", "file-type-unread")
    if _PAGE.search(head):
        return FileText("html", "web-page")
    if named in ("txt", "csv") and b"\x00" not in body:
        return _plain(body)
    return FileText("other", "file-broken" if named in ("pdf", "docx", "xlsx", "xls", "ofd", "doc") else "file-type-unread")


def _packed(body: bytes) -> FileText:
    kind = "zip"
    try:
        packed = Packed(body)
        names = packed.sizes.keys()
        if "word/document.xml" in names:
            kind = "docx"
            return read_docx(packed)
        if "xl/workbook.xml" in names:
            return read_sheets(body, packed)
        if "OFD.xml" in names:
            kind = "ofd"
            return read_ofd(packed)
    except UnreadableError as unread:
        return FileText(kind, unread.why)
    return FileText("zip", "file-type-unread")


def _ole(body: bytes) -> FileText:
    """What the binary formats of old are packed in: of these only workbooks are read."""
    if _LOCKED_STREAM in body:
        return FileText("ole", "file-encrypted")
    if any(stream in body for stream in _SHEET_STREAMS):
        return read_sheets(body, None)
    return FileText("ole", "file-type-unread")


def _plain(body: bytes) -> FileText:
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = body.decode("gb18030", "replace")
    if is_garbled(text):
        return FileText("txt", "file-garbled", "", 1)
    kept, cut = bounded(clean(text))
    return FileText("txt", None, kept, 1, 0, cut)
