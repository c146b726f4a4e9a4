"""The rule on enforcement decisions: licences and penalties are public within seven working days."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from checks.blemishes import Blemish, blemishes
from checks.bodies import bodies
from checks.clocks import add_months, near_unknown
from checks.observing import listing_evidence, walk_evidence
from checks.registry import Outcome, check
from checks.required import anywhere, columns_of, lacking, rows_of, sought_by
from checks.scope import desk, publication_is_weak, title_of
from checks.spoken import full_dates, plain
from checks.subjects import column_subject, site_subject
from checks.tables import rows_in
from checks.tree import site_tree
from data.catalogue import Rule, load_columns
from data.days import civil, zh_day
from data.records import Column, ColumnKind, Document, DocumentReading, Field, Listing, Measure, Status
from data.text import bare
from data.urls import url_key
from data.view import SiteView

# --- double-publicity-7-working-days ----------------------------------------------------------

_DECIDED = re.compile("(决定|处罚|许可|核准|审批|作出|办结|发证|准予)[^有效期]{0,8}(日期|时间|之日)$|^(日期|时间)[(（]?(处罚|许可)决定")
_NOT_DECIDED = re.compile("有效|截止|截至|期限|届满|到期|公示|公开|发布|录入|更新|上报|申请|受理")
_SHOWN = re.compile("^(公示|公开|发布|上网|挂网|信息发布)(开始)?(日期|时间)$")
_DECIDED_IN_TEXT = re.compile(r"(?:处罚|许可|作出|核准|准予|决定)(?:决定)?(?:书)?(?:的)?(?:日期|时间)(?:为|是|[:：])?$")
_DECISION_TITLE = re.compile("(处罚|许可)[^。]{0,12}(决定书|决定)|行政处罚信息|准予.{0,30}决定")


@check("double-publicity-7-working-days")
def double_publicity_7_working_days(view: SiteView, rule: Rule) -> Iterable[Outcome]:
    """国办发〔2018〕118号 (三): licences and penalties are public within seven working days of the decision."""
    found = anywhere(view, rule, sought_by(rule))
    columns = [column for column in columns_of(view, sought_by(rule)) if column.kind is not ColumnKind.LINK_OUT]
    judged = [*_rows_judged(view, rule, [column for column in columns if column.canonical in rule.columns])]
    since = add_months(civil(view.as_of), -int(rule.params["months"]))
    pages = [
        document
        for document in view.documents
        if _is_decision(document)
        and civil(document.reading.published_at or document.first_seen) >= since
        and _decided(document.reading) is not None
    ]
    yield from judged
    if pages:
        yield from blemishes(view, pages, _lateness(view, rule))
    elif not judged:
        yield _nothing_dated(view, rule, bool(columns), lacking(view, found))


def _nothing_dated(view: SiteView, rule: Rule, columns: bool, lack: Outcome | None) -> Outcome:
    """The site's verdict where no decision shows its day."""
    subject = site_subject(view)
    if lack is not None:
        demanded = view.site.profile is not None and view.site.profile.value in rule.params["demanded_of"]
        if lack.status is not Status.FAIL or demanded:
            return lack
        return Outcome(Status.NOT_APPLICABLE, "no-column", subject)
    if columns:
        return Outcome(Status.INCONCLUSIVE, "no-decision-date", subject)
    return Outcome(Status.NOT_APPLICABLE, "link-out", subject)


def _is_decision(document: Document) -> bool:
    placed = any(load_columns().is_within(column, kind) for column in document.columns for kind in ("sgs", "xzxk"))
    return placed and (not _NOT_A_DECISION.search(bare(title_of(document))) or _tells_both_days(document.reading))


def _decided_and_shown(reading: DocumentReading) -> tuple[date | None, date | None]:
    """The day of a decision and of its publication; of a table both of one row, whatever field of another row the page's reading holds."""
    told = _told_in_table(reading)
    if told is not None and told[1] is not None:
        return told
    return _decided(reading), _of_fields(reading.fields, _is_shown_label)


def _tells_both_days(reading: DocumentReading) -> bool:
    """Whether a ledger tells of each decision when it was made and when it was shown: then it needs no page of its own for each."""
    told = _told_in_table(reading)
    return told is not None and told[1] is not None


_NOT_A_DECISION = re.compile("汇总|目录|清单|指南|流程|事项库|裁量|台账|[一二三四五六七八九十\\d]+月(份)?(行政|许可|处罚|双公示)|季度")


def _decided(reading: DocumentReading) -> date | None:
    """The day of a decision as its page tells it: a field, a label in the text, or the signature of a written decision."""
    day = _of_fields(reading.fields, _is_decision_label)
    if day is not None:
        return day
    told = _told_in_table(reading)
    if told is not None:
        return told[0]
    text = plain(reading.body)
    days = {stated for start, _, stated in full_dates(text) if _DECIDED_IN_TEXT.search(text[max(0, start - 16) : start])}
    if days:
        return days.pop() if len(days) == 1 else None  # a table of several decisions has no day of its own
    return reading.made_on if _DECISION_TITLE.search(bare(reading.title or "")) else None


