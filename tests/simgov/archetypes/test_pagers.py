"""Each pager led to its end as a browser would be: every row of a column, once, and what lies past the end."""

from __future__ import annotations

import html
import json
import re
from urllib.parse import quote, urljoin, urlsplit

from simgov.archetypes.government import Standing
from simgov.archetypes.recordset import NOTHING, PROXY
from simgov.archetypes.unit_build import UNIT
from tests.simgov.archetypes.conftest import Ask

HREF = re.compile(r"""href=["']([^"']+)["']""")


def address(standing: Standing, host: str, key: str) -> str:
    view = standing.view(host)
    column = view.column(key)
    assert column is not None
    return view.href(view.column_url(column))


def wanted(standing: Standing, host: str, key: str) -> list[str]:
    """Paths of the rows of a column, in order."""
    view = standing.view(host)
    column = view.column(key)
    assert column is not None
    return [view.href(row.url) for row in view.slice(column, 0, 1000)]


def rows_in(page: str, here: str, among: list[str], base: str) -> list[str]:
    """Those of the wanted paths that a page links to, in page order."""
    found: list[str] = []
    for href in HREF.findall(page):
        url = urljoin(base + here, html.unescape(href))
        path = url.replace("http://", base.split("//")[0] + "//", 1) if base.startswith("https") and url.startswith("http://") else url
        path = path.removeprefix(base)
        if path in among and path not in found:
            found.append(path)
    return found


def read(standing: Standing, ask: Ask, host: str, paths: list[str], key: str, encoding: str = "utf-8") -> list[str]:
    among = wanted(standing, host, key)
    return [row for path in paths for row in rows_in(ask(host, path).body.decode(encoding), path, among, standing.bases[host])]


def test_static_pages_count_from_zero_or_from_one(standing: Standing, ask: Ask) -> None:
    zcwj, ywdt = address(standing, "a", "zcwj"), address(standing, "a", "ywdt")
    assert 'createPageHTML(3, 0, "index", "html")' in ask("a", zcwj).body.decode()
    assert read(standing, ask, "a", [zcwj, f"{zcwj}index_1.html", f"{zcwj}index_2.html"], "zcwj") == wanted(standing, "a", "zcwj")
    assert "createPageHTML('paging',3, 1,'index','html'," in ask("a", ywdt).body.decode()
    assert read(standing, ask, "a", [ywdt, f"{ywdt}index_2.html", f"{ywdt}index_3.html"], "ywdt") == wanted(standing, "a", "ywdt")
    assert [ask("a", path).status for path in (f"{zcwj}index_3.html", f"{ywdt}index_1.html", f"{ywdt}index_4.html")] == [404] * 3


def test_static_pages_bear_the_id_of_the_page_or_are_told_by_a_plugin(standing: Standing, ask: Ask) -> None:
    zcjd, tzgg = address(standing, "a", "zcjd"), address(standing, "a", "tzgg")
    assert 'createPageHTML(2, 0, "index_18036", "html")' in ask("a", zcjd).body.decode()
    assert read(standing, ask, "a", [zcjd, f"{zcjd}index_18036_1.html"], "zcjd") == wanted(standing, "a", "zcjd")
    assert ask("a", f"{zcjd}index_1.html").status == 404
    assert '.pagination("setPage", 1, 2)' in ask("a", tzgg).body.decode()
    own = [row for row in wanted(standing, "a", "tzgg") if row.startswith("/")]
    assert read(standing, ask, "a", [tzgg, f"{tzgg}index_2.html"], "tzgg") == own


def test_a_drifting_pager_names_a_page_that_is_not_there(standing: Standing, ask: Ask) -> None:
    rsrm = address(standing, "a", "rsrm")
    assert "var countPage = 4//" in ask("a", rsrm).body.decode()
    assert (ask("a", f"{rsrm}index_2.html").status, ask("a", f"{rsrm}index_3.html").status) == (200, 404)


def test_recordset_embeds_sixty_and_gives_the_rest(standing: Standing, ask: Ask) -> None:
    path = address(standing, "b", "zcwj")
    page = ask("b", path).body.decode()
    among = wanted(standing, "b", "zcwj")
    assert len(among) == 140
    first, phone = page.split('class="mobile"')
    assert rows_in(first, path, among, standing.bases["b"]) == among[:60]
    assert rows_in(phone, path, among, standing.bases["b"]) == among[70:90], "the copy for phones is stale"
    following = re.search(r'<nextgroup><!\[CDATA\[<a href="([^"]+)"', first)
    assert following is not None
    assert quote(quote("乙县人民政府")) in following[1]
    got = rows_in(ask("b", following[1]).body.decode(), path, among, standing.bases["b"])
    assert got == among[60:120]
    unit = re.search(r"unitid=(\d+)", following[1])
    column = re.search(r"columnid=(\d+)", following[1])
    assert unit is not None
    assert column is not None
    form = {
        "col": 1,
        "appid": 1,
        "webid": 32,
        "path": "/",
        "columnid": column[1],
        "unitid": unit[1],
        "webname": "乙县人民政府",
        "permissiontype": 0,
    }
    ranged = ask("b", f"{PROXY}?startrecord=61&endrecord=140&perpage=20", form=form)
    assert rows_in(ranged.body.decode(), path, among, standing.bases["b"]) == among[60:]
    wrong = ask("b", following[1].replace(unit[1], "1"))
    assert (wrong.status, wrong.body) == (200, NOTHING.body)


