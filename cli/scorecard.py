"""`gongkai scorecard`: the week's scorecards."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from alerts.weekly import unit_messages, weekly_messages
from cli.judging import judge_and_see
from cli.session import Session, verb
from data.catalogue import load_rules
from data.days import civil
from data.errors import ConfigurationError
from data.in_force import rules_by_site
from data.ledger import Ledger
from data.outbox import Outbox
from data.records import SHANGHAI, CrawlState, Document, DocumentKind
from data.tasks import load_tasks
from data.view import SiteView
from data.weeks import load_weeks, save_week
from data.wire import from_wire, to_wire
from scorecards.card import build, week_figures
from scorecards.model import Scorecard, SiteFacts, WeekFigures
from scorecards.report import write_all, write_units
from scorecards.scheme import Scheme, load_scheme
from scorecards.unit import unit_sentence
from scorecards.week import Week, closed, last_closed

_SENT = (".xlsx", ".docx", ".html")


@verb
def scorecard(
    session: Session,
    week: Annotated[str | None, typer.Option("--week", metavar="2026-W47", help="ISO week; default: the week of this run's clock.")] = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR", help="Where to write; default: reports in the state folder.")] = None,
    scheme: Annotated[
        str | None, typer.Option("--scheme", metavar="NAME|FILE", help="How rules are weighed; default: the registry's, else default.")
    ] = None,
    template: Annotated[
        Path | None, typer.Option("--template", metavar="FILE", help="An own .docx for the notice; default: the registry's, else ours.")
    ] = None,
    closed_week: Annotated[bool, typer.Option("--closed", help="The week that closed last.")] = False,
    units: Annotated[bool, typer.Option("--units", help="Also each unit's own sheet, in the folder units.")] = False,
    send: Annotated[
        bool,
        typer.Option(
            "--send",
            help="Queue the files for the supervisors, and each unit's own sheet for its administrators, once a week; `gongkai alert` sends them.",
        ),
    ] = False,
) -> int:
    """Weekly scorecards as .xlsx, .docx, .html and .json, with charts."""
    if week and closed_week:
        raise ConfigurationError("--closed: names a week already; give it or --week, not both")
    chosen = last_closed(session.now) if closed_week else Week.parse(week) if week else Week.of(session.now)
    folder = out or session.config.reports / str(chosen)
    card, paths = write_week(session, chosen, folder, scheme, template)
    for path in paths:
        session.console.print(str(path))
    if units or send:
        sheets = write_units(card, folder / "units")
        session.console.print(f"{folder / 'units'}: {len(sheets)} units")
    if send:
        days = (chosen.first_day, chosen.last_day)
        files = [path for path in paths if path.suffix in _SENT]
        queue = Outbox(session.database)
        queued = queue.enqueue(
            weekly_messages(session.registry, str(chosen), days, files, [said.text for said in card.sentences]), session.now
        )
        told = queue.enqueue(
            unit_messages(session.registry, str(chosen), days, sheets, {site.site: unit_sentence(site) for site in card.sites}), session.now
        )
        session.console.print(f"{queued} messages queued for the supervisors, {told} for administrators; `gongkai alert` sends them")
    return 0


def write_week(
    session: Session, week: Week, out: Path | None = None, scheme: str | None = None, template: Path | None = None
) -> tuple[Scorecard, tuple[Path, ...]]:
    """Judge as of the week's end (or now, where it has not closed), and write the scorecard in every form."""
    chosen = _scheme(session, scheme)
    notice = _template(session, template)
    card = make_week(session, week, chosen)
    if closed(week, session.now):
        save_week(session.database, str(week), {figures.site: to_wire(figures) for figures in week_figures(card)})
    return card, write_all(card, out or session.config.reports / str(week), notice)


def make_week(session: Session, week: Week, scheme: Scheme) -> Scorecard:
    """The scorecard of a week from what is stored."""
    as_of = min(session.now, week.ends_at)
    sites = session.scored(None)
    verdicts, _, facts = judge_and_see(session, sites, as_of, partial(_facts, week, as_of), lean=True)
    return build(
        week,
        session.registry,
        session.rules,
        verdicts,
        Ledger(session.database).findings(),
        facts,
        [from_wire(WeekFigures, figures) for figures in load_weeks(session.database, str(week.shifted(-60)))],
        as_of,
        scheme,
        load_tasks(session.database),
        rules_by_site(session.registry),
    )


def _scheme(session: Session, given: str | None) -> Scheme:
    """The scheme of the command line, else the registry's; a file that the registry names lies beside it."""
    if given is not None:
        return load_scheme(given, load_rules())
    named = session.registry.scorecard.scheme
    return load_scheme(_beside(session, named) if named.endswith((".yml", ".yaml")) else named, load_rules())


def _template(session: Session, given: Path | None) -> Path | None:
    named = session.registry.scorecard.template
    path = given or (_beside(session, named) if named else None)
    if path is not None and not path.is_file():
        raise ConfigurationError(f"{path}: no such template; give a .docx file, such as a copy of scorecards/templates/notice.docx")
    return path


def _beside(session: Session, name: str) -> Path:
    assert session.config.registry is not None
    return Path(session.config.registry).parent / name


def _facts(week: Week, as_of: datetime, view: SiteView) -> SiteFacts:
    last = view.crawls[-1] if view.crawls else None
    complete = [crawl for crawl in view.crawls if crawl.state is CrawlState.COMPLETE]
    observed = any(crawl.state is not CrawlState.BLOCKED for crawl in view.crawls)
    month = _month(week, as_of)
    of_month = [document for document in view.documents if _shown_in(document, month)]
    return SiteFacts(
        site=view.site.id,
        last_crawl_at=last.started_at if last else None,
        last_crawl_state=last.state if last else None,
        reason=last.reason if last else None,
        last_complete_at=complete[-1].started_at if complete else None,
        columns=len(view.columns) if observed else None,
        documents=len(view.documents) if observed else None,
        new_documents_week=_new(view, week) if observed else None,
        documents_week=_published(view.documents, week, DocumentKind.POLICY_DOCUMENT) if observed else None,
        interpretations_week=_published(view.documents, week, DocumentKind.INTERPRETATION) if observed else None,
        documents_month=len(of_month) if observed else None,
        policies_month=_of_kind(of_month, DocumentKind.POLICY_DOCUMENT) if observed else None,
        interpretations_month=_of_kind(of_month, DocumentKind.INTERPRETATION) if observed else None,
    )


def _new(view: SiteView, week: Week) -> int | None:
    """Documents first seen in the week; None where everything was new because the site was first crawled then."""
    if not view.crawls or view.crawls[0].started_at >= week.starts_at:
        return None
    return sum(week.starts_at <= document.first_seen < week.ends_at for document in view.documents)


def _published(documents: Sequence[Document], week: Week, kind: DocumentKind) -> int:
    days = [document.reading.published_at for document in documents if document.reading.kind is kind and document.reading.published_at]
    return sum(week.starts_at <= day < week.ends_at for day in days)


def _month(week: Week, as_of: datetime) -> tuple[date, date]:
    """From the first of the calendar month to the last day that the scorecard speaks of."""
    last = min(as_of.astimezone(SHANGHAI), week.ends_at - timedelta(microseconds=1)).date()
    return last.replace(day=1), last


def _shown_in(document: Document, month: tuple[date, date]) -> bool:
    published = document.reading.published_at
    return published is not None and month[0] <= civil(published) <= month[1]


def _of_kind(documents: Sequence[Document], kind: DocumentKind) -> int:
    return sum(document.reading.kind is kind for document in documents)
