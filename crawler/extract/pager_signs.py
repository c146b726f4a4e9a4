"""Signs that a list goes on though no pager of it is understood: such a list has no proven end."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from lxml import html

from crawler.extract.emptiness import is_request
from crawler.extract.outline import outline
from crawler.extract.page import Page
from crawler.extract.regions import names
from data.text import bare

_VALUE = re.compile(r"""([A-Za-z_]\w*)['"]?\s*[:=]\s*(?:parseInt\s*\(\s*)?['"]?(\d{1,7})\b""")
_PAGES = re.compile(r"page_?(?:count|total|nums?)$|(?:count|total|max|all|last)_?pages?$|^pages$", re.I)
_ROWS = re.compile(
    r"(?:total|record|row|item|data|all|list)_?(?:count|total|records?|rows|items?|data|nums?|size)$|^m_?n?recordcount$|^total$|^count$|^countnum$",
    re.I,
)
_PAGING = re.compile(r"pag(?:e|er|inat|ing)|fenye|翻页|分页", re.I)
_MORE = re.compile(
    r"^(?:点击|下拉|上拉|滑动)?(?:加载|显示|查看|浏览|展开|获取)更多(?:信息|内容|文章|数据|文件)?[>》.…]*$|^loadmore$|^下拉加载.{0,4}$",
    re.I,
)
_MORE_CLASS = re.compile(r"(?<![a-z])load[-_]?more(?![a-z])|(?<![a-z])more[-_]?(?:btn|load)(?![a-z])")
_TOTAL_ATTRIBUTE = re.compile(
    r"(?:data-|v-bind)?:?-?(?:total|total-?(?:count|records?|rows|num)|records?-?(?:count|total)|rows-?count)$", re.I
)
_PLAIN = {"class", "id", "style", "align"}  # attributes that tell a script nothing
_LIBRARY = re.compile(
    r"^(?:jquery(?:[-.][\d.]+)?(?:[-.]?(?:min|migrate|superslide|slide|lazyload|nicescroll|cookie)[-.\d]*)*|bootstrap\w*|swiper\w*|superslide\w*|html5\w*|respond|zepto|layer"
    r"|share|qrcode|hm|tongji|cnzz|gtag|analytics|wza\w*|nav|menu|search|banner|slide\w*|iepng|pinyin|font\w*|weather|date)(?:[-.]?min)?\.js$",
    re.I,
)
_RANGE = re.compile(r"(?<!\d)1\s*[-–~至]\s*(\d{1,4})\s*条?\s*[/／,，共]\s*共?\s*(\d{1,7})(?!\d)")
_SAID = re.compile(
    r"(?:共|总计|总共|合计)(?:有|计|收录|检索到|查询到|找到)?(?:相关)?(?:信息|文件|文章|记录|数据|结果)?[:：]?(\d{1,7})(?:条|篇|件|个|项|则)"
)
_HIDDEN = re.compile(r"(?:\./)?[\w-]{1,40}_\d{1,3}\.s?html?")
_SAID_PAGES = re.compile(r"(?:[共分](?=\d{1,4}页)|page\d{1,4}of)(\d{1,4})", re.I)
_AT_THE_END = re.compile(r"(?:第|page)(\d{1,4})(?:页?[/，,]?共|of)(\d{1,4})", re.I)


def more_promised(page: Page, codes: list[str], rows: int, read: int = 1) -> int | None:
    """How many rows the page speaks of beyond those it shows; 0 where it says more but not how many, None where nothing does.

    `read`: so many pages there are without doubt; to speak of them promises nothing.
    """
    said = [*_attributes(page), *_ranges(page, rows)]
    said += [int(match.group(1)) for block in outline(page).blocks if block.chars <= 60 and (match := _SAID.search(bare(block.text)))]
    told = [value for code in codes if _PAGING.search(code) for value in _rows_told(code)]
    most = max((count for count in (*said, *told) if count > rows), default=None)
    if most is not None:
        return most
    if (
        any(_pages_told(code, read) for code in codes)
        or _pages_said(page, read)
        or _entered(page, read)
        or _loads_more(page)
        or _hidden_pages(page)
    ):
        return 0
    return 0 if any("scroll" in code and is_request(code) for code in codes) else None


