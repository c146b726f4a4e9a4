"""Metadata blocks in every markup; what stands in running text is no metadata."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from crawler.extract.fields import read_fields
from crawler.extract.page import Page

TEXT = "<h1>关于做好示例工作的通知</h1><div id=zoom><p>为贯彻落实有关部署，进一步做好相关工作，现就有关事项通知如下，请遵照执行，确保取得实效。</p>{}</div>"
WANTED = {"索引号": "A1/2026-001", "发文机关": "示例局", "文号": "示发〔2026〕9号", "成文日期": "2026-08-20"}
BLOCKS = {
    "pairs of cells": "<table><tr><td><b>索 引 号：</b></td><td>A1/2026-001</td><td><b>发文机关：</b></td><td>示例局</td></tr>"
    "<tr><td><b>文　　号：</b></td><td>示发〔2026〕9号</td><td><b>成文日期：</b></td><td>2026-08-20</td></tr></table>",
    "one cell each": "<table><tr><td>索引号: A1/2026-001</td><td>发文机关: 示例局</td></tr><tr><td>文号: 示发〔2026〕9号</td><td>成文日期: 2026-08-20</td></tr></table>",
    "list": "<ul><li>索引号： A1/2026-001</li><li>发文机关： 示例局</li><li>文 号：示发〔2026〕9号</li><li>成文日期 ：2026-08-20</li></ul>",
    "list with spans": "<ul><li><span>索引号</span><span>A1/2026-001</span></li><li><span>发文机关</span><span>示例局</span></li><li><span>文号</span>"
    "<span>示发〔2026〕9号</span></li><li><span>成文日期</span><span>2026-08-20</span></li></ul>",
    "definitions": "<dl><dt>索引号</dt><dd>A1/2026-001</dd><dt>发文机关</dt><dd>示例局</dd><dt>文号</dt><dd>示发〔2026〕9号</dd><dt>成文日期</dt><dd>2026-08-20</dd></dl>",
    "label and div": "".join(
        f"<div class=r><label><font>{label}：</font></label><div class=v>{value}</div></div>"
        for label, value in (("索 引 号", "A1/2026-001"), ("发文机关", "示例局"), ("文　号", "示发〔2026〕9号"), ("成文日期", "2026-08-20"))
    ),
    "nbsp": "<table><tr><td><B>索&nbsp;引&nbsp;号:</B>A1/2026-001</td><td><B>发文机关:</B>示例局</td></tr><tr><td><B>文&nbsp;&nbsp;&nbsp;号:</B>示发〔2026〕9号"
    "</td><td><B>成文日期:</B>2026-08-20<div style='display:none'>2026-08-21</div></td></tr></table>",
    "two lines": "<div>索引号：<br>A1/2026-001</div><div>发文机关：<br>示例局</div><div>文号：<br>示发〔2026〕9号</div><div>成文日期：<br>2026-08-20</div>",
    "one line": "<p>索引号：A1/2026-001　　发文机关：示例局　　文号：示发〔2026〕9号　　成文日期：2026-08-20</p>",
    "labels over values": "<table><tr><th>索引号</th><th>发文机关</th><th>文号</th><th>成文日期</th></tr><tr><td>A1/2026-001</td><td>示例局</td><td>示发〔2026〕9号</td><td>2026-08-20</td></tr></table>",
    "letters in elements": "<table><tr><td><span>索</span><span>引</span><span>号</span>：</td><td>A1/2026-001</td></tr><tr><td>发文机关</td><td>示例局</td></tr>"
    "<tr><td>文号</td><td>示发〔2026〕9号</td></tr><tr><td>成文日期</td><td>2026-08-20</td></tr></table>",
    "colon cells": "<table><tr><td>索引号</td><td>：</td><td>A1/2026-001</td></tr><tr><td>发文机关</td><td>：</td><td>示例局</td></tr><tr><td>文号</td><td>：</td>"
    "<td>示发〔2026〕9号</td></tr><tr><td>成文日期</td><td>：</td><td>2026-08-20</td></tr></table>",
    "mobile twin": "<ul class=pc><li>索引号：A1/2026-001</li><li>发文机关：示例局</li><li>文号：示发〔2026〕9号</li><li>成文日期：2026-08-20</li></ul>"
    "<ul class=m><li>索引号：A1/2026-001</li><li>发文机关：示例局</li><li>文号：示发〔2026〕9号</li><li>成文日期：2026-08-20</li></ul>",
}


def fields(markup: str) -> dict[str, str]:
    read = read_fields(Page(f"<html><body>{markup}</body></html>".encode(), "http://a.example.gov.cn/x.html"))
    assert len({(field.label, field.value) for field in read}) == len(read)
    return {field.label: field.value for field in read}


@pytest.mark.parametrize("markup", BLOCKS.values(), ids=BLOCKS)
def test_reads_every_markup(markup: str) -> None:
    assert fields(markup + TEXT.format("")) == WANTED


@pytest.mark.parametrize("markup", BLOCKS.values(), ids=BLOCKS)
def test_reads_a_block_inside_the_text_container(markup: str) -> None:
    assert fields(TEXT.format("").replace("<div id=zoom>", f"<div id=zoom>{markup}")) == WANTED


def test_empty_values_stay_empty_and_take_nothing_from_the_text() -> None:
    block = "<table><tr><td>索引号：</td><td></td><td>文号：</td><td>无</td></tr><tr><td>主题词：</td></tr></table>"
    assert fields(block + TEXT.format("")) == {"索引号": "", "文号": "无", "主题词": ""}


def test_header_line_is_split_and_counters_are_no_fields() -> None:
    line = "<p>发布时间：2026-08-28 09:15来源：示例局　浏览量：<i>3</i>次　字体：[大 中 小]</p>"
    assert fields(TEXT.format("").replace("</h1>", "</h1>" + line)) == {"发布时间": "2026-08-28 09:15", "来源": "示例局"}


@pytest.mark.parametrize(
    "text",
    [
        "<p>联系方式：000</p><p>资料来源：示例局</p>",
        "<p>名称：示例公司</p><p>文号：示发〔2020〕1号</p><p>发布日期：2020-01-01</p>",
        "<table><tr><td>名称</td><td>文号</td><td>发布日期</td></tr><tr><td>甲</td><td>示发〔2020〕1号</td><td>2020-01-01</td></tr><tr><td>乙</td><td>示发〔2020〕2号</td><td>2020-01-02</td></tr></table><p>以上各项，请予公布，执行中如有问题请及时反馈。</p>",
    ],
    ids=["words that end like labels", "labels in lines", "labels as headings of a table"],
)
def test_running_text_gives_no_fields(text: str) -> None:
    assert fields(TEXT.format(text)) == {}


def test_hidden_and_commented_copies_do_not_count() -> None:
    hidden = "<div style='display:none'><p>索引号：X</p><p>文号：示发〔2020〕1号</p></div><!--<p>成文日期：2020-01-01</p>-->"
    assert fields(hidden + TEXT.format("")) == {}


def _table(pairs: list[tuple[str, str]]) -> str:
    return "<table>" + "".join(f"<tr><td>{label}</td><td>{value}</td></tr>" for label, value in pairs) + "</table>"


def _cells(pairs: list[tuple[str, str]]) -> str:
    return "<table><tr>" + "".join(f"<td>{label}</td><td>{value}</td>" for label, value in pairs) + "</tr></table>"


def _dl(pairs: list[tuple[str, str]]) -> str:
    return "<dl>" + "".join(f"<dt>{label}</dt><dd>{value}</dd>" for label, value in pairs) + "</dl>"


def _divs(pairs: list[tuple[str, str]]) -> str:
    return "".join(f"<div><div>{label}</div><div>{value}</div></div>" for label, value in pairs)


def _items(pairs: list[tuple[str, str]]) -> str:
    return "<ul>" + "".join(f"<li><span>{label}</span><span>{value}</span></li>" for label, value in pairs) + "</ul>"


def _spans(pairs: list[tuple[str, str]]) -> str:
    return "<div>" + "".join(f"<span>{label}</span><span>{value}</span>" for label, value in pairs) + "</div>"


def _paragraphs(pairs: list[tuple[str, str]]) -> str:
    return "".join(f"<p><label>{label}</label><em>{value}</em></p>" for label, value in pairs)


def _over(pairs: list[tuple[str, str]]) -> str:
    return (
        "<table><tr>"
        + "".join(f"<th>{label}</th>" for label, _ in pairs)
        + "</tr><tr>"
        + "".join(f"<td>{value}</td>" for _, value in pairs)
        + "</tr></table>"
    )


MARKUPS = [_table, _cells, _dl, _divs, _items, _spans, _paragraphs, _over]
FEW = {
    "two filled": [("索引号", "A-1"), ("发布机构", "某办"), ("成文日期", ""), ("文号", "")],
    "one filled": [("发文机关", "某局"), ("成文日期", "&nbsp;"), ("发文字号", "&nbsp;"), ("主题分类", ""), ("有效性", "&nbsp;")],
    "two in all": [("索引号", "B-22/2026"), ("文号", "示发〔2026〕9号")],
}
FRAMED = {
    "【】": [("【发文字号】", "示发〔2026〕12号"), ("【成文日期】", "2026-11-03")],
    "[]": [("[发文字号]", "示发〔2026〕12号"), ("[成文日期]", "2026-11-03"), ("[发布机构]", "某局")],
    "〖〗": [("〖文号〗", "示发〔2026〕12号"), ("〖成文日期〗", "2026-11-03"), ("〖索引号〗", "B-2")],
    "［］": [("［索引号］", "B-2"), ("［成文日期］", ""), ("［公开方式］", "主动公开")],
}
SPACED = {
    "English colon": [("索引号:", "A-1"), ("成文&nbsp;&nbsp;日期:", "2026-11-03"), ("文&emsp;号:", "示发〔2026〕12号")],
    "colon between no-break spaces": [
        ("索引号&nbsp;:&nbsp;", "A-1"),
        ("成文&nbsp;日期&nbsp;：&nbsp;", "2026-11-03"),
        ("文&nbsp;号&nbsp;:&nbsp;", "示发〔2026〕12号"),
    ],
    "no colon at all": [("索引&nbsp;号", "A-1"), ("成文&nbsp;&nbsp;日期&nbsp;", "2026-11-03"), ("文&emsp;号", "示发〔2026〕12号")],
}
_CASES = [(f"{name} {make.__name__}", pairs, make) for group in (FEW, FRAMED, SPACED) for name, pairs in group.items() for make in MARKUPS]


def _said(pairs: list[tuple[str, str]]) -> dict[str, str]:
    strip = str.maketrans("", "", "【】[]〖〗［］:：")
    return {label.replace("&nbsp;", "").replace("&emsp;", "").translate(strip): value.replace("&nbsp;", "") for label, value in pairs}


@pytest.mark.parametrize(("pairs", "make"), [case[1:] for case in _CASES], ids=[case[0] for case in _CASES])
@pytest.mark.parametrize("below", [False, True], ids=["above", "below"])
def test_labels_that_stand_apart_are_a_block_filled_or_not(pairs: list[tuple[str, str]], make: Callable[..., str], below: bool) -> None:
    block = make(pairs)
    assert fields(TEXT.format("") + block if below else block + TEXT.format("")) == _said(pairs)


def test_brackets_in_one_line_end_the_value_before() -> None:
    line = "<p>【发文字号】示发〔2026〕12号 【成文日期】2026-11-03【发布机构】某局 【打印】</p>"
    assert fields(line + TEXT.format("")) == {"发文字号": "示发〔2026〕12号", "成文日期": "2026-11-03", "发布机构": "某局"}


def test_a_value_may_stand_in_an_input() -> None:
    block = (
        '<table><tr><td>索引号</td><td><input type="text" readonly value="A-1"></td></tr><tr><td>文号</td><td><input value="示发〔2026〕12号"></td></tr>'
        '<tr><td>成文日期</td><td><textarea>2026-11-03</textarea></td></tr><tr><td>有效性</td><td><input type="hidden" value="zzz"></td></tr></table>'
    )
    search = '<form><input name="q" value="请输入关键字"><input type="submit" value="搜索"></form><p>标题：<input name="t" value=""></p>'
    assert fields(search + block + TEXT.format(""))["索引号"] == "A-1"
    assert fields(block + TEXT.format("")) == {"索引号": "A-1", "文号": "示发〔2026〕12号", "成文日期": "2026-11-03", "有效性": ""}


@pytest.mark.parametrize(
    "cell",
    [
        '<td title="示政办发〔2026〕12号">{}</td>',
        '<td><span title="示政办发〔2026〕12号">{}</span></td>',
        '<td><a href="#" title="示政办发〔2026〕12号">{}</a></td>',
    ],
)
@pytest.mark.parametrize("shown", ["示政办发〔20...", "示政办发〔2026〕…"])
def test_the_title_attribute_tells_what_a_cell_cuts_short(cell: str, shown: str) -> None:
    block = f"<table><tr><td>文号：</td>{cell.format(shown)}<td>成文日期：</td><td>2026-11-03</td></tr></table>"
    assert fields(block + TEXT.format("")) == {"文号": "示政办发〔2026〕12号", "成文日期": "2026-11-03"}


def test_a_title_attribute_that_says_something_else_is_no_value() -> None:
    block = '<table><tr><td>索引号：</td><td title="点击查看">A-1...</td><td>文号：</td><td title="文号">示发〔2026〕12号</td></tr></table>'
    assert fields(block + TEXT.format("")) == {"索引号": "A-1...", "文号": "示发〔2026〕12号"}


def test_the_title_of_the_page_is_never_a_value() -> None:
    assert fields("<p>索引号：A-1</p><p>成文日期：2026-11-03</p><p>文号：</p>" + TEXT.format("")) == {
        "索引号": "A-1",
        "成文日期": "2026-11-03",
        "文号": "",
    }
