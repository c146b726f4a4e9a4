"""A guest among the faults of the field: what is asked, how often, and what is made of the answers. Real servers, real TLS."""

from __future__ import annotations

import gzip
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from crawler.addresses import AddressBook
from crawler.focus import Focus
from crawler.manners import Traffic
from crawler.run import crawl_sites
from data.config import RunConfig
from data.fetches import requests_on
from data.reading import last_crawls
from data.records import ColumnKind, CrawlState, WalkState
from data.registry import Registry
from data.urls import url_key
from tests.support.certs import Authority
from tests.support.pages import article, listing, nav, page, titles
from tests.support.sites import Answer, Asked, Crawls, Page, Waits, moment, served

ENTRIES = titles(3)
HOME = page("示例区人民政府", nav([("/zwgk/", "政务公开"), ("/zwgk/zcwj/", "政策文件")]))
PAGES: dict[str, Page] = {
    "/": HOME,
    "/zwgk/": page("政务公开", nav([("/zwgk/zcwj/", "政策文件")]) + "<h1>政务公开</h1>"),
    "/zwgk/zcwj/": listing("政策文件", ENTRIES, url="/zwgk/zcwj/"),
    **{url: article(title, day) for url, title, day in ENTRIES},
}
ONE = {"delay": 0, "concurrency": 1, "render": "never", "files_per_crawl": 0}


def with_pages(**pages: Page) -> dict[str, Page]:
    return {**PAGES, **{path.replace("__", "/"): content for path, content in pages.items()}}


# --- pace -----------------------------------------------------------------------------------------


def test_the_registry_s_delay_lies_between_any_two_requests(crawl: Crawls) -> None:
    waits = Waits()
    with served(PAGES) as site:
        crawl(site.base + "/", crawl={**ONE, "delay": 0.5}, traffic=waits.traffic())
        assert waits.waited == [0.5] * (len(site.asked) - 1)


def test_crawl_delay_holds_where_it_is_longer_and_up_to_the_bound(crawl: Crawls) -> None:
    for asked, held in ((2, 2.0), (0.1, 0.5), (600, 30.0)):
        waits = Waits()
        rules = f"User-agent: *\nCrawl-delay: {asked}\n".encode()
        with served({**PAGES, "/robots.txt": Answer(rules, content_type="text/plain")}) as site:
            crawl(site.base + "/", crawl={**ONE, "delay": 0.5}, traffic=waits.traffic())
            assert waits.total == pytest.approx(held * (len(site.asked) - 1)), asked


def test_two_sites_behind_one_front_end_share_its_pause(tmp_path: Path) -> None:
    waits = Waits()
    crawls = Crawls(tmp_path)
    with served(PAGES) as one, served(PAGES) as two:
        sites = [
            {"id": name, "name": "区", "profile": "town", "home": site.base + "/", "crawl": {**ONE, "delay": delay}}
            for name, site, delay in (("one", one, 0.25), ("two", two, 0.75))
        ]
        registry = Registry.model_validate({"version": 1, "sites": sites})
        config = RunConfig(tmp_path, "", None, moment("2026-11-21"))
        assert crawl_sites(config, registry, registry.sites, crawls.database, traffic=waits.traffic()) == {}
        requests = len(one.asked) + len(two.asked)
        # The stricter of the two holds for both while both are crawled.
        assert 0.75 * len(two.asked) + 0.25 * (len(one.asked) - 1) < waits.total <= 0.75 * requests
    crawls.close()


# --- throttling -----------------------------------------------------------------------------------


def first(count: int, fault: Answer, then: Page) -> Callable[[Asked], str | bytes | Answer]:
    """The fault for the first requests, the page afterwards."""
    left = [count]

    def answer(asked: Asked) -> str | bytes | Answer:
        left[0] -= 1
        if left[0] >= 0:
            return fault
        return then(asked) if callable(then) else then

    return answer


