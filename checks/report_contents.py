"""Rules on what the yearly report on disclosure contains: its six sections and three tables, and what plans ask it to mention."""

from __future__ import annotations

import re
from collections.abc import Iterable

from checks.annual_reports import Report, reports
from checks.bodies import Whose
from checks.papers import files_evidence, may_say_more
from checks.registry import Outcome, check
from checks.sight import Piece
from checks.subjects import site_subject
from data.catalogue import Rule
from data.files import FileSeen
from data.records import Evidence, Measure, Severity, Status
from data.text import bare
from data.view import SiteView

# --- annual-report-six-sections ---------------------------------------------------------------

_NUMERAL = (
    r"(?:^|[\n。；;\s]|(?<=[^一二三四五六七八九十\d]))"
    r"(?:[（(][一二三四五六七八九十\d]{1,2}[)）]|第?[一二三四五六七八九十\d]{1,2}(?:部分)?[、.．，,：:\s]+)\s*"
)
_SECTIONS = {
    "总体情况": "(总体|基本|概述)(情况)?",
    "主动公开政府信息情况": "主动公开(政府)?(信息)?(的)?情况",
    "收到和处理政府信息公开申请情况": "((收到|接受|受理)[和及与、]?)?(处理|办理|答复)?(的)?(政府)?信息公开(工作)?申请(的)?(收到)?[和及与]?(处理|办理|答复)?(的)?情况"
    "|依申请公开(政府信息)?(办理|处理|的)?情况",
    "政府信息公开行政复议、行政诉讼情况": "(因)?(政府)?(信息公开)?(工作)?(被)?(申请)?(提起)?行政复议[、和及与,，]?(提起)?行政诉讼(的)?情况",
    "存在的主要问题及改进情况": "(工作)?(中)?(存在)?(的)?(主要)?问题(和|及|与|以及|、)?(其)?(改进|整改|解决)(情况|措施|办法|打算)?",
    "其他需要报告的事项": "(其他|其它)(需要|需)?(报告|说明)?(的)?(有关)?(情况|事项)",
}
_HEADINGS = {
    name: re.compile(rf"(?:^|\n)\s*(?:{_NUMERAL})?(?:{words})[^\n]{{0,12}}(?:\n|$)|{_NUMERAL}(?:{words})")
    for name, words in _SECTIONS.items()
}
_SPOKEN = ("总体情况|基本情况|概述", "主动公开", "申请", "复议|诉讼", "问题|不足", "其他(需要|事项)|其它(需要|事项)")
_TABLES = {
    "主动公开情况表": re.compile("(第二十条第|规章|规范性文件).{0,400}(行政许可|行政处罚|行政强制|行政事业性收费)"),
    "申请办理情况表": re.compile("(本年新收|新收政府信息公开申请|结转下年度|上年结转)"),
    "复议诉讼情况表": re.compile("(结果维持|维持).{0,60}(结果纠正|纠正).{0,60}(尚未审结|其他结果)"),
}


@check("annual-report-six-sections")
def six_sections(view: SiteView, rule: Rule) -> Iterable[Outcome]:
    """政府信息公开条例 第五十条 and 国办公开办函〔2021〕30号: the six sections and three tables of the uniform format."""
    own = [report for report in reports(view) if report.whose is Whose.OWN and report.piece.standing]
    for report in own:
        if report.year < rule.params["first_year"]:
            yield Outcome(Status.NOT_APPLICABLE, "old-format", report.piece.subject, {"year": report.year})
        else:
            yield _sections(rule, report)
    if not own:
        yield Outcome(Status.NOT_APPLICABLE, "no-report", site_subject(view))


def unreadable(piece: Piece, least: int) -> str | None:
    """Why the text of a piece cannot be judged, as a reason key."""
    long_enough = len(bare(piece.text)) >= least
    if piece.document is None:
        if piece.file is None:
            return "not-read"
        return piece.file.file.why or (None if long_enough else "no-text-layer" if piece.file.file.blind else "blank-page")
    if any(mark.startswith("script") for mark in piece.document.reading.marks):
        return "script-shell"
    return None if long_enough else may_say_more(piece.document) or "blank-page"


