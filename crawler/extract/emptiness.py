"""Why a list shows no rows: a placeholder, a statement, a bare container, or a script that fills it from elsewhere."""

from __future__ import annotations

import re

from lxml import html

from crawler.extract.dates import SEAM as INLINE
from crawler.extract.marks import TEMPLATE
from crawler.extract.outline import outline
from crawler.extract.page import MOUNTS, Page, hidden, once
from crawler.extract.regions import Regions, names
from data.records import EmptyBecause
from data.text import bare, squeeze

_PLACEHOLDER = re.compile(
    r"^[\[【(（!！·*—-]*(?:对不起|抱歉|很抱歉|亲|您好|提示)?[,，:：!！]*(?:该|本|此|当前|您(?:查看|访问|查询)的|这个)?(?:栏目|目录|频道|页面|分类|类别|板块|列表|主题|年度|部分)?(?:下|中|内|里)?[,，:：]?"
    r"(?:目前|当前|现在|正在)?.{0,8}?(?:暂无|暂时(?:没有|无)|暂没有|暂未|尚无|还没有|没有(?:相关|找到|符合|查询|检索|更多|任何|您|数据|内容|信息|记录|文章|查到)|无(?:相关|数据|记录|内容|信息|文章)|"
    r"未(?:找到|查询到|检索到|查到)|查无|建设中|更新中|维护中|完善中|升级中|整理中|筹建中|敬请期待|正在(?:建设|更新|维护|完善|整理|录入|升级)|内容为空|空空如也|即将(?:上线|开通|推出)|nodata|norecord)",
    re.I,
)
_STATEMENT = re.compile(
    r"(?:本年度?|今年|当年|\d{4}年度?|截[至止].{0,14}|目前|上半年|下半年|本季度|第[一二三四]季度|本月|报告期内?|本(?:级|单位|机关|部门|局|委|办|厅|镇|乡|街道|区|县|市|辖区|处|中心|馆|站|所|村|社区|行政区域)|我(?:局|委|办|厅|镇|乡|街道|区|县|市|单位|处|中心))"
    r".{0,30}?(?:均?未(?:曾)?(?:制定|制发|发生|开展|出台|产生|涉及|收到|组织|召开|实施|编制|新增|作出|发布|设立|设置|印发|承担|进行|安排|收取|审批|办理|废止|失效|清理|修改|调整)|(?:暂|均|并)?无(?!障碍|线|偿|害|人机|纸|证|锡|烟|废|疫)|不(?:涉及|存在|承担|具有|具备)|没有)"
)
_NOTHING = re.compile(
    r"(?:暂?无|没有)(?:应当?|需要?|可)?(?:主动)?公开(?:的)?(?:此类|该类|相关|此项|本项)?(?:信息|内容|事项)|无(?:此类|此项|该类|该项|相关)(?:信息|事项|内容|业务)|不涉及(?:此|该|本)?(?:项|类)?(?:内容|信息|事项)"
)
_WORDS = re.compile(r"[无未中不查空]|没有|期待|即将|no", re.I)  # one of them is in whatever `saying` knows
_MAINTENANCE = re.compile(
    r"(?:网站|系统|服务器?|平台|站点|门户)(?:正在|正)?(?:进行)?.{0,6}(?:维护|升级|故障|改版|割接|迁移)|(?:维护|升级)(?:中|期间)?.{0,4}请(?:稍后|稍候)"
)
_CALLS = re.compile(
    r"parsetype\s*=\s*[\"']?bulidstatic|querydata\s*=|\$\.(?:ajax|get|post|getJSON|getScript)\s*\(|jQuery\.(?:ajax|get|post|getJSON)\s*\(|axios|\bfetch\s*\(|XMLHttpRequest|\.load\s*\(|"
    r"/igs/front|initData|getgovinfolist|/common/search/|dataproxy\.jsp|_isJson|createApp\s*\(|new\s+Vue\s*\(|ng-app|ms-controller|ms-repeat|v-for\s*=|window\._CONFIG|trsapi|webpackJsonp|__NUXT__|__INITIAL_STATE__",
    re.I,
)
_FILLS = re.compile(
    r"\.html\s*\(|\.append\s*\(|innerHTML|insertAdjacentHTML|v-for|ms-repeat|template|parsetype|querydata|new\s+Vue|createApp|initData|laytpl|dataproxy|juicer|Handlebars",
    re.I,
)
_REQUEST = re.compile(r"\.(?:ajax|get|post|getJSON|load)\s*\(|\bfetch\s*\(|\baxios\b|XMLHttpRequest")
_NEAR = 1500  # characters behind a request within which its answer is used
_LOOPS = re.compile(r"\.(?:each|forEach|map)\s*\(|\bfor\s*\(")
_ROWS_FROM = re.compile(
    r"/common/search/|getMessage\.do|startrecord=|getgovinfolist|dataproxy\.jsp|/igs/front|jpaas-publish|unitbuild\.do", re.I
)
_LISTISH = re.compile(
    r"(?<![a-z])(?:\w*list\w*|\w*lst|news\w*|ul_?con|xxgk_?(?:con|nr)|conlist|datalist|result\w*|lb|liebiao|wjlb|gl-list|infolist|article_?list|recordset)(?![a-z])"
)
_ERROR = re.compile(
    r"OLE\s?DB|\bODBC\b|ADODB|8000\w{4}'|VBScript|mysqli?_|SQLSTATE|PDOException|java\.lang\.|javax\.servlet|org\.(?:apache|springframework)|NullPointer|"
    r"Server Error in|Stack Trace|堆栈跟踪|template error|(?:Fatal|Parse) error|on line \d+|数据库(?:连接|访问|服务器)?(?:失败|错误|异常|出错)|"
    r"系统(?:错误|异常|繁忙|出错)|服务器(?:内部)?(?:错误|异常|繁忙)|(?:加载|读取|获取)(?:数据|列表)?(?:失败|出错|异常)|(?:没有|无)(?:访问|查看|浏览)?权限|无权(?:访问|查看|浏览)|请先?登录",
    re.I,
)
_LOADING = re.compile(
    r"^[.…]*(?:(?:正在|努力|拼命|数据|内容|页面|列表)*(?:加载|载入|读取)中?|loading)(?:数据)?(?:[,，]?请?(?:您)?(?:稍候|稍后|等待|耐心等待).{0,2})?[.…。!！]*$",
    re.I,
)
_RAW = re.compile(r"\[!--|\{(?:dede|pc|pboot|cms|loop|\$)\W?")
_UNSEEN = ("script", "style", "noscript", "template", "option")
_MAX_ERROR = 300
_MAX_SAYING = 90  # characters of the longest statement
_CONTAINERS = ("ul", "ol", "tbody", "table", "dl", "div")


