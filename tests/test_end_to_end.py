"""The whole chain over the simulated district: two days of crawling, judging, telling and scoring, held against the truth."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from openpyxl import load_workbook

from simgov.district import District
from simgov.expected import compare, expectations
from simgov.hook import Hook, receive
from simgov.registry import write_registry
from simgov.server import Running, serve

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[1]
TODAY = date(2026, 11, 22)


@dataclass(frozen=True, slots=True)
class Chain:
    """The command on a served district."""

    running: Running
    hook: Hook
    registry: Path
    state: Path
    judged: dict[datetime, str] = field(default_factory=dict)  # what the verdicts were at each moment, as lines

    def gongkai(self, *arguments: str, statuses: tuple[int, ...] = (0,), state: Path | None = None, now: datetime | None = None) -> str:
        """Run a verb as its own process at the district's moment; gives what it printed."""
        common = ["--registry", str(self.registry), "--state", str(state or self.state), "--now", (now or self.running.moment).isoformat()]
        environ = {name: value for name, value in os.environ.items() if not name.startswith("GONGKAI_")} | {"PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-c", "from cli.main import main; main()", *arguments, *common]
        run = subprocess.run(command, capture_output=True, text=True, env=environ, timeout=200, check=False)
        assert run.returncode in statuses, f"{' '.join(arguments)}: {run.returncode}\n{run.stdout}\n{run.stderr}"
        assert "Traceback" not in run.stderr
        return run.stdout

    def lines(self, *arguments: str) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.gongkai(*arguments, "--format", "jsonl").splitlines()]


@pytest.fixture(scope="module")
def chain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chain]:
    """The district after `gongkai run` on the day before and on the day."""
    folder = tmp_path_factory.mktemp("district")
    district = District.build(TODAY)
    with receive() as hook, serve(district, district.first_crawl) as running:
        made = Chain(running, hook, write_registry(folder / "registry.yml", running, hook.port), folder / "var")
        made.gongkai("registry", "check", str(made.registry))
        for moment in (district.first_crawl, district.second_crawl):
            running.set_moment(moment)
            made.gongkai("run", statuses=(0, 3))  # one site of the district is down
            made.judged[moment] = made.gongkai("verdicts", "--format", "jsonl")
        yield made


def test_what_was_judged_is_judged_again_to_the_letter_whatever_became_known_since(chain: Chain, tmp_path: Path) -> None:
    for moment, lines in chain.judged.items():
        past = tmp_path / f"{moment:%m%d}"
        past.mkdir()
        shutil.copy(chain.state / "gongkai.sqlite", past)
        chain.gongkai("check", state=past, now=moment)
        again = chain.gongkai("verdicts", "--format", "jsonl", state=past, now=moment)
        assert set(again.splitlines()) ^ set(lines.splitlines()) == set()
        assert again == lines


def test_every_planted_violation_is_found_and_nobody_else_is_accused(chain: Chain) -> None:
    compared = compare(expectations(chain.running), chain.lines("verdicts"))
    assert compared.perfect, "\n" + compared.describe()
    assert compared.found > 10


def test_verdicts_cite_and_show(chain: Chain) -> None:
    fails = [verdict for verdict in chain.lines("verdicts", "--status", "fail") if verdict["confidence"] == "confirmed"]
    assert fails
    for verdict in fails:
        assert verdict["clauses"], verdict
        assert all(clause["quote"] for clause in verdict["clauses"])
        assert verdict["evidence"], verdict
        assert not {"违法", "造假"} & {word for word in ("违法", "造假") if word in verdict["message"]}
        assert verdict["as_of"] == chain.running.moment.isoformat()


def test_findings_are_the_confirmed_fails(chain: Chain) -> None:
    fails = {
        (verdict["rule"], verdict["site"], verdict["subject"]["url"])
        for verdict in chain.lines("verdicts", "--status", "fail")
        if verdict["confidence"] == "confirmed"
    }
    findings = chain.lines("findings")
    live = {(one["rule"], one["site"], one["subject"]["url"]) for one in findings if one["state"] not in ("resolved", "waived")}
    assert live == fails
    assert all(one["rectify_by"] > one["first_found"][:10] for one in findings if one["rectify_by"] is not None)
    assert {one["rule"] for one in findings if one["rectify_by"] is None} == {"privacy-id-numbers"}  # a person looks at it first


