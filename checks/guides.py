"""Rules on the guide to disclosure (政府信息公开指南): what it contains, and whether it is kept up to date."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from checks.bodies import Whose, bodies
from checks.clocks import add_months
from checks.elements import ADDRESS, HOURS, PHONE, TELEPHONE, Text, found_in, shelf
from checks.observing import GONE, unread_reason
from checks.papers import NOT_YET, unread
from checks.registry import Outcome, check
from checks.shared import per_view
from checks.sight import columns_of
from checks.subjects import site_subject
from checks.terms import lead_of, whose_lead
from data.catalogue import Rule
from data.days import civil, zh_day
from data.records import ColumnKind, DateRole, Measure, Severity, Status, Subject, SubjectKind
from data.text import bare
from data.view import SiteView

_GUIDE = re.compile("公开(工作)?(指南|指引)")
_NO_GUIDE = re.compile("通知|办法|依申请|申请(指南|须知)|办事|服务指南|公示|目录")
_LEAD_END = re.compile("(政府|政务)?信息公开|政务公开|公开指南|指南")
_HARD = {
    "机构名称": re.compile(
        "(机构|部门|单位|科室|机关)(名称)?[:为是]+[\\u4e00-\\u9fff、()]{2,40}|(公开|受理|主管|办公)(工作)?(机构|部门|室)[^。;]{0,24}(局|办|室|科|中心|委|股|府|处|厅|站|院|所)"
        "|(办公室|科|股|中心)[^。;]{0,12}(负责|承担|承办|受理|为.{0,10}机构)"
    ),
    "办公地址": ADDRESS,
    "办公时间": HOURS,
    "联系电话": TELEPHONE,
}
_SOFT = {
    "信息分类": re.compile("分类|类别|公开(的)?(范围|内容|事项|信息)"),
    "编排体系": re.compile("编排|体系|索引号?|目录"),
    "获取方式": re.compile("获取|查阅|查询|公开(的)?(形式|方式|渠道|途径)|依申请公开|提出申请"),
    "传真号码": re.compile("传真"),
    "互联网联系方式": re.compile(r"[\w.+-]+@[\w-]+\.\w+|电子邮|邮箱|网址|https?:|www\.|互联网|在线(申请|平台|提交|受理)|网上(申请|提交)|门户网站|政府网站"),
}  # fmt: skip


@per_view
def guides(view: SiteView) -> tuple[Text, ...]:
    """The texts of the unit's own guide, the longest first."""
    found = []
    own = {column.url for column in columns_of(view, ("zfxxgkzn",))}
    for text in shelf(view, ("zfxxgkzn",)).texts:
        if text.single and text.url not in own:
            continue  # a page of another kind below the guide
        if text.single or (
            _GUIDE.search(bare(text.title))
            and not _NO_GUIDE.search(bare(text.title))
            and (text.document is not None or text.file is not None)
        ):
            lead = "" if text.single else lead_of(text.title, _LEAD_END)
            if whose_lead(view, lead) is Whose.OWN or bodies(view).whose(lead) is Whose.OWN:
                found.append(text)
    return tuple(sorted(found, key=lambda text: -len(text.body)))


def _without_guide(view: SiteView) -> Outcome:
    """No text of a guide: there is none, which is the four parts' matter, or its page was not read."""
    columns = columns_of(view, ("zfxxgkzn",))
    for column in columns:
        if column.kind is ColumnKind.LINK_OUT:
            return Outcome(Status.INCONCLUSIVE, "link-out", site_subject(view))
        in_file = unread(column.page.attachments, column.files) if column.page is not None and not column.walks else None
        if in_file is not None and in_file != NOT_YET:
            return Outcome(Status.INCONCLUSIVE, in_file, site_subject(view))
        if column.fault not in GONE and (column.reachable is False or column.kind is ColumnKind.UNKNOWN or not column.walks):
            return Outcome(Status.INCONCLUSIVE, column.fault or "not-read", site_subject(view))
        if column.walks and (column.walks[-1].entries == 0 or column.walks[-1].state != "complete"):
            return Outcome(Status.INCONCLUSIVE, unread_reason(column), site_subject(view))
    if shelf(view, ("zfxxgkzn",)).unread:
        return Outcome(Status.INCONCLUSIVE, "not-read", site_subject(view))
    return Outcome(Status.NOT_APPLICABLE, "no-guide", site_subject(view))


