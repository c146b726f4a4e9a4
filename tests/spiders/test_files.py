"""Files that are read: which a crawl asks for, what is kept of them, what the next day asks again, and what a replay and a recheck do."""

from __future__ import annotations

from typing import Any

import pytest

from crawler.archive import ArchiveReader
from crawler.evidence import Prover
from crawler.focus import Focus
from data.records import Document, Evidence, LinkKind
from simgov import files
from tests.spiders.test_links import LIST, asked_for, links, site_with
from tests.support.pages import article, listing, nav, page
from tests.support.sites import Answer, Asked, Crawled, Crawls, Page, Waits, served

TEXT = "示例区政务公开工作要点\n各镇人民政府、区政府各部门应当按照要求做好政府信息公开工作，现将有关事项通知如下。"
PDF = Answer(files.text_pdf(TEXT), content_type="application/pdf")


def reading(**options: Any) -> dict[str, Any]:
    return {"delay": 0, "concurrency": 8, "render": "never", **options}


def seen(one: Crawled) -> dict[str, tuple[str | None, str]]:
    """By the last part of its address: why a file was not read, and how its text begins."""
    return {file.url.rsplit("/", 1)[-1]: (file.file.why, file.file.text[:11]) for document in one.view.documents for file in document.files}


def document(one: Crawled, number: int = 0) -> Document:
    return next(found for found in one.view.documents if found.url.endswith(f"t{number}.html"))


def test_files_are_read_archived_and_proved(crawl: Crawls) -> None:
    offered: dict[str, Page] = {
        "/files/a.pdf": PDF,
        "/files/scan.pdf": Answer(files.scanned_pdf(), content_type="application/pdf"),
        "/files/b.docx": Answer(files.docx(TEXT.split("\n")), content_type="application/octet-stream"),
        "/files/page.pdf": Answer(b"<html><body>" + "请登录后下载本文件".encode() * 60 + b"</body></html>"),
        "/files/old.doc": Answer(files.doc()),
    }
    with served(site_with(offered)) as site:
        one = crawl(site.base + "/", crawl=reading())
        asked = sorted(asked_for(site))
    gets = [f"/files/{name}" for name in ("a.pdf", "b.docx", "old.doc", "page.pdf", "scan.pdf")]
    assert asked == [*(("GET", name) for name in gets), ("HEAD", "/files/old.doc")]  # whoever reads a file need not try it
    assert seen(one) == {
        "a.pdf": (None, "示例区政务公开工作要点"), "b.docx": (None, "示例区政务公开工作要点"), "scan.pdf": ("no-text-layer", ""),
        "page.pdf": ("web-page", ""),
    }  # fmt: skip
    assert links(one)["a.pdf"].visits[0].ok is True
    assert (links(one)["page.pdf"].visits[0].content_type, links(one)["old.doc"].visits[0].ok) == ("text/html", True)
    (file,) = document(one).files
    proof = Prover(crawl.database, crawl.archives[0].parent.parent).prove([Evidence(file.url, file.observed_at, file.sha256, "附件")])
    assert (proof[0].fault, proof[0].body) == (None, PDF.body)


def test_what_is_missing_too_large_or_another_s_is_named(crawl: Crawls) -> None:
    with served({}) as other:
        offered: dict[str, Page] = {
            "/files/gone.pdf": Answer(b"", 404),
            "/files/big.pdf": Answer(PDF.body + b"\n" * 5000, content_type="application/pdf"),
            other.base + "/x.pdf": PDF,
        }
        with served(site_with(offered)) as site:
            one = crawl(site.base + "/", crawl=reading(max_file_bytes=5000))
            assert seen(one) == {"gone.pdf": ("http-404", ""), "big.pdf": ("too-large", "")}
        assert all(asked.method == "HEAD" or "range" in asked.headers for asked in other.asked if asked.target == "/x.pdf")
    assert {name: target.visits[0].ok for name, target in links(one).items()} == {"gone.pdf": False, "big.pdf": True, "x.pdf": None}
    assert one.crawl.state == "complete"