def _told_in_table(reading: DocumentReading) -> tuple[date, date | None] | None:
    """The day of decision and, where it is told, of publication in a table of the text: of its slowest row, or of its only one."""
    rows = rows_in(reading.body, _is_decision_label, lambda cell: _first_day(cell) is not None)
    days = [
        (decided, next((_first_day(cell) for head, cell in row.items() if _is_shown_label(head)), None))
        for row in rows
        if (decided := next((_first_day(cell) for head, cell in row.items() if _is_decision_label(head)), None)) is not None
    ]
    if len(days) > 1:  # without a day of its own for each row, when each came to stand there is not known
        days = [(decided, shown) for decided, shown in days if shown is not None]
    return max(days, key=lambda pair: (pair[1] - pair[0]).days if pair[1] is not None else 0, default=None)


def _first_day(text: str) -> date | None:
    return next((stated for _, _, stated in full_dates(plain(text))), None)


def _is_decision_label(label: str) -> bool:
    return bool(_DECIDED.search(label)) and not _NOT_DECIDED.search(label)


def _is_shown_label(label: str) -> bool:
    return bool(_SHOWN.match(label))


def _of_fields(fields: Iterable[Field], wanted: Callable[[str], bool]) -> date | None:
    for field in fields:
        if wanted(bare(field.label)):
            day = _first_day(field.value)
            if day is not None:
                return day
    return None


@dataclass(frozen=True, slots=True)
class _Lateness:
    """Judges the pages of decisions."""

    view: SiteView
    rule: Rule
    bulk_days: frozenset[date]

    def __call__(self, document: Document, reading: DocumentReading) -> Blemish | None:
        decided, shown = _decided_and_shown(reading)
        shown = shown or (civil(reading.published_at) if reading.published_at else None)
        if decided is None or shown is None:
            return None
        published = min(shown, civil(document.first_seen))
        if decided < date.fromisoformat(str(self.rule.params["duty_since"])) or published <= decided:
            return None
        assert self.rule.threshold is not None
        taken, limit = self.view.calendar.workdays_between(decided, published), int(self.rule.threshold.value)
        if taken.days <= limit:
            return None
        facts = {"decided": zh_day(decided), "published": zh_day(published)}
        note = f"决定日期{facts['decided']}，公示日期{facts['published']}"
        measured = Measure(taken.days, "workday")
        if near_unknown(taken, limit, self.rule.params["provisional_margin_workdays"]):
            return Blemish("calendar-provisional", note, facts, measured, status=Status.INCONCLUSIVE)
        if publication_is_weak(document) or published in self.bulk_days:
            return Blemish("published-unsure", note, facts, measured, status=Status.INCONCLUSIVE)
        return Blemish("late", note, facts, measured)


def _lateness(view: SiteView, rule: Rule) -> _Lateness:
    return _Lateness(view, rule, desk(view, rule, bodies(view)).bulk_days)


def _rows_judged(view: SiteView, rule: Rule, columns: Sequence[Column]) -> Iterator[Outcome]:
    """One verdict for each list whose rows show both days in their cells."""
    assert rule.threshold is not None
    since, limit = add_months(civil(view.as_of), -int(rule.params["months"])), int(rule.threshold.value)
    forest = site_tree(view)
    lists = {url_key(part.url): part for column in columns for part in (column, *forest.descendants(column))}
    for column in lists.values():
        late: list[tuple[int, Listing]] = []
        examined = 0
        for row in rows_of(view, column):
            decided, shown = _of_fields(row.cells, _is_decision_label), _of_fields(row.cells, _is_shown_label)
            if decided is None or shown is None or decided < since:
                continue
            examined += 1
            taken = view.calendar.workdays_between(decided, min(shown, civil(row.first_seen)))
            if taken.days > limit and not near_unknown(taken, limit, rule.params["provisional_margin_workdays"]):
                late.append((taken.days, row))
        if not examined:
            continue
        late.sort(key=lambda pair: -pair[0])
        facts: dict[str, object] = {"column": column.name, "examined": examined, "late": len(late)}
        if not late:
            yield Outcome(Status.PASS, "rows-in-time", column_subject(column), facts, tuple(map(walk_evidence, column.walks[-1:])))
            continue
        evidence = tuple(listing_evidence(row, f"“{row.title}”用时{days}个工作日") for days, row in late[:4])
        facts["example"] = late[0][1].title
        yield Outcome(Status.FAIL, "rows-late", column_subject(column), facts, evidence, Measure(late[0][0], "workday"))
