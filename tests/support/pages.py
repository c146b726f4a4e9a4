"""Plain pages of a government site, as small as extraction needs them."""

from __future__ import annotations

from collections.abc import Sequence


def page(title: str, body: str, *, head: str = "") -> str:
    return f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{title}</title>{head}</head><body>{body}</body></html>'


def menu(**columns: str) -> str:
    """Navigation: path=name, with __ for / in keyword form."""
    return nav([(path.replace("__", "/"), name) for path, name in columns.items()])


def nav(columns: Sequence[tuple[str, str]]) -> str:
    return '<div class="nav"><ul>' + "".join(f'<li><a href="{url}">{name}</a></li>' for url, name in columns) + "</ul></div>"


def crumbs(*names: tuple[str, str]) -> str:
    return '<div class="position">当前位置：' + " &gt; ".join(f'<a href="{url}">{name}</a>' for url, name in names) + "</div>"


def rows(entries: Sequence[tuple[str, str, str]]) -> str:
    """A list: (address, title, day) each."""
    inside = "".join(f'<li><a href="{url}" title="{title}">{title}</a><span>{day}</span></li>' for url, title, day in entries)
    return f'<div class="list"><ul class="news">{inside}</ul></div>'


def listing(name: str, entries: Sequence[tuple[str, str, str]], *, url: str = "", below: str = "") -> str:
    """A column's list page."""
    return page(f"{name}_示例区人民政府", crumbs(("/", "首页"), (url, name)) + f"<h2>{name}</h2>" + rows(entries) + below)


def article(title: str, day: str, *, extra: str = "", body: str | None = None) -> str:
    """A document's page."""
    text = body or "<p>各镇人民政府、街道办事处，区政府各部门：</p>" + "<p>现将有关事项通知如下，请结合实际认真贯彻执行。</p>" * 6
    return page(
        f"{title}_示例区人民政府",
        f'{crumbs(("/", "首页"), ("/zwgk/", "政务公开"))}<div class="article"><h1>{title}</h1>'
        f'<div class="info"><span>发布日期：{day} 10:30</span><span>来源：示例区人民政府办公室</span></div>'
        f'<div class="content">{text}{extra}</div></div>',
    )


def titles(count: int, *, start: int = 1, month: str = "2026-11", folder: str = "/zwgk/zcwj/") -> list[tuple[str, str, str]]:
    """Rows of a list, newest first."""
    return [
        (
            f"{folder}{month.replace('-', '')}/t{number:04d}.html",
            f"示例区人民政府办公室关于第{number}号事项的通知",
            f"{month}-{max(1, 20 - number % 20):02d}",
        )
        for number in range(start, start + count)
    ]
