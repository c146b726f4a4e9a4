"""Dates and numbers of a document whose parts stand in elements or lines of their own."""

from __future__ import annotations

import pytest

from crawler.extract.document import read_document
from crawler.extract.page import Page
from data.records import DocumentReading

H1 = "<h1>关于做好示例工作的通知</h1>"
TEXT = (
    "<p>为贯彻落实有关部署，进一步做好相关工作，现就有关事项通知如下，请遵照执行。</p>"
    "<p>一、加强领导。各单位要提高认识，明确责任，抓好落实，确保取得实效。</p>"
)


def read(head: str, text: str = TEXT) -> DocumentReading:
    page = f"<html><head><title>关于做好示例工作的通知</title></head><body>{head}<div class='content'>{text}</div></body></html>"
    return read_document(Page(page.encode(), "http://a.example.gov.cn/gk/1.html"))


DATES = [
    '<div class="date"><b>11-05</b><i>2026</i></div>',
    '<div class="date"><b>2026</b><i>11-05</i></div>',
    '<div class="date"><div>2026</div><div>11-05</div></div>',
    '<div class="date"><p>2026年</p><p>11月05日</p></div>',
    '<p class="time">2026<br>11/05</p>',
    "<div><strong>5</strong><span>2026.11</span></div>",
    "<div><em>05</em><em>11月</em><em>2026年</em></div>",
    "<div><em>2026</em>-<em>11</em>-<em>05</em></div>",
    '<div><span class="date"><b>11-05</b><i>2026</i></span><span>来源：示例局</span></div>',
    "<div><span>发布日期</span><b>11-05</b><i>2026</i><span>来源：示例局</span></div>",
    "<p>发布日期：<b>11-05</b><i>2026</i></p>",
    "<div><div>发布时间</div><div><p>2026</p><p>11-05</p></div></div>",
    "<div><div>发布时间</div><div>2026-11-05</div></div>",
    '<p>2026-11-05 <a href="http://x.example/">来源：示例市住房和城乡建设局</a></p>',
]


@pytest.mark.parametrize("below", [True, False], ids=["below", "above"])
@pytest.mark.parametrize("line", DATES)
def test_a_publication_date_may_stand_in_parts(line: str, below: bool) -> None:
    got = read(H1 + line if below else line + H1)
    assert str(got.published_at) == "2026-11-05 00:00:00+08:00"
    assert got.title == "关于做好示例工作的通知"
    assert got.body.startswith("为贯彻落实")


@pytest.mark.parametrize(
    "line",
    [
        '<div class="date"><p>2026</p><p>第5期</p></div>',
        "<div><b>11-05</b></div>",
        "<div><b>13-45</b><i>2026</i></div>",
        "<div><b>2026</b><i>100</i></div>",
    ],
)
def test_what_is_no_whole_date_is_none(line: str) -> None:
    assert read(H1 + line).published_at is None


def test_parts_in_the_text_are_no_publication() -> None:
    assert read(H1, TEXT + "<div><b>11-05</b><i>2026</i></div>" + TEXT).published_at is None


NUMBERS = [
    "示政办发<br>〔2026〕<br>12号",
    "<span>示政办发</span><span>〔2026〕</span><span>12号</span>",
    "<font>示政办发</font><b>〔2026〕</b>12<i>号</i>",
    "示政办发 〔2026〕 12号",
    "<p>示政办发</p><p>〔2026〕12号</p>",
    "<div>示政办发〔2026〕</div><div>12号</div>",
]
PLACES = {
    "cell": "<table><tr><td>索引号：</td><td>A-1</td></tr><tr><td>文号：</td><td>{}</td></tr></table>" + H1,
    "cell without a colon": "<table><tr><td>索引号</td><td>A-1</td></tr><tr><td>文号</td><td>{}</td></tr><tr><td>成文日期</td><td></td></tr></table>"
    + H1,
    "line": "<div>文号：{}</div><div>成文日期：2026-11-03</div>" + H1,
    "under the title": H1 + "<div>{}</div>",
}


@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES)
@pytest.mark.parametrize("number", NUMBERS)
def test_a_number_may_stand_in_parts(number: str, place: str) -> None:
    assert read(place.format(number)).doc_number == "示政办发〔2026〕12号"


def test_a_number_in_parts_opens_the_text() -> None:
    assert read(H1, "<p>示政办发</p><p>〔2026〕</p><p>12号</p>" + TEXT).doc_number == "示政办发〔2026〕12号"


@pytest.mark.parametrize("lines", ["<p>会议通知</p><p>〔2026〕12号</p>", "<p>示政办发</p><p>第12号议案由办公室办理。</p>"])
def test_lines_that_make_no_number_are_left_apart(lines: str) -> None:
    assert read(H1, lines + TEXT).doc_number is None


@pytest.mark.parametrize(
    "shown",
    [
        "2026-11-20 星期五 10:21",
        "2026年11月20日（星期五）上午10:21",
        "2026/11/20&nbsp;周五&nbsp;10:21",
        "星期五 2026-11-20 10:21",
        "2026-11-20,星期五,10:21",
        "2026-11-20 Friday 10:21",
    ],
)
@pytest.mark.parametrize(
    "line",
    ["<p>发布时间：{} 来源：示例局</p>", "<p>{} 来源：示例局</p>", "<p>{}</p>", "<table><tr><td>发布日期</td><td>{}</td></tr></table>"],
)
def test_the_day_of_the_week_may_stand_in_a_date(shown: str, line: str) -> None:
    got = read(H1 + line.format(shown))
    assert str(got.published_at) == "2026-11-20 10:21:00+08:00"
    assert got.published_precision is not None
    assert got.published_precision.value == "minute"


def test_a_label_with_spaced_letters_keeps_its_meaning_before_a_date() -> None:
    got = read("<p>成文&nbsp;&nbsp;日期 2026-11-03 主题 综合</p>" + H1)
    assert str(got.made_on) == "2026-11-03"
    assert got.published_at is None
