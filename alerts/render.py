"""Notices as messages in plain Simplified Chinese text; what pages say goes through `alerts.escape`."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from alerts.escape import address, own, plain
from alerts.items import Audience, Heading, Notice, is_past, message_key, observed_at
from alerts.operators import OperatorKind, OperatorNotice, unsaid
from data.catalogue import Rule
from data.days import civil, zh_day
from data.findings import Change, OutgoingMessage, Topic, told_at
from data.records import SHANGHAI, Finding, StayEnd, StayKind
from data.registry import Contact, Registry

_TITLES = {
    Heading.NEW: "【新发现问题】",
    Heading.URGED: "【督办】",
    Heading.ESCALATED: "【已报主管部门】",
    Heading.OVERDUE: "【超期提醒】",
    Heading.REMINDER: "【整改期限将至】",
    Heading.STANDING: "【仍待整改】",
    Heading.DUE_SOON: "【即将到期】",
    Heading.RESOLVED: "【已整改】",
    Heading.CLOSED: "【不再适用】",
    Heading.REVIEW: "【待人工核实】",
}
_COUNTED = {
    Heading.NEW: "新发现问题",
    Heading.URGED: "督办",
    Heading.ESCALATED: "已报主管部门",
    Heading.OVERDUE: "超期提醒",
    Heading.REMINDER: "整改期限将至",
    Heading.STANDING: "仍待整改",
    Heading.DUE_SOON: "即将到期",
    Heading.RESOLVED: "已整改",
    Heading.CLOSED: "不再适用",
}
_FOR_SUPERVISORS = {Heading.ESCALATED: "超期未整改", Heading.REVIEW: "待人工核实"}
_OPERATOR = {
    OperatorKind.UNREAD: "【未能读取】",
    OperatorKind.STALE: "【数据过期】",
    OperatorKind.UNDELIVERED: "【消息未送达】",
    OperatorKind.MISSED: "【任务未按时运行】",
    OperatorKind.FAILED: "【任务运行失败】",
    OperatorKind.CALENDAR: "【工作日历】",
}
_STAYS = {StayKind.APPEAL: "申诉", StayKind.WAIVER: "豁免", StayKind.EXPLANATION: "情况说明"}
_ENDS = {
    StayEnd.WITHDRAWN: "已撤回",
    StayEnd.EXPIRED: "已到期",
    StayEnd.UPHELD: "复核成立",
    StayEnd.DISMISSED: "经复核维持原结论",
    StayEnd.RESOLVED: "已因整改结束",
}
_CLOSED = (Change.RESOLVED, Change.OUT_OF_FORCE)
_FIRST_NAME = 40


def render(notice: Notice, rules: Mapping[str, Rule], registry: Registry, now: datetime) -> tuple[OutgoingMessage, ...]:
    """One message a channel of the notice."""
    template = _environment().get_template(f"{notice.audience.value}.txt.j2")
    body = _tidy(template.render(notice=notice, rules=rules, now=now, budget=_Budget(registry.notices.full_items)))
    title, day = subject(notice, registry.region), civil(now)
    return tuple(
        OutgoingMessage(
            key=notice.key(channel, day),
            audience=audience_line(notice),
            channel=channel,
            kind=notice.kind,
            subject=title,
            body=body,
            marks=notice.marks,
            due_marks=notice.due_marks,
        )
        for channel in notice.channels
    )


def operator_messages(
    registry: Registry, notices: Sequence[OperatorNotice], said: Collection[str], now: datetime
) -> tuple[OutgoingMessage, ...]:
    """One message a channel of the operators, over everything that was not said yet; `said` are the outbox's due_marks."""
    fresh = unsaid(notices, said)
    if not fresh:
        return ()
    body = _tidy(_environment().get_template("operator.txt.j2").render(notices=fresh, now=now))
    counts = [(_OPERATOR[kind].strip("【】"), sum(one.kind is kind for one in fresh)) for kind in OperatorKind]
    title = f"【监测运维】{_place(registry.region)}{'、'.join(f'{name}{count}项' for name, count in counts if count)}"
    marks = tuple(sorted({mark for notice in fresh for mark in notice.marks}))
    channels: dict[str, list[Contact]] = {}
    for contact in registry.operators:
        for channel in contact.channels:
            channels.setdefault(channel, []).append(contact)
    return tuple(
        OutgoingMessage(
            key=message_key(Audience.OPERATOR, channel, marks),
            audience=_people(contacts),
            channel=channel,
            kind=Audience.OPERATOR.value,
            subject=title,
            body=body,
            due_marks=marks,
        )
        for channel, contacts in channels.items()
    )