@pytest.mark.parametrize(
    ("headers", "rest"),
    [
        ((("Retry-After", "7"),), 7.0),
        ((("Date", "Tue, 24 Nov 2026 08:00:00 GMT"), ("Retry-After", "Tue, 24 Nov 2026 08:01:30 GMT")), 90.0),
        ((), 60.0),
    ],
    ids=["seconds", "date", "no-header"],
)
def test_throttling_is_waited_out(headers: tuple[tuple[str, str], ...], rest: float, crawl: Crawls) -> None:
    waits = Waits()
    busy = Answer(b"Too Many Requests", 429, headers=headers)
    with served(with_pages(__zwgk__zcwj__=first(1, busy, PAGES["/zwgk/zcwj/"]))) as site:
        one = crawl(site.base + "/", crawl=ONE, traffic=waits.traffic())
        assert one.crawl.state is CrawlState.COMPLETE
        assert waits.total == pytest.approx(rest, abs=0.01)


def test_a_wait_beyond_the_bound_ends_the_visit(crawl: Crawls) -> None:
    waits = Waits()
    busy = Answer(b"", 503, headers=(("Retry-After", "86400"),))
    with served(with_pages(__zwgk__zcwj__=busy)) as site:
        one = crawl(site.base + "/", crawl={**ONE, "max_wait": 120}, traffic=waits.traffic())
        assert (one.crawl.state, one.crawl.reason) == (CrawlState.INCOMPLETE, "throttled")
        assert site.targets.count("/zwgk/zcwj/") == 1
        assert waits.total <= 120


def test_the_third_time_throttled_the_host_is_left(crawl: Crawls) -> None:
    with served({**PAGES, "/zwgk/": Answer(b"", 429), "/zwgk/zcwj/": Answer(b"", 429)}) as site:
        one = crawl(site.base + "/", crawl=ONE)
        assert (one.crawl.state, one.crawl.reason) == (CrawlState.INCOMPLETE, "throttled")
        assert len(site.targets) == 4  # the home page and three refusals


def test_a_host_that_turns_to_challenges_is_left_after_three(crawl: Crawls) -> None:
    count = [0]
    challenge = Answer(b"<script>$_ts=window['$_ts'];$_ts.nsd=1;_$_t();</script>", 412)

    def guarded(content: Page) -> Callable[[Asked], str | bytes | Answer]:
        def answer(asked: Asked) -> str | bytes | Answer:
            count[0] += 1
            return challenge if count[0] > 4 else content  # type: ignore[return-value]

        return answer

    many = titles(30)
    pages = {**PAGES, "/zwgk/zcwj/": listing("政策文件", many), **{url: article(title, day) for url, title, day in many}}
    with served({path: guarded(content) for path, content in pages.items()}) as site:
        one = crawl(site.base + "/", crawl=ONE)
        assert (one.crawl.state, one.crawl.reason) == (CrawlState.INCOMPLETE, "blocked-challenge")
        assert len(site.targets) == 7  # none that waited its turn is on its way while the third refusal is weighed
        (walk,) = one.column("政策文件").walks
        assert walk.entries == 30


@pytest.mark.parametrize("status", [404, 302, 200])
def test_a_pause_that_any_answer_asks_for_is_kept(status: int, crawl: Crawls) -> None:
    waits = Waits()
    headers = (("Retry-After", "9"), *((("Location", "/zwgk/zcwj/"),) if status == 302 else ()))
    content = page("旧栏目", "<h1>旧栏目</h1><p>本栏目内容已并入政策文件栏目，请前往查看。</p>").encode()
    with served({**PAGES, "/": page("示例区人民政府", nav([("/old/", "旧栏目"), ("/zwgk/zcwj/", "政策文件")]))}) as site:
        site.pages["/old/"] = Answer(content, status, headers=headers)
        crawl(site.base + "/", crawl=ONE, traffic=waits.traffic())
        assert waits.total == pytest.approx(9, abs=0.01)


