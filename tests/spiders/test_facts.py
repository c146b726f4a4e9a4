"""What pages show beside their text: kept by a crawl, and not lost where the next one reads nothing anew."""

from __future__ import annotations

from datetime import date
from hashlib import sha1

import pytest
from sqlalchemy import func, select

from data.models import ColumnPageRow, HomePageRow, PageAsideRow
from data.records import Field
from tests.support.pages import article, crumbs, nav, page
from tests.support.sites import Answer, Asked, Crawls, Page, served

LIST = "/zwgk/zcwj/"
METAS = '<meta name="SiteName" content="示例区人民政府"><meta name="SiteIDCode" content="9900000001">'


def table(count: int) -> str:
    rows = "".join(
        f'<tr><td><a href="{LIST}t{number}.html">关于第{number}号事项的通知</a></td><td>示政发〔2026〕{number}号</td><td>2026-01-{number:02d}</td></tr>'
        for number in range(count, 0, -1)
    )
    return f"<table><tr><th>标题</th><th>文号</th><th>发布日期</th></tr>{rows}</table>"


def site_with(count: int = 4) -> dict[str, Page]:
    foot = '<div id="footer">主办单位：示例区人民政府办公室 网站标识码：9900000001</div>'
    news = "".join(f'<li><a href="/n/{day}.html">示例区召开第{day}次会议</a><span>2026-11-{day}</span></li>' for day in (18, 19))
    head = METAS + '<meta name="ColumnName" content="政策文件">'
    below = '<p><a href="/f/all.pdf">政策文件汇编.pdf</a></p>'
    text = '<p>请结合实际，认真贯彻执行。</p><p><img src="/p/1.jpg" width="500"><a href="http://other.example.com/">外网</a></p>'
    return {
        "/": page("示例区人民政府", nav([(LIST, "政策文件"), ("/zn/", "政府信息公开指南")]) + f"<ul>{news}</ul>" + foot, head=METAS),
        LIST: page("政策文件", crumbs(("/", "首页"), (LIST, "政策文件")) + f"<h2>政策文件</h2>{table(count)}{below}", head=head),
        "/zn/": article("示例区政府信息公开指南", "2026-01-08", body="<p>本机关地址：示例区一号。</p>" * 5).replace(
            "<head>", f"<head>{METAS}"
        ),
        **{
            f"{LIST}t{number}.html": article(f"关于第{number}号事项的通知", f"2026-01-{number:02d}", body=text).replace(
                "<head>", f"<head>{METAS}"
            )
            for number in range(1, count + 1)
        },
        **{f"/n/{day}.html": article(f"示例区召开第{day}次会议", f"2026-11-{day}") for day in (18, 19)},
    }


def tagged(pages: dict[str, Page]) -> dict[str, Page]:
    """The same pages from a server that knows ETags."""

    def keeping(content: str) -> Page:
        tag = f'"{sha1(content.encode(), usedforsecurity=False).hexdigest()}"'

        def answer(asked: Asked) -> Answer:
            if asked.headers.get("if-none-match") == tag:
                return Answer(b"", 304, headers=(("ETag", tag),))
            return Answer(content.encode(), headers=(("ETag", tag),))

        return answer

    return {path: keeping(content) if isinstance(content, str) else content for path, content in pages.items()}


def count(crawl: Crawls, table: type) -> int:
    with crawl.database.session() as session:
        return session.execute(select(func.count()).select_from(table)).scalar_one()


def test_what_a_crawl_keeps_of_home_columns_rows_and_documents(crawl: Crawls) -> None:
    with served(site_with()) as site:
        one = crawl(site.base + "/")
    (home,) = one.view.homes
    assert home.metas == {"SiteName": "示例区人民政府", "SiteIDCode": "9900000001"}
    assert home.footer == "主办单位：示例区人民政府办公室 网站标识码：9900000001"
    assert (home.dated, home.newest_on) == (2, date(2026, 11, 19))
    column, guide = one.column("政策文件"), one.column("政府信息公开指南")
    assert column.page is not None
    assert column.page.metas["ColumnName"] == "政策文件"
    assert "关于第4号事项的通知" in column.page.text
    assert [file.name for file in column.page.attachments] == ["政策文件汇编.pdf"]
    assert f"{site.base}{LIST}t4.html" in [link.url for link in column.page.links]
    assert site.base + "/" not in [link.url for link in column.page.links]
    assert (column.page.observed_at, column.page.sha256) == (one.now, column.walks[-1].sha256)
    assert guide.page is not None
    assert "本机关地址：示例区一号。" in guide.page.text
    rows = {row.title: row.cells for row in one.view.listings if row.column_url == column.url}
    assert rows["关于第4号事项的通知"] == (Field("文号", "示政发〔2026〕4号"), Field("发布日期", "2026-01-04"))
    reading = one.documents()["关于第4号事项的通知"].reading
    assert (reading.metas["SiteIDCode"], reading.media, [link.text for link in reading.outlinks]) == ("9900000001", {"image": 1}, ["外网"])


@pytest.mark.parametrize("known_by", ["etag", "nothing"])
def test_the_next_day_loses_nothing_and_stores_nothing_twice(crawl: Crawls, known_by: str) -> None:
    pages = tagged(site_with()) if known_by == "etag" else site_with()
    with served(pages) as site:
        first = crawl(site.base + "/", "2026-11-20")
        before = [count(crawl, table) for table in (ColumnPageRow, HomePageRow, PageAsideRow)]
        site.asked.clear()
        second = crawl(site.base + "/", "2026-11-21")
        assert [count(crawl, table) for table in (ColumnPageRow, HomePageRow, PageAsideRow)] == before
        assert not [target for target in site.targets if target.startswith(f"{LIST}t")]  # no document was read again
        assert {key: one.reading for key, one in second.documents().items()} == {key: one.reading for key, one in first.documents().items()}
        assert [row.cells for row in second.view.listings] == [row.cells for row in first.view.listings]
        for name in ("政策文件", "政府信息公开指南"):
            was, now = first.column(name).page, second.column(name).page
            assert was is not None
            assert now is not None
            assert (now.text, now.links, now.metas, now.sha256) == (was.text, was.links, was.metas, was.sha256)
        page = second.column("政策文件").page
        assert page is not None
        assert page.observed_at == second.now
        homes = second.view.homes[-2:]
        assert (homes[0].footer, homes[0].metas, homes[0].links) == (homes[1].footer, homes[1].metas, homes[1].links)


def test_a_page_that_is_built_anew_every_day_makes_no_version(crawl: Crawls) -> None:
    with served(site_with()) as site:
        crawl(site.base + "/", "2026-11-20")
        for day in ("2026-11-21", "2026-11-22"):
            for path, content in list(site.pages.items()):
                if isinstance(content, str):
                    site.pages[path] = content.replace("<head>", f'<head><meta name="GenerateTime" content="{day}">', 1)
            one = crawl(site.base + "/", day)
    assert all(document.earlier == () for document in one.view.documents)
    assert count(crawl, ColumnPageRow) == 2
    assert count(crawl, HomePageRow) == 1
    column = one.column("政策文件")
    assert column.page is not None
    assert column.page.metas["GenerateTime"] == "2026-11-22"
    assert [home.metas.get("GenerateTime") for home in one.view.homes] == [None, "2026-11-21", "2026-11-22"]
