"""How the links of a site's pages answered when they were tried.

One table: a row is a run of tries that came to the same. Of pages of the site itself only those are kept that were missing once; what
answers is in the pages.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from data.database import Database
from data.models import LinkVisitRow
from data.records import LinkKind, LinkTarget, LinkVisit
from data.runs import last_runs
from data.urls import url_hash

_LABEL = 300
_TYPE = 120


@dataclass(frozen=True, slots=True)
class Trial:
    """One try of a link, as a crawl made it."""

    url: str
    kind: LinkKind
    label: str
    on: str
    visit: LinkVisit


@dataclass(frozen=True, slots=True)
class KnownLink:
    """A link that was tried before, and how it answered last."""

    url: str
    kind: LinkKind
    label: str
    on: str
    since: datetime  # when it first answered so
    at: datetime  # and when last
    ok: bool | None
    reason: str | None
    missed: bool  # it was seen to be missing, then or earlier
    hollow: bool = False  # a file that was answered last with a web page or with nothing


def save_trials(session: Session, site: str, trials: Iterable[Trial]) -> None:
    """Store tries; one that came to the same as the last one extends it. Where a link stands is kept as it was found first."""
    found = {url_hash(trial.url): trial for trial in trials}
    last = last_runs(session, LinkVisitRow, site, list(found))
    for key, trial in found.items():
        visit, held = trial.visit, last.get(key)
        if held is not None and LinkKind.VANISHED in (held.kind, trial.kind) and held.kind != trial.kind:
            held = None  # what was linked is so no more, or is again: that begins anew
        told = (visit.ok, visit.reason, (visit.content_type or "")[:_TYPE] or None, visit.size)
        if held is not None and (held.ok, held.reason, held.content_type, held.size) == told:
            held.observed_to = max(held.observed_to, visit.at)
            continue
        known = held
        ok, reason, content_type, size = told
        session.add(
            LinkVisitRow(
                site=site, url_hash=key, url=trial.url, kind=known.kind if known else trial.kind,
                label=known.label if known else trial.label[:_LABEL], on_url=known.on_url if known else trial.on,
                observed_from=visit.at, observed_to=visit.at, ok=ok, reason=reason, content_type=content_type, size=size,
            )
        )  # fmt: skip


def read_links(
    session: Session, site: str, as_of: datetime, as_known: Callable[[str, datetime, datetime], datetime]
) -> tuple[LinkTarget, ...]:
    """The links that were tried by then, in order of address. Of a run of like answers its first and its last try are told."""
    targets: dict[bytes, tuple[LinkVisitRow, list[LinkVisit]]] = {}
    for row in session.execute(
        select(LinkVisitRow)
        .where(LinkVisitRow.site == site, LinkVisitRow.observed_from <= as_of)
        .order_by(LinkVisitRow.observed_from, LinkVisitRow.id)
    ).scalars():
        _, visits = targets.get(row.url_hash, (row, []))
        targets[row.url_hash] = (row, visits)
        for at in sorted({row.observed_from, as_known(site, row.observed_from, row.observed_to)}):
            visits.append(LinkVisit(at, row.ok, row.reason, row.content_type, row.size))
    found = (LinkTarget(row.url, LinkKind(row.kind), row.label, row.on_url, tuple(visits)) for row, visits in targets.values())
    return tuple(sorted(found, key=lambda target: target.url))


def known_links(database: Database, site: str) -> Mapping[bytes, KnownLink]:
    """By url_hash: every link that was tried before."""
    found: dict[bytes, KnownLink] = {}
    with database.session() as session:
        for row in session.execute(
            select(
                LinkVisitRow.url_hash,
                LinkVisitRow.url,
                LinkVisitRow.kind,
                LinkVisitRow.label,
                LinkVisitRow.on_url,
                LinkVisitRow.observed_from,
                LinkVisitRow.observed_to,
                LinkVisitRow.ok,
                LinkVisitRow.reason,
                LinkVisitRow.content_type,
                LinkVisitRow.size,
            )
            .where(LinkVisitRow.site == site)
            .order_by(LinkVisitRow.observed_from, LinkVisitRow.id)
        ).all():
            before = found.get(row.url_hash)
            missed = row.ok is False or (before is not None and before.missed)
            empty = row.ok is True and (row.size == 0 or "html" in (row.content_type or "").lower())
            hollow = empty and row.kind == LinkKind.ATTACHMENT
            found[row.url_hash] = KnownLink(
                row.url, LinkKind(row.kind), row.label, row.on_url, row.observed_from, row.observed_to, row.ok, row.reason, missed, hollow
            )
    return found
