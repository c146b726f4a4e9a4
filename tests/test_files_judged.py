"""Files from their bytes to a verdict: what stands in them is judged, what cannot be read is never held against anybody."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from checks.runner import judge
from crawler.evidence import Prover
from data.catalogue import load_rules
from data.records import Status, Verdict
from simgov import files
from tests.support.pages import article, listing, nav, page
from tests.support.sites import Answer, Crawls, Page, served

GUIDE = """示例区政府信息公开指南
为便于公民、法人和其他组织获取政府信息，根据国务院令第711号《中华人民共和国政府信息公开条例》编制本指南。
信息分类：机构职能、政策文件等；编排体系：按索引号编排；获取方式：政府网站、公报、查阅点。
公开工作机构：示例区政务公开办公室；办公地址：示例市示例区示例路1号；办公时间：工作日9:00-12:00。
传真号码：0000-00000001；电子邮箱：gk@example.gov.cn。（2024年1月28日更新）
"""
TELEPHONE = "联系电话：0000-00000000。\n"
SECTIONS = (
    "总体情况", "主动公开政府信息情况", "收到和处理政府信息公开申请情况", "政府信息公开行政复议、行政诉讼情况", "存在的主要问题及改进情况", "其他需要报告的事项",
)  # fmt: skip


@pytest.fixture
def crawl(tmp_path: Path) -> Iterator[Crawls]:
    crawls = Crawls(tmp_path)
    yield crawls
    crawls.close()


def report(*left_out: str) -> str:
    parts = [part for part in SECTIONS if part not in left_out]
    told = "2025年，我区认真贯彻落实《政府信息公开条例》，全年主动公开政府信息若干条，受理依申请公开若干件，均在法定期限内答复，持续规范公文公开属性认定。"
    return "\n".join(f"{'一二三四五六'[number]}、{part}\n{told}" for number, part in enumerate(parts))


def judged(crawl: Crawls, pages: dict[str, Page], rule: str) -> tuple[list[Verdict], str, Path]:
    """The verdicts of one rule on a small site whose files are read, the site's address, and where its archives are."""
    with served(pages) as site:
        one = crawl(site.base + "/", crawl={"delay": 0, "concurrency": 8, "render": "never"})
        found = judge(one.view, load_rules(), only=(rule,))
    assert found.errors == ()
    return list(found.verdicts), site.base, crawl.archives[0].parent.parent


def guide(body: bytes, name: str = "zn.pdf") -> dict[str, Page]:
    return {
        "/": page("示例区人民政府", nav([("/zwgk/", "政府信息公开"), ("/zwgk/zn/", "政府信息公开指南"), ("/zwgk/zcwj/", "政策文件")])),
        "/zwgk/": page("政府信息公开", "<h1>政府信息公开</h1>"),
        "/zwgk/zcwj/": listing("政策文件", [("/zwgk/zcwj/a.html", "关于甲的通知", "2026-11-20")]),
        "/zwgk/zcwj/a.html": article("关于甲的通知", "2026-11-20"),
        "/zwgk/zn/": page(
            "政府信息公开指南", f'<h1>政府信息公开指南</h1><p>附件：<a href="/files/{name}">政府信息公开指南.{name[3:]}</a></p>'
        ),
        f"/files/{name}": Answer(body, content_type="application/octet-stream"),
    }


@pytest.mark.parametrize(
    ("body", "name", "status", "reason"),
    [
        (files.text_pdf(GUIDE + TELEPHONE), "zn.pdf", Status.PASS, "complete"),
        (files.text_pdf(GUIDE), "zn.pdf", Status.FAIL, "missing"),
        (files.docx(GUIDE.split("\n")), "zn.docx", Status.FAIL, "missing"),
        (files.ofd((GUIDE + TELEPHONE).split("\n")), "zn.ofd", Status.PASS, "complete"),
        (files.scanned_pdf(3), "zn.pdf", Status.INCONCLUSIVE, "no-text-layer"),
        (files.text_pdf(GUIDE, password="0"), "zn.pdf", Status.INCONCLUSIVE, "file-encrypted"),
        (files.text_pdf(GUIDE, encoding="Identity-H"), "zn.pdf", Status.INCONCLUSIVE, "file-garbled"),
        (files.broken_pdf(), "zn.pdf", Status.INCONCLUSIVE, "file-broken"),
        (files.doc(), "zn.doc", Status.INCONCLUSIVE, "file-type-unread"),
    ],
)
def test_a_guide_that_is_a_file(body: bytes, name: str, status: Status, reason: str, crawl: Crawls) -> None:
    (verdict,), base, archives = judged(crawl, guide(body, name), "disclosure-guide-complete")
    assert (verdict.status, verdict.reason) == (status, reason)
    if status is Status.FAIL:
        assert "联系电话" in verdict.message
        assert [piece.url for piece in verdict.evidence] == [f"{base}/files/{name}"]
        assert [proof.fault for proof in Prover(crawl.database, archives).prove(verdict.evidence)] == [None]


