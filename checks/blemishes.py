"""Rules that look for a fault in any document: one verdict for each document that has it, one for the site where none has.

A pass for every document of a site would say nothing that the site's own pass does not say. Only a document whose fault was mended, or
that was taken down with it, gets a verdict of its own, so that its finding can be closed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from checks.observing import document_evidence, unseen
from checks.registry import Outcome
from checks.scope import withdrawn
from checks.subjects import document_subject, site_subject
from data.records import Confidence, Document, DocumentReading, Evidence, Measure, Severity, Status
from data.urls import url_key
from data.view import SiteView


@dataclass(frozen=True, slots=True)
class Blemish:
    """What a rule found in a document: reason key of the fail, facts for its wording, and what the evidence notes."""

    reason: str
    note: str
    facts: Mapping[str, object] = field(default_factory=dict)
    measured: Measure | None = None
    confidence: Confidence = Confidence.CONFIRMED
    severity: Severity | None = None
    status: Status = Status.FAIL  # or INCONCLUSIVE, where a person has to say
    evidence: tuple[Evidence, ...] = ()  # beside that of the page
    page_shows: bool = True  # False: the page itself shows nothing of it


def nothing_found(view: SiteView, reason: str) -> Outcome:
    """The site's verdict where it has nothing that a rule could judge: not applicable, if we saw the whole site."""
    why = unseen(view)
    return Outcome(Status.NOT_APPLICABLE if why is None else Status.INCONCLUSIVE, why or reason, site_subject(view))


def _proof(document: Document, blemish: Blemish) -> tuple[Evidence, ...]:
    page = (document_evidence(document, blemish.note),) if blemish.page_shows else ()
    return (*page, *blemish.evidence)


def blemishes(
    view: SiteView,
    documents: Iterable[Document],
    look: Callable[[Document, DocumentReading], Blemish | None],
    was: Callable[[Document], bool] = lambda document: False,
) -> Iterator[Outcome]:
    """Judge documents by what `look` finds in a reading of each. `was`: whether something of a document beside its page had the fault.

    Reasons that the rule has to word beside its own: pass.none (facts: examined), pass.mended, not-applicable.withdrawn,
    not-applicable.no-documents.
    """
    examined = found = 0
    gone = withdrawn(view)
    for document in documents:
        examined += 1
        blemish = look(document, document.reading)
        subject = document_subject(document)
        if blemish is None:
            if was(document) or any(
                (old := look(document, version.reading)) is not None and old.status is Status.FAIL for version in document.earlier
            ):
                yield Outcome(Status.PASS, "mended", subject, {}, (document_evidence(document, "复查时已不见"),))
            continue
        if url_key(document.url) in gone:
            yield Outcome(Status.NOT_APPLICABLE, "withdrawn", subject)
            continue
        found += blemish.status is Status.FAIL
        yield Outcome(
            blemish.status, blemish.reason, subject, blemish.facts, _proof(document, blemish), blemish.measured,
            severity=blemish.severity, confidence=blemish.confidence,
        )  # fmt: skip
    if found:
        return
    if not examined:
        yield nothing_found(view, "no-documents")
    else:
        yield Outcome(Status.PASS, "none", site_subject(view), {"examined": examined}, measured=Measure(0, "document"))
