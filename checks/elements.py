"""The texts that some columns hold, and the elements that statutes ask of them: an address, office hours, a telephone number …

A label without a value is no element: 办公时间： with nothing behind it says nothing. Presence is read broadly, since a wrong accusation
weighs more than a missed one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from checks.papers import file_evidence, may_say_more, unread, whole_body, words_of
from checks.sight import Piece, columns_below, columns_of, hidden, pieces
from data.days import civil
from data.files import FileSeen
from data.records import Column, ColumnKind, Document, Evidence
from data.text import bare, title_key
from data.urls import url_key
from data.view import SiteView


@dataclass(frozen=True, slots=True)
class Text:
    """The text of one page in a column: of a document, or of the column's own page."""

    title: str
    url: str
    body: str  # without white space, NFKC
    observed_at: datetime
    sha256: str | None
    beside: str | None  # what may hold more than the text: "attachment-only", "no-text-layer" …, "image-only", "script-shell"
    document: Document | None
    single: bool  # the page is the column
    published_on: date | None = None
    file: FileSeen | None = None  # where most of the text stands

    @property
    def in_file(self) -> bool:
        """Whether files may hold more than the text."""
        return self.beside not in (None, "image-only", "script-shell")

    @property
    def partly_read(self) -> bool:
        """Whether the text is that of a file of which pages are pictures, or of which there is more."""
        return self.file is not None and not self.file.file.is_whole

    def evidence(self, note: str) -> Evidence:
        if self.file is not None:
            return file_evidence(self.file, f"{note}（附件文字）")
        return Evidence(self.url, self.observed_at, self.sha256, note)


def document_text(document: Document, title: str) -> Text:
    reading = document.reading
    beside = "script-shell" if any(mark.startswith("script") for mark in reading.marks) else may_say_more(document)
    published = civil(reading.published_at) if reading.published_at is not None else None
    fields = "".join(f"{field.label}:{field.value}\n" for field in reading.fields)
    body = bare(f"{whole_body(document)}\n{fields}")
    held = _main(document.files, reading.body)
    return Text(title, document.url, body, document.observed_at, document.sha256, beside, document, False, published, held)


def _main(files: Sequence[FileSeen], body: str) -> FileSeen | None:
    """The file in which most of a page's words stand; None where the page itself says more."""
    longest = max((seen for seen in files if seen.file.why is None), key=lambda seen: len(seen.file.text), default=None)
    return longest if longest is not None and len(longest.file.text) > len(body) else None


def column_text(column: Column) -> Text | None:
    """The text of a column's own page; None where it was never read."""
    page = column.page
    if page is None:
        return None
    single = column.kind in (ColumnKind.SINGLE_PAGE, ColumnKind.UNKNOWN, ColumnKind.FORM)
    return Text(
        column.name, column.url, bare(f"{page.text}\n{words_of(column.files)}"), page.observed_at, page.sha256,
        unread(page.attachments, column.files), None, single, file=_main(column.files, page.text),
    )  # fmt: skip


