"""What kind of page a page is, told by the page itself."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from lxml import html

from crawler.extract.asides import names_page
from crawler.extract.body import place
from crawler.extract.container import is_text
from crawler.extract.dates import find_dates
from crawler.extract.document import document_evidence
from crawler.extract.embedded import unfold
from crawler.extract.emptiness import is_maintenance, is_mount, is_shell, page_chars
from crawler.extract.groups import Group
from crawler.extract.headings import ASIDE, heading_of, page_title
from crawler.extract.labels import Meaning, find_labels
from crawler.extract.lists import SURE, read_list, survey
from crawler.extract.outline import outline
from crawler.extract.page import Page
from crawler.extract.pager import read_pager
from crawler.extract.rows import within
from data.records import EmptyBecause, ListReading, PageKind, Pager
from data.text import bare, squeeze, title_key

_GONE = re.compile(
    r"(?:页面|网页|文件|文章|信息|内容|地址|资源|链接)(?:已经?)?(?:不存在|未找到|找不到|走丢|丢失|已?被?删除|无法访问|无法显示|失效|飞走|消失)|(?:找不到|没有找到|未找到|无法找到|不存在)(?:您|你|该|此|这个)?.{0,10}(?:页面|网页|文件|地址|资源)|"
    r"(?:页面|网页).{0,6}(?:不见|出错|错误)|404\s*(?:not\s*found|错误|error|-|页面|，|,|！)|(?:http|error|错误)\s*404|not\s*found|file not found|nosuchkey|该(?:页面|信息|文章)已(?:被)?(?:删除|下线|撤)|文章不存在|访问的页面不存在",
    re.I,
)
_REFRESH = re.compile(r"^\s*(\d+)\s*[;,]?\s*(?:url\s*=\s*)?['\"]?\s*([^'\"]+)", re.I)
_MOVED = re.compile(
    r"""(?:(?:window|self|top|document|parent)\.)?location(?:\.href)?\s*(?:=|\.replace\s*\(|\.assign\s*\()\s*['"]([^'"]+)['"]"""
)
_ROOT = re.compile(r"^/(?:(?:index|default|home|main)\w*\.(?:s?html?|jsp|aspx?|php|do))?$", re.I)
_SITE_ROOT = re.compile(r"^(?:/[\w-]+)?/(?:(?:index|default|home)\w*\.(?:s?html?|jsp|aspx?|php|do))?$", re.I)
_WEIGHTS = {
    "article-meta": 3.0,
    "metadata-block": 3.0,
    "running-text": 3.0,
    "header-line": 2.0,
    "body-container": 2.0,
    "signature": 1.0,
    "doc-number": 1.0,
    "heading": 0.5,
}


_TITLE_CHARS = 12  # without punctuation; what a column is called is shorter
_LIST_AT_MOST = 10.0  # the most that _list_weight gives to any list
# Words of which one stands in every page that turns pages; looked for as plain strings, on every document.
_PAGER = (
    "下一页", "下页", "下一頁", "后一页", "尾页", "末页", "更多", "more", "fenye", "pager", "paginat", "paging", "pagecount", "pagebar", "jpage",
    "createpage", "countpage", "totalpage", "laypage", 'class="page', "class='page", 'id="page', "id='page",
)  # fmt: skip
_LINKS_OF_TEXT = 2  # what a text refers to
_EMPTY_AT_MOST = 7.0  # the most that _list_weight gives to a list without rows
_WHEN = frozenset({Meaning.PUBLISHED, Meaning.UPDATED, Meaning.SOURCE, Meaning.MADE})
_ROW_LABEL = re.compile(r"索引号|文号|字号|(?:日期|时间|来源|机构|机关)\s*[:：]")


@dataclass(frozen=True, slots=True)
class Judgement:
    """Kind of a page, marks found on the way, and the listing and pager where they were read for it."""

    kind: PageKind
    marks: tuple[str, ...]
    listing: ListReading | None
    pager: Pager | None


def classify(page: Page) -> PageKind:
    """Tell document, list, index, home and other apart."""
    return judge(page).kind


def judge(page: Page) -> Judgement:
    """Tell what a page is, keeping what had to be read for it."""
    unfold(page)
    if _is_plainly_document(page):
        return Judgement(PageKind.DOCUMENT, (), None, None)
    known = survey(page)
    chars = page_chars(page)
    links = sum(1 for _ in page.tree.iter("a"))
    nothing = _without_content(page, chars, links)
    if nothing is not None:
        return nothing
    home = _is_home(page, links, len(known.groups))
    if not home and not known.lists and chars >= 300 and _document_weight(page, None) > _EMPTY_AT_MOST:
        return Judgement(PageKind.DOCUMENT, (), None, None)  # whatever the place of a list says, it weighs less
    listing = read_list(page)
    if chars < 300 and listing is None and is_maintenance(squeeze("".join(_body(page).itertext()))):
        return Judgement(PageKind.OTHER, ("maintenance",), None, None)
    if home:
        return Judgement(PageKind.HOME, (), listing, None)
    pager = read_pager(page, listing) if listing is not None else None
    document = _document_weight(page, listing)
    rows = _list_weight(page, listing, pager, known.several)
    if document > rows and document >= 2.5:
        return Judgement(PageKind.DOCUMENT, (), listing, pager)
    if listing is not None and (listing.entries or not _has_form(page)) and rows > 0:
        several = (
            _names_only(listing)
            if pager is None and not known.several
            else known.several and (pager is None or not (pager.understood and (pager.pages or 1) > 1))
        )
        return Judgement(PageKind.INDEX if several else PageKind.LIST, (), listing, pager)
    if document >= 2.5:
        return Judgement(PageKind.DOCUMENT, (), listing, pager)
    return _rest(page, listing)


def _without_content(page: Page, chars: int, links: int) -> Judgement | None:
    """A page that only sends on, is filled by a script, or says that it is not there; None for every other."""
    stub = _redirect(page, chars, links)
    if stub is not None:
        return Judgement(PageKind.OTHER, (f"redirect-stub:{stub}",), None, None)
    if is_shell(page):
        return Judgement(PageKind.OTHER, ("script-shell",), read_list(page), None)
    if is_mount(page):
        listing = read_list(page)
        if listing is not None and listing.empty is EmptyBecause.SCRIPT:
            return Judgement(PageKind.OTHER, ("script-shell",), listing, None)
    return Judgement(PageKind.OTHER, ("soft-404",), None, None) if _gone(page, chars) else None


def _is_plainly_document(page: Page) -> bool:
    """Whether what speaks for a document outweighs whatever a list could show: then none is looked for.

    What speaks for it must not come from a list's rows: an article's own meta tags, or a title over a text without links.
    """
    evidence = document_evidence(page)
    if page_chars(page) < 300 or not ("article-meta" in evidence or _is_article(page, evidence)):
        return False
    most = _LIST_AT_MOST if any(word in page.lower for word in _PAGER) else _LIST_AT_MOST - 3.0  # what a pager adds
    return _meta_weight(page, set(evidence)) > most


def _is_article(page: Page, evidence: tuple[str, ...]) -> bool:
    """Whether a title as documents have it stands over running text that holds hardly a link, and so no rows."""
    if "running-text" not in evidence or not _is_titled(page):
        return False
    found = place(page)
    return sum(len(block.anchors) for block in outline(page).blocks[found.start : found.stop]) <= _LINKS_OF_TEXT


def _names_only(listing: ListReading) -> bool:
    """Whether the entries are a handful of bare names: the columns of a section rather than a list of documents."""
    entries = listing.entries
    return (
        0 < len(entries) < 15
        and all(entry.date is None for entry in entries)
        and sum(len(entry.title) for entry in entries) < 8 * len(entries)
    )


def _rest(page: Page, listing: ListReading | None) -> Judgement:
    """A page with neither rows nor the marks of a document: a form, a short text of its own, columns of a section, or nothing."""
    known = survey(page)
    if _has_form(page):
        return Judgement(PageKind.OTHER, ("form",), None, None)
    chars = sum(
        block.chars
        for block in outline(page).blocks
        if block.linked < 0.3 and block.chars >= 12 and known.regions.of(block.element) in ("body", "side")
    )
    if chars >= (40 if "body-container" in document_evidence(page) else 100):
        return Judgement(PageKind.DOCUMENT, (), None, None)
    plain = [group for group in known.groups if group.region not in ("footer", "crumb", "nav")]
    return Judgement(PageKind.INDEX if sum(len(group.rows) for group in plain) >= 3 else PageKind.OTHER, (), listing, None)


def _has_form(page: Page) -> bool:
    """Whether the page asks for something to be filled in: more than a search box."""
    for form in page.tree.iter("form"):
        fields = [
            field
            for field in form.iter("input", "textarea")
            if (field.get("type") or "text").lower() in ("text", "tel", "email", "file", "radio", "textarea")
        ]
        if len(fields) >= 2 and (next(form.iter("textarea"), None) is not None or len(fields) >= 4):
            return True
    return False


def _document_weight(page: Page, listing: ListReading | None) -> float:
    evidence = set(document_evidence(page))
    if listing is not None and listing.entries and not (len(listing.entries) <= 3 and _is_titled(page)):
        evidence -= _of_rows(page, evidence)
    total = _meta_weight(page, evidence)
    return total if "running-text" in evidence else total + _sentences_weight(page)


def _meta_weight(page: Page, evidence: set[str]) -> float:
    """What the evidence weighs; the metas of an article that is called like its column are those of a list."""
    total = sum(_WEIGHTS.get(name, 0.0) for name in evidence)
    title, column = page.meta("articletitle"), page.meta("columnname")
    if "article-meta" in evidence and title and column and title_key(title) == title_key(column):
        total -= 2.0
    return total


def _is_titled(page: Page) -> bool:
    """Whether the page bears a title as documents have, which more than its look speaks for: parts of its layout are no rows then."""
    heading = place(page).heading
    return (
        heading is not None
        and heading.score >= SURE
        and len(title_key(heading.text)) >= _TITLE_CHARS
        and not names_page(page, heading.text)
    )


def _sentences_weight(page: Page) -> float:
    """What short sentences weigh where there is no running text: 1.5 for two of them, 3 for five or more; those of rows are no text."""
    rows = {row.element for group in survey(page).lists for row in group.rows}
    found = place(page)
    blocks = outline(page).blocks[found.start : found.stop]
    count = sum(1 for block in blocks if is_text(block) and not within(block.element, rows))
    return min(3.0, 0.5 + 0.5 * count) if count >= 2 else 0.0


def _of_rows(page: Page, evidence: set[str]) -> set[str]:
    """Evidence that comes from the rows of a list: their summaries, their labels, their dates."""
    rows = {row.element for group in survey(page).lists for row in group.rows}
    if len(rows) == 1:
        return _of_one_row(page, next(iter(rows))) & evidence
    if not rows:
        return set()
    inside = outside = labels = 0
    for block in outline(page).blocks:
        in_row = any(element in rows for element in (block.element, *block.element.iterancestors()))
        if block.chars >= 40 and block.linked < 0.3:
            inside += block.chars * in_row
            outside += block.chars * (not in_row)
        labels += in_row and bool(_ROW_LABEL.search(block.text))
    found: set[str] = set()
    if inside > outside:
        found |= {"running-text", "body-container", "signature"}
    if labels >= len(rows) / 2:
        found |= {"metadata-block", "header-line", "doc-number"}
    return found & evidence


def _of_one_row(page: Page, row: html.HtmlElement) -> set[str]:
    """Evidence that a single row brings along: its date under the column's name is no header line, unless a line outside says when or whence."""
    regions = survey(page).regions
    for block in outline(page).blocks:
        if row in (block.element, *block.element.iterancestors()) or regions.of(block.element) not in ("body", "side"):
            continue
        if find_dates(block.raw) or any(label.meaning in _WHEN for label in find_labels(block.raw)):
            return set()
    return {"header-line", "signature"}


def _list_weight(page: Page, listing: ListReading | None, pager: Pager | None, several: bool) -> float:
    if listing is None:
        return 0.0
    weight = 0.0
    dated = sum(entry.date is not None for entry in listing.entries)
    rows = len(listing.entries)
    if rows:
        weight += (
            1.5 + (1.0 if dated >= 1 else 0.0) + (1.0 if dated >= 3 else 0.0) + (1.0 if dated >= 8 else 0.0) + (0.5 if rows >= 15 else 0.0)
        )
        if not dated and rows < 5:
            weight -= 0.5
    elif listing.empty in (EmptyBecause.PLACEHOLDER, EmptyBecause.STATEMENT, EmptyBecause.CONTAINER):
        weight += 2.0
    elif listing.empty is EmptyBecause.SCRIPT:
        weight += 1.5
    if pager is not None:
        weight += 3.0 if pager.understood and (pager.pages or 0) > 1 else 1.5
    if page.meta("columnname") and not page.meta("articletitle"):
        weight += 1.0
    if several:
        weight += 1.0
    lists = survey(page).lists
    if len(lists) == 1 and rows <= 3 and pager is None and _below_text(page, lists[0]):
        weight -= 1.0
    if len(lists) == 1 and rows <= 10 and (heading := heading_of(lists[0].container)) is not None and ASIDE.search(heading.text):
        weight -= 2.0
    return weight


def _body(page: Page) -> html.HtmlElement:
    body = page.tree.find("body")
    return page.tree if body is None else body


def _below_text(page: Page, group: Group) -> bool:
    """Whether a list stands under a text that has a title."""
    found = place(page)
    return found.heading is not None and found.start < found.stop <= outline(page).span(group.container)[0]


def _redirect(page: Page, chars: int, links: int) -> str | None:
    """Target of a page that only sends on."""
    if chars > 200 or links > 5:
        return None
    for element in page.tree.iter("meta"):
        if (element.get("http-equiv") or "").lower() == "refresh":
            match = _REFRESH.match(element.get("content") or "")
            url = page.absolute(match.group(2).strip()) if match and int(match.group(1)) <= 30 else None
            if url is not None and url != page.url:
                return url
    if chars > 60 or links > 2:
        return None
    for script in page.tree.iter("script"):
        match = _MOVED.search(script.text or "")
        url = page.absolute(match.group(1)) if match else None
        if url is not None and url != page.url:
            return url
    return None


def _gone(page: Page, chars: int) -> bool:
    """Whether a page served as found says that it is not there."""
    head = squeeze(page.tree.findtext(".//title") or "")
    if len(head) <= 40 and _GONE.search(head) and not re.search(r"《|关于", head):
        return chars < 3000
    if chars > 600:
        return False
    text = squeeze(" ".join(_body(page).itertext()))
    return bool(_GONE.search(text)) and not re.search(r"通知|公告|办法", text[:200])


def _is_home(page: Page, links: int, groups: int) -> bool:
    """A site's front page: its root with no column of its own, or a page of many modules named like the site."""
    path = urlsplit(page.url).path or "/"
    column, site = page.meta("columnname"), bare(page.meta("sitename") or "")
    if page.meta("articletitle") or _trail(page):
        return False
    own_column = bool(column) and bare(column or "") not in (site, "首页", "网站首页", "index")
    if own_column:
        return False
    query = urlsplit(page.url).query
    if _ROOT.match(path) and not query:
        return links >= 8
    named = bare(page_title(page) or "")
    like_site = bool(named) and (named == site or (not site and bool(re.search(r"人民政府$|门户网站$|政府网$|委员会$|局$", named))))
    if _SITE_ROOT.match(path) and not query and path != "/" and (like_site or path.count("/") == 1):
        return groups >= 4 and links >= 40
    return like_site and groups >= 6 and links >= 100


def _trail(page: Page) -> bool:
    """Whether the page shows where in the site it stands."""
    return bool(re.search(r"(?:当前|所在|现在|您的)\w{0,6}位置", page.text)) and not re.search(r"<!--[^>]*位置[^>]*-->", page.text)
