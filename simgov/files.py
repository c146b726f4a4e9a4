"""Files as district governments publish them, made from their words: text PDFs and scans, Office files, OFD, locked and broken ones."""

from __future__ import annotations

import hashlib
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from io import BytesIO
from xml.sax.saxutils import escape

from openpyxl import Workbook

from simgov.truth import Attachment, Document, FileForm

_KINDS = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_LOCK = "gongkai"
_PER_LINE, _LINES = 36, 48
_PADDING = bytes.fromhex("28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A")


def made(document: Document, file: Attachment) -> tuple[bytes, str] | None:
    """The bytes of a document's file and their content type; None where it is gone."""
    lines = file.lines or (document.title, *document.body)
    match file.form:
        case FileForm.GONE:
            return None
        case FileForm.PAGE:
            return f"<!DOCTYPE html><html><body><p>{escape(document.title)}，请登录后下载。</p></body></html>".encode(), "text/html"
        case FileForm.SCAN:
            return scanned_pdf(2), _KINDS["pdf"]
        case FileForm.LOCKED:
            return text_pdf("\n".join(lines), password=_LOCK), _KINDS["pdf"]
        case FileForm.BROKEN:
            return broken_pdf(), _KINDS["pdf"]
    return _of_type(file, lines), _KINDS.get(file.type, "application/octet-stream")


def _of_type(file: Attachment, lines: Sequence[str]) -> bytes:
    match file.type:
        case "pdf":
            return text_pdf("\n".join(lines))
        case "docx":
            return docx(lines)
        case "xlsx":
            return xlsx([line.split("|") for line in lines], hidden_column="B" if file.form is FileForm.HIDDEN else None)
        case "ofd":
            return ofd(lines)
        case _:
            return doc()


def text_pdf(text: str, *, encoding: str = "UniGB-UCS2-H", password: str | None = None) -> bytes:
    """A PDF with its words as text, broken into lines as a typesetter breaks them, in a font that is not in the file.

    `encoding`: "UniGB-UCS2-H", "GBK-EUC-H", or "Identity-H", whose codes say nothing without the font. `password`: asked for to open it.
    """
    lines = [line[start : start + _PER_LINE] for line in text.split("\n") for start in range(0, max(len(line), 1), _PER_LINE)]
    pages = [lines[start : start + _LINES] for start in range(0, len(lines), _LINES)]
    system = (
        "/Registry(Adobe)/Ordering(Identity)/Supplement 0" if encoding == "Identity-H" else "/Registry(Adobe)/Ordering(GB1)/Supplement 2"
    )
    font = (
        f"<</Type/Font/Subtype/Type0/BaseFont/SimSun/Encoding/{encoding}/DescendantFonts[<</Type/Font/Subtype/CIDFontType2/BaseFont/SimSun"
        f"/CIDSystemInfo<<{system}>>/DW 1000/FontDescriptor<</Type/FontDescriptor/FontName/SimSun/Flags 4/FontBBox[0 -200 1000 900]"
        "/ItalicAngle 0/Ascent 900/Descent -200/CapHeight 800/StemV 80>>>>]>>"
    )
    contents = []
    for page in pages:
        shown = "".join(f"<{_code(line, encoding)}> Tj T*\n" for line in page)
        contents.append(f"BT /F 11 Tf 15 TL 60 780 Td\n{shown}ET".encode())
    return _pdf(contents, "/Font<</F {extra} 0 R>>", font.encode(), password)


def scanned_pdf(pages: int = 1) -> bytes:
    """A PDF of which every page is one picture."""
    image = zlib.compress(bytes(255 if (row * column) % 7 else 60 for row in range(64) for column in range(64)))
    head = b"<</Type/XObject/Subtype/Image/Width 64/Height 64/ColorSpace/DeviceGray/BitsPerComponent 8/Filter/FlateDecode/Length %d>>"
    picture = head % len(image) + b"stream\n" + image + b"\nendstream"
    return _pdf([b"q 595 0 0 842 0 0 cm /I Do Q"] * pages, "/XObject<</I {extra} 0 R>>", picture, None)


def broken_pdf() -> bytes:
    """A PDF of which only the beginning was ever stored."""
    return b"%PDF-1.4\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n2 0 obj\n<</Type/Pa"


def docx(lines: Sequence[str]) -> bytes:
    """A Word document of so many paragraphs."""
    body = "".join(f"<w:p><w:r><w:t>{escape(line)}</w:t></w:r></w:p>" for line in lines)
    return _zip(
        {
            "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
            "word/document.xml": (
                f'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>{body}</w:body></w:document>'
            ),
        }
    )


