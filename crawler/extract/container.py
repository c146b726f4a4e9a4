"""The element that holds a document's text: told by its name where a known editor made it, else by where the text is."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import accumulate

from lxml import html

from crawler.extract.attachments import is_file_line
from crawler.extract.outline import Block, Outline
from crawler.extract.page import Page
from crawler.extract.pairs import Pair

# Ids and classes of text areas, lower case, without - and _: editors and templates of the common families.
_KNOWN = """
zoom zoomcon zoomcontent trseditor trseditorview trsueditor ucapcontent ivscontent articlecontent articlecon artilezw miancont concon
bodylabel vsbcontent vsbcontent2 vsbcontent4 vsbcontent6 vsbcontent501 vnewscontent govinfocontent wenzhang btcontent contentbody
contentbodybox newscontdwrap downloadcontent maintext pagescontent wparticlecontent articontent newscontent newscon newstext articlebody
articletext articledetail detailcontent contentdetail detailcon xlcontent zwcontent zhengwen mainbody textcontent infocontent
viewcontent neirong contenttext contxt ewbarticleinfo ewbinfocontent infotext easysitenewscontent newsdetail fontzoom printcontent
printarea contenttxt wzcontent wznr xxgkcontent gkcontent txtcontent showcontent conttext article
"""
_NAMES = frozenset(_KNOWN.split())
FOOT = re.compile(r"ICP备|公网安备|公安备案|网站标识码|版权所有|[Cc]opyright|COPYRIGHT|政府网站找错|您访问的链接即将离开")
_ABOVE_FOOT = re.compile(
    r"^(?:主办|承办|协办|技术支持|联系我们|网站地图|关于我们|网站声明|建议使用|友情链接)|主办[:：]|主办单位|承办单位|技术支持[:：]|联系我们.{0,6}网站地图"
)
TOOL = re.compile(
    r"^[\s\[【（(]*(?:扫一扫|扫码|打印|关闭|返回|字体|字号|大\s*中\s*小|放大|缩小|分享|收藏|上一[篇条]|下一[篇条]|我要纠错|纠错|TOP|回到顶部|保护视力|浏览(?:次数|量)|点击(?:数|量|次数)?|阅读(?:次数|量)?"
    r"|访问量|用手机|手机扫|听全文|语音|朗读|无障碍|【?责任编辑|责编|编辑[:：]|审核[:：]|相关附件|附件下载|文件下载|附件列表|微信扫|长按|您是第)",
)
_CLOSES = re.compile(
    r"^(?:附件|附[:：]|（此件|\(此件|特此|抄送)|(?:政府|办公室|厅|局|委员会|部|院|中心)$|^(?:19|20)\d\d\s*年.{2,8}日$|^二[〇○零Ｏ].{2}年.{2,8}日$"
)
_HAN = re.compile(r"[\u4e00-\u9fff]")
_STOPS = re.compile(r"[，。；！？]")
PUNCTUATED = re.compile(r"[，。；：、！？]")


def is_running(block: Block) -> bool:
    return block.chars >= 40 and block.linked < 0.4 and bool(PUNCTUATED.search(block.text))


def is_text(block: Block) -> bool:
    """A sentence, however short."""
    return block.chars >= 15 and block.linked < 0.5 and bool(_HAN.search(block.text)) and bool(_STOPS.search(block.text))


def find_foot(view: Outline) -> int:
    """Block where the page's footer begins; the number of blocks where it shows none."""
    size = len(view.blocks)
    first = next(
        (index for index in range(size // 3, size) if view.blocks[index].chars < 200 and FOOT.search(view.blocks[index].text)), size
    )
    # Organiser and contact lines stand above the record numbers; in the text of an event they mean something else.
    for index in range(max(size // 3, first - 6), first):
        if view.blocks[index].chars < 120 and _ABOVE_FOOT.search(view.blocks[index].text):
            return index
    return first


def until_links(page: Page, view: Outline, start: int, foot: int) -> int:
    """Where the lines under a heading give way to navigation."""
    for index in range(start, foot):
        block = view.blocks[index]
        if block.linked > 0.8 and not is_file_line(page, block):
            return index
    return max(start, foot)


def weigh_blocks(view: Outline, pairs: list[Pair], foot: int) -> list[int]:
    used = {index for pair in pairs if pair.apart for index in range(pair.first, pair.last + 1)}
    weights = []
    for index, block in enumerate(view.blocks):
        if index in used or index >= foot or block.linked > 0.5 or (block.chars < 60 and TOOL.match(block.text)):
            weights.append(0)
        else:
            plain = block.chars - block.link_chars
            weights.append(plain * (2 if plain >= 20 and PUNCTUATED.search(block.text) else 1))
    return weights


def find_container(view: Outline, weights: list[int], *, names: bool = True) -> tuple[html.HtmlElement | None, bool]:
    """The element that holds the text, and whether its name says so."""
    sums = list(accumulate(weights, initial=0))
    total = sums[-1]

    def weight(element: html.HtmlElement) -> int:
        first, stop = view.spans[element]
        return sums[stop] - sums[first]

    if names:
        known = [element for element in view.spans if _named(element) and weight(element) > 0]
        if known:
            most = max(map(weight, known))
            if most >= 0.4 * total:
                # Inner elements come first in the spans: the innermost that holds nearly all of it.
                best = next(element for element in known if weight(element) >= 0.85 * most)
                return next((inner for inner in known if _is_article(best) and _is_within(inner, best, 0.6, weight)), best), True
    if total <= 0:
        return None, False
    element = view.root
    while True:
        enough = 0.72 * weight(element)
        child = next((child for child in _holders(view, element) if weight(child) >= enough), None)
        if child is None or _is_leaf(view, child, element, weights):
            return element, False
        element = child


def _is_article(element: html.HtmlElement) -> bool:
    """Whether a container is one in name only: a whole article, title and header line included."""
    return element.tag == "article" or "article" in (element.get("class") or "").lower().split()


def _is_within(inner: html.HtmlElement, outer: html.HtmlElement, share: float, weight: Callable[[html.HtmlElement], int]) -> bool:
    return inner is not outer and weight(inner) >= share * weight(outer) and any(at is outer for at in inner.iterancestors())


def _holders(view: Outline, element: html.HtmlElement) -> Iterator[html.HtmlElement]:
    """Children that hold blocks; an inline element in between (old <font> around everything) is looked through."""
    for child in element:
        if child in view.spans:
            yield child
        elif isinstance(child.tag, str) and len(child):
            yield from (inner for inner in child.iter() if inner in view.spans)


def _is_leaf(view: Outline, child: html.HtmlElement, parent: html.HtmlElement, weights: list[int]) -> bool:
    """Whether a child is one paragraph among others, or what follows it still belongs to the text (signer, date, note, file list)."""
    first, stop = view.span(child)
    outer_first, outer_stop = view.span(parent)
    if stop - first == 1 and any(weights[index] for index in (*range(outer_first, first), *range(stop, outer_stop))):
        return True
    if stop >= outer_stop or not weights[stop]:
        return False
    following = view.blocks[stop]
    return following.chars <= 60 and bool(_CLOSES.search(following.text))


def _named(element: html.HtmlElement) -> bool:
    if element.tag == "ucapcontent":
        return True
    for value in (element.get("id"), element.get("class")):
        if value:
            for token in value.split():
                if token.lower().replace("-", "").replace("_", "") in _NAMES:
                    return True
    return False


def find_zone(view: Outline, element: html.HtmlElement | None, head: int, foot: int) -> tuple[int, int]:
    """Climb from the container as long as what is added is no navigation; it reaches from the heading to the footer at most."""
    if element is None:
        return head, foot
    zone = element
    while True:
        parent = zone.getparent()
        if parent is None or parent is view.root:
            break
        inner, outer = view.span(zone), view.span(parent)
        added = [*view.blocks[outer[0] : inner[0]], *view.blocks[inner[1] : outer[1]]]
        if sum(1 for block in added if block.linked > 0.8) > 15:
            break
        zone = parent
    parent = zone.getparent()
    first, stop = view.span(zone)
    if parent is view.root:
        stop = foot  # what follows at the top level, down to the footer
    return min(head, first), min(stop, foot) if stop > head else foot
