"""The rule on government debt: its eight elements in the papers of the last months, as far as the pages tell."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from checks.bodies import bodies
from checks.clocks import add_months, end_of
from checks.finance import BUDGET_PAPER, NO_PAPER, in_finance
from checks.observing import complete_rounds, document_evidence, held, too_old
from checks.papers import files_evidence, files_unread, may_say_more, whole_body
from checks.registry import Outcome, check
from checks.scope import repost_of, title_of
from checks.subjects import site_subject
from checks.tree import current_listings, is_archive, site_tree
from data.catalogue import Rule
from data.days import civil, zh_day
from data.records import ColumnKind, Document, Measure, Status
from data.text import bare
from data.urls import url_key
from data.view import SiteView

_DEBT = re.compile("债务|债券|偿债")
_LABELS = {
    "限额": re.compile("限额"),
    "余额": re.compile("余额"),
    "发行": re.compile("发行|转贷|新增债券|再融资"),
    "品种": re.compile("品种|类型|一般债务?券?[^。]{0,40}专项债务?券?|专项债务?券?[^。]{0,40}一般债务?券?"),
    "期限": re.compile(r"期限|\d+年期|年限|到期"),
    "利率": re.compile("利率|利息率|票面"),
    "偿还计划": re.compile("偿还计划|还款计划|偿债计划|还本(付息)?(计划|安排|预算|支出|额|执行)|偿还安排|到期偿还"),
    "偿债资金来源": re.compile("偿(债|还)(的)?资金来源|(还本|偿还|付息)[^。]{0,20}(来源|由[^。]{0,20}(安排|偿还))|资金来源"),
}


@check("debt-info-elements")
def debt_info_elements(view: SiteView, rule: Rule) -> Iterable[Outcome]:
    """娄底市2021年政务公开工作要点 一(五): the eight elements of government debt, in the papers of the last twelve months."""
    assert rule.threshold is not None
    subject, today = site_subject(view), civil(view.as_of)
    since = add_months(today, -int(rule.params["months"]))
    who = bodies(view)
    papers = [
        document
        for document in view.documents
        if _tells_debt(document)
        and not repost_of(document, who)
        and document.reading.published_at is not None
        and since <= civil(document.reading.published_at) <= today
    ]
    if not papers:
        yield _without_papers(view, rule, since)
        return
    budgets = [document for document in _budgets(view, since) if document not in papers]
    text = "。".join(bare(whole_body(document)) for document in (*papers, *budgets))
    found = [name for name, words in _LABELS.items() if words.search(text)]
    facts: dict[str, object] = {"found": "、".join(found) or "无", "missing": "、".join(name for name in _LABELS if name not in found)}
    evidence = (
        *(document_evidence(document, "政府债务信息页") for document in papers[:4]),
        *(piece for document in papers[:2] for piece in files_evidence(document, "政府债务信息附件", 2)),
    )
    measured = Measure(len(found), "element")
    if len(found) >= rule.threshold.value:
        yield Outcome(Status.PASS, "complete", subject, facts, evidence, measured)
    elif _more_unread(view, papers, since):
        yield Outcome(Status.INCONCLUSIVE, "in-attachment", subject, facts, evidence, measured)
    else:
        yield Outcome(Status.FAIL, "missing", subject, facts, evidence, measured)


def _tells_debt(document: Document) -> bool:
    if document.reading.kind in NO_PAPER or not (in_finance(document) or _DEBT.search(bare(title_of(document)))):
        return False
    if any(column == "zfzw" for column in document.columns) or _DEBT.search(bare(title_of(document))):
        return True
    text = bare(document.reading.body)
    return bool(_DEBT.search(text)) and "限额" in text and "余额" in text


def _more_unread(view: SiteView, papers: list[Document], since: date) -> bool:
    """Whether files, pictures or pages that we have not read may tell the rest."""
    if any(may_say_more(paper) is not None or paper.reading.related for paper in papers):
        return True
    stored = {url_key(document.url) for document in view.documents}
    if any(files_unread(document) is not None for document in _budgets(view, since)):
        return True
    rows = (row for row in current_listings(view) if _DEBT.search(bare(row.title)))
    return any(row.url is None or url_key(row.url) not in stored for row in rows if row.date is None or civil(row.date.value) >= since)


def _budgets(view: SiteView, since: date) -> list[Document]:
    """The budgets and accounts of the last months whose pages hand out files."""
    return [
        document
        for document in view.documents
        if in_finance(document)
        and document.reading.attachments
        and BUDGET_PAPER.search(title_of(document))
        and document.reading.published_at is not None
        and civil(document.reading.published_at) >= since
    ]


def _without_papers(view: SiteView, rule: Rule, since: date) -> Outcome:
    """No paper on debt in the last months: proved by a column of debt that was read to the end and shows only older ones."""
    subject, forest = site_subject(view), site_tree(view)
    columns = [column for column in forest.within("zfzw") if not is_archive(column)]
    if any(column.kind is ColumnKind.LINK_OUT for column in columns):
        return Outcome(Status.NOT_APPLICABLE, "link-out", subject)
    lists = [column for column in columns if column.walks or column.kind in (ColumnKind.LIST, ColumnKind.UNKNOWN)]
    if not lists:
        return Outcome(Status.INCONCLUSIVE, "no-debt-column", subject)
    rounds = complete_rounds(lists, rule)
    if rounds.broken is not None:
        return Outcome(Status.INCONCLUSIVE, rounds.broken, subject)
    if _more_unread(view, [], since):
        return Outcome(Status.INCONCLUSIVE, "in-attachment", subject, {"found": "无", "missing": "、".join(_LABELS)})
    walks = [column.walks[-1] for column in lists]
    if any(walk.undated for walk in walks):
        return Outcome(Status.INCONCLUSIVE, "undated", subject)
    newest = max((walk.newest_on for walk in walks if walk.newest_on is not None), default=None)
    if newest is None or newest >= since:
        # An empty column is the matter of the rule on empty columns; a fresh row that we did not read may hold it all.
        return Outcome(Status.INCONCLUSIVE, "not-read" if newest is not None else "no-debt-column", subject)
    last = add_months(newest, int(rule.params["months"]))
    run = held((reading for reading in rounds.rounds if reading.at > end_of(last)), rule)
    if run is None or too_old(run.readings[-1].at, view, rule):
        return Outcome(Status.INCONCLUSIVE, "not-observed-since", subject)
    facts = {"newest": zh_day(newest), "months": rule.params["months"]}
    stale = Outcome(Status.FAIL, "stale", subject, facts, run.evidence, Measure(0, "element"), end_of(last))
    return replace(stale, confidence=run.confidence)
