"""What else of its list a page offers (P21): years, months or kinds to choose from that no address leads to and a script or a form answers.

Until each is read, or the rows show that they are all there, what the page shows is one slice and no list read to its end. Choices with
an address are lists of their own, which are followed as such; a script that shows and hides what is in the page already withholds nothing.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lxml import html

from crawler.extract.page import Page
from crawler.extract.pager_turns import led_to
from crawler.extract.regions import Regions, names
from crawler.extract.script_blocks import asks, bound, function_body, goes
from crawler.extract.script_values import scripts
from data.records import Choice
from data.text import bare

YEAR = re.compile(r"^((?:19|20)\d\d)(?:年度?)?(?:\(\d{1,5}\))?$")
_MONTH = re.compile(r"^(?:(?:19|20)\d\d年)?(1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])月份?$")
_KIND = re.compile(r"^(?=.*[\u4e00-\u9fff])[^,，。;；:：!！?？<>《》|/\\\d]{2,16}$")
_PRINTED = re.compile(
    r">\s*((?:19|20)\d\d)\s*(?:年度?\s*)?(?:[（(]\d{1,5}[)）]\s*)?<"
)  # a look at the source first: most pages offer nothing
_MONTHS_PRINTED = re.compile(r">\s*(?:1[0-2]|[1-9])\s*月")
_ACTS = (
    "onchange", "onclick", "@click", "@change", "v-on:", "ng-click", ".click", ".change", ".on(", ".bind(", ".delegate(", ".live(",
    "addeventlistener", "href=\"javascript:", "href='javascript:",
)  # fmt: skip
_MARKED = re.compile(r"(?<![a-z])(?:on|cur|curr|current|active|sel|selected|hover|this|now|thisclass|checked)(?![a-z])")
_WHOLE = re.compile(r"^[-=—\s]*(?:全部|所有|不限|历年|综合|(?:请)?选择|按?(?:年份|年度|月份|部门|单位|类别|分类|类型|栏目|主题)$).{0,8}$")
_TOOL = re.compile(
    r"每页|\d条|升序|降序|倒序|正序|排序|按.{0,4}(?:时间|日期|热度|相关|点击)|最新|最热|热门|默认|标题|全文|正文|文号|索引号|关键[词字]|简体|繁[体體]|语言|中文|英文"
    r"|打印|关闭|分享|收藏|微信|微博|二维码|客户端|顶部|返回|朗读|登录|注册|退出|首页|主页|[上下前后]一?[页篇条]|尾页|末页|更多|加载|展开|收起|搜索|查询|检索|重置|提交|确[定认]"
    r"|字[体号]|[大中小]号|大字|无障碍|长者|适老|关怀|播放|暂停|音量|皮肤|颜色|对比|放大|缩小|导航|链接|网站|日历|天气|点赞|评论|订阅|下载|复制"
)
_CALL = re.compile(r"(?:javascript\s*:\s*)?(?:return\s+)?(?:this\.)?([A-Za-z_$][\w$]*)\s*(?:\(|$)")
_LOADS = re.compile(r"list|load|quer|search|data|page|cat|type|ch(?:annel|nl)|class|filter|column|info", re.I)
_SHOWS = re.compile(r"tab|switch|toggle|show|font|size|style|menu|nav|open|close|print|share|zoom|color|play", re.I)
_HANDLERS = ("onclick", "onchange", "@click", "@change", "v-on:click", "v-on:change", "ng-click", "ng-change", "ms-click")
_CALENDAR = re.compile(r"calendar|rili|datepick|lunar|weather")
_TABS = ("li", "a", "span", "button", "div", "option", "dd", "em")
_MOST = 80  # more than so many choices are no slices of a list that anyone chooses from


@dataclass(slots=True)
class _Offer:
    """Things to choose from that stand together, by what they are called; `whole` is the one that shows everything."""

    holder: html.HtmlElement
    found: dict[str, html.HtmlElement]
    whole: html.HtmlElement | None = None


def read_choice(page: Page) -> Choice | None:
    """The slices that a page offers beyond the rows it shows; None where there are none, or each has an address."""
    years = len(set(_PRINTED.findall(page.text))) > 1
    acts = any(word in page.lower for word in _ACTS)
    months = acts and len(set(_MONTHS_PRINTED.findall(page.text))) > 1
    if not years and not acts:
        return None
    codes, regions = scripts(page), Regions()
    kinds = [("years", YEAR)] if years else []
    kinds += [("months", _MONTH)] if months else []
    kinds += [("kinds", _KIND)] if acts and any(asks(code, ()) for code in codes) else []
    for kind, pattern in kinds:
        for offer in _offers(page, pattern, codes):
            asides = (
                ("footer", "crumb", "nav", "menu") if kind == "kinds" else ("footer", "crumb")
            )  # a menu's other entries are other columns
            if 1 < len(offer.found) <= _MOST and regions.of(offer.holder) not in asides and _is_choice(page, kind, offer, codes):
                return Choice(kind, tuple(offer.found), _shown(offer))
    return None


def is_slice(label: str) -> bool:
    """Whether what a tab or an option is called can be a slice of a list, and is no tool of the page."""
    name = bare(label)
    return bool(YEAR.match(name)) or (bool(_KIND.match(name)) and not _TOOL.search(name) and not _WHOLE.match(name))


def _offers(page: Page, pattern: re.Pattern[str], codes: Sequence[str]) -> Iterator[_Offer]:
    """What stands together and is called by a pattern, without an address."""
    found: dict[html.HtmlElement, _Offer] = {}
    led: dict[html.HtmlElement, int] = defaultdict(int)
    for element in page.tree.iter(*_TABS):
        if len(element) > 1:
            continue
        label = bare("".join(element.itertext())) if len(element.text or "") < 30 else ""
        name, whole = pattern.match(label) if label else None, bool(label) and bool(_WHOLE.match(label))
        if (name is None and not whole) or (holder := _holder(element)) is None:
            continue
        offer = found.setdefault(holder, _Offer(holder, {}))
        if whole:
            offer.whole = element if offer.whole is None else offer.whole
        elif name is not None and led_to(page, codes, element) is not None:
            led[holder] += 1
        elif name is not None:
            offer.found.setdefault(name[1] if name.groups() else label, element)
    return (offer for holder, offer in found.items() if led[holder] < len(offer.found))


def _is_choice(page: Page, kind: str, offer: _Offer, codes: Sequence[str]) -> bool:
    """Whether what stands together chooses which rows are shown."""
    if _CALENDAR.search(" ".join(names(at) for at in (offer.holder, *offer.holder.iterancestors()))) or _shows_all(offer):
        return False
    if kind == "kinds" and (any(_TOOL.search(label) for label in offer.found) or _linked_as_well(page, offer)):
        return False
    return _select_chooses(kind, offer, codes) if offer.holder.tag == "select" else _tabs_choose(page, kind, offer, codes)


def _shows_all(offer: _Offer) -> bool:
    """Whether the one that shows everything is chosen."""
    if offer.whole is None:
        return False
    if offer.holder.tag == "select":
        chosen = next((one for one in offer.holder.iter("option") if one.get("selected") is not None), None)
        return chosen is None or chosen is offer.whole
    return _is_marked(offer.whole) or not any(map(_is_marked, offer.found.values()))


def _select_chooses(kind: str, offer: _Offer, codes: Sequence[str]) -> bool:
    """Whether the choice of an option is answered: by the select's script, or by the form that it is sent with."""
    select = offer.holder
    handler = " ".join(value for name in _HANDLERS if (value := select.get(name)))
    if handler or any(True for _ in bound(codes, select)):
        return kind != "kinds" or _answered(handler, select, codes)
    form = next(select.iterancestors("form"), None)
    if form is None:
        return kind == "years"  # nothing but a script of another file can be what it stands there for
    others = [one for one in form.iter("select") if one is not select and _shown_years(one)]
    typed = any((one.get("type") or "text").lower() == "text" for one in form.iter("input"))
    told = any(one.get("selected") is not None for one in offer.found.values())
    return told and not typed if kind == "kinds" else told or not (typed or others)


