"""Hanweb's disclosure module: categories that a tree names and a script loads."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from data.records import WalkState
from spiders.base import Ask
from tests.support.dialects import rows
from tests.support.pages import article, nav, page
from tests.support.sites import Answer, Asked, Crawls, Page, served
from tests.support.walks import fetched, walk

HOST = "http://www.example.gov.cn"
SHELL = f"{HOST}/col/col13008/index.html"
LOAD = (
    "loadDynamic('/module/xxgk/search.jsp?standardXxgk=1&infotypeId='+a+'&vc_title='+encodeURI(b)+'&vc_number='+encodeURI(c)+"
    "'&area=11220100MB1507524C', 'div4', '0','0','950','7','','');"
)
TREE = '<iframe src="/module/xxgk/tree.jsp?standardXxgk=1&amp;area=11220100MB1507524C&amp;divid=div4"></iframe>'
NODES = (
    "<script>d=new dTree('d');d.add(0,-1,'');d.add(1,0,'<a onclick=\"funclick(\\'A0102\\',\\'\\',\\'1\\');\">政策文件</a>');"
    "d.add(2,0,'<a onclick=\"funclick(\\'A0201\\',\\'\\',\\'1\\');\">人事任免</a>');</script>"
)
CATEGORIES = {"0": 11, "A0102": 7, "A0201": 0}
SIZE = 4


def shell(load: str = LOAD) -> str:
    return page(
        "政府信息公开目录", f"<h2>政府信息公开目录</h2>{TREE}<div id='div4'></div><script>function search(a,b,c){{{load}}}</script>"
    )


def table(category: str, number: int) -> str:
    """What search.jsp gives: the older markup, odd and even rows."""
    count = CATEGORIES[category]
    part = rows(count, f"/art/{category}")[(number - 1) * SIZE : number * SIZE]
    lines = "".join(
        f'<tr class="tr_main_value_{"odd" if n % 2 else "even"}"><td align="center">{n}</td><td><a href="{url}" class="bt_link" title="{title}" '
        f'syh="002482429/2026-0{n}" mc="{title}" rq="{day}">{title[:18]}</a></td><td align="center">{day}</td></tr>'
        for n, (url, title, day) in enumerate(part, 1)
    )
    pages = -(-count // SIZE)
    return (
        f'<table width="100%"><tr class="tr_main_title"><td>序号</td><td>标题</td><td>发布日期</td></tr>{lines}</table><table class="tb_title"><tr><td>'
        f"第&nbsp;{number}&nbsp;页/共&nbsp;{pages}&nbsp;页&nbsp;&nbsp;<a style='CURSOR:hand' onclick=\"gotopage('{number + 1}')\">下一页</a></td></tr></table>"
    )


def answer(ask: Ask) -> str:
    query, form = parse_qs(urlsplit(ask.url).query, keep_blank_values=True), parse_qs(ask.body or "", keep_blank_values=True)
    assert (ask.method, query["area"], query["standardXxgk"]) == ("POST", ["11220100MB1507524C"], ["1"])
    assert (form["jdid"], form["divid"], form["infotypeId"]) == (["7"], ["div4"], query["infotypeId"])
    return table(form["infotypeId"][0], int(form["currpage"][0]))


@pytest.mark.parametrize(("url", "count"), [(SHELL, 11), (f"{SHELL}?number=A0102", 7)])
def test_a_category_is_read_page_by_page(url: str, count: int) -> None:
    found = walk(fetched(shell(), url), answer)
    assert (found.family, found.end, len(found.titles)) == ("hanweb-xxgk", ("complete", "last-page"), count)
    assert all(title.endswith("的通知") for title in found.titles), "the whole title stands in an attribute"


def test_an_empty_category_is_empty() -> None:
    found = walk(fetched(shell(), f"{SHELL}?number=A0201"), answer)
    assert (found.end, found.notes.declared) == (("complete", "declared-zero"), 0)


@pytest.mark.parametrize(
    ("second", "reason"), [(None, "http-404"), ("<table></table>", "api-empty"), (table("0", 1), "page-repeated")], ids=["gone", "bare", "repeats"]
)  # fmt: skip
def test_a_page_that_did_not_come_is_no_end(second: str | None, reason: str) -> None:
    found = walk(fetched(shell(), SHELL), lambda ask: second if "currpage=2" in (ask.body or "") else answer(ask))
    assert found.end == ("incomplete", reason)


def test_a_shell_that_names_no_unit_is_not_read() -> None:
    assert walk(fetched(shell(LOAD.replace("area=", "x=")), SHELL), answer).family == "generic"


def test_the_tree_names_the_columns(crawl: Crawls) -> None:
    def search(asked: Asked) -> Answer:
        return Answer(answer(Ask(f"http://x{asked.target}", asked.method, asked.body)).encode())

    pages: dict[str, Page] = {
        "/": page("示例区人民政府", nav([("/col/col13008/index.html", "政府信息公开目录")])),
        "/col/col13008/index.html": shell(),
        "/module/xxgk/tree.jsp": page("目录", NODES),
        "/module/xxgk/search.jsp": search,
    }
    for category, count in CATEGORIES.items():
        pages |= {url: article(f"{title}（{category}）", day) for url, title, day in rows(count, f"/art/{category}")}
    with served(pages) as running:
        one = crawl(running.base + "/")
        walks = {column.name: column.walks[-1] for column in one.view.columns if column.walks}
        assert {name: (walk.state, walk.entries) for name, walk in walks.items() if name in ("政策文件", "人事任免")} == {
            "政策文件": (WalkState.COMPLETE, 7),
            "人事任免": (WalkState.COMPLETE, 0),
        }
        assert len(one.documents()) == 11 + 7