def _unread(texts: tuple[Text, ...], least: int) -> str | None:
    if max(len(text.body) for text in texts) >= least and not any(text.beside == "script-shell" for text in texts):
        return None
    return next((text.beside for text in texts if text.beside), "blank-page")


def _read(view: SiteView, rule: Rule) -> tuple[Text, ...] | Outcome:
    """The texts of a site's guide, or the verdict that stands where there is none to be judged."""
    texts = guides(view)
    if not texts:
        return _without_guide(view)
    unread = _unread(texts, rule.params["min_chars"])
    return texts if unread is None else Outcome(Status.INCONCLUSIVE, unread, _subject(texts[0]))


def _subject(text: Text) -> Subject:
    return Subject(SubjectKind.DOCUMENT, text.url, text.title)


# --- disclosure-guide-complete ----------------------------------------------------------------


@check("disclosure-guide-complete")
def guide_complete(view: SiteView, rule: Rule) -> Iterable[Outcome]:
    """政府信息公开条例 第十二条: classification, arrangement, ways of access, and name, address, hours and numbers of the office."""
    texts = _read(view, rule)
    if isinstance(texts, Outcome):
        yield texts
        return
    guide = texts[0]
    hard, soft = set(found_in(texts, _HARD)), set(found_in(texts, _SOFT))
    measured = Measure(len(hard) + len(soft), "element")
    missing = [name for name in _HARD if name not in hard]
    lacking = [name for name in (*_HARD, *_SOFT) if name not in hard | soft]
    evidence = (guide.evidence(f"公开指南见到{len(hard) + len(soft)}项要素" + (f"，未见{'、'.join(lacking)}" if lacking else "")),)
    beside = next((text.beside for text in texts if text.in_file), None)
    if missing and beside is not None and (len(hard) * 2 <= len(_HARD) or any(text.partly_read for text in texts)):
        yield Outcome(Status.INCONCLUSIVE, beside, _subject(guide))
    elif missing:
        yield Outcome(Status.FAIL, "missing", _subject(guide), {"missing": "、".join(missing)}, evidence, measured)
    elif measured.value < rule.params["least"]:
        facts = {"missing": "、".join(lacking)}
        yield Outcome(Status.FAIL, "few", _subject(guide), facts, evidence, measured, severity=Severity.MINOR)
    else:
        yield Outcome(Status.PASS, "complete", _subject(guide), {}, evidence, measured)


# --- disclosure-guide-update-date -------------------------------------------------------------

_DAY = r"(20\d{2})[年./-](\d{1,2})(?:[月./-](\d{1,2})日?|月)?"
_STATED = re.compile(
    rf"(?:更新|修订|修改|编制|制定|发布|公布|修编|调整)(?:日期|时间)?(?:于|为|[:(])*{_DAY}|\({_DAY}(?:更新|修订|修改|编制|制定|发布|版)?\)"
)
_ANY_DAY = re.compile(_DAY)
_OF_LAW = frozenset({(2007, 1, 17), (2007, 4, 5), (2008, 5, 1), (2019, 4, 3), (2019, 4, 15), (2019, 5, 15)})
_REPEALED = re.compile("第?492号")
_IN_FORCE = re.compile("711号|2019年5月15日")
_STREET = re.compile(r"[\u4e00-\u9fff]{2}(?:大道|路|街|巷|弄)\d+号")


@check("disclosure-guide-update-date")
def guide_update_date(view: SiteView, rule: Rule) -> Iterable[Outcome]:
    """宝山区2020年政务公开工作要点 一(二)5: a guide is revised when its contact data change, and says when."""
    texts = _read(view, rule)
    if isinstance(texts, Outcome):
        yield texts
        return
    guide = texts[0]
    stated = max((day for text in texts if (day := stated_day(text)) is not None), default=None)
    yield _dated(view, rule, guide, texts, stated)


