"""Mutilated pages: no exception, no page over a second, nothing that grows without bound."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crawler.extract.dates import find_dates, parse_date
from crawler.extract.document import document_evidence, read_document
from crawler.extract.page import Page
from crawler.extract.read import read as whole_page
from data.errors import InputError
from data.records import DateRole

PAGES = [path.read_bytes() for path in sorted((Path(__file__).parent / "cases").glob("*.html"))]
PIECES = st.sampled_from(
    [
        b"<table><tr><td>",
        b"</td>",
        b"<td>\xe7\xb4\xa2 \xe5\xbc\x95 \xe5\x8f\xb7\xef\xbc\x9a</td>",
        b"</div></div>",
        b"<div>",
        b"<li style=<br/>",
        b"<a href='",
        b"<!--",
        b"-->",
        b"<script>",
        b"\x00\xff\xfe",
        b"\xe5\x8f\x91\xe5\xb8\x83\xe6\x97\xb6\xe9\x97\xb4\xef\xbc\x9a2026-02-31 25:61",
        b"<font><center>",
        b"<UCAPCONTENT>",
        b"&#x1f;",
        b"]]>",
        b"<?xml ?>",
        b"<meta name=PubDate content=>",
        b"</html>",
        b"<a><div>",
        b"<p>" * 50,
    ]
)
QUICK = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def read(body: bytes) -> None:
    started = time.process_time()
    try:
        page = Page(body, "http://a.example.gov.cn/zwgk/202611/t20261113_1.html")
    except InputError:
        return
    read_document(page)
    document_evidence(page)
    assert time.process_time() - started < 15.0  # no measure of speed: a reading that blows up would take minutes


@QUICK
@given(st.sampled_from(PAGES), st.lists(st.tuples(st.floats(0, 1), st.floats(0, 0.3), PIECES), max_size=6))
def test_mutilated_pages_are_read(page: bytes, cuts: list[tuple[float, float, bytes]]) -> None:
    for at, length, piece in cuts:
        start = int(at * len(page))
        page = page[:start] + piece + page[start + int(length * len(page)) :]
    read(page)


@QUICK
@given(st.binary(max_size=3000))
def test_noise_is_read_or_refused(noise: bytes) -> None:
    read(b"<html><body>" + noise)


@QUICK
@given(st.text(max_size=80))
def test_dates_never_raise(text: str) -> None:
    parse_date(text, DateRole.PUBLISHED, "fuzz")
    parse_date(text, DateRole.LIST, "fuzz", year=2026)
    find_dates(text)


@QUICK
@given(st.text(alphabet="0123456789年月日-/.: 〇一二十零○时分秒TZ+上下午至", max_size=40))
def test_date_like_texts_never_raise(text: str) -> None:
    parse_date(text, DateRole.PUBLISHED, "fuzz", year=2026)
    find_dates(text)


SENTENCE = "各单位要提高认识，明确责任，抓好落实。".encode()


@pytest.mark.parametrize(
    "body",
    [
        b"<html><body>" + b"<div>" * 100_000 + SENTENCE,
        b"<html><body>" + b"<font>" * 100_000 + SENTENCE,
        b"<html><body>" + b"<table><tr><td>" * 30_000 + SENTENCE,
        b"<html><body>" + b"<a href=x>" * 50_000 + SENTENCE,
        b"<html><body><div title='" + b"a" * 1_000_000 + b"'>" + SENTENCE,
        b"<html><body><div class=" + b"zoom-" * 200_000 + b">" + SENTENCE,
        b"<html><body><p>" + b" " * 500_000 + SENTENCE,
        b"<html><body><p>" + b"<span> </span>" * 50_000 + SENTENCE,
        b"<html><body><p>" + "索引号：".encode() * 20_000,
        b"<html><body>" + "<p>索引号：</p>".encode() * 10_000,
        b"<html><body>" + "<div><div>发布时间：2026-01-02</div></div>".encode() * 5_000,
        b"<html><body><h1>" + "关于通知".encode() * 20_000,
        b"<html><body><p>" + "2026年1月2日".encode() * 20_000,
        "<html><body><p>当前位置：".encode() + "<a href=x>首页</a> &gt; ".encode() * 5_000,
        b"<html><body>" + b"<br>" * 100_000 + SENTENCE,
        b"<html><body>" + b"<p><a href='a.pdf'>x.pdf</a></p>" * 8_000,
    ],
    ids=[
        "divs",
        "fonts",
        "tables",
        "anchors",
        "attribute",
        "class",
        "spaces",
        "spans",
        "labels",
        "label-lines",
        "pairs",
        "heading",
        "dates",
        "trail",
        "breaks",
        "files",
    ],
)
def test_monsters_are_read_within_seconds(body: bytes) -> None:
    started = time.process_time()
    read_document(Page(body, "http://a.example.gov.cn/x.html"))
    assert time.process_time() - started < 30.0


ROW = '<li><a href="t{0}.html">关于停车管理第{0}号的通知</a><span>2026-11-13</span></li>'
HEAD = "<html><head><title>关于停车管理的通知</title></head><body><h1>关于停车管理的通知</h1><p>发布时间：2026-11-13 来源：示例局</p>"


@pytest.mark.parametrize(
    ("body", "marks"),
    [
        (HEAD + "<p>现就停车管理有关事项通知如下，请遵照执行。</p>" * 800_000, {"truncated-input"}),
        (HEAD + "<div>" * 100_000 + "正文", {"truncated-depth"}),
        (HEAD + f"<img alt='{'x' * 1_000_000}'><p>现就停车管理有关事项通知如下，请遵照执行。</p>", {"truncated-attribute"}),
        ("<html><body><ul>" + "".join(map(ROW.format, range(12_000))) + "</ul>", {"truncated-rows"}),
        ("<html><body><ul>" + "".join(map(ROW.format, range(30_000))) + "</ul>", {"truncated-input", "truncated-rows"}),
        (HEAD + f"<img src='data:image/png;base64,{'A' * 14_000_000}'><p>现就停车管理有关事项通知如下，请遵照执行。</p>", set()),
    ],
    ids=["fifty-megabytes", "depth", "attribute", "rows", "rows-and-megabytes", "picture-inside"],
)
def test_what_is_too_much_is_cut_and_said(body: str, marks: set[str]) -> None:
    reading = whole_page(body.encode(), "http://a.example.gov.cn/x/t20261113_1.html")
    assert {mark for mark in reading.marks if mark.startswith("truncated-")} == marks
    if reading.document is not None:
        assert (reading.document.title, str(reading.document.published_at)[:10]) == ("关于停车管理的通知", "2026-11-13")


def test_a_cut_tears_no_character() -> None:
    page = Page(("<html><body>" + "<p>有关事项</p>" * 400_000).encode(), "http://a.example.gov.cn/x.html")
    assert (page.encoding, page.encoding_conflict) == ("utf-8", None)


@pytest.mark.parametrize("paragraphs", [3, 500, 5000])
def test_a_long_text_of_short_lines_keeps_its_head(paragraphs: int) -> None:
    reading = whole_page((HEAD + "<p>示例一中第三教学楼一层教室</p>" * paragraphs).encode(), "http://a.example.gov.cn/x.html")
    assert reading.document is not None
    assert (reading.document.title, str(reading.document.published_at)[:10]) == ("关于停车管理的通知", "2026-11-13")
