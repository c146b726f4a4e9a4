"""Files of the kinds that districts publish, read by the real libraries, the hostile ones in the child process that they are read in."""

from __future__ import annotations

import asyncio
import zipfile
import zlib
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest

from crawler.files.apart import read_apart, read_beside
from crawler.files.packed import Packed, UnreadableError
from crawler.files.read import read_file
from crawler.files.words import clean
from data.files import FileText, Hidden
from simgov import files

GUIDE = [
    "示例区政府信息公开指南",
    "为便于公民、法人和其他组织获取政府信息，根据《中华人民共和国政府信息公开条例》，编制本指南，供社会公众查阅。",
    "办公地址：示例区人民路1号；办公时间：工作日9:00至17:00；联系电话：010-12345678。",
]
TEXT = "\n".join(GUIDE)


def squeezed(told: FileText) -> str:
    return "".join(told.text.split())


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("pdf", files.text_pdf(TEXT)),
        ("pdf", files.text_pdf(TEXT, encoding="GBK-EUC-H")),
        ("pdf", files.text_pdf(TEXT, password="")),  # an owner's password alone is asked for by nobody who reads
        ("docx", files.docx(GUIDE)),
        ("ofd", files.ofd(GUIDE)),
    ],
)
def test_words_are_read(kind: str, body: bytes) -> None:
    told = read_file(body, "pdf")
    assert (told.kind, told.why, told.is_whole) == (kind, None, True)
    assert squeezed(told) == "".join(TEXT.split())
    assert told.text.startswith("示例区政府信息公开指南\n")


@pytest.mark.parametrize(
    ("body", "named", "kind", "why"),
    [
        (files.scanned_pdf(3), "pdf", "pdf", "no-text-layer"),
        (files.text_pdf(TEXT, encoding="Identity-H"), "pdf", "pdf", "file-garbled"),
        (files.text_pdf(TEXT, password="secret"), "pdf", "pdf", "file-encrypted"),
        (files.broken_pdf(), "pdf", "pdf", "file-broken"),
        (b"\0\1\2 nothing of a PDF", "pdf", "other", "file-broken"),
        (b"", "pdf", "other", "file-broken"),
        (files.docx(GUIDE)[:300], "docx", "zip", "file-broken"),
        (files.doc(), "doc", "ole", "file-type-unread"),
        (b"{\\rtf1 text}", "doc", "rtf", "file-type-unread"),
        ("\r\n<!DOCTYPE html><html><body>您访问的页面不存在</body></html>".encode(), "pdf", "html", "web-page"),
    ],
)
def test_what_is_not_read_says_why(body: bytes, named: str, kind: str, why: str) -> None:
    told = read_file(body, named)
    assert (told.kind, told.why, told.is_whole) == (kind, why, False)


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("1101051949123\n1002X\n备注", "11010519491231002X\n备注"),  # a narrow cell broke it
        ("110105194912\n31002X", "11010519491231002X"),
        ("2026年\n12\n345678", "2026年\n12\n345678"),
        ("100000200000\n300000", "100000200000\n300000"),  # no date in it
        ("1101051949123\n1002X5", "1101051949123\n1002X5"),
    ],
)
def test_a_number_broken_by_a_narrow_cell_is_one(text: str, want: str) -> None:
    assert clean(text, close_gaps=True) == want


def test_words_laid_over_a_scan_do_not_speak_for_the_page() -> None:
    text, scan = read_file(files.text_pdf(TEXT)), read_file(files.scanned_pdf(2))
    assert (text.blind, scan.blind, scan.pages) == (0, 2, 2)


def test_what_a_workbook_hides_is_read_and_named() -> None:
    rows = [["姓名", "证号", "村"], ["张三", "11010519491231002X", "甲村"]]
    told = read_file(files.xlsx(rows, hidden_column="B", hidden_sheet=[["李四", "110105194912310038"]]))
    assert told.text == "姓名\t证号\t村\n张三\t11010519491231002X\t甲村\n李四\t110105194912310038\n"
    assert [(part.name, [told.text[start:end] for start, end in part.spans]) for part in told.hidden] == [
        ("工作表“公示”的B列", ["证号", "11010519491231002X"]),
        ("工作表“底册”", ["李四\t110105194912310038\n"]),
    ]


def test_a_workbook_of_the_old_kind() -> None:
    told = read_file((Path(__file__).parent / "data" / "list.xls").read_bytes(), "xls")
    assert (told.kind, told.why, told.pages) == ("xls", None, 2)
    assert "张三\t11010519491231002X\t甲村" in told.text
    start = told.text.index("李四")
    assert told.hidden == (Hidden("工作表“底册”", ((start, len(told.text)),)),)


def test_text_of_no_declared_encoding() -> None:
    assert read_file(TEXT.encode("gb18030"), "txt").text == TEXT
    assert read_file(TEXT.encode("utf-8-sig"), "csv").text == TEXT


def test_entities_are_no_text() -> None:
    body = BytesIO()
    with zipfile.ZipFile(body, "w") as packed:
        packed.writestr(
            "word/document.xml",
            '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><w:document xmlns:w="w"><w:p><w:t>前&x;后</w:t></w:p></w:document>',
        )
    assert "root:" not in read_file(body.getvalue()).text


def test_a_piece_that_unfolds_beyond_bounds() -> None:
    body = BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("word/document.xml", b" " * (65 << 20))
    with pytest.raises(UnreadableError, match="file-too-heavy"):
        Packed(body.getvalue()).read("word/document.xml")


def bomb() -> bytes:
    """A PDF whose page unfolds from 2 MiB to 2 GiB."""
    packer = zlib.compressobj(9)
    block = packer.compress(b" " * (1 << 24)) + packer.flush(zlib.Z_FULL_FLUSH)
    again = packer.compress(b" " * (1 << 24)) + packer.flush(zlib.Z_FULL_FLUSH)
    data = block + again * 127 + packer.flush()
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R>>",
        b"<</Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (len(data), data),
    ]  # fmt: skip
    return (
        b"%PDF-1.4\n"
        + b"".join(b"%d 0 obj\n%s\nendobj\n" % (number, each) for number, each in enumerate(objects, 1))
        + b"trailer<</Root 1 0 R>>"
    )


def shell_in_itself() -> bytes:
    """A PDF in which a drawing draws itself, twice each time."""
    inner = b"<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X 5 0 R>>>>/Length 11>>stream\n/X Do /X Do\nendstream"
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R 2 0 R]/Count 2>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</XObject<</X 5 0 R>>>>/Contents 4 0 R>>",
        b"<</Length 11>>stream\n/X Do /X Do\nendstream", inner,
    ]  # fmt: skip
    return (
        b"%PDF-1.4\n"
        + b"".join(b"%d 0 obj\n%s\nendobj\n" % (number, each) for number, each in enumerate(objects, 1))
        + b"trailer<</Root 1 0 R>>"
    )


@pytest.mark.slow
@pytest.mark.parametrize("hostile", [bomb, shell_in_itself])
def test_hostile_bytes_end_in_their_own_process(hostile: Callable[[], bytes]) -> None:
    told = read_apart(hostile(), "pdf")
    assert told.why is not None
    assert not told.is_whole


def test_a_reader_that_hangs_is_ended() -> None:
    assert read_apart(files.text_pdf(TEXT), "pdf", seconds=0.01).why == "file-too-heavy"


def test_beside_a_running_loop() -> None:
    assert asyncio.run(read_beside(files.docx(GUIDE), "docx")) == read_file(files.docx(GUIDE))
