"""Rendered pagers in every dress: addresses, labels, boxes, counts and dead links put together by lot, served honestly, with lies and broken.

Whatever the lot gives, a walk that is called complete has read every row.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest

from spiders.base import Ask
from tests.support.dialects import Address, Dialect, files, query, site
from tests.support.walks import Walked, fetched, walk

HOST = "http://www.example.gov.cn"
ADDRESSES: tuple[Address, ...] = (
    files("/zwgk/x/"),
    files("/zwgk/x/", base=1),
    files("/zwgk/x/", "list", joint="-", base=1),
    query("/zwgk/list.aspx?cid=3", "page", base=1),
    query("/zwgk/list.aspx?cid=3", "pageNo", base=0),
    query("/zwgk/list.jsp?cid=3", "pageIndex", base=1, bare=False),
    lambda number, pages: f"/zwgk/list/3/{number}.html",
    lambda number, pages: "/zwgk/gk/" if number == 1 else f"/zwgk/gk/{number}/",
    lambda number, pages: "/zwgk/gk/index.html" if number == 1 else f"/zwgk/gk/index_p{number}.html",
    lambda number, pages: "/zwgk/gk.htm" if number == 1 else f"/zwgk/gk/{pages - number + 1}.htm",
)
WAYS = (
    ("上一页", "下一页"), ("上页", "下页"), ("&lt;上一页", "下一页&gt;"), ("« 上一页", "下一页 »"), ("&lt;", "&gt;"), ("‹", "›"), ("前一页", "后一页"),
    ("Prev", "Next"), ("[上一页]", "[下一页]"), ("←上一页", "下一页→"), ("上 一 页", "下 一 页"), ("previous page", "next page"), ("＜", "＞"),
)  # fmt: skip
BOXES = (
    '<div class="page">{}</div>', '<div class="pagination">{}</div>', '<ul class="pager">{}</ul>', '<div id="pages">{}</div>',
    '<p class="fenye">{}</p>', '<div class="xx">{}</div>', "<table><tr><td align=center>{}</td></tr></table>",
    '<div class="page-nav"><div class="inner">{}</div></div>', '<nav class="pages">{}</nav>', '<div class="changepage">{}</div>',
)  # fmt: skip
COUNTS = (
    "", "共{pages}页", "第{number}页/共{pages}页", "{number}/{pages}", "共{records}条记录 第{number}/{pages}页", "当前第{number}页 共{pages}页 {records}条",
    "页次：{number}/{pages}", "总共{records}条，分{pages}页", "共有{records}条信息", "Page {number} of {pages}",
)  # fmt: skip
DEAD: tuple[Callable[[str, str], str], ...] = (
    lambda text, own: "",
    lambda text, own: text,
    lambda text, own: f"<span>{text}</span>",
    lambda text, own: f"<a>{text}</a>",
    lambda text, own: f'<a href="#">{text}</a>',
    lambda text, own: f'<a href="javascript:void(0);" class="disabled">{text}</a>',
    lambda text, own: f'<a href="{own}">{text}</a>',
)


def dressed(lot: random.Random) -> Dialect:
    """A pager put together by lot."""
    address, (back, on), box, count = lot.choice(ADDRESSES), lot.choice(WAYS), lot.choice(BOXES), lot.choice(COUNTS)
    numbers, ends, dead = lot.choice((99, 2, 0)), lot.random() < 0.6, lot.choice(DEAD)

    def pager(number: int, pages: int, records: int) -> str:
        def to(text: str, page: int, live: bool) -> str:
            href = address(page if live else number, pages).replace("&", "&amp;")
            return f'<a href="{href}">{text}</a>' if live else dead(text, href)

        shown = [n for n in range(1, pages + 1) if numbers and abs(n - number) <= numbers]
        parts = [to("首页", 1, number > 1)] if ends else []
        parts += [to(back, number - 1, number > 1)]
        parts += [f'<span class="cur">{n}</span>' if n == number else to(str(n), n, True) for n in shown]
        parts += ["<span>...</span>"] if shown and shown[-1] < pages else []
        parts += [to(on, number + 1, number < pages)]
        parts += [to("尾页", pages, number < pages)] if ends else []
        parts = [count.format(number=number, pages=pages, records=records), *parts]
        return box.format(" ".join(f"<li>{part}</li>" for part in parts) if box.startswith("<ul") else " ".join(parts))

    return Dialect("dressed", "links", address, pager)


def walked(pages: dict[str, str], entry: str) -> Walked:
    def answer(ask: Ask) -> str | None:
        parts = urlsplit(ask.url)
        return pages.get(parts.path + (f"?{parts.query}" if parts.query else ""))

    return walk(fetched(pages[entry], HOST + entry), answer)


@pytest.mark.parametrize("seed", range(8))
def test_honest_lists_are_read_whole(seed: int) -> None:
    lot, proved = random.Random(seed), 0
    for _ in range(12):
        dialect, count = dressed(lot), lot.choice((3, 11, 12, 26))
        found = walked(site(dialect, count), dialect.address(1, 99))
        assert len(found.titles) == count, (found.end, found.asked)
        proved += found.end[0] == "complete"
    assert proved >= 11, "a dress may hide that a page is the last, seldom"


@pytest.mark.parametrize("seed", range(8))
def test_lies_and_breaks_prove_nothing(seed: int) -> None:
    lot = random.Random(1000 + seed)
    for _ in range(12):
        dialect, count = dressed(lot), lot.choice((3, 11, 12, 26))
        beyond, records = lot.choice(("", "last", "first")), lot.choice((None, 60))
        pages = site(dialect, count, pages=lot.choice((None, 9)), records=records, beyond=beyond)
        entry = dialect.address(1, 99)
        later = [key for key in pages if key != entry]
        if later and lot.random() < 0.6:
            broken = lot.choice(later)
            whole = pages[broken]
            pages[broken] = lot.choice(
                ("<html><body>x</body></html>", whole[: int(len(whole) * 0.6)], whole.replace("下", ""), pages[entry])
            )
        found = walked(pages, entry)
        assert found.end[0] == "incomplete" or len(found.titles) == count, (found.end, len(found.titles), count, found.asked)
