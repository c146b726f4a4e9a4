"""Pages of every family hold what the truth says."""

from __future__ import annotations

import json
import re
from urllib.parse import urljoin

import pytest
from lxml import html

from simgov.district import District
from simgov.families.base import Reply, Request
from simgov.server import Running
from simgov.truth import Column, ColumnKind, Document, Genre, Site


def reply(running: Running, url: str, form: dict[str, str] | None = None) -> Reply:
    site = next(one for one in running.district.served() if url.startswith(running.bases[one.id] + "/"))
    target = url.removeprefix(running.bases[site.id]).split("#")[0]
    path, _, query = target.partition("?")
    pairs = dict(part.split("=", 1) for part in query.split("&")) if query else {}
    return running.answer(site.id, Request("POST" if form else "GET", path, pairs, form or {}))


def text_of(running: Running, url: str) -> str:
    answer = reply(running, url)
    assert answer.status == 200, url
    return answer.body.decode("gb18030" if "127.0.0.15" in url else "utf-8")


def select(page: str, path: str) -> list[str]:
    """The strings that an XPath finds outside comments."""
    found = html.fromstring(re.sub(r"<!--.*?-->", "", page, flags=re.S)).xpath(path)
    assert isinstance(found, list)
    return [str(one) for one in found]


def visible(page: str) -> str:
    return re.sub(r"\s+", "", "".join(select(page, "//body//text()[not(ancestor::script)]")))


def documents(district: District, site_id: str) -> list[Document]:
    return [one for one in district.at(district.second_crawl).documents.values() if one.site == site_id and not one.links_out]


@pytest.mark.parametrize(
    "site_id", ["city-portal", "district-portal", "education-bureau", "market-bureau", "qinghe-town", "liuxi-town", "media-centre"]
)
def test_documents_show_the_truth(running: Running, site_id: str) -> None:
    for document in documents(running.district, site_id):
        shown = visible(text_of(running, running.document_url(document.id)))
        assert re.sub(r"\s+", "", document.title) in shown
        assert re.sub(r"\s+", "", document.body[-1]) in shown
        day = document.published_at
        assert day.strftime("%Y-%m-%d") in shown or day.strftime("%Y/%m/%d") in shown
        if document.genre is Genre.POLICY:
            withheld = dict(document.shown_as)
            made = document.made_on
            assert made is not None
            assert f"{made.year}年{made.month}月{made.day}日" in shown
            if "文号" not in withheld or document.number_under_title:
                assert document.number is not None
                assert document.number in shown
            assert ("发布机构" in shown.replace("主办", "")) is ("发布机构" not in withheld)


def rows(running: Running, column: Column) -> list[str]:
    """Every address of a column's list, walked as its family pages."""
    site = running.district.sites[column.site]
    return {"trs": _walk_static, "hanweb": _walk_recordset, "gkmlpt": _walk_platform, "vsb": _walk_links}[site.family](
        running, site, column
    )


def _anchors(page: str, container: str, url: str) -> list[str]:
    return [urljoin(url, href) for href in select(page, f"{container}//li/a/@href")]


def _walk_static(running: Running, site: Site, column: Column) -> list[str]:
    url = running.column_url(column.id)
    page = text_of(running, url)
    found = _anchors(page, "//ul[@class='list']", url)
    call = re.search(r"createPageHTML\((.*?)\);", page)
    if call is None:
        return found
    arguments = [part.strip("'\" ") for part in call.group(1).split(",")]
    six = len(arguments) == 6
    pages, stem, suffix = int(arguments[1 if six else 0]), arguments[-3 if six else -2], arguments[-2 if six else -1]
    for number in range(2, pages + 1):
        screen = urljoin(url, f"{stem}_{number if six else number - 1}.{suffix}")
        found += _anchors(text_of(running, screen), "//ul[@class='list']", screen)
    assert reply(running, urljoin(url, f"{stem}_{pages + 1}.{suffix}")).status == 404
    return found


def _walk_recordset(running: Running, site: Site, column: Column) -> list[str]:
    url = running.column_url(column.id)
    page = text_of(running, url).split('class="visible-xs"')[0]
    total = re.search(r"totalRecord:(\d+)", page)
    found: list[str] = []
    while total and page:
        found += [urljoin(url, href) for href in re.findall(r'<record><!\[CDATA\[.*?href="([^"]+)"', page)]
        more = re.search(r'<nextgroup><!\[CDATA\[<a href="([^"]+)"', page)
        page = reply(running, urljoin(url, more.group(1))).body.decode() if more else ""
    assert total is None or len(found) == int(total.group(1))
    return found


