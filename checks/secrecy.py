"""The rule on documents that are on line although they are marked as not to be published."""

from __future__ import annotations

import re
from collections.abc import Iterable

from checks.blemishes import Blemish, blemishes
from checks.registry import Outcome, check
from checks.scope import converted, title_of
from data.catalogue import Rule
from data.records import Document, DocumentReading, Status
from data.text import bare
from data.view import SiteView

_NOTE = re.compile(r"[(（【\[〔]?此(件|文|文件)(不予?公开|依申请公开|不宜公开|内部(使用|掌握))(发布)?[)）】\]〕]?。?")
_INTERNAL = re.compile(
    r"[(（【\[〔]?(内部(资料|文件|材料|使用|掌握)[，,、\s]*(注意保存|请勿外传|不得外传|严禁外传|妥善保管)?|注意保存|不得外传|请勿外传)[)）】\]〕]?[。！!]?"
)
_SECRET = re.compile(r"(绝密|机密|秘密)\s*[★☆*]\s*(\d{1,2}年|\d{1,2}个月|长期)?")
_WORDS = ("此件", "此文", "内部", "外传", "注意保存", "密★", "密☆", "密*", "密 ★", "密　★")
_CLOSED = re.compile("^(依申请公开|不予公开|不公开|内部公开|不宜公开|免予公开)$")
_ABOUT = re.compile("公开属性|政务公开|信息公开|保密|公文(格式|处理|办理|写作)|政府信息|主动公开|公开指南|年度报告|定密")


@check("attribute-contradiction")
def attribute_contradiction(view: SiteView, rule: Rule) -> Iterable[Outcome]:
    """利通 一(一) 此件不公开、此件依申请公开, 条例 第十四条: what bears such a mark, standing alone, is not on line."""
    least = int(rule.params["min_chars"])

    def look(document: Document, reading: DocumentReading) -> Blemish | None:
        found = _mark(reading, least)
        if found is None or converted(document):
            return None
        reason, note = found
        if _ABOUT.search(bare(title_of(document))):
            return Blemish("about-marks", note, status=Status.INCONCLUSIVE)
        return Blemish(reason, note)

    yield from blemishes(view, view.documents, look)


def _mark(reading: DocumentReading, least: int) -> tuple[str, str] | None:
    """Reason key of a mark that stands alone, and where it stands; the words inside a sentence speak of marks and are none."""
    body = reading.body
    if any(word in body for word in _WORDS):
        lines = [line for line in body.split("\n") if line.strip()]
        for line in lines[:12]:
            if "密" in line and len(line) <= 20 and _SECRET.fullmatch(bare(line)):
                return "secret", "正文开头有单独成行的密级标志"
        for line in (*lines[:12], *lines[-12:]):
            if len(line) <= 24 and _INTERNAL.fullmatch(bare(line)):
                return "internal", "正文有单独成行的内部资料标志"
        for line in lines:
            # At the end of the paper or of its covering notice, alone or behind the last full stop of a line.
            if "此" in line and len(line) <= 24 and _NOTE.fullmatch(bare(line)):
                return "not-public", "正文有单独成行的不公开或依申请公开附注"
        if re.search(r"[。\s][(（]此件(不予?公开|依申请公开)[)）]\s*$", body[-200:]):
            return "not-public", "正文末尾有不公开或依申请公开附注"
    # A catalogue entry of a paper that is given on request says so and shows no text: that is as it should be.
    if reading.openness is not None and _CLOSED.match(bare(reading.openness)) and (len(bare(body)) >= least or reading.attachments):
        return "attribute", "信息栏公开属性为不公开或依申请公开，页面刊有正文或附件"
    return None
