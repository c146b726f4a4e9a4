"""Judging many sites with many documents: `python -m benchmarks.check [documents] [sites] [processes]`.

A made-up city is written into SQLite in a temporary folder: an upper government with 500 items to carry, district portals, departments
with sites of their own, and towns whose columns live on their portal. Then all rules judge all sites, as `gongkai check` does, once with
nothing known and once more; then one site alone. Printed: wall and CPU seconds, verdicts, documents a second, peak memory of the largest process.
"""

from __future__ import annotations

import gc
import os
import platform
import resource
import shutil
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import yaml
from sqlalchemy import insert

from cli.judging import check_round
from cli.session import Session
from data.config import RunConfig
from data.database import Database
from data.models import (
    ColumnRow,
    ColumnVisitRow,
    CrawlRow,
    HomeRow,
    ListingRow,
    PageRow,
    PageVersionRow,
    SiteRow,
    WalkRow,
)
from data.records import (
    SHANGHAI,
    Attachment,
    DateRole,
    DocumentKind,
    DocumentReading,
    Link,
    Precision,
    RelatedLink,
    ShownDate,
)
from data.urls import url_hash
from data.wire import to_wire

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=SHANGHAI)
_CRAWLS = (NOW - timedelta(days=2), NOW - timedelta(hours=5))
_UPSTREAM_ITEMS = 500  # in five years: a hundred of the last year are looked for on every site
_REPOSTS = 97  # of them that every site carries
_BATCH = 2000

_MATTERS = [
    "城市更新",
    "老旧小区改造",
    "义务教育招生",
    "养老服务",
    "托育服务",
    "就业补贴",
    "创业担保贷款",
    "医疗保障",
    "住房公积金",
    "农村宅基地",
    "高标准农田",
    "秸秆禁烧",
    "大气污染防治",
    "河湖管护",
    "安全生产",
    "消防救援",
    "食品安全",
    "药品监管",
    "知识产权",
    "招商引资",
    "营商环境",
    "数字经济",
    "工业企业技术改造",
    "专精特新",
    "商贸流通",
    "文旅融合",
    "体育设施",
    "物业管理",
    "停车收费",
    "殡葬改革",
    "退役军人安置",
    "残疾人保障",
    "社会救助",
    "防汛抗旱",
    "森林防火",
    "动物防疫",
    "种业振兴",
    "乡村建设",
    "厕所革命",
    "垃圾分类",
    "供热收费",
    "燃气管理",
    "道路客运",
    "网约车",
]
_ACTS = ["实施办法", "管理办法", "若干措施", "实施意见", "实施方案", "行动方案", "工作规程", "扶持政策", "管理细则", "专项规划"]
_WORDS = [
    "坚持",
    "统筹",
    "推进",
    "落实",
    "责任",
    "单位",
    "按照",
    "要求",
    "完善",
    "机制",
    "加强",
    "监督",
    "管理",
    "服务",
    "群众",
    "企业",
    "申请",
    "材料",
    "办理",
    "期限",
    "标准",
    "资金",
    "补助",
    "项目",
    "评审",
    "公示",
    "检查",
    "结果",
    "依法",
    "规范",
    "保障",
    "提升",
    "质量",
    "建设",
    "发展",
    "重点",
    "领域",
    "工作",
    "组织",
    "实施",
    "部门",
    "配合",
    "定期",
    "报告",
    "情况",
]

# Canonical id, name, kind of document, share of a site's documents.
_COLUMNS = (
    ("zcwj", "政策文件", DocumentKind.POLICY_DOCUMENT, 0.10),
    ("zcjd", "政策解读", DocumentKind.INTERPRETATION, 0.08),
    ("tzgg", "通知公告", DocumentKind.NOTICE, 0.22),
    ("ywdt", "工作动态", DocumentKind.NEWS, 0.50),
    ("sjwj", "上级文件", DocumentKind.POLICY_DOCUMENT, 0.02),
    ("yjs", "预决算公开", DocumentKind.NOTICE, 0.05),
    ("zfxxgknb", "政府信息公开年报", DocumentKind.ANNUAL_REPORT, 0.01),
    ("jytabl", "建议提案办理", DocumentKind.NOTICE, 0.02),
)


