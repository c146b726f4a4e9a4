"""Metadata blocks in every markup; what stands in running text is no metadata."""

from __future__ import annotations

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