def ofd(lines: Sequence[str]) -> bytes:
    """An OFD of one page."""
    text = "".join(
        f'<TextObject Boundary="20 {20 + 6 * number} 170 5"><TextCode X="0" Y="4">{escape(line)}</TextCode></TextObject>'
        for number, line in enumerate(lines)
    )
    space = 'xmlns="http://www.ofdspec.org/2016"'
    return _zip(
        {
            "OFD.xml": f"<OFD {space}><DocBody><DocRoot>Doc_0/Document.xml</DocRoot></DocBody></OFD>",
            "Doc_0/Document.xml": f'<Document {space}><Pages><Page ID="1" BaseLoc="Pages/Page_0/Content.xml"/></Pages></Document>',
            "Doc_0/Pages/Page_0/Content.xml": f"<Page {space}><Content><Layer>{text}</Layer></Content></Page>",
        }
    )


def xlsx(rows: Sequence[Sequence[str]], *, hidden_column: str | None = None, hidden_sheet: Sequence[Sequence[str]] = ()) -> bytes:
    """A workbook: what is shown in its first sheet, and perhaps what is not."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "公示"
    for row in rows:
        sheet.append(list(row))
    if hidden_column is not None:
        sheet.column_dimensions[hidden_column].hidden = True
    if hidden_sheet:
        kept = book.create_sheet("底册")
        for row in hidden_sheet:
            kept.append(list(row))
        kept.sheet_state = "hidden"
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def doc() -> bytes:
    """A Word document of the kind before 2007: a binary that nobody but Word reads well."""
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 504 + "WordDocument".encode("utf-16-le") + b"\x00" * 4096


def _code(line: str, encoding: str) -> str:
    if encoding == "GBK-EUC-H":
        return line.encode("gbk", "replace").hex()
    if encoding == "Identity-H":
        return "".join(f"{1 + number % 40:04x}" for number, _ in enumerate(line))
    return line.encode("utf-16-be").hex()


def _zip(pieces: Mapping[str, str]) -> bytes:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, text in pieces.items():
            packed.writestr(zipfile.ZipInfo(name), f'<?xml version="1.0" encoding="UTF-8"?>{text}', zipfile.ZIP_DEFLATED)
    return stream.getvalue()


# --- PDF -------------------------------------------------------------------------------------


def _pdf(contents: Sequence[bytes], resources: str, extra: bytes, password: str | None) -> bytes:
    """A PDF of so many pages, each with its drawing; `extra` is the object that the resources name as {extra}."""
    count, last = len(contents), 3 + 2 * len(contents)
    identity = hashlib.md5(b"".join(contents), usedforsecurity=False).digest()
    key, lock = _lock(password, identity) if password is not None else (None, b"")
    used = resources.replace("{extra}", str(last)).encode()
    kids = b" ".join(b"%d 0 R" % (3 + 2 * number) for number in range(count))
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, count)]
    for number, drawing in enumerate(contents):
        place = 4 + 2 * number
        page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<<%s>>/Contents %d 0 R>>"
        data = (
            drawing
            if key is None
            else _rc4(hashlib.md5(key + place.to_bytes(3, "little") + b"\0\0", usedforsecurity=False).digest()[:10], drawing)
        )
        objects += [page % (used, place), b"<</Length %d>>stream\n%s\nendstream" % (len(data), data)]
    objects.append(extra)
    if lock:
        objects.append(lock)
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, each in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    ends = b"/Encrypt %d 0 R/ID[<%s><%s>]" % (len(objects), identity.hex().encode(), identity.hex().encode()) if lock else b""
    trailer = b"trailer<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, ends, len(out))
    return bytes(out + b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + table + trailer)


def _lock(password: str, identity: bytes) -> tuple[bytes, bytes]:
    """The key and the dictionary of the standard security handler of PDF 1.4 (revision 2, 40 bits)."""
    padded = (password.encode() + _PADDING)[:32]
    owner = _rc4(hashlib.md5(padded, usedforsecurity=False).digest()[:5], padded)
    allowed = (-4).to_bytes(4, "little", signed=True)
    key = hashlib.md5(padded + owner + allowed + identity, usedforsecurity=False).digest()[:5]
    user = _rc4(key, _PADDING)
    return key, b"<</Filter/Standard/V 1/R 2/O<%s>/U<%s>/P -4>>" % (owner.hex().encode(), user.hex().encode())


def _rc4(key: bytes, data: bytes) -> bytes:
    state, swap = list(range(256)), 0
    for index in range(256):
        swap = (swap + state[index] + key[index % len(key)]) % 256
        state[index], state[swap] = state[swap], state[index]
    out, first, second = bytearray(), 0, 0
    for byte in data:
        first = (first + 1) % 256
        second = (second + state[first]) % 256
        state[first], state[second] = state[second], state[first]
        out.append(byte ^ state[(state[first] + state[second]) % 256])
    return bytes(out)
