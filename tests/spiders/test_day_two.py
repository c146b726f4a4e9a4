"""The day after: what is asked again, what a 304 proves, and that nothing new is missed for it."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from datetime import timedelta
from hashlib import sha1

import pytest

from crawler.archive import ArchiveReader, digest
from crawler.focus import Focus
from data.known import Known
from data.records import ColumnKind, Confidence, Severity, Status, Subject, SubjectKind, Verdict, WalkState
from data.urls import url_key
from data.verdicts import begin_run, save_verdicts
from tests.support.pages import article, listing, nav, page, rows, titles
from tests.support.sites import Answer, Asked, Crawls, Page, Served, Waits, moment, served

ENTRIES = titles(12, month="2026-01")
HOME = page("示例区人民政府", nav([("/zwgk/zcwj/", "政策文件"), ("/zwgk/zcjd/", "政策解读")]))
LIST = "/zwgk/zcwj/"


def lists(entries: list[tuple[str, str, str]], per_page: int = 5, *, told: bool = True) -> dict[str, Page]:
    """A list that tells how many pages it has and not how many rows, or only where the next page is."""
    pages = -(-len(entries) // per_page)
    made: dict[str, Page] = {}
    for number in range(pages):
        script = f"<script>createPageHTML({pages}, {number}, 'index', 'html');</script>"
        following = f'<a href="{LIST}index_{number + 1}.html">下一页</a>' if number + 1 < pages else ""
        before = f'<a href="{LIST}index_{number - 1}.html">上一页</a>' if number > 1 else f'<a href="{LIST}">上一页</a>' if number else ""
        pager = f'<div class="page">{script if told else before + following}</div>'
        name = LIST if number == 0 else f"{LIST}index_{number}.html"
        made[name] = listing("政策文件", entries[number * per_page : (number + 1) * per_page], below=pager)
    return made


def whole(entries: list[tuple[str, str, str]] = ENTRIES, *, told: bool = True) -> dict[str, Page]:
    return {
        "/": HOME,
        "/zwgk/zcjd/": page("政策解读", '<h2>政策解读</h2><div class="list"><p>暂无信息</p></div>'),
        **lists(entries, told=told),
        **{url: article(title, day) for url, title, day in entries},
    }


def conditional(pages: dict[str, Page]) -> dict[str, Page]:
    """The same pages from a server that knows ETags."""

    def keeping(content: str) -> Callable[[Asked], Answer]:
        tag = f'"{sha1(content.encode(), usedforsecurity=False).hexdigest()}"'

        def answer(asked: Asked) -> Answer:
            if asked.headers.get("if-none-match") == tag:
                return Answer(b"", 304, headers=(("ETag", tag),))
            return Answer(content.encode(), headers=(("ETag", tag),))

        return answer

    return {path: keeping(content) if isinstance(content, str) else content for path, content in pages.items()}


def targets(site: Served) -> list[str]:
    asked = site.targets
    site.asked.clear()
    return sorted(asked)


@pytest.mark.parametrize("known_by", ["etag", "nothing"])
def test_an_unchanged_site_is_asked_for_its_home_and_the_start_of_its_lists(crawl: Crawls, known_by: str) -> None:
    pages = conditional(whole()) if known_by == "etag" else whole()
    with served(pages) as site:
        first = crawl(site.base + "/", "2026-11-20")
        targets(site)
        second = crawl(site.base + "/", "2026-11-21")
        assert targets(site) == ["/", "/zwgk/zcjd/", LIST]
        assert second.crawl.state is first.crawl.state
        before, after = second.column("政策文件").walks
        assert (after.state, after.reason, after.entries, after.pages) == (WalkState.COMPLETE, "start-unchanged", 12, 3)
        assert (before.whole_at, after.whole_at, after.at) == (first.now, first.now, second.now)
        assert (after.newest_on, after.newest_first, after.sha256) == (before.newest_on, before.newest_first, before.sha256)
        assert {row.last_seen for row in second.view.listings} == {second.now}
        assert {document.last_seen for document in second.view.documents} == {second.now}
        assert len(second.documents()) == 12
        empty = second.column("政策解读").walks
        assert [(walk.state, walk.empty_text, walk.whole_at == walk.at) for walk in empty] == [(WalkState.COMPLETE, "暂无信息", True)] * 2
        assert second.columns() == first.columns()


OLDEST_FIRST = [(url, title, day) for (url, title, _), (_, _, day) in zip(ENTRIES, ENTRIES[::-1], strict=True)]
TAIL = f"{LIST}index_2.html"


def test_the_last_page_of_a_list_has_its_turn_where_nothing_new_can_stand_on_it(crawl: Crawls) -> None:
    with served(conditional(whole())) as site:
        asked = []
        for day in range(20, 31):
            one = crawl(site.base + "/", f"2026-11-{day}")
            asked.append(TAIL in targets(site))
        assert {walk.reason for walk in one.column("政策文件").walks} == {"last-page", "ends-unchanged", "start-unchanged"}
        waits = [len(run) for run in "".join("x" if one else "." for one in asked).split("x")]
        assert max(waits) < 4


def test_the_last_page_is_asked_for_daily_where_the_first_one_says_less(crawl: Crawls) -> None:
    for entries, told in ((OLDEST_FIRST, True), (ENTRIES, False)):
        with served(conditional(whole(entries, told=told))) as site:
            crawl(site.base + "/", "2026-11-20")
            targets(site)
            second = crawl(site.base + "/", "2026-11-21")
            assert TAIL in targets(site)
            assert second.column("政策文件").walks[-1].reason == "ends-unchanged"


@pytest.mark.parametrize("confidence", ["suspected", "confirmed"])
def test_while_anything_is_suspected_what_may_confirm_it_is_read_today(crawl: Crawls, confidence: str) -> None:
    with served(conditional(whole())) as site:
        first = crawl(site.base + "/", "2026-11-20")
        targets(site)
        suspicion = Verdict(
            "required-columns", "unit", Status.FAIL, Severity.MAJOR, Confidence(confidence), Subject(SubjectKind.SITE, None, "示例区人民政府"), "missing", "…",
            first.now, (),
        )  # fmt: skip
        save_verdicts(crawl.database, begin_run(crawl.database, first.now, ["unit"]), "unit", None, [suspicion])
        second = crawl(site.base + "/", "2026-11-21")
        assert (TAIL in targets(site)) == (confidence == "suspected")
        assert second.column("政策文件").walks[-1].reason == ("ends-unchanged" if confidence == "suspected" else "start-unchanged")


def test_a_304_is_an_observation_with_bytes_in_the_archive(crawl: Crawls) -> None:
    with served(conditional(whole())) as site:
        crawl(site.base + "/", "2026-11-20")
        second = crawl(site.base + "/", "2026-11-21")
    walk = second.column("政策文件").walks[-1]
    content = whole()[LIST]
    assert isinstance(content, str)
    assert walk.sha256 == digest(content.encode())
    assert [home.sha256 for home in second.view.homes] == [digest(HOME.encode())] * 2
    later = ArchiveReader(crawl.archives[-1])
    found = later.find(site.base + LIST)
    assert found is not None
    assert (found[0].status, found[0].at, digest(found[1])) == (200, second.now, walk.sha256)
    assert dict(found[0].headers)["Content-Type"] == "text/html; charset=utf-8"
    assert crawl.archives[-1].stat().st_size < crawl.archives[0].stat().st_size


def moved(kind: str) -> list[tuple[str, str, str]]:
    new = ("/zwgk/zcwj/202611/t0099.html", "示例区人民政府办公室关于新事项的通知", "2026-11-20")
    match kind:
        case "on top":
            return [new, *ENTRIES]
        case "between":  # dated back by its editor
            return [*ENTRIES[:7], (new[0], new[1], ENTRIES[7][2]), *ENTRIES[7:]]
        case "at the end":
            return [*ENTRIES, new]
        case "one gone":
            return [*ENTRIES[:6], *ENTRIES[7:]]
        case "renamed":
            return [(ENTRIES[0][0], "关于另一事项的通知（修订）", ENTRIES[0][2]), *ENTRIES[1:]]
    raise AssertionError(kind)


@pytest.mark.parametrize("told", [True, False], ids=["pages-told", "next-alone"])
@pytest.mark.parametrize("kind", ["on top", "between", "at the end", "one gone", "renamed"])
def test_a_list_that_changed_anywhere_is_read_whole(crawl: Crawls, kind: str, told: bool) -> None:
    with served(conditional(whole(told=told))) as site:
        crawl(site.base + "/", "2026-11-20")
        targets(site)
        entries = moved(kind)
        site.pages.update(conditional(whole(entries, told=told)))
        # What changes the first page shows at once, and so does what moves the last one where it is asked for daily.
        for day in range(21, 22 if kind in ("on top", "renamed") or not told else 25):
            second = crawl(site.base + "/", f"2026-11-{day}")
            asked = set(targets(site))
            if TAIL in asked:
                break
        walk = second.column("政策文件").walks[-1]
        assert (walk.state, walk.reason, walk.entries, walk.whole_at) == (WalkState.COMPLETE, "last-page", len(entries), second.now)
        assert {row.title for row in second.view.listings if row.last_seen == second.now} == {title for _, title, _ in entries}
        fresh = {url for url, title, _ in entries if title not in {title for _, title, _ in ENTRIES}}
        assert fresh <= asked, "what is new or changed is fetched"
        assert {url for url, _, _ in entries} & asked == fresh, "and nothing else"


def test_a_list_whose_ends_vouch_is_read_whole_within_a_week(crawl: Crawls) -> None:
    swapped = [*ENTRIES[:6], ("/zwgk/zcwj/202601/t0077.html", "关于替换事项的通知", ENTRIES[6][2]), *ENTRIES[7:]]
    with served(conditional(whole())) as site:
        crawl(site.base + "/", "2026-11-20")
        site.pages.update(conditional(whole(swapped)))  # one gone, one come, on a page between
        for day in range(21, 28):
            last = crawl(site.base + "/", f"2026-11-{day}")
        walks = last.column("政策文件").walks
        assert "关于替换事项的通知" in last.documents()
        assert walks[1].whole_at == walks[0].at
        assert all((walk.at - walk.whole_at).days < 7 for walk in walks if walk.whole_at)


def test_an_edited_document_is_a_new_version_and_a_withdrawn_one_is_gone(crawl: Crawls) -> None:
    young = titles(2)
    with served(conditional(whole(young))) as site:
        crawl(site.base + "/", "2026-11-20")
        targets(site)
        edited = article(young[0][1], young[0][2], body="<p>更正后的正文，请以此为准，并认真贯彻执行。</p>" * 6)
        site.pages.update(conditional({young[0][0]: edited}))
        second = crawl(site.base + "/", "2026-11-21")
        assert targets(site)[-2:] == [young[0][0], young[1][0]], "documents of the last week are asked for daily"
        found = second.documents()
        assert "更正" in found[young[0][1]].reading.body
        assert found[young[0][1]].sha256 == digest(edited.encode())
        assert found[young[1][1]].observed_at == second.now
        site.pages.update(conditional(lists(young[:1])))
        site.pages[young[1][0]] = Answer(b"<html><body><h1>404 Not Found</h1></body></html>", 404)
        third = crawl(site.base + "/", "2026-11-22")
        assert third.documents()[young[1][1]].last_seen == second.now
        gone = next(row for row in third.view.listings if row.title == young[1][1])
        assert gone.last_seen == second.now


def test_what_the_archive_cannot_give_back_is_not_asked_conditionally(crawl: Crawls) -> None:
    with served(conditional(whole())) as site:
        crawl(site.base + "/", "2026-11-20")
        for archive in crawl.archives:
            archive.unlink()
        second = crawl(site.base + "/", "2026-11-21")
        assert all("if-none-match" not in one.headers for one in site.asked)
        assert second.column("政策文件").walks[-1].reason == "start-unchanged"
        third = crawl(site.base + "/", "2026-11-22")  # its archive has the bytes again
        assert any("if-none-match" in one.headers for one in site.asked)
        assert third.column("政策文件").walks[-1].entries == 12


def test_a_row_was_absent_when_its_page_was_looked_at(crawl: Crawls) -> None:
    """What comes on the first page was not there yesterday; what comes behind it, not when the last page was read last."""
    with served(conditional(whole())) as site:
        crawl(site.base + "/", "2026-11-20")
        second = crawl(site.base + "/", "2026-11-21")
        assert second.column("政策文件").walks[-1].reason == "start-unchanged"
        top, behind = moved("on top")[0], ("/zwgk/zcwj/202611/t0098.html", "关于补登事项的通知", ENTRIES[7][2])
        site.pages.update(conditional(whole([top, *ENTRIES[:7], behind, *ENTRIES[7:]])))
        third = crawl(site.base + "/", "2026-11-22")
        absent = {row.title: row.absent_at for row in third.view.listings}
        assert (absent[top[1]], absent[behind[1]]) == (second.now, moment("2026-11-20"))


def test_a_server_that_always_says_304_is_asked_anew_within_a_week(crawl: Crawls) -> None:
    stuck = Answer(HOME.encode(), headers=(("Last-Modified", "Thu, 19 Nov 2026 00:00:00 GMT"),))

    def home(asked: Asked) -> Answer:
        return Answer(b"", 304) if "if-modified-since" in asked.headers else stuck

    with served({**whole(), "/": home}) as site:
        crawl(site.base + "/", "2026-11-20")
        sent = []
        for day in range(21, 28):
            site.asked.clear()
            crawl(site.base + "/", f"2026-11-{day}")
            sent.append(any(one.target == "/" and "if-modified-since" not in one.headers for one in site.asked))
        assert not sent[0]
        assert any(sent)


def test_a_server_that_says_304_even_where_nobody_asked_hides_nothing_for_good(crawl: Crawls) -> None:
    """From the second day on it says nothing but 304: a week later at most the page is not observed, rather than as it was."""
    first = [True]

    def home(asked: Asked) -> Answer:
        return Answer(HOME.encode(), headers=(("ETag", '"1"'),)) if first[0] else Answer(b"", 304)

    with served({**whole(), "/": home}) as site:
        crawl(site.base + "/", "2026-11-20")
        first[0] = False
        seen = {crawl(site.base + "/", f"2026-11-{day}").view.homes[-1].readable for day in range(21, 28)}
        assert seen == {True, False}


def test_a_304_that_speaks_of_another_copy_is_not_believed(crawl: Crawls) -> None:
    told: list[bool] = []

    def home(asked: Asked) -> Answer:
        told.append("if-none-match" in asked.headers)
        return Answer(b"", 304, headers=(("ETag", '"2"'),)) if told[-1] else Answer(HOME.encode(), headers=(("ETag", '"1"'),))

    with served({**whole(), "/": home}) as site:
        crawl(site.base + "/", "2026-11-20")
        told.clear()
        second = crawl(site.base + "/", "2026-11-21")
        assert told == [True, False]
        assert second.view.homes[-1].readable


def test_an_archive_that_loses_bytes_meanwhile_ends_in_no_loop(crawl: Crawls, monkeypatch: pytest.MonkeyPatch) -> None:
    stuck = [False]

    def home(asked: Asked) -> Answer:
        return Answer(b"", 304) if stuck[0] else Answer(HOME.encode(), headers=(("ETag", '"1"'),))

    with served({**whole(), "/": home}) as site:
        crawl(site.base + "/", "2026-11-20")
        stuck[0] = True
        monkeypatch.setattr("crawler.archive.Bodies.read", lambda *_: None)
        site.asked.clear()
        second = crawl(site.base + "/", "2026-11-21")
        assert site.targets.count("/") == 2
        assert second.view.homes[-1].reason == "http-304"


def test_a_compressed_page_that_stands_as_it_was_is_read(crawl: Crawls) -> None:
    def packed(asked: Asked) -> Answer:
        if asked.headers.get("if-none-match") == '"1"':
            return Answer(b"", 304, headers=(("ETag", '"1"'), ("Content-Encoding", "gzip")))
        return Answer(gzip.compress(HOME.encode()), headers=(("ETag", '"1"'), ("Content-Encoding", "gzip")))

    with served({**whole(), "/": packed}) as site:
        first = crawl(site.base + "/", "2026-11-20")
        second = crawl(site.base + "/", "2026-11-21")
        assert [home.sha256 for home in second.view.homes] == [digest(HOME.encode())] * 2
        assert second.crawl.state is first.crawl.state


def test_a_column_that_only_a_document_leads_to_is_not_lost(crawl: Crawls) -> None:
    """Its page is not fetched on the second day, so nothing leads to the column then."""
    inner = page("工作规则", "<h2>工作规则</h2>" + rows([(f"/gz/t{n}.html", f"关于第{n}项规则的说明", "2026-01-03") for n in range(3)]))
    leads = article(*ENTRIES[0][1:], extra="").replace("</body>", nav([("/zwgk/zcwj/", "政策文件"), ("/gz/", "规范性文件")]) + "</body>")
    home = HOME.replace("</body>", f'<div class="news"><a href="{ENTRIES[0][0]}">{ENTRIES[0][1]}</a></div></body>')
    with served({**whole(), "/": home, ENTRIES[0][0]: leads, "/gz/": inner}) as site:
        first = crawl(site.base + "/", "2026-11-20")
        column = next(column for column in first.view.columns if column.url.endswith("/gz/"))
        targets(site)
        second = crawl(site.base + "/", "2026-11-21")
        asked = targets(site)
        assert ENTRIES[0][0] not in asked
        assert "/gz/" in asked
        again = next(column for column in second.view.columns if column.url.endswith("/gz/"))
        assert (again.name, again.canonical, len(again.walks)) == (column.name, column.canonical, 2)
        site.pages["/gz/"] = Answer(b"<html><body><h1>404 Not Found</h1></body></html>", 404)
        third = crawl(site.base + "/", "2026-11-22")
        gone = next(column for column in third.view.columns if column.url.endswith("/gz/"))
        assert (gone.last_seen, gone.fault) == (second.now, None), "its links may have gone with it: nobody is blamed"


def test_a_column_hangs_under_the_same_one_however_its_address_is_spelled_today(crawl: Crawls) -> None:
    section = page("政务公开", "<h1>政务公开</h1>")
    with served({**whole(), "/zwgk/": section, "/zwgk/index.html": section}) as site:
        for day, address in (("2026-11-20", "/zwgk/index.html"), ("2026-11-21", "/zwgk/")):
            site.pages["/"] = page("示例区人民政府", nav([(address, "政务公开"), (LIST, "政策文件")]))
            one = crawl(site.base + "/", day)
            assert one.column("政务公开").last_seen == one.now
            assert one.column("政策文件").parent_url == one.column("政务公开").url == f"{site.base}/zwgk/index.html"


def test_a_304_that_nobody_asked_for_shows_nothing(crawl: Crawls) -> None:
    with served({**whole(), ENTRIES[0][0]: Answer(b"", 304), "/zwgk/zcjd/": Answer(b"", 304)}) as site:
        one = crawl(site.base + "/", "2026-11-20")
        column = one.column("政策解读")
        assert (column.kind is ColumnKind.LINK_OUT, column.reachable, column.fault) == (False, None, "http-304")
        assert ENTRIES[0][1] not in one.documents()
        assert one.crawl.faults["http-304"] == 2


def test_a_recheck_takes_nothing_as_it_was_and_settles_nothing(crawl: Crawls) -> None:
    swapped = [*ENTRIES[:6], ("/zwgk/zcwj/202601/t0077.html", "关于替换事项的通知", ENTRIES[6][2]), *ENTRIES[7:]]
    with served(conditional(whole())) as site:
        first = crawl(site.base + "/", "2026-11-20")
        known = Known(crawl.database, "unit")
        settled, column = known.settled_at(), first.column("政策文件")
        site.pages.update(conditional(whole(swapped)))  # one gone, one come, on a page between
        site.asked.clear()
        focus = Focus(first.view.columns, frozenset({url_key(column.url)}), pages=(site.base + ENTRIES[0][0],))
        second = crawl(site.base + "/", "2026-11-21", spider="recheck", focus={"unit": focus})
        assert not any("if-none-match" in one.headers for one in site.asked)
        asked = [target for target in targets(site) if target != "/robots.txt"]
        assert asked == sorted([LIST, f"{LIST}index_1.html", f"{LIST}index_2.html", ENTRIES[0][0], swapped[6][0]])
        walk = second.column("政策文件").walks[-1]
        assert (walk.state, walk.reason, walk.whole_at) == (WalkState.COMPLETE, "last-page", second.now)
        assert second.documents().keys() >= {"关于替换事项的通知"}
        assert known.settled_at() == settled
        assert {column.column.name for column in known.columns(second.now, timedelta(days=28))} == {"政策文件", "政策解读"}
        third = crawl(site.base + "/", "2026-11-22")
        assert third.column("政策文件").walks[-1].reason == "start-unchanged", "what a recheck read vouches for the list"
        assert any("if-none-match" in one.headers for one in site.asked)


def test_the_archived_answer_s_wish_for_a_pause_is_not_heard_again(crawl: Crawls) -> None:
    def home(asked: Asked) -> Answer:
        waits = ("Retry-After", "20")
        return Answer(b"", 304) if "if-none-match" in asked.headers else Answer(HOME.encode(), headers=(("ETag", '"1"'), waits))

    with served({**whole(), "/": home}) as site:
        first, second = Waits(), Waits()
        crawl(site.base + "/", "2026-11-20", traffic=first.traffic())
        crawl(site.base + "/", "2026-11-21", traffic=second.traffic())
        assert (first.total >= 20, second.total < 20) == (True, True)


def test_a_crawl_that_was_cut_short_settles_no_columns(crawl: Crawls) -> None:
    with served(whole()) as site:
        crawl(site.base + "/", "2026-11-20")
        known = Known(crawl.database, "unit")
        settled = known.settled_at()
        cut = crawl(site.base + "/", "2026-11-21", crawl={"delay": 0, "render": "never", "daily_budget": 1})
        assert cut.crawl.reason == "daily-budget"
        assert known.settled_at() == settled


def test_a_column_off_the_site_that_a_document_leads_to_is_looked_at_again(crawl: Crawls) -> None:
    with served({"/x/": Answer(b"")}) as other, served(whole()) as site:
        leads = article(*ENTRIES[0][1:], extra="").replace(
            "</body>", nav([(LIST, "政策文件"), (other.base + "/x/", "规范性文件")]) + "</body>"
        )
        news = f'<div class="news"><a href="{ENTRIES[0][0]}">{ENTRIES[0][1]}</a></div></body>'
        site.pages.update({"/": HOME.replace("</body>", news), ENTRIES[0][0]: leads})
        row = {"id": "neighbour", "name": "邻区", "profile": "town", "home": site.base + "/n/", "columns": {"zcjd": other.base + "/x/"}}
        first = crawl(site.base + "/", "2026-11-20", others=(row,))
        assert (first.column("规范性文件").kind, first.column("规范性文件").reachable) == (ColumnKind.LINK_OUT, True)
        targets(site)
        other.asked.clear()
        second = crawl(site.base + "/", "2026-11-21", others=(row,))
        assert ENTRIES[0][0] not in targets(site)
        assert [(one.method, one.target) for one in other.asked if one.target == "/x/"] == [("HEAD", "/x/")]
        assert (second.column("规范性文件").reachable, second.column("规范性文件").last_seen) == (True, second.now)
        other.pages["/x/"] = Answer(b"", 404)
        third = crawl(site.base + "/", "2026-11-22", others=(row,))
        gone = third.column("规范性文件")
        assert (gone.last_seen, gone.reachable) == (second.now, True), "the link may have gone with it: nobody is blamed"


def test_a_renamed_row_of_a_list_of_one_page_is_fetched(crawl: Crawls) -> None:
    with served(whole(ENTRIES[:4])) as site:
        crawl(site.base + "/", "2026-11-20")
        site.pages.update(whole([(ENTRIES[0][0], "关于另一事项的通知（修订）", ENTRIES[0][2]), *ENTRIES[1:4]]))
        targets(site)
        crawl(site.base + "/", "2026-11-21")
        assert ENTRIES[0][0] in targets(site)
