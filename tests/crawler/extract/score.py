"""Score the document reader beside the hand-checked labels of the sample pages."""

from __future__ import annotations

import json
import os
import re
import sys
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from crawler.extract.document import read_document
from crawler.extract.page import Page
from data.records import DocumentReading, Precision

SAMPLES = Path(os.environ.get("GONGKAI_SAMPLES") or Path(__file__).resolve().parents[3] / "../shared/samples")
FIELDS = (
    "title",
    "published_at",
    "made_on",
    "doc_number",
    "index_number",
    "issuer",
    "source",
    "validity",
    "openness",
    "topic",
    "breadcrumb",
    "attachments",
    "kind",
    "body_start",
    "body_end",
)


class Outcome(StrEnum):
    """How one answer stands beside its label."""

    RIGHT = "right"
    WRONG = "wrong"  # another value than the label's
    MISSED = "missed"  # no value where the label has one
    FALSE = "false"  # a value where the label is null
    DOUBTFUL = "doubtful"  # not right where readers may differ: left out


@dataclass
class Score:
    """Counts of one field. `false` are values where the label is null."""

    right: int = 0
    labelled: int = 0
    nulls: int = 0
    false: int = 0
    doubtful: int = 0
    misses: list[str] = field(default_factory=list)

    @property
    def accuracy(self) -> float:
        total = self.labelled + self.nulls
        return self.right / total if total else 1.0


def _squeezed(value: Any) -> Any:
    if isinstance(value, str):
        return re.sub(r"\s+", "", value)
    if isinstance(value, (list, tuple)):
        return [_squeezed(item) for item in value]
    return value


def answers(reading: DocumentReading) -> dict[str, Any]:
    """The reading in the labels' own terms."""
    body = re.sub(r"\s+", "", reading.body)
    return {
        "title": reading.title,
        "published_at": reading.published_at,
        "made_on": reading.made_on.isoformat() if reading.made_on else None,
        "doc_number": reading.doc_number,
        "index_number": reading.index_number,
        "issuer": reading.issuer,
        "source": reading.source,
        "validity": reading.validity,
        "openness": reading.openness,
        "topic": reading.topic,
        "breadcrumb": list(reading.breadcrumb) or None,
        "attachments": [attachment.name for attachment in reading.attachments],
        "kind": str(reading.kind),
        "body_start": body[:20] or None,
        "body_end": body[-20:] or None,
    }


def agrees(name: str, got: Any, wanted: Any, precision: str | None) -> bool:
    """Whether an answer is right; a publication of finer precision that agrees with the label is right as well."""
    if name == "published_at" and got is not None and wanted is not None:
        label = datetime.fromisoformat(wanted)
        return bool(got == label) or (precision == Precision.DAY and got.date() == label.date())
    return bool(_squeezed(got) == _squeezed(wanted))


def outcome(name: str, got: Any, label: dict[str, Any]) -> Outcome:
    """Hold one answer against its label; a doubtful field is right with any answer of `also`, else left out."""
    wanted = label[name]
    accepted = [wanted, *label["also"].get(name, [])]
    if any(agrees(name, got, answer, label.get("published_precision")) for answer in accepted):
        return Outcome.RIGHT
    if name in label["doubtful"]:
        return Outcome.DOUBTFUL
    if wanted in (None, []):
        return Outcome.FALSE
    return Outcome.MISSED if got in (None, []) else Outcome.WRONG


def score(change: Callable[[bytes], bytes] = bytes) -> dict[str, Score]:
    """Read every labelled document and count, field by field.

    `change` is done to every page before it is read: what a reader leans on can be taken away.
    """
    scores: dict[str, Score] = defaultdict(Score)
    for line in (SAMPLES / "labels.jsonl").read_text("utf-8").splitlines():
        label = json.loads(line)
        if label["page"] != "document":
            continue
        reading = read_document(Page(change((SAMPLES / "pages" / label["file"]).read_bytes()), label["url"]))
        got = answers(reading)
        for name in FIELDS:
            wanted, result, entry = label[name], outcome(name, got[name], label), scores[name]
            if result is not Outcome.RIGHT:
                entry.misses.append(f"{label['file']} ({result}): got {got[name]!r}, label {[wanted, *label['also'].get(name, [])]!r}")
            if result is Outcome.DOUBTFUL:
                entry.doubtful += 1
                continue
            if wanted in (None, []):
                entry.nulls += 1
            else:
                entry.labelled += 1
            entry.right += result is Outcome.RIGHT
            entry.false += result is Outcome.FALSE
    return scores


def main() -> int:
    if not (SAMPLES / "labels.jsonl").exists():
        print(f"no samples at {SAMPLES}; set GONGKAI_SAMPLES", file=sys.stderr)
        return 2
    for name, entry in score().items():
        print(
            f"{name:13} {entry.accuracy:7.1%}  labelled {entry.labelled:3}  null {entry.nulls:3}  false {entry.false:2}  doubtful left out {entry.doubtful}"
        )
        for miss in entry.misses:
            print(f"    {miss}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