def is_maintenance(text: str) -> bool:
    """Whether a text says that the site, not the column, is being worked on."""
    return bool(_MAINTENANCE.search(text))


def is_placeholder(text: str) -> bool:
    """Whether a short text says that there is nothing (yet)."""
    core = bare(text)
    return 2 <= len(core) <= 45 and not is_maintenance(core) and (bool(_PLACEHOLDER.match(core)) or core in ("无", "暂无", "空"))


def is_statement(text: str) -> bool:
    """Whether a short text explains that there was nothing to publish."""
    core = bare(text)
    return (
        4 <= len(core) <= 90
        and not core.endswith(("办法", "条例", "规定", "报告", "方案", "意见"))
        and (bool(_STATEMENT.search(core)) or bool(_NOTHING.search(core)))
    )


def saying(text: str) -> EmptyBecause | None:
    """What a row's text says of the list."""
    if is_placeholder(text):
        return EmptyBecause.PLACEHOLDER
    return EmptyBecause.STATEMENT if is_statement(text) else None


def why_empty(page: Page, regions: Regions) -> tuple[EmptyBecause, str | None, html.HtmlElement | None]:
    """Reason, text as printed, and the container of a page on which no row was found."""
    said = _said(page, regions)
    container = empty_container(page, regions)
    if said is not None and not _overwritten(page, said[2]):
        reason, text, element = said
        return reason, text, container if container is not None else element
    if "<recordset" in page.text and re.search(r"totalRecord\s*[:=]\s*['\"]?0(?!\d)", page.text):
        return EmptyBecause.CONTAINER, None, container
    if said is not None or filled_by_script(page, container):
        return EmptyBecause.SCRIPT, None, container
    unfinished = _unfinished(page, regions)
    if unfinished is not None:
        return unfinished, None, container if unfinished is EmptyBecause.SCRIPT else None
    if container is not None:
        return EmptyBecause.CONTAINER, None, container
    return EmptyBecause.NONE, None, None


