"""The columns of a site are the same whatever order its pages arrive in, and they hang where the site says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest

from data.database import Database
from data.registry import Registry
from simgov.archetypes.government import Government, Standing
from simgov.archetypes.registry import registry_of
from simgov.families.base import Request
from tests.support.orders import Recorded, differences, told
from tests.support.pages import article, crumbs, page, rows, titles
from tests.support.sites import Answer

HOME = "http://127.0.0.9/"
MEGA = (
    '<div class="top"><ul>'
    '<li><a href="/">首页</a></li>'
    '<li><a href="/zwgk/">政务公开</a><ul><li><a href="/c7/">法定主动公开内容</a></li><li><a href="/c3/">政策文件</a></li></ul></li>'
    '<li><a href="/xw/">新闻中心</a><ul><li><a href="/c1/">工作动态</a></li><li><a href="/c2/">通知公告</a></li></ul></li>'
    '<li><a href="/hd/">互动交流</a></li></ul></div>'
)
SIDE = '<div class="box"><h3><a href="/c1/">动态要闻</a></h3><a href="/c1/">更多</a><p><a href="/c9/">专题专栏</a></p></div>'
LEFT = (
    '<div class="leftnav"><ul><li><a href="/c7/">法定主动公开内容</a><ul><li><a href="/c3/">政策文件</a><ul><li><a href="/c4/">政策解读</a></li></ul></li>'
    '<li><a href="/c5/">财政预决算</a></li></ul></li><li><a href="/c6/">政府信息公开指南</a></li></ul></div>'
)
TABLE = "".join(
    f'<td><a href="{url}">{name}</a></td>' for url, name in (("/c1/", "工作动态"), ("/c3/", "政策文件"), ("/zwgk/", "政务公开"))
)


def _shown(title: str, inner: str) -> str:
    return page(f"{title}_示例区人民政府", f"{MEGA}<table><tr>{TABLE}</tr></table><h2>{title}</h2>{inner}{SIDE}")


def _list(title: str, number: int, extra: str = "") -> str:
    return _shown(title, rows(titles(4, start=10 * number, folder=f"/c{number}/")) + extra)


def nasty() -> Mapping[str, str]:
    """A menu of the whole site on every page, hardly a trail, columns led to from everywhere, one column under two names."""
    guide = article("示例区政府信息公开指南（2026年版）", "2026-03-01", extra=LEFT)
    pages = {
        "/": _shown("示例区人民政府", f'<p><a href="/zwgk/">信息公开</a></p><p><a href="/c6/">更多</a></p><p><a href="/zt/">更多</a></p>{rows(titles(3, start=10, folder="/c1/"))}'),
        "/zwgk/": _shown("政务公开", f'{LEFT}<ul><li><a href="/c8/">重点领域</a></li><li><a href="/c4/">解读材料</a></li><li><a href="/c10/">机构职能</a></li></ul>'),
        "/xw/": _shown("新闻中心", '<p><a href="/c1/">动态</a></p><p><a href="/c2/">公告栏</a></p><p><a href="/c11/">图片新闻</a></p><p><a href="/c17/">进入</a></p>'),
        "/hd/": _shown("互动交流", '<p><a href="/c12/">意见征集</a></p><p><a href="/c9/">专题</a></p><p><a href="http://mail.example.com.cn/box/">领导信箱</a></p>'),
        "/c1/": _list("工作动态", 1),
        "/c2/": _list("通知公告", 2, f'<p><a href="/c2/2025/">2025年</a></p>{rows([("/c6/", "示例区政府信息公开指南（2026年版）", "2026-03-01"), ("/bs/", "示例区政务服务事项办理须知汇编（2026年版）", "2026-02-01")])}'),
        "/c2/2025/": _shown("2025年", rows(titles(3, start=90, folder="/c2/2025/"))),
        "/c3/": _list("规范性文件", 3, LEFT),
        "/c4/": _list("政策解读", 4, LEFT),
        "/c5/": _list("财政预决算", 5, LEFT),
        "/c6/": guide,
        "/c7/": _shown("法定主动公开内容", f'{LEFT}<p><a href="/c10/">机构概况</a></p><p><a href="/zt/">人事任免</a></p>'),
        "/c8/": _shown("重点领域信息公开", '<p><a href="/c13/">环境保护</a></p><p><a href="/c14/">征地信息</a></p><p><a href="/bs/">办理须知</a></p>'),
        "/bs/": article("示例区政务服务事项办理须知汇编（2026年版）", "2026-02-01", extra='<p><a href="/c18/">征集结果</a></p>'),
        "/c17/": page("领导之窗", crumbs(("/", "首页"), ("/zwgk/", "政务公开"), ("/c17/", "领导之窗")) + "<p>区长。</p>"),
        "/c18/": _list("征集结果", 18),
        "/c9/": _shown("专题专栏", '<p><a href="/c15/">乡村振兴</a></p><p><a href="/gone/">人大代表建议</a></p><p><a href="/c17/">领导信息</a></p>'),
        "/c10/": _shown("机构职能", "<p>区人民政府办公室。</p>"),
        "/c11/": _list("图片新闻", 11),
        "/c12/": _list("意见征集", 12),
        "/c13/": page("环境保护", crumbs(("/", "首页"), ("/zwgk/", "政务公开"), ("/c8/", "重点领域"), ("/c13/", "环境保护")) + MEGA + rows(titles(3, start=130, folder="/c13/"))),
        "/c14/": _list("征地信息", 14),
        "/c15/": _list("乡村振兴", 15),
        "/zt/": _list("人事信息", 16),
    }  # fmt: skip
    for number in range(1, 19):
        pages |= {url: article(title, day) for url, title, day in titles(4, start=10 * number, folder=f"/c{number}/")}
    pages |= {url: article(title, day) for url, title, day in titles(3, start=90, folder="/c2/2025/")}
    pages |= {url: article(title, day) for url, title, day in titles(3, start=130, folder="/c13/")}
    return pages


TREE = {
    ("zwgk/", "政务公开", ""), ("c7/", "法定主动公开内容", "zwgk/"), ("c3/", "政策文件", "c7/"), ("c4/", "政策解读", "c3/"),
    ("c5/", "财政预决算", "c7/"), ("c6/", "政府信息公开指南", "zwgk/"), ("c10/", "机构概况", "c7/"), ("zt/", "人事任免", "c7/"),
    ("c8/", "重点领域", "zwgk/"), ("c13/", "环境保护", "c8/"), ("c14/", "征地信息", "c8/"), ("xw/", "新闻中心", ""),
    ("c1/", "工作动态", "xw/"), ("c2/", "通知公告", "xw/"), ("c2/2025/", "2025年", "c2/"), ("c11/", "图片新闻", ""),
    ("hd/", "互动交流", ""), ("c12/", "意见征集", "hd/"), ("http://mail.example.com.cn/box/", "领导信箱", "hd/"),
    ("c9/", "专题专栏", ""), ("c15/", "乡村振兴", "c9/"), ("gone/", "人大代表建议", "c9/"),
    ("c17/", "领导之窗", "zwgk/"), ("c18/", "征集结果", ""),
}  # fmt: skip


def recorded(folder: Path, database: Database, pages: Mapping[str, str] | None = None, **crawl: int) -> Recorded:
    served = nasty() if pages is None else pages
    options = {"delay": 0, "render": "never", **crawl}
    site = {"id": "unit", "name": "示例区人民政府", "profile": "district-portal", "home": HOME, "crawl": options}

    def ask(method: str, url: str, body: bytes) -> Answer:
        text = served.get("/" + url.removeprefix(HOME)) if url.startswith(HOME) else None
        return Answer(text.encode()) if text is not None else Answer(b"<h1>404 Not Found</h1>", 404)

    return Recorded(folder, Registry.model_validate({"version": 1, "sites": [site]}), ask, database)


def archetypes(folder: Path, database: Database, hosts: str) -> Recorded:
    """Hosts of the second government, small, answering without a server."""
    government = Government.build(date(2026, 11, 22), per_column=3, only=hosts)
    chosen = government.store.hosts.values()
    bases = {one.id: f"{one.scheme}://{one.address}:8080" for one in chosen}
    standing = Standing(government, 8080, bases, {}, {}, government.first_crawl)
    by_base = {urlsplit(base).netloc: host for host, base in bases.items()}

    def ask(method: str, url: str, body: bytes) -> Answer:
        parts = urlsplit(url)
        host = by_base[parts.netloc]
        form = dict(parse_qsl(body.decode("latin-1"), keep_blank_values=True))
        reply = standing.answer(
            host, Request(method, parts.path, dict(parse_qsl(parts.query, keep_blank_values=True)), form, body, {}, parts.scheme)
        )
        return Answer(reply.body, reply.status, reply.content_type, reply.headers)

    return Recorded(folder, Registry.model_validate(registry_of(standing, hosts)), ask, database)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    made = Database.open(f"sqlite:///{tmp_path / 'gongkai.sqlite'}")
    yield made
    made.close()


def test_a_nasty_site_gives_one_tree_in_every_order(tmp_path: Path, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    site = recorded(tmp_path, database)
    first, asked = site.crawl("unit", 0, monkeypatch)
    assert {(one.column.url.removeprefix(HOME), one.column.name, (one.column.parent_url or "").removeprefix(HOME)) for one in first} == TREE
    for seed in range(1, 13):
        facts, others = site.crawl("unit", seed, monkeypatch)
        assert differences(told(first), told(facts)) == [], seed
        assert set(others) == set(asked), seed


@pytest.mark.parametrize("host", list("bdhi"))
def test_an_archetype_gives_one_tree_in_every_order(tmp_path: Path, database: Database, monkeypatch: pytest.MonkeyPatch, host: str) -> None:
    site = archetypes(tmp_path, database, host)
    first, asked = site.crawl(host, 0, monkeypatch)
    for seed in range(1, 4):
        facts, others = site.crawl(host, seed, monkeypatch)
        assert differences(told(first), told(facts)) == [], seed
        assert set(others) == set(asked), seed


@pytest.mark.parametrize("max_pages", [8, 20, 45])
def test_what_is_asked_for_within_a_small_budget_turns_on_no_order(
    tmp_path: Path, database: Database, monkeypatch: pytest.MonkeyPatch, max_pages: int
) -> None:
    site = recorded(tmp_path, database, max_pages=max_pages)
    first, asked = site.crawl("unit", 0, monkeypatch)
    assert sum(url.startswith(HOME) for url in asked) == max_pages
    for seed in range(1, 9):
        facts, others = site.crawl("unit", seed, monkeypatch)
        assert (set(others) ^ set(asked), seed) == (set(), seed)
        assert differences(told(first), told(facts)) == [], seed


def test_columns_come_before_documents_where_not_everything_is_asked_for(
    tmp_path: Path, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, asked = recorded(tmp_path, database, max_pages=45).crawl("unit", 0, monkeypatch)
    documents = [number for number, url in enumerate(asked) if "/t0" in url]
    ways = [number for number, url in enumerate(asked) if "/t0" not in url and url.startswith(HOME)]
    assert documents
    assert max(ways) < min(documents)


def many_of_one_path() -> Mapping[str, str]:
    """A home page and two sections, each with a calendar of its own; together they lead to more than a crawl asks for of one path."""
    ways = [("/zwgk/", "政务公开"), ("/hd/", "互动交流")]
    months = {
        "/zwgk/": [f"/day.asp?d={number}" for number in range(180)],
        "/hd/": [f"/day.asp?d={number}" for number in range(120, 330)],
    }
    home = "".join(f'<p><a href="{url}">{name}</a></p>' for url, name in ways)
    pages = {"/": page("示例区人民政府", home)}
    pages |= {url: page(name, "".join(f'<p><a href="{day}">某日</a></p>' for day in months[url])) for url, name in ways}
    pages |= {day: page("某日", "<p>文</p>") for days in months.values() for day in days}
    return pages


def test_which_of_many_addresses_of_one_path_are_asked_for_turns_on_no_order(
    tmp_path: Path, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = recorded(tmp_path, database, many_of_one_path())
    _, asked = site.crawl("unit", 0, monkeypatch)
    assert sum("day.asp" in url for url in asked) == 300
    for seed in range(1, 5):
        assert set(site.crawl("unit", seed, monkeypatch)[1]) == set(asked), seed
