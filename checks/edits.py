"""What was published and says something else now, without a word on it. Read from earlier versions of a page; a person looks first."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta

from rapidfuzz.distance import Levenshtein

from checks.observing import document_evidence
from checks.registry import Outcome, check
from checks.scope import title_of, withdrawn
from checks.shared import per_view
from checks.subjects import document_subject, site_subject
from data.catalogue import Rule
from data.days import civil, zh_day
from data.records import Document, DocumentKind, DocumentReading, Evidence, Measure, Status
from data.text import bare, doc_number_key, title_core, title_key
from data.urls import url_key
from data.view import SiteView

_NOTE = re.compile("更正|勘误|修订|修改|修正|补正|更新说明|已调整|有误|重新公布|重新发布")
_TOOLS = re.compile(
    "(浏览|阅读|点击|访问)(次数|量|数)?[:：]?\\d*次?|打印|关闭(窗口)?|分享(到)?|(上|下)一篇[:：].*|责任编辑[:：]\\S*|字体[:：]?|【?[大中小]】?(?=[大中小])"
)
_LIVING = re.compile("目录|清单|指南|名录|一览表|名单|进度|动态|台账")
_KINDS = frozenset({DocumentKind.POLICY_DOCUMENT, DocumentKind.NOTICE, DocumentKind.INTERPRETATION, DocumentKind.ANNUAL_REPORT})


@check("silent-edit")
def silent_edit(view: SiteView, rule: Rule) -> Iterable[Outcome]:
    """东昌府区2023年工作要点 五(二): what is published is reviewed and right; what is put right later says so."""
    gone, found, followed = withdrawn(view), 0, 0
    for document in view.documents:
        if document.reading.kind not in _KINDS or not document.columns or url_key(document.url) in gone:
            continue
        followed += 1
        outcome = _edited(view, rule, document) if document.earlier and not _LIVING.search(title_of(document)) else None
        if outcome is not None:
            found += outcome.status is Status.FAIL
            yield outcome
    if not followed:
        yield Outcome(
            Status.NOT_APPLICABLE if view.columns else Status.INCONCLUSIVE,
            "no-documents" if view.columns else "not-observed",
            site_subject(view),
        )
    elif not found:
        yield Outcome(Status.PASS, "none", site_subject(view), {"examined": followed}, measured=Measure(0, "document"))


def _edited(view: SiteView, rule: Rule, document: Document) -> Outcome | None:
    """The changes of a published document in the span that is looked back on; None where there is none that matters."""
    assert rule.threshold is not None
    since = civil(view.as_of) - timedelta(days=int(rule.threshold.value))
    versions = document.earlier
    steps = [(old, versions[index + 1].reading if index + 1 < len(versions) else document.reading) for index, old in enumerate(versions)]
    published = document.reading.published_at
    for old, new in reversed(steps):
        changed_on = civil(old.observed_to)
        if changed_on < since or (published is not None and (changed_on - civil(published)).days <= rule.params["grace_days"]):
            continue
        changes = list(_changes(old.reading, new, rule))
        if not changes:
            continue
        facts = {"what": "、".join(name for name, _, _ in changes), "last": zh_day(old.observed_to)}
        subject = document_subject(document)
        if _noted(view, document, old.reading):
            return Outcome(Status.PASS, "noted", subject, facts)
        notes = "；".join(f"{name}由“{before}”变为“{after}”" for name, before, after in changes)
        evidence = (Evidence(document.url, old.observed_to, old.sha256, "改动前的页面"), document_evidence(document, notes))
        return Outcome(Status.FAIL, "edited", subject, facts, evidence, Measure(len(changes), "field"))
    return None


def _changes(old: DocumentReading, new: DocumentReading, rule: Rule) -> Iterator[tuple[str, str, str]]:
    """What a reader would find changed: name of the field, before, after. What only one reading shows is no change."""
    pairs: list[tuple[str, str | None, str | None, Callable[[str], str]]] = [
        ("标题", old.title, new.title, title_key),
        ("文号", old.doc_number, new.doc_number, doc_number_key),
        ("成文日期", _day(old.made_on), _day(new.made_on), bare),
        ("印发日期", _day(old.issued_on), _day(new.issued_on), bare),
    ]
    for name, before, after, key in pairs:
        # A title that only grew or shrank at its end is a matter of what the page's head adds.
        if before and after and key(before) not in key(after) and key(after) not in key(before):
            yield name, before, after
    backwards = old.published_at is not None and new.published_at is not None and civil(new.published_at) < civil(old.published_at)
    if backwards and old.published_at and new.published_at and not any("published" in mark for mark in (*old.marks, *new.marks)):
        yield "发布日期", zh_day(old.published_at), zh_day(new.published_at)
    yield from _text_change(_clean(old.body), _clean(new.body), rule)


def _day(day: date | None) -> str | None:
    return zh_day(day) if day is not None else None


def _clean(body: str) -> str:
    return "".join(_TOOLS.sub("", line) for line in body.splitlines()).replace(" ", "").replace("\u3000", "")


def _text_change(before: str, after: str, rule: Rule) -> Iterator[tuple[str, str, str]]:
    """The first place where text was replaced or taken out; what was only added is none, nor is a text that is read wholly otherwise."""
    least, longest = int(rule.params["min_chars"]), int(rule.params["max_chars"])
    before, after = before[:longest], after[:longest]
    if min(len(before), len(after)) < least or before == after or before in after:
        return
    if Levenshtein.normalized_similarity(before, after) * 100 < rule.params["alike_percent"]:
        return
    for step in Levenshtein.opcodes(before, after):
        tag, start, end, into, until = step.tag, step.src_start, step.src_end, step.dest_start, step.dest_end
        if tag == "delete" and (start == 0 or end == len(before)):
            continue  # what stood before or after the text may have been the page's, and read less well then
        if tag in ("replace", "delete") and re.search(r"[\d\u4e00-\u9fff]", before[start:end]):
            yield "正文", before[max(start - 8, 0) : end + 8], after[max(into - 8, 0) : until + 8]
            return


def _noted(view: SiteView, document: Document, old: DocumentReading) -> bool:
    """Whether the page, or another item of the site, says that something was put right."""
    reading = document.reading
    new_text = (reading.title or "") + reading.body[:300] + reading.body[-300:] + "".join(field.value for field in reading.fields)
    old_text = (old.title or "") + old.body[:300] + old.body[-300:] + "".join(field.value for field in old.fields)
    if len(_NOTE.findall(new_text)) > len(_NOTE.findall(old_text)):
        return True
    core = title_core(title_of(document))
    return any(core in title_key(title_of(other) + other.reading.body[:300]) for other in _corrections(view) if other.url != document.url)


@per_view
def _corrections(view: SiteView) -> tuple[Document, ...]:
    return tuple(document for document in view.documents if re.search("更正|勘误|修改|修订", title_of(document)))
