"""Texts that stand on several pages."""

from __future__ import annotations

import pytest

from crawler.extract import read
from crawler.extract.parts import part_number

A = "http://www.example.gov.cn"
TEXT = (
    "<h1>关于供水的通知</h1><p>发布日期：2026-11-02</p><div id=zoom>"
    + "<p>现将有关事项通知如下，请结合实际认真贯彻执行，确保取得实效。</p>" * 6
    + "</div>"
)


@pytest.mark.parametrize(
    ("first", "other", "number"),
    [
        ("/info/1021/5526.htm", "/info/1021/5526_2.htm", 2),
        ("/tzgg/202611/t20261103_12.html", "/tzgg/202611/t20261103_12_1.html", 1),
        ("/c1/202611/0a1b.shtml", "/c1/202611/0a1b-3.shtml", 3),
        ("/show.aspx?id=7", "/show.aspx?id=7&p=2", 2),
        ("/show.aspx?id=7", "/show.aspx?page=3&id=7", 3),
        ("/info/1021/5526.htm", "/info/1021/5527.htm", None),
        ("/info/1021/552.htm", "/info/1021/5526.htm", None),
        ("/tzgg/202611/t20261103_1.html", "/tzgg/202611/t20261103_12.html", None),
        ("/show.aspx?id=7", "/show.aspx?id=8", None),
        ("/show.aspx?id=7", "/show.aspx?id=8&p=2", None),
        ("/show.aspx", "/show.aspx?page=2", None),
        ("/a/1.html", "http://other.example.gov.cn/a/1_2.html", None),
        ("/a/1.html", "/a/1_2026.html", None),
    ],
)
def test_what_belongs_to_a_text(first: str, other: str, number: int | None) -> None:
    assert part_number(A + first, other if other.startswith("http") else A + other) == number


@pytest.mark.parametrize(
    ("foot", "further"),
    [
        (
            "<div><span>1</span><a href='t1_1.html'>2</a><a href='t1_2.html'>[3]</a><a href='t1_1.html'>下一页</a></div>",
            ["t1_1.html", "t1_2.html"],
        ),
        ("<script>createPageHTML(3, 0, 't1', 'html');</script>", ["t1_1.html", "t1_2.html"]),
        ("<script>createPageHTML(3, 0, 'index', 'html');</script>", []),
        ("<p>下一篇：<a href='t1_2.html'>关于供电的通知</a></p><p><a href='t2.html'>下一页</a></p>", []),
        ("", []),
    ],
)
def test_where_a_text_goes_on(foot: str, further: list[str]) -> None:
    reading = read(f"<html><body>{TEXT}{foot}</body></html>".encode(), A + "/tzgg/t1.html")
    assert [url.rsplit("/", 1)[-1] for url in reading.further] == further
