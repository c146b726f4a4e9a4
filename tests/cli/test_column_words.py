"""What a reader of `gongkai columns` is told of a column and of how well the site was seen."""

from __future__ import annotations

from datetime import datetime

import pytest

from cli.column_words import how_read, observed, what, why
from data.catalogue import load_columns
from data.records import SHANGHAI, Column, ColumnKind, Crawl, CrawlState, EmptyBecause, Home, Walk, WalkState
from data.registry import Registry

AT = datetime(2026, 11, 21, 12, tzinfo=SHANGHAI)
REGISTRY = Registry.parse(
    "version: 1\nregion: 示例区\nsites:\n- {id: portal, name: 示例区人民政府, profile: district-portal, home: 'http://127.0.0.1:1/'}\n",
    "registry.yml",
    known_rules=(),
    known_columns=[column.id for column in load_columns().columns],
    known_packs=("core",),
)


def column(
    kind: ColumnKind = ColumnKind.LIST, *, walk: Walk | None = None, hosted_by: str | None = None, fault: str | None = None
) -> Column:
    return Column(
        url="http://127.0.0.1:1/zcwj/", site="unit", name="政策文件", canonical="zcwj", match="synonym:政策文件", kind=kind, parent_url=None,
        depth=1, path=("政策文件",), hosted_by=hosted_by, reachable=True, fault=fault, text_chars=0, first_seen=AT, last_seen=AT,
        walks=(walk,) if walk else (),
    )  # fmt: skip


def walk(state: WalkState, reason: str, entries: int, *, empty: EmptyBecause | None = None, said: str | None = None) -> Walk:
    return Walk("http://127.0.0.1:1/zcwj/", 1, AT, state, reason, 1, entries, None, None, empty=empty, empty_text=said)


@pytest.mark.parametrize(
    ("match", "said"),
    [
        (None, ""),
        ("registry", "登记表指定"),
        ("synonym:政策文件", "名称为“政策文件”"),
        ("name-end:政策解读", "名称以“政策解读”结尾"),
        ("name-tail:动态", "名称以“动态”结尾"),
        ("name-part:解读", "名称含“解读”"),
        ("url-hint:zcwj", "地址含“zcwj”，名称未显示"),
    ],
)
def test_why(match: str | None, said: str) -> None:
    assert why(match) == said


@pytest.mark.parametrize(
    ("found", "is_", "read"),
    [
        (column(walk=walk(WalkState.COMPLETE, "last-page", 29)), "列表", "29条，已读完"),
        (column(walk=walk(WalkState.INCOMPLETE, "page-repeated", 15)), "列表", "15条，未读完：翻页返回重复内容"),
        (
            column(walk=walk(WalkState.COMPLETE, "placeholder", 0, empty=EmptyBecause.PLACEHOLDER, said="暂无数据")),
            "列表",
            "无条目（暂无数据）",
        ),
        (column(ColumnKind.SINGLE_PAGE, hosted_by="portal"), "单页，设在示例区人民政府网站", "能打开"),
        (column(ColumnKind.SECTION, fault="timeout"), "上级栏目", "访问超时"),
    ],
)
def test_what_and_how_read(found: Column, is_: str, read: str) -> None:
    assert (what(found, REGISTRY), how_read(found)) == (is_, read)


def test_observed() -> None:
    """A crawl that did not see everything is said to be one: what it lacks is not missing."""
    home = Home("http://127.0.0.1:1/", AT, None, True, None, (), 9, ("image-only-navigation",))
    assert observed(None, None) == ["尚未抓取，以下为空不说明任何问题。"]
    assert observed(Crawl(1, "unit", AT, AT, CrawlState.COMPLETE, None), None) == ["最近一次抓取：2026-11-21 12:00，完成。"]
    assert observed(Crawl(1, "unit", AT, AT, CrawlState.INCOMPLETE, "timeout"), home) == [
        "最近一次抓取：2026-11-21 12:00，未完成（访问超时）。",
        "首页导航为图片且无文字说明，栏目名称读不出，请在登记表中写明栏目地址。",
        "抓取未完成，下列“未见”不等于没有。",
    ]
