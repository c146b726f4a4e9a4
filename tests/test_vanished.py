"""Documents that go from their lists: their addresses are asked for, a few a crawl, and the rule judges what they answer."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from checks.runner import judge
from data.catalogue import load_rules
from data.records import Confidence, LinkKind, LinkTarget, Status
from tests.support.pages import article, listing, nav, page, titles
from tests.support.sites import Answer, Crawled, Crawls, Page, Served, served

LIST = "/zwgk/zcwj/"
ENTRIES = [(url, f"示例区人民政府办公室关于印发第{number}号管理办法的通知", day) for number, (url, _, day) in enumerate(titles(30))]
GONE = Answer(b"<html><body><h1>404 Not Found</h1></body></html>", 404)
SOFT = "<html><head><title>提示</title></head><body><p>您访问的页面不存在</p></body></html>"


@pytest.fixture
def crawl(tmp_path: Path) -> Iterator[Crawls]:
    crawls = Crawls(tmp_path)
    yield crawls
    crawls.close()


def site_of(entries: list[tuple[str, str, str]]) -> dict[str, Page]:
    return {
        "/": page("示例区人民政府", nav([(LIST, "政策文件")])),
        LIST: listing("政策文件", entries),
        **{url: article(title, day) for url, title, day in entries},
    }


def vanished(one: Crawled) -> dict[str, LinkTarget]:
    return {target.label: target for target in one.view.links if target.kind is LinkKind.VANISHED}


def asked(site: Served) -> list[str]:
    """The documents that were asked for since the last look."""
    found = sorted({one.target for one in site.asked if "/t0" in one.target})
    site.asked.clear()
    return found


def verdicts(one: Crawled, rule: str = "document-withdrawn") -> dict[str, tuple[Status, str, Confidence]]:
    found = judge(one.view, {rule: load_rules()[rule]}).verdicts
    return {verdict.subject.title or verdict.subject.kind: (verdict.status, verdict.reason, verdict.confidence) for verdict in found}


def test_what_is_gone_is_told_from_what_only_left_its_list(crawl: Crawls) -> None:
    with served(site_of(ENTRIES[:6])) as site:
        crawl(site.base + "/", "2026-11-18T10:00:00")
        asked(site)
        (dead, dead_title, _), (soft, soft_title, _), (there, there_title, _) = ENTRIES[1:4]
        site.pages |= {LIST: listing("政策文件", [ENTRIES[0], *ENTRIES[4:6]]), dead: GONE, soft: SOFT}
        second = crawl(site.base + "/", "2026-11-19T10:00:00")
        assert {dead, soft, there} <= set(asked(site))
        found = {title: target.visits[-1] for title, target in vanished(second).items()}
        assert {title: (visit.ok, visit.reason) for title, visit in found.items()} == {
            dead_title: (False, "http-404"), soft_title: (False, "soft-404"), there_title: (True, None),
        }  # fmt: skip
        suspected = (Status.FAIL, "gone", Confidence.SUSPECTED)
        assert verdicts(second) == {
            dead_title: suspected, soft_title: suspected, there_title: (Status.PASS, "still-online", Confidence.CONFIRMED),
        }  # fmt: skip
        third = crawl(site.base + "/", "2026-11-20T10:00:00")
        assert there not in asked(site), "what was there is asked for within a week"
        assert verdicts(third)[dead_title] == verdicts(third)[soft_title] == (Status.FAIL, "gone", Confidence.CONFIRMED)
        assert not [reason for _, reason, _ in verdicts(third, "dead-links").values() if reason.startswith("dead")], "no page leads there"
        site.pages[dead] = article(dead_title, ENTRIES[1][2])
        site.pages[LIST] = listing("政策文件", ENTRIES[:6])
        fourth = crawl(site.base + "/", "2026-11-21T10:00:00")
        assert verdicts(fourth)[dead_title] == (Status.PASS, "back", Confidence.CONFIRMED)


def test_a_few_a_crawl_and_all_in_turn(crawl: Crawls) -> None:
    with served(site_of(ENTRIES)) as site:
        crawl(site.base + "/", "2026-11-18T10:00:00")
        asked(site)
        site.pages |= {LIST: listing("政策文件", ENTRIES[:1]), **{url: GONE for url, _, _ in ENTRIES[1:]}}
        seen: set[str] = set()
        for day, most in ((19, 20), (20, 20)):
            crawl(site.base + "/", f"2026-11-{day}T10:00:00")
            found = set(asked(site)) - {ENTRIES[0][0]}
            assert len(found) == most
            seen |= found
        assert seen == {url for url, _, _ in ENTRIES[1:]}


def test_a_list_that_was_not_read_to_its_end_says_nothing_of_its_documents(crawl: Crawls) -> None:
    with served(site_of(ENTRIES[:6])) as site:
        crawl(site.base + "/", "2026-11-18T10:00:00")
        asked(site)
        below = f'<div class="page"><span>第1页/共2页</span><a href="{LIST}index_1.html">下一页</a></div>'
        site.pages |= {LIST: listing("政策文件", ENTRIES[:3], below=below), f"{LIST}index_1.html": Answer(b"", 500)}
        second = crawl(site.base + "/", "2026-11-19T10:00:00")
        assert vanished(second) == {}
        assert not set(asked(site)) & {url for url, _, _ in ENTRIES[3:6]}


@pytest.mark.parametrize("answer", [Answer(b"", 503), Answer(b"", 403)], ids=["busy", "forbidden"])
def test_what_could_not_be_seen_accuses_nobody(answer: Answer, crawl: Crawls) -> None:
    with served(site_of(ENTRIES[:6])) as site:
        crawl(site.base + "/", "2026-11-18T10:00:00")
        url, title, _ = ENTRIES[2]
        site.pages |= {LIST: listing("政策文件", [entry for entry in ENTRIES[:6] if entry[0] != url]), url: answer}
        for day in (19, 20):
            one = crawl(site.base + "/", f"2026-11-{day}T10:00:00")
            assert verdicts(one)[title][0] is Status.INCONCLUSIVE


def test_a_budget_that_is_spent_leaves_them_untried(crawl: Crawls) -> None:
    with served(site_of(ENTRIES[:6])) as site:
        crawl(site.base + "/", "2026-11-18T10:00:00")
        url, title, _ = ENTRIES[2]
        site.pages |= {LIST: listing("政策文件", [entry for entry in ENTRIES[:6] if entry[0] != url]), url: GONE}
        requests = len(site.asked)
        one = crawl(site.base + "/", "2026-11-19T10:00:00", crawl={"delay": 0, "render": "never", "max_pages": 7, "concurrency": 1})
        assert len(site.asked) - requests <= 8
        assert vanished(one) == {}
        assert title not in verdicts(one)
