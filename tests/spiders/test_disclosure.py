"""Whole crawls of small sites: what is found, what is asked for, and what is never concluded."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from crawler.archive import ArchiveReader, ArchiveWriter
from data.records import ColumnKind, CrawlState, EmptyBecause, WalkState
from tests.support.pages import article, crumbs, listing, nav, page, rows, titles
from tests.support.sites import Answer, Asked, Crawls, Page, moment, served

ENTRIES = titles(3)
HOME = page("示例区人民政府", nav([("/zwgk/", "政务公开"), ("/zwgk/zcwj/", "政策文件"), ("/zwgk/zcjd/", "政策解读")]))
PAGES: dict[str, Page] = {
    "/": HOME,
    "/zwgk/": page("政务公开_示例区人民政府", nav([("/zwgk/zcwj/", "政策文件"), ("/zwgk/zcjd/", "政策解读")]) + "<h1>政务公开</h1>"),
    "/zwgk/zcwj/": listing("政策文件", ENTRIES, url="/zwgk/zcwj/"),
    "/zwgk/zcjd/": page("政策解读", '<h2>政策解读</h2><div class="list"><p>暂无信息</p></div>'),
    **{url: article(title, day) for url, title, day in ENTRIES},
}


def changed(**pages: Page) -> dict[str, Page]:
    return {**PAGES, **{path.replace("__", "/"): content for path, content in pages.items()}}


def documents_asked(asked: list[str]) -> list[str]:
    return sorted(target for target in asked if "/t0" in target)


# --- a whole site ---------------------------------------------------------------------------------


def test_a_site_is_found_read_and_walked(crawl: Crawls) -> None:
    with served(PAGES) as site:
        one = crawl(site.base + "/")
        assert one.errors == {}
        assert one.crawl.state is CrawlState.COMPLETE, one.crawl
        assert one.columns()["政策文件"] == "zcwj"
        (walk,) = one.column("政策文件").walks
        assert (walk.state, walk.reason, walk.entries, walk.newest_on.isoformat() if walk.newest_on else None) == (
            WalkState.COMPLETE, "no-pager", 3, "2026-11-19",
        )  # fmt: skip
        (empty,) = one.column("政策解读").walks
        assert (empty.state, empty.empty, empty.empty_text) == (WalkState.COMPLETE, EmptyBecause.PLACEHOLDER, "暂无信息")
        found = one.documents()
        assert set(found) == {title for _, title, _ in ENTRIES}
        assert all(document.columns[:1] == ("zcwj",) for document in found.values())
        (home,) = one.view.homes
        assert home.readable
        assert [probe.ok for probe in one.view.probes] == [True]
        assert len(site.targets) == len(set(site.targets)), "nothing is asked for twice"
        assert site.asked[0].target == "/robots.txt"


def test_the_next_day_asks_for_what_is_due_and_sees_what_changed(crawl: Crawls) -> None:
    old = titles(3, month="2026-01")
    pages = changed(**{"__zwgk__zcwj__": listing("政策文件", old), **{url: article(title, day) for url, title, day in old}})
    with served(pages) as site:
        crawl(site.base + "/", "2026-11-20")
        site.asked.clear()
        new = titles(1, start=9)
        site.pages["/zwgk/zcwj/"] = listing("政策文件", new + old[:2])
        site.pages[new[0][0]] = article(new[0][1], new[0][2])
        one = crawl(site.base + "/", "2026-11-21")
        assert documents_asked(site.targets) == sorted([new[0][0], old[2][0]])  # what is new, and what left the list
        assert (len(one.documents()), len(one.view.listings)) == (4, 4)
        gone = next(row for row in one.view.listings if row.title == old[2][1])
        came = next(row for row in one.view.listings if row.title == new[0][1])
        assert (gone.last_seen, came.first_seen, came.absent_at) == (one.now - timedelta(days=1), one.now, one.now - timedelta(days=1))
        site.asked.clear()
        crawl(site.base + "/", "2026-12-18")
        assert set(documents_asked(site.targets)) >= {url for url, _, _ in old[:2]}  # within four weeks the old ones are read again


# --- walks ----------------------------------------------------------------------------------------


def paged(count: int, per_page: int = 5, *, declared: int | None = None, last: int | None = None) -> dict[str, Page]:
    """A list with TRS's createPageHTML(pages, current, 'index', 'html')."""
    entries = titles(count)
    pages = -(-count // per_page)
    made: dict[str, Page] = {}
    for number in range(last or pages):
        script = f"<script>createPageHTML({declared or pages}, {number}, 'index', 'html');</script>"
        name = "/zwgk/zcwj/" if number == 0 else f"/zwgk/zcwj/index_{number}.html"
        made[name] = listing("政策文件", entries[number * per_page : (number + 1) * per_page], below=f'<div class="page">{script}</div>')
    return {**PAGES, **made, **{url: article(title, day) for url, title, day in entries}}


def test_every_page_of_a_list_is_read(crawl: Crawls) -> None:
    with served(paged(12)) as site:
        one = crawl(site.base + "/")
        (walk,) = one.column("政策文件").walks
        assert (walk.state, walk.pages, walk.entries) == (WalkState.COMPLETE, 3, 12), walk
        assert len(one.documents()) == 12


def test_a_list_that_declares_more_pages_than_it_has_is_incomplete(crawl: Crawls) -> None:
    with served(paged(12, declared=5)) as site:
        one = crawl(site.base + "/")
        (walk,) = one.column("政策文件").walks
        assert (walk.state, walk.entries) == (WalkState.INCOMPLETE, 12), walk
        assert walk.reason == "http-404"


def test_a_pager_that_repeats_its_first_page_ends_incomplete(crawl: Crawls) -> None:
    pages = paged(12)
    pages["/zwgk/zcwj/index_1.html"] = pages["/zwgk/zcwj/"]
    with served(pages) as site:
        (walk,) = crawl(site.base + "/").column("政策文件").walks
        assert (walk.state, walk.reason, walk.entries) == (WalkState.INCOMPLETE, "page-repeated", 5)


def test_a_failing_page_in_the_middle_proves_nothing(crawl: Crawls) -> None:
    with served({**paged(12), "/zwgk/zcwj/index_1.html": Answer(b"", 403)}) as site:
        one = crawl(site.base + "/")
        (walk,) = one.column("政策文件").walks
        assert (walk.state, walk.reason, walk.entries) == (WalkState.INCOMPLETE, "blocked-forbidden", 5)
        assert one.crawl.state is CrawlState.INCOMPLETE


# --- what could not be seen -----------------------------------------------------------------------


FAULTS: dict[str, tuple[Answer, str]] = {
    "challenge": (Answer(b"<script>$_ts=window['$_ts'];$_ts.nsd=1;</script>", 412), "blocked-challenge"),
    "forbidden": (Answer(b"Forbidden", 403), "blocked-forbidden"),
    "maintenance": (Answer("<h1>系统升级维护中</h1>".encode()), "maintenance"),
    "gone": (Answer(b"", 404), "http-404"),
    "no-html": (Answer(b"%PDF-1.4 binary", 200, "application/pdf"), "no-html"),
}


@pytest.mark.parametrize(("answer", "reason"), FAULTS.values(), ids=FAULTS)
def test_an_unreadable_home_page_blocks_the_crawl(answer: Answer, reason: str, crawl: Crawls) -> None:
    with served({"/": answer}) as site:
        one = crawl(site.base + "/")
        assert (one.crawl.state, one.crawl.reason) == (CrawlState.BLOCKED, reason)
        (home,) = one.view.homes
        assert (home.readable, home.reason, home.links) == (False, reason, ())
        assert [probe.reason for probe in one.view.probes] == [reason]
        assert one.view.columns == ()


def test_a_site_that_refuses_connections(crawl: Crawls) -> None:
    with served({}) as site:
        base = site.base
    one = crawl(base + "/")
    assert one.crawl.state is CrawlState.BLOCKED
    assert one.crawl.reason in ("refused", "robots-not-established")


def test_a_blocked_column_is_neither_empty_nor_gone(crawl: Crawls) -> None:
    with served(changed(__zwgk__zcwj__=Answer(b"", 403))) as site:
        one = crawl(site.base + "/")
        column = one.column("政策文件")
        assert (column.reachable, column.fault, column.walks) == (None, "blocked-forbidden", ())
        assert one.crawl.state is CrawlState.INCOMPLETE


def test_a_missing_column_is_gone(crawl: Crawls) -> None:
    with served(changed(__zwgk__zcwj__=Answer(b"", 404))) as site:
        one = crawl(site.base + "/")
        column = one.column("政策文件")
        assert (column.reachable, column.fault) == (False, "http-404")
        assert one.crawl.state is CrawlState.COMPLETE  # a dead link was seen: that is an observation


def test_a_column_that_redirects_home_is_missing(crawl: Crawls) -> None:
    with served(changed(__zwgk__zcwj__=Answer(b"", 302, headers=(("Location", "/"),)))) as site:
        column = crawl(site.base + "/").column("政策文件")
        assert (column.reachable, column.fault) == (False, "soft-404")


def test_a_column_that_shows_the_home_page_was_not_seen(crawl: Crawls) -> None:
    with served(changed(__zwgk__zcwj__=HOME)) as site:
        column = crawl(site.base + "/").column("政策文件")
        assert (column.fault, column.walks) == ("substituted", ())


def test_a_guest_that_is_turned_away_three_times_leaves(crawl: Crawls) -> None:
    columns = [(f"/c{number}/", f"栏目{number}") for number in range(20)]
    with served({"/": page("示例区人民政府", nav(columns)), **{url: Answer(b"", 403) for url, _ in columns}}) as site:
        one = crawl(site.base + "/", crawl={"delay": 0, "concurrency": 1, "render": "never"})
        assert (one.crawl.state, one.crawl.reason) == (CrawlState.INCOMPLETE, "blocked-fence")  # the home page was let through
        assert len(site.targets) < 6


def test_another_s_site_under_the_address_is_not_judged(crawl: Crawls) -> None:
    home = page("某公司", nav([("/zwgk/zcwj/", "政策文件")]), head='<meta name="SiteIDCode" content="1100000001">')
    with served(changed(__=home)) as site:
        one = crawl(site.base + "/", site_code="9900000011")
        assert (one.crawl.state, one.crawl.reason) == (CrawlState.BLOCKED, "identity-mismatch")
        assert not one.view.homes[0].readable


# --- robots ---------------------------------------------------------------------------------------


ROBOTS: dict[str, tuple[Page, bool | str]] = {
    "free": (Answer(b"User-agent: *\nDisallow: /so/\n", content_type="text/plain"), True),
    "closed": (Answer(b"User-agent: *\nDisallow: /\n", content_type="text/plain"), "robots-disallowed"),
    "column-closed": (Answer(b"User-agent: *\nDisallow: /zwgk/zcwj/\n", content_type="text/plain"), "robots-disallowed"),
    "none": (Answer(b"", 404), True),
    "gone": (Answer(b"", 410), True),
    "home-page-instead": ("<html><body><p>User-agent: * Disallow: /</p></body></html>", True),
    "forbidden": (Answer(b"", 403), "robots-not-established"),
    "broken": (Answer(b"", 500), "robots-not-established"),
}


@pytest.mark.parametrize(("answer", "outcome"), ROBOTS.values(), ids=ROBOTS)
def test_robots(answer: Page, outcome: bool | str, crawl: Crawls) -> None:
    with served({**PAGES, "/robots.txt": answer}) as site:
        one = crawl(site.base + "/")
        read = {column.name: column for column in one.view.columns}.get("政策文件")
        if outcome is True:
            assert one.crawl.state is CrawlState.COMPLETE
            assert read is not None
            assert read.walks
            return
        assert read is None or (read.reachable, read.fault, read.walks) == (None, outcome, ())
        assert outcome in one.crawl.faults
        assert one.crawl.state is not CrawlState.COMPLETE
        assert "/zwgk/zcwj/" not in site.targets
        assert all(probe.ok for probe in one.view.probes), "robots.txt says nothing of whether the site opens"


def test_robots_may_be_set_aside_in_the_registry(crawl: Crawls) -> None:
    with served({**PAGES, "/robots.txt": Answer(b"User-agent: *\nDisallow: /\n")}) as site:
        one = crawl(site.base + "/", crawl={"delay": 0, "concurrency": 8, "render": "never", "obey_robots": False})
        assert one.crawl.state is CrawlState.COMPLETE


# --- limits and traps -----------------------------------------------------------------------------


def test_the_budget_of_pages(crawl: Crawls) -> None:
    with served(paged(40)) as site:
        one = crawl(site.base + "/", crawl={"delay": 0, "concurrency": 8, "render": "never", "max_pages": 8})
        assert (one.crawl.state, one.crawl.reason) == (CrawlState.INCOMPLETE, "cap-reached")
        assert len(site.targets) <= 10
        assert all(walk.state is WalkState.INCOMPLETE for walk in one.column("政策文件").walks)


@pytest.mark.slow
def test_a_calendar_without_end_is_left(crawl: Crawls) -> None:
    def calendar(asked: Asked) -> str:
        number = int(asked.target.rpartition("=")[2])
        return page(
            f"日历{number}",
            f"<div class='menu'><a href='/rl/?day={number + 1}'>后一天</a><a href='/rl/?day={number + 2}'>再后一天</a></div>",
        )

    home = HOME.replace("<ul>", "<ul><li><a href='/rl/?day=0'>日历</a></li>", 1)
    with served({**changed(__=home), "/rl/": calendar}) as site:
        one = crawl(site.base + "/")
        assert sum("/rl/" in target for target in site.targets) <= 50
        assert one.column("政策文件").walks


def test_addresses_alike_are_asked_for_as_long_as_they_lead_to_something(crawl: Crawls) -> None:
    """Sections by number without a name of the catalogue are all read; what only sorts the rows anew is left soon."""
    numbers = range(1, 46)
    sections = {
        f"/section?id={number}": listing(f"片区{number}", titles(2, start=10 * number, folder=f"/s{number}/")) for number in numbers
    }
    again = {
        f"/section?by={number}": listing("政策文件", ENTRIES, below=nav([(f"/section?by={number + 1}", f"排列{number + 1}")]))
        for number in numbers
    }
    home = HOME.replace("<ul>", "<ul>" + "".join(f"<li><a href='{url}'>片区{n}</a></li>" for n, url in enumerate(sections, 1)), 1)
    home = home.replace("<ul>", "<ul><li><a href='/section?by=1'>按日期排列</a></li>", 1)
    with served({**changed(__=home), **sections, **again}) as site:
        crawl(site.base + "/")
        assert sum("/section?id=" in target for target in site.targets) == 45
        assert sum("/section?by=" in target for target in site.targets) <= 35


def test_files_logins_and_strangers_are_not_fetched(crawl: Crawls) -> None:
    links = [
        ("/a.pdf", "文件下载"),
        ("/sso/login.jsp", "登录"),
        ("http://127.0.0.2:1/zwgk/", "邻区"),
        ("javascript:void(0)", "脚本"),
        ("/zwgk/", "政务公开"),
    ]
    with served(changed(__=page("示例区人民政府", nav(links)))) as site:
        one = crawl(site.base + "/")
        assert "/sso/login.jsp" not in site.targets
        assert {asked.method for asked in site.asked if asked.target == "/a.pdf" and "range" not in asked.headers} == {"HEAD"}  # tried
        assert one.crawl.faults == {}


def test_broken_addresses_do_not_break_the_crawl(crawl: Crawls) -> None:
    links = [
        ("http://[::1/", "坏一"),
        ("http://a.example:port/", "坏二"),
        ("http://a.example:99999/", "坏三"),
        ("http://", "坏四"),
        ("/zwgk/", "政务公开"),
    ]
    with served(changed(__=page("示例区人民政府", nav(links)))) as site:
        one = crawl(site.base + "/")
        assert (one.errors, one.crawl.state) == ({}, CrawlState.COMPLETE)
        assert one.column("政策文件").walks


@pytest.mark.parametrize("body", [b"", b"\x00" * 500, b"<", b"<html><body>" + b"<div>" * 3000, b"\xff\xfe<html>", b"<!-- "])
def test_any_bytes_of_a_column_leave_the_others_read(body: bytes, crawl: Crawls) -> None:
    with served(changed(__zwgk__zcjd__=body)) as site:
        one = crawl(site.base + "/")
        assert one.errors == {}
        assert one.column("政策文件").walks[0].entries == 3


# --- what the registry says -----------------------------------------------------------------------


def test_columns_named_in_the_registry_are_read_though_nothing_links_to_them(crawl: Crawls) -> None:
    hidden = listing("文件一览", ENTRIES)
    with served({**PAGES, "/": page("示例区人民政府", "<h1>欢迎</h1>"), "/hidden/": hidden}) as site:
        one = crawl(site.base + "/", columns={"zcwj": site.base + "/hidden/"})
        (column,) = [column for column in one.view.columns if column.canonical == "zcwj"]
        assert (column.match, column.walks[0].entries) == ("registry", 3)
        assert len(one.documents()) == 3


def test_an_upper_site_is_read_in_its_columns_only(crawl: Crawls) -> None:
    with served(PAGES) as site:
        one = crawl(site.base + "/", role="upstream", profile=None, level="city", must_repost={"columns": [site.base + "/zwgk/zcwj/"]})
        assert "/zwgk/zcjd/" not in site.targets
        assert len(one.documents()) == 3
        assert one.crawl.state is CrawlState.COMPLETE


def test_a_unit_on_its_portal_s_host_stays_in_its_folder(crawl: Crawls) -> None:
    with served({**PAGES, "/zwgk/xzgk/town/": page("示例镇", nav([("/zwgk/zcwj/", "政策文件"), ("/zwgk/xzgk/town/tzgg/", "通知公告")])),
                 "/zwgk/xzgk/town/tzgg/": listing("通知公告", titles(2, folder="/zwgk/xzgk/town/tzgg/"))}) as site:  # fmt: skip
        portal = {"id": "portal", "name": "区", "profile": "district-portal", "home": site.base + "/"}
        one = crawl(site.base + "/zwgk/xzgk/town/", others=(portal,), profile="town", parent="portal")
        assert "/zwgk/zcwj/" not in site.targets
        column = one.column("通知公告")
        assert (column.hosted_by, column.walks[0].entries) == ("portal", 2)


def test_the_way_back_to_a_unit_s_home_page_is_no_column(crawl: Crawls) -> None:
    home = "/zwgk/xzgk/town/"
    news = [(f"{home}dt/t{number}.html", f"示例镇开展第{number}次走访", f"2026-11-{10 + number}") for number in range(1, 7)]
    notices = page(
        "通知公告",
        crumbs(("/", "首页"), (home, "示例镇"), (home + "tzgg/", "通知公告")) + "<h2>通知公告</h2>" + rows(titles(3, folder=home)),
    )
    with served({**PAGES, home: page("示例镇", nav([(home + "tzgg/", "通知公告")]) + rows(news)), home + "tzgg/": notices}) as site:
        portal = {"id": "portal", "name": "区", "profile": "district-portal", "home": site.base + "/"}
        one = crawl(site.base + home, others=(portal,), profile="town", parent="portal")
        assert [column.name for column in one.view.columns] == ["通知公告"]
        assert site.targets.count(home) == 1


def test_a_paper_that_a_text_leads_to_is_no_column(crawl: Crawls) -> None:
    paper, told = "/zwgk/zcwj/202611/t0001.html", "/zwgk/zcjd/202611/t0009.html"
    text = article(*ENTRIES[0][1:], extra=f'<p><a href="{told}">【一图读懂】</a></p>')
    with served(changed(**{"/": HOME + rows(ENTRIES), paper: text, told: article("【一图读懂】示例办法", "2026-11-19")})) as site:
        one = crawl(site.base + "/")
        assert told not in {column.url.removeprefix(site.base) for column in one.view.columns}
        assert "【一图读懂】示例办法" in one.documents()


FIRST = ENTRIES[0][0]
PAGER = '<div class="fy"><span>1</span> <a href="{0}">2</a> <a href="{0}">下一页</a></div>'.format(FIRST.replace(".html", "_2.html"))
SECOND = (
    "<p>二、保障措施。各单位要加强组织领导，按时完成各项任务。</p><p>示例区人民政府办公室</p><p>2026年11月18日</p><p>（此件公开发布）</p>"
)
OVER = '<p>附：<a href="/zwgk/zcjd/202611/t0009.html">【一图读懂】</a></p>'


def test_a_text_that_stands_on_several_pages_is_read_whole(crawl: Crawls) -> None:
    second = FIRST.replace(".html", "_2.html")
    pages = {FIRST: article(*ENTRIES[0][1:], extra=PAGER), second: article(*ENTRIES[0][1:], body=SECOND + OVER)}
    with served(changed(**pages)) as site:
        one = crawl(site.base + "/")
        document = one.documents()[ENTRIES[0][1]]
        assert "现将有关事项通知如下" in document.reading.body
        assert "二、保障措施" in document.reading.body
        assert (document.reading.made_on, document.reading.openness) == (date(2026, 11, 18), "公开发布")
        assert [link.relation for link in document.reading.related] == ["interpretation"]
        assert second not in {found.url.removeprefix(site.base) for found in one.view.documents}


@pytest.mark.parametrize(("answer", "read"), [(Answer(b"", 404), True), (Answer(b"", 503), False)])
def test_a_part_that_is_gone_is_none_and_one_that_was_not_seen_leaves_the_text_unread(answer: Answer, read: bool, crawl: Crawls) -> None:
    pages: dict[str, Page] = {FIRST: article(*ENTRIES[0][1:], extra=PAGER), FIRST.replace(".html", "_2.html"): answer}
    with served(changed(**pages)) as site:
        one = crawl(site.base + "/")
        assert (ENTRIES[0][1] in one.documents()) is read


def test_a_part_of_a_unit_s_column_that_the_portal_keeps_leads_out(crawl: Crawls) -> None:
    home = "/zwgk/xzgk/town/"
    disclosure = page(
        "政府信息公开",
        '<ul class="left"><li><a href="/gkzn/town.html">公开指南</a></li><li><a href="/zwgk/">通知公告</a></li></ul>'
        + rows(titles(3, folder=home)),
    )
    with served({**PAGES, home: page("示例镇", nav([(home + "zfxxgk/", "政府信息公开")])), home + "zfxxgk/": disclosure}) as site:
        portal = {"id": "portal", "name": "区", "profile": "district-portal", "home": site.base + "/"}
        one = crawl(site.base + home, others=(portal,), profile="town", parent="portal")
        guide = one.column("公开指南")
        assert (guide.canonical, guide.kind, guide.hosted_by) == ("zfxxgkzn", ColumnKind.LINK_OUT, "portal")
        assert "/gkzn/town.html" not in site.targets
        assert not [column for column in one.view.columns if column.name == "通知公告"]  # the portal's own is no part of it


def test_the_portal_does_not_walk_into_a_unit_s_folder_and_hosts_itself(crawl: Crawls) -> None:
    home = page("示例区人民政府", nav([("/zwgk/zcwj/", "政策文件"), ("/zwgk/xzgk/town/", "示例镇")]))
    with served(changed(__=home, __zwgk__xzgk__town__=page("示例镇", "x"))) as site:
        town = {"id": "town", "name": "镇", "profile": "town", "home": site.base + "/zwgk/xzgk/town/", "parent": "unit"}
        one = crawl(site.base + "/", others=(town,))
        assert "/zwgk/xzgk/town/" not in site.targets
        assert one.column("政策文件").hosted_by is None


def test_one_list_under_two_addresses_is_one_column(crawl: Crawls) -> None:
    home = page("示例区人民政府", nav([("/zwgk/zcwj/", "政策文件"), ("/col/col99/", "文件库")]))
    with served({**PAGES, "/": home, "/col/col99/": PAGES["/zwgk/zcwj/"]}) as site:
        one = crawl(site.base + "/")
        assert len([column for column in one.view.columns if column.walks and column.walks[0].entries]) == 1


def test_an_index_page_names_its_lists(crawl: Crawls) -> None:
    index = page(
        "政务公开",
        "<h1>政务公开</h1>"
        + "".join(
            f'<div class="box"><h3><a href="{url}">{name}</a><a class="more" href="{url}">更多</a></h3>{rows(titles(3, folder=url))}</div>'
            for url, name in (("/zwgk/zcwj/", "政策文件"), ("/zwgk/tzgg/", "通知公告"))
        ),
    )
    notices = titles(3, folder="/zwgk/tzgg/")
    pages = changed(__=page("示例区人民政府", nav([("/zwgk/", "政务公开")])), __zwgk__=index, __zwgk__tzgg__=listing("通知公告", notices))
    with served({**pages, **{url: article(title, day) for url, title, day in notices}}) as site:
        one = crawl(site.base + "/")
        assert {name: one.columns().get(name) for name in ("政策文件", "通知公告")} == {"政策文件": "zcwj", "通知公告": "tzgg"}


# --- replay ---------------------------------------------------------------------------------------


def test_a_replay_sees_what_the_crawl_saw_and_asks_nobody(crawl: Crawls, tmp_path_factory: pytest.TempPathFactory) -> None:
    with served(paged(12)) as site:
        live = crawl(site.base + "/")
        base = site.base
    again = Crawls(tmp_path_factory.mktemp("replay"))
    (archive,) = crawl.archives
    replayed = again(base + "/", replay=ArchiveReader(archive))
    assert replayed.errors == {}
    assert replayed.crawl.state is CrawlState.COMPLETE, replayed.crawl
    assert {title: document.reading for title, document in replayed.documents().items()} == {
        title: document.reading for title, document in live.documents().items()
    }
    assert {column.url: [walk.entries for walk in column.walks] for column in replayed.view.columns} == {
        column.url: [walk.entries for walk in column.walks] for column in live.view.columns
    }
    assert replayed.view.probes == ()  # a replay says nothing of whether the site opens
    again.close()


def test_what_the_archive_lacks_was_not_observed(crawl: Crawls, tmp_path_factory: pytest.TempPathFactory) -> None:
    home = "http://www.example.gov.cn/"
    path = tmp_path_factory.mktemp("archive") / "a.warc.gz"
    writer = ArchiveWriter(path)
    for url in ("/", "/zwgk/", ENTRIES[0][0]):
        content = PAGES[url]
        assert isinstance(content, str)
        writer.write(home + url[1:], moment("2026-11-21"), 200, [("Content-Type", "text/html")], content.encode())
    writer.close()
    one = crawl(home, replay=ArchiveReader(path))
    assert one.errors == {}
    column = one.column("政策文件")
    assert (column.reachable, column.fault, column.walks) == (None, "not-archived", ())
    assert (one.crawl.state, one.crawl.reason) == (CrawlState.INCOMPLETE, "not-archived")
    assert len(one.documents()) == 1  # found though no list led to it


def test_a_list_too_large_to_be_read_whole_proves_nothing(crawl: Crawls) -> None:
    many = [(f"/zwgk/zcwj/t{number}.html", f"关于示例事项第{number}号的通知", "2026-11-13") for number in range(5500)]
    pages = {
        "/": page("示例区人民政府", nav([("/zwgk/zcwj/", "政策文件")])),
        "/zwgk/zcwj/": page("政策文件", "<h2>政策文件</h2>" + rows(many)),
    }
    with served(pages) as site:
        one = crawl(site.base + "/", crawl={"delay": 0, "concurrency": 8, "render": "never", "max_pages": 3})
        (walk,) = one.column("政策文件").walks
        assert (walk.state, walk.reason, walk.entries) == (WalkState.INCOMPLETE, "too-large", 5000)


# --- ways on ----------------------------------------------------------------------------------------


def test_pages_of_one_address_are_all_read_where_lists_name_them(crawl: Crawls, monkeypatch: pytest.MonkeyPatch) -> None:
    """/index.php?m=…&id=N is every page of some systems: what bounds a calendar bounds no list."""
    monkeypatch.setattr("spiders.asking._SAME_PATH", 4)
    entries = [
        (f"/index.php?a=show&id={number}", f"示例区人民政府办公室关于第{number}号事项的通知", "2026-11-03") for number in range(1, 13)
    ]
    articles = {url: article(title, day) for url, title, day in entries}
    with served({**changed(__zwgk__zcwj__=listing("政策文件", entries, url="/zwgk/zcwj/")), **articles}) as site:
        one = crawl(site.base + "/")
        assert one.crawl.state is CrawlState.COMPLETE
        assert len(one.documents()) == 12


def test_columns_of_one_address_are_all_read(crawl: Crawls, monkeypatch: pytest.MonkeyPatch) -> None:
    """/public/column/1681?catId=N is every column of some systems; what is cut off of them leaves the crawl incomplete."""
    names = ("政策文件", "政策解读", "规划计划", "通知公告", "人事任免", "行政许可", "应急管理", "统计信息")
    columns = [(f"/column?cat={number}", name) for number, name in enumerate(names)]
    pages = {
        url: listing(name, titles(2, start=10 * number, folder=f"/c{number}/"), url=url) for number, (url, name) in enumerate(columns, 1)
    }
    monkeypatch.setattr("spiders.asking._SAME_PATH", 4)
    with served({"/": page("示例区人民政府", nav(columns)), **pages}) as site:
        one = crawl(site.base + "/")
        assert len([column for column in one.view.columns if column.walks]) == len(names)
        monkeypatch.setattr("spiders.asking._NAMED_PATH", 4)
        one = crawl(site.base + "/", "2026-11-22")
        assert (one.crawl.state, one.crawl.reason) == (CrawlState.INCOMPLETE, "cap-reached")


def test_addresses_that_bear_a_visit_s_mark_are_one(crawl: Crawls) -> None:
    visits = iter(range(1000, 9000))

    def marked(name: str, target: str) -> Page:
        return lambda _asked: page(name, nav([(f"{target};jsessionid={next(visits):X}?id=1", "政策文件")]) + f"<h1>{name}</h1>")

    def column(_asked: Asked) -> str:
        return listing("政策文件", [(f"{url};jsessionid={next(visits):X}", title, day) for url, title, day in ENTRIES])

    with served({**PAGES, "/": marked("示例区人民政府", "/list.jsp"), "/list.jsp?id=1": column}) as site:
        one = crawl(site.base + "/")
        assert one.column("政策文件").url == site.base + "/list.jsp?id=1"
        assert len(one.documents()) == 3
        assert all("jsessionid" not in target for target in site.targets)


def test_an_arrow_beside_a_box_leads_to_its_column(crawl: Crawls) -> None:
    box = f'<div class="blk"><h2>政策文件</h2><ul>{"".join(f"<li>{title}</li>" for _, title, _ in ENTRIES)}</ul><a class="more" href="/zwgk/zcwj/">&gt;&gt;</a></div>'
    with served({**PAGES, "/": page("示例区人民政府", nav([("/zwgk/zcjd/", "政策解读")]) + box)}) as site:
        assert crawl(site.base + "/").column("政策文件").walks[0].entries == 3


def test_a_list_in_a_frame_is_that_of_the_column_around_it(crawl: Crawls) -> None:
    framing = page("政策文件", crumbs(("/", "首页"), ("/zwgk/zcwj/", "政策文件")) + '<iframe src="/frame/7/" width="700"></iframe>')
    with served({**changed(__zwgk__zcwj__=framing), "/frame/7/": f"<html><body>{rows(ENTRIES)}</body></html>"}) as site:
        one = crawl(site.base + "/")
        (column,) = [column for column in one.view.columns if column.name == "政策文件"]
        assert (column.url, column.canonical, column.walks[0].entries) == (f"{site.base}/zwgk/zcwj/", "zcwj", 3)


def test_a_platform_that_the_registry_names_is_explored(crawl: Crawls) -> None:
    with (
        served(PAGES) as platform,
        served({"/": page("示例区人民政府", nav([("/about/", "关于我们")])), "/about/": article("关于", "2026-11-01")}) as site,
    ):
        one = crawl(site.base + "/", columns={"zfxxgk": platform.base + "/"})
        assert one.column("政策文件").walks[0].entries == 3
        assert one.crawl.state is CrawlState.COMPLETE


def test_a_home_page_without_ways_on_is_none(crawl: Crawls) -> None:
    with served({"/": page("欢迎", "<h1>示例区</h1><p>本页由服务商提供。</p>")}) as site:
        one = crawl(site.base + "/")
        assert (one.crawl.state, one.crawl.reason) == (CrawlState.BLOCKED, "no-ways-on")
        assert not one.view.homes[0].readable


def test_a_notice_in_the_site_s_place_is_not_the_site(crawl: Crawls) -> None:
    notice = page("网站未备案", "<h1>该网站暂时无法访问</h1><p>您访问的网站未完成ICP备案或备案信息已失效，请联系接入商处理。</p>")
    with served({"/": Answer(b"", 302, headers=(("Location", "/beian.html"),)), "/beian.html": notice}) as site:
        one = crawl(site.base + "/")
        assert (one.crawl.state, one.crawl.reason) == (CrawlState.BLOCKED, "suspended")


def test_one_list_in_two_orders_is_one_column(crawl: Crawls) -> None:
    orders = '<div class="menu"><a href="?o=asc">时间升序</a><a href="?o=desc">时间降序</a></div>'
    pages = {f"/zwgk/zcwj/{query}": listing("政策文件", entries, url="/zwgk/zcwj/", below=orders)
             for query, entries in (("", ENTRIES), ("?o=desc", ENTRIES), ("?o=asc", ENTRIES[::-1]))}  # fmt: skip
    with served({**PAGES, **pages}) as site:
        found = [column.url for column in crawl(site.base + "/").view.columns if column.canonical == "zcwj"]
        assert found == [site.base + "/zwgk/zcwj/"]


def test_a_list_that_counts_rows_and_shows_none_is_not_empty(crawl: Crawls) -> None:
    def empty(said: str) -> str:
        return page("栏目", f'<h2>栏目</h2><div class="list"><ul class="news"></ul></div><div class="page">{said}</div>')

    pages = {**PAGES, "/zwgk/zcjd/": empty("共12条 第1/1页"), "/tzgg/": empty("共0条 第1/0页")}
    pages["/"] = page("示例区人民政府", nav([("/zwgk/zcwj/", "政策文件"), ("/zwgk/zcjd/", "政策解读"), ("/tzgg/", "通知公告")]))
    with served(pages) as site:
        found = {column.canonical: column.walks[0] for column in crawl(site.base + "/").view.columns if column.walks}
        assert (found["zcjd"].state, found["zcjd"].reason) == (WalkState.INCOMPLETE, "declared-more-than-read")
        assert (found["tzgg"].state, found["tzgg"].reason) == (WalkState.COMPLETE, "declared-zero")


@pytest.mark.parametrize(
    ("taken", "path", "menu"),
    [
        ('<script src="/js/header.js"></script>', "/js/header.js", 'document.write("<ul class=\\"nav\\"><li><a href=\\"/zwgk/zcwj/\\">政策文件</a></li></ul>");'),
        ("<script>$('#nav').load('/common/nav.html');</script>", "/common/nav.html", nav([("/zwgk/zcwj/", "政策文件")])),
        ('<object type="text/html" data="/inc/top.html"></object>', "/inc/top.html", nav([("/zwgk/zcwj/", "政策文件")])),
    ],
)  # fmt: skip
def test_a_menu_that_the_home_page_takes_from_elsewhere(taken: str, path: str, menu: str, crawl: Crawls) -> None:
    home = page(
        "示例区人民政府", f'<div id="nav"></div>{taken}<script src="/js/jquery.min.js"></script><p><a href="/zwgk/zcjd/">政策解读</a></p>'
    )
    kind = "application/javascript" if path.endswith(".js") else "text/html"
    with served({**PAGES, "/": home, path: Answer(menu.encode(), content_type=kind)}) as site:
        one = crawl(site.base + "/")
        assert one.column("政策文件").walks[0].entries == 3
        assert one.crawl.state is CrawlState.COMPLETE
        assert "/js/jquery.min.js" not in site.targets


def test_a_script_that_is_gone_is_no_dead_link(crawl: Crawls) -> None:
    home = HOME.replace("</body>", '<script src="/js/nav.js"></script></body>')
    with served(changed(__=home)) as site:
        one = crawl(site.base + "/")
        assert one.crawl.state is CrawlState.COMPLETE
        assert [target.url for target in one.view.links if target.url.endswith(".js")] == []