@dataclass(slots=True)
class _Budget:
    """How many items a message still tells in full."""

    left: int
    exceeded: bool = False

    def take(self) -> bool:
        self.left -= 1
        self.exceeded = self.exceeded or self.left < 0
        return self.left >= 0


def _found_mended(finding: Finding) -> str:
    """What the check found that closed a finding."""
    return next((event.why for event in reversed(finding.events) if event.what in _CLOSED), "")


def _rested(finding: Finding) -> str:
    """What became of the finding's last waiver, explanation or appeal."""
    ended = [stay for stay in finding.stays if stay.end is not None and stay.ended_at is not None]
    if not ended:
        return ""
    last = max(ended, key=lambda stay: stay.ended_at or stay.since)
    assert last.end is not None
    assert last.ended_at is not None
    return f"{zh_day(last.since)}的{_STAYS[last.kind]}{_ENDS[last.end]}（{zh_day(last.ended_at)}）"


def _told_on(finding: Finding, topic: str) -> date | None:
    told = told_at(finding, Topic(topic))
    return None if told is None else civil(told)


def _moment(value: datetime) -> str:
    local = value.astimezone(SHANGHAI)
    return f"{local.year}年{local.month}月{local.day}日{local:%H:%M}"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=False,  # noqa: S701 - the text is plain; `plain` and `address` guard every value that comes from a page
        undefined=StrictUndefined,
        keep_trailing_newline=False,
    )
    filters = {
        "plain": plain,
        "own": own,
        "address": address,
        "observed": observed_at,
        "found_mended": _found_mended,
        "rested": _rested,
        "told_on": _told_on,
        "moment": _moment,
        "day": zh_day,
        "is_past": is_past,
    }
    environment.filters.update(filters)
    environment.globals["headings"] = [(heading.value, title) for heading, title in _TITLES.items()]
    environment.globals["kinds"] = [(kind.value, title) for kind, title in _OPERATOR.items()]
    return environment


def audience_line(notice: Notice) -> str:
    """Who is told: the site, the role and, where the registry has it, the name."""
    who = _people(notice.contacts)
    return who if notice.audience is Audience.SUPERVISOR else f"{_named(notice)} {who}"


def _people(contacts: Sequence[Contact]) -> str:
    names = dict.fromkeys(contact.role + (f" {contact.name}" if contact.name else "") for contact in contacts)
    return "、".join(names)


def subject(notice: Notice, region: str) -> str:
    """The message's title: site and counts."""
    words = _COUNTED if notice.audience is Audience.ADMINISTRATOR else _FOR_SUPERVISORS
    counts = [f"{name}{count}项" for heading, name in words.items() if (count := notice.count(heading))]
    if notice.audience is Audience.ADMINISTRATOR:
        return f"【政务公开监测】{_named(notice)}：{'、'.join(counts)}"
    if notice.summary:
        counts += [f"近期新发现{sum(line.new for line in notice.summary)}项、已整改{sum(line.resolved for line in notice.summary)}项"]
    return f"【政务公开监测】{_place(region)}{'，'.join(counts)}"


def _place(region: str) -> str:
    return f"{plain(region, _FIRST_NAME)}：" if region else ""


def _named(notice: Notice) -> str:
    names = [plain(section.site.name, _FIRST_NAME) for section in notice.sections]
    return names[0] if len(names) == 1 else f"{names[0]}等{len(names)}家"


def _tidy(text: str) -> str:
    lines = [line.rstrip() for line in text.strip().splitlines()]
    return "\n".join(line for index, line in enumerate(lines) if line or lines[index - 1]) + "\n"
