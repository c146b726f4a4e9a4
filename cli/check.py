"""`gongkai check`: judge what is stored; needs no network."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

import typer
from rich.progress import track

from alerts.round import update_ledger
from checks.runner import CheckError, judge
from cli.options import FailOption, SiteOption
from cli.session import Session, verb
from data.catalogue import load_rules
from data.errors import ConfigurationError
from data.in_force import rules_by_site
from data.reading import site_view
from data.records import Confidence, Status, Verdict
from data.registry import Site
from data.verdicts import latest_verdicts, save_verdicts

RuleOption = Annotated[list[str] | None, typer.Option("--rule", metavar="ID", help="Only this rule; may be given several times.")]

STATUS_ZH = {
    Status.PASS: "合格", Status.FAIL: "问题", Status.DUE_SOON: "即将到期", Status.NOT_APPLICABLE: "不适用", Status.INCONCLUSIVE: "未能判定",
}  # fmt: skip


@verb
def check(session: Session, site: SiteOption = None, rule: RuleOption = None, fail_on_violation: FailOption = False) -> int:
    """Judge what is stored and bring the findings up to date."""
    verdicts, errors = check_round(session, session.scored(site), rule)
    session.console.print(summary(verdicts))
    for error in errors:
        session.errors.print(f"our own check broke: rule {error.rule}, site {error.site}: {error.error}; report it")
    if errors:
        return 4
    return (
        1
        if fail_on_violation and any(verdict.status is Status.FAIL and verdict.confidence is Confidence.CONFIRMED for verdict in verdicts)
        else 0
    )


def check_round(
    session: Session, sites: Sequence[Site], only: Sequence[str] | None = None
) -> tuple[tuple[Verdict, ...], tuple[CheckError, ...]]:
    """Judge the sites as of this run's moment, store the verdicts, update the ledger."""
    verdicts, errors = judge_sites(session, sites, only)
    by_site: dict[str, list[Verdict]] = {site.id: [] for site in sites}
    for verdict in verdicts:
        by_site[verdict.site].append(verdict)
    judged = [(site, only or None, mine) for site, mine in by_site.items()]
    save_verdicts(session.database, session.now, judged, [f"{error.rule} {error.site}: {error.error}" for error in errors])
    update_ledger(session.database, session.registry, load_rules(), current_verdicts(session), session.now)
    return verdicts, errors


def judge_sites(
    session: Session, sites: Sequence[Site], only: Sequence[str] | None = None, *, as_of: datetime | None = None
) -> tuple[tuple[Verdict, ...], tuple[CheckError, ...]]:
    """Judge the sites as of a moment (this run's, unless said otherwise); stores nothing."""
    for rule in only or ():
        if rule not in load_rules():
            raise ConfigurationError(f"--rule {rule}: no such rule; `gongkai rules` lists them")
        if not any(rule in session.rules_of(site) for site in sites):
            raise ConfigurationError(f"--rule {rule}: in force for none of these sites; see their packs and the registry's rules")
    verdicts: list[Verdict] = []
    errors: list[CheckError] = []
    shown = track(sites, "check", console=session.errors, transient=True, disable=not session.errors.is_terminal or len(sites) < 3)
    for site in shown:
        view = site_view(session.database, session.registry, site, as_of or session.now, session.calendar)
        judgement = judge(view, session.rules_of(site), only)
        verdicts += judgement.verdicts
        errors += judgement.errors
    return tuple(verdicts), tuple(errors)


def current_verdicts(session: Session) -> tuple[Verdict, ...]:
    """The latest verdicts of the registry's sites, by the rules that are in force there now."""
    in_force = rules_by_site(session.registry)
    stored = latest_verdicts(session.database, [site.id for site in session.registry.sites])
    return tuple(verdict for verdict in stored if verdict.rule in in_force.get(verdict.site, ()))


def summary(verdicts: Sequence[Verdict]) -> str:
    counts = Counter(verdict.status for verdict in verdicts)
    suspected = sum(verdict.status is Status.FAIL and verdict.confidence is Confidence.SUSPECTED for verdict in verdicts)
    parts = [f"{STATUS_ZH[status]} {counts[status]}" for status in Status if counts[status]]
    return f"{len(verdicts)} verdicts: {', '.join(parts) or 'none'}" + (f"（其中待再次观测确认 {suspected}）" if suspected else "")