def _said(page: Page, regions: Regions) -> tuple[EmptyBecause, str, html.HtmlElement] | None:
    """A placeholder or statement that people see in the content area."""
    for block in outline(page).blocks:
        if block.chars > _MAX_SAYING or not _WORDS.search(block.text):
            continue
        for text in dict.fromkeys((block.text, *(squeeze(part) for part in block.raw.split(INLINE)))):
            reason = saying(text)
            if reason is None:
                continue
            if regions.of(block.element) not in ("footer", "nav", "crumb", "menu") and not _framework(block.element):
                return reason, text, block.element
    return None


def _overwritten(page: Page, element: html.HtmlElement) -> bool:
    """Whether what is said stands where a script puts the rows that it asks for: 暂无数据 until they come."""
    keys = [key for at in (element, *element.iterancestors()) if len(key := at.get("id") or "") >= 2][:2]
    for script in page.tree.iter("script"):
        code = script.text or ""
        if keys and is_request(code) and _FILLS.search(code) and any(re.search(rf"""['"#]{re.escape(key)}['"]""", code) for key in keys):
            return True
    return False


def _unfinished(page: Page, regions: Regions) -> EmptyBecause | None:
    """What a page says that was not built to its end: an error of its server or a tag of its template (no list at all), or that it still loads."""
    for block in outline(page).blocks:
        if block.chars > _MAX_ERROR or regions.of(block.element) in ("footer", "nav", "crumb", "menu"):
            continue
        if _ERROR.search(block.text) or TEMPLATE.search(block.text) or _RAW.search(block.text):
            return EmptyBecause.NONE
        if _LOADING.match(bare(block.text)):
            return EmptyBecause.SCRIPT
    return None


def _framework(element: html.HtmlElement) -> bool:
    """Whether a script decides if the element shows."""
    current: html.HtmlElement | None = element
    for _ in range(4):
        if current is None:
            return False
        if any(str(name).startswith(("v-", "ms-", "ng-", ":")) for name in current.attrib):
            return True
        current = current.getparent()
    return False


def empty_container(page: Page, regions: Regions) -> html.HtmlElement | None:
    """The list-like element of the content area that holds no link."""
    best: tuple[int, html.HtmlElement] | None = None
    for element in page.tree.iter(*_CONTAINERS):
        named = names(element)
        listish = bool(named and _LISTISH.search(named))
        if element.tag in ("div", "table") and not listish:
            continue
        if next(element.iter("a"), None) is not None or next(element.iter("form", "input"), None) is not None:
            continue
        if any(hidden(at) for at in (element, *element.iterancestors())):
            continue
        region = regions.of(element)
        if region in ("footer", "nav", "menu", "crumb") or re.search(r"(?<![a-z])(?:page|pages|pager|pagination|search|tab|share)", named):
            continue
        text = squeeze("".join(piece for piece in element.itertext()))
        if len(text) > (15 if element.tag == "div" else 60) and saying(text) is None:
            continue
        parent = element.getparent()
        above = parent is not None and bool(_LISTISH.search(names(parent)))
        weight = 5 * ("recordset" in named) + 3 * listish + 2 * above + (element.tag in ("ul", "ol", "dl", "tbody", "table")) + (not text)
        if weight >= 2 and (best is None or weight > best[0]):
            best = (weight, element)
    return _innermost(best[1]) if best is not None else None


