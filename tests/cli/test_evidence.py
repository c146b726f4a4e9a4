"""`gongkai evidence`: what holds, what does not, what is written out, and what no pruning takes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from checks.observing import walk_evidence
from crawler.archive import ArchiveReader, digest
from crawler.evidence import Prover
from data.evidence import findings_evidence
from data.findings import Change, FindingKey, LedgerChange
from data.ledger import Ledger
from data.records import Evidence, Verdict
from tests.alerts.builders import make_verdict
from tests.cli.conftest import Gongkai
from tests.spiders.test_day_two import ENTRIES, LIST, conditional, whole
from tests.support.pages import article
from tests.support.sites import Crawled, Crawls, Served, moment, served

EDITED = article(ENTRIES[0][1], ENTRIES[0][2], body="<p>更正后的正文，请以此为准，并认真贯彻执行。</p>" * 6)


class Watched:
    """A site crawled on two days, and one finding that rests on what was seen there."""

    def __init__(self, site: Served, crawls: Crawls, folder: Path) -> None:
        self.site, self.crawls, self.folder = site, crawls, folder
        self.first = crawls(site.base + "/", "2026-11-20")
        self.last = crawls(site.base + "/", "2026-11-21")
        self.ledger = Ledger(crawls.database)
        self.open(self.of(self.first) + self.of(self.last)[:2])

    def of(self, seen: Crawled) -> tuple[Evidence, ...]:
        walk = seen.column("政策文件").walks[-1]
        document = seen.documents()[ENTRIES[0][1]]
        home = seen.view.homes[-1]
        return (
            walk_evidence(walk),
            Evidence(home.url, home.observed_at, home.sha256, "首页"),
            Evidence(document.url, document.observed_at, document.sha256, "文件"),
            Evidence(document.url, document.last_seen, None, "列表一行"),
        )

    def open(self, evidence: tuple[Evidence, ...]) -> None:
        verdict: Verdict = replace(make_verdict(site="unit"), evidence=evidence)
        self.ledger.apply_changes([LedgerChange(Change.OPENED, FindingKey.of(verdict), self.last.now, "seen", verdict, None)])

    @property
    def archive(self) -> Path:
        return self.folder / "archive"


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Watched]:
    crawls = Crawls(tmp_path)
    with served(conditional(whole())) as site:
        yield Watched(site, crawls, tmp_path)
    crawls.close()


def test_what_holds(watched: Watched, gongkai: Gongkai) -> None:
    for names in ((), ("F000001",), ("f1",)):
        run = gongkai("evidence", "verify", *names, "--state", watched.folder)
        assert (run.status, run.err) == (0, "")
        assert "F000001: holds: 6 entries, 5 proved, 1 name no bytes" in run.out
        assert "1 findings, 6 evidence entries: 0 do not hold, 1 name no bytes" in run.out


def test_it_is_found_though_the_database_has_lost_the_places(watched: Watched, gongkai: Gongkai) -> None:
    for number, file in enumerate(watched.crawls.archives):
        file.rename(file.with_name(f"moved-{number}.warc.gz"))
    assert gongkai("evidence", "verify", "--state", watched.folder).status == 0


def test_what_does_not_hold(watched: Watched, gongkai: Gongkai) -> None:
    walk = watched.of(watched.first)[0]
    for broken in (
        replace(walk, sha256="ab" * 32),
        replace(walk, url=walk.url + "other/"),
        replace(walk, observed_at=walk.observed_at - timedelta(days=1)),
        replace(walk, observed_at=walk.observed_at + timedelta(hours=9)),
    ):
        (proof,) = Prover(watched.crawls.database, watched.archive).prove([broken])
        assert proof.fault == "no fetch of this address with this hash at that time is on record"
    first, second = watched.crawls.archives
    kept = second.read_bytes()
    second.unlink()
    run = gongkai("evidence", "verify", "--state", watched.folder)
    assert run.status == 3
    assert "F000001: broken: 6 entries, 3 proved" in run.out
    assert "no archived record of it from 2026-11-21 12:00:00" in run.out
    second.write_bytes(kept)
    first.write_bytes(first.read_bytes()[:200])
    run = gongkai("evidence", "verify", "--state", watched.folder)
    assert run.status == 3
    assert "the archive has a record of it and not its bytes" in run.out


def test_bytes_that_were_touched(watched: Watched) -> None:
    path = watched.crawls.archives[0]
    content = whole()[LIST]
    assert isinstance(content, str)
    plain = b"".join(member for _, member in _opened(path))
    path.write_bytes(plain.replace("示例区人民政府办公室关于第1号事项".encode(), "示例区人民政府办公室关于第9号事项".encode()))
    faults = [proof.fault for proof in Prover(watched.crawls.database, watched.archive).prove(watched.of(watched.first)[:1])]
    assert faults == ["the archived bytes have another hash"]


def _opened(path: Path) -> Iterator[tuple[int, bytes]]:
    import gzip

    yield 0, gzip.decompress(path.read_bytes())


def test_show_writes_bytes_and_never_a_page_to_click_on(watched: Watched, gongkai: Gongkai) -> None:
    run = gongkai("evidence", "show", "F000001", "--state", watched.folder)
    folder = watched.folder / "evidence" / "F000001"
    assert run.status == 0
    content = whole()[LIST]
    assert isinstance(content, str)
    bodies = sorted(folder.glob("*.body"))
    assert bodies[0].read_bytes() == content.encode()
    assert all(digest(body.read_bytes()).startswith(body.stem.partition("-")[2]) for body in bodies)
    assert {file.suffix for file in folder.iterdir()} == {".body", ".txt"}
    assert all(file.stat().st_mode & 0o111 == 0 for file in folder.iterdir())
    summary = (folder / "summary.txt").read_text(encoding="utf-8")
    assert "读完整个栏目" in summary
    assert "names no bytes" in summary
    assert summary in run.out


@pytest.mark.parametrize("name", ["F999", "nonsense", "F", "../F000001"])
def test_what_is_no_finding(watched: Watched, name: str, gongkai: Gongkai) -> None:
    for sub in ("verify", "show"):
        run = gongkai("evidence", sub, name, "--state", watched.folder)
        assert run.status == 2
        assert len(run.err.splitlines()) == 1


# --- retention ------------------------------------------------------------------------------------


def prune(gongkai: Gongkai, watched: Watched, now: str) -> str:
    run = gongkai("evidence", "prune", "--state", watched.folder, "--now", f"{now}T12:00:00+08:00")
    assert run.status == 0, run.err
    return run.out


def archived(watched: Watched) -> int:
    return sum(file.stat().st_size for file in watched.archive.rglob("*.warc.gz"))


def test_no_limit_no_pruning(watched: Watched, gongkai: Gongkai) -> None:
    run = gongkai("evidence", "prune", "--state", watched.folder)
    assert run.status == 2
    assert "everything is kept" in run.err


@pytest.mark.parametrize("text", ["-1", "ten", "1.5", "5G"])
def test_a_limit_that_is_none(gongkai: Gongkai, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GONGKAI_ARCHIVE_DAYS", text)
    run = gongkai("evidence", "verify")
    assert run.status == 2
    assert "GONGKAI_ARCHIVE_DAYS" in run.err


@pytest.mark.parametrize(("name", "limit"), [("GONGKAI_ARCHIVE_DAYS", "30"), ("GONGKAI_ARCHIVE_BYTES", "1")])
def test_pruning_keeps_evidence_and_the_newest_copies(
    watched: Watched, gongkai: Gongkai, name: str, limit: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = watched.of(watched.first)[2]
    other = article(ENTRIES[1][1], ENTRIES[1][2])
    watched.site.pages.update(conditional({ENTRIES[0][0]: EDITED, ENTRIES[1][0]: other.replace("认真", "严格")}))
    renamed = [(url, title + "（修订）", day) for url, title, day in ENTRIES[:2]] + ENTRIES[2:]
    watched.site.pages.update(
        {path: page for path, page in conditional(whole(renamed)).items() if path.startswith(LIST) and "t0" not in path}
    )
    third = watched.crawls(watched.site.base + "/", "2026-11-22")
    before = archived(watched)
    monkeypatch.setenv(name, limit)
    out = prune(gongkai, watched, "2027-03-01")
    assert "thrown away" in out
    assert archived(watched) < before
    assert gongkai("evidence", "verify", "--state", watched.folder).status == 0
    held = {digest(found[1]) for url in ArchiveReader(watched.archive).urls() if (found := ArchiveReader(watched.archive).find(url))}
    assert {document.sha256 for document in third.documents().values()} <= held, "the newest copy of every page"
    assert Prover(watched.crawls.database, watched.archive).prove([old])[0].body == article(*ENTRIES[0][1:]).encode()
    replaced = Evidence(watched.site.base + ENTRIES[1][0], watched.first.now, digest(other.encode()), "")
    assert Prover(watched.crawls.database, watched.archive).prove([replaced])[0].fault is not None, "an old version that no finding names"
    watched.site.asked.clear()
    fourth = watched.crawls(watched.site.base + "/", "2026-11-23")
    assert fourth.column("政策文件").walks[-1].entries == 12
    assert any("if-none-match" in one.headers for one in watched.site.asked), "the copies are found where they were moved"
    assert prune(gongkai, watched, "2027-03-01").count("thrown away") == 1


def test_evidence_of_a_closed_finding_goes_with_time(watched: Watched, gongkai: Gongkai, monkeypatch: pytest.MonkeyPatch) -> None:
    watched.site.pages.update(conditional({"/": EDITED.replace("<body>", "<body><a href='/zwgk/zcwj/'>政策文件</a>")}))
    watched.crawls(watched.site.base + "/", "2026-11-22")
    (finding,) = watched.ledger.findings()
    change = LedgerChange(Change.RESOLVED, FindingKey.of(finding.verdict), moment("2026-12-01"), "mended", finding.verdict, finding.id)
    watched.ledger.apply_changes([change])
    monkeypatch.setenv("GONGKAI_ARCHIVE_DAYS", "1")
    monkeypatch.setenv("GONGKAI_ARCHIVE_CLOSED_DAYS", "90")
    prune(gongkai, watched, "2027-02-28")
    assert gongkai("evidence", "verify", "--state", watched.folder).status == 0
    prune(gongkai, watched, "2027-03-15")
    assert gongkai("evidence", "verify", "--state", watched.folder).status == 3
    assert findings_evidence(watched.crawls.database, closed_since=moment("2027-03-15")) == ()


def test_a_site_that_is_being_crawled_is_left_alone(watched: Watched, gongkai: Gongkai, monkeypatch: pytest.MonkeyPatch) -> None:
    from data.store import Store

    Store(watched.crawls.database).begin("unit", "another-machine:1", moment("2026-11-22"), replayed=False)
    monkeypatch.setenv("GONGKAI_ARCHIVE_DAYS", "1")
    before = archived(watched)
    run = gongkai("evidence", "prune", "--state", watched.folder, "--now", "2027-03-01")
    assert (run.status, archived(watched)) == (3, before)
    assert "site unit: a crawl runs on it" in run.err


def test_a_folder_of_both_days_is_replayed_as_one(watched: Watched, gongkai: Gongkai, tmp_path: Path) -> None:
    registry = tmp_path / "registry.yml"
    site = {
        "id": "unit",
        "name": "示例区人民政府",
        "profile": "district-portal",
        "home": watched.site.base + "/",
        "crawl": {"render": "never"},
    }
    registry.write_text(json.dumps({"version": 1, "sites": [site]}), encoding="utf-8")
    last = watched.crawls.archives[-1]
    last.write_bytes(last.read_bytes()[:-30])
    run = gongkai("crawl", "--replay", watched.archive, "--registry", registry, "--state", tmp_path / "replay")
    assert run.status == 0, run.err
    assert f"{last}: ends in the middle of a record; read up to there" in run.err
    lines = gongkai("documents", "--format", "jsonl", "--registry", registry, "--state", tmp_path / "replay").out.splitlines()
    assert len(lines) == 12
