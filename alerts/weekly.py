"""The messages that bring the week's scorecard: all of it to the supervisors, to each administrator the sheets of its own units."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from alerts.escape import plain
from alerts.items import Audience, message_key
from data.findings import OutgoingMessage
from data.registry import Contact, Registry

KIND = "scorecard"
_MOST = 12  # sentences in a message; the files hold the rest


def weekly_messages(
    registry: Registry, week: str, days: tuple[date, date], files: Sequence[Path], told: Sequence[str] = ()
) -> tuple[OutgoingMessage, ...]:
    """One message a channel of the supervisors, once a week, with the files attached.

    `days` are the week's first and last; `told` are sentences for those whose channel takes no files.
    """
    place = plain(registry.region, 40) if registry.region else ""
    body = f"您好：\n\n{place}{_span(days)}（{week}）政务公开监测评分表已生成，见附件，请查阅。\n{_told(told)}评分由监测结果计算得出，如与实际情况不符，请核实后反馈。\n"
    people: dict[str, list[str]] = {}
    for contact in registry.supervisors:
        for channel in dict.fromkeys(contact.channels):
            people.setdefault(channel, []).append(_who(contact))
    return tuple(
        _message(Audience.SUPERVISOR, channel, names, (KIND, week), f"{f'{place}：' if place else ''}{week}评分表", body, files)
        for channel, names in people.items()
    )


def unit_messages(
    registry: Registry, week: str, days: tuple[date, date], sheets: Mapping[str, Sequence[Path]], told: Mapping[str, str]
) -> tuple[OutgoingMessage, ...]:
    """One message a channel of administrators, once a week, with the sheets of the units that this channel answers for and no others.

    `sheets` are each unit's files by site, `told` what the message itself says of it.
    """
    units: dict[str, list[str]] = {}
    people: dict[str, list[str]] = {}
    names = {site.id: plain(site.name, 40) for site in registry.sites}
    for site in registry.sites:
        for contact in site.administrators if site.id in sheets else ():
            for channel in dict.fromkeys(contact.channels):
                if site.id not in units.setdefault(channel, []):
                    units[channel].append(site.id)
                people.setdefault(channel, []).append(_who(contact))
    return tuple(
        _message(
            Audience.ADMINISTRATOR,
            channel,
            people[channel],
            (KIND, week, "own"),
            f"{names[sites[0]]}{f'等 {len(sites)} 家单位' if len(sites) > 1 else ''}{week}评分表",
            f"您好：\n\n{'、'.join(names[site] for site in sites)}{_span(days)}（{week}）的政务公开监测评分表见附件，请查阅。\n{_told([told[site] for site in sites if site in told])}"
            "其中列有扣分事项、依据、证据和整改建议；对扣分有异议的，可凭佐证材料申请复核。\n",
            [path for site in sites for path in sheets[site]],
        )
        for channel, sites in units.items()
    )


def _message(
    audience: Audience, channel: str, names: Sequence[str], tells: tuple[str, ...], subject: str, body: str, files: Sequence[Path]
) -> OutgoingMessage:
    return OutgoingMessage(
        key=message_key(audience, channel, tells),
        audience="、".join(dict.fromkeys(names)),
        channel=channel,
        kind=KIND,
        subject=f"【政务公开监测】{subject}",
        body=body,
        attachments=tuple(str(file.absolute()) for file in files),
    )


def _told(sentences: Sequence[str]) -> str:
    """What pages and registries say of units stays text in a message."""
    return "".join(f"{plain(sentence, 400)}\n" for sentence in sentences[:_MOST])


def _span(days: tuple[date, date]) -> str:
    first, last = (f"{day.year}年{day.month}月{day.day}日" for day in days)
    return f"{first}至{last}"


def _who(contact: Contact) -> str:
    return contact.role + (f" {contact.name}" if contact.name else "")
