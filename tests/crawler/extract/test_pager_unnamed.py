"""Whole walks along pagers that no word and no class gives away: each page is reached, and none but the last is an end."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urljoin

import pytest

from crawler.extract import read
from data.records import Pager

HOST = "http://www.example.gov.cn"
Address = Callable[[int], str]

# How page k of n is addressed.
ADDRESSES: dict[str, Callable[[int, int], str]] = {
    "from-0": lambda k, n: "/a/index.html" if k == 1 else f"/a/index_{k - 1}.html",
    "from-1": lambda k, n: "/a/index.html" if k == 1 else f"/a/index_{k}.html",
    "other-name": lambda k, n: "/a/" if k == 1 else f"/a/list{k}.html",
    "column-s-number-before": lambda k, n: "/a/" if k == 1 else f"/a/list_12_{k}.html",
    "first-one-numbered-too": lambda k, n: f"/a/list_12_{k}.html",
    "query": lambda k, n: "/list.php?cid=7" if k == 1 else f"/list.php?cid=7&page={k}",
    "query-from-0": lambda k, n: "/list.jsp?cid=7" if k == 1 else f"/list.jsp?cid=7&pageNo={k - 1}",
    "downwards": lambda k, n: "/a/zfwj.htm" if k == 1 else f"/a/zfwj/{n - k + 1}.htm",
    "folders": lambda k, n: "/a/" if k == 1 else f"/a/{k}/",
    "bare-number": lambda k, n: "/a/gg.html" if k == 1 else f"/a/{k}.html",
    "below-its-name": lambda k, n: "/gi/fgw_02" if k == 1 else f"/gi/fgw_02/{k}",
}


def _link(address: Address, number: int, label: object) -> str:
    return f'<a href="{address(number)}">{label}</a>'


def _numbers(k: int, n: int, address: Address, label: str, here: str) -> str:
    window = range(max(1, k - 2), min(n, k + 2) + 1)
    return " ".join(here.format(j) if j == k else _link(address, j, label.format(j)) for j in window)


def _ways(k: int, n: int, address: Address, back: str, onward: str) -> str:
    return (_link(address, k - 1, back) if k > 1 else "") + f" {k} " + (_link(address, k + 1, onward) if k < n else "")


# What stands under the rows of page k of n.
PAGERS: dict[str, Callable[[int, int, Address], str]] = {
    "brackets": lambda k, n, at: f"<p>{_numbers(k, n, at, '[{}]', '[{}]')}</p>",
    "bold-in-a-table": lambda k, n, at: f"<table><tr><td>{_numbers(k, n, at, '{}', '<b>{}</b>')}</td></tr></table>",
    "all-linked": lambda k, n, at: "<p>" + " ".join(_link(at, j, j) for j in range(1, n + 1)) + "</p>",
    "spelt-out": lambda k, n, at: f"<p>{_numbers(k, n, at, '第{}页', '')}</p>",
    "plain-current": lambda k, n, at: f"<p>首页 {_numbers(k, n, at, '{}', '{}')} " + (_link(at, n, "尾页") if k < n else "尾页") + "</p>",
    "arrows": lambda k, n, at: f"<p>{_ways(k, n, at, '←', '→')}</p>",
    "words": lambda k, n, at: f"<p>{_ways(k, n, at, '向前翻', '向后翻')}</p>",
    "pictures": lambda k, n, at: f"<div>{_ways(k, n, at, '<img src=/i/prev.gif>', '<img src=/i/next.gif>')}</div>",
    "icons": lambda k, n, at: f"<div>{_ways(k, n, at, '<i class=prev></i>', '<i class=next></i>')}</div>",
    "select": lambda k, n, at: (
        "<p>转到<select onchange='location=this.value'>"
        + "".join(f'<option value="{at(j)}"{" selected" if j == k else ""}>{j}</option>' for j in range(1, n + 1))
        + "</select></p>"
    ),
    "words-beside-a-select": lambda k, n, at: (
        '<div class="fy">' + (_link(at, k - 1, "上页") if k > 1 else "上页") + (_link(at, k + 1, "下页") if k < n else "下页")
        + "<select>" + "".join(f'<option value="{at(j)}"{" selected" if j == k else ""}>第{j}页</option>' for j in range(1, n + 1)) + "</select></div>"
    ),
    "next-and-last": lambda k, n, at: (
        '<div class="page">' + (_link(at, 1, "首页") + _link(at, k - 1, "上一页") if k > 1 else "首页 上一页")
        + (_link(at, k + 1, "下一页") + _link(at, n, "尾页") if k < n else "下一页 尾页") + "</div>"
    ),
    "next-that-stays": lambda k, n, at: f'<div class="page">{_link(at, min(n, k + 1), "下一页")}{_link(at, n, "尾页")}</div>',
}  # fmt: skip


def _rows(k: int) -> str:
    made = (
        f'<li><a href="/a/2026{k:02d}/t2026_{k * 100 + row}.html">示范区关于第{k}批第{row}号事项的通知</a><span>2026-09-{30 - row:02d}</span></li>'
        for row in range(1, 13)
    )
    return f'<ul class="list">{"".join(made)}</ul>'


@pytest.mark.parametrize("addresses", ADDRESSES)
@pytest.mark.parametrize("pager", PAGERS)
def test_a_walk_reaches_every_page(pager: str, addresses: str) -> None:
    for count in (2, 5):
        seen, end = _walk(count, PAGERS[pager], lambda k, n=count: ADDRESSES[addresses](k, n))  # type: ignore[misc]
        complete = end is None or (end.understood and end.next_url is None and (end.pages or 0) <= len(seen))
        assert complete, f"{len(seen)} of {count} pages: {end}"
        assert len(seen) == count, f"{len(seen)} of {count} pages: {end}"


def _walk(count: int, pager: Callable[[int, int, Address], str], address: Address) -> tuple[list[str], Pager | None]:
    pages = {urljoin(HOST, address(k)): f"<html><body>{_rows(k)}{pager(k, count, address)}</body></html>" for k in range(1, count + 1)}
    at, seen = urljoin(HOST, address(1)), list[str]()
    while True:
        seen.append(at)
        listing = read(pages[at].encode(), at).listing
        assert listing is not None
        assert len(listing.entries) == 12
        following = listing.pager.next_url if listing.pager is not None else None
        if following is None or following in seen:
            return seen, listing.pager
        at = following


@pytest.mark.parametrize(
    "below",
    [
        '<ol><li><a href="/a/202609/t1.html">1</a></li></ol>',  # one number alone, which goes with nothing
        '<table><tr><td>日一二三四五六</td></tr><tr><td><a href="/a/1.html">1</a></td><td><a href="/a/2.html">2</a></td></tr></table>',
        '<div class="focus"><a href="/a/101.html">1</a><a href="/a/102.html">2</a><a href="/a/103.html">3</a></div>',  # documents in a row
        '<div class="focus"><a href="/a/103.html">1</a><a href="/a/102.html">2</a><a href="/a/101.html">3</a></div>',
        '<p>附件：<a href="/a/f1.pdf">1</a> <a href="/a/f2.pdf">2</a></p>',
        '<p><a href="/b/">&gt;</a></p>',  # another column's box
        '<p><a href="/a/b1/">&gt;&gt;</a></p>',
        '<p><a href="#">1</a><a href="/x/2026.html">2026</a></p>',
    ],
)
def test_what_only_looks_like_page_numbers(below: str) -> None:
    listing = read(f"<html><body>{_rows(1)}{below}</body></html>".encode(), f"{HOST}/a/").listing
    assert listing is not None
    assert listing.pager is None or listing.pager.next_url is None


@pytest.mark.parametrize(
    "below",
    [
        '<div class="x" data-total="97"></div>',
        '<div id="app"><el-pagination :total="97" :page-size="12"></el-pagination></div>',
        "<p>当前 1-12 / 97</p>",
        '<p><a href="javascript:go(1)">1</a><a href="javascript:go(2)">2</a><a href="javascript:go(3)">3</a></p>',
    ],
)
def test_signs_that_a_list_goes_on(below: str) -> None:
    listing = read(f"<html><body>{_rows(1)}{below}</body></html>".encode(), f"{HOST}/a/").listing
    assert listing is not None
    assert listing.pager is not None
    assert not listing.pager.understood


def test_a_lone_picture_back_to_the_file_without_a_number_is_the_last_page_s() -> None:
    listing = read(
        f'<html><body>{_rows(2)}<div><a href="index.html"><img src="/i/prev.gif"></a></div></body></html>'.encode(),
        f"{HOST}/a/index_1.html",
    ).listing
    assert listing is not None
    assert listing.pager is not None
    assert (listing.pager.current, listing.pager.pages, listing.pager.next_url, listing.pager.understood) == (2, 2, None, True)


def test_a_frame_of_the_whole_page_that_is_called_like_a_pager_is_none() -> None:
    boxes = "".join(
        f'<dl class="zlm"><dt><span>{name}</span><a href="./{n}.htm">MORE+</a></dt>'
        + "".join(f'<dd><a href="../info/{n}/{row}.htm">关于第{n}批第{row}号事项的公告</a><i>11-{row + 10}</i></dd>' for row in range(6))
        + "</dl>"
        for n, name in enumerate(("履职依据", "政府文件", "政策解读", "财政资金", "招考录用", "政府采购"))
    )
    page = f'<html><body><div class="container page-box"><a href="/">首页</a> &gt; <a href="./">法定主动公开内容</a>{boxes}</div></body></html>'
    listing = read(page.encode(), f"{HOST}/zfxxgk/fdzdgknr.htm").listing
    assert listing is not None
    assert listing.pager is None
