"""Rules on budgets, accounts, projects and debt, as far as the pages tell: what is only in a file was not read, and is never said to be missing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date

from checks.blemishes import Blemish, blemishes
from checks.bodies import bodies
from checks.clocks import add_months
from checks.papers import NOT_YET, files_evidence, may_say_more, whole_body
from checks.registry import Outcome, check
from checks.required import anywhere, columns_of, lacking, page_links, rows_of, sought_by
from checks.scope import desk, publication_is_weak, repost_of, title_of
from checks.spoken import full_dates, plain
from checks.subjects import site_subject
from checks.tree import site_tree
from data.catalogue import Rule, load_columns
from data.days import civil, zh_day
from data.records import Column, ColumnKind, Document, DocumentKind, DocumentReading, Measure, Status
from data.text import bare
from data.view import SiteView

NO_PAPER = frozenset({DocumentKind.NEWS, DocumentKind.INTERPRETATION, DocumentKind.CONSULTATION, DocumentKind.CONSULTATION_RESULT})


def in_finance(document: Document) -> bool:
    return any(load_columns().is_within(column, "czyjs") for column in document.columns)


# --- budget-final-unified-column --------------------------------------------------------------

_DEPARTMENTS = re.compile("部门|单位|[局委办院站所校]|中心|镇|乡|街道|学校|政协|人大")
_GOVERNMENT = re.compile(
    "政府[预决]+算|财政总?[预决]+算|(区|县|市|旗)(本级|级)|全(区|县|市|旗)|总[预决]+算|预算草案|预算执行|财政(收支)?决算|一般公共预算|本级"
)


@check("budget-final-unified-column")
def budget_final_unified_column(view: SiteView, rule: Rule) -> Iterable[Outcome]:
    """2018年吉林高新区政务公开工作重点任务分工方案 一(二): one column for budgets and final accounts."""
    wanted = sought_by(rule)
    found = anywhere(view, rule, wanted)
    outcome = lacking(view, found)
    if outcome is not None:
        yield outcome
        return
    column, subject = found.column, site_subject(view)
    facts = {"column": column.name if column is not None else wanted.name}
    if column is None or column.kind is ColumnKind.LINK_OUT:
        yield Outcome(Status.PASS, "present", subject, facts, found.evidence)
        return
    forest = site_tree(view)
    below = [part for root in columns_of(view, wanted) for part in (root, *forest.descendants(root))]
    # Below the column a department's folder bears its name alone; a title or a link has to speak of budgets, or any name would do.
    said = [label for part in below for label in (*(row.title for row in rows_of(view, part)), *_links(part))]
    labels = [*(bare(part.name) for part in below), *(bare(label) for label in said if re.search("[预决]算", label))]
    sides = {"政府预决算": _GOVERNMENT, "部门预决算": _DEPARTMENTS}
    missing = [name for name, words in sides.items() if not any(words.search(label) for label in labels)]
    if missing:
        yield Outcome(Status.INCONCLUSIVE, "one-sided", subject, {**facts, "missing": "、".join(missing)}, found.evidence)
    else:
        yield Outcome(Status.PASS, "unified", subject, facts, found.evidence, Measure(1, "column"))


def _links(column: Column) -> Iterator[str]:
    return (link.text for link in page_links(column))


# --- budget-published-20-days -----------------------------------------------------------------

BUDGET_PAPER = re.compile(r"((?:19|20)\d{2})年?度?.{0,40}?(预算|决算)")
_NO_BUDGET = re.compile("调整|审计|绩效|监督|检查|通知|办法|解读|半年|季度|月份|收支情况|培训")
_SECRET = re.compile("公安|国家安全|国安|保密|武装|监狱|戒毒")
_APPROVED = re.compile("批准|批复|审议通过|审查通过|表决通过")
_APPROVED_ON = re.compile(r"(批准|批复)(的?时间|的?日期|于|之日)?(为|是|[:：])?$|批复[^。；;]{0,40}\([^()]{0,30}$")
_OF_BUDGET = re.compile("预算|决算|收支|人民代表大会|人大常委会")  # whoever approves such a paper by such a body approves the paper itself


@check("budget-published-20-days")
def budget_published_20_days(view: SiteView, rule: Rule) -> Iterable[Outcome]:
    """预算法 第十四条: public within twenty days of being approved."""
    assert rule.threshold is not None
    limit, at_desk = int(rule.threshold.value), desk(view, rule, bodies(view))
    since = date.fromisoformat(str(rule.params["duty_since"]))
    papers = [document for document in view.documents if _is_budget(document) and not repost_of(document, at_desk.bodies)]
    dated = [document for document in papers if (day := _approved(document.reading, rule)) is not None and day >= since]
    if papers and not dated:
        yield Outcome(Status.INCONCLUSIVE, "no-approval-date", site_subject(view), {"examined": len(papers)})
        return

    def look(document: Document, reading: DocumentReading) -> Blemish | None:
        approved, shown = _approved(reading, rule), reading.published_at
        if approved is None or shown is None:
            return None
        published = min(civil(shown), civil(document.first_seen))
        days = (published - approved).days
        if days <= limit:
            return None
        facts = {"approved": zh_day(approved), "published": zh_day(published)}
        note = f"页面载明{facts['approved']}批准或批复，{facts['published']}发布，相隔{days}日"
        if publication_is_weak(document) or published in at_desk.bulk_days:
            return Blemish("published-unsure", note, facts, Measure(days, "day"), status=Status.INCONCLUSIVE)
        return Blemish("late", note, facts, Measure(days, "day"))

    yield from blemishes(view, dated, look)


def _is_budget(document: Document) -> bool:
    title = bare(title_of(document))
    if document.reading.kind in NO_PAPER or not BUDGET_PAPER.search(title) or _NO_BUDGET.search(title) or _SECRET.search(title):
        return False
    return in_finance(document) or bool(re.search("(预算|决算)(公开|草案|报告|说明|的报告)?.{0,6}$", title))


def _approved(reading: DocumentReading, rule: Rule) -> date | None:
    """The day a page says that its own budget or accounts were approved: the latest that fits their year."""
    paper = BUDGET_PAPER.search(bare(reading.title or ""))
    if paper is None or reading.published_at is None:
        return None
    year, accounts, published = int(paper.group(1)), paper.group(2) == "决算", civil(reading.published_at)
    earliest = date(year + 1, 1, 1) if accounts else date(year - 1, 11, 1)
    found = []
    told = [f"{bare(field.label)}：{plain(field.value)}" for field in reading.fields]
    for sentence in (*told, *re.split("[。；;]", plain(reading.body))):
        if not _APPROVED.search(sentence):
            continue
        days = list(full_dates(sentence))
        for index, (start, end, day) in enumerate(days):
            until = days[index + 1][0] if index + 1 < len(days) else len(sentence)
            behind = sentence[end : min(until, end + rule.params["reach_chars"])]
            said = _APPROVED_ON.search(sentence[:start]) or (_OF_BUDGET.search(sentence) and _APPROVED.search(behind))
            if said and earliest <= day <= published:
                found.append(day)
    return max(found, default=None)


# --- project-budget-seven-elements ------------------------------------------------------------

_ELEMENTS = {
    "项目概述": re.compile("项目概述|项目概况|项目简介|项目基本情况|项目背景|项目内容概述"),
    "立项依据": re.compile("立项依据|设立依据|政策依据|项目依据|立项的依据"),
    "实施主体": re.compile("实施主体|实施单位|项目单位|承担单位|主管部门|责任单位|执行单位"),
    "实施方案": re.compile("实施方案|实施计划|实施内容|工作方案|工作内容|实施步骤|具体措施"),
    "实施周期": re.compile("实施周期|项目周期|项目期限|起止时间|起止年限|实施期限|建设周期|建设期|项目期|执行期"),
    "预算安排": re.compile("预算安排|年度预算|项目预算|预算金额|资金安排|预算资金|安排资金|项目总投资|资金预算"),
    "绩效目标": re.compile("绩效目标|绩效指标|预期绩效|预期目标"),
}
_PROJECT_TITLE = re.compile(
    "(财政|预算|支出|专项|重点)[^。]{0,8}项目(?!.{0,8}(招标|采购|中标|成交|验收))[^。]{0,12}(公开|说明|情况|信息|预算|表)|项目(预算|支出)[^。]{0,8}(公开|说明|情况|信息)"
)
_PROJECT_TEXT = (re.compile("项目(概述|概况)"), re.compile("(立项|设立)依据"))
_LABELLED = re.compile("^(?:[一二三四五六七八九十\\d(（]{1,3}[)）、.．])?(.{2,8}?)[:：]")  # 实施主体：某局
_LABELS_OF_A_PROJECT = 3  # so many of the elements, each with its label, are a project's sheet in whatever paper


@check("project-budget-seven-elements")
def project_budget_seven_elements(view: SiteView, rule: Rule) -> Iterable[Outcome]:
    """宝山区2020年政务公开工作要点 四(一)36: seven elements of each project in the budget."""

    def look(document: Document, reading: DocumentReading) -> Blemish | None:
        now = reading is document.reading  # of its earlier versions the files are not known
        text = bare(whole_body(document) if now else reading.body)
        if len(text) < rule.params["min_chars"] or any("script" in mark for mark in reading.marks):
            return None
        missing = [name for name, words in _ELEMENTS.items() if not words.search(text)]
        assert rule.threshold is not None
        if len(_ELEMENTS) - len(missing) >= rule.threshold.value:
            return None
        facts = {"missing": "、".join(missing)}
        measured = Measure(len(_ELEMENTS) - len(missing), "element")
        note = f"项目预算页：未见{facts['missing']}，附件{len(reading.attachments)}个"
        more = may_say_more(document) if now else NOT_YET if reading.attachments else None
        if more is not None:
            reason = "in-attachment" if more in (NOT_YET, "image-only") else more
            return Blemish(reason, note, facts, measured, status=Status.INCONCLUSIVE)
        return Blemish("missing", note, facts, measured, evidence=files_evidence(document, note) if now else ())

    since, who = add_months(civil(view.as_of), -int(rule.params["months"])), bodies(view)
    papers = (
        document
        for document in view.documents
        if _is_project(document) and civil(document.reading.published_at or document.first_seen) >= since and not repost_of(document, who)
    )
    yield from blemishes(view, papers, look)


def _is_project(document: Document) -> bool:
    """Whether a page presents projects of a budget: by its title, by the two headings that no other paper has, or by its labels."""
    if document.reading.kind in NO_PAPER or not in_finance(document):
        return False
    title = bare(title_of(document))
    if _PROJECT_TITLE.search(title):
        return "绩效" not in title or "预算" in title
    text = bare(document.reading.body)
    if all(words.search(text) for words in _PROJECT_TEXT):
        return True
    labels = [label[1] for line in document.reading.body.splitlines() if (label := _LABELLED.match(bare(line)))]
    named = {name for name, words in _ELEMENTS.items() for label in labels if words.fullmatch(label)}
    return "项目概述" in named and len(named) >= _LABELS_OF_A_PROJECT
