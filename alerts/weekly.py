"""The message that brings the week's scorecard to the supervisors."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from alerts.escape import plain
from alerts.items import Audience, message_key
from data.findings import OutgoingMessage
from data.registry import Registry

KIND = "scorecard"


def weekly_messages(registry: Registry, week: str, days: tuple[date, date], files: Sequence[Path]) -> tuple[OutgoingMessage, ...]:
    """One message a channel of the supervisors, once a week, with the files attached; `days` are the week's first and last."""
    first, last = (f"{day.year}年{day.month}月{day.day}日" for day in days)
    place = plain(registry.region, 40) if registry.region else ""
    body = f"您好：\n\n{place}{first}至{last}（{week}）政务公开监测评分表已生成，见附件，请查阅。\n评分由监测结果计算得出，如与实际情况不符，请核实后反馈。\n"
    people: dict[str, list[str]] = {}
    for contact in registry.supervisors:
        for channel in dict.fromkeys(contact.channels):
            people.setdefault(channel, []).append(contact.role + (f" {contact.name}" if contact.name else ""))
    return tuple(
        OutgoingMessage(
            key=message_key(Audience.SUPERVISOR, channel, (KIND, week)),
            audience="、".join(dict.fromkeys(names)),
            channel=channel,
            kind=KIND,
            subject=f"【政务公开监测】{f'{place}：' if place else ''}{week}评分表",
            body=body,
            attachments=tuple(str(file.absolute()) for file in files),
        )
        for channel, names in people.items()
    )