def _shown_years(select: html.HtmlElement) -> bool:
    return any(YEAR.match(bare("".join(option.itertext()))) for option in select.iter("option"))


def _tabs_choose(page: Page, kind: str, offer: _Offer, codes: Sequence[str]) -> bool:
    """Whether a click on tabs brings other rows. Years stand there for nothing else; of kinds the script has to ask for something."""
    handlers = [_handler(one) for one in offer.found.values()]
    if kind == "years":
        told = [handler for handler in handlers if handler]
        return not told or any(_answered(one, offer.holder, codes) or _unknown(one, codes) for one in told) or not _panels(page, offer)
    first = next(iter(offer.found.values()))
    if len(set(handlers)) == len(handlers) and all(handlers):
        return any(_answered(one, first, codes) for one in handlers) or (_unknown(handlers[0], codes) and _loads(handlers[0]))
    return any(map(_is_marked, offer.found.values())) and any(asks(body, codes) and not goes(body) for body in bound(codes, first))


def _answered(handler: str, element: html.HtmlElement, codes: Sequence[str]) -> bool:
    """Whether a handler, or what scripts bind to an element, asks the server."""
    call = _CALL.match(handler.strip()) if handler else None
    body = function_body(codes, call[1]) if call is not None else None
    bodies = [one for one in (handler, body) if one] or list(bound(codes, element))
    return any(asks(one, codes) and not goes(one) for one in bodies)