@dataclass(frozen=True, slots=True)
class Row:
    step: str
    wall_seconds: float
    cpu_seconds: float  # of all processes
    documents: int
    verdicts: int


def main() -> None:
    documents, sites, processes = (int(word) for word in (sys.argv[1:] + ["100000", "100", "2"][len(sys.argv) - 1 :]))
    folder = Path(tempfile.mkdtemp(prefix="gongkai-bench-"))
    rows: list[Row] = []
    try:
        registry = folder / "registry.yml"
        entries = registry_of(registry, sites)
        config = RunConfig(folder, f"sqlite:///{folder / 'gongkai.sqlite'}", registry, NOW)
        start = time.perf_counter()
        total = fill(config.database, entries, documents)
        print(f"filled: {total} documents, {len(entries)} sites, {time.perf_counter() - start:.0f} s, {_size(folder)} MiB", flush=True)
        for step in ("all sites", "all sites again", "one site"):
            session = Session(config)
            chosen = session.scored([entries[-1]["id"]] if step == "one site" else None)
            start, cpu = time.perf_counter(), _cpu()
            report = check_round(session, chosen, processes=1 if step == "one site" else processes)
            rows.append(Row(step, time.perf_counter() - start, _cpu() - cpu, total if step != "one site" else 0, report.verdicts))
            print(rows[-1], _peak(), flush=True)
            session.close()
            gc.collect()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(f"{platform.machine()}, Python {platform.python_version()}, {date.today().isoformat()}; {processes} processes")  # noqa: DTZ011 - the date of the measurement
    print("| step | wall s | CPU s | verdicts | documents a CPU second |\n| --- | ---: | ---: | ---: | ---: |")
    for row in rows:
        print(f"| {row.step} | {row.wall_seconds:.1f} | {row.cpu_seconds:.1f} | {row.verdicts} | {row.documents / row.cpu_seconds:.0f} |")
    print(_peak())


def _cpu() -> float:
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def _peak() -> str:
    own, children = (resource.getrusage(who).ru_maxrss / 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return f"peak memory: {own:.0f} MiB here, {children:.0f} MiB in the largest worker"


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) // 2**20


def registry_of(path: Path, sites: int) -> list[dict[str, Any]]:
    """Write a registry of so many sites and an upper one; gives their entries."""
    entries = _sites_of(sites)
    path.write_text(yaml.safe_dump({"version": 1, "region": "示例市", "sites": entries}, allow_unicode=True), encoding="utf-8")
    return entries


