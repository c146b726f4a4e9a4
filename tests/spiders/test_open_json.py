"""Shells that a script fills from an open JSON address: columns, rows, ends, and what proves nothing."""

from __future__ import annotations

import json
from typing import Any

import pytest

from crawler.extract import read
from data.records import WalkState
from spiders.base import Ask, Fetched, Progress
from spiders.families import family_of
from spiders.open_json import OpenJsonFamily
from tests.support.pages import article, crumbs, nav, page, titles
from tests.support.sites import Answer, Asked, Crawls, Page, served
from tests.support.walks import walk

HOST = "http://www.example.gov.cn"
ENTRIES = titles(7, month="2026-01")
FAMILY = OpenJsonFamily()


def shell(code: str, url: str = f"{HOST}/") -> Fetched:
    text = f'<!DOCTYPE html><html><head><title>示例部</title></head><body><div id="app"></div><script>{code}</script><script src="/app.js"></script></body></html>'
    return Fetched(url, text, read(text.encode(), url))


def rows(entries: list[tuple[str, str, str]], *names: str) -> list[dict[str, str]]:
    return [dict(zip(names, (title, url, day), strict=True)) for url, title, day in entries]


@pytest.mark.parametrize(
    ("code", "url", "asked"),
    [
        ("var gk=1;axios.get('/api/gk?gk='+gk)", f"{HOST}/?gk=3", f"{HOST}/api/gk?gk=3"),
        ("axios.get('/api/gk?gk='+gk)", f"{HOST}/", f"{HOST}/api/gk?gk=1"),
        ('$.ajax({type:"get",url:"/data/columns?site=7",success:f})', f"{HOST}/", f"{HOST}/data/columns?site=7"),
    ],
)
def test_where_the_columns_are_told(code: str, url: str, asked: str) -> None:
    page = shell(code, url)
    assert family_of(page).name == "open-json"
    assert FAMILY.entry(page) == Ask(asked)


@pytest.mark.parametrize(
    "code",
    [
        "render()",
        "fetch('/a.json');fetch('/b.json')",  # which of them?
        "axios.get('/api/x?t='+t+'&gk=3')" + "axios.get('/api/y?gk='+gk)",
        "fetch('//cdn.example.com/list.json')",
        "axios.get('/api/gk/'+gk)",
    ],
)
def test_shells_that_name_no_one_address(code: str) -> None:
    assert family_of(shell(code)).name == "generic"


def test_columns_by_their_keys() -> None:
    said = {
        "code": 200,
        "columns": [
            {"key": "zcwj", "name": "政策文件", "gk": 3},
            {"key": "zfxxgkzd", "name": "政府信息公开制度", "gk": 2},
            {"name": "无号"},
        ],
    }
    answer = Fetched(f"{HOST}/api/gk?gk=1", json.dumps(said), None)
    assert [(link.name, link.url, link.ask) for link in FAMILY.columns(answer)] == [
        ("政策文件", "?gk=3#zcwj", Ask(f"{HOST}/api/gk?key=zcwj&gk=3&page=1")),
        ("政府信息公开制度", "?gk=2#zfxxgkzd", Ask(f"{HOST}/api/gk?key=zfxxgkzd&gk=2&page=1")),
    ]


@pytest.mark.parametrize(
    ("data", "entries", "end", "fault"),
    [
        (rows(ENTRIES, "TITLE", "URL", "DOCRELPUBTIME"), 7, "no-pager", None),  # the whole list as one file
        ({"data": {"list": rows(ENTRIES, "title", "infourl", "pubDate"), "total": "7"}}, 7, "declared-total-read", None),
        ({"total": 9, "list": rows(ENTRIES, "title", "url", "time")}, 7, None, "unknown-pager"),
        ({"total": 9, "list": []}, 0, None, "declared-more-than-read"),
        ({"total": 0, "list": []}, 0, None, "api-empty"),
        ({"total": "many", "list": []}, 0, None, "api-failed"),
        ([{"name": "a"}], 0, None, "api-empty"),
        (5, 0, None, "api-empty"),
    ],
)
def test_rows_of_one_answer(data: Any, entries: int, end: str | None, fault: str | None) -> None:
    step = FAMILY.following(Fetched(f"{HOST}/data/list.json", json.dumps(data), None), f"{HOST}/zcwj/", Progress())
    assert (len(step.entries), step.end, step.fault) == (entries, end, fault)