def test_unit_build_answers_html_in_json(standing: Standing, ask: Ask) -> None:
    page = ask("c", address(standing, "c", "zcwj")).body.decode()
    among = wanted(standing, "c", "zcwj")
    assert not rows_in(page, "/", among, standing.bases["c"])
    query = re.search(r'queryData="(\{[^"]+\})"', page)
    assert query is not None
    pairs = "&".join(f"{name}={quote(value)}" for name, value in json.loads(query[1].replace("'", '"')).items())

    def unit(number: int) -> list[str]:
        param = quote(json.dumps({"pageNo": number, "pageSize": 15}))
        answer = json.loads(ask("c", f"{UNIT}?{pairs}&paramJson={param}").body)
        return rows_in(answer["data"]["html"], "/", among, standing.bases["c"])

    assert [row for number in range(1, 6) for row in unit(number)] == among
    standing.switch("c", "ignore_pageNo")
    assert unit(3) == unit(1) == among[:15]


def test_tree_interface_counts_from_zero_and_one(standing: Standing, ask: Ask) -> None:
    page = ask("d", "/gkmlpt/index").body.decode()
    serial = re.search(r'"id": (\d+), "name": "政策文件"', page)
    assert serial is not None
    pages = [json.loads(ask("d", f"/gkmlpt/api/all/{serial[1]}?page={number}&sid=755041").body) for number in range(4)]
    assert pages[0] == pages[1]
    assert [len(one["articles"]) for one in pages] == [100, 100, 11, 0]
    urls = [row["url"].removeprefix(standing.bases["d"]) for one in pages[1:] for row in one["articles"]]
    assert urls == wanted(standing, "d", "zcwj")
    assert pages[1]["classify"]["post_count"] == 111
    assert ask("d", f"/gkmlpt/api/all/{serial[1]}?page=1&sid=1").status == 404
    abolished = next(row for row in pages[1]["articles"] if row["is_abolished"])
    assert ">有效<" in ask("d", abolished["url"]).body.decode()


def test_channel_pager_names_another_file_and_the_twin_is_ahead(standing: Standing, ask: Ask) -> None:
    path = address(standing, "e", "zcwj")
    page = ask("e", path).body.decode()
    assert path.endswith("/zfxxgk.shtml")
    assert "'zfxxgk_list','shtml'" in page
    second = path.replace("zfxxgk.shtml", "zfxxgk_list_2.shtml")
    third = second.replace("_2", "_3")
    assert ask("e", path.replace("zfxxgk.shtml", "zfxxgk_2.shtml")).status == 404
    shown = read(standing, ask, "e", [path, second, third], "zcwj")
    channel = re.search(r"channelId='([0-9a-f]{32})'", page)
    assert channel is not None
    found: list[str] = []
    for number in range(1, 6):
        answer = json.loads(
            ask("e", f"/common/search/{channel[1]}?page={number}&_pageSize=15&_isAgg=true&_isJson=true&_template=index").body
        )
        found += [row["url"] for row in answer["data"]["results"]]
    assert found == wanted(standing, "e", "zcwj")
    assert set(shown) < set(found)
    assert 1 <= len(found) - len(shown) <= 4


def test_builder_pages_run_downwards_and_shift(standing: Standing, ask: Ask) -> None:
    standing.set_moment(standing.government.first_crawl)
    path = address(standing, "f", "ywdt")
    stem = path.removesuffix(".htm")
    before = ask("f", f"{stem}/2.htm").body
    assert read(standing, ask, "f", [path, f"{stem}/2.htm", f"{stem}/1.htm"], "ywdt") == wanted(standing, "f", "ywdt")
    assert [ask("f", f"{stem}/{number}.htm").status for number in (0, 3, 9)] == [404, 404, 404]
    standing.set_moment(standing.government.second_crawl)
    assert ask("f", f"{stem}/2.htm").body != before, "a new item moves every row"
    assert ask("f", "/info/1/1.htm").body != ask("f", "/nowhere.htm").body, "two kinds of 404"


