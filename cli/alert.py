"""`gongkai alert`: send what is due."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

import typer

from alerts.operators import OperatorNotice
from alerts.round import RoundReport, dry_run, run_round
from alerts.troubles import from_calendar, from_schedule
from cli.judging import act_on
from cli.registry import check_channels
from cli.session import Session, verb
from data.catalogue import load_rules
from data.schedule import Schedule

_REMEMBER = timedelta(days=30)  # older trouble of the schedule is no news


@verb
def alert(
    session: Session, dry: Annotated[bool, typer.Option("--dry-run", help="Print what would go to whom; send and store nothing.")] = False
) -> int:
    """Send what is due: new, escalated, due-soon, resolved."""
    check_channels(session.registry, str(session.config.registry))
    if dry:
        report = dry_run(session.database, session.registry, load_rules(), act_on(session), session.now, trouble=_trouble(session))
        for message in report.messages:
            session.console.print(f"── {message.audience} → {message.channel}\n{message.subject}\n\n{message.body}\n")
    else:
        report = send_round(session)
    session.console.print(describe(report, dry=dry))
    return 3 if report.failed and not dry else 0


def send_round(session: Session) -> RoundReport:
    return run_round(session.database, session.registry, load_rules(), act_on(session), session.now, trouble=_trouble(session))


def _trouble(session: Session) -> tuple[OperatorNotice, ...]:
    """What the operator has to know of the schedule and of the calendar."""
    events = Schedule(session.database).events(session.now - _REMEMBER)
    return (*from_schedule(events), *from_calendar(session.calendar, session.now))


def describe(report: RoundReport, *, dry: bool) -> str:
    count = len(report.messages)
    lines = [
        f"{count} messages would go out; nothing was sent or stored" if dry else f"{report.count('sent')} of {count} due messages sent"
    ]
    lines += [f"not delivered to {message.audience} ({message.channel}): {message.error}" for message in report.failed]
    lines += [
        f"no channel for {untold.site or f'{untold.audience}s'}: {untold.items} items could not be told; add channels to the registry"
        for untold in report.untold
    ]
    if report.uncertain:
        lines.append(f"{report.uncertain} sent again: an earlier run ended before it knew whether they had arrived")
    if report.waiting and report.opens_at is not None:
        lines.append(f"{report.waiting} items wait for working hours; run `gongkai alert` after {report.opens_at:%Y-%m-%d %H:%M}")
    if report.busy:
        lines.append("another process is sending; what is queued is left to it")
    return "\n".join(lines)
