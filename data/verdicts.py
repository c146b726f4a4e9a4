"""The verdicts of the last check, site by site and rule by rule."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import delete, insert, select

from data.database import Database
from data.models import CheckRunRow, VerdictRow
from data.records import Verdict
from data.wire import from_wire, to_wire


def save_verdicts(
    database: Database, as_of: datetime, judged: Sequence[tuple[str, Sequence[str] | None, Sequence[Verdict]]], errors: Iterable[str]
) -> None:
    """Replace the verdicts of what was judged: (site, rules judged or None for all of them, verdicts) each."""
    with database.session() as session:
        run = CheckRunRow(as_of=as_of, sites=[site for site, _, _ in judged], errors=list(errors))
        session.add(run)
        session.flush()
        for site, rules, verdicts in judged:
            replaced = delete(VerdictRow).where(VerdictRow.site == site)
            session.execute(replaced if rules is None else replaced.where(VerdictRow.rule.in_(list(rules))))
            rows = [
                {
                    "run_id": run.id, "site": verdict.site, "rule": verdict.rule, "status": verdict.status, "position": position,
                    "verdict": to_wire(verdict),
                }
                for position, verdict in enumerate(verdicts)
            ]  # fmt: skip
            if rows:
                session.execute(insert(VerdictRow), rows)


def latest_verdicts(database: Database, sites: Iterable[str] = ()) -> tuple[Verdict, ...]:
    """Every verdict of the last check, in order of site and rule; of the named sites, or of all."""
    wanted = list(sites)
    query = select(VerdictRow.verdict).order_by(VerdictRow.site, VerdictRow.rule, VerdictRow.position)
    if wanted:
        query = query.where(VerdictRow.site.in_(wanted))
    with database.session() as session:
        return tuple(from_wire(Verdict, row) for row in session.execute(query).scalars())
