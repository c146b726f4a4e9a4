"""What a row of a list shows beside its title: the cells of a table under their heads, and labelled values such as 状态：已办结."""

from __future__ import annotations

import re
from itertools import islice

from lxml import html

from crawler.extract.row_dates import SEAM, seamed
from crawler.extract.rows import Row, clean
from data.records import Field
from data.text import bare, squeeze

MOST_CELLS = 12
_CHARS = 200
_HEAD_CHARS = 16
_HEAD = re.compile(
    r"标题|名称|文号|日期|时间|状态|机关|机构|单位|部门|类别|类型|索引号|序号|编号|方式|来源|备注|主体|事项|内容|结果|有效性|领域|级别|代码|姓名|主题|人$|数$"
)
_PAIR = re.compile(r"([\u4e00-\u9fff][\u4e00-\u9fff（）]{1,9})\s*[:：]\s*((?:(?![\u4e00-\u9fff]{2,8}\s*[:：]).)*)")
_NUMBER = re.compile(r"〔\d{4}〕|[\[(（]\d{4}[\])）]\s*第?\d+\s*号")
_EDGES = " []【】（）()|｜·"
_PIECE = 120  # characters above which a part of a row is a summary


class Heads:
    """The heads of a page's tables, looked for once a table."""

    def __init__(self) -> None:
        self._known: dict[html.HtmlElement, tuple[str, ...]] = {}

    def of(self, row: html.HtmlElement) -> tuple[str, ...]:
        """Heads of the columns of a row's table; none where it has no head row."""
        table = next(row.iterancestors("table"), None)
        if table is None:
            return ()
        if table not in self._known:
            self._known[table] = next((heads for first in islice(table.iter("tr"), 3) if (heads := _heads(first))), ())
        return self._known[table]


def read_cells(row: Row, heads: Heads) -> tuple[Field, ...]:
    """The cells of a row of a table, the title's left out; of any other row its labelled values and a 文号 standing by itself."""
    found = _of_table(row, heads.of(row.element)) if row.element.tag == "tr" else _labelled(row.shown)
    return tuple(found[:MOST_CELLS])


def _of_table(row: Row, heads: tuple[str, ...]) -> list[Field]:
    cells = [cell for cell in row.element if cell.tag in ("td", "th")]
    title = _title_cell(row, cells)
    if len(heads) != len(cells):
        heads = ("",) * len(cells)
    found = []
    for cell, head in zip(cells, heads, strict=True):
        if cell is title:
            continue
        value = squeeze(seamed(cell).replace(SEAM, " "))[:_CHARS]
        if head or (value and not re.fullmatch(r"\d{1,4}", value)):  # a number without a head counts the rows
            found.append(Field(head, value))
    return found


def _title_cell(row: Row, cells: list[html.HtmlElement]) -> html.HtmlElement | None:
    current = row.mark
    while current is not None and current.getparent() is not row.element:
        current = current.getparent()
    if current is not None and current in cells:
        return current
    return next((cell for cell in cells if clean(seamed(cell)) == row.title), None)


def _heads(row: html.HtmlElement) -> tuple[str, ...]:
    """The words of a row of heads: of th, in bold, or by what such cells say."""
    cells = [cell for cell in row if cell.tag in ("td", "th")]
    if len(cells) < 2 or any(cell.get("colspan", "1") != "1" for cell in cells):
        return ()
    words = [_word(cell) for cell in cells]
    if any(word is None for word in words) or not any(words):
        return ()
    ths = sum(cell.tag == "th" for cell in cells)
    bold = all(_is_bold(cell) for cell, word in zip(cells, words, strict=True) if word)
    if ths >= 2 or bold or sum(bool(word and _HEAD.search(word)) for word in words) * 2 > len(words):
        return tuple(word or "" for word in words)
    return ()


def _word(cell: html.HtmlElement) -> str | None:
    """What a cell says if it can be a head; None where it is too long, a figure, or leads somewhere."""
    if any((anchor.get("href") or "").strip().lower() not in ("", "#") and not _sorts(anchor) for anchor in cell.iter("a")):
        return None
    text = bare("".join(islice(cell.itertext(), 20)))
    return text if len(text) <= _HEAD_CHARS and not re.search(r"\d{2}", text) else None


def _sorts(anchor: html.HtmlElement) -> bool:
    return (anchor.get("href") or "").strip().lower().startswith("javascript")


def _is_bold(cell: html.HtmlElement) -> bool:
    bold = next(cell.iter("b", "strong"), None)
    return (bold is not None and bare("".join(bold.itertext())) == bare("".join(cell.itertext()))) or bool(
        re.search(r"font-weight\s*:\s*(?:bold|[6-9]00)", (cell.get("style") or "").lower())
    )


def _labelled(shown: str) -> list[Field]:
    """Labels and values in the text of a row without its title; a value may stand in the element after its label's."""
    if not shown or ("：" not in shown and ":" not in shown and "号" not in shown):
        return []
    found: dict[str, Field] = {}
    parts = [part for piece in shown.split(SEAM) if (part := squeeze(piece).strip(_EDGES))]
    for index, part in enumerate(parts):
        if len(part) > _PIECE:
            continue
        pairs = _PAIR.findall(part)
        for number, (label, value) in enumerate(pairs):
            said = value.strip(_EDGES + "，,；;、")
            if not said and number == len(pairs) - 1 and index + 1 < len(parts) and not _PAIR.match(parts[index + 1]):
                said = parts[index + 1]
            found.setdefault(label, Field(label, said[:_CHARS]))
        if not pairs and _NUMBER.search(part) and len(part) <= 40 and not any(field.value == part for field in found.values()):
            found.setdefault(part, Field("", part))
    return list(found.values())
