"""Rules on public messages: a channel is there, none stays open for over three months (19号 互动回应差), answers come in time."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from checks.clocks import add_months, end_of, near_unknown
from checks.disclosure import unread_on_the_way
from checks.mailbox import Message, State, message_columns, messages
from checks.observing import (
    GONE,
    Reading,
    column_evidence,
    held,
    latest_crawl,
    listing_evidence,
    shows_everything_new,
    too_old,
    unread_reason,
)
from checks.registry import Outcome, check
from checks.subjects import column_subject, site_subject
from checks.tree import current_columns, lives_on_parent, site_tree
from data.catalogue import Rule
from data.days import civil, zh_day
from data.records import Column, CrawlState, Evidence, Home, Measure, Severity, Status
from data.text import bare
from data.urls import netloc, url_key
from data.view import SiteView

_CHANNEL = re.compile("信箱|留言|写信|来信|信件|咨询|投诉|建言|献策|问政|12345|热线|诉求|我要(问|说|写|提)|民声|民意|意见箱|连线|百姓呼声")
_SECTION = re.compile("互动|公众参与")  # may hold a channel, or only interviews and collections
_FORM = re.compile("留言内容|来信内容|信件内容|我要留言|我要写信|提交留言|留言标题|信件标题|验证码")
_SPECIAL = re.compile("信访|举报|纪检|纪委|监察|巡察|廉政")  # channels of their own, which 19号 does not count


# --- message-response-veto --------------------------------------------------------------------


@check("message-response-veto")
def message_response_veto(view: SiteView, rule: Rule) -> Iterable[Outcome]:
    """国办秘函〔2019〕19号 单项否决 互动回应差: a channel for questions, and no valid message open for over three months."""
    if lives_on_parent(view):
        yield Outcome(Status.NOT_APPLICABLE, "hosted-by-parent", site_subject(view))
        return
    yield _channel(view, rule)
    for column in message_columns(view):
        if column.walks:
            yield _open_messages(view, rule, column)


_NATION = frozenset({"www.gov.cn", "gov.cn"})


def _no_channels(view: SiteView, home: Home) -> int:
    """How many of the home page's pictures without words lead to what is known and no channel: the nation's portal, an article, the page itself."""
    known = {url_key(home.url), *(url_key(document.url) for document in view.documents)}
    unnamed = [link.url for link in home.links if link.source == "none" and link.url is not None]
    return sum(netloc(url) in _NATION or url_key(url) in known for url in unnamed)


def _channel(view: SiteView, rule: Rule) -> Outcome:
    subject = site_subject(view)
    home = view.homes[-1] if view.homes else None
    dead = {url_key(column.url): column for column in current_columns(view) if column.reachable is False and column.fault in GONE}
    named = list(_named(view, home))
    alive = next((name for name, url in named if url is None or url_key(url) not in dead), None)
    if alive is not None:
        return Outcome(Status.PASS, "channel", subject, {"label": alive})
    if named:
        return Outcome(Status.INCONCLUSIVE, "channel-dead", subject, {"label": named[0][0]})
    if home is None or not home.readable:
        return Outcome(Status.INCONCLUSIVE, (home.reason if home else None) or "not-observed", subject)
    if "image-only-navigation" in home.marks or home.image_only_links > _no_channels(view, home):
        return Outcome(Status.INCONCLUSIVE, "image-only-navigation", subject)
    crawl, unread = latest_crawl(view), unread_on_the_way(view)
    if crawl is None or crawl.state is not CrawlState.COMPLETE or crawl.finished_at is None:
        return Outcome(Status.INCONCLUSIVE, (crawl.reason if crawl else None) or "crawl-incomplete", subject)
    if unread is not None:
        return Outcome(Status.INCONCLUSIVE, unread.fault or "not-read", subject)
    section = next((column for column in current_columns(view) if _SECTION.search(column.name) and _is_closed(view, column)), None)
    if section is not None:
        return Outcome(Status.INCONCLUSIVE, "section-unread", subject, {"label": section.name})
    scripted = next((link.text for link in home.links if _SECTION.search(bare(link.text)) and _opens_by_script(link.url, home)), None)
    if scripted is not None:
        return Outcome(Status.INCONCLUSIVE, "section-unread", subject, {"label": scripted})
    if too_old(home.observed_at, view, rule):
        return Outcome(Status.INCONCLUSIVE, "observation-too-old", subject)
    readings = [
        Reading(
            seen.observed_at,
            not any(_is_channel(link.text) for link in seen.links) if seen.readable else None,
            (Evidence(seen.url, seen.observed_at, seen.sha256, f"{zh_day(seen.observed_at)}首页及各栏目未见网上咨询建言入口"),),
        )
        for seen in view.homes
    ]
    run = held(readings, rule)
    assert run is not None  # the last home page is readable and names no channel
    return Outcome(Status.FAIL, "no-channel", subject, {}, run.evidence, confidence=run.confidence)


def _named(view: SiteView, home: Home | None) -> Iterator[tuple[str, str | None]]:
    """Everything on the site that names or is a way to ask, with its address: columns, links of the home page and of the pages of columns."""
    columns = current_columns(view)
    for column in columns:
        asks = column.page is not None and _SECTION.search(column.name) and _FORM.search(bare(column.page.text))
        if (column.canonical in ("ly", "zcwd") and not _SPECIAL.search(column.name)) or asks or _is_channel(column.name):
            yield column.name, column.url
    links = [(link.text, link.url) for link in home.links] if home is not None else []
    links += [(link.text, link.url) for link in home.outlinks] if home is not None else []
    links += [(link.text, link.url) for column in columns if column.page is not None for link in column.page.links]
    yield from ((text, url) for text, url in links if _is_channel(text))


def _is_closed(view: SiteView, column: Column) -> bool:
    """Whether what a column holds is not known: its page was not read, and nothing hangs below it."""
    return column.page is None and not column.walks and not site_tree(view).children(column)


def _opens_by_script(url: str | None, home: Home) -> bool:
    """Whether a link leads to no page of its own: javascript:, or a part of the home page that a script fills (#/hd)."""
    return url is None or ("#" in url and url_key(url.partition("#")[0]) == url_key(home.url))


def _is_channel(name: str) -> bool:
    text = bare(name)
    return len(text) <= 20 and bool(_CHANNEL.search(text)) and not _SPECIAL.search(text)


def _open_messages(view: SiteView, rule: Rule, column: Column) -> Outcome:
    """Whether a valid message of the last year stands open for longer than the term."""
    assert rule.threshold is not None
    today, subject, months = civil(view.as_of), column_subject(column), int(rule.threshold.value)
    since = add_months(today, -int(rule.params["lookback_months"]))
    recent = [message for message in messages(view, column) if message.sent is not None and since <= message.sent <= today]
    waiting = [message for message in recent if message.state is State.OPEN and not too_old(message.row.last_seen, view, rule)]
    over = [message for message in waiting if _term_ends(message, months) < today]
    if over:
        return _unanswered(column, over, months, today)
    walk = column.walks[-1]
    evidence = (column_evidence(column, f"一年内公开留言{len(recent)}件"),)
    if not shows_everything_new(walk):
        return Outcome(Status.INCONCLUSIVE, unread_reason(column), subject, severity=Severity.MINOR)
    if too_old(walk.at, view, rule):
        return Outcome(Status.INCONCLUSIVE, "observation-too-old", subject, severity=Severity.MINOR)
    if any(message.state is State.BUSY and _term_ends(message, months) < today for message in recent):
        return Outcome(Status.INCONCLUSIVE, "in-work", subject, {}, evidence)
    if waiting:
        first = min(waiting, key=lambda message: _term_ends(message, months))
        last = _term_ends(first, months)
        if (last - today).days <= rule.params["due_soon_days"]:
            facts = {"sent": zh_day(first.sent or today)}
            return Outcome(Status.DUE_SOON, "awaited", subject, facts, (listing_evidence(first.row, "状态为未答复"),), due=end_of(last))
        return Outcome(Status.PASS, "answered", subject, {"count": len(recent)}, evidence)
    if not recent:
        return Outcome(Status.NOT_APPLICABLE, "no-messages", subject)
    if any(message.state is State.UNKNOWN and _term_ends(message, months) < today for message in recent) or all(
        message.state in (State.UNKNOWN, State.VOID) for message in recent
    ):
        return Outcome(Status.INCONCLUSIVE, "no-state", subject, {}, evidence)
    return Outcome(Status.PASS, "answered", subject, {"count": len(recent)}, evidence)


def _term_ends(message: Message, months: int) -> date:
    """The last day on which an open message is in time."""
    assert message.sent is not None
    return add_months(message.sent, months)


def _unanswered(column: Column, over: Sequence[Message], months: int, today: date) -> Outcome:
    oldest = min(message.sent for message in over if message.sent is not None)
    days = (today - oldest).days
    facts = {"count": len(over), "oldest": zh_day(oldest), "days": days}
    evidence = tuple(listing_evidence(message.row, f"{zh_day(message.sent or oldest)}的留言，状态为未答复") for message in over[:10])
    return Outcome(
        Status.FAIL, "unanswered", column_subject(column), facts, evidence, Measure(days, "day"), end_of(add_months(oldest, months))
    )


# --- message-answer-time ----------------------------------------------------------------------

_PROMISE = re.compile(r"(\d{1,2}|[一二三四五六七八九十]{1,3})个工作日(?:之?内|以内)?[^。；;]{0,12}?(?:答复|回复|办结|反馈|处理)")
_ZH = {"一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}


@check("message-answer-time")
def message_answer_time(view: SiteView, rule: Rule) -> Iterable[Outcome]:
    """国办秘函〔2019〕19号 扣分 办理答复: simple questions answered within 5 working days; the site's own promise goes first."""
    told = False
    for column in () if lives_on_parent(view) else message_columns(view):
        outcome = _answer_times(view, rule, column)
        if outcome is not None:
            told = True
            yield outcome
    if not told:
        yield Outcome(Status.NOT_APPLICABLE, "no-answers", site_subject(view))


def _answer_times(view: SiteView, rule: Rule, column: Column) -> Outcome | None:
    """Measure a list's answers of the last year; None where it has none."""
    today = civil(view.as_of)
    since = add_months(today, -int(rule.params["lookback_months"]))
    recent = [message for message in messages(view, column) if message.sent is not None and since <= message.sent <= today]
    answered = [message for message in recent if message.state is State.ANSWERED]
    if not answered:
        return None
    subject = column_subject(column)
    timed = [(message, message.sent, message.answered) for message in answered if message.sent is not None and message.answered is not None]
    if not timed:
        return Outcome(Status.INCONCLUSIVE, "no-answer-time", subject, {"count": len(answered)})
    promise = _promise(column)
    late: list[tuple[int, Message]] = []
    doubtful, longest = 0, 0
    for message, sent, reply in timed:
        span, (sure, strict) = view.calendar.workdays_between(sent, reply), _limits(rule, column, message, promise)
        longest = max(longest, span.days)
        if near_unknown(span, sure, int(rule.params["provisional_margin_workdays"])):
            doubtful += 1
        elif span.days > sure:
            late.append((span.days, message))
        else:
            doubtful += span.days > strict
    share = round(100 * len(late) / len(timed), 2)
    facts: dict[str, object] = {"count": len(timed), "late": len(late), "longest": longest, "share": share, "basis": _basis(promise)}
    measured = Measure(longest, "workday")
    evidence = tuple(
        listing_evidence(message.row, f"{zh_day(message.sent or today)}来信，{zh_day(message.answered or today)}答复，用时{days}个工作日")
        for days, message in sorted(late, key=lambda pair: -pair[0])[:5]
    )
    if share > rule.params["tolerated_percent"]:
        return Outcome(Status.FAIL, "late", subject, facts, evidence, measured)
    if 100 * (len(late) + doubtful) > rule.params["tolerated_percent"] * len(timed):
        return Outcome(Status.INCONCLUSIVE, "simple-or-not", subject, {**facts, "doubtful": doubtful}, evidence, measured)
    return Outcome(Status.PASS, "in-time", subject, facts, evidence, measured)


def _limits(rule: Rule, column: Column, message: Message, promise: int | None) -> tuple[int, int]:
    """Working days beyond which a message was surely late, and beyond which it was if it was a simple question."""
    assert rule.threshold is not None
    simple, complicated = int(rule.threshold.value), int(rule.params["complex_workdays"])
    if promise is not None:
        return promise, promise
    if "咨询" in (message.kind or bare(column.name)) and not re.search("投诉|举报|建议", message.kind or bare(column.name)):
        return simple, simple
    return complicated, complicated if message.kind else simple


def _promise(column: Column) -> int | None:
    """The longest term in working days that the column's own page promises."""
    found = _PROMISE.findall(bare(column.page.text)) if column.page is not None else []
    return max((_figure(text) for text in found), default=None)


def _figure(text: str) -> int:
    if text.isdigit():
        return int(text)
    tens, _, ones = text.partition("十") if "十" in text else ("", "", text)
    return (_ZH.get(tens, 1) * 10 if "十" in text else 0) + _ZH.get(ones, 0)


def _basis(promise: int | None) -> str:
    return f"本站承诺的{promise}个工作日" if promise is not None else "答复时限"
