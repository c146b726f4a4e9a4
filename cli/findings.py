"""`gongkai findings` and `gongkai verdicts`: the ledger, and every verdict of the last check."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from alerts.acts import after, expired
from cli.options import FailOption, SiteOption
from cli.output import Format, write_rows
from cli.session import Session, default_verb, verb
from data.catalogue import load_rules
from data.errors import ConfigurationError
from data.findings import OPEN_STATES, awaits_review
from data.ledger import Ledger
from data.records import FindingState, Status
from data.verdicts import latest_verdicts
from data.wire_contract import finding_to_json, verdict_to_json

app = typer.Typer(
    invoke_without_command=True,
    add_completion=False,
    rich_markup_mode=None,
    help="The findings ledger; with a verb: show one, or record what was done about it.",
)

FormatOption = Annotated[Format, typer.Option("--format", help="table, jsonl, csv, xlsx or markdown.")]
OutOption = Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Write there instead of to the terminal.")]

_VERDICT_COLUMNS = (
    ("site", "站点"), ("rule", "规则"), ("status", "结论"), ("severity", "程度"), ("confidence", "确认"), ("message", "说明"), ("subject.url", "位置"),
)  # fmt: skip
_FINDING_COLUMNS = (
    ("id", "编号"), ("site", "站点"), ("rule", "规则"), ("state", "状态"), ("stay.until", "至"), ("stay.by", "经办"), ("times", "次数"),
    ("severity", "程度"), ("first_found", "首次发现"), ("rectify_by", "整改期限"),
    ("message", "说明"), ("subject.url", "位置"),
)  # fmt: skip


@app.callback()
@default_verb
def findings(
    session: Session,
    status: Annotated[
        list[str] | None,
        typer.Option(
            "--status", metavar="STATE", help="open, notified, acknowledged, appealed, resolved, waived or explained; repeatable."
        ),
    ] = None,
    site: SiteOption = None,
    to_review: Annotated[
        bool, typer.Option("--to-review", help="Only those that a person has to look at before their unit is told.")
    ] = False,
    form: FormatOption = Format.TABLE,
    out: OutOption = None,
    fail_on_violation: FailOption = False,
) -> int:
    """The findings ledger."""
    states = [_state(text) for text in status or ()]
    held = Ledger(session.database).findings(site=_sites(session, site))
    # A term that has ended shows as ended, also before the next check records it.
    ends = {act.finding_id: act for act in expired(held, session.now, session.calendar)}
    current = (after(finding, ends[finding.id]) if finding.id in ends else finding for finding in held)
    found = tuple(
        finding
        for finding in current
        if (not states or finding.state in states)
        and (not to_review or (finding.state in OPEN_STATES and awaits_review(finding, load_rules().get(finding.verdict.rule))))
    )
    write_rows(session, (finding_to_json(finding) for finding in found), _FINDING_COLUMNS, form, out)
    closed = (FindingState.RESOLVED, FindingState.WAIVED, FindingState.EXPLAINED)
    return 1 if fail_on_violation and any(finding.state not in closed for finding in found) else 0


@verb
def verdicts(
    session: Session,
    status: Annotated[
        list[str] | None,
        typer.Option("--status", metavar="STATUS", help="pass, fail, due-soon, not-applicable or inconclusive; repeatable."),
    ] = None,
    site: SiteOption = None,
    rule: Annotated[list[str] | None, typer.Option("--rule", metavar="ID", help="Only this rule; repeatable.")] = None,
    form: FormatOption = Format.TABLE,
    out: OutOption = None,
) -> int:
    """Every verdict of the last check."""
    known = {one.value for one in Status}
    for text in status or ():
        if text not in known:
            raise ConfigurationError(f"--status {text}: no such status; known: {', '.join(sorted(known))}")
    for rule_id in rule or ():
        if rule_id not in load_rules():
            raise ConfigurationError(f"--rule {rule_id}: no such rule; `gongkai rules` lists them")
    chosen = [
        verdict for verdict in latest_verdicts(session.database, _sites(session, site))
        if (not status or verdict.status in status) and (not rule or verdict.rule in rule)
    ]  # fmt: skip
    write_rows(session, (verdict_to_json(verdict) for verdict in chosen), _VERDICT_COLUMNS, form, out)
    return 0


def _sites(session: Session, ids: list[str] | None) -> list[str]:
    """The named sites, checked against the registry where one is given."""
    if ids and session.config.registry is not None:
        return [one.id for one in session.sites(ids)]
    return ids or []


def _state(text: str) -> FindingState:
    try:
        return FindingState(text)
    except ValueError:
        raise ConfigurationError(f"--status {text}: no such state; known: {', '.join(state.value for state in FindingState)}") from None