def _sections(rule: Rule, report: Report) -> Outcome:
    piece, facts = report.piece, {"year": report.year}
    unread = unreadable(piece, rule.params["min_chars"])
    if unread is not None:
        return Outcome(Status.INCONCLUSIVE, unread, piece.subject, facts)
    text, elsewhere = piece.text, goes_on_elsewhere(piece)
    found = [name for name, pattern in _HEADINGS.items() if pattern.search(text)]
    missing, measured = [name for name in _SECTIONS if name not in found], Measure(len(found), "section")
    evidence = _proof(piece, f"年报正文见到{len(found)}个部分：{'、'.join(found) or '无'}")
    if missing and _is_partly_read(piece):
        return Outcome(Status.INCONCLUSIVE, "no-text-layer", piece.subject, facts, evidence, measured)
    if missing:
        # A report whose headings are of another kind, or that goes on in a file, is not read well enough to say what it lacks;
        # one that is long and does not even speak of most of the six is.
        whole = len(found) * 2 >= len(_SECTIONS) and not (elsewhere and len(missing) > 1)
        spoken = sum(1 for words in _SPOKEN if re.search(words, text))
        formless = len(bare(text)) >= rule.params["long_chars"] and spoken * 2 <= len(_SECTIONS) and not elsewhere
        if whole or formless:
            return Outcome(Status.FAIL, "missing", piece.subject, facts | {"missing": "、".join(missing)}, evidence, measured)
        return Outcome(Status.INCONCLUSIVE, "layout-unknown", piece.subject, facts, evidence, measured)
    tables = [name for name, pattern in _TABLES.items() if not pattern.search(bare(text))]
    if tables and (elsewhere or _is_laid_out(piece)):
        return Outcome(Status.INCONCLUSIVE, "tables-unread", piece.subject, facts | {"missing": "、".join(tables)}, evidence, measured)
    if tables:
        return Outcome(Status.FAIL, "tables-missing", piece.subject, facts | {"missing": "、".join(tables)}, evidence, measured)
    return Outcome(Status.PASS, "complete", piece.subject, facts, evidence, measured)


def goes_on_elsewhere(piece: Piece) -> bool:
    """Whether files or pictures may say more than was read."""
    if piece.document is not None:
        return may_say_more(piece.document) is not None
    return piece.file is not None and not piece.file.file.is_whole


def _is_laid_out(piece: Piece) -> bool:
    """Whether tables come out of a file of fixed pages: in what order nobody can say."""
    return any(seen.file.kind in ("pdf", "ofd") for seen in _files(piece))


def _is_partly_read(piece: Piece) -> bool:
    """Whether the report stands in a file of which pages are pictures."""
    return any(seen.file.why is None and not seen.file.is_whole for seen in _files(piece))


def _files(piece: Piece) -> tuple[FileSeen, ...]:
    return piece.document.files if piece.document is not None else (piece.file,) if piece.file is not None else ()


def _proof(piece: Piece, note: str) -> tuple[Evidence, ...]:
    more = files_evidence(piece.document, f"{note}（附件文字）") if piece.document is not None else ()
    return (piece.evidence(note), *more)


# --- annual-report-required-mentions ----------------------------------------------------------

_MENTIONS = {
    "plan": ("政务公开工作要点落实情况", re.compile("工作要点|公开要点|年度要点|重点(工作)?任务(分工|分解)|政务公开.{0,8}(工作计划|任务清单|实施方案|工作安排|工作方案)")),
    "key-areas": ("重点领域信息公开情况", re.compile("重点领域|重点信息公开|重大建设项目|公共资源配置|社会公益事业")),
    "assessment": ("评估结果", re.compile("第三方评估|评估结果|评估得分|测评结果|考核评估|绩效评估|社会评议")),
}  # fmt: skip


@check("annual-report-required-mentions")
def required_mentions(view: SiteView, rule: Rule) -> Iterable[Outcome]:
    """宝山区2020年政务公开工作要点 一(二)6, 东昌府 五(四): the report tells how the year's plan was carried out."""
    own = [report for report in reports(view) if report.whose is Whose.OWN and report.piece.standing]
    if not own:
        yield Outcome(Status.NOT_APPLICABLE, "no-report", site_subject(view))
        return
    newest = max(own, key=lambda report: (report.year, report.piece.document is not None))
    piece, facts = newest.piece, {"year": str(newest.year)}
    unread = unreadable(piece, rule.params["min_chars"])
    if unread is not None:
        yield Outcome(Status.INCONCLUSIVE, unread, piece.subject, facts)
        return
    text = bare(piece.text)
    wanted = [key for key in _MENTIONS if key in rule.params["required"]]
    missing = [_MENTIONS[key][0] for key in wanted if not _MENTIONS[key][1].search(text)]
    measured, evidence = Measure(len(wanted) - len(missing), "mention"), _proof(piece, "年报正文")
    limit = Measure(len(wanted), "mention")
    if missing and goes_on_elsewhere(piece):
        headings = sum(1 for pattern in _HEADINGS.values() if pattern.search(piece.text))
        if headings < len(_HEADINGS):
            reason = (may_say_more(piece.document) if piece.document is not None else None) or "no-text-layer"
            yield Outcome(Status.INCONCLUSIVE, reason, piece.subject, facts, evidence)
            return
    if missing:
        facts |= {"missing": "、".join(missing)}
        yield Outcome(Status.FAIL, "missing", piece.subject, facts, evidence, measured, threshold=limit, severity=Severity.MINOR)
    else:
        yield Outcome(Status.PASS, "mentioned", piece.subject, facts, evidence, measured, threshold=limit)