def test_query_tree_pages_elsewhere_and_repeats_its_last(standing: Standing, ask: Ask) -> None:
    path = address(standing, "g", "zcwj")
    page = ask("g", path).body.decode()
    paging = re.search(r'href="(/content/column/\d+\?pageIndex=)"', page)
    assert paging is not None
    assert read(standing, ask, "g", [path, f"{paging[1]}2", f"{paging[1]}3"], "zcwj") == wanted(standing, "g", "zcwj")
    assert ask("g", f"{paging[1]}9").body == ask("g", f"{paging[1]}3").body
    assert '<li class="lm_line"></li>' in page


def test_query_tree_gives_later_rows_by_its_label(standing: Standing, ask: Ask) -> None:
    path = address(standing, "g", "zcjd")
    page = ask("g", path).body.decode()
    asked = dict(re.findall(r"""(\w+) ?: ?"([^"]*)\"""", page.partition("data : {")[2].partition("}")[0]))
    assert asked.keys() >= {"labelName", "siteId", "organId", "catId", "file"}
    query = "&".join(f"{name}={quote(value)}" for name, value in asked.items())
    among = wanted(standing, "g", "zcjd")
    rows = [
        row
        for number in (1, 2)
        for row in rows_in(ask("g", f"/site/label/8888?{query}&pageIndex={number}").body.decode(), path, among, standing.bases["g"])
    ]
    assert rows == among
    assert "暂无相关信息" in ask("g", f"/site/label/8888?{query}&pageIndex=3").body.decode()
    assert ask("g", f"/site/label/8888?{query.replace('organId=', 'organId=9')}&pageIndex=1").status == 404


def test_portal_interface_needs_the_guid_of_a_script(standing: Standing, ask: Ask) -> None:
    guid = re.search(r'"siteGuid":"([^"]+)"', ask("h", "/js/webBuilderCommon.js").body.decode())
    code = re.search(r'id="categorynum" value="(\d+)"', ask("h", address(standing, "h", "zcwj")).body.decode())
    broken = re.search(r'id="categorynum" value="(\d+)"', ask("h", address(standing, "h", "zdxm")).body.decode())
    assert guid is not None
    assert code is not None
    assert broken is not None

    def post(category: str, number: int, site: str = guid[1]) -> dict[str, object]:
        body = json.dumps({"categorynum": category, "pageIndex": number, "pageSize": 20, "siteGuid": site}).encode()
        return dict(json.loads(ask("h", "/EWB-FRONT/rest/lightfrontaction/getgovinfolist", body=body).body))

    rows = [row["infourl"] for number in range(4) for row in post(code[1], number)["custom"]["data"]]  # type: ignore[index]
    assert rows == wanted(standing, "h", "zcwj")
    assert post(code[1], 0, "other")["custom"] is None
    assert len(post(broken[1], 0)["custom"]["data"]) == 20  # type: ignore[index]
    assert post(broken[1], 1)["code"] == 500
    assert post(broken[1], 2)["custom"] == {"total": 119, "data": []}  # one of 120 is withdrawn


def test_the_older_builders_column_is_embedded_and_its_interface_is_gone(standing: Standing, ask: Ask) -> None:
    page = ask("h", address(standing, "h", "zkly")).body.decode()
    assert page.count("name2('/") == 20
    assert "totalRecord=44" in page
    dead = re.search(r"url:'([^']+)'", page)
    assert dead is not None
    assert ask("h", dead[1]).status == 404


def test_old_county_pages_by_query_and_by_state(standing: Standing, ask: Ask) -> None:
    path = address(standing, "i", "zcwj")
    page = ask("i", path).body.decode("gb18030")
    assert "第1页 共 3页" in page
    assert read(standing, ask, "i", [path, f"{path}&page=2", f"{path}&page=3"], "zcwj", "gb18030") == wanted(standing, "i", "zcwj")
    assert ask("i", f"{path}&page=9").body == ask("i", f"{path}&page=3").body
    path = address(standing, "i", "zkly")
    first = ask("i", path).body.decode("gb18030")
    among = wanted(standing, "i", "zkly")
    assert "__doPostBack('Body$AspNetPager1','2')" in first
    assert ask("i", f"{path}&page=2").body.decode("gb18030") == first
    state = re.search(r'name="__VIEWSTATE" value="([^"]+)"', first)
    assert state is not None
    form = {"__VIEWSTATE": state[1], "__EVENTTARGET": "Body$AspNetPager1", "__EVENTARGUMENT": "2"}
    second = ask("i", path, form=form).body.decode("gb18030")
    assert rows_in(second, path, among, standing.bases["i"]) == among[20:]
    assert urlsplit(path).path == "/xxgk/List.aspx"


def test_what_is_not_there_is_the_home_page_of_the_old_county(standing: Standing, ask: Ask) -> None:
    home = ask("i", "/")
    lost = ask("i", "/xxgk/NewsView.aspx?NewsID=1&ClassID=2")
    assert (lost.status, lost.body) == (200, home.body)
    assert b"http-equiv" in ask("i", "/old/bbs/").body
