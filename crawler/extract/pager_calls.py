"""Pagers written as createPageHTML(…), createPage(…) or var currentPage, countPage (P1 to P8): base and file names as the page gives them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from lxml import html

from crawler.extract.page import Page
from crawler.extract.script_values import VARIABLE, Builder, arguments, fill_address, find_builder, first_value, number_by
from data.records import Pager

_CREATE = re.compile(r"(?<![\w$])([A-Za-z_$][\w$]*)\s*\(")
_KNOWN = re.compile(r"creat\w*page|page\w*html|pagenav", re.I)
_EXTENSIONS = re.compile(r"""['"]\.?(?:s?html?|jsp|aspx)['"]""")
_JOINED_NAME = re.compile(
    r"""['"]([\w/.-]*?)\\?['"]?\s*\+?\s*['"]_['"]\s*\+\s*\(?\s*([A-Za-z_$][\w$.]*)\s*(?:([+-])\s*(\d+))?\s*\)?\s*\+\s*['"]\.['"]\s*\+\s*\\?['"]?(s?html?|jsp|aspx)"""
)
_EXTENSION = re.compile(r"^\.?(s?html?|jsp|aspx|php|do)$", re.I)


@dataclass(frozen=True, slots=True)
class Names:
    """How page files are called: stem_N.extension, page 1 bare; `shift` is N minus the 1-based page number."""

    stem: str
    extension: str
    shift: int

    def file(self, number: int) -> str:
        return f"{self.stem}.{self.extension}" if number == 1 else f"{self.stem}_{number + self.shift}.{self.extension}"


def create_page_call(page: Page, code: str, rows: int) -> Pager | None:
    """createPageHTML(pages, current, stem, extension …) and its kin: known by the shape of what it is given, for sites name it as they like."""
    if not _EXTENSIONS.search(code) and not _KNOWN.search(code):
        return None
    for call in _CREATE.finditer(code):
        if code[max(0, call.start() - 10) : call.start()].rstrip().endswith("function"):
            continue
        values = arguments(code, call.end())
        if values is None:
            continue
        found = _shape(call.group(1), values)
        if found is None:
            continue
        contract, total, current, stem, extension, records, base = found
        total, current = max(total, current), min(total, current)  # no page comes after the last: some are given the current one first
        if records is not None and contract != "P5" and total > 1 and records <= max(rows, 1):
            records = None  # no total of several pages: the size of one
        base, shift = _base(page, stem, extension, current, total, base)
        number = current + 1 - base
        if re.search(r"_\d{3,}$", stem) and contract == "P1":
            contract = "P8"
        if contract == "P5" and records is not None and 0 < records <= rows:
            return Pager(contract, max(number, 1), total, records, None)
        names = Names(stem, extension, shift)
        return Pager(contract, max(number, 1), total, records, _next(page, names.file(number + 1), number, total))
    return None


def _shape(function: str, values: list[str | int]) -> tuple[str, int, int, str, str, int | None, int] | None:
    """(contract, pages, current, stem, extension, records, base by custom) from the kinds of the arguments."""
    kinds = "".join("n" if isinstance(value, int) else "s" for value in values)
    numbers = [value for value in values if isinstance(value, int)]
    texts = [value for value in values if isinstance(value, str)]
    if kinds.startswith("snnss"):
        ext = _extension(texts[2])
        if ext is None:
            return None
        contract = "P4" if texts[0] == "page_div" or (ext == "shtml" and texts[1] != "index") else "P3"
        return contract, numbers[0], numbers[1], texts[1], ext, numbers[2] if len(numbers) > 2 else None, 1
    if kinds.startswith("nnnss"):
        ext = _extension(texts[1])
        return ("P5", numbers[1], numbers[2], texts[0], ext, numbers[0], 0) if ext is not None else None
    if kinds.startswith("nnss"):
        ext = _extension(texts[1])
        if ext is None:
            return None
        records = numbers[2] if len(numbers) > 2 else None
        contract = "P6" if function == "createPage" else "P2" if len(values) > 4 else "P1"
        return contract, numbers[0], numbers[1], texts[0], ext, records, 0
    if kinds.startswith("nns") and _KNOWN.search(function):
        return "P1", numbers[0], numbers[1], texts[0], "html", None, 0
    return None


def _extension(text: str) -> str | None:
    match = _EXTENSION.match(text.strip())
    return match.group(1) if match else None


