"""The wording of every kind of notice for every audience (tests/alerts/golden), and that what pages say stays text in every format."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st
from markdown import markdown

from alerts.escape import address, plain
from alerts.operators import OperatorKind, OperatorNotice, from_watches
from alerts.render import operator_messages, render
from data.findings import OutgoingMessage, Told
from data.records import Finding, Stay, StayEnd, StayKind, Verdict
from data.watch import Watch
from tests.alerts.builders import REVIEWED, RULES, at, make_registry, make_site, make_verdict
from tests.alerts.test_notices import NEW, OPENED, QUIET, make_finding, planned

GOLDEN = Path(__file__).parent / "golden"
OVERDUE = (*NEW, ("told-overdue", "2026-11-17"))
URGED = (*OVERDUE, ("told-urged", "2026-11-23"))
ESCALATED = (*URGED, ("told-escalated", "2026-11-30"))
BACK = (*NEW, ("resolved", "2026-11-10"), ("told-resolved", "2026-11-10"), ("reopened", "2026-11-12"))
OTHER: dict[str, Any] = {"url": "http://127.0.0.11/b.html", "title": "关于公共停车场收费的公告", "message": "未见该公告公开，请核实"}


def messages(
    now: str, findings: Sequence[Finding], verdicts: Sequence[Verdict], told: Told = QUIET, **registry: Any
) -> tuple[OutgoingMessage, ...]:
    made = make_registry(*registry.pop("sites", ()), **registry)
    found = planned(now, findings, verdicts, told, made)
    return tuple(message for notice in found.notices for message in render(notice, RULES, made, at(now)))


def one_finding(now: str, events: Sequence[tuple[str, str]], state: str = "notified", **more: Any) -> tuple[OutgoingMessage, ...]:
    stays = more.pop("stays", ())
    return messages(now, [make_finding(events, state, stays=stays, **more)], [make_verdict(now, **more)])


def many(count: int) -> tuple[OutgoingMessage, ...]:
    more: list[dict[str, Any]] = [
        {"url": f"http://127.0.0.11/{number}.html", "message": f"未见第{number}号文件公开，请核实"} for number in range(1, count + 1)
    ]
    findings = [make_finding(finding_id=f"F{number:06d}", **one) for number, one in enumerate(more, 1)]
    return messages(OPENED, findings, [make_verdict(OPENED, **one) for one in more], full_items=2)


def trouble() -> tuple[OutgoingMessage, ...]:
    names = {
        "a": "http://www.a.example.gov.cn/",
        "b": "http://b.example.gov.cn/",
        "c": "http://c.other.gov.cn/",
        "d": "http://d.third.gov.cn/",
    }
    sites = [make_site(name, name=f"示例{name}局").model_copy(update={"home": home}) for name, home in names.items()]
    registry = make_registry(*sites, operator="json://127.0.0.1:9000/operator")
    bad = Watch(at("2026-10-01"), at("2026-10-20"), at("2026-11-02T01:30"), "http-503")
    watches = {
        "a": bad,
        "b": replace(bad, last_read_at=at("2026-11-01")),
        "c": Watch(at("2026-11-01"), None, at("2026-11-02T01:40"), "timeout"),
    }
    notices = (
        *from_watches(registry, watches, at(OPENED)),
        OperatorNotice(
            OperatorKind.UNDELIVERED,
            ("dead:7",),
            "发给“示例a局 网站管理员”的消息重试8次仍未送达。",
            at(OPENED),
            (),
            "请核对登记表中的通知渠道。",
        ),
        OperatorNotice(OperatorKind.MISSED, ("missed:crawl",), "定时采集未按时运行，已补跑一次。", at("2026-11-02T01:30")),
    )
    return operator_messages(registry, notices, (), at(OPENED))


def stay(kind: StayKind, end: StayEnd) -> Stay:
    return Stay(kind, "王五", "机构改革期间", at("2026-11-03"), date(2026, 11, 6), ended_at=at("2026-11-07"), end=end)


def out_of_force() -> Finding:
    finding = make_finding((*NEW, ("out-of-force", "2026-11-10")), "resolved")
    event = replace(finding.events[-1], why="该项要求已不适用于本站（该单位无此项职责），不再跟踪；此前的问题未经复查确认是否整改。")
    return replace(finding, events=(*finding.events[:-1], event), resolved_at=at("2026-11-10"))


def digest_of_two_sites() -> tuple[OutgoingMessage, ...]:
    sites = make_site("a", name="示例区教育局"), make_site("b", name="示例镇人民政府")
    findings = [make_finding(site="a"), make_finding(site="b", finding_id="F000002", **OTHER)]
    return messages(OPENED, findings, [make_verdict(OPENED, site="a"), make_verdict(OPENED, site="b", **OTHER)], sites=sites)


KINDS: dict[str, Callable[[], tuple[OutgoingMessage, ...]]] = {
    "new": lambda: one_finding(OPENED, [("opened", OPENED)], "open"),
    "new-of-two-sites": digest_of_two_sites,
    "new-done-late": lambda: one_finding(OPENED, [("opened", OPENED)], "open", reason="late", message="该文件晚于时限公开，请核实原因"),
    "new-again": lambda: one_finding("2026-11-12", BACK, "open"),
    "new-after-a-waiver": lambda: one_finding("2026-11-09", [("opened", OPENED)], "open", stays=(stay(StayKind.WAIVER, StayEnd.EXPIRED),)),
    "new-veto-on-a-saturday": lambda: one_finding("2026-11-07", [("opened", OPENED)], "open", severity="veto"),
    "new-many": lambda: many(4),
    "due-soon": lambda: messages(OPENED, [], [make_verdict(OPENED, "due-soon", due="2026-11-05T23:59:59", message="栏目“工作动态”最近更新于2026年10月22日，如不更新，2026年11月5日后将超过14天。")]),
    "reminder": lambda: one_finding("2026-11-12", NEW),
    "overdue": lambda: one_finding("2026-11-17", NEW),
    "overdue-after-an-appeal": lambda: one_finding("2026-11-19", NEW, stays=(stay(StayKind.APPEAL, StayEnd.DISMISSED),)),
    "urged": lambda: one_finding("2026-11-23", OVERDUE),
    "escalated": lambda: one_finding("2026-11-30", URGED),
    "escalated-without-a-channel": lambda: messages("2026-11-17", [make_finding()], [make_verdict("2026-11-17")], sites=(make_site(channels=()),)),
    "standing": lambda: one_finding("2026-12-14", ESCALATED),
    "resolved": lambda: messages("2026-11-10", [make_finding((*NEW, ("resolved", "2026-11-10")), "resolved")], []),
    "summary": lambda: messages(
        "2026-11-17",
        [make_finding(NEW, "notified", severity="veto"), make_finding(finding_id="F000002", state="waived", **OTHER)],
        [make_verdict("2026-11-17", severity="veto")],
        Told(),
    )[1:],
    "review": lambda: one_finding(OPENED, [("opened", OPENED)], "open", rule=REVIEWED, message="疑似倒填发布日期，请核实"),
    "review-with-a-summary": lambda: messages(
        "2026-11-30",
        [make_finding(URGED, "notified"), make_finding(finding_id="F000002", rule=REVIEWED, **OTHER)],
        [make_verdict("2026-11-30"), make_verdict("2026-11-30", rule=REVIEWED, **OTHER)],
        Told(),
    )[1:],
    "out-of-force": lambda: messages("2026-11-10", [out_of_force()], []),
    "operator": trouble,
}  # fmt: skip


@pytest.mark.parametrize("name", KINDS)
def test_every_kind_of_notice_reads_as_it_was_approved(name: str) -> None:
    """A new kind writes its golden file, and fails once, to be read."""
    written = "\n".join(f"致：{m.audience}\n题：{m.subject}\n\n{m.body}" for m in KINDS[name]())
    path = GOLDEN / f"{name}.txt"
    if not path.exists():
        path.parent.mkdir(exist_ok=True)
        path.write_text(written, encoding="utf-8")
        pytest.fail(f"{path} was written; read it, and run again")
    assert written == path.read_text(encoding="utf-8")


def test_no_golden_file_without_its_kind_and_nobody_is_accused() -> None:
    texts = {path.stem: path.read_text(encoding="utf-8") for path in GOLDEN.glob("*.txt")}
    assert set(texts) == set(KINDS)
    for name, text in texts.items():
        assert not re.search("违法|违规|造假|弄虚作假|欺骗|责令|追责", text), name
        assert text.count("您好：") == text.count("致："), name


HOSTILE = "通知</b><script>alert(1)</script>\r\n\u202e[点此](http://evil.example)**`x`**\u0000@所有人 {{7*7}} ${HOME}"
MENTIONS = [
    '<at user_id="all">所有人</at>',
    "<@all>",
    "@all @13800138000",
    "[x](http://evil.example)",
    "![x](http://evil.example/a.png)",
    "<img src=x onerror=alert(1)>",
    '<font color="warning">x</font>',
    "www.evil.example evil.cn/a mailto:a@evil.example",
    "# 标题\n> 引用\n- 项\n***",
    "&lt;b&gt; &#60;b&#62;",
    "a\u2028b\u2029c\x85d\x1b[31me",
    "\u2066\u202e\u200b\u200f\ufeff零宽",
    "e\u0301\u0301\u0301\u0301\u0301",
]


def hostile(text: str) -> tuple[OutgoingMessage, ...]:
    more: dict[str, Any] = {"title": text, "message": f"未见《{text}》", "url": 'http://127.0.0.11/a"><b>.html?q=[x](y)\n'}
    return one_finding(OPENED, [("opened", OPENED)], "open", **more)


@pytest.mark.parametrize("text", [HOSTILE, *MENTIONS])
def test_titles_from_pages_stay_text_in_every_format(text: str) -> None:
    (message,) = hostile(text)
    whole = message.subject + "\n" + message.body
    for bad in [
        "<",
        ">",
        "[",
        "]",
        "*",
        "`",
        "@",
        "\r",
        "\u202e",
        "\u2066",
        "\u200b",
        "\x00",
        "\x1b",
        "\u2028",
        "://evil",
        "www.evil",
        "evil.",
        "${",
        "{{",
        "&lt",
        "&#",
    ]:
        assert bad not in whole, bad
    assert len(message.body.splitlines()) == len(hostile("通知")[0].body.splitlines()), "nothing on a line of its own"
    assert "网址：http://127.0.0.11/a%22%3E%3Cb%3E.html?q=%5Bx%5D%28y%29" in message.body


@given(st.text(max_size=60), st.sampled_from(MENTIONS))
def test_no_text_becomes_a_tag_a_link_or_a_mention(text: str, mention: str) -> None:
    line = f"位置：{plain(text + mention + text)}"
    assert "\n" not in line
    for html in (line, markdown(line), markdown(f"- {line}", extensions=["extra", "nl2br"])):
        soup = BeautifulSoup(html, "html.parser")
        assert {tag.name for tag in soup.find_all()} <= {"p", "ul", "li"}
    assert not re.search(r"@|https?://|www\.|<|\]\(", line)


PLAIN = [
    ("关于印发《示例区停车管理办法》的通知", "关于印发《示例区停车管理办法》的通知"),
    ("示政办发〔2026〕3号", "示政办发〔2026〕3号"),
    ("  a\u3000b\t\nc  ", "a b c"),
    ("零\u200b宽", "零宽"),
    ("a_b#c|d", "a＿b＃c｜d"),
    ("见http://x.cn/", "见http：／／x．cn/"),
    ("增长3.5%，见附件1.2", "增长3.5%，见附件1.2"),
    ("长" * 400, "长" * 299 + "…"),
]


@pytest.mark.parametrize(("text", "expected"), PLAIN)
def test_plain(text: str, expected: str) -> None:
    assert plain(text) == expected


ADDRESSES = [
    ("http://a.cn/x?y=1&z=%E4%B8%AD#m", "http://a.cn/x?y=1&z=%E4%B8%AD#m"),
    ("http://a.cn/中文.html", "http://a.cn/%E4%B8%AD%E6%96%87.html"),
    ("http://a.cn/a_b*c", "http://a.cn/a_b%2Ac"),
    ("javascript:alert(1)", "javascript:alert(1)"),
    ("http://user:word@evil.cn/", "http：／／user:word＠evil．cn/"),
    ("http://[bad", "http：／／［bad"),
    ("http://a.cn/ x\n", "http://a.cn/%20x"),
]


@pytest.mark.parametrize(("url", "expected"), ADDRESSES)
def test_address(url: str, expected: str) -> None:
    assert address(url) == expected


def test_the_operator_hears_each_thing_once() -> None:
    (first,) = trouble()
    registry = make_registry(operator="json://127.0.0.1:9000/operator")
    notice = OperatorNotice(OperatorKind.MISSED, ("missed:crawl",), "…", at(OPENED))
    assert "missed:crawl" in first.due_marks
    assert operator_messages(registry, [notice], first.due_marks, at(OPENED)) == ()
    assert len(operator_messages(registry, [notice], (), at(OPENED))) == 1
