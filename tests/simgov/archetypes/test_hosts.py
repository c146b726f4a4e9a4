"""What every host has: pages for all that the truth names, marks of its kind, a note, no trace of its faults in an address."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from simgov.archetypes.government import Government, Standing
from simgov.archetypes.observer import KnownDocument, known
from simgov.archetypes.plan import hosts
from simgov.truth import ColumnKind
from tests.simgov.archetypes.conftest import Ask

PLAIN = tuple("abcdefghi")
MARKS = {
    "a": ("createPageHTML(", "trs_ta|ta.trs.cn", "TRS_UEDITOR"),
    "b": ("<datastore>", "jpage(", "hanweb.css"),
    "c": ("parseType=.bulidstatic", "queryData", "unitbuild.js"),
    "d": ("window._CONFIG", "SID: '755041'", "TREE"),
    "e": ("createPageHTML\\('page_div'", "zfxxgk_zdgkc", "/common/search/"),
    "f": ("Visual SiteBuilder", "_sitegray", "_jsq_\\("),
    "g": ("Ls.pagination\\(", "lm_line", "wza-region"),
    "h": ("webBuilderCommon.js", "categorynum", "govlist"),
    "i": ("__VIEWSTATE", "AspNetPager1", "charset=gb2312"),
}


def text(ask: Ask, host: str, url: str) -> str:
    body = ask(host, url).body
    for encoding in ("utf-8", "gb18030"):
        try:
            return body.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise AssertionError(url)


def sample(documents: tuple[KnownDocument, ...]) -> Iterator[KnownDocument]:
    yield from documents[:: max(1, len(documents) // 40)]


@pytest.mark.parametrize("host", [one.id for one in hosts() if one.watched])
def test_everything_that_is_true_is_served(standing: Standing, ask: Ask, host: str) -> None:
    truth = known(standing, host)
    assert truth.documents
    for column in truth.columns:
        if column.kind is not ColumnKind.LINK_OUT:
            reply = ask(host, column.url)
            assert reply.status == 200, column.url
            assert "模拟站点，仅用于测试" in text(ask, host, column.url) or host == "j8"
    for document in sample(truth.documents):
        for url in document.urls:
            page = text(ask, host, url).replace("<br>", "")
            assert document.fields["title"] in page, url
            number = document.fields.get("doc_number")
            assert number is None or number in page, url


@pytest.mark.parametrize("host", PLAIN)
def test_a_host_bears_the_marks_of_its_kind_and_of_no_other(standing: Standing, ask: Ask, host: str) -> None:
    column = next(one for one in known(standing, host).columns if one.key == "zcwj")
    extra = known(standing, host).documents[0].urls[0]
    pages = text(ask, host, f"{standing.home(host)}") + text(ask, host, column.url) + text(ask, host, extra)
    pages += "".join(text(ask, host, one.url) for one in known(standing, host).columns if one.key in ("ywdt", "zcjd"))
    for mark in MARKS[host]:
        assert re.search(
            mark.replace("createPageHTML(", r"createPageHTML\(").replace("jpage(", r"jpage\(") if "\\" not in mark else mark, pages
        ), mark
    others = [mark for other, marks in MARKS.items() if other not in (host, "a", "e") for mark in marks[:1]]
    assert not [mark for mark in others if mark != MARKS[host][0] and mark in pages]


def test_addresses_do_not_name_faults(standing: Standing) -> None:
    for host in standing.government.watched():
        truth = known(standing, host.id)
        urls = [url for one in truth.documents for url in one.urls] + [one.url for one in truth.columns]
        assert not [url for url in urls if re.search(r"\b(fault|guard|stale|drift|flap|broken|archetype|sim)", url)]


def test_every_host_carries_the_oracle_cases(government: Government) -> None:
    for host in (one for one in hosts() if one.id in PLAIN):
        keys = {one.key for one in host.columns}
        odd = {oddity.value for one in host.columns for oddity in one.oddities}
        assert {"zfcg", "fzwj", "sjwj"} <= keys
        assert {"pinned", "flap", "stale"} <= odd, host.id
        assert "made-in-row" in odd or "short-date" in odd, host.id
        if host.id != "d":  # an interface that counts its rows has no pager that could name another page
            assert "drift" in odd, host.id


def test_every_duty_of_the_guarded_ministry_is_met(standing: Standing) -> None:
    for host in standing.government.watched():
        if host.archetype == "J":
            assert known(standing, host.id).may_fail == ()
            assert host.guard is not None
    assert known(standing, "a").may_fail


def test_the_same_day_and_seed_give_the_same_pages(standing: Standing, ask: Ask) -> None:
    twin = Government.build(standing.government.today)
    other = Government.build(standing.government.today, seed=7)
    for host in "ag":
        for column in standing.government.store.hosts[host].columns:
            args = (host, column.key, standing.moment)
            assert twin.store.entries(*args) == standing.government.store.entries(*args)
    assert twin.store.hash("e", 5) == standing.government.store.hash("e", 5) != other.store.hash("e", 5)
    assert twin.store.unhash("e", other.store.hash("e", 5)) is None


@pytest.mark.parametrize("size", [400, 9000])
def test_a_site_grows_without_being_built(size: int, standing: Standing) -> None:
    grown = Government.build(standing.government.today, per_column=size, only=["a"])
    column = grown.store.column("a", "zcwj")
    assert column is not None
    entries = grown.store.entries("a", "zcwj", grown.second_crawl)
    assert len(entries) == len(set(entries)) == size + 3  # a new one, a backdated one, a file
    titles = {document.title for entry in entries if isinstance(entry, int) and (document := grown.store.document("a", entry)) is not None}
    assert len(titles) == size + 2
