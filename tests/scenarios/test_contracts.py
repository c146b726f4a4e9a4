"""One site that pages each of its columns in another way, crawled: rows, documents and the evidence of each walk's end."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from data.records import CrawlState, Walk, WalkState
from data.urls import url_key
from tests.support.dialects import rows, site
from tests.support.pagers import DIALECTS
from tests.support.pages import article, nav, page
from tests.support.sites import Answer, Crawled, Crawls, Page, served

pytestmark = pytest.mark.slow

COUNT, SIZE, PAGES = 9, 4, 3
BY_NAME = {one.name: one for one in DIALECTS}


def folder(name: str) -> str:
    return f"/art/{name}"


def government(*names: str) -> dict[str, Page]:
    """A home page that leads to a column for each dialect, or for these, their pages and their documents."""
    dialects = [BY_NAME[name] for name in names] or DIALECTS
    pages: dict[str, Page] = {"/": page("示例区人民政府", nav([(one.address(1, PAGES), f"栏目{one.name}") for one in dialects]))}
    for one in dialects:
        pages |= site(one, COUNT, SIZE, name=f"栏目{one.name}", folder=folder(one.name))
        pages |= {url: article(f"{title}（{one.name}）", day) for url, title, day in rows(COUNT, folder(one.name))}
    return pages


def last_walk(crawled: Crawled, base: str, name: str) -> Walk:
    wanted = url_key(base + BY_NAME[name].address(1, PAGES))
    column = next(column for column in crawled.view.columns if url_key(column.url) == wanted)
    return column.walks[-1]


def third(name: str) -> str:
    return BY_NAME[name].address(3, PAGES)


def second(name: str) -> str:
    return BY_NAME[name].address(2, PAGES)


@pytest.fixture(scope="module")
def crawls(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crawls]:
    made = Crawls(tmp_path_factory.mktemp("contracts"))
    yield made
    made.close()


@pytest.fixture(scope="module")
def honest(crawls: Crawls) -> Iterator[tuple[Crawled, str]]:
    with served(government()) as running:
        yield crawls(running.base + "/"), running.base


@pytest.mark.parametrize("name", BY_NAME)
def test_every_row_and_document_is_found(honest: tuple[Crawled, str], name: str) -> None:
    crawled, base = honest
    walk = last_walk(crawled, base, name)
    assert (walk.state, walk.entries) == (WalkState.COMPLETE, COUNT), walk
    held = {document.url for document in crawled.view.documents}
    assert {base + url for url, _, _ in rows(COUNT, folder(name))} <= held


def test_nothing_else_is_held(honest: tuple[Crawled, str]) -> None:
    crawled, _ = honest
    assert crawled.crawl.state is CrawlState.COMPLETE
    assert len(crawled.view.documents) == COUNT * len(DIALECTS)


SLIDER = "<html><head><title>请稍候…</title></head><body><div id='puzzle-vcode'>请拖动滑块完成拼图</div></body></html>"


def test_walks_that_break_say_why(tmp_path: Path) -> None:
    """A server error, a slider, a challenge, a torn page, a pager that leads to another host."""
    pages = government("p1-trs", "p2-hubei", "p3-hunan", "p6-chongqing", "p16-vsb", "p20-padded")
    pages[third("p1-trs")] = Answer("系统错误".encode(), 500)
    pages[second("p3-hunan")] = SLIDER
    pages[second("p6-chongqing")] = Answer(b"<script>$_ts=window['$_ts'];$_ts.nsd=1;</script>", 412)
    whole = pages[second("p16-vsb")]
    assert isinstance(whole, str)
    pages[second("p16-vsb")] = whole[: whole.index("第5号")]
    first = pages[BY_NAME["p20-padded"].address(1, PAGES)]
    assert isinstance(first, str)
    pages[BY_NAME["p20-padded"].address(1, PAGES)] = first.replace('href="/zwgk/lb/', 'href="http://other.example:8080/zwgk/lb/')
    crawls = Crawls(tmp_path)
    with served(pages) as running:
        crawled = crawls(running.base + "/")
        reasons = {name: last_walk(crawled, running.base, name) for name in ("p1-trs", "p3-hunan", "p6-chongqing", "p16-vsb", "p20-padded")}
        assert {name: (walk.state, walk.reason) for name, walk in reasons.items()} == {
            "p1-trs": (WalkState.INCOMPLETE, "http-500"),
            "p3-hunan": (WalkState.INCOMPLETE, "blocked-captcha"),
            "p6-chongqing": (WalkState.INCOMPLETE, "blocked-challenge"),
            "p16-vsb": (WalkState.INCOMPLETE, "page-cut"),
            "p20-padded": (WalkState.INCOMPLETE, "redirected-off-site"),
        }
        assert last_walk(crawled, running.base, "p2-hubei").state is WalkState.COMPLETE
    crawls.close()
