"""Rules on consultations: what a notice holds, how long it waits, and what a result says of opinions that were not adopted."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from checks.blemishes import Blemish, blemishes
from checks.bodies import bodies
from checks.clocks import add_months
from checks.consultations import Consultation, consultations, is_result
from checks.genres import is_policy
from checks.papers import NOT_YET, files_evidence, may_say_more, whole_body, words_of
from checks.registry import Outcome, check
from checks.scope import publication_is_weak, repost_of, title_of
from checks.shared import per_view
from checks.spoken import COUNT, number, term_of
from data.catalogue import Rule, load_columns
from data.days import civil, zh_day
from data.records import Document, DocumentReading, LinkKind, Measure, Status
from data.text import bare
from data.urls import url_key
from data.view import SiteView


def _since(view: SiteView, rule: Rule) -> date:
    """The day from which papers are judged: since the duty began, and no further back than can still be mended."""
    return max(date.fromisoformat(str(rule.params["duty_since"])), add_months(civil(view.as_of), -int(rule.params["months"])))


def _in_duty(view: SiteView, rule: Rule) -> list[Consultation]:
    """The consultations since the duty began; one without a date counts by our first sighting."""
    since = _since(view, rule)
    return [item for item in consultations(view) if (item.published or civil(item.document.first_seen)) >= since]


def _unread(reading: DocumentReading, rule: Rule) -> bool:
    """Whether too little of a page was read to say what it lacks."""
    return len(bare(reading.body)) < rule.params["min_chars"] or any("script" in mark for mark in reading.marks)


# --- consultation-materials-complete ----------------------------------------------------------

_ELEMENTS = 4
_DRAFT = re.compile("第一条|第一章|第二条|总则|一、(总体|指导|工作|基本|主要|目标)|(征求意见稿|草案)(全文|如下|附后)")
_FILE_TELLS = re.compile("稿|草案|说明|背景|依据|反馈表|意见表|表格|回执")
_WHY = re.compile(
    "说明|背景|依据|根据|按照|目的|必要性|为了|为(进一步|贯彻|规范|加强|落实|推进|深入|切实|更好|全面|促进|保障|完善|做好|充分|有效|提高)"
)
_CHANNEL = re.compile(
    r"邮箱|电子邮件|邮件|@|电话|传真|邮寄|信函|来信|来函|寄至|地址|联系人|联系方式|热线|在线|留言|网页|书面|提交|下方|我要|微信|\d{3,4}-\d{7,8}|通过.{0,20}(网站|平台|系统|栏目|端)"
)
_CLOSES = re.compile(r"截止|截至|期限|之日起|日前|日之前|[\d一二三四五六七八九十]+(日|天|个?工作日)|起至|时间[:：]")
_FORM = re.compile("征集状态|征集时间|开始时间|结束时间|截止时间|征集单位|发起单位|参与人数")


@check("consultation-materials-complete")
def consultation_materials_complete(view: SiteView, rule: Rule) -> Iterable[Outcome]:
    """重大行政决策程序暂行条例 第十五条: the draft, its explanation, how and by when to answer."""
    dead = _dead_files(view)

    def look(document: Document, reading: DocumentReading) -> Blemish | None:
        if _unread(reading, rule):
            return None
        files = [file for file in reading.attachments if url_key(file.url) not in dead]
        told = words_of(document.files) if reading is document.reading else ""
        missing = _missing(reading, [file.name for file in files], told, view, rule)
        assert rule.threshold is not None
        if _ELEMENTS - len(missing) >= rule.threshold.value:
            return None
        facts = {"missing": "、".join(missing)}
        note = f"征求意见页：未见{facts['missing']}，附件{len(reading.attachments)}个"
        if len(files) < len(reading.attachments):
            return Blemish("attachments-dead", note, facts, status=Status.INCONCLUSIVE)
        if missing == ["决策草案"] and re.search("附件|附后|见附|下载|点击", bare(reading.body)):
            return Blemish("draft-unsure", note, facts, status=Status.INCONCLUSIVE)
        return Blemish("missing", note, facts, Measure(_ELEMENTS - len(missing), "element"))

    yield from blemishes(view, (item.document for item in _in_duty(view, rule)), look)


def _missing(reading: DocumentReading, files: list[str], told: str, view: SiteView, rule: Rule) -> list[str]:
    """Which of the four elements a page lacks, with what its files tell; one whose name tells nothing may hold draft and explanation."""
    text = bare(f"{reading.body}\n{told}")
    silent = any(not _FILE_TELLS.search(name) for name in files)
    draft = bool(files) or len(text) >= rule.params["draft_chars"] or _DRAFT.search(text) or reading.related or reading.outlinks
    why = silent or _WHY.search(text) or any(re.search("说明|背景|依据", name) for name in files)
    form = any(_FORM.search(bare(field.label)) for field in reading.fields)
    channel = form or _CHANNEL.search(text)
    published = civil(reading.published_at) if reading.published_at else None
    closes = _CLOSES.search(text) or term_of(reading.body, reading.fields, published, view.calendar) is not None
    found = {"决策草案": draft, "起草说明或依据": why, "提出意见的方式": channel, "提出意见的期限": closes}
    return [name for name, there in found.items() if not there]


@per_view
def _dead_files(view: SiteView) -> frozenset[str]:
    """Attachments that did not open when they were last tried."""
    return frozenset(
        url_key(link.url) for link in view.links if link.kind is LinkKind.ATTACHMENT and link.visits and link.visits[-1].ok is False
    )


# --- consultation-period-30-days --------------------------------------------------------------

_MAJOR = re.compile("重大行政决策|重大决策|征收补偿|征收与补偿|国民经济和社会发展|发展规划|国土空间|专项规划|总体规划")
_MARKET = re.compile("市场主体|经营主体|营商环境|企业|经营者|个体工商户|民营经济|招商|产业")
_MARKET_TOLD = re.compile("(市场主体|经营主体|企业|经营者)生产经营|涉及(市场主体|经营主体|企业)|优化营商环境条例")
_WHY_SHORT = re.compile(
    "(情况|时间|任务|工作|形势|时限)[^。；]{0,6}(紧急|紧迫|紧)|缩短[^。；]{0,16}(期限|时间|征求)|(期限|时间|征求意见)[^。；]{0,12}缩短|急需|突发"
)


@check("consultation-period-30-days")
def consultation_period_30_days(view: SiteView, rule: Rule) -> Iterable[Outcome]:
    """重大行政决策程序暂行条例 第十五条: at least 30 days, or the reasons for a shorter term."""
    assert rule.threshold is not None
    limit = int(rule.threshold.value)
    found = {url_key(item.document.url): item for item in _in_duty(view, rule)}

    def look(document: Document, reading: DocumentReading) -> Blemish | None:
        item = found[url_key(document.url)]
        published = civil(reading.published_at) if reading.published_at else None
        term = term_of(reading.body, reading.fields, published, view.calendar)
        if term is None or (term.opens or published) is None:
            return None
        if term.in_workdays is not None and term.in_workdays >= limit:
            return None
        opens = term.opens or published
        assert opens is not None
        days = (term.closes - opens).days
        if days < 0 or days >= limit or _WHY_SHORT.search(bare(reading.body)):
            return None
        facts = {"opens": zh_day(opens), "closes": zh_day(term.closes)}
        note = f"征求意见页：{facts['opens']}至{facts['closes']}，共{days}日"
        scope = _scope(item)
        if scope is None:
            return Blemish("scope-unclear", note, facts, Measure(days, "day"), status=Status.INCONCLUSIVE)
        if (term.opens is not None and days + 1 >= limit) or publication_is_weak(document):
            # Both ends of a stated span may have been counted; a date of update is no date of publication.
            return Blemish("counted-otherwise", note, facts, Measure(days, "day"), status=Status.INCONCLUSIVE)
        return Blemish("short", note, {**facts, "scope": scope}, Measure(days, "day"))

    yield from blemishes(view, (item.document for item in found.values()), look)


def _scope(item: Consultation) -> str | None:
    """Why a draft owes thirty days, as the reader is told it; None where that is not clear."""
    reading, title = item.document.reading, bare(title_of(item.document))
    text = bare(reading.body)
    if any(load_columns().is_within(column, "zdxzjc") for column in item.document.columns) or "重大行政决策" in title + text:
        return "重大行政决策"
    if _MAJOR.search(title):
        return "重大行政决策或征收补偿事项"
    if is_policy(item.matter, item.matter) and (_MARKET.search(item.matter) or _MARKET_TOLD.search(text)):
        return "与市场主体生产经营活动密切相关的政策"
    return None


# --- nonadoption-reasons-given ----------------------------------------------------------------

_UNIT = "(?:余)?(?:条|件|个|项)"
_RECEIVED = re.compile(
    rf"(?:收到|收集|征集|反馈|提出|征得)[^。；;]{{0,40}}?(?:(?:意见|建议)[^。；;,，\d]{{0,6}}?{COUNT}{_UNIT}|{COUNT}{_UNIT}(?:有效|反馈|公众|修改|书面)*(?:意见|建议))"
)
_ADOPTED = re.compile(
    rf"(?<!未)(?<!不)(?<!不予)(?<!未予)(?<!未被)(?<!部分)采纳(?!率)[^。；;,，\d]{{0,10}}?{COUNT}{_UNIT}|{COUNT}{_UNIT}[^。；;,，\d]{{0,8}}(?:予以|已|被|均|全部)采纳"
)
_PARTLY = re.compile(rf"部分采纳[^。；;,，\d]{{0,10}}?{COUNT}{_UNIT}")
_REFUSED = re.compile(
    rf"(?:未|不|没有|暂不|暂未|不能)(?:予以|予|被|能)?(?:采纳|吸收)(?!率)[^。；;,，\d]{{0,10}}?{COUNT}{_UNIT}|{COUNT}{_UNIT}[^。；;,，\d]{{0,8}}(?:未|不予|不|暂不|未予|未被)(?:采纳|吸收)"
)
_ALL = re.compile("(全部|均|都|已全部|一致)(已|予以|给予|得到|被)?(采纳|吸收)|采纳率(为|达到?)?100%")
_NOT_ADOPTED = re.compile("(未|不|没有|暂不|暂未|不能)(予以|予|被|能)?(采纳|吸收)")
_REASON = re.compile(
    "理由|原因|因为?|由于|鉴于|考虑到|不符|不属于|不在|超出|已在|已有|已明确|不宜|不适宜|尚不|暂不具备|缺乏|根据|依据|按照|经研究|经核|说明如下|解释|与[^。]{1,20}(重复|冲突|不一致)"
)


@check("nonadoption-reasons-given")
def nonadoption_reasons_given(view: SiteView, rule: Rule) -> Iterable[Outcome]:
    """利通区实施方案 四(二): reasons where opinions were not adopted."""
    since, who = _since(view, rule), bodies(view)

    def look(document: Document, reading: DocumentReading) -> Blemish | None:
        now = reading is document.reading  # of its earlier versions the files are not known
        text = bare(whole_body(document) if now else reading.body)
        refused = _refused(bare(reading.body))
        if refused == 0 or _unread(reading, rule):
            return None
        told = _NOT_ADOPTED.search(text)
        if _REASON.search(text[told.end() :] if told else text) or (
            told and _REASON.search(text[max(0, told.start() - 30) : told.start()])
        ):
            return None
        facts = {"refused": refused}
        note = f"结果反馈页：未采纳意见{refused}条，未见理由"
        more = may_say_more(document) if now else NOT_YET if reading.attachments else None
        if more is not None:
            reason = "in-attachment" if more in (NOT_YET, "image-only") else more
            return Blemish(reason, note, facts, status=Status.INCONCLUSIVE)
        return Blemish("no-reasons", note, facts, Measure(0, "reason"), evidence=files_evidence(document, note) if now else ())

    def counts(document: Document) -> bool:
        day = document.reading.published_at
        return is_result(document) and not repost_of(document, who) and civil(day or document.first_seen) >= since

    yield from blemishes(view, (document for document in view.documents if counts(document)), look)


def _refused(text: str) -> int:
    """How many opinions a result says were not adopted; 0 where it does not say, or all were."""
    if _ALL.search(text):
        return 0
    stated = [number(next(filter(None, match.groups()))) for match in _REFUSED.finditer(text)]
    if stated:
        return max(stated)
    received, adopted = _RECEIVED.search(text), _ADOPTED.search(text)
    if received is None or adopted is None:
        return 0
    partly = _PARTLY.search(text)
    taken = number(next(filter(None, adopted.groups()))) + (number(partly.group(1)) if partly else 0)
    return max(number(next(filter(None, received.groups()))) - taken, 0)