def files(answers: dict[str, Answer], count: int = 5) -> dict[str, Page]:
    """A site whose documents offer files that answer so, by method."""
    entries = titles(count)
    offered = {
        url: article(title, day, extra=f'<p>附件：<a href="/files/{number}.pdf">名单{number}.pdf</a></p>')
        for number, (url, title, day) in enumerate(entries)
    }
    return {
        **PAGES, "/zwgk/zcwj/": listing("政策文件", entries), **offered,
        **{f"/files/{number}.pdf": lambda asked: answers[asked.method] for number in range(count)},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("refusal", "heads"), [(Answer(b"", 405), 1), (Answer(b"", 501), 1), (Answer(b"", 403), 5), (Answer(b"", 412), 5)], ids=lambda one: str(getattr(one, "status", one))
)  # fmt: skip
def test_a_host_that_refuses_head_turns_nobody_away(refusal: Answer, heads: int, crawl: Crawls) -> None:
    pdf = Answer(b"%PDF" + b"x" * 4996, content_type="application/pdf")
    with served(files({"HEAD": refusal, "GET": pdf})) as site:
        one = crawl(site.base + "/", crawl={**ONE, "concurrency": 1})
        tried = [asked for asked in site.asked if asked.target.startswith("/files/")]
        assert one.crawl.state is CrawlState.COMPLETE
        assert [target.visits[-1].ok for target in one.view.links] == [True] * 5
        assert sum(asked.method == "GET" for asked in tried) == 5
        assert heads <= sum(asked.method == "HEAD" for asked in tried) <= 5


def test_files_that_are_refused_are_left_and_their_host_is_not(crawl: Crawls) -> None:
    """Links whose signatures ran out: three in a row are enough, and the pages of the host are asked for in the same run all the same."""
    traffic = Waits().traffic()
    with served(files({"HEAD": Answer(b"", 403), "GET": Answer(b"", 403)}, 8)) as site:
        one = crawl(site.base + "/", crawl=ONE, traffic=traffic)
        assert sum(asked.method == "GET" and asked.target.startswith("/files/") for asked in site.asked) == 3
        assert {(target.visits[-1].ok, target.visits[-1].reason) for target in one.view.links} == {(None, "blocked-forbidden")}
        assert one.crawl.state is CrawlState.COMPLETE
        assert crawl(site.base + "/", "2026-11-21T15:00:00", crawl=ONE, traffic=traffic).crawl.state is CrawlState.COMPLETE


def test_a_file_that_is_there_is_a_welcome(crawl: Crawls) -> None:
    """Two refusals, a file that answers, two refusals: never three in a row."""
    pages = files({"HEAD": Answer(b"%PDF", content_type="application/pdf"), "GET": Answer(b"")})
    for number in (0, 1, 3, 4):
        pages[f"/files/{number}.pdf"] = Answer(b"", 403)
    with served(pages) as site:
        one = crawl(site.base + "/", crawl=ONE)
        assert [target.visits[-1].ok for target in one.view.links] == [None, None, True, None, None]
        assert {target.visits[-1].reason for target in one.view.links} == {None, "blocked-forbidden"}


def test_the_home_page_in_place_of_a_page_is_throttling_once_it_passes(crawl: Crawls) -> None:
    waits = Waits()
    with served(with_pages(__zwgk__zcwj__=first(1, Answer(HOME.encode()), PAGES["/zwgk/zcwj/"]))) as site:
        one = crawl(site.base + "/", crawl=ONE, traffic=waits.traffic())
        assert one.crawl.state is CrawlState.COMPLETE
        assert one.column("政策文件").walks[0].entries == 3
        assert waits.total == pytest.approx(60, abs=0.01)


