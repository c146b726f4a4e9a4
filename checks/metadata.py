"""Rules on the fields that a document page shows."""

from __future__ import annotations

import re
from collections.abc import Iterable

from checks.bodies import bodies
from checks.genres import is_help, is_policy
from checks.observing import document_evidence
from checks.registry import Outcome, check
from checks.scope import desk, policy_documents, repost_of, title_of
from checks.subjects import document_subject
from data.catalogue import Rule
from data.records import Document, DocumentKind, Measure, Status
from data.text import bare, title_core, title_key
from data.urls import url_key
from data.view import SiteView

_PLACEHOLDER = re.compile(r"^[\W_]*(无|暂无|没有|待定|空|null|none|nan|undefined|未知|不详|号|年|第号|年第号|19700101|0+)?[\W_]*$", re.I)
_BRACKETED_TAIL = re.compile(r"[(（【\[〔][^()（）]*[)）】\]〕]$")
_NUMBERED = re.compile("(通知|意见|决定|批复|函|通报|请示|命令|令|议案)$")


@check("document-info-fields")
def document_info_fields(view: SiteView, rule: Rule) -> Iterable[Outcome]:
    """政府信息公开条例 第十二条: index, name, summary and date of making; 宝山 and 东昌府 page heads for the fields as printed."""
    at_desk = desk(view, rule, bodies(view))
    for document in policy_documents(view):
        if document.reading.kind not in (DocumentKind.POLICY_DOCUMENT, DocumentKind.NOTICE) or is_help(title_of(document)):
            continue
        subject = document_subject(document)
        if repost_of(document, at_desk.bodies):
            yield Outcome(Status.NOT_APPLICABLE, "repost", subject)
        elif not _is_paper(document):
            yield Outcome(Status.NOT_APPLICABLE, "no-paper", subject)
        elif url_key(document.url) in at_desk.withdrawn:
            yield Outcome(Status.NOT_APPLICABLE, "withdrawn", subject)
        elif (unread := unread_fields(document)) is not None:
            yield Outcome(Status.INCONCLUSIVE, unread, subject)
        else:
            yield _fields(rule, document)


_PAPER = re.compile("(公告|通告|令|决议|纪要|条例|规则|章程|预案|计划|要点|清单|目录)$")
_HEAD_LABEL = re.compile("来源|作者|时间|日期|字号|字体|浏览|点击|阅读|编辑|责编|审核|分享")


def _is_paper(document: Document) -> bool:
    """Whether a page shows an official paper at all: columns of policies also carry news and collections, which have no such fields."""
    reading, title = document.reading, bare(title_of(document))
    if reading.doc_number or needs_number(document) or _PAPER.search(_BRACKETED_TAIL.sub("", title)):
        return True
    return is_policy(title_core(title), title) or any(not _HEAD_LABEL.search(bare(field.label)) for field in reading.fields)


def unread_fields(document: Document) -> str | None:
    """Why a page's fields cannot be judged, as a reason key."""
    reading = document.reading
    if any(mark.startswith(("script", "header-script", "fields-script")) for mark in reading.marks):
        return "script-shell"
    if not reading.fields and not reading.attachments and len(bare(reading.body)) < 20:
        return "blank-page"
    return None


def _fields(rule: Rule, document: Document) -> Outcome:
    reading = document.reading
    values = {
        "名称": reading.title,
        "文号": reading.doc_number,
        "成文日期或发文日期": reading.made_on or reading.issued_on,
        "发布日期": reading.published_at,
        "发布机构": _filled(reading.issuer) or _filled(reading.source),
    }
    unnumbered = not needs_number(document)
    missing = [name for name, value in values.items() if not (_filled(value) if isinstance(value, str) else value)]
    if unnumbered and "文号" in missing:
        missing.remove("文号")
    subject, measured = document_subject(document), Measure(len(values) - len(missing), "field")
    seen = "、".join(name for name in values if name not in missing)
    evidence = (document_evidence(document, f"文件页信息项：见到{seen or '无'}"),)
    if missing:
        return Outcome(Status.FAIL, "missing", subject, {"missing": "、".join(missing)}, evidence, measured)
    return Outcome(Status.PASS, "no-number-due" if unnumbered and not reading.doc_number else "complete", subject, {}, evidence, measured)


def _filled(value: str | None) -> str | None:
    """A shown value, None where only a placeholder stands."""
    return None if value is None or _PLACEHOLDER.match(bare(value)) else value


def needs_number(document: Document) -> bool:
    """Whether a document of this kind bears a 文号: a 通知, 意见 or 决定 does, a 公告, 通告 or a plan that stands alone need not."""
    title = _BRACKETED_TAIL.sub("", bare(title_of(document)))
    return bool(_NUMBERED.search(title_key(title)))
