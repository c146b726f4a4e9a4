"""Rules on grass-roots openness (基层政务公开): its column, the 26 domains, the fields of the standard catalogues."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from checks.observing import column_evidence, document_evidence
from checks.papers import file_evidence, files_unread, unread, words_of
from checks.parts import judge_parts, parts_of, roots_of
from checks.registry import Outcome, check
from checks.required import anywhere, columns_of, lacking, rows_of, sought, sought_by
from checks.scope import title_of, withdrawn
from checks.standing import State
from checks.subjects import column_subject, document_subject, site_subject
from checks.tree import lives_on_parent, site_tree
from data.catalogue import Rule
from data.files import FileSeen
from data.records import Column, ColumnKind, Document, Evidence, Measure, Status, Subject
from data.text import bare, title_key
from data.urls import url_key
from data.view import SiteView


@check("grassroots-column")
def grassroots_column(view: SiteView, rule: Rule) -> Iterable[Outcome]:
    """宝山区2020年政务公开工作要点 三(二)31, 娄底 2021 三(十二): a column of its own on the portal."""
    found = anywhere(view, rule, sought_by(rule))
    facts = {"column": found.column.name if found.column is not None else found.name}
    yield lacking(view, found) or Outcome(Status.PASS, "present", site_subject(view), facts, found.evidence)


@check("domains-26-covered")
def domains_covered(view: SiteView, rule: Rule) -> Iterable[Outcome]:
    """娄底 2021 三(十二), 宝山 2020 三(二)30: each of the 26 pilot domains has its place in the column and holds something."""
    wanted, parts = sought_by(rule), parts_of(view, rule)
    found = anywhere(view, rule, wanted)
    roots = roots_of(view, wanted, parts)
    if found.state is State.PRESENT and roots:
        yield judge_parts(view, rule, roots, parts, roots[0].name)
    elif found.is_fault:  # the column's own rule speaks of it
        yield Outcome(Status.NOT_APPLICABLE, "no-column", site_subject(view))
    else:
        reason = found.reason if found.state is State.UNREAD else "not-read"
        yield Outcome(Status.INCONCLUSIVE, reason or "not-read", site_subject(view), {"column": wanted.name})


# --- standard-catalogue-fields ----------------------------------------------------------------

_CATALOGUE = re.compile("(标准|事项|领域|公开).{0,8}目录")
_TABLE_HEADS = ("公开内容", "公开依据")
_NO_CATALOGUE = re.compile("的?(通知|公告|通告|解读|说明|报告|方案|意见|动态|会议)$|一图读懂|解读|培训|印发")


@dataclass(frozen=True, slots=True)
class _Table:
    """A catalogue that the site shows as text: a document, or a column whose rows have cells."""

    subject: Subject
    text: str
    heads: tuple[str, ...]  # of the cells of its rows
    unread: str | None  # reason key of why its files may hold more
    files: tuple[FileSeen, ...]  # that were read
    named: bool  # called a catalogue
    shown: Document | Column

    @property
    def is_laid_out(self) -> bool:
        """Whether the table comes out of a file of fixed pages, which parts the words of its heads."""
        return any(seen.file.kind in ("pdf", "ofd") for seen in self.files)

    def proof(self, note: str) -> tuple[Evidence, ...]:
        page = document_evidence(self.shown, note) if isinstance(self.shown, Document) else column_evidence(self.shown, note)
        return (page, *(file_evidence(seen, f"{note}（附件文字）") for seen in self.files[:2]))


@check("standard-catalogue-fields")
def standard_catalogue_fields(view: SiteView, rule: Rule) -> Iterable[Outcome]:
    """国办发〔2019〕54号 (三): name, contents, basis, time, body, way, channel and audience of each item."""
    assert rule.threshold is not None
    fields = {spec["name"]: re.compile(spec["words"]) for spec in rule.params["fields"]}
    heads = {spec["name"]: re.compile(spec["head"]) for spec in rule.params["fields"]}
    judged = False
    for table in _tables(view, rule):
        text = bare(table.text)
        seen = {name for name, words in fields.items() if words.search(text)}
        seen |= {name for name, words in heads.items() if any(words.search(head) for head in table.heads)}
        more = bare(words_of(table.files))
        in_file = len(seen) < rule.params["least_fields"]
        seen |= {name for name, words in fields.items() if words.search(more)}
        missing = [name for name in fields if name not in seen]
        measured = Measure(len(seen), rule.threshold.unit)
        if len(seen) < rule.params["least_fields"]:
            if not table.named:
                continue  # some other paper among the catalogues
            yield Outcome(Status.INCONCLUSIVE, table.unread or "no-table", table.subject)
        elif len(seen) >= rule.threshold.value:
            yield Outcome(Status.PASS, "complete", table.subject, {}, table.proof(f"目录要素见到{len(seen)}项"), measured)
        elif in_file and (table.unread or table.is_laid_out):
            yield Outcome(Status.INCONCLUSIVE, table.unread or "no-table", table.subject)
        else:
            evidence = table.proof(f"目录要素见到：{'、'.join(name for name in fields if name in seen)}")
            yield Outcome(Status.FAIL, "missing", table.subject, {"missing": "、".join(missing)}, evidence, measured)
        judged = True
    if not judged:
        yield _none(view, rule)


def _none(view: SiteView, rule: Rule) -> Outcome:
    reason = _why_none(view, rule)
    status = Status.NOT_APPLICABLE if reason in ("no-catalogue", "hosted-by-parent") else Status.INCONCLUSIVE
    return Outcome(status, reason, site_subject(view))


def _catalogue_columns(view: SiteView, rule: Rule) -> tuple[Column, ...]:
    return columns_of(view, sought(rule.params["catalogues"]))


def _tables(view: SiteView, rule: Rule) -> Iterator[_Table]:
    """The catalogues among the documents of the grass-roots column and of the catalogue columns."""
    forest = site_tree(view)
    roots = (*columns_of(view, sought_by(rule)), *_catalogue_columns(view, rule))
    places = {url_key(column.url) for root in roots for column in (root, *forest.descendants(root))}
    kinds = set(rule.columns)
    for document in view.documents:
        title = bare(title_of(document))
        inside = bool(kinds & set(document.columns)) or any(url_key(url) in places for url in document.column_urls)
        if not inside or _NO_CATALOGUE.search(title_key(title)) or url_key(document.url) in withdrawn(view):
            continue
        named = _CATALOGUE.search(title) is not None
        if named or kinds & set(document.columns):
            reading = document.reading
            yield _Table(document_subject(document), reading.body, (), files_unread(document), _read(document.files), named, document)
    for column in _catalogue_columns(view, rule):
        heads = tuple(dict.fromkeys(cell.label for row in rows_of(view, column) for cell in row.cells if cell.label))
        if heads:
            yield _Table(column_subject(column), "", tuple(map(bare, heads)), None, (), True, column)
        elif column.page is not None and (column.kind is ColumnKind.SINGLE_PAGE or _shows_table(column)):
            more = unread(column.page.attachments, column.files)
            yield _Table(column_subject(column), column.page.text, (), more, _read(column.files), True, column)


def _read(files: tuple[FileSeen, ...]) -> tuple[FileSeen, ...]:
    return tuple(seen for seen in files if seen.file.why is None)


def _shows_table(column: Column) -> bool:
    """Whether a catalogue's own page, read as a section for the tree beside it, prints the catalogue's table."""
    text = bare(column.page.text) if column.page is not None else ""
    return not column.walks and all(head in text for head in _TABLE_HEADS)


def _why_none(view: SiteView, rule: Rule) -> str:
    """Why there is no catalogue to look into: none there, or none that we could read."""
    if lives_on_parent(view):
        return "hosted-by-parent"
    roots = (*_catalogue_columns(view, rule), *columns_of(view, sought_by(rule)))
    if not roots:
        found = anywhere(view, rule, sought_by(rule))
        return (found.reason or "not-read") if found.state is State.UNREAD else "no-catalogue"
    unread = next(
        (column for column in roots if column.reachable is False or (column.walks and column.walks[-1].state != "complete")), None
    )
    return "no-catalogue" if unread is None else unread.fault or unread.walks[-1].reason
