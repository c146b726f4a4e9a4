"""Every known way of paging a list, walked from its first page to its end: by an honest site, by one that lies, by one that breaks."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from crawler.extract.pager_numbers import by_number
from spiders.base import Ask
from spiders.families import FAMILIES
from tests.support.dialects import Dialect, files, list_page, query, rows, script, site
from tests.support.pagers import DIALECTS
from tests.support.pages import page
from tests.support.walks import Walked, fetched, walk

ROOT = Path(__file__).resolve().parents[2]
HOST = "http://www.example.gov.cn"
BY_NAME = {one.name: one for one in DIALECTS}
EVERY = [pytest.param(one, id=one.name) for one in DIALECTS]
COUNTED = [pytest.param(one, id=one.name) for one in DIALECTS if one.says_records]
PAGED = [pytest.param(one, id=one.name) for one in DIALECTS if one.says_pages]
# Static files with a count of pages; with a count of rows; numbered downwards; plain links; a query.
SOME = [pytest.param(BY_NAME[name], id=name) for name in ("p1-trs", "p2-hubei", "p16-vsb-uncounted", "p20-padded", "p10-longxun")]


def walked(pages: Mapping[str, str], entry: str) -> Walked:
    def answer(ask: Ask) -> str | None:
        parts = urlsplit(ask.url)
        return pages.get(parts.path + (f"?{parts.query}" if parts.query else ""))

    return walk(fetched(pages[entry], HOST + entry), answer)


def entry(dialect: Dialect, pages: int = 5) -> str:
    return dialect.address(1, pages)


@pytest.mark.parametrize("dialect", EVERY)
def test_an_honest_list_is_read_to_its_end(dialect: Dialect) -> None:
    """Of one page, of a full last page, of an odd one and more than ten."""
    for count in (3, 12, 43):
        found = walked(site(dialect, count), entry(dialect))
        assert (found.end[0], len(found.titles), found.family) == ("complete", count, dialect.family), (count, found.end, found.asked)
    reading = fetched(site(dialect)[entry(dialect, 3)], HOST + entry(dialect, 3)).reading
    assert reading is not None
    assert reading.listing is not None
    assert reading.listing.pager is not None
    assert (reading.listing.pager.contract, reading.listing.pager.current) == (dialect.contract, 1)


@pytest.mark.parametrize("dialect", PAGED)
@pytest.mark.parametrize(("beyond", "reason"), [("", "http-404"), ("last", "page-repeated"), ("first", "page-repeated")])
def test_pages_that_are_not_there_are_no_end(dialect: Dialect, beyond: str, reason: str) -> None:
    """A pager that counts two pages too many; beyond the end stands nothing, the last page again, or the first."""
    found = walked(site(dialect, pages=5, beyond=beyond), entry(dialect))
    assert (*found.end, len(found.titles)) == ("incomplete", reason, 11)


@pytest.mark.parametrize("dialect", COUNTED)
def test_rows_that_are_not_there_are_no_end(dialect: Dialect) -> None:
    found = walked(site(dialect, records=30), entry(dialect))
    reason = "declared-more-than-read" if dialect.says_pages else "http-404"
    assert (*found.end, len(found.titles)) == ("incomplete", reason, 11)


# --- what breaks on the way --------------------------------------------------------------------------

PAGES, COUNT = 5, 20
Broken = Callable[[Dialect, dict[str, str], str], None]
ROWS = rows(COUNT)


def gone(dialect: Dialect, pages: dict[str, str], third: str) -> None:
    del pages[third]


def again(dialect: Dialect, pages: dict[str, str], third: str) -> None:
    pages[third] = pages[dialect.address(2, PAGES)]


def again_in_another_order(dialect: Dialect, pages: dict[str, str], third: str) -> None:
    pages[third] = list_page(dialect, [*ROWS[2:4], *ROWS[:2]], dialect.pager(3, PAGES, COUNT))


def empty(dialect: Dialect, pages: dict[str, str], third: str) -> None:
    pages[third] = list_page(dialect, [], dialect.pager(3, PAGES, COUNT))


def nothing_said(dialect: Dialect, pages: dict[str, str], third: str) -> None:
    pages[third] = page("政策文件", f"<div class='right'><ul class='list'><li>暂无相关信息</li></ul>{dialect.pager(3, PAGES, COUNT)}</div>")


def torn(dialect: Dialect, pages: dict[str, str], third: str) -> None:
    pages[third] = pages[third][: pages[third].rindex("第11号")]


def one_slid(dialect: Dialect, pages: dict[str, str], third: str) -> None:
    """A row slid back while the list was read: the last one of the page before comes again, and one is never seen."""
    pages[third] = list_page(dialect, ROWS[7:11], dialect.pager(3, PAGES, COUNT))


def another_template(dialect: Dialect, pages: dict[str, str], third: str) -> None:
    pages[third] = page("提示", "<p>请稍候</p>")


@pytest.mark.parametrize("dialect", SOME)
@pytest.mark.parametrize(
    ("breaks", "reasons"),
    [
        (gone, {"http-404"}),
        (again, {"page-repeated"}),
        (again_in_another_order, {"page-repeated"}),
        (empty, {"page-empty", "layout-unknown"}),
        (nothing_said, {"page-empty", "layout-unknown"}),
        (torn, {"page-cut"}),
        (one_slid, {"rows-moved", "declared-more-than-read"}),
        (another_template, {"layout-unknown"}),
    ],
    ids=lambda value: value.__name__ if callable(value) else "",
)
def test_a_walk_that_missed_rows_is_not_complete(dialect: Dialect, breaks: Broken, reasons: set[str]) -> None:
    pages = site(dialect, COUNT)
    breaks(dialect, pages, dialect.address(3, PAGES))
    found = walked(pages, entry(dialect))
    assert found.end[0] == "incomplete", found.end
    assert found.end[1] in reasons
    assert len(found.titles) < COUNT


@pytest.mark.parametrize("dialect", SOME)
def test_a_page_that_lost_its_pager_or_was_pressed_before_the_list_grew_is_passed(dialect: Dialect) -> None:
    for below in ("", dialect.pager(3, 3, 12)):
        pages = site(dialect, COUNT)
        pages[dialect.address(3, PAGES)] = list_page(dialect, ROWS[8:12], below)
        found = walked(pages, entry(dialect))
        assert (found.end[0], len(found.titles)) == ("complete", COUNT), found.end
        pages.pop(dialect.address(4, PAGES))
        assert walked(pages, entry(dialect)).end == ("incomplete", "http-404")


def test_a_first_page_that_was_torn_is_no_short_list() -> None:
    dialect = BY_NAME["p1-trs"]
    pages = site(dialect, COUNT)
    pages[entry(dialect)] = pages[entry(dialect)][: pages[entry(dialect)].rindex("第3号")]
    assert walked(pages, entry(dialect)).end == ("incomplete", "page-cut")


def test_a_row_shown_twice_in_a_list_that_counts_its_rows_is_no_sign_either() -> None:
    """A pinned row stands on top and once more in its place."""
    dialect = BY_NAME["p2-hubei"]
    pages = site(dialect, COUNT)
    pages[dialect.address(4, PAGES)] = list_page(dialect, [ROWS[11], *ROWS[12:16]], dialect.pager(4, PAGES, COUNT))
    found = walked(pages, entry(dialect))
    assert (found.end, len(found.titles)) == (("complete", "declared-total-read"), COUNT)


def test_the_table_of_contracts_names_every_dialect_and_nothing_that_is_not_there() -> None:
    table = (ROOT / "docs" / "lists.md").read_text(encoding="utf-8")
    rows_of = {line.split(" | ")[0].strip("| "): line for line in table.splitlines() if re.match(r"\| P\d+ ", line)}
    assert list(rows_of) == [f"P{number}" for number in range(1, 22)]
    named = {name for line in rows_of.values() for name in re.findall(r"`(p\d+-[\w-]+)`", line)}
    assert named == set(BY_NAME)
    sources = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests" / "spiders").glob("*.py"))
    for test in re.findall(r"`(test_\w+)`", table):
        assert f"def {test}(" in sources, test
    for module in re.findall(r"`((?:pager_|embedded|links)\w*\.py)`", table):
        assert (ROOT / "crawler" / "extract" / module).is_file(), module
    families = {type(family).__module__.replace(".", "/") + ".py" for family in FAMILIES}
    assert families <= set(re.findall(r"`(spiders/\w+\.py)`", table))
    hosts_named = {host for line in rows_of.values() for host in line.rstrip("| ").rpartition(" | ")[2].split(", ") if len(host) == 1}
    assert hosts_named <= set("abcdefghi")


# --- lists without a count ---------------------------------------------------------------------------

ENDLESS = Dialect(
    "endless", "links", query("/gk/list.aspx", "page", base=1),
    lambda number, pages, records: f'<div class="page"><a href="?page={max(number - 1, 1)}">上一页</a> <a href="?page={number + 1}">下一页</a></div>',
)  # fmt: skip


@pytest.mark.parametrize(
    ("beyond", "end"),
    [
        (lambda number: list_page(ENDLESS, [], ENDLESS.pager(number, 0, 0)), ("incomplete", "page-empty")),
        (
            lambda number: page("政策文件", f'<ul class="list"><li>暂无相关信息</li></ul>{ENDLESS.pager(number, 0, 0)}'),
            ("complete", "empty-page"),
        ),
        (lambda number: list_page(ENDLESS, ROWS[8:11], ENDLESS.pager(3, 0, 0)), ("incomplete", "page-repeated")),
        (lambda number: list_page(ENDLESS, ROWS[8:11], ENDLESS.pager(number, 0, 0)), ("incomplete", "page-repeated")),
        (lambda number: page("政策文件", "<p>请稍候</p>"), ("incomplete", "layout-unknown")),
    ],
    ids=["without-rows", "says-nothing-more", "last-again", "last-again-under-a-new-number", "without-a-list"],
)
def test_a_pager_that_always_leads_on(beyond: Callable[[int], str], end: tuple[str, str]) -> None:
    """Where 下一页 never ends only a page that says so does."""
    pages = {**site(ENDLESS), **{ENDLESS.address(number, 0): beyond(number) for number in range(4, 9)}}
    found = walked(pages, entry(ENDLESS))
    assert (found.end, len(found.titles)) == (end, 11)
    assert len(found.asked) == 3


def test_of_two_pages_the_seam_tells_that_a_row_slid() -> None:
    dialect = BY_NAME["p1-trs"]
    pages = site(dialect, 8)
    pages[dialect.address(2, 2)] = list_page(dialect, ROWS[3:7], dialect.pager(2, 2, 8))
    assert walked(pages, entry(dialect)).end == ("incomplete", "rows-moved")


def test_a_row_on_every_page_is_furniture_and_no_sign_that_rows_slid() -> None:
    dialect = BY_NAME["p1-trs"]
    pages = site(dialect, COUNT)
    for number in range(1, PAGES + 1):
        part = [ROWS[0], *ROWS[1 + (number - 1) * 4 : 1 + number * 4]]
        pages[dialect.address(number, PAGES)] = list_page(dialect, part, dialect.pager(number, PAGES, COUNT))
    assert walked(pages, entry(dialect)).end == ("complete", "last-page")


# --- lists that a page holds whole, or not -----------------------------------------------------------


def held(below: str, count: int = 9, *, cells: str = "") -> Walked:
    dialect = BY_NAME["p1-trs"]
    inner = list_page(dialect, rows(count), below).replace("<li>", cells or "<li>")
    return walked({"/gk/index.html": inner}, "/gk/index.html")


@pytest.mark.parametrize(
    ("below", "end"),
    [
        (script("createPageHTML(9, 3, 0, 'index', 'html');"), ("complete", "declared-total-read")),
        (
            script("var totalCount=9;var perSize=4;var startPage=1;var endPage=3;var logicTotalPage=3;$('.pagedContent').hide();"),
            ("complete", "declared-total-read"),
        ),
        (script("var totalCount=40;var perSize=4;var logicTotalPage=10;$('.pagedContent').hide();"), ("incomplete", "no-next-page")),
        ("<a class='loadmore' href='javascript:;' onclick='loadMore()'>点击加载更多</a>", ("incomplete", "unknown-pager")),
        (
            script("$(window).scroll(function(){if(near()){page++;$.get('/gk/more?page='+page,function(d){$('.list').append(d);});}});"),
            ("incomplete", "http-404"),
        ),
        (
            script("$.ajax({url:'/gk/list.do',dataType:'jsonp',data:{page:2},success:function(d){$('.list').append(d.html)}});var totalPage=4;var pager=1;"),
            ("incomplete", "http-404"),
        ),
        ("<p>共9条</p>", ("complete", "no-pager")),
        ("<p>共检索到 90 条</p>", ("incomplete", "unknown-pager")),
    ],
)  # fmt: skip
def test_rows_that_one_page_holds(below: str, end: tuple[str, str]) -> None:
    assert held(below).end == end


BOX = '<div class="page" id="pg"></div>'


@pytest.mark.parametrize(
    ("below", "end"),
    [
        (BOX, ("complete", "no-pager")),
        (BOX + '<script src="/js/jquery-1.12.4.min.js"></script>', ("complete", "no-pager")),
        (BOX + '<script src="/js/list.js"></script>', ("incomplete", "unknown-pager")),
        (BOX + script("drawPager('#pg', window.n);"), ("incomplete", "unknown-pager")),
        ('<div class="page" data-count="33"></div>', ("incomplete", "unknown-pager")),
        ('<div class="page"><span></span><script src="/x/p.js"></script></div>', ("incomplete", "unknown-pager")),
    ],
)
def test_the_empty_box_of_a_pager_is_filled_by_a_script_or_by_nothing(below: str, end: tuple[str, str]) -> None:
    assert held(below, 12).end == end


ONWARD = Dialect(
    "onward", "links", files("/ow/", base=1),
    lambda number, pages, records: f'<div class="epages">{f"""<a href="/ow/index_{number + 1}.html">下一页</a>""" if number < pages else ""}</div>',
)  # fmt: skip


def test_links_onward_alone_end_with_a_shorter_page() -> None:
    assert walked(site(ONWARD, 11), entry(ONWARD)).end == ("complete", "last-page")
    full = walked(site(ONWARD, 12), entry(ONWARD))
    assert (full.end, len(full.titles)) == (("incomplete", "unknown-pager"), 12)  # as long as the others: it may have lost its link
    pages = site(ONWARD, 20)
    pages[ONWARD.address(3, PAGES)] = list_page(ONWARD, ROWS[8:12], "")
    assert walked(pages, entry(ONWARD)).end == ("incomplete", "unknown-pager")


@pytest.mark.parametrize(
    ("url", "step", "after"),
    [
        ("http://a.example/z/index_2.html", 1, "http://a.example/z/index_3.html"),
        ("http://a.example/z/00000009.shtml", 1, "http://a.example/z/00000010.shtml"),
        ("http://a.example/z/zfwj/2.htm", -1, "http://a.example/z/zfwj/1.htm"),
        ("http://a.example/z/zfwj/1.htm", -1, None),
        ("http://a.example/list.aspx?lmid=7&page=2&x=1", 1, "http://a.example/list.aspx?lmid=7&page=3&x=1"),
        ("http://a.example/z/index.html", 1, None),
        ("http://a.example/list.aspx?lmid=7", 1, None),
    ],
)
def test_the_page_after_by_its_number(url: str, step: int, after: str | None) -> None:
    assert by_number(url, step) == after