def test_a_list_of_a_shell_is_walked_to_its_count() -> None:
    def answer(ask: Ask) -> str:
        number = int(ask.url.partition("page=")[2].partition("&")[0])
        return json.dumps({"total": 7, "list": rows(ENTRIES[(number - 1) * 3 : number * 3], "title", "url", "time")})

    progress = Progress()
    first = FAMILY.following(Fetched(f"{HOST}/api/gk?key=zcwj&page=1&gk=3", answer(Ask("?page=1")), None), f"{HOST}/", progress)
    assert first.ask == Ask(f"{HOST}/api/gk?key=zcwj&page=2&gk=3")
    assert walk(shell("fetch('/data/list.json')"), lambda ask: json.dumps(rows(ENTRIES, "title", "url", "date"))).end == (
        "complete",
        "no-pager",
    )


def test_a_site_of_shells_is_read_and_its_home_is_not(crawl: Crawls) -> None:
    def api(asked: Asked) -> Answer:
        told: object = {"columns": [{"key": "zcwj", "name": "政策文件", "gk": 3}, {"key": "zn", "name": "政府信息公开指南", "gk": 1}]}
        if "key=" in asked.target:
            number = int(asked.target.partition("page=")[2])
            held = ENTRIES if "zcwj" in asked.target else []
            told = {"total": len(held), "list": rows(held[(number - 1) * 4 : number * 4], "title", "url", "time")}
        return Answer(json.dumps(told).encode(), content_type="application/json")

    pages: dict[str, Page] = {
        "/": shell("axios.get('/api/gk?gk='+gk)").text,
        "/api/gk": api,
        **{url: article(title, day) for url, title, day in ENTRIES},
    }
    with served(pages) as site:
        seen = crawl(site.base + "/", "2026-11-20")
    walks = {
        name: (seen.column(name).url.removeprefix(site.base), seen.column(name).walks[-1]) for name in ("政策文件", "政府信息公开指南")
    }
    assert {name: (url, walk.state, walk.reason, walk.entries) for name, (url, walk) in walks.items()} == {
        "政策文件": ("/?gk=3#zcwj", WalkState.COMPLETE, "declared-total-read", 7),
        "政府信息公开指南": ("/?gk=1#zn", WalkState.INCOMPLETE, "api-empty", 0),
    }
    assert len(seen.documents()) == 7
    assert (seen.crawl.state, seen.crawl.reason) == ("incomplete", "script-shell")


def test_a_list_that_a_script_of_the_page_fills_from_one_file(crawl: Crawls) -> None:
    """The page has its head and navigation; only the place of the rows is empty."""
    data = [{"URL": url, "TITLE": title, "DOCRELPUBTIME": day} for url, title, day in ENTRIES]
    code = """$.getJSON("/tzgg/data.json",function(d){var h="";for(var i=0;i<d.length;i++){h+="<li><a href='"+d[i].URL+"'>"+d[i].TITLE+"</a></li>"}$("#list").html(h)})"""
    column = page("通知公告", crumbs(("/", "首页"), ("/tzgg/", "通知公告")) + f'<ul class="list" id="list"></ul><script>{code}</script>')
    pages: dict[str, Page] = {
        "/": page("示例区人民政府", nav([("/tzgg/", "通知公告")])), "/tzgg/": column,
        "/tzgg/data.json": Answer(json.dumps(data, ensure_ascii=False).encode(), content_type="application/json"),
        **{url: article(title, day) for url, title, day in ENTRIES},
    }  # fmt: skip
    with served(pages) as site:
        (walk,) = crawl(site.base + "/").column("通知公告").walks
        assert (walk.state, walk.reason, walk.entries) == (WalkState.COMPLETE, "no-pager", 7)