def stays_empty(page: Page, codes: Sequence[str], boxes: Iterable[html.HtmlElement]) -> bool:
    """Whether the boxes of a pager hold nothing and no script can fill them: none names one, and of those in files all are known to draw no pager."""
    for box in boxes:
        own = [*(box.get("class") or "").split(), box.get("id") or ""]
        told = any(name and re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", code) for name in own for code in codes)
        if (
            told
            or bare("".join(box.itertext()))
            or next(box.iter("script", "a", "input", "select"), None) is not None
            or set(box.attrib) - _PLAIN
        ):
            return False
    sources = (script.get("src") or "" for script in page.tree.iter("script"))
    return all(is_library(source) for source in sources if source)


def is_library(source: str) -> bool:
    """Whether a script's address is that of one which is known to bring a page no rows and no pager."""
    return bool(_LIBRARY.search(source.partition("?")[0].rpartition("/")[2]))


def _attributes(page: Page) -> list[int]:
    """Totals that an element bears for a script: data-total="97", :total="97"."""
    return [
        int(value)
        for element in page.tree.iter()
        if isinstance(element.tag, str)
        for name, value in element.attrib.items()
        if value.isdigit() and len(value) < 7 and _TOTAL_ATTRIBUTE.match(str(name))
    ]


def _ranges(page: Page, rows: int) -> list[int]:
    """Totals behind the rows that are shown: 1-15 / 97."""
    found = (_RANGE.search(block.text) for block in outline(page).blocks if block.chars <= 40)
    return [int(match.group(2)) for match in found if match is not None and int(match.group(1)) == rows]


def _rows_told(code: str) -> list[int]:
    return [int(value) for name, value in _VALUE.findall(code) if _ROWS.search(name)]


def _pages_told(code: str, read: int) -> bool:
    """Whether a script that turns pages says that there are several."""
    return bool(_PAGING.search(code)) and any(_PAGES.search(name) and read < int(value) < 100_000 for name, value in _VALUE.findall(code))


def _pages_said(page: Page, read: int) -> bool:
    """Whether a short line says that there are several pages, and not that this is the last of them."""
    for block in outline(page).blocks:
        text = bare(block.text) if block.chars <= 90 and ("页" in block.text or " of " in block.text) else ""
        said = _SAID_PAGES.search(text)
        if said is not None and int(said[1]) > read:
            here = _AT_THE_END.search(text)
            return here is None or here[1] != here[2]
    return False


def _entered(page: Page, read: int) -> bool:
    """Whether a hidden field says that there are several pages."""
    for element in page.tree.iter("input"):
        name, value = element.get("id") or element.get("name") or "", element.get("value") or ""
        if _PAGES.search(name) and value.isdigit() and int(value) > read:
            return True
    return False


def _hidden_pages(page: Page) -> bool:
    """Whether links without a word lead to numbered files beside the list: a script fetches its later pages from there."""
    hrefs = (link.get("href") or "" for link in page.tree.iter("a") if not len(link) and not (link.text or "").strip())
    return any(_HIDDEN.fullmatch(href) for href in hrefs)


def _loads_more(page: Page) -> bool:
    """Whether the page has something to press for more rows that leads nowhere else."""
    for element in page.tree.iter("a", "button", "div", "span", "p", "input"):
        if element.tag in ("div", "p") and len(element) > 1:
            continue
        label = bare(element.get("value") or "" if element.tag == "input" else "".join(element.itertext()))
        pressed = bool(label) and len(label) <= 14 and (bool(_MORE.match(label)) or bool(_MORE_CLASS.search(names(element))))
        if pressed and page.absolute(element.get("href")) is None:
            return True
    return False
