"""Links that are tried: files of documents, pages of the site, what leads up and off it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from crawler.addresses import AddressBook
from crawler.manners import Traffic
from data.records import LinkKind, LinkTarget
from tests.support.pages import article, listing, nav, page
from tests.support.sites import Answer, Asked, Crawled, Crawls, Page, Served, Waits, served

LIST = "/zwgk/zcwj/"
PDF = Answer(b"%PDF" + b"x" * 4996, content_type="application/pdf")


def site_with(files: dict[str, Page], *, extra: dict[str, Page] | None = None, links: str = "") -> dict[str, Page]:
    """A site of one list and a document for each file, the first the newest."""
    rows = [(f"{LIST}t{index}.html", f"关于第{index}号事项的通知", f"2026-11-{20 - index:02d}") for index in range(max(len(files), 1))]
    pages: dict[str, Page] = {
        "/": page("示例区人民政府", nav([(LIST, "政策文件")])),
        LIST: listing("政策文件", rows, below=links),
        **{url: article(title, day) for url, title, day in rows},
        **files,
        **(extra or {}),
    }
    for (url, title, day), file in zip(rows, files, strict=False):
        pages[url] = article(title, day, extra=f'<p>附件：<a href="{file}">{file.rsplit("/", 1)[-1]}</a></p>')
    return pages


def asked_for(site: Served, start: str = "/files/") -> list[tuple[str, str]]:
    """Methods and addresses of what was asked for below a folder, since the last look."""
    found = [(one.method, one.target) for one in site.asked if one.target.startswith(start)]
    site.asked.clear()
    return found


def links(one: Crawled, kind: LinkKind = LinkKind.ATTACHMENT) -> dict[str, LinkTarget]:
    return {target.url.rsplit("/", 1)[-1]: target for target in one.view.links if target.kind is kind}


def visits(target: LinkTarget) -> list[tuple[int, bool | None, str | None]]:
    return [(visit.at.day, visit.ok, visit.reason) for visit in target.visits]


# --- files of documents --------------------------------------------------------------------------------


def by_method(**answers: Answer) -> Callable[[Asked], Answer]:
    return lambda asked: answers[asked.method]


@pytest.mark.parametrize(
    ("answer", "methods", "want"),
    [
        (PDF, ["HEAD"], (True, None, "application/pdf", 5000)),
        (by_method(HEAD=Answer(b"", 405), GET=PDF), ["HEAD", "GET"], (True, None, "application/pdf", 5000)),
        (by_method(HEAD=Answer(b"", 501), GET=Answer(b"x" * 1024, 206, "application/pdf", (("Content-Range", "bytes 0-1023/77777"),))),
         ["HEAD", "GET"], (True, None, "application/pdf", 77777)),
        (by_method(HEAD=Answer(b"", content_type="application/pdf"), GET=PDF), ["HEAD", "GET"], (True, None, "application/pdf", 5000)),
        (by_method(HEAD=Answer(b"x"), GET=PDF), ["HEAD", "GET"], (True, None, "application/pdf", 5000)),  # HEAD tells of a page
        (Answer(b"<html>login</html>"), ["HEAD", "GET"], (True, None, "text/html", 18)),
        (Answer(b"", content_type="application/pdf"), ["HEAD", "GET"], (True, None, "application/pdf", 0)),
        (Answer(b"", 404), ["HEAD", "GET"], (False, "http-404", None, None)),
        (Answer(b"", 500), ["HEAD", "GET"], (False, "http-500", None, None)),
        (Answer(b"", 502), ["HEAD", "GET"], (None, "http-502", None, None)),
        (Answer(b"", 403), ["HEAD", "GET"], (None, "blocked-forbidden", None, None)),
        (Answer(b"", 302, headers=(("Location", "/"),)), ["HEAD", "GET"], (False, "soft-404", None, None)),
    ],
    ids=["there", "head-refused", "head-unknown", "head-tells-nothing", "head-tells-of-a-page", "a-page", "empty", "gone", "broken",
         "gateway", "forbidden", "sent-home"],
)  # fmt: skip
def test_a_file_is_tried_and_never_downloaded(
    answer: Page, methods: list[str], want: tuple[bool | None, str | None, str | None, int | None], crawl: Crawls
) -> None:
    with served(site_with({"/files/a.pdf": answer})) as site:
        one = crawl(site.base + "/")
        tried = [asked for asked in site.asked if asked.target == "/files/a.pdf"]
        target = links(one)["a.pdf"]
        (visit,) = target.visits
    assert [asked.method for asked in tried] == methods
    assert all(asked.headers.get("range") == "bytes=0-1023" for asked in tried if asked.method == "GET")
    assert (visit.ok, visit.reason, visit.content_type, visit.size) == want
    assert (target.label, target.on, visit.at) == ("a.pdf", f"{site.base}{LIST}t0.html", one.now)
    assert one.crawl.state == "complete"  # what a link leads to is no page of the crawl
    assert one.crawl.faults == {}


def test_what_was_there_is_not_tried_again_and_what_was_not_is(crawl: Crawls) -> None:
    with served(site_with({"/files/a.pdf": PDF, "/files/b.pdf": Answer(b"", 404)})) as site:
        crawl(site.base + "/", "2026-11-20")
        assert sorted(asked_for(site)) == [("GET", "/files/b.pdf"), ("HEAD", "/files/a.pdf"), ("HEAD", "/files/b.pdf")]
        two = crawl(site.base + "/", "2026-11-21")
        assert asked_for(site) == [("HEAD", "/files/b.pdf"), ("GET", "/files/b.pdf")]
        assert visits(links(two)["b.pdf"]) == [(20, False, "http-404"), (21, False, "http-404")]
        site.pages["/files/b.pdf"] = PDF
        three = crawl(site.base + "/", "2026-11-22")
        assert visits(links(three)["b.pdf"]) == [(20, False, "http-404"), (21, False, "http-404"), (22, True, None)]
        asked_for(site)
        crawl(site.base + "/", "2026-11-23")
        assert asked_for(site) == []


def test_a_missing_file_is_tried_as_long_as_its_document_offers_it(crawl: Crawls) -> None:
    pages = site_with({"/files/a.pdf": Answer(b"", 404)})
    pages[LIST] = listing("政策文件", [(f"{LIST}t0.html", "关于第0号事项的通知", "2026-03-20")])
    pages[f"{LIST}t0.html"] = article("关于第0号事项的通知", "2026-03-20", extra='<p>附件：<a href="/files/a.pdf">a.pdf</a></p>')
    with served(pages) as site:
        crawl(site.base + "/", "2026-11-20")
        asked_for(site)
        crawl(site.base + "/", "2026-11-21")
        asked = [one.target for one in site.asked]
        assert f"{LIST}t0.html" not in asked  # the document is known and was not read today
        assert asked.count("/files/a.pdf") == 2
        # Mended: the row bears another title, so that the document is read again, and offers another file.
        site.pages[LIST] = listing("政策文件", [(f"{LIST}t0.html", "关于第0号事项的通知（更正）", "2026-03-20")])
        new = '<p>附件：<a href="/files/new.pdf">a.pdf</a></p>'
        site.pages |= {f"{LIST}t0.html": article("关于第0号事项的通知（更正）", "2026-03-20", extra=new), "/files/new.pdf": PDF}
        crawl(site.base + "/", "2026-11-22")
        assert asked_for(site, "/files/new") == [("HEAD", "/files/new.pdf")]
        four = crawl(site.base + "/", "2026-11-23")
        assert asked_for(site) == []
    assert visits(links(four)["new.pdf"]) == [(22, True, None)]


def test_a_web_page_in_place_of_a_file_is_tried_again_until_a_file_is_there(crawl: Crawls) -> None:
    with served(site_with({"/files/a.pdf": Answer(b"<html>error</html>", content_type="text/html")})) as site:
        crawl(site.base + "/", "2026-11-20")
        asked_for(site)
        two = crawl(site.base + "/", "2026-11-21")
        assert asked_for(site) == [("HEAD", "/files/a.pdf"), ("GET", "/files/a.pdf")]
        assert [visit.at.day for visit in links(two)["a.pdf"].visits] == [20, 21]
        site.pages["/files/a.pdf"] = PDF
        crawl(site.base + "/", "2026-11-22")
        asked_for(site)
        crawl(site.base + "/", "2026-11-23")
        assert asked_for(site) == []


def test_pictures_and_files_of_the_home_page_are_tried_and_again_while_missing(crawl: Crawls) -> None:
    shown = '<a href="/files/gone.jpg"><img src="/files/gone.jpg"></a><img src="/files/there.png"><img src="https://img.example.cn/x.png">'
    pages = site_with({}, extra={"/files/there.png": Answer(b"x" * 99, content_type="image/png")})
    pages["/"] = page("示例区人民政府", nav([(LIST, "政策文件")]) + shown)
    with served(pages) as site:
        one = crawl(site.base + "/", "2026-11-20")
        assert sorted(asked_for(site)) == [("GET", "/files/gone.jpg"), ("HEAD", "/files/gone.jpg"), ("HEAD", "/files/there.png")]
        assert {name: target.on for name, target in links(one, LinkKind.PAGE).items()}["gone.jpg"] == site.base + "/"
        two = crawl(site.base + "/", "2026-11-21")
        assert sorted(asked_for(site)) == [("GET", "/files/gone.jpg"), ("HEAD", "/files/gone.jpg")]
        assert visits(links(two, LinkKind.PAGE)["gone.jpg"]) == [(20, False, "http-404"), (21, False, "http-404")]


def test_files_come_after_all_pages_the_newest_documents_first_within_the_crawl_s_pages(crawl: Crawls) -> None:
    files: dict[str, Page] = {f"/files/{index}.pdf": PDF for index in range(4)}
    with served(site_with(files)) as site:
        ended = crawl(site.base + "/", crawl={"delay": 0, "concurrency": 1, "render": "never", "max_pages": 8})
        order = [one.target for one in site.asked if one.target != "/robots.txt"]
        assert order[-2:] == ["/files/0.pdf", "/files/1.pdf"]  # six pages, two files
        assert [target for target in order[:-2] if target.startswith("/files/")] == []
        assert ended.crawl.state == "complete"


def test_robots_and_the_day_s_budget_hold_for_files_too(crawl: Crawls) -> None:
    robots = {"/robots.txt": Answer(b"User-agent: *\nDisallow: /files/", content_type="text/plain")}
    with served(site_with({"/files/a.pdf": PDF}, extra={**robots})) as site:
        one = crawl(site.base + "/")
        assert asked_for(site) == []
        assert visits(links(one)["a.pdf"]) == [(21, None, "robots-disallowed")]


def test_a_file_behind_a_gate_is_no_page_to_explore(crawl: Crawls) -> None:
    guide = article("示例区政府信息公开指南", "2026-01-08", extra='<p>附件：<a href="/files/down.jsp?name=a.docx">指南.docx</a></p>')
    with served(
        site_with({}, extra={"/zn/": guide, "/files/down.jsp": Answer(b"a file", content_type="application/octet-stream")})
    ) as site:
        site.pages["/"] = page("示例区人民政府", nav([(LIST, "政策文件"), ("/zn/", "政府信息公开指南")]))
        one = crawl(site.base + "/")
        assert asked_for(site) == [("HEAD", "/files/down.jsp?name=a.docx")]
        assert one.crawl.state == "complete"


def test_a_spent_budget_leaves_files_for_another_day(crawl: Crawls) -> None:
    rules = {"delay": 0, "concurrency": 1, "render": "never", "daily_budget": 6}  # robots.txt, home, list, two documents, one file
    with served(site_with({"/files/a.pdf": PDF, "/files/b.pdf": PDF})) as site:
        one = crawl(site.base + "/", "2026-11-20", crawl=rules)
        assert sorted(links(one)) == ["a.pdf"]
        two = crawl(site.base + "/", "2026-11-21", crawl=rules | {"daily_budget": 100})
        assert sorted(links(two)) == ["a.pdf", "b.pdf"]
        assert two.crawl.state == "complete"


def test_a_file_on_another_host_is_tried_as_what_leads_off_the_site_is(crawl: Crawls) -> None:
    with served({"/files/a.pdf": PDF}) as other:
        pages = site_with({f"{other.base}/files/a.pdf": PDF})
        with served(pages) as site:
            # Another row of the registry vouches for the host, so that it may lie on loopback.
            row: dict[str, Any] = {"id": "store", "name": "文件库", "profile": "town", "home": other.base + "/"}
            vouched = crawl(site.base + "/", others=(row,))
            assert visits(links(vouched)["a.pdf"]) == [(21, True, None)]
            assert [one.method for one in other.asked if one.target != "/robots.txt"] == ["HEAD"]


def test_a_file_on_a_private_address_is_not_asked_for(crawl: Crawls) -> None:
    with served({"/files/a.pdf": PDF}) as inside, served(site_with({f"{inside.base}/files/a.pdf": PDF})) as site:
        one = crawl(site.base + "/")
        assert inside.asked == []
        assert visits(links(one)["a.pdf"]) == [(21, None, "private-address")]


# --- pages of the site ---------------------------------------------------------------------------------


def test_dead_pages_are_kept_with_the_place_of_their_link_and_living_ones_are_not(crawl: Crawls) -> None:
    dead = [(f"{LIST}gone.html", "关于已撤下事项的通知", "2026-11-19"), (f"{LIST}t0.html", "关于第0号事项的通知", "2026-11-20")]
    pages = site_with({}, extra={LIST: listing("政策文件", dead), "/x/old/": Answer(b"", 500)})
    pages["/"] = page("示例区人民政府", nav([(LIST, "政策文件"), ("/x/old/", "旧专题")]))
    with served(pages) as site:
        one = crawl(site.base + "/", "2026-11-20")
        found = {target.url.removeprefix(site.base): target for target in one.view.links}
        assert sorted(found) == ["/x/old/", f"{LIST}gone.html"]
        gone, old = found[f"{LIST}gone.html"], found["/x/old/"]
        assert (gone.kind, gone.label, gone.on) == (LinkKind.PAGE, "关于已撤下事项的通知", site.base + LIST)
        assert (old.label, old.on) == ("旧专题", site.base + "/")
        assert (visits(gone), visits(old)) == ([(20, False, "http-404")], [(20, False, "http-500")])
        site.pages["/x/old/"] = page("旧专题", "<p>还在。</p>" * 10)
        two = crawl(site.base + "/", "2026-11-21")
        found = {target.url.removeprefix(site.base): target for target in two.view.links}
        assert visits(found["/x/old/"]) == [(20, False, "http-500"), (21, True, None)]
        assert visits(found[f"{LIST}gone.html"]) == [(20, False, "http-404"), (21, False, "http-404")]
        assert one.view.links == crawl_view_of_day_one(two, one)


def crawl_view_of_day_one(later: Crawled, first: Crawled) -> tuple[LinkTarget, ...]:
    later.now = first.now
    return later.view.links


def test_a_site_behind_a_fence_has_no_dead_links(crawl: Crawls) -> None:
    columns = [("/a/", "政策文件"), ("/b/", "政策解读"), ("/c/", "公开指南"), ("/d/", "公开年报")]
    with served({"/": page("示例区人民政府", nav(columns))}) as site:
        one = crawl(site.base + "/")
        assert {visits(target)[0][1:] for target in one.view.links} == {(None, "blocked-fence")}


# --- what leads up and off the site ---------------------------------------------------------------------


def test_the_guides_that_a_portal_lists_of_its_units_are_asked_for(crawl: Crawls) -> None:
    table = "<h2>公开指南</h2><table><tr><td>示例镇</td><td><a href='/town/zn/'>公开指南</a></td><td><a href='/town/ml/'>公开目录</a></td></tr></table>"
    text = "<p>本指南说明信息的分类、编排体系和获取方式，以及各单位的名称、办公地址、办公时间、联系电话。</p>" * 4
    with served({
        "/": page("示例区", nav([("/zfxxgk/", "政府信息公开"), ("/zn/", "公开指南")])), "/zfxxgk/": page("政府信息公开", nav([("/zn/", "公开指南")])),
        "/zn/": page("公开指南", table + text), "/town/": page("示例镇", ""), "/town/zn/": page("公开指南", text),
    }) as site:  # fmt: skip
        town = {"id": "town", "name": "示例镇", "profile": "town", "home": site.base + "/town/", "parent": "unit"}
        one = crawl(site.base + "/", others=(town,))
        told = {link.url.removeprefix(site.base): [visit.ok for visit in link.visits] for link in one.view.links}
        assert (told["/town/zn/"], told["/town/ml/"]) == ([True], [False])


def test_a_plan_s_column_is_asked_where_it_leads_up_to(crawl: Crawls) -> None:
    side = (
        '<div class="right"><a href="{up}/ghjh/">市规划专栏</a><a href="{up}/">市政府</a><a href="http://shop.example.com/">商店</a></div>'
    )
    with served({"/": "市政府", "/ghjh/": page("规划", "规划")}) as city, served(site_with({})) as site:
        rows = [("/ghjh/1.html", "示例区国民经济和社会发展第十五个五年规划纲要", "2026-11-02")]
        site.pages |= {
            "/": page("示例区人民政府", nav([(LIST, "政策文件"), ("/ghjh/", "规划计划")])),
            "/ghjh/": listing("规划计划", rows, below=side.replace("{up}", city.base)),
            "/ghjh/1.html": article(rows[0][1], rows[0][2]),
        }
        upper: dict[str, Any] = {
            "id": "city", "name": "市", "level": "city", "role": "upstream", "home": city.base + "/",
            "must_repost": {"columns": [city.base + "/zyzc/"], "title_any": []},
        }  # fmt: skip
        one = crawl(site.base + "/", others=(upper,), upper=["city"])
        found = {target.url.removeprefix(city.base): target for target in one.view.links if target.kind is LinkKind.EXTERNAL}
        assert sorted(found) == ["/", "/ghjh/"]
        assert (found["/ghjh/"].label, found["/ghjh/"].on) == ("市规划专栏", site.base + "/ghjh/")
        assert visits(found["/ghjh/"]) == [(21, True, None)]
        column = one.column("规划计划")
        assert column.page is not None
        assert f"{city.base}/ghjh/" in [link.url for link in column.page.links]


# --- IPv6 ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("known", [True, False, None])
@pytest.mark.parametrize("spider", ["availability", "disclosure"])
def test_whether_the_name_has_an_ipv6_address(known: bool | None, spider: str, crawl: Crawls) -> None:
    asked: list[str] = []

    async def look_up(_host: str) -> tuple[str, ...]:
        return ("127.0.0.1", "8.8.8.8")

    async def ipv6(host: str) -> bool | None:
        asked.append(host)
        return known

    with served(site_with({})) as site:
        book = AddressBook(look_up, ipv6=ipv6)
        one = crawl(site.base + "/", traffic=Traffic(Waits().pacer(), book), spider=spider)
        assert [probe.ipv6 for probe in one.view.probes] == [None]  # an address written out has no name to look up
        assert asked == []
        named = crawl(
            site.base.replace("127.0.0.1", "localhost") + "/", "2026-11-22", traffic=Traffic(Waits().pacer(), book), spider=spider
        )
        assert asked == ["localhost"]
        assert named.view.probes[-1].ipv6 is known
