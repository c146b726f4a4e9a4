"""`gongkai scorecard`: the week's scorecards."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from alerts.weekly import weekly_messages
from cli.judging import judge_sites
from cli.session import Session, verb
from data.errors import ConfigurationError
from data.ledger import Ledger
from data.outbox import Outbox
from data.reading import site_view
from data.records import CrawlState, Document, DocumentKind
from data.registry import Site
from data.view import SiteView
from data.weeks import load_weeks, save_week
from data.wire import from_wire, to_wire
from scorecards.card import build, week_figures
from scorecards.model import Scorecard, SiteFacts, WeekFigures
from scorecards.report import write_all
from scorecards.scheme import load_scheme
from scorecards.week import Week, closed, last_closed


@verb
def scorecard(
    session: Session,
    week: Annotated[str | None, typer.Option("--week", metavar="2026-W47", help="ISO week; default: the week of this run's clock.")] = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR", help="Where to write; default: reports in the state folder.")] = None,
    scheme: Annotated[str, typer.Option("--scheme", metavar="NAME|FILE", help="How rules are weighed.")] = "default",
    closed_week: Annotated[bool, typer.Option("--closed", help="The week that closed last.")] = False,
    send: Annotated[
        bool, typer.Option("--send", help="Queue the workbook for the supervisors, once a week; `gongkai alert` sends it.")
    ] = False,
) -> int:
    """Weekly scorecards as .xlsx, .docx, .html and .json, with charts."""
    if week and closed_week:
        raise ConfigurationError("--closed: names a week already; give it or --week, not both")
    chosen = last_closed(session.now) if closed_week else Week.parse(week) if week else Week.of(session.now)
    paths = write_week(session, chosen, out, scheme)[1]
    for path in paths:
        session.console.print(str(path))
    if send:
        days = (chosen.first_day, chosen.first_day + timedelta(days=6))
        books = [path for path in paths if path.suffix == ".xlsx"]
        queued = Outbox(session.database).enqueue(weekly_messages(session.registry, str(chosen), days, books), session.now)
        session.console.print(f"{queued} messages queued for the supervisors; `gongkai alert` sends them")
    return 0


def write_week(session: Session, week: Week, out: Path | None = None, scheme: str = "default") -> tuple[Scorecard, tuple[Path, ...]]:
    """Judge as of the week's end (or now, where it has not closed), and write the scorecard in every form."""
    as_of = min(session.now, week.ends_at)
    sites = session.scored(None)
    verdicts, _ = judge_sites(session, sites, as_of=as_of)
    card = build(
        week,
        session.registry,
        session.rules,
        verdicts,
        Ledger(session.database).findings(),
        [_facts(session, site, week, as_of) for site in sites],
        [from_wire(WeekFigures, figures) for figures in load_weeks(session.database)],
        as_of,
        load_scheme(scheme),
    )
    if closed(week, session.now):
        save_week(session.database, str(week), {figures.site: to_wire(figures) for figures in week_figures(card)})
    return card, write_all(card, out or session.config.reports / str(week))


def _facts(session: Session, site: Site, week: Week, as_of: datetime) -> SiteFacts:
    view = site_view(session.database, session.registry, site, as_of, session.calendar)
    last = view.crawls[-1] if view.crawls else None
    complete = [crawl for crawl in view.crawls if crawl.state is CrawlState.COMPLETE]
    observed = any(crawl.state is not CrawlState.BLOCKED for crawl in view.crawls)
    return SiteFacts(
        site=site.id,
        last_crawl_at=last.started_at if last else None,
        last_crawl_state=last.state if last else None,
        reason=last.reason if last else None,
        last_complete_at=complete[-1].started_at if complete else None,
        columns=len(view.columns) if observed else None,
        documents=len(view.documents) if observed else None,
        new_documents_week=_new(view, week) if observed else None,
        documents_week=_published(view.documents, week, DocumentKind.POLICY_DOCUMENT) if observed else None,
        interpretations_week=_published(view.documents, week, DocumentKind.INTERPRETATION) if observed else None,
    )


def _new(view: SiteView, week: Week) -> int | None:
    """Documents first seen in the week; None where everything was new because the site was first crawled then."""
    if not view.crawls or view.crawls[0].started_at >= week.starts_at:
        return None
    return sum(week.starts_at <= document.first_seen < week.ends_at for document in view.documents)


def _published(documents: Sequence[Document], week: Week, kind: DocumentKind) -> int:
    days = [document.reading.published_at for document in documents if document.reading.kind is kind and document.reading.published_at]
    return sum(week.starts_at <= day < week.ends_at for day in days)