def test_alerts_arrive_at_those_concerned(chain: Chain) -> None:
    findings = [one for one in chain.lines("findings") if one["state"] == "notified"]
    assert findings
    for site in {one["site"] for one in findings}:
        told = "\n".join(f"{one.title}\n{one.message}" for one in chain.hook.of(site))
        for one in (one for one in findings if one["site"] == site):
            assert one["id"] in told
            assert one["message"] in told.replace("\n", "") or one["message"] in told
    for other in chain.running.district.watched():
        if other.role == "upstream":
            assert chain.hook.of(other.id) == ()
    for message in chain.hook.received:
        assert "违法" not in message.message
        assert "造假" not in message.message


def test_a_second_round_sends_nothing_twice(chain: Chain) -> None:
    before = list(chain.hook.received)
    chain.gongkai("alert")
    chain.gongkai("check")
    chain.gongkai("alert")
    assert chain.hook.received == before


def test_scorecards_are_written_and_can_be_read(chain: Chain, tmp_path: Path) -> None:
    paths = [Path(line) for line in chain.gongkai("scorecard", "--out", str(tmp_path / "reports")).splitlines()]
    assert {path.suffix for path in paths} >= {".xlsx", ".docx", ".html", ".json"}
    by_form = {path.suffix: path for path in paths}
    names = [site.name for site in chain.running.district.watched() if site.role != "upstream"]
    book = load_workbook(by_form[".xlsx"])
    cells = {str(cell.value) for sheet in book.worksheets for row in sheet.iter_rows() for cell in row if cell.value is not None}
    document = Document(str(by_form[".docx"]))
    text = "\n".join(
        [paragraph.text for paragraph in document.paragraphs]
        + [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    )
    html = by_form[".html"].read_text(encoding="utf-8")
    for name in names:
        assert name in cells
        assert name in text
        assert name in html
    assert json.loads(by_form[".json"].read_text(encoding="utf-8"))
    assert "<script src=" not in html


def test_the_ledger_of_documents(chain: Chain) -> None:
    documents = chain.lines("documents")
    assert len(documents) > 200
    assert len({(one["site"], one["url"]) for one in documents}) == len(documents)
    assert all(one["first_seen"] <= one["last_seen"] for one in documents)
    assert {one["site"] for one in documents} >= {site.id for site in chain.running.district.watched() if site.role == "upstream"}


def test_a_crawl_is_polite(chain: Chain) -> None:
    for site in (site for site in chain.running.district.watched() if site.hosted_at is None):
        hits = chain.running.hits_of(site.id)
        assert all("gongkai" in hit.user_agent for hit in hits)
        assert not [hit.path for hit in hits if hit.path.startswith(("/so/", "/module/xxgk/apply.jsp"))], "robots.txt is kept"
        assert hits[0].path == "/robots.txt"


def test_scrapy_alone_does_as_well(chain: Chain, tmp_path: Path) -> None:
    environ = {
        **os.environ, "PYTHONPATH": str(ROOT), "GONGKAI_REGISTRY": str(chain.registry), "GONGKAI_STATE": str(tmp_path),
        "GONGKAI_NOW": chain.running.moment.isoformat(),
    }  # fmt: skip
    scrapy = [sys.executable, "-m", "scrapy"]
    listed = subprocess.run([*scrapy, "list"], capture_output=True, text=True, cwd=ROOT, env=environ, timeout=60, check=False)
    assert listed.stdout.split() == ["availability", "disclosure", "recheck"]
    alone = [*scrapy, "crawl", "recheck", "-a", "site=qinghe-town"]
    refused = subprocess.run(alone, capture_output=True, text=True, cwd=ROOT, env=environ, timeout=60, check=False)
    assert "write: gongkai findings recheck ID" in refused.stderr
    run = subprocess.run(
        [*scrapy, "crawl", "disclosure", "-a", "site=qinghe-town"],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=environ,
        timeout=120,
        check=False,
    )
    assert run.returncode == 0, run.stderr[-2000:]
    assert "Traceback" not in run.stderr
    shown = subprocess.run(
        [sys.executable, "-c", "from cli.main import main; main()", "documents", "--site", "qinghe-town", "--format", "jsonl"],
        capture_output=True, text=True, env=environ, timeout=60, check=False,
    )  # fmt: skip
    assert len(shown.stdout.splitlines()) > 10
