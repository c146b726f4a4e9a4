"""The trail of a page: 当前位置：首页 > 政务公开 > …, whatever its container, with or without its label."""

from __future__ import annotations

import re

from lxml import html

from crawler.extract.dates import SEAM
from crawler.extract.outline import Outline, outline
from crawler.extract.page import Page, once
from data.records import Link
from data.text import squeeze

_LABEL = re.compile(
    r"(?:您\s*(?:现在|当前)?\s*(?:所在)?的?|当前(?:所在)?的?|你\s*(?:现在|当前)?\s*(?:所在)?的?|所在|现在)(?:所在)?的?\s*位\s*置(?:是)?\s*[:：]?|当前栏目\s*[:：]|^位\s*置\s*[:：]"
)
_CLASS = re.compile(
    r"crumb|position|location|(?:^|[\s_-])(?:path|mbx|dqwz|wz|weizhi|lujing|dangqian|bread|mnav|currmenu|curr|posi|place|local|site_?nav|loca|dq|skinobject)(?:$|[\s_-])|dqwz|mianbao|breadnav",
    re.I,
)
_SPLIT = re.compile(rf"[\s{SEAM}]*(?:&gt;|-{{1,2}}>|\s-\s|[>＞»›→/｜|\\]|--+|—+)+[\s{SEAM}]*|{SEAM}")
_PLAIN = re.compile(r"(?:网站)?首\s*页(?:\s*(?:-{1,2}>|[>＞»›→]|-)\s*[^>＞»›→\s]{2,20}){2,}$")  # a trail without a single link
_TURNS_PAGE = re.compile(r"第?\d{1,4}页?|[上下][一1个]?[页頁月周]|[前后]一?[天日]|[尾末][页頁]|跳转到?.{0,3}页?|共.{0,8}[页条]")
_MARKS = re.compile(r"^[\s>＞»›→/|｜:：\\·-]+|[\s>＞»›→/|｜:：\\·-]+$")


@once
def read_trail(page: Page) -> tuple[Link, ...]:
    """The crumbs of a page, wherever on it they stand."""
    view = outline(page)
    return read_breadcrumb(page, view, len(view.blocks))


def read_breadcrumb(page: Page, outline: Outline, limit: int) -> tuple[Link, ...]:
    """Crumbs before block `limit`, as links (url None for plain words); empty where the page shows no trail."""
    for index, block in enumerate(outline.blocks[:limit]):
        if block.chars > 400:
            continue
        match = _LABEL.search(block.text) if "位" in block.text or "当前" in block.text else None
        if match and match.start() <= 6:
            crumbs = _collect(page, outline, index, labelled=True)
            if crumbs:
                return crumbs
    for element, (first, stop) in outline.spans.items():
        if first >= limit or stop - first > 14 or stop <= first:
            continue
        names = f"{element.get('class') or ''} {element.get('id') or ''} {element.get('aria-label') or ''}"
        if len(names) > 2 and _CLASS.search(names):
            crumbs = _crumbs(page, outline, first, stop)
            if len(crumbs) >= 2 and _looks_like_trail(outline, first, stop, crumbs):
                return crumbs
    for index, block in enumerate(outline.blocks[:limit]):
        linked = len(block.anchors) >= 2 and re.search(r"[>＞»›]", block.text)
        if block.chars <= 120 and (linked or _PLAIN.match(block.text)):
            crumbs = _crumbs(page, outline, index, index + 1)
            if _looks_like_trail(outline, index, index + 1, crumbs):
                return crumbs
    return ()


def _looks_like_trail(outline: Outline, first: int, stop: int, crumbs: tuple[Link, ...]) -> bool:
    text = " ".join(block.text for block in outline.blocks[first:stop])
    return (
        bool(crumbs)
        and len(crumbs) <= 12
        and not any(_TURNS_PAGE.fullmatch(crumb.text) for crumb in crumbs)  # 首页 < 1 2 3 > 末页 turns pages
        and (
            bool(re.search(r"[>＞»›→]|&gt;|\s/\s", text))
            or bool(re.match(r"首页|网站首页|主页|.{0,12}(?:政府|门户网站|网)$", crumbs[0].text))
        )
    )


def _collect(page: Page, outline: Outline, index: int, *, labelled: bool) -> tuple[Link, ...]:
    """The trail of a labelled block: the block itself, else its nearest ancestors' blocks up to the first that has links."""
    crumbs = _crumbs(page, outline, index, index + 1)
    if len(crumbs) >= 2:
        return crumbs
    element: html.HtmlElement | None = outline.blocks[index].element
    for _ in range(5):
        if element is None or element.tag == "body":
            break
        first, stop = outline.span(element)
        if stop - first > 16:
            break
        if stop - index > 1:
            more = _crumbs(page, outline, index, stop)
            if len(more) > len(crumbs) and sum(block.chars for block in outline.blocks[index:stop]) <= 200:
                crumbs = more
                if len(more) >= 2:
                    break
        element = element.getparent()
    return crumbs


def _crumbs(page: Page, outline: Outline, first: int, stop: int) -> tuple[Link, ...]:
    found: list[Link] = []
    for block in outline.blocks[first:stop]:
        linked = {squeeze(anchor.text): anchor for anchor in block.anchors if anchor.text}
        raw = _LABEL.sub(SEAM, block.raw, count=1)
        for part in _SPLIT.split(raw):
            text = _MARKS.sub("", squeeze(part))
            if not text or len(text) > 60:
                continue
            anchor = linked.get(text)
            url = page.absolute(anchor.element.get("href")) if anchor else None
            if not found or found[-1].text != text:
                found.append(Link(url, text, "text", "nav"))
    if any(re.search(r"[\u4e00-\u9fff]", link.text) for link in found):
        # A template's own word (hide, home-link) that was left standing is no column.
        found = [link for link in found if not re.fullmatch(r"[a-z_-]+", link.text)]
    return tuple(found)
