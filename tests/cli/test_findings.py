"""`gongkai findings` and its verbs, from a crawl to a recheck."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from cli.judging import check_round
from cli.session import Session
from crawler.run import crawl_sites
from data.config import RunConfig
from data.database import Database
from data.reading import last_crawls, site_columns
from data.registry import Registry
from tests.cli.conftest import Gongkai, one_line
from tests.support.pages import article, listing, nav, page, titles
from tests.support.sites import Answer, Page, Served, moment, served

REGISTRY = """
version: 1
region: 示例区
sites:
  - {id: unit, name: 示例区人民政府, profile: district-portal, home: "BASE/", crawl: {delay: 0, render: never}}
"""
OLD = titles(3, month="2026-10")
POLICIES = titles(4, month="2026-11")


PAGES: dict[str, Page] = {
    "/": page("示例区人民政府", nav([("/zwdt/", "工作动态"), ("/zwgk/zcwj/", "政策文件")])),
    "/zwdt/": listing("工作动态", OLD),
    "/zwgk/zcwj/": listing("政策文件", POLICIES),
    **{url: article(title, day) for url, title, day in (*OLD, *POLICIES)},
}


@dataclass(slots=True)
class Office:
    """One registry over one served site; each call is a verb on one day."""

    gongkai: Gongkai
    folder: Path
    site: Served

    def __call__(self, day: str, *words: object, status: int = 0) -> str:
        run = self.gongkai(*words, "--registry", self.registry, "--state", self.folder, "--now", f"{day}T12:00")
        assert run.status == status, run.err
        return run.out if status == 0 else one_line(run.err)

    def findings(self, day: str, *words: object) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self(day, "findings", "--format", "jsonl", *words).splitlines()]

    @property
    def registry(self) -> Path:
        return self.folder / "registry.yml"


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Served]]:
    """A small site that was crawled and judged on two days."""
    folder = tmp_path_factory.mktemp("watched")
    with served(PAGES) as site:
        (folder / "registry.yml").write_text(REGISTRY.replace("BASE", site.base), encoding="utf-8")
        for day in ("2026-11-20", "2026-11-21"):
            config = RunConfig(folder, f"sqlite:///{folder / 'gongkai.sqlite'}", folder / "registry.yml", moment(day))
            session = Session(config)
            crawl_sites(config, session.registry, session.registry.sites, session.database)
            check_round(session, session.registry.sites)
            session.close()
        yield folder, site


@pytest.fixture
def office(gongkai: Gongkai, tmp_path: Path, watched: tuple[Path, Served]) -> Office:
    folder, site = watched
    shutil.copytree(folder, tmp_path / "var")
    site.pages.clear()
    site.pages.update(PAGES)
    site.asked.clear()
    return Office(gongkai, tmp_path / "var", site)


def stale(office: Office) -> dict[str, Any]:
    return next(
        line for line in office.findings("2026-11-21") if line["rule"] == "news-columns-2-weeks" and line["subject"]["kind"] == "column"
    )


def test_a_recheck_reads_just_what_the_finding_rests_on_and_closes_it(office: Office) -> None:
    finding = stale(office)
    site = office.site
    new = titles(1, start=30)
    site.pages["/zwdt/"] = listing("工作动态", new + OLD)
    site.pages[new[0][0]] = article(new[0][1], "2026-11-22")
    site.asked.clear()
    said = office("2026-11-23", "findings", "recheck", finding["id"], "--by", "张三", "--why", "单位报告已更新")
    assert f"{finding['id']}: open -> resolved; 合格" in said
    assert sorted(site.targets) == sorted(["/zwdt/", new[0][0]])
    (line,) = [line for line in office.findings("2026-11-23") if line["id"] == finding["id"]]
    assert [(event["who"], event["what"]) for event in line["events"]] == [
        ("gongkai", "opened"),
        ("gongkai", "resolved"),
        ("张三", "rechecked"),
    ]


def test_a_recheck_that_finds_the_fault_says_so(office: Office) -> None:
    finding = stale(office)
    assert f"{finding['id']}: open -> open; 问题仍在" in office("2026-11-23", "findings", "recheck", finding["id"])
    assert stale(office)["last_confirmed"] == "2026-11-23T12:00:00+08:00"


def test_a_recheck_that_cannot_read_neither_confirms_nor_closes(office: Office) -> None:
    finding = stale(office)
    office.site.pages["/zwdt/"] = Answer(b"busy", 503)
    said = office("2026-11-30", "findings", "recheck", finding["id"])
    assert f"{finding['id']}: open -> open; 未能判定" in said
    assert stale(office)["last_confirmed"] == finding["last_confirmed"]


def test_a_recheck_is_no_visit_to_the_whole_site(office: Office) -> None:
    database = Database.open(f"sqlite:///{office.folder / 'gongkai.sqlite'}")
    registry = Registry.load(office.registry)
    before = last_crawls(database, ["unit"])["unit"], site_columns(database, registry.sites[0], moment("2026-11-22"))
    office("2026-11-23", "findings", "recheck", stale(office)["id"])
    after = last_crawls(database, ["unit"])["unit"], site_columns(database, registry.sites[0], moment("2026-11-24"))
    assert before[0] == after[0]
    changed = {column.name for column, then in zip(after[1], before[1], strict=True) if column != then}
    assert changed == {"工作动态"}
    (news,) = (column for column in after[1] if column.name == "工作动态")
    (known,) = (column for column in before[1] if column.name == "工作动态")
    assert (news.depth, news.path, news.canonical, news.kind, len(news.walks)) == (known.depth, known.path, known.canonical, known.kind, 3)
    database.close()


def test_a_column_that_was_missed_is_found_where_a_link_names_it(office: Office) -> None:
    finding = next(line for line in office.findings("2026-11-21") if line["rule"] == "disclosure-column-on-home")
    site = office.site
    site.pages["/"] = page("示例区人民政府", nav([("/zwdt/", "工作动态"), ("/zwgk/zcwj/", "政策文件"), ("/zfxxgk/", "政府信息公开")]))
    site.pages["/zfxxgk/"] = page("政府信息公开_示例区人民政府", nav([("/zfxxgk/zn/", "政府信息公开指南")]) + "<h1>政府信息公开</h1>")
    site.asked.clear()
    assert "-> resolved; 合格" in office("2026-11-23", "findings", "recheck", finding["id"])
    assert site.targets == ["/", "/zfxxgk/"]


def test_a_document_is_read_again_alone(office: Office) -> None:
    finding = next(line for line in office.findings("2026-11-21") if line["rule"] == "document-info-fields")
    office.site.asked.clear()
    office("2026-11-23", "findings", "recheck", finding["id"])
    assert [f"{office.site.base}{target}" for target in office.site.targets] == [finding["subject"]["url"]]


def test_states_are_kept_shown_and_refused_in_one_line(office: Office) -> None:
    finding = stale(office)["id"]
    day = "2026-11-23"
    assert "open -> acknowledged" in office(day, "findings", "ack", finding, "--by", "张三")
    assert "acknowledged -> waived" in office(
        day, "findings", "waive", finding, "--by", "王五", "--why", "机构改革期间", "--until", "2026-12-31"
    )
    said = office(day, "findings", "ack", finding, "--by", "张三", status=2)
    assert said.endswith("; end that first: gongkai findings withdraw")
    (line,) = office.findings(day, "--status", "waived")
    assert (line["stay"]["by"], line["stay"]["until"], line["stay"]["basis"]) == ("王五", "2026-12-31", "机构改革期间")
    shown = office(day, "findings", "show", finding)
    assert "waived（已豁免）" in shown
    assert "机构改革期间（王五，2026-11-23 12:00起，至2026-12-31）" in shown
    table = office(day, "findings", "--status", "waived")
    assert "王五" in table
    assert "2026-12-31" in table
    assert json.loads(office(day, "findings", "show", finding, "--format", "jsonl"))["id"] == finding
    assert "waived -> acknowledged" in office(day, "findings", "withdraw", finding, "--by", "王五", "--why", "改革已完成")
    explain = (
        "--by",
        "张三",
        "--why",
        "本期无更新",
        "--from",
        "2026-11-01",
        "--to",
        "2026-11-30",
        "--until",
        "2026-12-31",
        "--coefficient",
        "0.6",
    )
    assert "acknowledged -> explained" in office(day, "findings", "explain", finding, *explain)
    assert "expected a share" not in office(day, "findings", "show", finding)
    assert "explained（已提交情况说明）" in office("2026-12-31", "findings", "show", finding)
    assert "acknowledged（已签收" in office("2027-01-01", "findings", "show", finding)
    assert "appealed" in office("2027-01-01", "findings", "appeal", finding, "--by", "张三", "--why", "栏目已停办")
    done = office("2027-01-02", "findings", "decide", finding, "--by", "李四", "--why", "未见停办公告", "--dismissed")
    assert "appealed -> acknowledged" in done


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["show", "F999999"], "F999999: no such finding; `gongkai findings` lists them"),
        (["show", "nonsense"], "nonsense: no such finding"),
        (["recheck", "F999999"], "F999999: no such finding"),
        (["waive", "F000001", "--by", "a", "--why", "b", "--until", "soon"], "--until soon: no date; write e.g. 2027-03-31"),
        (["show", "F000001", "--format", "csv"], "--format csv: a finding is shown as table or jsonl"),
    ],
)
def test_wrong_usage(words: list[str], said: str, office: Office) -> None:
    assert said in office("2026-11-23", "findings", *words, status=2)


def test_several_are_done_all_or_none(office: Office) -> None:
    ids = [line["id"] for line in office.findings("2026-11-21")]
    assert len(ids) > 1
    office("2026-11-23", "findings", "ack", ids[0], "--by", "张三")
    office("2026-11-23", "findings", "ack", *ids, "--by", "张三", status=2)
    assert [line["state"] for line in office.findings("2026-11-23")].count("acknowledged") == 1
    office("2026-11-23", "findings", "ack", *ids[1:], "--by", "张三")
    assert {line["state"] for line in office.findings("2026-11-23")} == {"acknowledged"}


def test_an_exemption_closes_what_its_rule_found_and_gives_no_verdicts(office: Office) -> None:
    finding = stale(office)
    text = office.registry.read_text(encoding="utf-8")
    exempt = "rules: {news-columns-2-weeks: {enabled: false, why: 本单位不设动态栏目}}, crawl:"
    office.registry.write_text(text.replace("crawl:", exempt), encoding="utf-8")
    office("2026-11-22", "check")
    (line,) = [line for line in office.findings("2026-11-22") if line["id"] == finding["id"]]
    assert (line["state"], line["events"][-1]["what"]) == ("resolved", "out-of-force")
    assert "本单位不设动态栏目" in line["events"][-1]["why"]
    assert office("2026-11-22", "verdicts", "--rule", "news-columns-2-weeks", "--format", "jsonl") == ""
    assert "is not in force for unit" in office("2026-11-22", "findings", "recheck", finding["id"], status=2)
    office.registry.write_text(text, encoding="utf-8")
    office("2026-11-23", "check")
    (line,) = [line for line in office.findings("2026-11-23") if line["id"] == finding["id"]]
    assert (line["state"], line["times"]) == ("open", 2)


def test_what_awaits_no_review_is_not_released(office: Office) -> None:
    finding = stale(office)
    said = office("2026-11-22", "findings", "release", finding["id"], "--by", "赵六", "--why", "属实", status=2)
    assert "waits for no review" in said
    assert office("2026-11-22", "findings", "--to-review", "--format", "jsonl") == ""
