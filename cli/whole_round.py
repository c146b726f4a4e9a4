"""`gongkai run`: one whole round."""

from __future__ import annotations

from cli.alert import describe, send_round
from cli.check import tell_errors
from cli.crawl import crawl_round
from cli.evidence import prune_round
from cli.judging import check_round
from cli.options import FailOption, SiteOption
from cli.registry import check_channels
from cli.scorecard import write_week
from cli.session import Session, verb
from data.reading import last_crawls
from data.weeks import load_weeks
from scorecards.week import last_closed


@verb
def run(session: Session, site: SiteOption = None, fail_on_violation: FailOption = False) -> int:
    """One whole round: crawl, check, alert; writes the week's scorecard when the week has closed."""
    session.rules  # noqa: B018 - a wrong override is said before anything is crawled
    check_channels(session.registry, str(session.config.registry))
    crawled = crawl_round(session, session.sites(site))
    judged = check_round(session, session.scored(site))
    session.console.print(judged.summary)
    report = send_round(session)
    session.console.print(describe(report, dry=False))
    _close_week(session)
    if session.config.retention.limited:
        prune_round(session)
    tell_errors(session, judged.errors)
    if judged.errors:
        return 4
    if crawled or report.failed:
        return 3
    return 1 if fail_on_violation and judged.violations else 0


def _close_week(session: Session) -> None:
    """Write the scorecard of the week that closed last, once."""
    week = last_closed(session.now)
    kept = any(figures["week"] == str(week) for figures in load_weeks(session.database))
    if kept or not last_crawls(session.database, [site.id for site in session.scored(None)], week.ends_at):
        return  # written already, or nothing was watched in it
    for path in write_week(session, week)[1]:
        session.console.print(str(path))
