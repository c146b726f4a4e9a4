"""Lists as real systems page them: one dialect for each way that is known, served page by page from rows that a test counts.

The markup is that of real sites, cut to the list and its pager. `number` is the page from 1, `pages` and `records` are what the
pager says there is: a site that lies says more than it has.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tests.support.pages import crumbs, page

Address = Callable[[int, int], str]
Pager = Callable[[int, int, int], str]
Rows = Callable[[Sequence[tuple[str, str, str]]], str]


def listed(entries: Sequence[tuple[str, str, str]]) -> str:
    inside = "".join(f'<li><a href="{url}" title="{title}">{title}</a><span>{day}</span></li>' for url, title, day in entries)
    return f'<ul class="list">{inside}</ul>'


@dataclass(frozen=True, slots=True)
class Dialect:
    """One way of paging. `says_pages` and `says_records`: what its pager prints, so that a lie of it can be seen through."""

    name: str
    contract: str
    address: Address
    pager: Pager
    says_pages: bool = True
    says_records: bool = False
    rows: Rows = listed
    family: str = "generic"
    bare: bool = False  # later pages are rows alone


def files(folder: str, stem: str = "index", extension: str = "html", *, base: int = 0, joint: str = "_") -> Address:
    """stem.html, stem_1.html …; `base` 1: the second page is stem_2."""

    def address(number: int, pages: int) -> str:
        return f"{folder}{stem}.{extension}" if number == 1 else f"{folder}{stem}{joint}{number - 1 + base}.{extension}"

    return address


def query(path: str, name: str, *, base: int = 0, bare: bool = True) -> Address:
    """path&name=N; `bare`: the first page goes without."""

    def address(number: int, pages: int) -> str:
        return path if number == 1 and bare else f"{path}{'&' if '?' in path else '?'}{name}={number - 1 + base}"

    return address


def script(code: str) -> str:
    return f"<script>{code}</script>"


def links(address: Address, *, text: str = "", last_to_itself: bool = False, tail: bool = True, numbers: bool = True) -> Pager:
    """首页 上一页 1 2 3 下一页 尾页 as plain links."""

    def pager(number: int, pages: int, records: int) -> str:
        at = [f'<a href="{address(max(number - 1, 1), pages)}">上一页</a>'] if number > 1 else ["<span>上一页</span>"]
        if numbers:
            at += [
                f"<span class='cur'>{n}</span>" if n == number else f'<a href="{address(n, pages)}">{n}</a>' for n in range(1, pages + 1)
            ]
        if number < pages or last_to_itself:
            at.append(f'<a href="{address(min(number + 1, pages), pages)}">下一页</a>')
            if tail:
                at.append(f'<a href="{address(pages, pages)}">尾页</a>')
        else:
            at.append("<span>下一页</span>")
        told = text.format(number=number, pages=pages, records=records)
        return f'<div class="page">{told}{" ".join(at)}</div>'

    return pager


def rows(count: int, folder: str = "/zwgk") -> list[tuple[str, str, str]]:
    """(address, title, day) of so many rows, newest first."""
    return [
        (
            f"{folder}/202611/t20261101_{4000 + n}.html",
            f"示例区人民政府办公室关于第{n}号事项的通知",
            f"2026-{11 - (n - 1) // 25:02d}-{25 - (n - 1) % 25:02d}",
        )
        for n in range(1, count + 1)
    ]


def list_page(dialect: Dialect, entries: Sequence[tuple[str, str, str]], below: str, *, name: str = "政策文件", later: bool = False) -> str:
    """One page of a list with its pager below."""
    if later and dialect.bare:
        return dialect.rows(entries)
    inner = f'<h2>{name}</h2><div class="right">{dialect.rows(entries)}{below}</div>'
    return page(f"{name}_示例区人民政府", crumbs(("/", "首页"), ("", name)) + inner)


def site(
    dialect: Dialect,
    count: int = 11,
    size: int = 4,
    *,
    pages: int | None = None,
    records: int | None = None,
    beyond: str = "",
    name: str = "政策文件",
    folder: str = "/zwgk",
) -> dict[str, str]:
    """The pages of one list, by address. `pages`, `records`: what its pager says where that is not so; `beyond`: which page stands beyond the end."""
    entries = rows(count, folder)
    real = max(1, -(-count // size))
    declared = pages or real
    made: dict[str, str] = {}
    for number in range(1, declared + 1):
        shown = number if number <= real else {"": 0, "last": real, "first": 1}[beyond]
        if not shown:
            continue
        # What stands beyond the end is another page's file: its pager says what it says there.
        below = dialect.pager(shown, declared, records if records is not None else count)
        part = entries[(shown - 1) * size : shown * size]
        made[dialect.address(number, declared)] = list_page(dialect, part, below, name=name, later=shown > 1)
    return made