def file_text(piece: Piece) -> Text | None:
    """The text of a row that leads to a file; None where that was not read."""
    seen = piece.file
    if seen is None or piece.url is None:
        return None
    beside = seen.file.why or (None if seen.file.is_whole else "no-text-layer" if seen.file.blind else "too-large")
    return Text(
        piece.title, piece.url, bare(piece.text), seen.observed_at, seen.sha256, beside, None, False, piece.published_on, seen,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shelf:
    """What columns of some kinds hold: their texts, and the pieces whose pages were not read."""

    columns: tuple[Column, ...]
    texts: tuple[Text, ...]
    unread: tuple[Piece, ...]


def shelf(view: SiteView, kinds: Sequence[str], titled: re.Pattern[str] | None = None) -> Shelf:
    """Every text in columns of such kinds, or so titled wherever it stands; pages that are gone aside."""
    columns = columns_below(view, kinds)
    shelves = {url_key(column.url) for column in columns}
    names = {title_key(column.name) for column in columns_of(view, kinds)}
    inside = [
        piece
        for piece in pieces(view)
        if piece.standing
        and (
            any(kind in kinds for kind in piece.columns)
            or (titled is not None and titled.search(piece.key))
            or any(url_key(row.column_url) in shelves for row in piece.rows)
            or (piece.document is not None and any(title_key(crumb) in names for crumb in piece.document.reading.breadcrumb))
        )
    ]
    own_pages = {url_key(column.url): column for column in columns}
    texts = [_text(piece, piece.document, own_pages) for piece in inside if piece.document is not None]
    texts += [text for piece in inside if (text := file_text(piece)) is not None]
    read = {url_key(text.url) for text in texts}
    for column in columns:
        own = column_text(column)
        if own is not None and url_key(own.url) not in read:
            texts.append(own)
    keys = read | {url_key(column.url) for column in view.columns}
    missed = [piece for piece in inside if piece.document is None and (piece.url is None or url_key(piece.url) not in keys)]
    return Shelf(columns, tuple(texts), tuple(missed))


def _text(piece: Piece, document: Document, columns: Mapping[str, Column]) -> Text:
    """The text of a stored page; one that is a column of its own is called what the column is called."""
    column = columns.get(url_key(document.url))
    text = document_text(document, piece.title or (column.name if column is not None else ""))
    return replace(text, title=column.name, single=True) if column is not None and not column.walks else text


# --- elements ---------------------------------------------------------------------------------

PHONE = r"(?:\(?0\d{2,3}\)?[-—－~]?\d{7,8}|(?<!\d)\d{7,8}(?!\d)|(?<!\d)1[3-9]\d{9}(?!\d)|400-?\d{3}-?\d{4}|(?<!\d)(?:12\d{3}|95\d{3}|96\d{3,4})(?!\d))"
_CLOCK = r"(?:\d{1,2}[:时点]|[上下]午|早|[一二三四五六七八九十]{1,2}时|24小时|全天)"
_PLACE = r"[^。;]{0,40}?(?:路|街|号|道|楼|室|厦|院|巷|弄|村|镇|乡|区|县|市|园|广场|大厅|中心)"

_NEXT = "(?!联系(?:电话|方式|人)|电话|传真|办公(?:时间|电话|地[址点])|工作时间|邮(?:编|箱|政编码)|电子|网址|负责人|受理(?:时间|机构)|机构名称)"  # a label where a value should be

ADDRESS = re.compile(rf"(?:地址|地点|场所|位置|坐落)(?:及邮编)?(?:[:为是在于]|\(|\))*+{_NEXT}{_PLACE}|位于{_PLACE}")
HOURS = re.compile(
    rf"(?:办公|工作|受理|上班|服务|咨询|接待|作息|营业|开放|对外)(?:的)?时间[:为是]*+{_NEXT}[^。;]{{0,40}}?{_CLOCK}|时间[:为是]*(?:法定|国家法定)?(?:工作日|(?:周|星期)一)|(?:周一|星期一|工作日)[^。;]{{0,30}}?{_CLOCK}"
)
TELEPHONE = re.compile(rf"(?:电话|热线|联系方式|手机|总机|座机)(?:[/、及和(]*传真)?(?:(?!传真)\D){{0,24}}{PHONE}")
ANY_CONTACT = re.compile(rf"{TELEPHONE.pattern}|(?:电子)?(?:邮箱|邮件)[^\w]{{0,6}}[\w.+-]+@[\w-]+\.\w+")

Patterns = Mapping[str, re.Pattern[str]]


def found_in(texts: Iterable[Text], patterns: Patterns) -> Iterator[str]:
    """The names of the elements that some of the texts show."""
    texts = tuple(texts)
    for name, pattern in patterns.items():
        if any(pattern.search(text.body) for text in texts):
            yield name


def hidden_reason(view: SiteView, shelf: Shelf, least: int) -> str | None:
    """Reason key of why the texts of a shelf may not be all that it holds."""
    if shelf.unread:
        return "not-read"
    short = [
        text
        for text in shelf.texts
        if text.beside is not None and (len(text.body) < least or text.partly_read or text.beside == "script-shell")
    ]
    if short:
        return short[0].beside
    return next((reason for column in shelf.columns if (reason := hidden(view, column)) is not None), None)