def test_switched_off(crawl: Crawls) -> None:
    with served(site_with({"/files/a.pdf": PDF})) as site:
        one = crawl(site.base + "/", crawl=reading(files_per_crawl=0))
        assert asked_for(site) == [("HEAD", "/files/a.pdf")]
    assert seen(one) == {}


def test_the_newest_first_and_the_rest_on_the_next_days(crawl: Crawls) -> None:
    with served(site_with({f"/files/{name}.pdf": PDF for name in "abc"})) as site:
        crawl(site.base + "/", "2026-11-20", crawl=reading(files_per_crawl=1))
        first = [target for method, target in asked_for(site) if method == "GET"]
        one = crawl(
            site.base + "/", "2026-12-20", crawl=reading(files_per_crawl=1)
        )  # the documents are not read again; what they offer is known
        second = [target for method, target in asked_for(site) if method == "GET"]
    assert (first, second) == (["/files/a.pdf"], ["/files/b.pdf"])
    assert set(seen(one)) == {"a.pdf", "b.pdf"}


def test_what_no_page_tells_comes_before_what_is_newer(crawl: Crawls) -> None:
    pages = site_with({"/files/new.pdf": PDF, "/files/old.pdf": PDF})
    pages[f"{LIST}t1.html"] = article(
        "关于第1号事项的通知", "2026-11-19", body="<p>详见附件。</p>", extra='<p>附件：<a href="/files/old.pdf">old.pdf</a></p>'
    )
    pages[f"{LIST}t0.html"] = article(
        "关于第0号事项的通知", "2026-11-20", extra=f'<p>{"正文" * 200}</p><p>附件：<a href="/files/new.pdf">new.pdf</a></p>'
    )
    with served(pages) as site:
        crawl(site.base + "/", crawl=reading(files_per_crawl=1))
        assert [target for method, target in asked_for(site) if method == "GET"] == ["/files/old.pdf"]


def conditional(body: bytes, tag: str) -> Page:
    def answer(asked: Asked) -> Answer:
        if asked.headers.get("if-none-match") == tag:
            return Answer(b"", 304, headers=(("ETag", tag),))
        return Answer(body, content_type="application/pdf", headers=(("ETag", tag),))

    return answer


def test_day_two_asks_in_turn_and_conditionally(crawl: Crawls) -> None:
    with served(site_with({"/files/a.pdf": conditional(PDF.body, '"1"')})) as site:
        crawl(site.base + "/", "2026-11-20", crawl=reading())
        asked_for(site)
        for day in ("2026-11-21", "2026-11-22"):
            crawl(site.base + "/", day, crawl=reading())
        assert asked_for(site) == []
        seen_at = []
        for day in ("2026-12-01", "2026-12-10", "2026-12-18"):
            one = crawl(site.base + "/", day, crawl=reading())
            seen_at.append(document(one).files[0].observed_at)
        again = [asked for asked in site.asked if asked.target == "/files/a.pdf"]
        assert len(again) == 1
        assert document(one).files[0].file.text.startswith("示例区政务公开工作要点")


def test_a_changed_file_is_read_anew_and_an_earlier_view_is_as_it_was(crawl: Crawls) -> None:
    with served(site_with({"/files/a.pdf": Answer(b"", 404)})) as site:
        first = crawl(site.base + "/", "2026-11-20", crawl=reading())
        site.pages["/files/a.pdf"] = PDF
        second = crawl(site.base + "/", "2026-11-21", crawl=reading())
    assert (seen(first), seen(second)) == ({"a.pdf": ("http-404", "")}, {"a.pdf": (None, "示例区政务公开工作要点")})


