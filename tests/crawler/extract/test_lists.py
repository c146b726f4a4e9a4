"""List pages of every family: rows, dates, pagers and kinds, case by case."""

from __future__ import annotations

import pathlib
from typing import Any
from urllib.parse import urljoin

import pytest
import yaml

from crawler.extract import read
from crawler.extract.to_json import reading_to_json
from data.records import DateRole, EmptyBecause, ListReading, Pager, PageReading

CASES = pathlib.Path(__file__).parent / "cases_lists"
FRAME = """<!DOCTYPE html><html><head><meta name="SiteName" content="示范区人民政府"><meta name="ColumnName" content="示范栏目">{head}
<title>示范栏目_示范区人民政府</title><style>.a{{color:red}}</style></head><body>
<div class="header"><div class="logo"><a href="/"><img src="/logo.png" alt="示范区人民政府"></a></div><ul class="nav"><li><a href="/">首页</a></li><li><a href="/zwgk/">政务公开</a></li><li><a href="/xwzx/">新闻中心</a></li>
<li><a href="/zwfw/">政务服务</a></li><li><a href="/hdjl/">互动交流</a></li></ul></div>
<div class="position">当前位置：<a href="/">首页</a> &gt; <a href="/zwgk/">政务公开</a> &gt; <a href="./">示范栏目</a></div>
<div class="leftmenu"><ul><li><a href="/zwgk/zfxxgkzn/">政府信息公开指南</a></li><li><a href="/zwgk/zfxxgkzd/">政府信息公开制度</a></li><li><a href="/zwgk/fdzdgknr/">法定主动公开内容</a></li>
<li><a href="/zwgk/zfxxgknb/">政府信息公开年报</a></li><li><a href="/zwgk/ysqgk/">依申请公开</a></li></ul></div>
<div class="main">
{body}
</div>
<div class="footer"><ul class="links"><li><a href="http://www.one.example/">中国政府网站</a></li><li><a href="http://www.two.example/">示范省人民政府网站</a></li><li><a href="http://www.three.example/">示范市人民政府网站</a></li></ul>
<p>主办单位：示范区人民政府办公室 网站标识码：9900000011 <a href="http://beian.example/">示ICP备00000001号</a></p><p>更新日期：2026-01-01</p></div></body></html>"""


def load(name: str) -> list[dict[str, Any]]:
    cases: list[dict[str, Any]] = yaml.safe_load((CASES / name).read_text(encoding="utf-8"))
    return cases


def reading(case: dict[str, Any]) -> PageReading:
    html = str(case["html"])
    if case.get("frame") != "none":
        html = FRAME.format(head=case.get("head", ""), body=html)
    return read(html.encode(str(case.get("encoding", "utf-8"))), str(case["url"]))


def _ids(case: dict[str, Any]) -> str:
    return str(case["name"])


@pytest.mark.parametrize("case", [*load("families.yaml"), *load("rows.yaml"), *load("kinds.yaml")], ids=_ids)
def test_page(case: dict[str, Any]) -> None:
    got = reading(case)
    assert got.page.value == case["page"]
    assert set(case.get("marks", ())) <= set(got.marks)
    assert reading_to_json(got)["page"] == case["page"]
    wanted = {"entries", "count", "sections", "pinned", "empty", "empty_text", "pager"} & set(case)
    if wanted:
        assert got.listing is not None
        check_listing(case, got.listing)