def test_reports_that_are_rows(crawl: Crawls) -> None:
    rows = [(f"/files/{year}.pdf", f"示例区{year}年政府信息公开工作年度报告", f"{year + 1}-01-20") for year in (2025, 2024, 2023, 2022)]
    pages: dict[str, Page] = {
        "/": page("示例区人民政府", nav([("/zwgk/nb/", "政府信息公开年报")])),
        "/zwgk/nb/": listing("政府信息公开年报", rows),
        "/files/2025.pdf": Answer(files.text_pdf(report("存在的主要问题及改进情况")), content_type="application/pdf"),
        "/files/2024.pdf": Answer(files.scanned_pdf(9), content_type="application/pdf"),
        "/files/2023.pdf": Answer(files.text_pdf(report()), content_type="application/pdf"),
        "/files/2022.pdf": Answer(b"", 404),
    }
    verdicts, base, archives = judged(crawl, pages, "annual-report-six-sections")
    found = {verdict.subject.url: (verdict.status, verdict.reason) for verdict in verdicts}
    assert found == {
        f"{base}/files/2025.pdf": (Status.FAIL, "missing"),
        f"{base}/files/2024.pdf": (Status.INCONCLUSIVE, "no-text-layer"),
        f"{base}/files/2023.pdf": (Status.INCONCLUSIVE, "tables-unread"),  # in what order a PDF's tables come out nobody knows
        f"{base}/files/2022.pdf": (Status.INCONCLUSIVE, "http-404"),
    }
    assert all(proof.fault is None for verdict in verdicts for proof in Prover(crawl.database, archives).prove(verdict.evidence))


def test_a_number_that_a_workbook_hides_and_its_mending(crawl: Crawls) -> None:
    def offering(number: str) -> dict[str, Page]:
        book = files.xlsx([["姓名", "证件号码"], ["张某", number]], hidden_column="B")
        offers = '<p>附件：<a href="/files/a.xlsx">名单.xlsx</a></p>'
        return {
            "/": page("示例区人民政府", nav([("/tzgg/", "通知公告")])),
            "/tzgg/": listing("通知公告", [("/tzgg/a.html", "关于名单的公示", "2026-11-20")]),
            "/tzgg/a.html": article("关于名单的公示", "2026-11-20", extra=offers),
            "/files/a.xlsx": Answer(book, content_type="application/octet-stream"),
        }

    with served(offering("110105201203070011")) as site:
        home, options = site.base + "/", {"delay": 0, "concurrency": 8, "render": "never"}
        first = crawl(home, "2026-11-20", crawl=options)
        (verdict,) = judge(first.view, load_rules(), only=("privacy-id-numbers",)).verdicts
        assert (verdict.status, verdict.reason, verdict.measured and verdict.measured.value) == (Status.FAIL, "unmasked", 1)
        assert "B列" in (verdict.evidence[0].note or "")
        assert not any("110105" in text for text in (verdict.message, *(piece.note or "" for piece in verdict.evidence)))
        site.pages.update(offering("110105********0011"))
        last = crawl(home, "2026-12-18", crawl=options)  # by then its turn has come
    verdicts = judge(last.view, load_rules(), only=("privacy-id-numbers",)).verdicts
    assert {(verdict.status, verdict.reason) for verdict in verdicts} == {(Status.PASS, "mended"), (Status.PASS, "none")}
