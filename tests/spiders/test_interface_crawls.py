"""Whole crawls of sites whose lists come from interfaces: what is fetched once, what the next day sees, what a replay gives."""

from __future__ import annotations

import json

import pytest

from crawler.archive import ArchiveReader
from data.records import WalkState
from tests.spiders.test_interfaces import COMMON, GUID, LIST
from tests.support.pages import article, listing, nav, page, titles
from tests.support.sites import Answer, Asked, Crawls, Page, served

ENTRIES = titles(12, month="2026-01")
CHANNEL = "28de6b87eda140cb93de4dd10d11867d"
ARTICLES: dict[str, Page] = {url: article(title, day) for url, title, day in ENTRIES}


def data(value: object) -> Answer:
    return Answer(json.dumps(value, ensure_ascii=False).encode(), content_type="application/json;charset=UTF-8")


def script(text: str) -> Answer:
    return Answer(text.encode(), content_type="application/javascript")


# --- Epoint ---------------------------------------------------------------------------------------


def table(category: str) -> str:
    body = f'<input type="hidden" id="categorynum" value="{category}"><table><thead><tr><th>标题</th></tr></thead><tbody id="govlist"></tbody></table>'
    return page("列表", body + '<script src="/js/webBuilderCommon.js"></script><script src="/js/govlist.js"></script>')


def rows(asked: Asked) -> Answer:
    said = json.loads(asked.body)
    assert said["siteGuid"] == GUID
    held = ENTRIES if said["categorynum"] == "003001" else ENTRIES[:3]
    shown = held[said["pageIndex"] * said["pageSize"] :][: said["pageSize"]]
    return data({"custom": {"total": len(held), "data": [{"title": title, "infourl": url, "infodate": day} for url, title, day in shown]}})


EPOINT: dict[str, Page] = {
    "/": page("示例区人民政府", nav([("/zcwj/list.html", "政策文件"), ("/tzgg/list.html", "通知公告")])),
    "/zcwj/list.html": table("003001"),
    "/tzgg/list.html": table("003002"),
    "/js/webBuilderCommon.js": script(COMMON),
    "/js/govlist.js": script(LIST),
    "/EWB-FRONT/rest/lightfrontaction/getgovinfolist": rows,
    **ARTICLES,
}


def test_epoint_lists_are_read_whole_and_replayed(crawl: Crawls, tmp_path_factory: pytest.TempPathFactory) -> None:
    with served(EPOINT) as site:
        first = crawl(site.base + "/", "2026-11-20", crawl={"delay": 0, "concurrency": 1, "render": "never"})
        asked = list(site.targets)
    for name, count in (("政策文件", 12), ("通知公告", 3)):
        (walk,) = first.column(name).walks
        assert (walk.state, walk.reason, walk.entries, walk.declared) == (WalkState.COMPLETE, "declared-total-read", count, count)
    assert asked.count("/js/webBuilderCommon.js") == asked.count("/js/govlist.js") == 1
    assert len(first.documents()) == 12
    (archive,) = crawl.archives
    again = Crawls(tmp_path_factory.mktemp("replay"))
    replayed = again(site.base + "/", replay=ArchiveReader(archive), crawl={"delay": 0, "concurrency": 1, "render": "never"})
    assert {column.name: [walk.entries for walk in column.walks] for column in replayed.view.columns} == {"政策文件": [12], "通知公告": [3]}
    again.close()


# --- UCAP -----------------------------------------------------------------------------------------


def ucap(newest: int, *, pages: int, search: bool = True) -> dict[str, Page]:
    """A site whose list page shows the newest `pages` rows, and whose interface has `newest` of them."""
    held, twin = ENTRIES[12 - pages :], ENTRIES[12 - newest :]
    below = f"<script>var channelId='{CHANNEL}';$.get('/common/search/'+channelId+'?page='+p+'&_pageSize=20&_isAgg=true&_isJson=true&_template=index',f)</script>"

    def answer(asked: Asked) -> Answer:
        return data(
            {"data": {"total": len(twin), "results": [{"title": title, "url": url, "publishedTimeStr": day} for url, title, day in twin]}}
        )

    made: dict[str, Page] = {
        "/": page("示例区人民政府", nav([("/wx/c100302/list.shtml", "政策文件")])),
        "/wx/c100302/list.shtml": listing("政策文件", held, below=below),
        **ARTICLES,
    }
    if search:
        made[f"/common/search/{CHANNEL}"] = answer
    return made


def test_a_row_that_only_the_interface_has_is_seen_the_next_day(crawl: Crawls) -> None:
    with served(ucap(9, pages=9)) as site:
        first = crawl(site.base + "/", "2026-11-20")
        site.pages.update(ucap(10, pages=9))
        second = crawl(site.base + "/", "2026-11-21")
    assert [walk.entries for walk in first.column("政策文件").walks] == [9]
    assert [(walk.state, walk.entries) for walk in second.column("政策文件").walks] == [(WalkState.COMPLETE, 9), (WalkState.COMPLETE, 10)]
    assert len(second.documents()) == 10


def test_an_interface_that_is_gone_is_no_dead_link_and_costs_no_row(crawl: Crawls) -> None:
    with served(ucap(9, pages=9, search=False)) as site:
        seen = crawl(site.base + "/", "2026-11-20")
    (walk,) = seen.column("政策文件").walks
    assert (walk.state, walk.reason, walk.entries) == (WalkState.INCOMPLETE, "http-404", 9)
    assert len(seen.documents()) == 9
    assert not [link.url for link in seen.view.links if "/search/" in link.url]


# --- a template that changed -----------------------------------------------------------------------


def test_a_list_whose_rows_cannot_be_found_any_more_has_a_new_template(crawl: Crawls) -> None:
    site_of = {"/": page("示例区人民政府", nav([("/zcwj/", "政策文件")])), **ARTICLES}
    with served({**site_of, "/zcwj/": listing("政策文件", ENTRIES)}) as site:
        crawl(site.base + "/", "2026-11-20")
        site.pages["/zcwj/"] = page("政策文件", '<h2>政策文件</h2><div id="app"></div><script>vue.mount("#app")</script>')
        second = crawl(site.base + "/", "2026-11-21")
    before, after = second.column("政策文件").walks
    assert (before.state, after.state, after.reason) == (WalkState.COMPLETE, WalkState.INCOMPLETE, "template-changed")
