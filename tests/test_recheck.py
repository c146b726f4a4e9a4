"""Rechecks on the simulated district, which has not changed: nothing is resolved, and no other verdict moves."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from cli.judging import check_round, judge_sites
from cli.recheck import focus_of
from cli.session import Session
from crawler.run import crawl_sites
from data.config import RunConfig
from data.findings import FindingKey, Latest, is_confirmed_fail
from data.ledger import Ledger
from data.records import Finding, Verdict
from simgov.district import District
from simgov.registry import write_registry
from simgov.server import serve

pytestmark = pytest.mark.slow

FEW = 40  # requests; a whole crawl of the portal takes more


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    """The district half an hour after its second crawl, still served."""
    folder = tmp_path_factory.mktemp("district")
    district = District.build(date(2026, 11, 22))
    with serve(district, district.first_crawl) as running:
        registry = write_registry(folder / "registry.yml", running, 9)
        for moment in (district.first_crawl, district.second_crawl, district.second_crawl + timedelta(minutes=30)):
            session = Session(RunConfig(folder, f"sqlite:///{folder / 'gongkai.sqlite'}", registry, moment))
            if moment <= district.second_crawl:
                running.set_moment(moment)
                crawl_sites(session.config, session.registry, session.registry.sites, session.database, at_once=8)
                check_round(session, session.scored(None))
                session.close()
        yield session
        session.close()


def verdicts(session: Session) -> dict[FindingKey, tuple[str, str]]:
    judged, errors = judge_sites(session, session.scored(None))
    assert errors == ()
    return {FindingKey.of(verdict): (verdict.status.value, verdict.reason) for verdict in judged}


def test_what_has_not_changed_is_found_again_and_nothing_else_moves(session: Session) -> None:
    before = verdicts(session)
    one_each: dict[tuple[str, str, str], Finding] = {}
    for finding in Ledger(session.database).findings():
        one_each.setdefault((finding.verdict.rule, finding.verdict.subject.kind, finding.verdict.reason), finding)
    assert len(one_each) > 8
    for finding in one_each.values():
        focus = dict(focus_of(session, finding))
        assert focus, f"{finding.verdict.rule}: nothing to read again"
        sites = [session.registry.site(site) for site in focus]
        asked = [0]
        errors = crawl_sites(
            session.config, session.registry, sites, session.database, spider="recheck", focus=focus,
            report=lambda progress, asked=asked: asked.append(progress.asked),  # type: ignore[misc]
        )  # fmt: skip
        assert errors == {}
        assert 0 < max(asked) < FEW, finding.verdict.rule
        judged, _ = judge_sites(session, [session.registry.site(finding.verdict.site)], [finding.verdict.rule])
        assert is_confirmed_fail(_of(finding, judged)), finding.verdict.rule
    assert verdicts(session) == before


def _of(finding: Finding, judged: tuple[Verdict, ...]) -> Verdict | None:
    key = FindingKey.of(finding.verdict)
    return Latest(judged, [key]).of(key)


def test_its_archives_are_kept_like_any_other(session: Session) -> None:
    folder: Path = session.config.archive
    assert any(folder.rglob("*.warc.gz"))