def _innermost(element: html.HtmlElement) -> html.HtmlElement:
    """The container within a container that holds nothing else: where rows would stand."""
    while True:
        inner = [child for child in element if child.tag in _CONTAINERS]
        if len(inner) != 1 or any(child.tag not in (*_CONTAINERS, "script", "thead", "colgroup") for child in element):
            return element
        element = inner[0]


def filled_by_script(page: Page, container: html.HtmlElement | None) -> bool:
    """Whether a script in the page fetches content or writes into the container: then its emptiness proves nothing."""
    for script in page.tree.iter("script"):
        attributes = " ".join(f"{name}={value}" for name, value in script.attrib.items())
        code = script.text or ""
        if re.search(r"parsetype\s*=\s*bulidstatic|querydata=", attributes, re.I):
            return True
        if container is not None and _inside(script, container) and (code.strip() or script.get("src")):
            return True
        if not code:
            continue
        if requests_rows(code) or (_CALLS.search(code) and _FILLS.search(code)):
            return True
        key = (container.get("id") or "") if container is not None else ""
        if len(key) >= 3 and re.search(rf"""['"#]{re.escape(key)}\b""", code) and _FILLS.search(code):
            return True
    for element in page.tree.iter("div", "ul", "li", "tr", "section", "template", "a"):
        if any(
            str(name).startswith(("v-for", "ms-repeat", "ms-for", "ms-controller", "ng-repeat", "ng-app", "ng-controller"))
            for name in element.attrib
        ):
            return True
        if element.tag == "ul" and (element.get("id") or "").lower() == "initdata":
            return True
    return is_mount(page) or is_shell(page)


def is_request(code: str) -> bool:
    """Whether a script fetches something."""
    return bool(_REQUEST.search(code))


def requests_rows(code: str) -> bool:
    """Whether a script asks a list service for rows, or goes through what a request of it brings; a link to a search is neither."""
    calls = list(_REQUEST.finditer(code))
    return bool(calls and _ROWS_FROM.search(code)) or any(_LOOPS.search(code, call.end(), call.end() + _NEAR) for call in calls)


def is_mount(page: Page) -> bool:
    """Whether the page has an empty element that a script of its own fills: <div id="app">."""
    return (
        any(
            (element.get("id") or "").lower() in MOUNTS and not visible_chars(element) and next(element.iter("a", "img"), None) is None
            for element in page.tree.iter("div", "section", "main")
        )
        and next(page.tree.iter("script"), None) is not None
    )


def is_shell(page: Page) -> bool:
    """Whether the page is a mount point for a script and shows nothing by itself."""
    text = page_chars(page)
    body = page.tree.find("body")
    if text > 60 or body is None:
        return False
    mount = next((element for element in body.iter("div", "section", "main") if (element.get("id") or "").lower() in MOUNTS), None)
    if mount is not None:
        return next(mount.iter("a"), None) is None
    return text < 20 and next(page.tree.iter("script"), None) is not None and next(body.iter("a"), None) is None


@once
def page_chars(page: Page) -> int:
    """Characters of a page's text without scripts and styles; embedded rows count after `unfold`."""
    body = page.tree.find("body")
    return visible_chars(body) if body is not None else 0


def visible_chars(element: html.HtmlElement) -> int:
    """Characters of an element's text without scripts and styles."""
    every = sum(len(text.strip()) for text in element.itertext())
    return every - sum(len((unseen.text or "").strip()) for unseen in element.iter(*_UNSEEN))


def _inside(element: html.HtmlElement, holder: html.HtmlElement) -> bool:
    return any(above is holder for above in element.iterancestors())
