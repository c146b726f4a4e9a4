"""Shapes that no family owns: where the date stands, what the title is, which labels count. One small page each."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from crawler.extract.document import document_evidence, read_document
from crawler.extract.page import Page
from data.records import DateRole, DocumentReading

URL = "http://a.example.gov.cn/zwgk/202608/t20260828_1.html"
TEXT = "<p>为贯彻落实有关部署，进一步做好相关工作，现就有关事项通知如下，请遵照执行。</p><p>一、加强领导。各单位要提高认识，明确责任，抓好落实，确保取得实效。</p>"
H1 = "<h1>关于做好示例工作的通知</h1>"
TITLE = "关于做好示例工作的通知"
ZOOM = f"<div id=zoom>{TEXT}</div>"
ROWS = (
    ("索引号", "A1/2026-1"),
    ("发文机关", "示例局"),
    ("文号", "示发〔2026〕1号"),
    ("成文日期", "2026-08-20"),
    ("有效性", "有效"),
    ("发布日期", "2026-08-28"),
)
TABLE = "<table>" + "".join(f"<tr><td>{label}：</td><td>{value}</td></tr>" for label, value in ROWS) + "</table>"
ALL = {
    "index_number": "A1/2026-1",
    "issuer": "示例局",
    "doc_number": "示发〔2026〕1号",
    "made_on": "2026-08-20",
    "validity": "有效",
    "published": "2026-08-28",
}

SHAPES: dict[str, tuple[str, dict[str, Any]]] = {
    "date after the source": (
        H1 + "<div>来源：市政府办 2026-08-28 10:00　浏览：33</div>" + ZOOM,
        {"published": "2026-08-28 10:00", "source": "市政府办"},
    ),
    "date above the title": ("<p>2026-08-28</p>" + H1 + ZOOM, {"published": "2026-08-28"}),
    "date inside the heading": (
        "<h2>关于做好示例工作的通知<small>( 2026-08-28)</small></h2>" + ZOOM,
        {"title": TITLE, "published": "2026-08-28"},
    ),
    "labels run together": (
        H1 + "<div>发布日期:2026-08-28信息来源:区政府办浏览次数:22次字体:[大 中 小]</div>" + ZOOM,
        {"published": "2026-08-28", "source": "区政府办"},
    ),
    "author after the source": (
        H1 + "<p>发布日期:2026年08月28日来源:示例区人民政府作者:</p>" + ZOOM,
        {"published": "2026-08-28", "source": "示例区人民政府"},
    ),
    "labels in brackets": (
        H1 + "<p>【发文字号】示发〔2026〕1号</p><p>【发布日期】2026.08.28 【时效性】现行有效</p>" + ZOOM,
        {"doc_number": "示发〔2026〕1号", "published": "2026-08-28", "validity": "现行有效"},
    ),
    "font size is no number": (
        H1 + "<p>2026-08-28 【字号：<a>大</a> <a>中</a>】</p>" + ZOOM,
        {"published": "2026-08-28", "doc_number": None},
    ),
    "date filled by script": (
        H1 + "<p>发布时间：<span id=t></span> 来源：<script>document.write(x)</script></p>" + ZOOM,
        {"published": None, "source": None},
    ),
    "date without a year": (H1 + "<p>发布时间：08-28</p>" + ZOOM, {"published": None}),
    "dates of other documents beside it": (
        H1
        + ZOOM
        + "<div><ul><li><a href=1>其他文件一</a><p>发布时间：2026-01-01</p></li><li><a href=2>其他文件二</a><p>发布时间：2026-01-02</p></li></ul></div>",
        {"published": None},
    ),
    "only an update time": (
        H1 + "<p>更新时间：2026-08-28 09:00</p>" + ZOOM,
        {"published": "2026-08-28 09:00", "marks": {"published-from-update-time"}},
    ),
    "publication before update": (H1 + "<p>更新时间：2026-09-01　发布时间：2026-08-28</p>" + ZOOM, {"published": "2026-08-28"}),
    "metadata above": (TABLE + H1 + ZOOM, ALL),
    "metadata below": (H1 + ZOOM + TABLE, ALL),
    "metadata inside the text area": (f"<div id=zoom>{TABLE}{H1}{TEXT}</div>", {**ALL, "title": TITLE}),
    "title in the metadata only": (
        "<table><tr><td>名称：</td><td>关于做好示例工作的通知</td><td>文号：</td><td>无</td></tr></table>" + ZOOM,
        {"title": TITLE, "doc_number": None},
    ),
    "site's name in the heading": (
        "<h1>示例县人民政府</h1><div class=big>关于做好示例工作的通知</div><div>发布时间: 2026-08-28 09:15:33 作者: 张三 [<a href='#'>打印</a>]</div>"
        + ZOOM,
        {"title": TITLE, "published": "2026-08-28 09:15:33"},
    ),
    "letterhead inside the text": (
        "<div class='article-content'><p align=center>示例县人民政府</p><p align=center>关于禁止露天焚烧秸秆的通告</p><p align=center>示政通〔2026〕2号</p>"
        + TEXT
        + "<p>示例县人民政府</p><p>2026年8月27日</p></div>",
        {
            "title": "示例县人民政府关于禁止露天焚烧秸秆的通告",
            "doc_number": "示政通〔2026〕2号",
            "made_on": "2026-08-27",
            "issuer": "示例县人民政府",
            "published": None,
        },
    ),
    "order in two lines": (
        "<h1>示例市养犬管理办法</h1><div id=zoom><p>示例市人民政府令</p><p>第12号</p><p>《示例市养犬管理办法》已经2026年8月1日市人民政府第10次常务会议审议通过，现予公布。</p><p>市长　李四</p><p>2026年8月20日</p></div>",
        {"doc_number": "示例市人民政府令第12号", "made_on": "2026-08-20"},
    ),
    "sealed signature": (
        H1 + f"<div id=zoom>{TEXT}<p>示例县示例局</p><p>（盖章）</p><p>二○二六年八月二十七日</p></div>",
        {"made_on": "2026-08-27", "issuer": "示例县示例局"},
    ),
    "two signers": (
        H1 + f"<div id=zoom>{TEXT}<p>示例省教育厅　示例省财政厅</p><p>2026年8月27日</p></div>",
        {"issuer": "示例省教育厅 示例省财政厅"},
    ),
    "dates in a table of the text": (
        H1 + f"<div id=zoom>{TEXT}<table><tr><td>示例县示例局</td></tr><tr><td>甲</td><td>2026年8月1日</td></tr></table></div>",
        {"made_on": None},
    ),
    "cited number": (H1 + f"<div id=zoom>{TEXT}<p>根据《关于示例的通知》（示发〔2020〕1号）要求执行。</p></div>", {"doc_number": None}),
    "imprint": (H1 + f"<div id=zoom>{TEXT}<p>示例县人民政府办公室　　2026年8月29日印发</p></div>", {"issued_on": "2026-08-29"}),
    "openness in the text": (H1 + f"<div id=zoom>{TEXT}<p>（信息公开形式：主动公开）</p></div>", {"openness": "主动公开"}),
    "files and their twins": (
        H1 + f"<div id=zoom>{TEXT}<p>附件：1.<a href='a.doc'>名单</a><br>2.<a href='a.pdf'>名单</a></p></div>",
        {"attachments": [("名单", "doc"), ("名单", "pdf")], "related": [("attachment-twin", "名单")], "body_end": "确保取得实效。"},
    ),
    "interpretation and its original": (
        "<h1>《示例办法》解读</h1><div id=zoom>"
        + TEXT
        + "<p>相关链接：<a href='/zc/1.html'>关于印发《示例办法》的通知（示发〔2026〕3号）</a></p></div>",
        {"kind": "interpretation", "doc_number": None, "related": [("original", "关于印发《示例办法》的通知（示发〔2026〕3号）")]},
    ),
    "an interpretation by its bare name in brackets": (
        H1 + f"<div id=zoom>{TEXT}<p><a href='/jd/1.html'>【一图读懂】</a></p></div>",
        {"related": [("interpretation", "【一图读懂】")]},
    ),
    "the original by its bare name in brackets": (
        "<h1>【图解】示例办法</h1><div id=zoom><p><img src='/a.jpg'></p><p><a href='/zc/1.html'>【原文】</a></p></div>",
        {"related": [("original", "【原文】")]},
    ),
    "an interpretation named in a sentence": (
        H1 + f"<div id=zoom>{TEXT}<p>有关内容可以参阅<a href='/jd/1.html'>《示例办法》政策解读</a>，或者向本局咨询。</p></div>",
        {"related": [("interpretation", "《示例办法》政策解读")]},
    ),
    "a column of interpretations and another paper in a sentence": (
        H1 + f"<div id=zoom>{TEXT}<p>请见<a href='/zc/2.html'>《另一办法》</a>。</p><p><a href='/zcjd/'>政策解读</a></p></div>",
        {"related": []},
    ),
    "rows of a list beside the text": (
        H1
        + f"<div id=zoom>{TEXT}</div><ul><li><a href='/jd/7.html'>《别的办法》政策解读</a></li><li><a href='/jd/8.html'>《又一办法》政策解读</a></li></ul>",
        {"related": []},
    ),
    "empty related heading above the footer": (
        H1 + ZOOM + "<div><h3>相关解读</h3><ul></ul></div><div><a href=/map>网站地图</a><a href=/us>联系我们</a></div><p>示ICP备1号</p>",
        {"related": []},
    ),
    "organiser in the text": (
        H1 + f"<div id=zoom>{TEXT}<p>主办单位：示例县文旅局，协办单位：示例县体育局。</p></div><div>示ICP备1号</div>",
        {"body_end": "协办单位：示例县体育局。"},
    ),
}


def read(markup: str, url: str = URL) -> DocumentReading:
    return read_document(Page(f"<html><head><title>示例县人民政府</title></head><body>{markup}</body></html>".encode(), url))


def answer(reading: DocumentReading, name: str) -> Any:
    if name == "published":
        at = reading.published_at
        form = {"day": "%Y-%m-%d", "minute": "%Y-%m-%d %H:%M", "second": "%Y-%m-%d %H:%M:%S", None: ""}[reading.published_precision]
        return at.strftime(form) if at else None
    if name == "attachments":
        return [(file.name, file.type) for file in reading.attachments]
    if name == "related":
        return [(link.relation, link.title) for link in reading.related]
    if name == "body_end":
        return reading.body[-len("协办单位：示例县体育局。") :]
    got = getattr(reading, name)
    return got.isoformat() if isinstance(got, date) else got


@pytest.mark.parametrize(("markup", "wanted"), SHAPES.values(), ids=SHAPES)
def test_reads_the_shape(markup: str, wanted: dict[str, Any]) -> None:
    reading = read(markup)
    for name, value in wanted.items():
        if name == "marks":
            assert value <= set(reading.marks)
        elif name == "body_end":
            assert answer(reading, name).endswith(value)
        else:
            assert answer(reading, name) == value, name


def test_a_disagreement_keeps_both_dates_and_is_marked() -> None:
    reading = read(TABLE + H1 + "<p>发布时间：2026-08-30 09:00</p>" + ZOOM)
    assert answer(reading, "published") == "2026-08-28"
    assert "published-disagrees:field,header" in reading.marks
    published = [(shown.where, shown.value.date().isoformat()) for shown in reading.dates if shown.role is DateRole.PUBLISHED]
    assert published == [("field:发布日期", "2026-08-28"), ("header", "2026-08-30")]


def test_a_finer_header_that_agrees_gives_the_time() -> None:
    assert answer(read(TABLE + H1 + "<p>发布时间：2026-08-28 09:00</p>" + ZOOM), "published") == "2026-08-28 09:00"


def test_the_address_is_a_cross_check_only() -> None:
    reading = read(H1 + ZOOM)
    assert reading.published_at is None
    assert [(shown.role, shown.where) for shown in reading.dates] == [(DateRole.URL, "url")]


def test_a_repaired_date_is_marked() -> None:
    reading = read(TABLE.replace("2026-08-20", "2021年66日") + H1 + ZOOM)
    assert reading.made_on == date(2021, 6, 6)
    assert "date-repaired:made" in reading.marks


@pytest.mark.parametrize(
    "markup",
    [
        "<ul>" + "<li><a href=1>关于示例的通知</a><span>2026-08-28</span></li>" * 20 + "</ul>",
        "<p>暂无内容</p>",
        "<div><a href=/>首页</a></div>",
    ],
)
def test_a_list_or_an_empty_page_gives_little_evidence(markup: str) -> None:
    assert len(document_evidence(Page(f"<html><body>{markup}</body></html>".encode(), URL))) <= 1
