"""Pages that scripts fill, in a real browser: what they ask for is asked by us, as a guest asks."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from crawler.browser import SharedBrowserProvider
from crawler.run import crawl_sites
from data.config import RunConfig
from data.database import Database
from data.reading import last_crawls
from data.records import CrawlState, WalkState
from data.registry import Registry
from tests.support.pages import article, crumbs, nav, page, titles
from tests.support.sites import Answer, Asked, Crawled, Crawls, Page, moment, served

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LIST, NOTICES = "/zwgk/zcwj/", "/zwgk/tzgg/"
ENTRIES = titles(4)
ROWS = Answer(json.dumps([{"u": url, "t": title, "d": day} for url, title, day in ENTRIES]).encode(), content_type="application/json")
SCRIPT = "application/javascript"
# The rows come by a request whose address only running code knows: no reader of markup can make it.
FILL = """
var part = ['da', 'ta'].join('');
function fill(items) {
  document.getElementById('list').innerHTML = items.map(function (i) {
    return '<li><a href="' + i.u + '">' + i.t + '</a><span>' + i.d + '</span></li>'; }).join('');
}
var x = new XMLHttpRequest();
x.open('GET', '/' + part + '/' + location.pathname.split('/')[2]);
x.onload = function () { if (x.status === 200) { fill(JSON.parse(x.responseText)); } };
x.send();
"""
Show = Callable[..., Crawled]


def by_script(name: str, extra: str = "") -> str:
    return page(name, crumbs(("/", "首页"), (LIST, name)) + f'<h2>{name}</h2>{extra}<ul id="list"></ul><script src="/fill.js"></script>')


PAGES: dict[str, Page] = {
    "/": page("示例区人民政府", nav([(LIST, "政策文件"), (NOTICES, "通知公告")]) + "<p>示例区人民政府门户网站</p>" * 20),
    LIST: by_script("政策文件"),
    NOTICES: by_script("通知公告"),
    "/fill.js": Answer(FILL.encode(), content_type=SCRIPT),
    "/data/zcwj": ROWS,
    "/data/tzgg": Answer(b"[]", content_type="application/json"),
    **{url: article(title, day) for url, title, day in ENTRIES},
}


@pytest.fixture
def show(crawl: Crawls, browser_path: Path, monkeypatch: pytest.MonkeyPatch) -> Show:
    def run(home: str, **rules: object) -> Crawled:
        return crawl(home, crawl={"delay": 0, "concurrency": 1, "render": "auto", **rules})

    monkeypatch.setenv("GONGKAI_BROWSER", str(browser_path))
    return run


def end(one: Crawled, name: str) -> tuple[WalkState, str]:
    walk = one.column(name).walks[-1]
    return walk.state, walk.reason


def test_rows_that_running_code_asks_for_are_read(show: Show) -> None:
    with served(PAGES) as site:
        one = show(site.base + "/")
        assert set(one.documents()) == {title for _, title, _ in ENTRIES}
        assert end(one, "政策文件") == (WalkState.COMPLETE, "no-pager")
        assert end(one, "通知公告") == (WalkState.COMPLETE, "sibling-template")  # a reader sees it empty as well
        assert one.crawl.state is CrawlState.COMPLETE
        assert len(site.targets) == len(set(site.targets))  # the pages themselves, and the script that they share, once
        said = {asked.headers["user-agent"] for asked in site.asked}
        assert said == {"gongkai/0.1 (disclosure compliance monitor)"}
        assert not [asked for asked in site.asked if "sec-ch-ua" in asked.headers]


def test_a_page_that_says_there_is_nothing_until_its_script_has_run_is_not_empty(show: Show) -> None:
    pages: dict[str, Page] = {
        LIST: page(
            "政策文件", crumbs(("/", "首页"), (LIST, "政策文件")) + '<ul id="list"><li>暂无数据</li></ul><script src="/fill.js"></script>'
        )
    }
    with served({**PAGES, **pages}) as site:
        one = show(site.base + "/")
        assert len(one.documents()) == len(ENTRIES)


@pytest.mark.parametrize(
    ("answer", "rules"),
    [
        (Answer(b"", 500), {}),
        (Answer(b"", 403), {}),
        (Answer(b"", 302, headers=(("Location", "/data/zcwj"),)), {}),  # for ever
        (Answer(b"", 404), {}),
        (ROWS, {"obey_robots": True}),
        (ROWS, {"daily_budget": 4}),
    ],
    ids=["error", "refused", "in-circles", "gone", "robots", "budget"],
)
def test_a_list_whose_rows_could_not_be_had_proves_nothing(answer: Answer, rules: dict[str, object], show: Show) -> None:
    pages: dict[str, Page] = {"/data/zcwj": answer, "/data/tzgg": ROWS, "/robots.txt": "User-agent: *\nDisallow: /data/zcwj"}
    with served({**PAGES, **pages}) as site:
        one = show(site.base + "/", **{"obey_robots": False, **rules})
        assert end(one, "政策文件") == (WalkState.INCOMPLETE, "render-partial")
        assert "/data/zcwj" in site.targets or rules


def test_what_a_page_must_not_lead_to_is_not_asked(show: Show) -> None:
    """Neither by a script's request nor by where that is redirected; the network behind the watched site is none of its pages'."""
    with served({}, host="127.0.0.2") as inner:
        lead = Answer(b"", 302, headers=(("Location", f"{inner.base}/admin"),))
        calls = f"fetch('{inner.base}/status');fetch('/lead');navigator.sendBeacon('/seen');new WebSocket('{inner.base.replace('http', 'ws')}/s');"
        pages: dict[str, Page] = {
            LIST: by_script(
                "政策文件",
                f'<img src="/p.png"><script src="/js/counter.js?id=7"></script><iframe src="{inner.base}/f"></iframe><script>{calls}</script>',
            )
        }
        with served({**PAGES, **pages, "/lead": lead}) as site:
            one = show(site.base + "/")
            assert inner.asked == []
            assert "/lead" in site.targets
            assert not {"/p.png", "/seen", "/js/counter.js?id=7"} & set(site.targets)
            assert len(one.documents()) == len(ENTRIES)  # its rows are there
            assert end(one, "政策文件") == (WalkState.INCOMPLETE, "render-partial")  # and may not be all


def test_cookies_of_the_crawl_and_of_the_page_go_with_what_it_asks_for(show: Show) -> None:
    seen: list[str] = []

    def data(asked: Asked) -> Answer:
        seen.append(asked.headers.get("cookie", ""))
        return ROWS

    given = Answer(str(PAGES["/"]).encode(), headers=(("Set-Cookie", "session=7; Path=/"),))
    pages: dict[str, Page] = {
        "/": given,
        LIST: by_script("政策文件", "<script>document.cookie='own=1;path=/'</script>"),
        "/data/zcwj": data,
    }
    with served({**PAGES, **pages}) as site:
        show(site.base + "/")
        assert [set(cookies.split("; ")) for cookies in seen] == [{"session=7", "own=1"}]


def test_a_script_without_end_costs_its_page_and_no_more(show: Show, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crawler.context.SHOWN_WITHIN", 1500)
    pages: dict[str, Page] = {NOTICES: by_script("通知公告", "<script>while (true) {}</script>")}
    with served({**PAGES, **pages}) as site:
        one = show(site.base + "/")
        assert len(one.documents()) == len(ENTRIES)
        assert end(one, "通知公告") == (WalkState.INCOMPLETE, "render-partial")
        assert "render-failed" in one.crawl.faults


ROUTER = """
var names = {zcwj: '政策文件', tzgg: '通知公告'};
function link(path, text) { return '<li><a href="' + FRONT + '/list/' + path + '">' + text + '</a></li>'; }
function row(i) {
  var to = i.u.replace('/zwgk', FRONT + '/detail').replace('.html', '');
  return '<li><a href="' + to + '" title="' + i.t + '">' + i.t + '</a><span>' + i.d + '</span></li>';
}
function frame(inside) {
  var menu = Object.keys(names).map(function (path) { return link(path, names[path]); }).join('');
  document.getElementById('app').innerHTML =
    '<div class="nav"><ul><li><a href="' + FRONT + '/">首页</a></li>' + menu + '</ul></div>' + inside;
}
function crumb(name) { return '<div class="position">当前位置：<a href="' + FRONT + '/">首页</a> &gt; ' + name + '</div>'; }
var route = (FRONT === '#' ? location.hash : location.pathname).split('/');
if (route[1] === 'list') {
  fetch('/' + 'da' + 'ta/' + route[2]).then(function (r) { return r.json(); }).then(function (items) {
    document.title = names[route[2]];
    frame(crumb(names[route[2]]) + '<h2>' + names[route[2]] + '</h2><ul class="list">' + items.map(row).join('') + '</ul>');
  });
} else if (route[1] === 'detail') {
  fetch('/' + 'da' + 'ta/zcwj').then(function (r) { return r.json(); }).then(function (items) {
    var i = items.filter(function (one) { return one.u.indexOf(route[route.length - 1]) > 0; })[0];
    document.title = i.t;
    frame(crumb('政策文件') + '<div class="article"><h1>' + i.t + '</h1><div class="info">发布日期：' + i.d + ' 来源：示例区人民政府办公室</div>'
      + '<div class="content"><p>各镇人民政府、街道办事处，区政府各部门：</p>'
      + Array(7).join('<p>现将有关事项通知如下，请结合实际认真贯彻执行。</p>') + '</div></div>');
  });
} else {
  frame('<p>示例区人民政府门户网站，发布政府信息，提供办事服务，与公众互动交流。</p>');
}
"""
SHELL = (
    '<!DOCTYPE html><html><head><meta charset="utf-8"><title>示例区人民政府</title></head>'
    '<body><div id="app"></div><script src="/app.js"></script></body></html>'
)


@pytest.mark.parametrize("front", ["#", ""], ids=["behind-the-hash", "by-path"])
def test_a_site_that_is_one_script_is_read_page_by_page(front: str, show: Show) -> None:
    """One shell for every address; what comes after # or the path tells its script what to show."""
    paths = ["/", "/list/zcwj", "/list/tzgg", *(url.replace("/zwgk", "/detail").replace(".html", "") for url, _, _ in ENTRIES)]
    script = Answer(ROUTER.replace("FRONT", f"'{front}'").encode(), content_type=SCRIPT)
    with served({**dict.fromkeys(paths, SHELL), "/app.js": script, "/data/zcwj": ROWS, "/data/tzgg": Answer(b"[]")}) as site:
        one = show(site.base + "/")
        assert {"政策文件": "zcwj", "通知公告": "tzgg"}.items() <= one.columns().items()
        assert {
            document.reading.published_at.date().isoformat() for document in one.documents().values() if document.reading.published_at
        } == {day for _, _, day in ENTRIES}
        assert set(one.documents()) == {title for _, title, _ in ENTRIES}
        assert end(one, "政策文件") == (WalkState.COMPLETE, "no-pager")


