"""Whether a column's year was published in December, of information made long before (年末突击公开)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from statistics import median

from checks.bodies import bodies
from checks.observing import column_evidence, document_evidence, latest_crawl
from checks.registry import Outcome, check
from checks.scope import Desk, converted, desk, repost_of
from checks.subjects import column_subject, site_subject
from checks.tree import site_tree
from data.catalogue import Rule, load_columns
from data.days import civil
from data.records import Column, Document, Measure, Status
from data.urls import url_key
from data.view import SiteView


@check("year-end-rush")
def year_end_rush(view: SiteView, rule: Rule) -> Iterable[Outcome]:
    """吉林高新区2018年任务分工 一(二): no rush of publication at the year's end."""
    at_desk, forest, today = desk(view, rule, bodies(view)), site_tree(view), civil(view.as_of)
    year = today.year if today >= date(today.year, 12, int(rule.params["judged_from_day"])) else today.year - 1
    columns = {url_key(column.url): column for column in forest.columns if _is_judged(forest.canonical(column), rule)}
    items: dict[str, list[Document]] = {}
    for document in view.documents:
        published = document.reading.published_at
        if published is None or civil(published).year != year or civil(published) > today:
            continue
        for key in dict.fromkeys(url_key(url) for url in document.column_urls):
            if key in columns and not repost_of(document, at_desk.bodies) and not converted(document):
                items.setdefault(key, []).append(document)
    enough = {key: found for key, found in items.items() if len(found) >= rule.params["min_items"]}
    for key, found in enough.items():
        yield _judge(rule, columns[key], found, at_desk, year)
    if not enough:
        yield _too_few(view, year)


def _is_judged(canonical: str | None, rule: Rule) -> bool:
    known = load_columns().get(canonical) if canonical is not None else None
    if known is None or known.update_class in rule.params["yearly_classes"] or known.id in rule.params["yearly_columns"]:
        return False
    return any(load_columns().is_within(known.id, family) for family in rule.columns)


def _judge(rule: Rule, column: Column, items: Sequence[Document], at_desk: Desk, year: int) -> Outcome:
    assert rule.threshold is not None
    late = [document for document in items if civil(document.reading.published_at or document.first_seen).month == 12]
    percent = round(100 * len(late) / len(items), 2)
    facts: dict[str, object] = {"year": year, "items": len(items), "december": len(late)}
    found = Outcome(Status.PASS, "spread", column_subject(column), facts, (), Measure(percent, "percent"))
    if percent < rule.threshold.value:
        return found
    gaps = [gap for document in late if (gap := _gap(document)) is not None]
    evidence = (
        column_evidence(column, f"{year}年发布{len(items)}条，其中12月{len(late)}条"),
        *(document_evidence(document, _dates(document)) for document in late[: int(rule.params["shown_documents"])]),
    )
    if 2 * len(gaps) < len(late):
        return replace(found, status=Status.INCONCLUSIVE, reason="formation-unknown", facts=facts, evidence=evidence)
    facts["gap"] = int(median(gaps))
    if median(gaps) <= rule.params["gap_days"]:
        return replace(found, status=Status.PASS, reason="recent-information", facts=facts, evidence=evidence)
    moved = [document for document in late if civil(document.reading.published_at or document.first_seen) in at_desk.bulk_days]
    if 2 * len(moved) >= len(late):
        return replace(found, status=Status.INCONCLUSIVE, reason="bulk-published", facts=facts, evidence=evidence)
    return replace(found, status=Status.FAIL, reason="rush", facts=facts, evidence=evidence)


def _gap(document: Document) -> int | None:
    """Days from the making of a document to its publication."""
    start, published = document.reading.made_on or document.reading.issued_on, document.reading.published_at
    if start is None or published is None or civil(published) < start:
        return None
    return (civil(published) - start).days


def _dates(document: Document) -> str:
    start = document.reading.made_on or document.reading.issued_on
    published = document.reading.published_at
    return f"成文日期{start.isoformat() if start else '未见'}，发布日期{civil(published).isoformat() if published else '未见'}"


def _too_few(view: SiteView, year: int) -> Outcome:
    crawl = latest_crawl(view)
    if crawl is None or crawl.state != "complete":
        return Outcome(Status.INCONCLUSIVE, (crawl.reason if crawl else None) or "not-observed", site_subject(view))
    return Outcome(Status.NOT_APPLICABLE, "few-items", site_subject(view), {"year": year})