def test_a_site_that_shows_its_home_page_for_whatever_it_lacks_is_waited_for_once(crawl: Crawls) -> None:
    waits = Waits()
    links = [(f"/c{number}/", f"栏目{number}") for number in range(6)]
    home = page("示例区人民政府", nav([("/zwgk/zcwj/", "政策文件"), *links]))
    with served({**PAGES, "/": home, **{url: home for url, _ in links}}) as site:
        one = crawl(site.base + "/", crawl=ONE, traffic=waits.traffic())
        assert one.crawl.faults == {"substituted": 6}
        assert waits.total == pytest.approx(60, abs=0.01)
        assert one.column("政策文件").walks[0].state is WalkState.COMPLETE


def test_the_home_page_under_a_second_address_is_no_fault(crawl: Crawls) -> None:
    waits = Waits()
    home = page("示例区人民政府", nav([("/sy/", "网站首页"), ("/zwgk/zcwj/", "政策文件")]))
    with served({**PAGES, "/": home, "/sy/": home}) as site:
        one = crawl(site.base + "/", crawl=ONE, traffic=waits.traffic())
        assert (one.crawl.state, one.crawl.faults, waits.total) == (CrawlState.COMPLETE, {}, 0)
        assert "/sy/" in site.targets


def test_bytes_that_belie_their_declaration_are_a_mark_and_no_fault(crawl: Crawls) -> None:
    with served(with_pages(__=Answer(HOME.encode("gb18030")))) as site:  # the header says UTF-8
        one = crawl(site.base + "/", crawl=ONE)
        assert one.crawl.state is CrawlState.COMPLETE
        assert any(mark.startswith("charset-conflict:") for mark in one.view.homes[0].marks)


# --- gates ----------------------------------------------------------------------------------------


def cookie_gate(gate: Answer, pages: dict[str, Page]) -> dict[str, Page]:
    """Every page behind a gate that an ordinary cookie jar passes."""

    def behind(content: Page) -> Callable[[Asked], str | bytes | Answer]:
        def answer(asked: Asked) -> str | bytes | Answer:
            if "CT6T=pass" in asked.headers.get("cookie", ""):
                return content(asked) if callable(content) else content
            location = (("Location", asked.target),) if gate.status == 302 else ()
            return Answer(gate.body, gate.status, headers=(*gate.headers, *location))

        return answer

    return {path: behind(content) for path, content in pages.items()}


SETS = (("Set-Cookie", "CT6T=pass; path=/"),)


@pytest.mark.parametrize(
    "gate",
    [
        Answer(b"", 302, headers=SETS),
        Answer(b"<html><script>$_ts=window['$_ts'];location.reload()</script></html>", 200, headers=SETS),
        Answer(b"<html></html>", 521, headers=SETS),
    ],
    ids=["redirect-to-itself", "reload", "521"],
)
def test_a_gate_that_sets_its_cookie_in_a_header_is_passed_by_a_cookie_jar(gate: Answer, crawl: Crawls) -> None:
    with served(cookie_gate(gate, PAGES)) as site:
        one = crawl(site.base + "/", crawl=ONE)
        assert one.crawl.state is CrawlState.COMPLETE
        assert len(one.documents()) == 3
        assert site.targets.count("/") == 2
        assert len(site.targets) == len(PAGES) + 1  # asked again once, for the whole site


@pytest.mark.parametrize(
    ("gate", "reason", "tries"),
    [
        (Answer(b"<script>document.cookie='C3VK=ab; path=/';location.reload()</script>", headers=SETS), "blocked-challenge", 1),
        (Answer(b"<script>document.cookie='__jsl_clearance=ab'</script>", 521), "blocked-challenge", 2),
        (Answer(b"", 302, headers=(("Location", "/"), ("Set-Cookie", "other=1"))), "redirect-loop", 6),
        (Answer("<html><div id='puzzle-vcode'>请完成安全验证</div></html>".encode()), "blocked-captcha", 1),
        (Answer("请求可能存在威胁，已被拦截".encode(), 403), "blocked-waf", 1),
        (Answer(b"ok"), "shell", 1),
    ],
    ids=["cookie-by-script", "521-by-script", "redirect-loop", "captcha", "firewall", "three-bytes"],
)  # fmt: skip
def test_what_is_no_cookie_jar_s_business_is_left_alone(gate: Answer, reason: str, tries: int, crawl: Crawls) -> None:
    with served({"/": gate, "/robots.txt": Answer(b"", 404)}) as site:
        one = crawl(site.base + "/", crawl=ONE)
        assert (one.crawl.state, one.crawl.reason) == (CrawlState.BLOCKED, reason)
        assert site.targets.count("/") == tries