def test_crawls_of_one_process_share_one_browser(tmp_path: Path, browser_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    launched: list[object] = []
    launch = SharedBrowserProvider.launch_browser

    async def noted(provider: SharedBrowserProvider) -> object:
        launched.append(await launch(provider))
        return launched[-1]

    monkeypatch.setattr(SharedBrowserProvider, "launch_browser", noted)
    monkeypatch.setenv("GONGKAI_BROWSER", str(browser_path))
    database = Database.open(f"sqlite:///{tmp_path / 'gongkai.sqlite'}")
    with closing(database), served(PAGES) as one, served(PAGES, host="127.0.0.3") as other:
        sites = [
            {"id": name, "name": "示例区人民政府", "profile": "district-portal", "home": f"{site.base}/", "crawl": {"delay": 0}}
            for name, site in (("one", one), ("other", other))
        ]
        registry = Registry.model_validate({"version": 1, "sites": sites})
        assert crawl_sites(RunConfig(tmp_path, "", None, moment("2026-11-21")), registry, registry.sites, database) == {}
        assert len(launched) == 2
        assert launched[0] is launched[1]
        assert {site: crawl.state for site, crawl in last_crawls(database, ["one", "other"]).items()} == {
            "one": CrawlState.COMPLETE, "other": CrawlState.COMPLETE,
        }  # fmt: skip


def test_a_list_without_rows_and_without_a_script_of_its_own_needs_no_browser(show: Show) -> None:
    empty = page(
        "通知公告",
        crumbs(("/", "首页"), (NOTICES, "通知公告")) + '<h2>通知公告</h2><ul id="list"></ul><script src="/js/jquery.min.js"></script>',
    )
    with served({**PAGES, NOTICES: empty}) as site:
        show(site.base + "/")
        assert "/js/jquery.min.js" not in site.targets
        assert site.targets.count(NOTICES) == 1
