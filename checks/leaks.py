"""How the privacy rules read a site: one pass over each text, of pages and of files, and verdicts that tell kind, count and place, never the value."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from checks.blemishes import Blemish, blemishes
from checks.papers import file_evidence, name_of
from checks.personal import NOTHING, Scan, Spot, scan
from checks.registry import Outcome
from checks.scope import title_of
from checks.shared import per_view
from data.days import civil
from data.files import FileSeen, FileText
from data.records import Document, DocumentKind, DocumentReading, Measure, Severity, Status
from data.text import bare
from data.urls import url_key
from data.view import SiteView

_LONG_NUMBER = re.compile(r"\d{11,}[Xx]?")
_NAME_CHARS = 40
# What a file may still say that once said too much and is not readable now: nobody can say that it was mended.
_DOUBTFUL = frozenset(
    {
        "no-text-layer",
        "file-garbled",
        "file-broken",
        "file-too-heavy",
        "file-type-unread",
        "file-reader-failed",
        "too-large",
        "robots-disallowed",
    }
)


@dataclass(frozen=True, slots=True)
class Told:
    """One text that a document shows: that of its page, or of one of its files."""

    document: Document
    text: str  # all that it says
    body: str  # without title and fields
    found: Scan
    title: str  # of the document, with the name of the file
    file: FileText | None = None

    def hidden(self, spots: Sequence[Spot]) -> str:
        """In which hidden parts of a workbook some of the spots stand."""
        parts = self.file.hidden if self.file is not None else ()
        names = [part.name for part in parts if any(start <= spot.at < end for spot in spots for start, end in part.spans)]
        return "、".join(names[:3]) + ("等" if len(names) > 3 else "")


Look = Callable[[Told], Blemish | None]


def text_of(reading: DocumentReading) -> str:
    """All that a page says: title, text, fields, names of files."""
    return "\n".join(
        (reading.body, reading.title or "", *(field.value for field in reading.fields), *(item.name for item in reading.attachments))
    )


@per_view
def _papers(view: SiteView) -> tuple[Document, ...]:
    """The documents of a site, and what is no document and offers files that were read: rows that lead to one, pages of columns."""
    stored = {url_key(document.url) for document in view.documents}
    rows: dict[str, Document] = {}
    for row in view.listings:
        if row.file is None or row.url is None or url_key(row.url) in stored:
            continue
        reading = DocumentReading(DocumentKind.OTHER, row.title)
        seen = row.file
        rows[url_key(row.url)] = Document(
            row.url, view.site.id, (), (row.column_url,), reading, row.first_seen, row.last_seen, seen.observed_at, seen.sha256 or "",
            files=(seen,),
        )  # fmt: skip
    for column in view.columns:
        if (column.files or column.dropped) and column.page is not None and url_key(column.url) not in stored:
            reading = DocumentReading(DocumentKind.OTHER, column.name, attachments=column.page.attachments)
            rows[url_key(column.url)] = Document(
                column.url, view.site.id, (), (), reading, column.first_seen, column.last_seen, column.page.observed_at,
                column.page.sha256 or "", files=column.files, dropped=column.dropped,
            )  # fmt: skip
    return (*view.documents, *rows.values())


@per_view
def _scans(view: SiteView) -> dict[int, Scan]:
    """What one pass over each text found, by the identity of the reading or the file: they live as long as their view."""
    latest = civil(view.as_of)
    found: dict[int, Scan] = {}
    for document in _papers(view):
        for reading in (document.reading, *(version.reading for version in document.earlier)):
            if hit := scan(text_of(reading), latest):
                found[id(reading)] = hit
        for seen in (*document.files, *document.dropped):
            for file in (seen.file, *seen.earlier):
                if id(file) not in found and (hit := scan(file.text, latest)):
                    found[id(file)] = hit
    return found


def judge_texts(view: SiteView, look: Look) -> Iterator[Outcome]:
    """Judge every document with its files; no number stands in the title that a verdict repeats."""
    scans = _scans(view)

    def in_file(document: Document, seen: FileSeen, file: FileText) -> Blemish | None:
        if not file.text:
            return None
        offered = [*document.reading.attachments, *(file for version in document.earlier for file in version.reading.attachments)]
        title = bare(f"{title_of(document)} {name_of(offered, seen)}")
        return look(Told(document, file.text, file.text, scans.get(id(file), NOTHING), title, file))

    def once_failed(document: Document, seen: FileSeen) -> bool:
        return any(_fails(in_file(document, seen, old)) for old in seen.earlier)

    def whole(document: Document, reading: DocumentReading) -> Blemish | None:
        page = look(Told(document, text_of(reading), reading.body, scans.get(id(reading), NOTHING), bare(title_of(document))))
        if reading is not document.reading:
            return page
        told = [_of_file(document, seen, found) for seen in document.files if (found := in_file(document, seen, seen.file)) is not None]
        told += [
            Blemish(str(seen.file.why), "附件现为另一文件，未能读出文字", {"where": "附件"}, status=Status.INCONCLUSIVE, page_shows=False)
            for seen in document.files
            if seen.file.why in _DOUBTFUL and once_failed(document, seen)
        ]
        return _together(page, told)

    def was(document: Document) -> bool:
        """Whether a file of it, as it was or as it is no longer offered, had the fault."""
        if any(once_failed(document, seen) for seen in (*document.files, *document.dropped)):
            return True
        return any(_fails(in_file(document, seen, seen.file)) for seen in document.dropped)

    for outcome in blemishes(view, _papers(view), whole, was):
        title = _LONG_NUMBER.sub("（号码略）", outcome.subject.title)
        yield outcome if title == outcome.subject.title else replace(outcome, subject=replace(outcome.subject, title=title))


def _fails(blemish: Blemish | None) -> bool:
    return blemish is not None and blemish.status is Status.FAIL


def _of_file(document: Document, seen: FileSeen, blemish: Blemish) -> Blemish:
    """What was found in a file, with the file as its evidence; a document that is nothing but its file is the file."""
    name = _LONG_NUMBER.sub("（号码略）", name_of(document.reading.attachments, seen))[:_NAME_CHARS]
    note = f"附件“{name}”：{blemish.note}" if name else blemish.note
    return replace(
        blemish, evidence=(file_evidence(seen, note),), page_shows=False, facts={**blemish.facts, "where": "附件" if name else "文件"}
    )


def _together(page: Blemish | None, files: Sequence[Blemish]) -> Blemish | None:
    """One blemish of a document: the gravest, with what others of its kind add to its count and its evidence."""
    found = [*([replace(page, facts={**page.facts, "where": "页面"})] if page is not None else []), *files]
    if not found:
        return None
    worst = min(found, key=lambda each: (each.status is not Status.FAIL, each.severity is Severity.MINOR))
    same = [each for each in found if (each.reason, each.status) == (worst.reason, worst.status)]
    if len(same) == 1:
        return worst
    count = sum(int(str(each.facts.get("count", 0))) for each in same)
    places = dict.fromkeys(str(each.facts["where"]) for each in same)
    measured = worst.measured and Measure(sum(each.measured.value for each in same if each.measured is not None), worst.measured.unit)
    return replace(
        worst, facts={**worst.facts, "count": count, "where": "和".join(places)}, measured=measured,
        evidence=tuple(piece for each in same for piece in each.evidence), page_shows=any(each.page_shows for each in same),
    )  # fmt: skip


def _places(spots: Sequence[Spot]) -> str:
    return "、".join(f"第{spot.at + 1}字" for spot in spots[:5]) + ("等处" if len(spots) > 5 else "处")


def found_numbers(
    told: Told, reason: str, kind: str, spots: Sequence[Spot], *, severity: Severity | None = None, status: Status = Status.FAIL
) -> Blemish:
    """What is told of numbers that were found: their kind, how many, and where; of those that a workbook hides, that it does."""
    hidden = told.hidden(spots)
    note = f"{'文件' if told.file is not None else '页面'}文字{_places(spots)}见{kind}，共{len(spots)}个"
    note += f"（含隐藏内容：{bare(hidden)[:120]}）" if hidden else ""
    return Blemish(reason, note, {"count": len(spots)}, Measure(len(spots), "number"), severity=severity, status=status)