def check_listing(case: dict[str, Any], listing: ListReading) -> None:
    if "entries" in case:
        rows = [
            [entry.title, entry.url, str(entry.date.value.date()) if entry.date else None]
            + ([entry.date.role.value] if entry.date and entry.date.role in (DateRole.MADE, DateRole.ISSUED) else [])
            for entry in listing.entries
        ]
        assert rows == [
            [row[0], urljoin(case["url"], row[1]) if row[1] else None, str(row[2]) if row[2] else None, *row[3:]] for row in case["entries"]
        ]
    if "count" in case:
        assert len(listing.entries) == case["count"]
    if "sections" in case:
        assert [entry.section for entry in listing.entries] == case["sections"]
    if "pinned" in case:
        assert [number for number, entry in enumerate(listing.entries) if entry.pinned] == case["pinned"]
    assert (listing.empty.value if listing.empty else None) == case.get("empty")
    if "empty_text" in case:
        assert listing.empty_text == str(case["empty_text"])
    if "pager" in case:
        check_pager(case, listing.pager)


def check_pager(case: dict[str, Any], pager: Pager | None) -> None:
    want = case["pager"]
    if want is None:
        assert pager is None
        return
    assert pager is not None
    assert [pager.contract, pager.current, pager.pages, pager.next_url] == [*want[:3], urljoin(case["url"], want[3]) if want[3] else None]
    assert pager.understood == case.get("understood", True)
    if "records" in case:
        assert pager.records == case["records"]


@pytest.mark.parametrize(
    "box",
    [
        '<div class="list-con"><ul class="news-list">{rows}</ul></div>',
        '<div class="gl"><table class="lb"><tbody id="c2026">{rows}</tbody></table></div>',
        '<div class="listbox"><ul>{rows}</ul></div>',
    ],
)
def test_an_empty_container_bears_the_signature_of_its_filled_siblings(box: str) -> None:
    row = "<li>{}</li>" if "<ul" in box else "<tr><td>{}</td></tr>"
    rows = "".join(row.format(f'<a href="{n}.html">关于第{n}号事项的通知</a><span>2026-09-0{n}</span>') for n in range(1, 4))
    filled, empty = (
        reading({"url": "http://a.example/z/", "html": html}).listing
        for html in (box.format(rows=rows), box.format(rows="").replace("c2026", "c2025"))
    )
    assert filled is not None
    assert empty is not None
    assert empty.empty is EmptyBecause.CONTAINER
    assert filled.container == empty.container


BESIDE = '<div class="right"><div class="t"><h3>通知公告</h3>{}</div><ul>' + "".join(
    f'<li><a href="/tzgg/{n}.html">关于开展第{n}批公示的公告事项</a><span>2026-11-{20 - n}</span></li>' for n in range(1, 7)
) + "</ul></div>"  # fmt: skip
ROWS = "".join(f'<li><a href="{n}.html">关于2025年度预算执行审计结果第{n}号</a></li>' for n in range(1, 4))


@pytest.mark.parametrize("more", ["", '<a href="/tzgg/">更多</a>'])
@pytest.mark.parametrize(
    ("own", "page", "rows", "empty"),
    [
        (f'<h2>示范栏目</h2><ul class="list">{ROWS}</ul>', "list", 3, None),
        (f'<ul class="list">{ROWS}</ul>', "list", 3, None),
        ('<h2>示范栏目</h2><ul class="list"><li><a href="1.html">关于2025年度预算执行审计结果的公告</a></li></ul>', "list", 1, None),
        ('<h2>示范栏目</h2><ul class="list"><li><a href="/f/1.pdf">2025年度审计工作报告</a></li></ul>', "list", 1, None),
        ('<h2>示范栏目</h2><ul class="list"></ul>', "list", 0, EmptyBecause.CONTAINER),
        ('<h2>示范栏目</h2><div class="list">暂无信息</div>', "list", 0, EmptyBecause.PLACEHOLDER),
        ("<h2>示范栏目</h2>", "index", 6, None),
    ],
)
def test_the_box_of_another_column_fills_none(own: str, page: str, rows: int, empty: EmptyBecause | None, more: str) -> None:
    got = reading({"url": "http://a.example/z/", "html": f'<div class="own">{own}</div>{BESIDE.format(more)}'})
    assert got.page.value == page
    assert got.listing is not None
    assert (len(got.listing.entries), got.listing.empty) == (rows, empty)