def _sites_of(count: int) -> list[dict[str, Any]]:
    """One upper site; of the rest a hundredth are portals, six tenths departments, the others towns on their portal."""
    city = {
        "id": "city", "name": "示例市人民政府", "level": "city", "role": "upstream", "home": "http://city.example.gov.cn/",
        "must_repost": {"columns": ["http://city.example.gov.cn/zcwj/"]},
    }  # fmt: skip
    portals = max(1, count // 100)
    sites = [city]
    for number in range(count):
        portal = number % portals
        home = f"http://p{portal}.example.gov.cn/"
        if number < portals:
            site = {"id": f"portal-{number}", "name": f"示例{number}区人民政府", "profile": "district-portal", "home": home}
        elif number % 10 < 6:
            site = {
                "id": f"dept-{number}", "name": f"示例{portal}区第{number}局", "profile": "department",
                "home": f"http://d{number}.example.gov.cn/", "parent": f"portal-{portal}",
            }  # fmt: skip
        else:
            site = {
                "id": f"town-{number}", "name": f"示例{portal}区第{number}镇人民政府", "profile": "town",
                "home": f"{home}town{number}/", "parent": f"portal-{portal}", "level": "town",
            }  # fmt: skip
        sites.append({**site, "upper": ["city"]})
    return sites


def fill(url: str, sites: list[dict[str, Any]], documents: int) -> int:
    """Write sites with about as many documents: portals have twenty shares, departments two, towns one."""
    shares = {site["id"]: {"p": 20.0, "d": 2.0, "t": 1.0, "c": 0.0}[site["id"][0]] for site in sites}
    whole = sum(shares.values())
    database = Database.open(url)
    total = 0
    for index, site in enumerate(sites):
        count = _UPSTREAM_ITEMS if site["id"] == "city" else int(documents * shares[site["id"]] / whole)
        total += _Filler(database, site, index).fill(count)
    database.close()
    return total


class _Filler:
    """Writes one site. Numbers of rows are given here: nothing else writes meanwhile."""

    serial = 0

    def __init__(self, database: Database, site: dict[str, Any], index: int) -> None:
        self.database, self.site, self.random = database, site, Random(index)
        self.rows: dict[type, list[dict[str, Any]]] = {}

    def add(self, model: type, **values: Any) -> int:
        _Filler.serial += 1
        self.rows.setdefault(model, []).append({"id": _Filler.serial, **values} if model is not SiteRow else values)
        if sum(map(len, self.rows.values())) > _BATCH:
            self.flush()
        return _Filler.serial

    def flush(self) -> None:
        order = (SiteRow, CrawlRow, ColumnRow, ColumnVisitRow, WalkRow, HomeRow, PageRow, PageVersionRow, ListingRow)
        with self.database.session() as session:
            for model in order:
                if rows := self.rows.pop(model, None):
                    session.execute(insert(model), rows)

    def fill(self, count: int) -> int:
        site, home = self.site["id"], self.site["home"]
        self.add(SiteRow, id=site, fence=0)
        crawls = [
            self.add(
                CrawlRow, site=site, started_at=at, finished_at=at + timedelta(minutes=30), state="complete", requests=count + 20,
                pages=count + 20, faults={}, replayed=False, partial=False,
            )
            for at in _CRAWLS
        ]  # fmt: skip
        wanted = [(canonical, name, kind, max(1, round(count * share))) for canonical, name, kind, share in _COLUMNS]
        if site == "city":
            wanted = [("zcwj", "政策文件", DocumentKind.POLICY_DOCUMENT, count)]
        else:
            wanted = [(canonical, name, kind, _REPOSTS if canonical == "sjwj" else rows) for canonical, name, kind, rows in wanted]
        links = [to_wire(Link(f"{home}{canonical}/", name, "text", "nav")) for canonical, name, _, _ in wanted]
        for crawl, at in zip(crawls, _CRAWLS, strict=True):
            self.add(
                HomeRow,
                site=site,
                crawl_id=crawl,
                at=at,
                url=home,
                sha256="a" * 64,
                readable=True,
                links=links,
                image_only_links=0,
                marks=[],
            )
        for canonical, name, kind, rows in wanted:
            self.column(canonical, name, kind, rows, crawls)
        self.flush()
        return sum(rows for *_, rows in wanted)

    def column(self, canonical: str, name: str, kind: DocumentKind, count: int, crawls: list[int]) -> None:
        site, url = self.site["id"], f"{self.site['home']}{canonical}/"
        column = self.add(ColumnRow, site=site, url_hash=url_hash(url), url=url, first_seen=_CRAWLS[0], last_seen=_CRAWLS[1])
        for crawl, at in zip(crawls, _CRAWLS, strict=True):
            self.add(
                ColumnVisitRow, column_id=column, crawl_id=crawl, at=at, name=name, canonical=canonical, match=f"synonym:{name}", kind="list",
                parent_url=self.site["home"], depth=1, path=["首页", name], reachable=True, text_chars=2000, linked_at=at,
            )  # fmt: skip
            self.add(
                WalkRow, column_id=column, crawl_id=crawl, at=at, state="complete", reason="last-page", pages=count // 20 + 1, entries=count,
                newest_on=NOW.date() - timedelta(days=1), sha256="b" * 64, newest_first=True, whole_at=at, undated=0,
            )  # fmt: skip
        for index in range(count):
            self.document(column, url, kind, index, crawls[0])

    def document(self, column: int, column_url: str, kind: DocumentKind, index: int, crawl: int) -> None:
        upper = self.site["id"] == "city" or column_url.endswith("/sjwj/")
        at = NOW - timedelta(
            days=8 + index * 3.65 if upper else 1 + index * 1.3, hours=0 if self.site["id"] == "city" else -20 if upper else 0
        )
        reading = self.reading(kind, index, at, column_url)
        url = f"{column_url}{index}.html"
        assert reading.title is not None
        page = self.add(
            PageRow, site=self.site["id"], url_hash=url_hash(url), url=url, kind="document", first_seen=_CRAWLS[0], last_seen=_CRAWLS[1],
            fetched_at=_CRAWLS[0],
        )  # fmt: skip
        self.add(
            PageVersionRow, page_id=page, crawl_id=crawl, content_hash="c" * 64, sha256="d" * 64, observed_from=_CRAWLS[0],
            observed_to=_CRAWLS[1], kind="document", title=reading.title, reading=to_wire(reading), shown_dates=[], encoding="utf-8",
        )  # fmt: skip
        shown = ShownDate(DateRole.LIST, at.date().isoformat(), datetime.combine(at.date(), at.min.time(), SHANGHAI), Precision.DAY, "row")
        self.add(
            ListingRow, column_id=column, row_hash=url_hash(url), url=url, title=reading.title, shown_date=to_wire(shown), external=False,
            first_seen=_CRAWLS[0], last_seen=_CRAWLS[1],
        )  # fmt: skip

    def reading(self, kind: DocumentKind, index: int, at: datetime, column_url: str) -> DocumentReading:
        """A document as such sites have them; an interpretation names the policy of the same place in its column, and most of them link it."""
        owner = "city" if column_url.endswith("/sjwj/") else self.site["id"]
        place = "示例市" if owner == "city" else self.site["name"].removesuffix("人民政府")
        # Policies, their interpretations and their reposts draw the same titles.
        same = Random(f"{owner} {index}")
        matter, act = same.choice(_MATTERS), same.choice(_ACTS)
        policy = f"{place}{matter}{act}（第{index}号）"
        office = f"{place}人民政府办公室"
        number = f"示政办发〔{at.year}〕{index + 1}号"
        title = {
            DocumentKind.POLICY_DOCUMENT: f"{office}关于印发《{policy}》的通知",
            DocumentKind.INTERPRETATION: f"《{policy}》政策解读",
            DocumentKind.NOTICE: f"关于{matter}有关事项的公告（{index}）",
            DocumentKind.ANNUAL_REPORT: f"{place}{at.year - 1}年政府信息公开工作年度报告",
        }.get(kind, f"{place}召开{matter}工作推进会（{index}）")
        is_policy = kind is DocumentKind.POLICY_DOCUMENT
        base = column_url.rstrip("/").rpartition("/")[0]
        related: tuple[RelatedLink, ...] = ()
        if is_policy and index % 3:
            related = (RelatedLink(f"{base}/zcjd/{index}.html", f"《{policy}》政策解读", "interpretation"),)
        return DocumentReading(
            kind=kind, title=title, published_at=at, published_precision=Precision.MINUTE,
            made_on=at.date() - timedelta(days=index % 9) if is_policy else None, doc_number=number if is_policy else None,
            index_number=f"11371500/{at.year}-{index:05d}", issuer=office, source=self.site["name"], validity="有效" if is_policy else None,
            openness="主动公开" if is_policy else None, topic=matter, breadcrumb=("首页", "政务公开", "信息"),
            attachments=(Attachment(f"{column_url}{index}.pdf", f"{policy}.pdf", "pdf"),) if is_policy else (), related=related,
            body=self.body(matter, 2200 if is_policy else 900),
        )  # fmt: skip

    def body(self, matter: str, characters: int) -> str:
        words = self.random.choices(_WORDS, k=characters // 2)
        words[::40] = [f"{matter}，"] * len(words[::40])
        words[::130] = ["\n（一）"] * len(words[::130])
        return "".join(words)


if __name__ == "__main__":
    main()
