"""How the privacy rules read a site: one pass over each text, and verdicts that tell kind, count and place, never the value."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from checks.blemishes import Blemish, blemishes
from checks.clocks import civil
from checks.personal import NOTHING, Scan, Spot, scan
from checks.registry import Outcome
from checks.shared import per_view
from data.records import Document, DocumentReading, Measure, Severity, Status
from data.view import SiteView

_LONG_NUMBER = re.compile(r"\d{11,}[Xx]?")
Look = Callable[[Document, DocumentReading, Scan], Blemish | None]


def text_of(reading: DocumentReading) -> str:
    """All that a page says: title, text, fields, names of files."""
    return "\n".join(
        (reading.body, reading.title or "", *(field.value for field in reading.fields), *(item.name for item in reading.attachments))
    )


@per_view
def _scans(view: SiteView) -> dict[int, Scan]:
    """What one pass over each reading found, by the reading's identity: readings live as long as their view."""
    latest = civil(view.as_of)
    found: dict[int, Scan] = {}
    for document in view.documents:
        for reading in (document.reading, *(version.reading for version in document.earlier)):
            if hit := scan(text_of(reading), latest):
                found[id(reading)] = hit
    return found


def judge_texts(view: SiteView, look: Look) -> Iterator[Outcome]:
    """Judge every document; no number stands in the title that a verdict repeats."""
    scans = _scans(view)
    for outcome in blemishes(view, view.documents, lambda document, reading: look(document, reading, scans.get(id(reading), NOTHING))):
        title = _LONG_NUMBER.sub("（号码略）", outcome.subject.title)
        yield outcome if title == outcome.subject.title else replace(outcome, subject=replace(outcome.subject, title=title))


def _places(spots: Sequence[Spot]) -> str:
    return "、".join(f"第{spot.at + 1}字" for spot in spots[:5]) + ("等处" if len(spots) > 5 else "处")


def found_numbers(
    reason: str, kind: str, spots: Sequence[Spot], *, severity: Severity | None = None, status: Status = Status.FAIL
) -> Blemish:
    note = f"页面文字{_places(spots)}见{kind}，共{len(spots)}个"
    return Blemish(reason, note, {"count": len(spots)}, Measure(len(spots), "number"), severity=severity, status=status)