def _dated(view: SiteView, rule: Rule, guide: Text, texts: tuple[Text, ...], stated: date | None) -> Outcome:
    assert rule.threshold is not None
    subject, today = _subject(guide), civil(view.as_of)
    whole = "".join(text.body for text in texts)
    floor = rule.params["statute_since"]
    if not _IN_FORCE.search(whole) and (_REPEALED.search(whole) or (stated is not None and stated < floor)):
        basis = "国务院令第492号" if _REPEALED.search(whole) else f"{zh_day(stated)}的版本" if stated is not None else ""
        return Outcome(Status.FAIL, "former-statute", subject, {"basis": basis}, (guide.evidence("公开指南正文"),))
    stale = stated is None or add_months(stated, int(rule.threshold.value)) < today
    other = _contradicted(view, guide, whole) if stale else None
    if other is not None:
        facts = {"other": other, "stated": f"标注日期为{zh_day(stated)}" if stated is not None else "未见更新日期"}
        return Outcome(Status.FAIL, "contacts-differ", subject, facts, (guide.evidence("公开指南所载联系信息"),))
    if stated is not None:
        return Outcome(Status.PASS, "dated", subject, {"stated": zh_day(stated)}, (guide.evidence(f"标注日期{zh_day(stated)}"),))
    days = [found for found in _ANY_DAY.finditer(whole) if _of(found) not in _OF_LAW]
    if days:
        return Outcome(Status.INCONCLUSIVE, "date-unclear", subject)
    if any(text.published_on is not None or (text.document is not None and text.document.reading.dates) for text in texts) or _row_date(
        view, texts
    ):
        return Outcome(Status.INCONCLUSIVE, "publication-date-only", subject)
    if any(text.partly_read for text in texts):
        return Outcome(Status.INCONCLUSIVE, next(text.beside for text in texts if text.partly_read) or "no-text-layer", subject)
    return Outcome(Status.FAIL, "no-date", subject, {}, (guide.evidence("公开指南全文未见日期"),))


def _of(found: re.Match[str]) -> tuple[int, int, int]:
    year, month, day = (found.group(index) for index in (1, 2, 3))
    return int(year), int(month), int(day or 0)


def stated_day(text: Text) -> date | None:
    """The newest day that a guide gives as its own: behind 更新 or 修订, alone in brackets, at its end, or a 更新时间 of the page's head."""
    found = [tuple(int(part) for part in match.groups() if part is not None) for match in _STATED.finditer(text.body)]
    tail = re.search(rf"{_DAY}$", text.body)
    if tail is not None:
        found.append(tuple(int(part) for part in tail.groups() if part is not None))
    stated = [day for parts in found if (*parts, 0)[:3] not in _OF_LAW and (day := _date(parts)) is not None]
    if text.document is not None:
        shown = text.document.reading.dates
        stated += [civil(each.value) for each in shown if each.role is DateRole.SIGNED or re.search("更新|修订|修改", each.where)]
    return max(stated, default=None)


def _date(parts: tuple[int, ...]) -> date | None:
    year, month, day = (*parts, 1)[:3]
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _row_date(view: SiteView, texts: tuple[Text, ...]) -> bool:
    """Whether the site dates the guide in a row or in the meta tags of its column's page."""
    metas = [column.page.metas for column in columns_of(view, ("zfxxgkzn",)) if column.page is not None]
    if any(value and "date" in name.lower() for each in metas for name, value in each.items()):
        return True
    urls = {text.url for text in texts}
    return any(row.url in urls and row.date is not None for row in view.listings)


def _contradicted(view: SiteView, guide: Text, whole: str) -> str | None:
    """What contact data of the guide stand nowhere else, where profile or foot of the site show other ones; in Chinese, for the reader."""
    profile = "".join(text.body for text in shelf(view, ("jgzn",)).texts if text.url != guide.url)
    elsewhere = profile or bare((view.homes[-1].footer if view.homes else None) or "")
    for name, pattern in (("办公地址", _STREET), ("联系电话", re.compile(PHONE))):
        mine, theirs = set(pattern.findall(whole)), set(pattern.findall(elsewhere))
        if mine and theirs and not any(_agree(one, other) for one in mine for other in theirs):
            return f"{name}与{'机构职能页面' if profile else '首页页脚'}不一致"
    return None


def _agree(one: str, other: str) -> bool:
    digits = (re.sub(r"\D", "", one)[-7:], re.sub(r"\D", "", other)[-7:])
    if len(digits[0]) == 7 and len(digits[1]) == 7:
        return digits[0] == digits[1]
    return one.endswith(other) or other.endswith(one)
