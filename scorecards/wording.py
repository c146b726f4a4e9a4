"""The fixed words of a scorecard, and how values are written for people."""

from __future__ import annotations

import re
from datetime import date, datetime

from data.records import SHANGHAI, FindingState, Severity
from data.registry import Profile
from scorecards.model import Standing

PEER_GROUPS = {
    Profile.DISTRICT_PORTAL: "政府门户",
    Profile.DEPARTMENT: "部门",
    Profile.TOWN: "乡镇（街道）",
}

STANDINGS = {
    Standing.GRADED: "已评级",
    Standing.VETOED: "单项否决",
    Standing.LOW_COVERAGE: "覆盖不足，不评级",
    Standing.STALE: "数据过期，不评级",
    Standing.UNOBSERVED: "未能观测，不评级",
}

STATES = {
    FindingState.OPEN: "待整改",
    FindingState.NOTIFIED: "已通知，待整改",
    FindingState.ACKNOWLEDGED: "已签收，整改中",
    FindingState.APPEALED: "申诉复核中",
    FindingState.RESOLVED: "已整改",
    FindingState.WAIVED: "已豁免",
    FindingState.EXPLAINED: "已提交情况说明",
}

SEVERITY = {Severity.VETO: "单项否决", Severity.MAJOR: "主要", Severity.MINOR: "一般"}

_REASONS = {
    "timeout": "访问超时",
    "refused": "连接被拒绝",
    "dns": "域名无法解析",
    "tls": "安全连接失败",
    "blocked-challenge": "被网站防护页面拦截",
    "robots": "网站 robots 协议不允许采集",
    "script-shell": "页面由脚本生成，未能取得内容",
    "interrupted": "采集中断",
    "max-pages": "达到采集页数上限",
    "not-archived": "存档中没有该页面",
}

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff\u202a-\u202e\u2066-\u2069]+")


def clean(text: str, limit: int = 1000) -> str:
    """Text that every form can carry: control, bidirectional-override and surrogate characters become a space, overlong text is cut."""
    plain = _CONTROL.sub(" ", text).strip()
    return plain if len(plain) <= limit else plain[: limit - 1] + "…"


def reason_text(key: str | None) -> str:
    """What a reason key of the crawler means."""
    if not key:
        return "原因不明"
    if match := re.fullmatch(r"http-(\d{3})", key):
        return f"网站返回错误状态 {match[1]}"
    return _REASONS.get(key, f"未能完整读取（{clean(key, 80)}）")


def score(value: float | None) -> str:
    return "—" if value is None else f"{value:.1f}"


def points(value: float) -> str:
    """Points without needless zeros: 2, 0.5."""
    return f"{round(value, 2):g}"


def percent(value: float | None) -> str:
    return "—" if value is None else f"{value:.1f}%"


def signed(value: int | None) -> str:
    """A difference of whole numbers: +2, 0, -1."""
    if value is None:
        return "—"
    return f"{value:+d}" if value else "0"


def signed_score(value: float | None) -> str:
    """A difference of scores: +3.0, 0.0, -1.5."""
    if value is None:
        return "—"
    return f"{value:+.1f}" if value else "0.0"


def count(value: int | None) -> str:
    return "—" if value is None else str(value)


def day(value: date | datetime | None) -> str:
    if value is None:
        return "—"
    return (value.astimezone(SHANGHAI) if isinstance(value, datetime) else value).strftime("%Y-%m-%d")


def minute(value: datetime | None) -> str:
    return "—" if value is None else value.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")


def week_zh(week: str) -> str:
    """2026-W47 as 2026年第47周."""
    year, number = week.split("-W")
    return f"{year}年第{int(number)}周"
