"""What the operator is told of deliveries, of the schedule and of the calendar."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from alerts.items import Audience
from alerts.operators import OperatorKind, OperatorNotice
from alerts.send import mask
from data.calendar import WorkCalendar
from data.config import unset_env
from data.database import Database
from data.days import civil
from data.delivery_log import ChannelHealth, DeliveryEvent, DeliveryLog, Logged
from data.findings import MessageState, OutboxMessage
from data.outbox import Outbox
from data.records import SHANGHAI
from data.registry import Contact, Registry
from data.schedule import ScheduleEvent, What

_REMEMBER = timedelta(days=60)
_NOTICE_MONTH = 11  # the State Council publishes next year's holidays in November
_TASKS = {"crawl": "采集", "probe": "可用性探测", "check": "判定", "alert": "发送提醒", "scorecard": "周评分表"}


def from_deliveries(
    database: Database, registry: Registry, now: datetime, environ: Mapping[str, str] | None = None
) -> tuple[OperatorNotice, ...]:
    """Messages that were given up, and channels that fail. The operators' own messages are left out: they would never end."""
    dead = [
        row
        for row in Outbox(database).messages([MessageState.DEAD])
        if row.message.kind != Audience.OPERATOR.value and now - row.created_at <= _REMEMBER
    ]
    log = DeliveryLog(database)
    notices = _given_up(dead, log.events([row.id for row in dead])) if dead else []
    waiting = timedelta(hours=registry.delivery.fallback_after_hours)
    used = {channel for contact in _contacts(registry) for channel in (*contact.channels, *contact.fallback)}
    for channel in log.failing():
        unset = unset_env(channel.channel, environ)
        if channel.channel in used and (unset or now - channel.failing_since >= waiting):
            notices.append(_failing(channel, unset))
    return tuple(notices)


def _contacts(registry: Registry) -> list[Contact]:
    return [contact for site in registry.sites for contact in site.administrators] + [*registry.supervisors, *registry.operators]


def _given_up(dead: Sequence[OutboxMessage], events: Mapping[int, Sequence[Logged]]) -> list[OperatorNotice]:
    details, marks, moments = [], [], []
    for row in dead:
        deaths = [event.at for event in events.get(row.id, ()) if event.what is DeliveryEvent.DEAD]
        moments.append(deaths[-1] if deaths else row.created_at)
        # A message that was tried anew and given up again is news.
        marks.append(f"dead:{row.id}:{len(deaths)}")
        details.append(
            f"{row.id}：{row.message.audience}（{mask(row.message.channel)}），{row.message.subject}；最后一次错误：{row.last_error}"
        )
    return [
        OperatorNotice(
            OperatorKind.UNDELIVERED,
            tuple(marks),
            f"{len(dead)}条消息多次发送未成功，已停止重试，接收人尚未收到。",
            min(moments),
            tuple(details),
            "请修正接收渠道后运行 gongkai deliveries retry --dead 重新发送。",
        )
    ]


def _failing(channel: ChannelHealth, unset: Sequence[str]) -> OperatorNotice:
    shown = mask(channel.channel)
    what = f"接收渠道 {shown} 所需的环境变量 {'、'.join(unset)} 未设置，消息暂存待发。" if unset else f"接收渠道 {shown} 持续无法送达。"
    remedy = "请在运行环境中设置该变量，消息将在下一轮自动发送。" if unset else "请检查该渠道；已配置备用渠道的消息改由备用渠道发送。"
    marks = (f"channel:{channel.key[:16]}:{channel.failing_since.isoformat()}",)
    return OperatorNotice(OperatorKind.UNDELIVERED, marks, what, channel.failing_since, (f"最后一次错误：{channel.last_error}",), remedy)


def from_schedule(events: Sequence[ScheduleEvent]) -> tuple[OperatorNotice, ...]:
    """Runs that did not happen when they were due, or ended with a fault of ours: one notice a moment."""
    found: dict[tuple[OperatorKind, datetime], list[ScheduleEvent]] = {}
    for event in events:
        kind = OperatorKind.FAILED if event.what is What.FAILED else OperatorKind.MISSED
        found.setdefault((kind, event.at), []).append(event)
    return tuple(_runs(kind, at, together) for (kind, at), together in found.items())


def _runs(kind: OperatorKind, at: datetime, events: Sequence[ScheduleEvent]) -> OperatorNotice:
    marks = tuple(f"{event.what}:{event.kind}:{event.due_at.isoformat()}" for event in events)
    details = tuple(f"{_TASKS.get(event.kind, event.kind)}：{_line(event)}" for event in events)
    names = "、".join(dict.fromkeys(_TASKS.get(event.kind, event.kind) for event in events))
    if kind is OperatorKind.FAILED:
        return OperatorNotice(kind, marks, f"计划任务（{names}）运行失败。", at, details, "请查看日志；该任务到下次计划时间会再运行。")
    return OperatorNotice(
        kind, marks, f"计划任务（{names}）未按时完成，已补运行一次。", at, details, "请检查本机是否关机或调度程序是否停止。"
    )


def _line(event: ScheduleEvent) -> str:
    due = event.due_at.astimezone(SHANGHAI)
    moment = f"{due.month}月{due.day}日{due:%H:%M}"
    match event.what:
        case What.MISSED:
            return f"应于{moment}运行，错过{event.runs}次"
        case What.INTERRUPTED:
            return f"{moment}开始的运行被中断，已重新运行"
        case What.FAILED:
            return f"{moment}的运行结束于状态{event.note}"


def from_calendar(calendar: WorkCalendar, now: datetime) -> tuple[OperatorNotice, ...]:
    """That this year's working days, or from November on next year's, are not known yet; once a week."""
    today = civil(now)
    week = today.isocalendar()
    years = [today.year] + ([today.year + 1] if today.month >= _NOTICE_MONTH else [])
    return tuple(
        OperatorNotice(
            OperatorKind.CALENDAR,
            (f"calendar:{year}:{week.year}-W{week.week:02}",),
            f"尚无{year}年的法定节假日和调休安排，涉及该年的期限只能暂按周一至周五计算。",
            now,
            (),
            "国务院办公厅的放假通知发布后，请将通知正文存为文本文件，运行 gongkai calendar import 文件名 核对无误后加 --apply 导入。",
        )
        for year in years
        if not calendar.known(date(year, 1, 4))
    )
