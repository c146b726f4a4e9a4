"""What a public list of messages (领导信箱, 留言) tells of each: when it came, whether and when it was answered. Read from its cells and its page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from checks.shared import per_view
from checks.timeliness import rows_by_list
from checks.tree import site_tree
from data.days import civil
from data.records import Column, ColumnKind, Document, Field, Listing
from data.text import bare
from data.urls import url_key
from data.view import SiteView

_OTHER_DUTY = re.compile("访谈|征集|信访|举报|纪检|监察|调查|问卷|听证|建议提案|知识库|常见问题|须知|流程|统计")
_SENT = re.compile("(来信|留言|写信|提交|提问|咨询|投诉|反映|收信|诉求|信件|登记)的?(时间|日期)")
_LISTED = re.compile("^(发布|受理|办理)?(时间|日期)$")  # where nothing says when it was sent
_ANSWERED = re.compile("(答复|回复|办结|反馈|办理完成|处理完成)(的)?(时间|日期)|^(答复|回复|办结)于")
_STATE = re.compile("状态|办理情况|处理情况|是否(回复|答复|办结)|回复情况|答复情况|办理进度|处理进度")
_ANSWER = re.compile("^(答复|回复|办理结果|处理结果|反馈|答复意见|回复意见|官方回复)(内容|情况|意见)?$|(答复|回复)(内容|意见)$")
_TYPE = re.compile("类型|类别|分类|信件性质")
_OPEN_WORD = re.compile("未(回复|答复|处理|办理|受理|办结|回应)|待(回复|答复|处理|办理|受理|办|分办)|尚未|没有(回复|答复)|^否$")
_DONE_WORD = re.compile("已(回复|答复|办结|反馈|处理|办理|完成|回应|结案)|办结|^是$|答复完毕|处理完毕|回复完成")
_BUSY_WORD = re.compile("(处理|办理|受理|转办|交办|承办|核实|审核|流转)中|已(受理|转办|交办|分办|派单|签收|转送)|正在")
_VOID_WORD = re.compile("无效|不予|重复|退回|不受理|垃圾|撤回|关闭")
_TEST = re.compile(r"^[\W\d_a-zA-Z]*$|^(这是)?.{0,4}(测试|test|试一下).{0,4}$|^.?$", re.I)
_DAY = re.compile(r"((?:19|20)\d{2})\s*[-—–./年]\s*(\d{1,2})\s*[-—–./月]\s*(\d{1,2})")
_ANSWER_IN_TEXT = re.compile("(答复|回复|办理)(内容|意见|结果|情况)[:：】]|(答复|回复)(单位|部门|时间|日期|人)[:：]")


_LINE = re.compile(
    r"(?:^|[\n\u3000])[ \t]*((?:来信|留言|写信|提交|提问|咨询|投诉|信件|办理|处理|答复|回复|办结|反馈)?(?:时间|日期|状态|情况|类型))[ \t]*[:：][ \t]*([^\n\u3000]{0,40})"
)
_BLANK = re.compile(r"^[\W_]*(无|暂无)?[\W_]*$")


class State(StrEnum):
    ANSWERED = "answered"
    OPEN = "open"
    BUSY = "busy"  # in work, perhaps with an interim answer
    VOID = "void"  # no valid message
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Message:
    """One public message: its row, its day, its state."""

    row: Listing
    sent: date | None
    answered: date | None
    state: State
    kind: str  # as printed: 咨询, 投诉 …; "" where none shows


def message_columns(view: SiteView) -> tuple[Column, ...]:
    """The site's own lists of messages; interviews, collections of opinions, petitions and denunciations are none."""
    return tuple(
        column
        for column in site_tree(view).columns
        if column.canonical == "ly" and column.kind is not ColumnKind.LINK_OUT and not _OTHER_DUTY.search(bare(column.name))
    )


def messages(view: SiteView, column: Column) -> tuple[Message, ...]:
    """The messages that stand in a list now."""
    documents = _by_key(view)
    rows = rows_by_list(view).get(url_key(column.url), ())
    return tuple(_message(row, documents.get(url_key(row.url)) if row.url else None) for row in rows)


@per_view
def _by_key(view: SiteView) -> Mapping[str, Document]:
    return {url_key(document.url): document for document in view.documents}


def _message(row: Listing, document: Document | None) -> Message:
    fields = (*row.cells, *(document.reading.fields if document else ()), *(_lines(document.reading.body) if document else ()))
    answered = _day_of(fields, _ANSWERED)
    others = [field for field in fields if not _ANSWERED.search(bare(field.label))]
    sent = _day_of(others, _SENT) or _day_of(others, _LISTED)
    if (
        sent is None
        and row.date is not None
        and not any(_ANSWERED.search(bare(field.label)) and _day(field.value) == civil(row.date.value) for field in fields)
    ):
        sent = civil(row.date.value)
    kind = next((bare(field.value) for field in fields if _TYPE.search(bare(field.label))), "")
    return Message(row, sent, answered, _state(row, document, fields, answered), kind)


def _lines(body: str) -> tuple[Field, ...]:
    """What a message's page tells in lines of its text, each behind its label: 留言时间：2026-11-02, 状态：已回复."""
    return tuple(Field(label, value) for label, value in _LINE.findall(body))


def _state(row: Listing, document: Document | None, fields: Sequence[Field], answered: date | None) -> State:
    """The state as printed; an answer that shows anywhere outweighs a row that says there is none."""
    words = [bare(field.value) for field in fields if _STATE.search(bare(field.label)) or _OPEN_TAG.fullmatch(bare(field.value))]
    words += [match.group(1) for match in _TAG.finditer(bare(row.title))]
    if _TEST.search(bare(row.title)) or any(_VOID_WORD.search(word) for word in words):
        return State.VOID
    if answered is not None or any(_DONE_WORD.search(word) and not _OPEN_WORD.search(word) for word in words):
        return State.ANSWERED
    if any(_ANSWER.search(bare(field.label)) and _tells(field.value) for field in fields):
        return State.ANSWERED
    if document is not None and _ANSWER_IN_TEXT.search(document.reading.body):
        return State.ANSWERED
    if any(_BUSY_WORD.search(word) for word in words):
        return State.BUSY
    if any(_OPEN_WORD.search(word) for word in words):
        return State.OPEN
    if any(_ANSWERED.search(bare(field.label)) and _BLANK.match(bare(field.value)) for field in fields):
        # The list has a place for the day of the answer and leaves it empty; only the message's own page can tell for sure.
        return State.OPEN if document is not None else State.BUSY
    return State.UNKNOWN


_OPEN_TAG = re.compile("[\\[【(（〔]?(未|待|已)(回复|答复|处理|办理|办结|受理)[\\]】)）〕]?|(处理|办理|受理)中")
_TAG = re.compile("[\\[【(（〔]([^\\[\\]【】()（）〔〕]{2,6})[\\]】)）〕]")


def _tells(value: str) -> bool:
    return len(bare(value)) >= 4 and not _OPEN_WORD.search(bare(value)) and not _BUSY_WORD.search(bare(value))


def _day_of(fields: Iterable[Field], label: re.Pattern[str]) -> date | None:
    return next((day for field in fields if label.search(bare(field.label)) and (day := _day(field.value)) is not None), None)


def _day(text: str) -> date | None:
    match = _DAY.search(text)
    if match is None:
        return None
    try:
        return date(int(match.group(1)), int(match.group(2)), int(match.group(3)))
    except ValueError:  # 2026-02-30: printed so, and no day
        return None
