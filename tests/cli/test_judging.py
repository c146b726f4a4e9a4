"""Many sites judged: the same verdicts and findings however many processes judge them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from benchmarks.check import NOW, fill, registry_of
from cli.judging import check_round, judge_and_see, parts_of
from cli.session import Session
from data.config import RunConfig
from data.ledger import Ledger
from data.records import Status
from data.verdicts import latest_verdicts
from data.view import SiteView

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A made-up city of 60 sites in one database."""
    folder = tmp_path_factory.mktemp("city")
    entries = registry_of(folder / "registry.yml", 60)
    fill(f"sqlite:///{folder / 'gongkai.sqlite'}", entries, 600)
    return folder


def _session(folder: Path) -> Session:
    return Session(RunConfig(folder, f"sqlite:///{folder / 'gongkai.sqlite'}", folder / "registry.yml", NOW))


def test_processes_change_nothing(city: Path, tmp_path: Path) -> None:
    told = []
    for processes in (1, 2):
        folder = tmp_path / str(processes)
        shutil.copytree(city, folder)
        session = _session(folder)
        judged = check_round(session, session.scored(None), processes=processes)
        assert judged.errors == ()
        findings = [(finding.id, finding.verdict, finding.rectify_by) for finding in Ledger(session.database).findings()]
        told.append((judged.counts, latest_verdicts(session.database), findings))
        session.close()
    assert told[0] == told[1]
    assert sum(told[0][0].values()) == len(told[0][1]) > 1000
    assert told[0][2]


def test_what_is_kept_in_memory_is_what_is_stored(city: Path, tmp_path: Path) -> None:
    shutil.copytree(city, tmp_path / "x")
    session = _session(tmp_path / "x")
    sites = session.scored(None)
    verdicts, errors, homes = judge_and_see(session, sites, session.now, home_of, lean=True)
    assert (errors, sorted(homes)) == ((), sorted(site.home for site in sites))
    check_round(session, sites, processes=1)
    stored = {(verdict.site, verdict.rule, verdict.subject, verdict.status): verdict for verdict in latest_verdicts(session.database)}
    assert len(stored) == len(verdicts)
    for verdict in verdicts:
        same = stored[verdict.site, verdict.rule, verdict.subject, verdict.status]
        if verdict.status in (Status.FAIL, Status.INCONCLUSIVE):
            assert verdict == same
    session.close()


def home_of(view: SiteView) -> str:
    return view.site.home


def test_units_of_one_portal_are_judged_together(city: Path) -> None:
    session = _session(city)
    parts = list(parts_of(session.scored(None)))
    assert [site for part in parts for site in part if site.parent is None] == [
        site for site in session.scored(None) if site.parent is None
    ]
    assert all(len({site.parent for site in part}) == 1 for part in parts)
    session.close()
