"""The rule on replies to deputies' suggestions (人大代表建议) and members' proposals (政协委员提案)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from checks.clocks import end_of
from checks.registry import Outcome, check
from checks.scope import not_public
from checks.sight import Piece, absence, columns_of, pieces
from checks.subjects import site_subject
from checks.terms import Term, terms, years_in
from checks.tree import is_period
from data.catalogue import Rule
from data.days import civil, zh_day
from data.records import Column, EmptyBecause, Measure, Status
from data.registry import Profile
from data.text import bare
from data.urls import url_key
from data.view import SiteView

_REPLY = re.compile(
    "(建议|提案|议案).{0,24}(答复|复函|回复|办理)|(答复|复函|回复).{0,40}(建议|提案|议案)|第?\\d+号.{0,6}(建议|提案)|(建议|提案)第?\\d+号"
)
_BODY = re.compile("人大|政协|代表|委员|提案|议案|号(的)?建议|建议第?\\d+号")  # outside of the column 建议 alone may be anybody's
_ANSWER = re.compile("答复|复函|回复|办理(结果|情况)")
_NO_REPLY = re.compile("通知|办法|规定|规则|制度|培训|征集|动态|推进会|交办会|座谈")
_SUMMARY = re.compile("总体情况|情况(的)?(报告|汇报|说明|通报|公示|统计)|工作总结|一览表|目录|清单|统计表")
_CALLED = re.compile("人大.{0,4}建议|政协.{0,4}提案|建议提案|提案建议|议案")
_NONE_HANDLED = re.compile("(未|没有|无)(承办|收到|涉及|办理)|无(人大|政协|建议|提案)")


class Form(StrEnum):
    """How much of a reply a piece shows."""

    FULL = "full"
    SHORT = "short"  # a title or an abstract
    UNREAD = "unread"
    SUMMARY = "summary"


@dataclass(frozen=True, slots=True)
class Reply:
    piece: Piece
    year: int | None
    form: Form


@check("npc-cppcc-replies")
def npc_cppcc_replies(view: SiteView, rule: Rule) -> Iterable[Outcome]:
    """吉林高新区2018年分工方案 一(一): replies on matters of public interest are published in full, as a rule."""
    replies, (last, coming) = tuple(_replies(view, rule)), terms(view, rule.params)
    now = [reply for reply in replies if reply.year == coming.year and reply.piece.standing]
    left = coming.days_left(civil(view.as_of))
    if now:
        yield _published(view, coming, now)
        return
    past = [reply for reply in replies if reply.year == last.year and reply.piece.standing]
    judged = _published(view, last, past) if past else _unpublished(view, rule, last, replies)
    owes = judged.status is not Status.NOT_APPLICABLE and judged.status is not Status.FAIL
    if owes and left <= rule.params["warn_days"]:
        yield Outcome(Status.DUE_SOON, "awaited", site_subject(view), {"year": coming.year, "left": left}, due=end_of(coming.due))
    else:
        yield judged


def _replies(view: SiteView, rule: Rule) -> Iterator[Reply]:
    named = {url_key(column.url): column.name for column in view.columns if is_period(column)}
    for piece in pieces(view):
        title = piece.key
        if "jytabl" not in piece.columns and not (_REPLY.search(title) and _BODY.search(title) and _ANSWER.search(title)):
            continue
        if _NO_REPLY.search(title) or _NONE_HANDLED.search(title) or (piece.document is not None and not_public(piece.document)):
            continue
        folder = next((name for row in piece.rows if (name := named.get(url_key(row.column_url))) is not None), "")
        on = piece.published_on
        years = years_in(title) or years_in(folder)
        yield Reply(piece, on.year if on is not None else years[-1] if years else None, _form(piece, rule))


def _form(piece: Piece, rule: Rule) -> Form:
    if _SUMMARY.search(piece.key):
        return Form.SUMMARY
    if len(bare(piece.text)) > rule.params["min_chars"]:
        return Form.FULL
    if piece.document is None:
        return Form.SHORT if piece.url is None else Form.UNREAD
    reading = piece.document.reading
    script = any(mark.startswith("script") for mark in reading.marks)
    return Form.UNREAD if reading.attachments or reading.media.get("image") or script else Form.SHORT


def _published(view: SiteView, term: Term, replies: Sequence[Reply]) -> Outcome:
    subject, facts = site_subject(view), {"year": term.year, "count": len(replies)}
    by_form = {form: [reply.piece for reply in replies if reply.form is form] for form in Form}
    full, short, unread = by_form[Form.FULL], by_form[Form.SHORT], by_form[Form.UNREAD]
    if full:
        evidence = (full[0].evidence("答复全文"),)
        return Outcome(Status.PASS, "full", subject, facts | {"full": len(full)}, evidence, Measure(len(full), "item"))
    if unread:
        return Outcome(Status.INCONCLUSIVE, "text-unread", subject, facts, (unread[0].evidence("正文在附件、图片中或未读出"),))
    if not short:
        return Outcome(Status.INCONCLUSIVE, "summary-only", subject, facts, (by_form[Form.SUMMARY][0].evidence("办理情况汇总"),))
    proof = tuple(piece.evidence("仅见标题或摘要") for piece in short[:2])
    return Outcome(Status.FAIL, "abstract-only", subject, facts, proof, Measure(0, "item"), end_of(term.due))


def _unpublished(view: SiteView, rule: Rule, term: Term, replies: Sequence[Reply]) -> Outcome:
    subject = site_subject(view)
    facts: dict[str, object] = {"year": term.year}
    columns = columns_of(view, rule.columns)
    if not columns and view.site.profile is not Profile.DISTRICT_PORTAL:
        return Outcome(Status.NOT_APPLICABLE, "no-column", subject)
    # Who says of the running year that there were none answers for the column now; of the year before nothing is asked any more.
    told = {term.year, civil(view.as_of).year}
    if any(_explains(column) for column in columns) or any(_says_none(piece, year) for piece in pieces(view) for year in told):
        return Outcome(Status.NOT_APPLICABLE, "none-handled", subject, facts)
    if any(reply.year is None and reply.piece.standing for reply in replies):
        return Outcome(Status.INCONCLUSIVE, "undated", subject, facts)
    were = [reply.piece for reply in replies if reply.year == term.year]
    run = absence(
        view, rule, (*rule.columns, *rule.params["places"]), f"{term.year}年建议提案答复", were, term.due, date(term.year, 1, 1), _CALLED
    )
    if isinstance(run, str):
        return Outcome(Status.INCONCLUSIVE, run, subject, facts)
    facts |= {"seen": zh_day(run.readings[-1].at)}
    return Outcome(
        Status.FAIL, "absent", subject, facts, run.evidence, Measure(0, "item"), end_of(term.due), confidence=run.confidence
    )  # fmt: skip


def _explains(column: Column) -> bool:
    return bool(column.walks) and column.walks[-1].empty is EmptyBecause.STATEMENT


def _says_none(piece: Piece, year: int) -> bool:
    if not _NONE_HANDLED.search(piece.key) or not re.search("建议|提案", piece.key):
        return False
    on, named = piece.published_on, years_in(piece.title)
    return year in named or (not named and on is not None and on.year in (year, year + 1))
