"""What the links of a pager are called: one table of words, for those that read pagers and those that keep away from them."""

from __future__ import annotations

import re

from lxml import html

from crawler.extract.regions import names
from data.text import bare

# Of a pager that names its links.
NEXT = re.compile(
    r"^[\[【<(（]?(?:下一?页|下一頁|后一?页|次页|往后|next(?:page)?|[«←]?(?:较早|较旧|更早)的?(?:文章|内容|信息)[→»]?|[«←]?older(?:posts)?[→»]?|>|＞|›|»|>>|下页[>》»]*|下一页[>》»›]*|后页)[\]】>)）]?$",
    re.I,
)
LAST = re.compile(r"^[\[【<(（]?(?:尾页|末页|最后一?页|最末页|last|>>|»|>\|)[\]】>)）]?$", re.I)
PREVIOUS = re.compile(r"^[\[【<(（]?(?:上一?页|前一?页|上一頁|prev(?:ious)?(?:page)?|<|＜|‹|«)[\]】>)）]?$", re.I)
TRIM = "→←>›»＞<‹«＜[]【】()（）《》"  # what a label of a page is dressed in
PAGE_OPTION = re.compile(r"第?(\d{1,4})页?")
# Of one that shows arrows, pictures or numbers alone: looser, for its addresses have to go with them.
NUMBER = re.compile(r"[\[【(（]?第?(\d{1,3})页?[\]】)）]?")
ONWARD = re.compile(r"next(?:page)?[»>→]*|[>＞»›→▶►]{1,2}|[向往]?[下后](?:一)?(?:[翻页頁]|翻页)[>»›→]*", re.I)
BACK = re.compile(r"[«<←]*prev(?:ious)?(?:page)?|[<＜«‹←◀◄]{1,2}|[向往]?[上前](?:一)?(?:[翻页頁]|翻页)", re.I)
ONWARD_MARK = re.compile(r"(?<![a-z])(?:next|xiayiye|xyy|nextpage|pagenext|right)(?![a-z])|下一?页", re.I)
BACK_MARK = re.compile(r"(?<![a-z])(?:prev|previous|shangyiye|syy|prevpage|pageprev|left)(?![a-z])|上一?页", re.I)
# Of any: such a link leads to more of a list and to no column.
TURNS_PAGE = re.compile(
    r"^((?!(?:19|20)\d\d$)第?\d+页?|[上下][一1]?[页頁]|前一?页|后一?页|[首尾末][页頁]|最后一?页|[<>«»‹›]+|\.{2,}|…+|next|prev(ious)?|last|first)$",
    re.I,
)
ARROW = re.compile(r"^[>»›]+$")
_ICON = re.compile(r"(?<![a-z])(next|prev)(?![a-z])")


def label_of(element: html.HtmlElement) -> str:
    """What an element of a pager is called: its text, else its title or the words for its picture; an icon is as good as an arrow."""
    if element.tag == "input":
        return bare(element.get("value") or "") if (element.get("type") or "") in ("button", "submit") else ""
    text = ""
    for piece in element.itertext():  # a box with one child can hold the whole page
        text += piece
        if len(text) > 60:
            return ""
    label = bare(text)
    if not label and element.tag in ("a", "button"):
        label = bare(element.get("title") or element.get("aria-label") or "")
        if not label:
            image = element.find(".//img")
            label = bare(image.get("alt") or "") if image is not None else ""
        if not label and (named := _ICON.search(names(element))):
            return ">" if named[1] == "next" else "<"  # an icon: as good as a bare arrow
    return label
