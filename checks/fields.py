"""Rules on what an official document bears: its publicity note, its number, dates that agree."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from checks.blemishes import Blemish, blemishes
from checks.bodies import bodies
from checks.metadata import unread_fields
from checks.papers import NOT_YET, files_evidence, may_say_more, whole_body
from checks.registry import Outcome, check
from checks.scope import converted, policy_documents, publication_is_weak, repost_of, title_of
from data.catalogue import Rule
from data.days import civil, zh_day
from data.records import DateRole, Document, DocumentKind, DocumentReading, Measure, Status
from data.text import bare
from data.view import SiteView

_NOTE = re.compile(
    r"此(件|文|文件)[\u4e00-\u9fff，]{0,12}公开|[(（【\[〔]\s*(主动公开|公开发布|依申请公开|不公开|不予公开)\s*[)）】\]〕]|公开(属性|方式|类别|形式|范围|类型)[:：]\S"
)
_OPENNESS_LABEL = re.compile("公开(方式|类别|属性|范围|形式|类型|选项|程度)|信息公开属性|是否公开|发布范围")
_NEEDS_NO_NOTE = re.compile("(公告|通告|公示|令|解读|方案》?全文)$|令.{0,8}第.{1,6}号")
_LETTERED = re.compile(
    r"^(?!.*(令|公告|通告)).*[〔\[(【]\s*(19|20)\d{2}"
)  # of a paper with a note; orders and announcements are public by nature
_NUMBER_LABEL = re.compile("^(文号|发文字号|公文字号|文件编号|文件号|发文号|发文文号|字号|文件字号)$")


@check("publicity-attribute-note")
def publicity_attribute_note(view: SiteView, rule: Rule) -> Iterable[Outcome]:
    """利通 一(一): a document fit for publication bears 此件公开发布 in its note; 宝山 shows it as the field 公开类别."""
    since: date = rule.params["duty_since"]

    def look(document: Document, reading: DocumentReading) -> Blemish | None:
        now = reading is document.reading  # of its earlier versions the files are not known
        body = bare(whole_body(document) if now else reading.body)
        if reading.openness or _NOTE.search(body):
            return None
        if any(_OPENNESS_LABEL.search(bare(field.label)) and "公开" in field.value for field in reading.fields):
            return None
        if len(bare(reading.body)) < rule.params["min_chars"] and (reading.attachments or any(reading.media.values())):
            more = (may_say_more(document) if now else NOT_YET) or (NOT_YET if len(body) < rule.params["min_chars"] else None)
            if more is not None:
                reason = "in-attachment" if more in (NOT_YET, "image-only") else more
                return Blemish(reason, "文件正文在附件或图片中，未读出附注", status=Status.INCONCLUSIVE)
        if (unread := unread_fields(document)) is not None:
            return Blemish(unread, "文件页未能读出", status=Status.INCONCLUSIVE)
        return Blemish(
            "missing", "正文附注和信息栏均未见公开属性", evidence=files_evidence(document, "附件正文未见公开属性") if now else ()
        )

    yield from blemishes(view, (document for document in _own(view) if _bears_note(document, since)), look)


def _bears_note(document: Document, since: date) -> bool:
    """Whether a document is one that bears a publicity note: an official paper under a number, issued since the duty began."""
    reading = document.reading
    day = reading.issued_on or reading.made_on or (civil(reading.published_at) if reading.published_at else None)
    number = bare(reading.doc_number or "")
    return bool(_LETTERED.search(number)) and (day is None or day >= since) and not _NEEDS_NO_NOTE.search(bare(title_of(document)))


def _own(view: SiteView) -> Iterator[Document]:
    """The unit's own policy documents."""
    whose = bodies(view)
    for document in policy_documents(view):
        if document.reading.kind in (DocumentKind.POLICY_DOCUMENT, DocumentKind.NOTICE) and not repost_of(document, whose):
            yield document


# --- the number -------------------------------------------------------------------------------

_OPEN, _CLOSE = r"[〔\[(【〈<]", r"[〕\])】〉>]"
_WHOLE = re.compile(
    rf"[\u4e00-\u9fffA-Za-z·、\-]{{1,30}}{_OPEN}(19|20)\d{{2}}年?{_CLOSE}第?[\d一二三四五六七八九十百〇○零]{{1,6}}号(之[一二三四五六七八九十\d])?"
)
_HALF = re.compile(r"[〔\[(【]\s*(19|20)\d{2}[年]?\d+号?$|(?<![〔\[(【\d])(19|20)\d{2}年?[〕\])】]第?\d+号?$")
_DOUBLED = re.compile(rf"{_OPEN}{{2}}|{_CLOSE}{{2}}")
_LOST = re.compile(r"^[\u4e00-\u9fff]{2,16}(?<!公告)(?<!通告)(?<!令)(19|20)\d{2}(\d{1,4}|年\d{1,4}|(?<=[发办函字规]\d{4})年第\d{1,4})号$")
_NO_YEAR = re.compile(
    rf"{_OPEN}{_CLOSE}第?\d{{1,4}}号$|{_OPEN}\d{{1,3}}{_CLOSE}第?\d{{1,4}}号$|^[\u4e00-\u9fff]{{2,12}}(发|办|函|字|规|政)\d{{1,4}}号$"
)
_NO_END = re.compile(rf"^[\u4e00-\u9fff]{{2,16}}{_OPEN}(19|20)\d{{2}}{_CLOSE}第?\d{{1,4}}$")
_DEFECTS = (
    (_HALF, "括号不完整"), (_DOUBLED, "括号重复"), (_LOST, "年份未加六角括号"), (_NO_YEAR, "未见完整年份"), (_NO_END, "未见“号”字"),
)  # fmt: skip