def _base(page: Page, stem: str, extension: str, current: int, total: int, custom: int) -> tuple[int, int]:
    """(base of `current`, shift of the file numbers) from the address and the links beside the script, else by custom."""
    number = _file_number(page.url, stem, extension)
    if number is None:
        base = current if current in (0, 1) else custom
    elif number == current:
        # A zero-based counter never reaches the total.
        base = 1 if current >= total else custom
    elif number == current - 1:
        return 1, -1
    else:
        base = custom
    shift = _rendered_shift(page, stem, extension)
    return base, base - 1 if shift is None else shift


def _file_number(url: str, stem: str, extension: str) -> int | None:
    """N of …/stem_N.extension; None on the first page."""
    name = urlsplit(url).path.rsplit("/", 1)[-1]
    match = re.fullmatch(re.escape(stem.rsplit("/", 1)[-1]) + r"_(\d+)\.\w+", name)
    return int(match.group(1)) if match else None


def _rendered_shift(page: Page, stem: str, extension: str) -> int | None:
    """Shift told by a numbered link beside the script: 2 -> index_1.html is -1."""
    pattern = re.compile(re.escape(stem.rsplit("/", 1)[-1]) + r"_(\d+)\." + re.escape(extension) + r"$")
    for element in page.tree.iter("a"):
        match = pattern.search(element.get("href") or "")
        text = (element.text or "").strip()
        if match and text.isdigit() and int(text) >= 2:
            shift = int(match.group(1)) - int(text)
            if shift in (0, -1):
                return shift
    return None


def _next(page: Page, name: str, current: int, total: int | None) -> str | None:
    if total is not None and current >= total:
        return None
    return page.absolute(name)


def page_variables(page: Page, code: str, rows: int) -> Pager | None:
    """var currentPage=0; var countPage=3: zero-based, files index_1.html …"""
    current = re.search(VARIABLE.format(name=r"(?:m_n)?(?:currentPage|curPage|nCurrIndex|currPage|CurrPage)"), " " + code)
    total = re.search(
        VARIABLE.format(name=r"(?:m_n)?(?:countPage|pageCount|PageCount|nPageCount|totalPage|totalPages|countpage)"), " " + code
    )
    if current is None or total is None:
        return None
    here, pages = int(current.group(1)), int(total.group(1))
    records = first_value(code, ("countnum", "recordCount", "totalCount", "totalRecord", "m_nRecordCount", "countNum", "recordcount"))
    joined = _JOINED_NAME.search(code)
    stem, extension = (joined.group(1).replace("\\", "").strip("\"'/") or "index", joined.group(5)) if joined else _own_names(page)
    stem = re.sub(r".*(?:href=\\?[\"']?)", "", stem) or "index"
    builder = find_builder(code) if joined is None else None
    if builder is not None and not joined and builder.suffix.startswith("."):
        base = _zero_or_one(page, code, here, pages, builder)
        number = here + 1 - base
        shift = builder.shift
        url = (
            fill_address(page, Builder(builder.prefix, 0, builder.suffix), here + 1 if base == 0 else number + 1 + shift)
            if number < pages
            else None
        )
        return Pager("P7", max(number, 1), pages, records, url)
    base, shift = _base(page, stem, extension, here, pages, 0)
    number = here + 1 - base
    return Pager("P7", max(number, 1), pages, records, _next(page, Names(stem, extension, shift).file(number + 1), number, pages))


def _zero_or_one(page: Page, code: str, here: int, pages: int, builder: Builder) -> int:
    if here == 0:
        return 0
    told = number_by(page.url, builder)
    if told is None:
        return 1 if here == 1 else 0
    return 1 if here >= pages else 0


def _own_names(page: Page) -> tuple[str, str]:
    name = urlsplit(page.url).path.rsplit("/", 1)[-1]
    match = re.fullmatch(r"(.+?)(?:_\d+)?\.(s?html?)", name)
    if match:
        return match.group(1), match.group(2)
    kinds = re.findall(r"\.(s?html?)\b", " ".join(element.get("href") or "" for element in _some_links(page)))
    return "index", max(set(kinds), key=kinds.count) if kinds else "html"


def _some_links(page: Page) -> Iterator[html.HtmlElement]:
    for number, element in enumerate(page.tree.iter("a")):
        if number > 200:
            return
        yield element
