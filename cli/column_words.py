"""What a reader is told of a column as found: why we take it for that one, what it is, how far it was read, what hid it."""

from __future__ import annotations

from data.catalogue import gloss
from data.records import Column, ColumnKind, Crawl, CrawlState, Home, WalkState
from data.registry import Registry

_WHY = {
    "synonym": "名称为“{}”",
    "name-end": "名称以“{}”结尾",
    "name-tail": "名称以“{}”结尾",
    "name-part": "名称含“{}”",
    "url-hint": "地址含“{}”，名称未显示",
}
_KINDS = {
    ColumnKind.LIST: "列表",
    ColumnKind.SECTION: "上级栏目",
    ColumnKind.SINGLE_PAGE: "单页",
    ColumnKind.FORM: "表单",
    ColumnKind.LINK_OUT: "站外链接",
    ColumnKind.UNKNOWN: "未读",
}
_UNREAD = "，未读完"
_STATES = {CrawlState.COMPLETE: "完成", CrawlState.INCOMPLETE: "未完成", CrawlState.BLOCKED: "未能观测", CrawlState.RUNNING: "进行中"}


def why(match: str | None) -> str:
    """Why a column is taken for one of the catalogue; empty where it is not."""
    if match is None:
        return ""
    if match == "registry":
        return "登记表指定"
    kind, _, word = match.partition(":")
    return _WHY[kind].format(word)


def what(column: Column, registry: Registry) -> str:
    """List, single page … and whose site it stands on where that is not the unit's own."""
    text = _KINDS[column.kind]
    if column.hosted_by is None:
        return text
    hosts = [site.name for site in registry.sites if site.id == column.hosted_by]
    return f"{text}，设在{hosts[0] if hosts else column.hosted_by}网站"


def how_read(column: Column) -> str:
    """How far a column was read, and what that proves."""
    if column.fault is not None:
        return gloss(column.fault)
    walk = column.walks[-1] if column.walks else None
    if walk is None:
        return "能打开" if column.reachable else "未读取"
    if walk.state is WalkState.COMPLETE:
        if walk.entries:
            return f"{walk.entries}条，已读完"
        return f"无条目（{walk.empty_text or '列表为空'}）"
    return f"{walk.entries}条，未读完：{gloss(walk.reason).removesuffix(_UNREAD)}"


def observed(crawl: Crawl | None, home: Home | None) -> list[str]:
    """Lines on how well the site was seen: without them a column that was not found says nothing."""
    if crawl is None:
        return ["尚未抓取，以下为空不说明任何问题。"]
    state = _STATES[crawl.state] + (f"（{gloss(crawl.reason)}）" if crawl.reason else "")
    lines = [f"最近一次抓取：{crawl.started_at:%Y-%m-%d %H:%M}，{state}。"]
    if home is not None and not home.readable:
        lines.append(f"首页未能读出：{gloss(home.reason or 'not-observed')}。")
    if home is not None and "image-only-navigation" in home.marks:
        lines.append("首页导航为图片且无文字说明，栏目名称读不出，请在登记表中写明栏目地址。")
    if crawl.state is not CrawlState.COMPLETE:
        lines.append("抓取未完成，下列“未见”不等于没有。")
    return lines