# --- fences and missing pages -----------------------------------------------------------------------


@pytest.mark.parametrize("status", [403, 404])
def test_sub_paths_behind_a_fence_are_no_dead_links(status: int, crawl: Crawls) -> None:
    links = [("/zwgk/zcwj/", "政策文件"), ("/zwgk/zcjd/", "政策解读"), ("/zwgk/tzgg/", "通知公告")]
    with served({"/": page("示例区人民政府", nav(links))}) as site:
        site.pages.update({url: Answer(b"", status) for url, _ in links})
        one = crawl(site.base + "/", crawl=ONE)
        assert (one.crawl.state, one.crawl.reason) == (CrawlState.INCOMPLETE, "blocked-fence")
        assert one.crawl.faults == {"blocked-fence": 3}
        assert {(column.reachable, column.fault) for column in one.view.columns} == {(None, "blocked-fence")}


@pytest.mark.parametrize("stub", ['<meta http-equiv="refresh" content="0;url=/">', "<script>window.location.href='/';</script>"])
def test_a_stub_that_leads_home_is_a_missing_page(stub: str, crawl: Crawls) -> None:
    with served(with_pages(__zwgk__zcwj__=f"<html><head>{stub}</head><body></body></html>")) as site:
        column = crawl(site.base + "/", crawl=ONE).column("政策文件")
        assert (column.reachable, column.fault) == (False, "soft-404")


# --- size, time, broken transfers ---------------------------------------------------------------------


def test_a_gzip_bomb_is_too_large_and_costs_no_memory(crawl: Crawls) -> None:
    bomb = gzip.compress(b"<p>" + b" " * 30_000_000)
    assert len(bomb) < 100_000
    with served(with_pages(__zwgk__zcwj__=Answer(bomb, headers=(("Content-Encoding", "gzip"),)))) as site:
        one = crawl(site.base + "/", crawl=ONE)
        assert one.column("政策文件").fault == "too-large"


def test_gzip_that_was_not_asked_for_is_read(crawl: Crawls) -> None:
    packed = Answer(gzip.compress(str(PAGES["/zwgk/zcwj/"]).encode()), headers=(("Content-Encoding", "gzip"),))
    with served(with_pages(__zwgk__zcwj__=packed)) as site:
        assert crawl(site.base + "/", crawl=ONE).column("政策文件").walks[0].entries == 3


def test_the_size_cap_is_the_registry_s(crawl: Crawls) -> None:
    with served(with_pages(__zwgk__zcwj__="<html>" + "x" * 70_000)) as site:
        one = crawl(site.base + "/", crawl={**ONE, "max_bytes": 65536})
        assert one.column("政策文件").fault == "too-large"


