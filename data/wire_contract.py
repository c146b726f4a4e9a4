"""Verdicts and findings as the outer contract prints them (JSON values, keys in the contract's order)."""

from __future__ import annotations

from typing import Any

from data.findings import times_found
from data.records import Document, DocumentReading, Finding, Stay, Subject, SubjectKind, Verdict
from data.wire import to_wire


def verdict_to_json(verdict: Verdict) -> dict[str, Any]:
    """One verdict as a line of `gongkai verdicts`; what is unknown is null."""
    return {
        "rule": verdict.rule,
        "site": verdict.site,
        "status": verdict.status.value,
        "reason": verdict.reason,
        "severity": verdict.severity.value,
        "confidence": verdict.confidence.value,
        "subject": _subject(verdict.subject),
        "measured": to_wire(verdict.measured),
        "threshold": to_wire(verdict.threshold),
        "due": to_wire(verdict.due),
        "as_of": to_wire(verdict.as_of),
        "message": verdict.message,
        "clauses": to_wire(verdict.clauses),
        "evidence": to_wire(verdict.evidence),
    }


def _subject(subject: Subject) -> dict[str, Any]:
    line = {"kind": subject.kind.value, "url": subject.url, "title": subject.title}
    if subject.kind is SubjectKind.COLUMN or subject.column is not None:
        line["column"] = subject.column
    return line


def finding_to_json(finding: Finding) -> dict[str, Any]:
    """One finding as a line of `gongkai findings`: the verdict that opened it, and its life."""
    return verdict_to_json(finding.verdict) | {
        "id": finding.id,
        "state": finding.state.value,
        "first_found": to_wire(finding.first_found),
        "last_confirmed": to_wire(finding.last_confirmed),
        "resolved_at": to_wire(finding.resolved_at),
        "rectify_by": to_wire(finding.rectify_by),
        "events": to_wire(finding.events),
        "times": times_found(finding),
        "stay": _stay(finding.stay) if finding.stay is not None else None,
    }


def _stay(stay: Stay) -> dict[str, Any]:
    return {
        "kind": stay.kind.value,
        "by": stay.by,
        "basis": stay.basis,
        "since": to_wire(stay.since),
        "until": to_wire(stay.until),
        "coefficient": stay.coefficient,
        "period": to_wire(stay.period) or None,
    }


def document_to_json(document: Document) -> dict[str, Any]:
    """One stored document as a line of `gongkai documents`."""
    column = document.columns[0] if document.columns else None
    return reading_to_json(document.url, document.reading, document.site, column) | {
        "first_seen": to_wire(document.first_seen),
        "last_seen": to_wire(document.last_seen),
    }


def reading_to_json(url: str, reading: DocumentReading, site: str | None, column: str | None) -> dict[str, Any]:
    """What a document page shows, in the contract's form; what it does not show is null."""
    names = (
        "kind", "title", "published_at", "published_precision", "made_on", "issued_on", "doc_number", "index_number", "issuer", "source",
        "validity", "openness", "topic", "breadcrumb", "attachments", "related", "body",
    )  # fmt: skip
    return (
        {"url": url, "site": site, "column": column}
        | {name: to_wire(getattr(reading, name)) for name in names}
        | {"breadcrumb": list(reading.breadcrumb) or None}
        | {"first_seen": None, "last_seen": None}
    )
