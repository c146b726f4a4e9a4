"""The term of a normative document as its own text tells it: 有效期至…, 自…起施行，有效期5年, 试行2年."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from checks.clocks import add_months
from data.records import Field
from data.text import bare

_DATE = r"(\d{4})[年\-./](\d{1,2})[月\-./](\d{1,2})日?"
_CN = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10}
_COUNT = r"(\d{1,2}|[一二两三四五六七八九十])"
_UNTIL = re.compile(rf"(?:有效期限?|试行期限?|执行期限?|施行期限?|实施期限?)[^，。；\d]{{0,6}}(?:至|到|截止|截至)[^，。；\d]{{0,4}}{_DATE}")
_RANGE = re.compile(rf"自{_DATE}[^。；\d]{{0,8}}(?:施行|实施|执行|生效)?[^。；\d]{{0,10}}(?:至|到){_DATE}(?:止|有效|失效)?")
_SPAN = re.compile(rf"自{_DATE}起(?:正式)?(?:施行|实施|执行|生效)[^。；\d]{{0,10}}(?:至|到){_DATE}")
_YEARS = re.compile(rf"(?:有效期限?|试行期限?|试行|暂行期限?)(?:为|是|:|，)?(?:自[^，。；\d]{{2,14}}起(?:计算)?)?{_COUNT}(个月|年)")
_FROM = re.compile(rf"自{_DATE}起")
_FROM_ISSUE = re.compile(r"自(?:发布|公布|印发|下发|颁布|发文)之日起(?:满?(\d{1,3})(?:日|天|个?工作日)后?)?")
_WORDS = ("有效期", "试行", "执行期限", "施行期限", "实施期限", "暂行期", "日止", "日废止")
_OWN = re.compile(
    r"(本|此|该)(办法|规定|细则|意见|方案|通知|通告|公告|决定|文件|政策|措施|规则|条例|标准|制度|规范|指南|预案|实施)|施行|实施|执行|生效|试行"
)
_OTHER = re.compile("证书?的?有效期|许可证?|合同|协议|资格|居住证|身份证|报价|投标|承诺书|凭证|评估报告|鉴定|批准文件|补贴")
_LABEL = re.compile("^(有效期至|有效期|有效期限|失效日期|失效时间|废止日期|废止时间|终止日期|有效期截止|有效截止日期)$")


def has_term(body: str) -> bool:
    """Whether a text says how long it is in force."""
    return any(True for _ in _clauses(body))


def expiry(body: str, fields: Iterable[Field], made: date | None) -> date | None:
    """The last day of a document's own term, the latest where it names several; None where it names none that can be counted."""
    ends = [end for field in fields if _LABEL.match(bare(field.label)) and (end := _first_date(bare(field.value))) is not None]
    ends += [end for clause in _clauses(body) if (end := _end(clause, made)) is not None]
    return max(ends, default=None)


def _clauses(body: str) -> Iterator[str]:
    if not any(word in body for word in _WORDS):
        return
    for sentence in re.split(r"[。；\n]", body):
        if not 6 <= len(sentence) <= 300 or not any(word in sentence for word in _WORDS):
            continue
        text = bare(sentence)
        if _OWN.search(text) and not _OTHER.search(text) and _names_term(text):
            yield text


def _names_term(text: str) -> bool:
    if _UNTIL.search(text) or _YEARS.search(text) or _SPAN.search(text):
        return True
    return "有效期" in text and bool(_RANGE.search(text))


def _end(text: str, made: date | None) -> date | None:
    until = _UNTIL.search(text)
    if until:
        return _date(until.groups()[:3])
    whole = _RANGE.search(text)
    if whole:
        return _date(whole.groups()[3:6])
    years = _YEARS.search(text)
    if years is None:
        return None
    start = _start(text, made)
    if start is None:
        return None
    months = (_CN[years[1]] if years[1] in _CN else int(years[1])) * (12 if years[2] == "年" else 1)
    return add_months(start, months)


def _start(text: str, made: date | None) -> date | None:
    begun = _FROM.search(text)
    if begun:
        return _date(begun.groups())
    if made is None:
        return None
    later = _FROM_ISSUE.search(text)
    return made + timedelta(days=int(later[1])) if later and later[1] else made


def _first_date(text: str) -> date | None:
    found = re.search(_DATE, text)
    return _date(found.groups()) if found else None


def _date(parts: Iterable[str | None]) -> date | None:
    year, month, day = (int(part) if part else 0 for part in parts)
    try:
        return date(year, month, day)
    except ValueError:
        return None
