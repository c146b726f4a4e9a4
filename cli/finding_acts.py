"""`gongkai findings show`, and what persons do about a finding: release, ack, appeal, decide, waive, explain, withdraw."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Annotated

import typer

from alerts import acts
from cli.findings import FormatOption, app
from cli.output import Format
from cli.session import Session, verb
from data.catalogue import Rule, load_rules
from data.errors import ConfigurationError
from data.findings import OPEN_STATES, Act, awaits_review, times_found
from data.ledger import Ledger
from data.records import SHANGHAI, Finding, FindingState
from data.registry_notices import FindingOptions
from data.text import visible
from data.wire_contract import finding_to_json

IdArgument = Annotated[str, typer.Argument(metavar="ID", help="A finding's number, such as F000123.")]
IdsArgument = Annotated[list[str], typer.Argument(metavar="ID", help="A finding's number, such as F000123; several may be given.")]
ByOption = Annotated[str, typer.Option("--by", metavar="NAME", help="Who does this; kept in the finding's log.")]
WhyOption = Annotated[str, typer.Option("--why", metavar="TEXT", help="On what ground; kept in the finding's log.")]
UntilOption = Annotated[str, typer.Option("--until", metavar="DATE", help="The last day that it holds; it ends by itself.")]


@app.command("show")
@verb
def show(session: Session, finding: IdArgument, form: FormatOption = Format.TABLE) -> int:
    """One finding whole: what was seen, where it stands, who did what and why."""
    if form not in (Format.TABLE, Format.JSONL):
        raise ConfigurationError(f"--format {form.value}: a finding is shown as table or jsonl")
    held = held_finding(session, finding)
    if form is Format.JSONL:
        session.console.print(json.dumps(finding_to_json(held), ensure_ascii=False))
    else:
        for line in _whole(held, load_rules().get(held.verdict.rule)):
            session.console.print(visible(line))
    return 0


@app.command("ack")
@verb
def ack(session: Session, finding: IdsArgument, by: ByOption, why: WhyOption = "已签收，正在核实整改") -> int:
    """Acknowledge: somebody has it in hand. It stays owed, and its ladder goes on."""
    return _do(session, finding, lambda held: acts.acknowledge(held, by, why, session.now))


@app.command("release")
@verb
def release(session: Session, finding: IdsArgument, by: ByOption, why: WhyOption) -> int:
    """Pass a reviewed finding on to its unit, which is told from now on; its days to mend begin."""
    return _do(
        session, finding, lambda held: acts.release(held, load_rules().get(held.verdict.rule), by, why, session.now, session.calendar)
    )


@app.command("appeal")
@verb
def appeal(session: Session, finding: IdsArgument, by: ByOption, why: WhyOption) -> int:
    """Appeal: the unit says that the finding is wrong. It rests until somebody decides."""
    return _do(session, finding, lambda held: acts.appeal(held, by, why, session.now))


@app.command("decide")
@verb
def decide(
    session: Session,
    finding: IdsArgument,
    by: ByOption,
    why: WhyOption,
    upheld: Annotated[bool, typer.Option("--upheld/--dismissed", help="The unit is right; or the finding stands.")],
    until: Annotated[str | None, typer.Option("--until", metavar="DATE", help="Of an upheld one: the last day of its waiver.")] = None,
) -> int:
    """Decide an appeal. Upheld, the finding is waived until a day; dismissed, it is where it was before."""
    last = _date(until, "--until") if until is not None else None

    def decided(held: Finding) -> Act:
        return acts.decide(held, by, why, session.now, upheld=upheld, until=last, options=_options(session), calendar=session.calendar)

    return _do(session, finding, decided)


@app.command("waive")
@verb
def waive(session: Session, finding: IdsArgument, by: ByOption, why: WhyOption, until: UntilOption) -> int:
    """Waive on a stated basis until a day; --by names who approved it."""
    last = _date(until, "--until")
    return _do(session, finding, lambda held: acts.waive(held, by, why, session.now, last, _options(session)))


@app.command("explain")
@verb
def explain(
    session: Session,
    finding: IdsArgument,
    by: ByOption,
    why: WhyOption,
    first: Annotated[str, typer.Option("--from", metavar="DATE", help="The first day that the explanation speaks for.")],
    last: Annotated[str, typer.Option("--to", metavar="DATE", help="The last day that it speaks for.")],
    until: UntilOption,
    coefficient: Annotated[
        float | None,
        typer.Option("--coefficient", metavar="SHARE", help="The share of its points that it earns; default: the registry's."),
    ] = None,
) -> int:
    """Record an explanation (情况说明) of a gap: neither mended nor at fault, for a time."""
    period, end = (_date(first, "--from"), _date(last, "--to")), _date(until, "--until")
    return _do(session, finding, lambda held: acts.explain(held, by, why, session.now, period, end, _options(session), coefficient))


@app.command("withdraw")
@verb
def withdraw(session: Session, finding: IdsArgument, by: ByOption, why: WhyOption) -> int:
    """End a waiver, an explanation or an appeal before its time."""
    return _do(session, finding, lambda held: acts.withdraw(held, by, why, session.now, session.calendar))


def held_finding(session: Session, finding_id: str) -> Finding:
    """A finding by its number, with terms that have ended taken in. Raises ConfigurationError."""
    ledger = Ledger(session.database)
    found = ledger.findings(ids=[finding_id])
    if not found:
        raise ConfigurationError(f"{finding_id}: no such finding; `gongkai findings` lists them")
    ends = acts.expired(found, session.now, session.calendar)
    if ends:
        ledger.store_acts(ends)
        found = ledger.findings(ids=[finding_id])
    return found[0]


def _do(session: Session, ids: list[str], decided: Callable[[Finding], Act]) -> int:
    """Do one thing to several findings: to all of them, or, where one does not allow it, to none."""
    held = [held_finding(session, finding_id) for finding_id in dict.fromkeys(ids)]
    done = [decided(finding) for finding in held]
    Ledger(session.database).store_acts(done)
    for finding, act in zip(held, done, strict=True):
        session.console.print(f"{finding.id}: {finding.state} -> {act.state}; mend by {act.rectify_by or 'no date'}")
    return 0


def _options(session: Session) -> FindingOptions:
    """What the registry allows; its defaults where none is given."""
    return session.registry.findings if session.config.registry is not None else FindingOptions()


def _date(text: str, option: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ConfigurationError(f"{option} {text}: no date; write e.g. 2027-03-31") from None


_STATES_ZH = {
    FindingState.OPEN: "待整改", FindingState.NOTIFIED: "已通知，待整改", FindingState.ACKNOWLEDGED: "已签收，整改中", FindingState.APPEALED: "申诉复核中",
    FindingState.RESOLVED: "已整改", FindingState.WAIVED: "已豁免", FindingState.EXPLAINED: "已提交情况说明",
}  # fmt: skip


def _whole(finding: Finding, rule: Rule | None) -> Iterator[str]:
    verdict = finding.verdict
    times = times_found(finding)
    yield f"{finding.id}  {finding.state}（{_STATES_ZH[finding.state]}）" + (f"，第{times}次发现" if times > 1 else "")
    yield f"站点　　{verdict.site}"
    yield f"规则　　{verdict.rule}" + (f"　{rule.title_zh}" if rule else "")
    yield f"问题　　{verdict.message}"
    yield f"位置　　{verdict.subject.title}　{verdict.subject.url or ''}".rstrip()
    for clause in verdict.clauses:
        yield f"依据　　{clause.source} {clause.clause}：“{clause.quote}”"
    for evidence in verdict.evidence:
        yield f"佐证　　{_moment(evidence.observed_at)}　{evidence.url}　{evidence.note}".rstrip()
    if finding.state in OPEN_STATES and awaits_review(finding, rule):
        yield "告知　　待人工核实，尚未告知该单位；转告：gongkai findings release，不属实或无须整改：gongkai findings waive"
    yield f"首次发现{_moment(finding.first_found)}　最近确认{_moment(finding.last_confirmed)}　整改期限{finding.rectify_by or '未定'}"
    if finding.resolved_at is not None:
        yield f"销号　　{_moment(finding.resolved_at)}"
    if finding.stay is not None:
        stay = finding.stay
        period = f"，所述期间{stay.period[0]}至{stay.period[1]}" if stay.period else ""
        share = f"，系数{stay.coefficient:g}" if stay.coefficient is not None else ""
        yield f"现状　　{_STATES_ZH[finding.state]}：{stay.basis}（{stay.by}，{_moment(stay.since)}起，{f'至{stay.until}' if stay.until else '待复核'}{period}{share}）"
    if rule is not None:
        yield f"建议　　{rule.remedy}"
    yield "经过"
    for event in finding.events:
        yield f"  {_moment(event.at)}　{event.who}　{event.what}　{event.why}"


def _moment(value: datetime) -> str:
    return f"{value.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
