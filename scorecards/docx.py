"""The notice (通报) as a Word file: basis, the three parts, and annex tables.

templates/notice.docx is the text: an office edits its wording and layout in Word and keeps the {{ … }} marks.
"""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from docx.opc.exceptions import PackageNotFoundError
from docx.shared import Mm
from docxtpl import DocxTemplate, InlineImage
from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import SandboxedEnvironment
from lxml.etree import XMLSyntaxError

from data.days import zh_day
from data.errors import ConfigurationError
from data.records import FindingState
from scorecards import tables
from scorecards.model import Item, Scorecard
from scorecards.official import official_tables
from scorecards.tables import Table
from scorecards.wording import week_zh

TEMPLATE = Path(__file__).parent / "templates" / "notice.docx"
_EXAMPLES = 8  # problems named under one indicator; the rest is counted and stands in the annex
_NUMERALS = "一二三四五六七八九十"
_OFFICIAL = ("duties", "issues", "tasks", "vetoes", "prominent", "counts")  # for the templates of offices; ours prints four annexes
_EPOCH = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Part:
    """One section of 主要问题."""

    number: str
    name: str
    lines: tuple[str, ...]


def write_docx(card: Scorecard, path: Path, chart: Path | None = None, template: Path = TEMPLATE) -> Path:
    """Fill the template and write the notice; `chart` is a picture for part one. Raises ConfigurationError for a template that cannot be."""
    try:
        document = DocxTemplate(str(template))
        context = dict(_context(card))
        context["chart"] = None if chart is None else InlineImage(document, str(chart), width=Mm(150))
        document.render(context, SandboxedEnvironment(autoescape=True, undefined=StrictUndefined))
    except (TemplateError, TypeError, PackageNotFoundError, BadZipFile, KeyError, XMLSyntaxError) as error:
        said = " ".join(str(error).split())
        raise ConfigurationError(f"{template}: cannot be filled in ({said}); keep the marks of scorecards/templates/notice.docx") from None
    properties = document.docx.core_properties
    properties.title, properties.created, properties.modified = (
        tables.report_title(card),
        card.as_of.replace(tzinfo=None),
        card.as_of.replace(tzinfo=None),
    )
    buffer = BytesIO()
    document.save(buffer)
    path.write_bytes(_without_clock(buffer.getvalue()))
    return path


def _context(card: Scorecard) -> Mapping[str, Any]:
    deductions, open_points = tables.deductions(card), tables.open_points(card)
    return {
        "region": card.region,
        "week": week_zh(card.week),
        "first_day": zh_day(card.first_day),
        "last_day": zh_day(card.last_day),
        "interim": not card.closed,
        "basis": f"根据{'、'.join(card.basis)}等要求",
        "units": card.totals.units,
        "overall": [sentence.text for sentence in card.sentences],
        "problems": _problems(card),
        "issuer": card.issuer,
        "date": zh_day(card.as_of),
        "ranking": _rows(tables.ranking(card)),
        "deductions": _rows(deductions, "单位", "测评指标", "指标分值", "扣分", "失分原因", "整改情况"),
        "ledger": _rows(tables.ledger(card.ledger)),
        "fixes": _rows(tables.fixes(card)),
        **{name: _rows(table) for name, table in zip(_OFFICIAL, official_tables(card), strict=True)},
        "open_points": _rows(open_points, "类型", "单位", "测评指标", "情况", "位置", "说明"),
    }


def _rows(table: Table, *heads: str) -> list[list[str]]:
    chosen = [table.heads.index(head) for head in heads] or list(range(len(table.heads)))
    return [["" if row[index] is None else _plain(row[index]) for index in chosen] for row in table.rows]


def _plain(value: tables.Cell) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _problems(card: Scorecard) -> list[Part]:
    """Vetoes first, then group by group and indicator by indicator: unit, what is wrong."""
    sites = tables.ranked(card)
    vetoes = [item for site in sites for item in site.vetoes]
    groups: dict[str, dict[str, list[Item]]] = {}
    for rule in card.rules:
        groups.setdefault(rule.group, {})
    for item in (item for site in sites for item in site.deductions if item.kept != 1):
        groups[item.group].setdefault(item.title, []).append(item)
    parts = [("单项否决指标", [f"{item.site_name}：{item.title}。{item.message}{_appeal(item)}" for item in vetoes])] if vetoes else []
    for name, rules in groups.items():
        if rules:
            parts.append((name, [line for title, items in rules.items() for line in _lines(title, items)]))
    numerals = [_NUMERALS[index] if index < len(_NUMERALS) else str(index + 1) for index in range(len(parts))]
    return [Part(number, name, tuple(lines)) for number, (name, lines) in zip(numerals, parts, strict=True)]


def _lines(title: str, items: list[Item]) -> list[str]:
    units = len({item.site for item in items})
    lines = [f"{title}：涉及 {units} 家单位、{len(items)} 处。"]
    lines += [f"{index}. {item.site_name}：{item.message}{_appeal(item)}" for index, item in enumerate(items[:_EXAMPLES], 1)]
    if len(items) > _EXAMPLES:
        lines.append(f"其余 {len(items) - _EXAMPLES} 处见附件2。")
    return lines


def _appeal(item: Item) -> str:
    return "（申诉复核中）" if item.state is FindingState.APPEALED else ""


def _without_clock(package: bytes) -> bytes:
    """The same package with fixed file times, so that the same scorecard gives the same bytes."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(package)) as given, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for entry in given.infolist():
            fixed = zipfile.ZipInfo(entry.filename, _EPOCH)
            fixed.compress_type = zipfile.ZIP_DEFLATED
            made.writestr(fixed, given.read(entry))
    return out.getvalue()
