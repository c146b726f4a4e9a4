"""Judging many sites: one after the other, in several processes where there are many, with nothing kept in memory but counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime
from multiprocessing import get_context
from typing import Any

from rich.progress import track

from alerts.round import update_ledger
from checks.runner import CheckError, judge
from cli.session import Session
from data.calendar import WorkCalendar
from data.catalogue import load_rules
from data.database import Database
from data.errors import ConfigurationError
from data.in_force import rules_by_site, rules_for
from data.ledger import Ledger
from data.machine import processors
from data.reading import Views
from data.records import Confidence, FindingState, Status, SubjectKind, Verdict
from data.registry import Registry, Site
from data.verdicts import begin_run, end_run, save_verdicts, verdicts_to_act_on
from data.view import SiteView

_SITES_A_PROCESS = 25  # fewer are judged sooner than another process has started
_PART = 20  # sites judged in one piece, their portal read once

STATUS_ZH = {
    Status.PASS: "合格", Status.FAIL: "问题", Status.DUE_SOON: "即将到期", Status.NOT_APPLICABLE: "不适用", Status.INCONCLUSIVE: "未能判定",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Judged:
    """What a round of judging came to."""

    counts: Mapping[tuple[Status, Confidence], int]
    errors: tuple[CheckError, ...]

    @property
    def verdicts(self) -> int:
        return sum(self.counts.values())

    @property
    def violations(self) -> int:
        """Confirmed fails."""
        return self.counts.get((Status.FAIL, Confidence.CONFIRMED), 0)

    @property
    def summary(self) -> str:
        by_status: Counter[Status] = Counter()
        for (status, _), count in self.counts.items():
            by_status[status] += count
        parts = [f"{STATUS_ZH[status]} {by_status[status]}" for status in Status if by_status[status]]
        suspected = self.counts.get((Status.FAIL, Confidence.SUSPECTED), 0)
        return f"{self.verdicts} verdicts: {', '.join(parts) or 'none'}" + (f"（其中待再次观测确认 {suspected}）" if suspected else "")


def check_round(session: Session, sites: Sequence[Site], only: Sequence[str] | None = None, processes: int | None = None) -> Judged:
    """Judge the sites as of this run's moment, store the verdicts, update the ledger.

    Findings are numbered in the order of the parts that sites are judged in, which follows the registry: the same however many processes judge.
    """
    _known(session, sites, only)
    run = begin_run(session.database, session.now, [site.id for site in sites])
    bench = Bench(session.config.database, session.registry, session.calendar, session.now, tuple(only) if only else None, run)
    counts: Counter[tuple[Status, Confidence]] = Counter()
    errors: list[CheckError] = []
    for part, done in _judged(session, bench, sites, processes):
        counts += done.counts
        errors += done.errors
        _settle(session, [site.id for site in part])
    end_run(session.database, run, [f"{error.rule} {error.site}: {error.error}" for error in errors])
    return Judged(counts, tuple(errors))


def judge_sites(
    session: Session, sites: Sequence[Site], only: Sequence[str] | None = None, *, as_of: datetime | None = None
) -> tuple[tuple[Verdict, ...], tuple[CheckError, ...]]:
    """Judge sites as of a moment (this run's, unless said otherwise) and keep what is found in memory; stores nothing."""
    verdicts, errors, _ = judge_and_see(session, sites, as_of or session.now, only=only)
    return verdicts, errors


def judge_and_see(
    session: Session,
    sites: Sequence[Site],
    as_of: datetime,
    see: Callable[[SiteView], Any] | None = None,
    *,
    only: Sequence[str] | None = None,
    lean: bool = False,
) -> tuple[tuple[Verdict, ...], tuple[CheckError, ...], tuple[Any, ...]]:
    """Judge sites as of a moment, and give what `see` makes of each view; stores nothing.

    `see` goes to other processes: a function of a module, or a partial of one. `lean` leaves out evidence and wording of what was found in
    order of single documents, of which there may be millions.
    """
    bench = Bench(session.config.database, session.registry, session.calendar, as_of, tuple(only) if only else None, None, see, lean)
    verdicts: list[Verdict] = []
    errors: list[CheckError] = []
    seen: list[Any] = []
    for _, done in _judged(session, bench, sites, None):
        verdicts += done.verdicts
        errors += done.errors
        seen += done.seen
    return tuple(verdicts), tuple(errors), tuple(seen)


def _judged(session: Session, bench: Bench, sites: Sequence[Site], processes: int | None) -> Iterator[tuple[tuple[Site, ...], Part]]:
    """Every part of the sites as it is judged, in order."""
    parts = list(parts_of(sites))
    workers = min(processes or processors(), max(1, len(sites) // _SITES_A_PROCESS), len(parts))
    done = _in_processes(bench, parts, workers) if workers > 1 else (_judge_part(bench, session.database, part) for part in parts)
    quiet = not session.errors.is_terminal or len(sites) < 3
    yield from zip(parts, track(done, "check", len(parts), console=session.errors, transient=True, disable=quiet), strict=True)


def _known(session: Session, sites: Sequence[Site], only: Sequence[str] | None) -> None:
    for rule in only or ():
        if rule not in load_rules():
            raise ConfigurationError(f"--rule {rule}: no such rule; `gongkai rules` lists them")
        if not any(rule in session.rules_of(site) for site in sites):
            raise ConfigurationError(f"--rule {rule}: in force for none of these sites; see their packs and the registry's rules")


def parts_of(sites: Sequence[Site]) -> Iterator[tuple[Site, ...]]:
    """The sites in pieces of like parent, in the registry's order: units of one portal are judged together."""
    families: dict[str | None, list[Site]] = {}
    for site in sites:
        families.setdefault(site.parent, []).append(site)
    for family in families.values():
        for start in range(0, len(family), _PART):
            yield tuple(family[start : start + _PART])


def act_on(session: Session, sites: Iterable[str] = (), pairs: Iterable[tuple[str, str]] = ()) -> tuple[Verdict, ...]:
    """The latest verdicts that ledger and notices need: of these sites, or of the registry's. `pairs` (rule, site) are given whole."""
    chosen = list(sites) or [site.id for site in session.registry.sites]
    held = {
        (key.rule, key.site) for key, finding in Ledger(session.database).held(chosen).items() if finding.state is not FindingState.RESOLVED
    }
    in_force = rules_by_site(session.registry)
    stored = verdicts_to_act_on(session.database, chosen, held | set(pairs))
    return tuple(verdict for verdict in stored if verdict.rule in in_force.get(verdict.site, ()))


def _settle(session: Session, sites: Sequence[str]) -> None:
    update_ledger(session.database, session.registry, load_rules(), act_on(session, sites), session.now, sites)


# --- at the bench -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Bench:
    """What judging needs; goes to another process as it is."""

    database: str
    registry: Registry
    calendar: WorkCalendar
    as_of: datetime
    only: tuple[str, ...] | None
    run: int | None  # verdicts are stored under it; None: they are given back
    see: Callable[[SiteView], Any] | None = None
    lean: bool = False
    # One portal's view is kept from part to part of a process.
    views: list[Views] = field(default_factory=list, compare=False)


@dataclass(slots=True)
class Part:
    """What came of judging some sites."""

    counts: Counter[tuple[Status, Confidence]] = field(default_factory=Counter)
    errors: list[CheckError] = field(default_factory=list)
    verdicts: list[Verdict] = field(default_factory=list)
    seen: list[Any] = field(default_factory=list)


def _judge_part(bench: Bench, database: Database, sites: Sequence[Site]) -> Part:
    if not bench.views:
        bench.views.append(Views(database, bench.registry, bench.as_of, bench.calendar))
    part = Part()
    for site in sites:
        view = bench.views[0].of(site)
        judgement = judge(view, rules_for(bench.registry, site), bench.only)
        part.counts.update((verdict.status, verdict.confidence) for verdict in judgement.verdicts)
        part.errors += judgement.errors
        if bench.run is not None:
            save_verdicts(database, bench.run, site.id, bench.only, judgement.verdicts)
        else:
            part.verdicts += map(_lean, judgement.verdicts) if bench.lean else judgement.verdicts
        if bench.see is not None:
            part.seen.append(bench.see(view))
    return part


def _lean(verdict: Verdict) -> Verdict:
    plain = verdict.status in (Status.PASS, Status.NOT_APPLICABLE) and verdict.subject.kind in (
        SubjectKind.DOCUMENT,
        SubjectKind.UPSTREAM_ITEM,
    )
    return replace(verdict, evidence=(), message="") if plain else verdict


_bench: Bench | None = None  # of a worker process
_database: Database | None = None


def _start(bench: Bench) -> None:
    global _bench, _database
    _bench, _database = bench, Database.open(bench.database)


def _work(part: Sequence[Site]) -> Part:
    assert _bench is not None
    assert _database is not None
    return _judge_part(_bench, _database, part)


def _in_processes(bench: Bench, parts: Sequence[tuple[Site, ...]], workers: int) -> Iterator[Part]:
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_start, initargs=(bench,)) as pool:
        yield from pool.map(_work, parts)