def test_rows_of_a_list_and_pages_of_columns_that_are_files(crawl: Crawls) -> None:
    rows = [
        ("/files/r1.pdf", "示例区2025年政府信息公开工作年度报告", "2026-01-20"),
        (f"{LIST}t0.html", "关于第0号事项的通知", "2026-11-20"),
    ]
    pages = site_with({})
    pages[LIST] = listing("政策文件", rows)
    pages["/files/r1.pdf"] = PDF
    pages["/"] = page("示例区人民政府", nav([(LIST, "政策文件"), ("/zwgk/zn/", "政府信息公开指南")]))
    pages["/zwgk/zn/"] = page("政府信息公开指南", '<h1>政府信息公开指南</h1><p>附件：<a href="/files/guide.docx">指南.docx</a></p>')
    pages["/files/guide.docx"] = Answer(files.docx(TEXT.split("\n")))
    with served(pages) as site:
        one = crawl(site.base + "/", crawl=reading())
    row = next(row for row in one.view.listings if row.url is not None and row.url.endswith("r1.pdf"))
    assert row.file is not None
    assert row.file.file.text.startswith("示例区政务公开")
    found = [file.url for column in one.view.columns for file in column.files] + [
        file.url for each in one.view.documents for file in each.files
    ]
    assert f"{site.base}/files/guide.docx" in found


def test_a_replay_reads_the_archived_files(crawl: Crawls, tmp_path_factory: pytest.TempPathFactory) -> None:
    with served(site_with({"/files/a.pdf": PDF, "/download.jsp?id=3": Answer(PDF.body, content_type="application/pdf")})) as site:
        one = crawl(site.base + "/", crawl=reading())
        (archive,) = crawl.archives
    other = Crawls(tmp_path_factory.mktemp("replay"))
    two = other(one.registry.sites[0].home, crawl=reading(), replay=ArchiveReader(archive))
    assert seen(two) == seen(one)
    assert two.crawl.state == one.crawl.state
    assert two.crawl.faults == one.crawl.faults
    other.close()


def test_a_recheck_reads_its_file_again(crawl: Crawls) -> None:
    with served(site_with({"/files/a.pdf": PDF})) as site:
        one = crawl(site.base + "/", "2026-11-20", crawl=reading())
        site.pages["/files/a.pdf"] = Answer(files.text_pdf(TEXT.replace("示例区", "样例县")), content_type="application/pdf")
        asked_for(site, "/")
        focus = Focus(one.view.columns, pages=(f"{site.base}{LIST}t0.html",), files=(f"{site.base}/files/a.pdf",))
        two = crawl(site.base + "/", "2026-11-21", spider="recheck", focus={"unit": focus}, crawl=reading())
        assert [target for _, target in asked_for(site, "/") if target != "/robots.txt"] == [f"{LIST}t0.html", "/files/a.pdf"]
    assert seen(two)["a.pdf"][1].startswith("样例县")


def test_a_host_that_refuses_its_files_is_left_alone_with_them_and_not_as_a_site(crawl: Crawls) -> None:
    waits = Waits()
    with served(site_with({f"/files/{number}.pdf": Answer(b"", 403) for number in range(6)})) as site:
        one = crawl(site.base + "/", crawl=reading(concurrency=1), traffic=waits.traffic())
        assert len([target for _, target in asked_for(site) if target.startswith("/files/")]) == 3
        assert (one.crawl.state, seen(one)) == ("complete", {})
        again = crawl(site.base + "/", "2026-11-21T15:00:00", crawl=reading(concurrency=1))
        assert again.crawl.state == "complete"


def test_a_spent_budget_leaves_the_rest(crawl: Crawls) -> None:
    with served(site_with({f"/files/{number}.pdf": PDF for number in range(8)})) as site:
        one = crawl(site.base + "/", crawl=reading(daily_budget=14))
        assert 0 < len(seen(one)) < 8
        two = crawl(site.base + "/", "2026-11-22", crawl=reading())
    assert len(seen(two)) == 8
    assert {target.kind for target in two.view.links} == {LinkKind.ATTACHMENT}
