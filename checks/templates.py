"""Faults that a page inherits from its template: told once for the template, not once for each of its pages.

A few pages with the fault are told one by one; many of one column are told for the column; many columns, or most of all pages, for the site.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from checks.observing import document_evidence
from checks.registry import Outcome
from checks.scope import withdrawn
from checks.subjects import column_subject, document_subject
from checks.tree import current_columns
from data.catalogue import Rule
from data.records import Column, Document, Evidence, Status
from data.urls import url_key
from data.view import SiteView


@dataclass(slots=True)
class Faults:
    """What was found, page by page, in Chinese."""

    documents: list[tuple[Document, str]] = field(default_factory=list)
    columns: dict[str, tuple[Column, str]] = field(default_factory=dict)  # by the column's address
    examined: int = 0  # pages of all kinds
    contents: int = 0  # of these, documents


@dataclass(frozen=True, slots=True)
class Told:
    """The outcomes of documents and columns, and what is left for the site to be told."""

    outcomes: tuple[Outcome, ...]
    site: tuple[str, ...]
    evidence: tuple[Evidence, ...]


def tell(view: SiteView, rule: Rule, faults: Faults) -> Told:
    """Sort faults by whose template makes them. Wording needed: fail.document, fail.column (facts: what), not-applicable.withdrawn."""
    most, columns = int(rule.params["template_documents"]), {column.url: column for column in current_columns(view)}
    gone = withdrawn(view)
    outcomes: list[Outcome] = []
    groups: dict[str | None, list[tuple[Document, str]]] = defaultdict(list)
    left: dict[tuple[str, ...], list[Document]] = defaultdict(list)
    for document, what in faults.documents:
        if url_key(document.url) in gone:
            left[document.column_urls].append(document)
        else:
            groups[next((url for url in document.column_urls if url in columns), None)].append((document, what))
    standing = [found for group in groups.values() for found in group]
    everywhere = len(standing) > most and 100 * len(standing) >= rule.params["template_percent"] * faults.contents
    if everywhere:
        groups.clear()
    for documents in left.values():
        if len(documents) <= most:  # more than these were never told one by one
            outcomes += [Outcome(Status.NOT_APPLICABLE, "withdrawn", document_subject(document)) for document in documents]
    told: dict[str, list[str]] = {url: [what] for url, (_, what) in faults.columns.items()}
    site, evidence = _columns_of(groups, told, most, outcomes)
    if everywhere:
        site.append(f"{faults.contents}个内容页中有{len(standing)}个{standing[0][1]}等")
        evidence += [document_evidence(document, what) for document, what in standing[:5]]
    proofs: Mapping[str | None, Evidence] = {url: document_evidence(found[0][0], found[0][1]) for url, found in groups.items() if found}
    if len(told) > rule.params["template_columns"]:
        names = "、".join(f"“{columns[url].name}”" for url in list(told)[:5])
        site.append(f"{len(told)}个栏目（如{names}）{next(iter(told.values()))[-1]}")
        evidence += [proofs.get(url) or _page_evidence(columns[url], what[0]) for url, what in list(told.items())[:5]]
    else:
        for url, whats in told.items():
            column = columns[url]
            proof = proofs.get(url) if len(groups.get(url, ())) > most else None
            outcomes.append(
                Outcome(
                    Status.FAIL, "column", column_subject(column), {"what": "；".join(whats)}, (proof or _page_evidence(column, whats[0]),)
                )
            )
    return Told(tuple(outcomes), tuple(site), tuple(evidence))


def _columns_of(
    groups: Mapping[str | None, list[tuple[Document, str]]], told: dict[str, list[str]], most: int, outcomes: list[Outcome]
) -> tuple[list[str], list[Evidence]]:
    """Give documents their own verdicts, or leave them to their column, or to the site where they stand in none."""
    site: list[str] = []
    evidence: list[Evidence] = []
    for url, found in groups.items():
        if len(found) <= most:
            outcomes.extend(
                Outcome(Status.FAIL, "document", document_subject(document), {"what": what}, (document_evidence(document, what),))
                for document, what in found
            )
            continue
        text = f"有{len(found)}个内容页{found[0][1]}"
        if url is None:
            site.append(text)
            evidence.append(document_evidence(*found[0]))
        else:
            told.setdefault(url, []).append(text)
    return site, evidence


def _page_evidence(column: Column, note: str) -> Evidence:
    page = column.page
    return Evidence(column.url, page.observed_at if page else column.last_seen, page.sha256 if page else None, note)


def mended(found: Iterable[Document]) -> Iterable[Outcome]:
    """A pass for each document whose fault an earlier reading showed."""
    for document in found:
        yield Outcome(Status.PASS, "mended", document_subject(document), {}, (document_evidence(document, "复查时已不见"),))