@contextmanager
def raw_server(serve: Callable[[socket.socket], None]) -> Iterator[str]:
    """A server that speaks in bytes; gives its address."""
    listener = socket.create_server(("127.0.0.1", 0))
    stop = threading.Event()

    def loop() -> None:
        while not stop.is_set():
            try:
                client, _ = listener.accept()
            except OSError:
                return
            with client:
                serve(client)

    threading.Thread(target=loop, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        stop.set()
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()


def test_a_transfer_cut_off_in_the_middle_is_a_lost_connection(crawl: Crawls) -> None:
    def serve(client: socket.socket) -> None:
        asked = client.recv(65536)
        status = b"404 Not Found" if b"/robots.txt" in asked else b"200 OK"
        client.sendall(b"HTTP/1.1 " + status + b"\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n<html\r\n")
        if b"/robots.txt" in asked:
            client.sendall(b"0\r\n\r\n")

    with raw_server(serve) as base:
        one = crawl(base + "/", crawl=ONE)
        assert (one.crawl.state, one.crawl.reason) == (CrawlState.BLOCKED, "connection-lost")


def drip(client: socket.socket) -> None:
    """A byte now and then, without end."""
    client.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 100000\r\n\r\n")
    with suppress(OSError):
        while True:
            client.sendall(b" ")
            client.settimeout(0.02)
            with suppress(TimeoutError):
                if not client.recv(100):
                    return


def test_a_page_that_drips_is_given_up_in_time(crawl: Crawls) -> None:
    def serve(client: socket.socket) -> None:
        if b"/robots.txt" in client.recv(65536):
            client.sendall(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        else:
            drip(client)

    with raw_server(serve) as base:
        one = crawl(base + "/", crawl={**ONE, "timeout": 0.3})
        assert (one.crawl.state, one.crawl.reason) == (CrawlState.BLOCKED, "timeout")


def test_a_robots_txt_that_hangs_is_not_established_and_no_fault_of_the_site(crawl: Crawls) -> None:
    with raw_server(drip) as base:
        one = crawl(base + "/", crawl={**ONE, "timeout": 0.3})
        assert (one.crawl.state, one.crawl.reason) == (CrawlState.BLOCKED, "robots-not-established")
        assert one.view.probes == ()


# --- where it does not go -----------------------------------------------------------------------------


def book(**names: str) -> Traffic:
    async def look_up(host: str) -> tuple[str, ...]:
        return tuple(names[host.partition(".")[0]].split())

    return Traffic(Waits().pacer(), AddressBook(look_up))


def test_a_redirect_to_a_private_address_is_not_followed(crawl: Crawls) -> None:
    with served({"/": "secret"}) as inside, served(PAGES) as site:
        site.pages["/zwgk/zcwj/"] = Answer(b"", 302, headers=(("Location", inside.base + "/"),))
        one = crawl(site.base + "/", crawl=ONE)
        assert inside.asked == []
        assert one.column("政策文件").kind is ColumnKind.LINK_OUT


def test_a_name_that_moves_inside_after_it_was_looked_up_gets_no_request(crawl: Crawls) -> None:
    with served(PAGES) as site:
        one = crawl(site.base.replace("127.0.0.1", "localhost") + "/", crawl=ONE, traffic=book(localhost="8.8.8.8"))
        assert site.asked == []
        assert (one.crawl.state, one.crawl.reason) == (CrawlState.BLOCKED, "private-address")


def test_a_link_out_to_a_private_address_is_not_looked_at(crawl: Crawls) -> None:
    with served({"/": "secret"}) as inside, served(PAGES) as site:
        site.pages["/"] = page("示例区人民政府", nav([("/zwgk/zcwj/", "政策文件"), (inside.base + "/", "政策解读")]))
        one = crawl(site.base + "/", crawl=ONE)
        column = one.column("政策解读")
        assert inside.asked == []
        assert (column.kind, column.reachable, column.fault) == (ColumnKind.LINK_OUT, None, "private-address")
        assert one.crawl.state is CrawlState.COMPLETE


# --- columns that lead off the site -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answers", "methods", "outcome"),
    [
        ({"HEAD": Answer(b"")}, ["HEAD"], (True, None)),
        ({"HEAD": Answer(b"", 405), "GET": Answer(b"x" * 5000)}, ["HEAD", "GET"], (True, None)),
        ({"HEAD": Answer(b"", 404), "GET": Answer(b"", 404)}, ["HEAD", "GET"], (False, "http-404")),
        ({"HEAD": Answer(b"", 403), "GET": Answer(b"", 403)}, ["HEAD", "GET"], (None, "blocked-forbidden")),
        ({"HEAD": Answer(b"", 500), "GET": Answer(b"", 500)}, ["HEAD", "GET"], (None, "http-500")),
    ],
    ids=["open", "head-refused", "dead", "forbidden", "broken"],
)
def test_a_column_that_leads_off_the_site_is_asked_about_once_and_never_read(
    answers: dict[str, Answer], methods: list[str], outcome: tuple[bool | None, str | None], crawl: Crawls
) -> None:
    with served({"/x/": lambda asked: answers[asked.method]}) as other, served(PAGES) as site:
        site.pages["/"] = page("示例区人民政府", nav([("/zwgk/zcwj/", "政策文件"), (other.base + "/x/", "政策解读")]))
        # The other host is vouched for by another row of the registry, so that it may lie on loopback.
        neighbour = {
            "id": "neighbour",
            "name": "邻区",
            "profile": "town",
            "home": site.base + "/n/",
            "columns": {"zcjd": other.base + "/x/"},
        }
        one = crawl(site.base + "/", crawl=ONE, others=(neighbour,))
        column = one.column("政策解读")
        asked = [one for one in other.asked if one.target == "/x/"]
        assert [one.method for one in asked] == methods
        assert all(one.headers.get("range") == "bytes=0-1023" for one in asked if one.method == "GET")
        assert (column.kind, column.reachable, column.fault) == (ColumnKind.LINK_OUT, *outcome)
        assert one.crawl.state is CrawlState.COMPLETE  # nothing off the site makes the site less observed


# --- budget -------------------------------------------------------------------------------------------


def today(crawl: Crawls, day: str = "2026-11-21") -> int:
    return requests_on(crawl.database, "unit", moment(day).date())


def test_the_daily_budget_is_exact_over_all_that_asks_on_one_day(crawl: Crawls) -> None:
    """robots.txt, pages, a page repeated after a fault, redirects, tries of files, a probe and a recheck."""
    pages = with_pages(__zwgk__zcwj__=listing("政策文件", ENTRIES, url="/zwgk/zcwj/"))
    pages[ENTRIES[0][0]] = article(*ENTRIES[0][1:], extra='<p><a href="/files/a.pdf">附件：名单.pdf</a></p>')
    pages["/old/"] = Answer(b"", 302, headers=(("Location", "/zwgk/"),))
    links = [("/zwgk/", "政务公开"), ("/zwgk/zcwj/", "政策文件"), ("/broken/", "通知公告"), ("/old/", "旧栏目")]
    pages["/"] = page("示例区人民政府", nav(links))
    pages["/broken/"] = Answer(b"", 500)
    with served(pages) as site:
        crawl(site.base + "/", crawl=ONE)
        assert {one.method for one in site.asked} == {"GET", "HEAD"}
        assert site.targets.count("/broken/") == 3
        assert today(crawl) == len(site.asked)
        crawl(site.base + "/", spider="availability")
        assert today(crawl) == len(site.asked)
        column = crawl(site.base + "/", crawl=ONE).column("政策文件")
        focus = Focus((column,), frozenset({url_key(column.url)}), home=True)
        crawl(site.base + "/", spider="recheck", focus={"unit": focus}, crawl=ONE)
        assert today(crawl) == len(site.asked)


def test_a_spent_budget_ends_the_crawl_and_holds_for_every_kind_of_visit(crawl: Crawls) -> None:
    options = {**ONE, "daily_budget": 10}
    with served(PAGES) as site:
        assert crawl(site.base + "/", crawl=options).crawl.state is CrawlState.COMPLETE
        one = crawl(site.base + "/", crawl=options)
        assert (one.crawl.reason, len(site.asked)) == ("daily-budget", 10)
        before = one.view.probes
        for spider in ("disclosure", "availability"):
            probes = crawl(site.base + "/", "2026-11-21T18:00:00", spider=spider, crawl=options).view.probes
            assert len(site.asked) == 10
        assert probes == before  # what was not asked says nothing of whether the site opens
        site.asked.clear()
        assert crawl(site.base + "/", "2026-11-22", crawl=options).crawl.state is CrawlState.COMPLETE
        assert (today(crawl), today(crawl, "2026-11-22")) == (10, len(site.asked))


# --- schemes and certificates ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority.make(tmp_path_factory.mktemp("certificates"))


def test_a_site_is_read_whatever_its_certificate_is_worth(authority: Authority, crawl: Crawls) -> None:
    with served(PAGES, tls=authority.server("www.example.gov.cn", self_signed=True)) as site:
        one = crawl(site.base + "/", crawl=ONE)
        assert one.crawl.state is CrawlState.COMPLETE
        assert "certificate:self-signed" in one.view.homes[0].marks
        assert "address:127.0.0.1" in one.view.homes[0].marks


def test_the_other_scheme_is_tried_where_the_registry_s_is_dead(crawl: Crawls) -> None:
    with served(PAGES) as site:
        home = site.base.replace("http:", "https:") + "/"
        one = crawl(home, crawl=ONE)
        assert (one.crawl.state, one.crawl.faults) == (CrawlState.COMPLETE, {})
        assert "scheme-fallback:http" in one.view.homes[0].marks
        assert len(one.documents()) == 3
        assert [probe.ok for probe in one.view.probes] == [True]


def test_a_scheme_that_gave_no_answer_today_is_not_tried_again_today(crawl: Crawls) -> None:
    hung_up: list[bytes] = []

    def serve(client: socket.socket) -> None:
        hung_up.append(client.recv(65536)[:1])

    with raw_server(serve) as base:
        for day in ("2026-11-21", "2026-11-21", "2026-11-22"):
            hung_up.clear()
            one = crawl(base + "/", day, crawl=ONE)
            assert one.crawl.state is CrawlState.BLOCKED
            by_tls = hung_up.count(b"\x16")
            assert (by_tls > 0) == (one.crawl.id != 2), (one.crawl.id, hung_up)


# --- the probe ------------------------------------------------------------------------------------------


def test_probes_are_spaced_and_heed_robots(crawl: Crawls) -> None:
    with served(PAGES) as site:
        for time in ("2026-11-21T08:00:00", "2026-11-21T08:05:00", "2026-11-21T08:25:00"):
            one = crawl(site.base + "/", time, spider="availability")
        assert [probe.at.minute for probe in one.view.probes] == [0, 25]
        assert site.targets == ["/", "/"]
        assert site.asked[-1].headers["user-agent"].startswith("gongkai/")
        site.pages["/robots.txt"] = Answer(b"User-agent: *\nDisallow: /\n")
        site.asked.clear()
        one = crawl(site.base + "/", "2026-11-21T09:00:00", spider="availability")
        assert site.targets == []
        assert len(one.view.probes) == 2


def test_a_probe_comes_in_by_the_other_scheme_where_one_is_dead(crawl: Crawls) -> None:
    with served(PAGES) as site:
        one = crawl(site.base.replace("http:", "https:") + "/", spider="availability")
        assert [(probe.ok, probe.reason) for probe in one.view.probes] == [(True, None)]


# --- the agent's name ------------------------------------------------------------------------------------


def test_the_agent_names_itself_and_whom_to_ask(tmp_path: Path) -> None:
    crawls = Crawls(tmp_path)
    with served(PAGES) as site:
        row = {"id": "unit", "name": "区", "profile": "town", "home": site.base + "/", "crawl": ONE}
        registry = Registry.model_validate({"version": 1, "contact": "gongkai@example.gov.cn", "sites": [row]})
        config = RunConfig(tmp_path, "", None, moment("2026-11-21"))
        assert crawl_sites(config, registry, registry.sites, crawls.database) == {}
        assert {one.headers["user-agent"] for one in site.asked} == {"gongkai/0.1 (disclosure compliance monitor; gongkai@example.gov.cn)"}
        assert last_crawls(crawls.database, ["unit"])["unit"].state is CrawlState.COMPLETE
    crawls.close()
