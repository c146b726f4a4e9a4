"""What was published and is gone: policy documents that no list shows and whose address answers that there is nothing. A person looks first."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date

from checks.bodies import bodies
from checks.genres import is_routine
from checks.observing import GONE, Reading, document_evidence, held
from checks.registry import Outcome, check
from checks.scope import policy_documents, repost_of, title_of, withdrawn
from checks.shared import per_view
from checks.subjects import document_subject, site_subject
from checks.tree import current_listings
from data.catalogue import Rule
from data.days import civil, zh_day
from data.records import Document, Evidence, LinkTarget, Measure, Status
from data.text import doc_number_key, title_core, title_key
from data.urls import url_key
from data.view import SiteView

_REPEALED = re.compile("失效|废止|停止执行|宣布")


@check("document-withdrawn")
def document_withdrawn(view: SiteView, rule: Rule) -> Iterable[Outcome]:
    """娄底市2021年工作要点 四(十一): the state of a document is kept up to date; what is repealed is marked so, not just gone."""
    gone, found, examined, untried = withdrawn(view), 0, 0, 0
    targets = {url_key(target.url): target for target in view.links}
    for document in policy_documents(view):
        examined += 1
        target = targets.get(url_key(document.url))
        if url_key(document.url) in gone:
            outcome = _gone(view, rule, document, target)
        elif target is not None and any(visit.reason in GONE for visit in target.visits) and target.visits[-1].ok:
            outcome = Outcome(Status.PASS, "back", document_subject(document))
        else:
            continue
        if outcome is None:
            continue
        if outcome.reason == "untried":
            untried += 1  # one by one they would say no more than their number
            continue
        found += outcome.status is Status.FAIL
        yield outcome
    if not examined:
        yield Outcome(
            Status.NOT_APPLICABLE if view.columns else Status.INCONCLUSIVE,
            "no-documents" if view.columns else "not-observed",
            site_subject(view),
        )
    elif untried and not found:
        yield Outcome(Status.INCONCLUSIVE, "untried", site_subject(view), {"count": untried})
    elif not found:
        yield Outcome(Status.PASS, "none", site_subject(view), {"examined": examined}, measured=Measure(0, "document"))


def _gone(view: SiteView, rule: Rule, document: Document, target: LinkTarget | None) -> Outcome | None:
    """Judge a policy document that no list shows any more; None where it is long ago, or no matter of a policy."""
    assert rule.threshold is not None
    last = _last_listed(view)[url_key(document.url)]
    days = (civil(view.as_of) - last).days
    if days > rule.threshold.value or repost_of(document, bodies(view)) or is_routine(title_of(document)):
        return None
    subject, facts, measured = document_subject(document), {"last": zh_day(last)}, Measure(days, "day")
    if _is_repealed(view, document):
        return Outcome(Status.NOT_APPLICABLE, "repealed", subject, facts)
    if _stands_elsewhere(view, document):
        return Outcome(Status.NOT_APPLICABLE, "moved", subject, facts)
    if target is None or not target.visits:
        return Outcome(Status.INCONCLUSIVE, "untried", subject, facts)
    run = held(
        (
            Reading(
                visit.at,
                True if visit.reason in GONE else False if visit.ok else None,
                (Evidence(target.url, visit.at, None, f"{zh_day(visit.at)}访问，页面不存在"),),
            )
            for visit in target.visits
        ),
        rule,
    )
    if run is None:
        reachable = any(visit.ok for visit in target.visits[-1:])
        reason = "still-online" if reachable else target.visits[-1].reason or "not-observed"
        return Outcome(Status.PASS if reachable else Status.INCONCLUSIVE, reason, subject, facts)
    evidence = (document_evidence(document, f"{zh_day(document.observed_at)}读到的页面"), *run.evidence)
    return Outcome(Status.FAIL, "gone", subject, facts, evidence, measured, confidence=run.confidence)


@per_view
def _last_listed(view: SiteView) -> Mapping[str, date]:
    """The last day on which any list showed an address."""
    found: dict[str, date] = {}
    for row in view.listings:
        if row.url is not None:
            key = url_key(row.url)
            found[key] = max(civil(row.last_seen), found.get(key, civil(row.last_seen)))
    return found


@per_view
def _repeals(view: SiteView) -> tuple[tuple[str, str], ...]:
    """What says that documents are repealed or no longer in force: its title and text, and the text as 文号 are looked for."""
    pages = [
        (title_key(title_of(document) + document.reading.body), doc_number_key(document.reading.body))
        for document in view.documents
        if _REPEALED.search(title_of(document)) or "fzwj" in document.columns
    ]
    return (*pages, *((title_key(row.title), "") for row in view.listings if _REPEALED.search(row.title)))


def _is_repealed(view: SiteView, document: Document) -> bool:
    reading, core = document.reading, title_core(title_of(document))
    if _REPEALED.search(reading.validity or "") or _REPEALED.search(title_of(document)):
        return True
    number = doc_number_key(reading.doc_number) if reading.doc_number else None
    return any(core in text or (number is not None and number in numbers) for text, numbers in _repeals(view))


@per_view
def _standing(view: SiteView) -> Mapping[str, frozenset[str]]:
    """Title and 文号 of what lists and pages show now -> the addresses."""
    gone = withdrawn(view)
    found: dict[str, set[str]] = {}
    for row in current_listings(view):
        found.setdefault(title_core(row.title), set()).add(url_key(row.url) if row.url else row.column_url)
    for document in view.documents:
        if url_key(document.url) not in gone:
            keys = [title_core(title_of(document))]
            keys += [doc_number_key(document.reading.doc_number)] if document.reading.doc_number else []
            for key in keys:
                found.setdefault(key, set()).add(url_key(document.url))
    return {key: frozenset(addresses) for key, addresses in found.items()}


def _stands_elsewhere(view: SiteView, document: Document) -> bool:
    standing, own = _standing(view), url_key(document.url)
    keys = [title_core(title_of(document))]
    keys += [doc_number_key(document.reading.doc_number)] if document.reading.doc_number else []
    return any(standing.get(key, frozenset()) - {own} for key in keys)
