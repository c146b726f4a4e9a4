"""`gongkai ledger`: the rectification ledger (整改台账) as a workbook, out and in again."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from alerts import acts
from cli.ledger_changes import Actor, RowChange, Standing, changes
from cli.scorecard import make_week
from cli.session import Session, verb
from data.errors import ConfigurationError
from data.ledger import Ledger
from data.records import Finding
from data.tasks import load_tasks
from data.text import visible
from scorecards.ledger import ledger_rows
from scorecards.ledger_sheet import current, read_ledger
from scorecards.scheme import load_scheme
from scorecards.week import Week
from scorecards.xlsx import write_ledger

app = typer.Typer(
    no_args_is_help=True, add_completion=False, rich_markup_mode=None, help="The rectification ledger (整改台账) as a workbook."
)

FileArgument = Annotated[Path, typer.Argument(metavar="FILE.xlsx", help="A ledger, or a scorecard's workbook with the sheet 整改台账.")]


@app.command("export")
@verb
def export(
    session: Session, out: Annotated[Path, typer.Option("--out", metavar="FILE.xlsx", help="Where to write it.")] = Path("整改台账.xlsx")
) -> int:
    """Write the ledger as it stands: to be corrected in a spreadsheet and loaded again."""
    card = make_week(session, Week.of(session.now), load_scheme())
    out.parent.mkdir(parents=True, exist_ok=True)
    write_ledger(card, out)
    session.console.print(f"{out}: {len(card.ledger)} findings")
    return 0


@app.command("import")
@verb
def load(
    session: Session,
    file: FileArgument,
    apply: Annotated[bool, typer.Option("--apply", help="Do what is shown; without it nothing is changed.")] = False,
    by: Annotated[str | None, typer.Option("--by", metavar="NAME", help="Who does this; kept in the findings' log.")] = None,
) -> int:
    """Show what an office changed in the ledger, and with --apply do it: owner, date, waivers, explanations, releases. All or nothing."""
    if apply and not (by or "").strip():
        raise ConfigurationError("--apply: say who does this with --by NAME; it is kept in the findings' log")
    actor = Actor((by or "").strip() or "—", session.now, session.registry.findings, session.calendar)
    made = changes(str(file), read_ledger(file), _standing(session), actor)
    for change in made:
        for line in _shown(change):
            session.console.print(line)
    if not made:
        session.console.print("nothing differs from what stands")
    elif not apply:
        session.console.print(f"{len(made)} findings would change; nothing is changed yet: add --apply --by NAME")
    else:
        given = [change.assignment for change in made if change.assignment is not None]
        Ledger(session.database).store_acts([act for change in made for act in change.acts], given)
        session.console.print(f"{len(made)} findings changed, by {actor.who}")
    return 0


def _standing(session: Session) -> Standing:
    """The findings of the registry's sites with terms that have ended taken in, and their rows."""
    ledger = Ledger(session.database)
    found = ledger.findings()
    ends = {act.finding_id: act for act in acts.expired(found, session.now, session.calendar)}
    if ends:
        ledger.store_acts(list(ends.values()))
        found = ledger.findings()
    sites = {site.id: site for site in session.registry.sites if site.scored}
    known: dict[str, Finding] = {finding.id: finding for finding in found}
    rows = ledger_rows(found, sites, session.rules, load_tasks(session.database), Week.of(session.now), session.now)
    return Standing(known, {row.finding: current(row) for row in rows})


def _shown(change: RowChange) -> list[str]:
    return [visible(f"{change.finding}　{change.unit}：{line}") for line in change.lines]
