"""The verdicts of the last check, site by site and rule by rule."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from sqlalchemy import delete, insert, or_, select, update

from data.database import Database
from data.models import CheckRunRow, VerdictRow
from data.records import Status, Verdict
from data.wire import from_wire


def begin_run(database: Database, as_of: datetime, sites: Sequence[str]) -> int:
    """Note that sites are being judged; the number that their verdicts are saved under."""
    with database.session() as session:
        run = CheckRunRow(as_of=as_of, sites=list(sites), errors=[])
        session.add(run)
        session.flush()
        return run.id


def save_verdicts(database: Database, run: int, site: str, rules: Iterable[str] | None, verdicts: Iterable[Verdict]) -> None:
    """Replace the verdicts of one site by the rules that it was judged by, or of all rules, those no longer in force included."""
    rows = [
        {
            "run_id": run, "site": site, "rule": verdict.rule, "status": verdict.status, "position": position, "verdict": verdict,  # as it is: the database writes records as JSON by itself
        }
        for position, verdict in enumerate(verdicts)
    ]  # fmt: skip
    with database.session() as session:
        replaced = delete(VerdictRow).where(VerdictRow.site == site)
        session.execute(replaced if rules is None else replaced.where(VerdictRow.rule.in_(list(rules))))
        if rows:
            session.execute(insert(VerdictRow), rows)


def end_run(database: Database, run: int, errors: Iterable[str]) -> None:
    """Keep what broke on our side."""
    with database.session() as session:
        session.execute(update(CheckRunRow).where(CheckRunRow.id == run).values(errors=list(errors)))


def latest_verdicts(database: Database, sites: Iterable[str] = ()) -> tuple[Verdict, ...]:
    """Every verdict of the last check, in order of site and rule; of the named sites, or of all."""
    wanted = list(sites)
    query = select(VerdictRow.verdict).order_by(VerdictRow.site, VerdictRow.rule, VerdictRow.position)
    if wanted:
        query = query.where(VerdictRow.site.in_(wanted))
    with database.session() as session:
        return tuple(from_wire(Verdict, row) for row in session.execute(query).scalars())


def verdicts_to_act_on(database: Database, sites: Iterable[str], held: Collection[tuple[str, str]] = ()) -> tuple[Verdict, ...]:
    """The latest verdicts that a ledger or a notice can need: all but those that find nothing, where nothing is held against the site.

    `held` are the rules and sites of findings: of these every verdict is given, because one of them may close a finding.
    """
    quiet = (Status.PASS, Status.NOT_APPLICABLE)
    found: list[Verdict] = []
    with database.reading() as session:
        for site in sites:
            rules = {rule for rule, of in held if of == site}
            query = select(VerdictRow.verdict).where(VerdictRow.site == site).order_by(VerdictRow.rule, VerdictRow.position)
            query = query.where(
                or_(VerdictRow.status.not_in(quiet), VerdictRow.rule.in_(rules)) if rules else VerdictRow.status.not_in(quiet)
            )
            found += [from_wire(Verdict, row) for row in session.execute(query).scalars()]
    return tuple(found)