def _walk_platform(running: Running, site: Site, column: Column) -> list[str]:
    base = running.bases[site.id]
    if "/gkmlpt/" not in running.column_url(column.id):
        url: str | None = running.column_url(column.id)
        found: list[str] = []
        while url:
            page = text_of(running, url)
            found += _anchors(page, "//ul[@class='news_list']", url)
            following = select(page, "//div[@class='page']/a[text()='下一页']/@href")
            url = urljoin(url, following[0]) if following else None
        return found
    index = text_of(running, f"{base}/gkmlpt/index")
    sid = re.search(r"SID: '(\d+)'", index)
    tree = re.search(r"TREE: (\[.*\]),\s*SERVICE_AREA_ID", index)
    assert sid
    assert tree
    assert f'"id": {column.serial}' in tree.group(1)
    json.loads(tree.group(1))
    answers = [json.loads(reply(running, f"{base}/gkmlpt/api/all/{column.serial}?page={n}&sid={sid.group(1)}").body) for n in range(4)]
    assert answers[0]["articles"] == answers[1]["articles"]
    found = [article["url"] for answer in answers[1:] for article in answer["articles"]]
    assert len(found) == answers[0]["classify"]["post_count"]
    return found


def _walk_links(running: Running, site: Site, column: Column) -> list[str]:
    url: str | None = running.column_url(column.id)
    found: list[str] = []
    while url:
        page = text_of(running, url)
        found += _anchors(page, "//ul[@class='list']", url)
        following = select(page, "//div[@class='pb_sys_common']/a[text()='下页']/@href")
        url = urljoin(url, following[0]) if following else None
    return found


def test_lists_hold_every_document_of_their_column(running: Running) -> None:
    now = running.world.now
    for column in now.columns.values():
        if column.kind is ColumnKind.LIST and column.site != "archives-bureau":
            walked = rows(running, column)
            wanted = [
                running.world.document_url(one) if one.links_out else running.bases[one.site] + running.world.document_path(one, column.id)
                for one in now.listed(column.id)
            ]
            assert walked == wanted, column.id


def test_proxy_refuses_a_wrong_unit_and_answers_a_range(running: Running) -> None:
    column = running.world.now.columns["education-bureau/ywdt"]
    base = running.bases["education-bureau"]
    wrong = reply(running, f"{base}/module/web/jpage/dataproxy.jsp?page=1&columnid={column.serial}&unitid=1&webid=12")
    assert (wrong.status, b"<record>" in wrong.body) == (200, False)
    form = {"col": str(column.serial), "unitid": str(400000 + column.serial), "webid": "12"}
    answer = reply(running, f"{base}/module/web/jpage/dataproxy.jsp?startrecord=61&endrecord=75&perpage=15", form)
    total = len(running.world.now.listed(column.id))
    assert answer.body.count(b"<record>") == total - 60


def test_traps_stand_on_the_pages(running: Running) -> None:
    portal, liuxi = f"{running.bases['district-portal']}/", f"{running.bases['liuxi-town']}/"
    assert '<!--<li><a href="/msxx/">' in text_of(running, portal)
    assert "政府信息<br>公开指南" in text_of(running, f"{portal}zwgk/zfxxgk/")
    home = text_of(running, liuxi)
    assert "政府信息公开" in home
    assert not any("公开" in name for name in select(home, "//ul[@class='menu']//a/text()"))
    assert "本年度未制定规范性文件" in text_of(running, f"{liuxi}zcwj/gfxwj.htm")
    assert 'alt="政府信息公开"' in text_of(running, f"{running.bases['education-bureau']}/")
    assert running.column_url("district-portal/zfcg").startswith(running.bases["city-portal"])
    pinned = text_of(running, running.column_url("district-portal/ywdt"))
    assert pinned.index("[置顶]") < pinned.index("消防宣传月")


def test_gbk_pages_decode(running: Running) -> None:
    body = reply(running, f"{running.bases['liuxi-town']}/").body
    with pytest.raises(UnicodeDecodeError):
        body.decode("utf-8")
    assert "柳溪镇人民政府" in body.decode("gb18030")


def test_related_interpretations_are_linked(running: Running) -> None:
    for document in documents(running.district, "district-portal"):
        page = text_of(running, running.document_url(document.id))
        for link in document.related:
            assert running.district.document(link.document).title in page
            assert ('style="display:none"' in page) is link.hidden
