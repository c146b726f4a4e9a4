"""Notices as messages in plain Simplified Chinese text.

What pages say is untrusted. It is written so that it is the same plain text in every format a channel may show it in:
characters that HTML, Markdown or a chat robot would act on are replaced by their full-width forms.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path
from urllib.parse import quote, urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from alerts.notices import Audience, Heading, Notice, is_past, observed_at
from data.catalogue import Rule
from data.findings import Change, OutgoingMessage
from data.records import SHANGHAI, Finding

_TITLES = {
    Heading.NEW: "【新发现问题】",
    Heading.OVERDUE: "【逾期仍可见】",
    Heading.DUE_SOON: "【即将到期】",
    Heading.RESOLVED: "【已整改】",
}
_COUNTED = {Heading.NEW: "新发现问题", Heading.OVERDUE: "逾期未整改", Heading.DUE_SOON: "即将到期", Heading.RESOLVED: "已整改"}
_ACTIVE = str.maketrans({char: chr(ord(char) + 0xFEE0) for char in "<>[]*_`#|~\\@&{}$"})
_TEXT_LIMIT = 300


def plain(text: str, limit: int = _TEXT_LIMIT) -> str:
    """Untrusted text on one line: control, format and bidirectional characters gone, active ones full-width, cut at `limit`."""
    spaced = "".join(" " if char.isspace() or unicodedata.category(char) == "Cc" else char for char in text)
    kept = "".join(char for char in spaced if unicodedata.category(char) not in ("Cf", "Cs", "Co", "Cn"))
    line = " ".join(kept.split()).translate(_ACTIVE).replace("://", "：／／")
    return line if len(line) <= limit else line[: limit - 1] + "…"


def _own(text: str) -> str:
    """Text of our own catalogue on one line, exact otherwise: quotes are not to be altered."""
    return " ".join(text.split())


def address(url: str) -> str:
    """An http or https URL that stays one word in every format; anything else as plain text."""
    if urlsplit(url).scheme not in ("http", "https"):
        return plain(url)
    return quote(url.strip(), safe="%/:?#&=+,;@!$-._~'")


def _found_mended(finding: Finding) -> str:
    """What the check found that closed a finding."""
    return next((event.why for event in reversed(finding.events) if event.what == Change.RESOLVED), "")


def _moment(value: datetime) -> str:
    local = value.astimezone(SHANGHAI)
    return f"{local.year}年{local.month}月{local.day}日{local:%H:%M}"


def _day(value: date) -> str:
    return f"{value.year}年{value.month}月{value.day}日"


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
        "own": _own,
        "address": address,
        "observed": observed_at,
        "found_mended": _found_mended,
        "moment": _moment,
        "day": _day,
        "is_past": is_past,
    }
    environment.filters.update(filters)
    environment.globals["headings"] = [(heading.value, title) for heading, title in _TITLES.items()]
    return environment


def render(notice: Notice, rules: Mapping[str, Rule], region: str, now: datetime) -> tuple[OutgoingMessage, ...]:
    """One message a channel of the notice's contact."""
    template = _environment().get_template(f"{notice.audience.value}.txt.j2")
    body = _tidy(template.render(notice=notice, rules=rules, now=now))
    day = now.astimezone(SHANGHAI).date()
    return tuple(
        OutgoingMessage(
            key=notice.key(channel, day),
            audience=audience_line(notice),
            channel=channel,
            kind=notice.kind,
            subject=subject(notice, region),
            body=body,
            marks=notice.marks,
            due_marks=notice.due_marks,
        )
        for channel in dict.fromkeys(notice.contact.channels)
    )


def audience_line(notice: Notice) -> str:
    """Who is told: the site, the role and, where the registry has it, the name."""
    who = notice.contact.role + (f" {notice.contact.name}" if notice.contact.name else "")
    if notice.audience is Audience.SUPERVISOR:
        return who
    return f"{_named(notice)} {who}"


def subject(notice: Notice, region: str) -> str:
    """The message's title: site and counts."""
    counts = [f"{name}{count}项" for heading, name in _COUNTED.items() if (count := notice.count(heading))]
    if notice.audience is Audience.ADMINISTRATOR:
        return f"【政务公开监测】{_named(notice)}：{'、'.join(counts)}"
    if notice.summary:
        counts += [f"近期新发现{sum(line.new for line in notice.summary)}项、已整改{sum(line.resolved for line in notice.summary)}项"]
    return f"【政务公开监测】{plain(region) + '：' if region else ''}{'，'.join(counts)}"


def _named(notice: Notice) -> str:
    names = [plain(section.site.name, 40) for section in notice.sections]
    return names[0] if len(names) == 1 else f"{names[0]}等{len(names)}家"


def _tidy(text: str) -> str:
    lines = [line.rstrip() for line in text.strip().splitlines()]
    return "\n".join(line for index, line in enumerate(lines) if line or lines[index - 1]) + "\n"
