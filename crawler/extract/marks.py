"""Links that may be the titles of rows, and which of a row's links is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from lxml import html

from crawler.extract.openers import opened
from crawler.extract.page import CUT_ROWS, Page
from data.text import squeeze

_AUXILIARY = re.compile(
    r"^[\[【(（<《>\s]*(?:(?:点击|在线|立即)?(?:查看|阅读|浏览|进入|下载)(?:更多|全文|详情|详细|原文|附件|文字版|图片版|正文)?\w{0,3}|更多\w{0,4}|more\w*|详情|详细\w{0,4}|全文|"
    r"设为首页|加入收藏|收藏本站|无障碍\w{0,4}|长者\w{1,3}|登录|注册|繁[体體]\w{0,2}|简体\w{0,2}|手机版|移动版|english|首\s*页|尾\s*页|末\s*页|[上下前后]一?[页頁篇条]|\d{1,4}|附件\d{0,2}|打印|关闭|分享|收藏|返回\w{0,4}|跳转|go|确定|搜索|查询|pdf|word|ofd|doc|docx|"
    r"(?:相关|政策|文字|图文|图片|图片式|视频|媒体|专家|部门)?(?:解读|图解)|一图读懂|原文|原件|预览|播放|展开|收起|\W*)[\]】)）>》\s]*$",
    re.I,
)
_OPENS_ROW = re.compile(r"查看|详情|详细|全文|阅读|进入|浏览|点击")
_SECONDARY = re.compile(
    r"^[\[【(（]?\s*(?:下载|附件|(?:相关|政策|文字|图文|图片|视频|媒体|专家)?解读|图解|一图读懂|政策问答|相关链接|相关文件|原文)\s*[】\])）]?\s*[:：丨|]?"
)
_FILE = re.compile(r"\.(?:pdf|docx?|xlsx?|wps|et|ofd|zip|rar|jpe?g|png|pptx?)(?:$|[?#])", re.I)
_INDEX_NUMBER = re.compile(r"^[A-Za-z\d][A-Za-z\d/\-_.〔〕\[\]()（）:：]{5,}$")
_BRACKETED = re.compile(r"^[\[【(（〔].{1,12}[\])）】〕]$|^.{1,12}[|｜]$")
TEMPLATE = re.compile(r"\{\{|\}\}|\$\{|<%|%>|\{%|\[!--|\{\$|CMSPRO_")
_PATH = re.compile(r"^(?:https?://|\.{0,2}/)\S+$|^[\w./-]+\.(?:s?html?|jsp|aspx?|php|pdf)(?:\?\S*)?$")
_LITERAL = re.compile(r"""['"]([^'"]+)['"]""")
MAX_MARKS = 5000
_TITLE_CHARS = 6
_HANDLER = re.compile(r"\(|\b(?:location|href)\s*=")


@dataclass(slots=True)
class Mark:
    """A link that may be a row's title. `opens` is False where it has neither href nor handler."""

    element: html.HtmlElement
    label: str
    url: str | None
    title: str  # the title attribute
    said: tuple[str, bool, bool] | None = None  # as a row's title, once it was read

    @property
    def auxiliary(self) -> bool:
        return not self.label or _is_auxiliary(self.label)


@lru_cache(2048)  # the entries of menus stand on every page of a site
def _is_auxiliary(label: str) -> bool:
    return bool(_AUXILIARY.match(label))


def link_url(page: Page, element: html.HtmlElement) -> str | None:
    """URL that an element opens: its href, else a literal in href="javascript:…" or onclick that looks like a path."""
    href = element.get("href")
    url = page.absolute(href) if href else None
    if url is not None:
        return url
    for script in (element.get("onclick"), href if href and href.lower().lstrip().startswith("javascript") else None):
        for literal in _LITERAL.findall(script or ""):
            if _PATH.match(literal.strip()):
                return page.absolute(literal.strip())
    for name in ("data-url", "data-href", "data-link", "tagname"):
        literal = (element.get(name) or "").strip()
        if _PATH.match(literal):
            return page.absolute(literal)
    return None


def is_file(url: str) -> bool:
    """Whether an address is that of a file to download."""
    return bool(_FILE.search(url))


def template(element: html.HtmlElement, label: str) -> bool:
    """Whether a link is a framework's template and no content."""
    if TEMPLATE.search(label) or TEMPLATE.search(element.get("href") or ""):
        return True
    if element.get("href"):
        return False
    current: html.HtmlElement | None = element
    for _ in range(4):
        if current is None:
            return False
        if any(name.startswith(("ms-", "v-for", "ng-repeat", "v-bind:", ":href", "data-bind")) for name in map(str, current.attrib)):
            return True
        current = current.getparent()
    return False


def find_marks(page: Page) -> list[Mark]:
    """Links and things that open by onclick, templates left out."""
    marks: list[Mark] = []
    inside: set[html.HtmlElement] = set()
    for element in page.tree.iter("a", "area"):
        href, title = element.get("href"), squeeze(element.get("title") or "")
        if href is None and element.get("onclick") is None and element.get("name") is not None:
            continue
        text = squeeze("".join(element.itertext()))
        label = text or title or _alt(element)
        if template(element, label) or (not label and not href):
            continue
        marks.append(Mark(element, label, link_url(page, element) or _opened(page, element, label), title))
        inside.add(element)
        if len(marks) >= MAX_MARKS:
            page.marks.append(CUT_ROWS)
            return marks
    for element in page.tree.iter("p", "li", "tr", "td", "div", "span", "h3", "h4", "dd"):
        handler = element.get("onclick")
        if handler and _HANDLER.search(handler) and not any(child in inside for child in element.iter("a")):
            text = squeeze("".join(element.itertext()))
            if 6 <= len(text) <= 300 and not template(element, text) and next(element.iterancestors("a"), None) is None:
                url = link_url(page, element) or _opened(page, element, text)
                marks.append(Mark(element, text, url, squeeze(element.get("title") or "")))
                if len(marks) >= MAX_MARKS:
                    page.marks.append(CUT_ROWS)
                    break
    return marks


def _opened(page: Page, element: html.HtmlElement, label: str) -> str | None:
    """What a function of the page opens by a title; what it opens by a number or 下一页 is the pager's to read."""
    return opened(page, element) if len(label) >= _TITLE_CHARS else None


def _alt(element: html.HtmlElement) -> str:
    for image in element.iter("img"):
        label = squeeze(image.get("alt") or image.get("title") or "")
        if label:
            return label
    return ""


def main_mark(marks: Sequence[Mark], common: frozenset[str | None]) -> Mark | None:
    """The link that is the row's title: the first substantial one; category links, index numbers, downloads and interpretations stand aside."""
    able = [mark for mark in marks if not mark.auxiliary]
    if not able:
        return None
    if len(able) == 1:
        return able[0]
    own = [mark for mark in able if mark.url not in common or mark.url is None] or able
    good = [
        mark
        for mark in own
        if not _BRACKETED.match(mark.label) and not _INDEX_NUMBER.match(mark.label) and not _SECONDARY.match(mark.label)
    ] or own
    longest = max(len(mark.label) for mark in good)
    for mark in good:
        if len(mark.label) >= min(8, longest) and not (_FILE.search(mark.url or "") and len(mark.label) < longest):
            return mark
    return max(good, key=lambda mark: len(mark.label))


def opening_mark(marks: Sequence[Mark]) -> Mark | None:
    """A link such as 查看详情, or the sign of a file, that opens a row whose title is plain text."""
    for mark in marks:
        if mark.url is not None and (_OPENS_ROW.search(mark.label) or is_file(mark.url)):
            return mark
    return None