@check("document-number-well-formed")
def document_number_well_formed(view: SiteView, rule: Rule) -> Iterable[Outcome]:
    """东昌府 and 宝山 page heads: 东昌政办发〔2023〕3号, 宝府办〔2020〕14号: letters, the year in brackets, the count, 号."""

    def look(document: Document, reading: DocumentReading) -> Blemish | None:
        shown = shown_number(reading)
        defect = number_defect(shown) if shown else None
        return Blemish("malformed", f"页面所示文号：{shown}", {"number": shown, "defect": defect}) if shown and defect else None

    yield from blemishes(view, (document for document in _own(view) if shown_number(document.reading)), look)


def shown_number(reading: DocumentReading) -> str | None:
    """The 文号 as the metadata block prints it, else as the text shows it."""
    printed = next((bare(field.value) for field in reading.fields if _NUMBER_LABEL.match(bare(field.label)) and field.value.strip()), None)
    return printed or (bare(reading.doc_number) if reading.doc_number else None)


def number_defect(number: str) -> str | None:
    """What of a 文号 is lost or doubled, in Chinese; None where it is whole or of another kind (an order, a registration number)."""
    parts = [part for part in re.split("[、，,；;/ ]", number) if part]
    if _WHOLE.fullmatch(number) or all(_WHOLE.fullmatch(part) for part in parts):
        return None
    for part in parts:
        for pattern, name in _DEFECTS:
            if len(part) <= 40 and pattern.search(part):
                return name
    return None


# --- the dates --------------------------------------------------------------------------------


@check("document-dates-consistent")
def document_dates_consistent(view: SiteView, rule: Rule) -> Iterable[Outcome]:
    """东昌府 成文日期, 宝山 发文日期: made, issued, published follow each other and agree with the number and the signature."""
    own = {document.url for document in _own(view) if not converted(document)}
    margin = timedelta(days=rule.params["future_days"])

    def look(document: Document, reading: DocumentReading) -> Blemish | None:
        found = list(_contradictions(reading, rule)) if document.url in own else []
        published = reading.published_at
        if published is not None and civil(published) > civil(document.observed_at) + margin and not publication_is_weak(document):
            found.append(f"发布日期（{zh_day(published)}）晚于观测日期（{zh_day(document.observed_at)}）")
        if not found:
            return None
        what, measured = "；".join(found), Measure(len(found), "contradiction")
        if any(mark.startswith("date-repaired") for mark in reading.marks):
            return Blemish("characters-lost", f"页面日期缺字，{what}", {"what": what}, measured, status=Status.INCONCLUSIVE)
        return Blemish("contradiction", what, {"what": what}, measured)

    yield from blemishes(view, (document for document in view.documents if document.url in own or document.reading.published_at), look)


def _contradictions(reading: DocumentReading, rule: Rule) -> Iterator[str]:
    made, issued = reading.made_on, reading.issued_on
    shown = [civil(item.value) for item in reading.dates if item.role is DateRole.PUBLISHED]
    if reading.published_at is not None and not any(mark == "published-from-meta" for mark in reading.marks):
        shown.append(civil(reading.published_at))
    published = max(shown, default=None)  # where several are shown, the latest: the doubt is the unit's
    if published is not None:
        for name, day in (("成文日期", made), ("发文日期", issued)):
            if day is not None and day > published:
                yield f"{name}（{zh_day(day)}）晚于发布日期（{zh_day(published)}）"
    if made is not None and issued is not None and made > issued:
        yield f"成文日期（{zh_day(made)}）晚于发文日期（{zh_day(issued)}）"
    fields = {civil(item.value) for item in reading.dates if item.role is DateRole.MADE}
    signed = {civil(item.value) for item in reading.dates if item.role is DateRole.SIGNED}
    if fields and signed and not fields & signed and issued not in signed:
        yield f"信息栏成文日期（{zh_day(min(fields))}）与落款日期（{zh_day(min(signed))}）不同"
    number = re.search(r"[〔\[(【]((?:19|20)\d{2})年?[〕\])】]", bare(reading.doc_number or ""))
    days = [day for day in (made, issued) if day is not None]
    if number and days and not any(_same_year(int(number[1]), day, rule) for day in days):
        yield f"文号年份（{number[1]}年）与成文或发文日期（{zh_day(days[0])}）不符"


def _same_year(year: int, day: date, rule: Rule) -> bool:
    """Whether a number of this year fits a day: numbers of one year are still given in the first weeks of the next, and the reverse."""
    margin = timedelta(days=rule.params["year_end_days"])
    return year in ((day - margin).year, day.year, (day + margin).year)
