"""The wording of notices, and that what pages say stays text."""

from __future__ import annotations

from typing import Any

import pytest

from alerts.notices import plan
from alerts.render import address, plain, render
from data.calendar import WorkCalendar
from data.findings import FindingKey, OutgoingMessage, Told
from tests.alerts.builders import RULES, at, make_registry, make_verdict
from tests.alerts.test_notices import NEW, OPENED, QUIET, make_finding

HOSTILE = "通知</b><script>alert(1)</script>\r\n\u202e[点此](http://evil.example)**`x`**\u0000@所有人 {{7*7}} ${HOME}"


def rendered(now: str, findings: list[object], verdicts: list[object], told: Told = QUIET) -> list[OutgoingMessage]:
    held = {FindingKey.of(finding.verdict): finding for finding in findings}  # type: ignore[attr-defined]
    found = plan(make_registry(), RULES, held, verdicts, told, at(now), WorkCalendar())  # type: ignore[arg-type]
    return [message for notice in found.notices for message in render(notice, RULES, "示例区", at(now))]


def test_administrator_digest() -> None:
    soon = make_verdict(OPENED, "due-soon", url="http://127.0.0.11/b.html", message="政策文件栏目即将到更新期限", due="2026-11-05T23:59:59")
    (message,) = rendered(OPENED, [make_finding()], [make_verdict(OPENED), soon])
    assert message.subject == "【政务公开监测】示例区人民政府：新发现问题1项、即将到期1项"
    assert message.audience == "示例区人民政府 网站管理员"
    assert (
        message.body
        == """您好：

政务公开监测2026年11月2日12:00（北京时间）的结果如下，请予核实。

■ 示例区人民政府（http://127.0.0.11/district/）

【新发现问题】（1项）

1. 未见该文件公开，请核实
   位置：关于停车管理的通知
   网址：http://127.0.0.11/a.html
   佐证：http://127.0.0.11/list.html（列表全部翻完）
   观测时间：2026年11月2日12:00（北京时间）
   依据：《政府信息公开条例》 第二十六条：“应当自该政府信息形成或者变更之日起20个工作日内及时公开”
   建议：请在政策文件栏目补充发布该文件
   请于 2026年11月16日 前核实整改。编号 F000001

【即将到期】（1项）

1. 政策文件栏目即将到更新期限
   位置：关于停车管理的通知
   网址：http://127.0.0.11/b.html
   佐证：http://127.0.0.11/list.html（列表全部翻完）
   观测时间：2026年11月2日12:00（北京时间）
   依据：《政府信息公开条例》 第二十六条：“应当自该政府信息形成或者变更之日起20个工作日内及时公开”
   建议：请在政策文件栏目补充发布该文件
   截止：2026年11月5日23:59（北京时间），到期前完成即可。

以上为对网站公开页面的自动监测结果。如与实际情况不符，请联系政务公开主管部门说明，经核实后予以更正。
"""
    )


def test_supervisor_digest() -> None:
    administrator, supervisor = rendered("2026-11-17", [make_finding(NEW, "notified")], [make_verdict("2026-11-17")], Told())
    assert administrator.subject == "【政务公开监测】示例区人民政府：逾期未整改1项"
    assert supervisor.subject == "【政务公开监测】示例区：逾期未整改1项，近期新发现1项、已整改0项"
    for part in [
        "一、逾期仍可见的问题（1项）",
        "原定 2026年11月16日 前整改",
        "二、近期变化",
        "- 示例区人民政府：新发现1项，已整改0项，待整改共1项",
    ]:
        assert part in supervisor.body


def test_resolved_late_and_repeated_wording() -> None:
    (resolved,) = rendered("2026-11-10", [make_finding((*NEW, ("resolved", "2026-11-10")), "resolved")], [])
    assert resolved.subject.endswith("已整改1项")
    assert "复查后销号，感谢配合" in resolved.body
    (late,) = rendered(OPENED, [make_finding(reason="late")], [make_verdict(OPENED, reason="late")])
    assert "已完成但晚于时限" in late.body
    assert "前核实整改" not in late.body
    back = (*NEW, ("resolved", "2026-11-10"), ("reopened", "2026-11-12"))
    (again,) = rendered("2026-11-12", [make_finding(back)], [make_verdict("2026-11-12")])
    assert "编号 F000001，第2次发现" in again.body


def test_titles_from_pages_stay_text() -> None:
    hostile: dict[str, Any] = {"title": HOSTILE, "message": f"未见《{HOSTILE}》", "url": 'http://127.0.0.11/a"><b>.html?q=[x](y)\n'}
    (message,) = rendered(OPENED, [make_finding(**hostile)], [make_verdict(OPENED, **hostile)])
    for bad in ["<", ">", "[", "]", "*", "`", "@", "\r", "\u202e", "\x00", "http://evil", "${", "{{"]:
        assert bad not in message.body + message.subject, bad
    assert "通知＜/b＞" in message.body
    assert "网址：http://127.0.0.11/a%22%3E%3Cb%3E.html?q=%5Bx%5D%28y%29" in message.body


PLAIN = [
    ("关于印发《示例区停车管理办法》的通知", "关于印发《示例区停车管理办法》的通知"),
    ("示政办发〔2026〕3号", "示政办发〔2026〕3号"),
    ("  a\u3000b\t\nc  ", "a b c"),
    ("零\u200b宽", "零宽"),
    ("a_b#c|d", "a＿b＃c｜d"),
    ("见http://x.cn/", "见http：／／x.cn/"),
    ("长" * 400, "长" * 299 + "…"),
]


@pytest.mark.parametrize(("text", "expected"), PLAIN)
def test_plain(text: str, expected: str) -> None:
    assert plain(text) == expected


ADDRESSES = [
    ("http://a.cn/x?y=1&z=%E4%B8%AD#m", "http://a.cn/x?y=1&z=%E4%B8%AD#m"),
    ("http://a.cn/中文.html", "http://a.cn/%E4%B8%AD%E6%96%87.html"),
    ("javascript:alert(1)", "javascript:alert(1)"),
    ("http://a.cn/ x\n", "http://a.cn/%20x"),
]


@pytest.mark.parametrize(("url", "expected"), ADDRESSES)
def test_address(url: str, expected: str) -> None:
    assert address(url) == expected
