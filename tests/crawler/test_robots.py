"""robots.txt over the wire: one question a host, RFC 9309 by status."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from data.records import CrawlState
from tests.support.pages import listing, nav, page, titles
from tests.support.sites import Answer, Crawls, served


@pytest.fixture
def crawl(tmp_path: Path) -> Iterator[Crawls]:
    crawls = Crawls(tmp_path)
    yield crawls
    crawls.close()


PAGES = {"/": page("示例区人民政府", nav([("/zcwj/", "政策文件")])), "/zcwj/": listing("政策文件", titles(2, folder="/doc/"))}


@pytest.mark.parametrize(
    ("rules", "allowed"),
    [
        ("User-agent: gongkai\nDisallow: /doc/\n", False),
        ("User-agent: *\nDisallow: /doc/\n\nUser-agent: gongkai\nDisallow:\n", True),  # the most specific group alone
        ("User-agent: *\nDisallow: /doc/\nAllow: /doc/202611/\n", True),  # the longest rule wins
        ("User-agent: otherbot\nDisallow: /\n", True),
        ("User-agent: monitor\nDisallow: /\n", True),  # a word of our name, and not our name
        ("User-agent: monitor\nAllow: /\n\nUser-agent: *\nDisallow: /doc/\n", False),
        ("User-agent: GONGKAI\nDisallow: /doc/\n", False),
        ("\ufeffUser-agent: *\r\nDisallow: /doc/\r\n", False),
        ("Disallow: /doc/", True),  # a rule without a group is none
        ("禁止抓取", True),
    ],
)
def test_rules(rules: str, allowed: bool, crawl: Crawls) -> None:
    with served({**PAGES, "/robots.txt": Answer(rules.encode(), content_type="text/plain")}) as site:
        crawl(site.base + "/")
        assert any(target.startswith("/doc/") for target in site.targets) is allowed
        assert sum(one.target == "/robots.txt" for one in site.asked) == 1


def test_a_document_that_may_not_be_read_is_no_missing_document(crawl: Crawls) -> None:
    with served({**PAGES, "/robots.txt": Answer(b"User-agent: *\nDisallow: /doc/\n")}) as site:
        one = crawl(site.base + "/")
        assert (one.crawl.state, one.crawl.reason) == (CrawlState.INCOMPLETE, "robots-disallowed")
        assert one.column("政策文件").walks[0].entries == 2
        assert one.crawl.faults == {"robots-disallowed": 2}


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (Answer("<html><body>请求可能存在威胁，已被拦截</body></html>".encode()), "blocked-waf"),
        (Answer("<html><body>系统升级维护中，请稍后访问</body></html>".encode()), "maintenance"),
        (Answer("<html><div id='puzzle-vcode'>请完成安全验证</div></html>".encode()), "blocked-captcha"),
    ],
    ids=["firewall", "maintenance", "captcha"],
)
def test_a_page_that_keeps_us_out_is_no_robots_txt_that_lets_us_in(answer: Answer, reason: str, crawl: Crawls) -> None:
    with served({**PAGES, "/robots.txt": answer}) as site:
        one = crawl(site.base + "/")
        assert site.targets == []
        assert (one.crawl.state, one.crawl.reason) == (CrawlState.BLOCKED, reason)


def test_the_site_s_own_page_for_what_it_lacks_means_that_there_is_none(crawl: Crawls) -> None:
    with served({**PAGES, "/robots.txt": Answer("<html><body>您访问的页面不存在</body></html>".encode())}) as site:
        assert crawl(site.base + "/").crawl.state is CrawlState.COMPLETE
        assert "/zcwj/" in site.targets


def test_a_robots_txt_that_asks_for_patience_is_throttling(crawl: Crawls) -> None:
    with served({**PAGES, "/robots.txt": Answer(b"", 503, headers=(("Retry-After", "30"),))}) as site:
        one = crawl(site.base + "/")
        assert site.targets == []
        assert (one.crawl.state, one.crawl.reason) == (CrawlState.BLOCKED, "throttled")
