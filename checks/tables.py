"""Tables inside a text, whose cells stand line under line: the heads first, then row after row.

Only a table that comes out even is believed: a cell left blank is lost in the text, and everything behind it would move up.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from data.text import bare

_HEAD = re.compile(
    "(序号|名称|代码|文号|编[号码]|事实|日期|时间|机关|单位|部门|内容|事项|类[别型]|种类|依据|地址|代表人|负责人|相对人|姓名|金额|期限|有效期|"
    "结果|行为|状态|备注|案由|决定书?|处罚人|当事人|申请人|持证人|法人|经营者|证号|项目|对象|类目|标准|理由|方式|来源|级别)(\\([^()]{1,12}\\)|\\d)?$"
)
_HEAD_CHARS = 18
_MOST_ROWS = 200


def rows_in(text: str, wanted: Callable[[str], bool], fits: Callable[[str], bool]) -> tuple[Mapping[str, str], ...]:
    """The rows, head -> cell, of the first table that has a wanted head with a fitting cell under it in its first row."""
    lines = [line for line in map(bare, text.splitlines()) if line]
    for index, line in enumerate(lines):
        if not wanted(line) or not _is_head(line):
            continue
        first = index
        while first > 0 and _is_head(lines[first - 1]):
            first -= 1
        last = index
        while last + 1 < len(lines) and _is_head(lines[last + 1]):
            last += 1
        heads = lines[first : last + 1]
        if len(heads) < 2 or len(set(heads)) < len(heads):
            continue
        rows = _rows(lines[last + 1 :], heads, index - first, fits)
        if rows:
            return rows
    return ()


def _rows(cells: list[str], heads: list[str], wanted: int, fits: Callable[[str], bool]) -> tuple[Mapping[str, str], ...]:
    found = []
    for start in range(0, min(len(cells), _MOST_ROWS * len(heads)), len(heads)):
        row = cells[start : start + len(heads)]
        if len(row) < len(heads) or not fits(row[wanted]):
            break
        found.append(dict(zip(heads, row, strict=True)))
    return tuple(found)


def _is_head(line: str) -> bool:
    return len(line) <= _HEAD_CHARS and _HEAD.search(line) is not None