def _unknown(handler: str, codes: Sequence[str]) -> bool:
    """Whether the function that a handler calls is in a script of its own file."""
    call = _CALL.match(handler.strip())
    return call is not None and function_body(codes, call[1]) is None


def _loads(handler: str) -> bool:
    """Whether a function whose text is not there is called as one that gets rows."""
    call = _CALL.match(handler.strip())
    return call is not None and bool(_LOADS.search(call[1])) and not _SHOWS.search(call[1])


def _panels(page: Page, offer: _Offer) -> bool:
    """Whether the page holds as many boxes behind the tabs as there are tabs: then a click shows what is there."""
    above: html.HtmlElement | None = offer.holder
    for _ in range(3):
        above = above.getparent() if above is not None else None
        if above is None or above.tag == "body":
            return False
        alike: dict[tuple[html.HtmlElement | None, object], int] = defaultdict(int)
        for box in above.iter("ul", "div", "table", "dl"):
            if box is not offer.holder and offer.holder not in box.iterancestors() and next(box.iter("a"), None) is not None:
                alike[box.getparent(), box.tag] += 1
        if any(count >= len(offer.found) for count in alike.values()):
            return True
    return False


def _linked_as_well(page: Page, offer: _Offer) -> bool:
    """Whether each kind is also a link of the page: then its rows are reached that way."""
    linked = {bare("".join(link.itertext())) for link in page.tree.iter("a") if page.absolute(link.get("href")) is not None}
    return sum(label not in linked for label in offer.found) <= 1


def _shown(offer: _Offer) -> str | None:
    """The one whose rows stand there, where it alone is marked."""
    marked = [name for name, one in offer.found.items() if _is_marked(one)]
    return marked[0] if len(marked) == 1 else None


def _handler(element: html.HtmlElement) -> str:
    """What a click on a tab runs."""
    near = [element, *element.iter("a"), *(above for above in element.iterancestors("a", "li") if _own(above, element))]
    for one in near:
        for name in _HANDLERS:
            if one.get(name):
                return one.get(name) or ""
        href = (one.get("href") or "").strip()
        if href.lower().startswith("javascript:") and "(" in href and "void" not in href.lower():
            return href
    return ""


def _own(above: html.HtmlElement, element: html.HtmlElement) -> bool:
    """Whether an element holds a tab and nothing else."""
    return bare("".join(above.itertext())) == bare("".join(element.itertext()))


def _holder(element: html.HtmlElement) -> html.HtmlElement | None:
    """The list or box that a tab stands in with the others."""
    for above in element.iterancestors():
        if above.tag in ("body", "table", "p") or (above.tag == "form" and element.tag != "option"):
            return None
        if above.tag in ("ul", "ol", "select", "dl") or (above.tag in ("div", "nav") and len(above) > 1):
            return above
    return None


def _is_marked(tab: html.HtmlElement) -> bool:
    above = tab.getparent()
    own = names(tab) + (" " + names(above) if above is not None and above.tag == "li" else "")
    return tab.get("selected") is not None or bool(_MARKED.search(own))
