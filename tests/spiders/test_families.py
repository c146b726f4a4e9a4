"""Each family over saved answers: how it is recognised, how it asks, and how its walk ends."""

from __future__ import annotations

import json
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest

from crawler.extract import read
from spiders.base import Ask, Family, Fetched, Progress, Step
from spiders.families import family_of
from spiders.generic import GenericFamily
from spiders.gkmlpt import GkmlptFamily
from spiders.hanweb import HanwebFamily
from spiders.jpaas import JpaasFamily
from tests.support.pages import listing, page, titles
from tests.support.walks import walk as walk_whole

HOST = "http://www.example.gov.cn"
COLUMN = f"{HOST}/col/col77/index.html"


def fetched(text: str, url: str = COLUMN) -> Fetched:
    return Fetched(url, text, read(text.encode(), url))


def answered(text: str, url: str) -> Fetched:
    return Fetched(url, text, None)


def walk(family: Family, first: Fetched, answers: Callable[[Step], Fetched | None], column: str = COLUMN) -> tuple[list[Step], Progress]:
    """Walk as the spider does, until an end, a fault or no answer."""
    progress = Progress()
    steps = [family.first(first, column, progress)]
    while True:
        step = steps[-1]
        progress.pages += bool(step.entries or progress.pages)
        progress.rows += len(step.entries)
        progress.declared = step.declared if step.declared is not None else progress.declared
        answer = answers(step) if step.ask else None
        if answer is None or len(steps) > 20:
            return steps, progress
        steps.append(family.following(answer, column, progress))


# --- generic --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("below", "end", "fault", "asked"),
    [
        ("", "no-pager", None, None),
        ("<div class='page'><script>createPageHTML(1, 0, 'index', 'html');</script></div>", "last-page", None, None),
        ("<div class='page'><script>createPageHTML(3, 0, 'index', 'html');</script></div>", None, None, f"{HOST}/col/col77/index_1.html"),
        ("<div class='page'><a href='index_1.html'>下一页</a></div>", None, None, f"{HOST}/col/col77/index_1.html"),
    ],
)
def test_generic(below: str, end: str | None, fault: str | None, asked: str | None) -> None:
    first = fetched(listing("政策文件", titles(5), below=below))
    assert family_of(first).name == "generic"
    step = GenericFamily().first(first, COLUMN, Progress())
    assert len(step.entries) == 5
    assert (step.end, step.fault, step.ask.url if step.ask else None) == (end, fault, asked)


def test_generic_page_without_a_list() -> None:
    assert GenericFamily().first(fetched(page("通知", "<p>文字</p>")), COLUMN, Progress()).fault == "layout-unknown"


# --- hanweb ---------------------------------------------------------------------------------------


def record(number: int) -> str:
    return f"<record><![CDATA[<li><a href='/art/2026/11/{number:02d}/art_77_{number}.html' title='关于第{number}号事项的通知'>关于第{number}号事项的通知</a><span>2026-11-{20 - number % 20:02d}</span></li>]]></record>"


def datastore(numbers: range, *, total: int, next_group: str = "") -> str:
    return (
        f"<datastore>{f'<nextgroup><![CDATA[{next_group}]]></nextgroup>' if next_group else ''}"
        f"<totalpage>9</totalpage><totalrecord>{total}</totalrecord><recordset>{''.join(record(number) for number in numbers)}</recordset></datastore>"
    )


NEXT_GROUP = '<a href="/module/web/jpage/dataproxy.jsp?page=1&amp;webid=3&amp;path=http://www.example.gov.cn/&amp;columnid=77&amp;unitid=9001&amp;webname=%25E7%25A4%25BA&amp;permissiontype=0"></a>'
PARAM = "jpage({dataType:'xml', proxyUrl:'/module/web/jpage/dataproxy.jsp', perPage:5, groupSize:2, totalRecord:%d, proxyParam:'columnid=77&unitid=9001&webname=%%25E7%%25A4%%25BA'});"
PLAIN = "jpage({dataType:'xml', perPage:5, groupSize:2, totalRecord:%d}); // dataproxy.jsp"


def hanweb_page(numbers: range, script: str, *, total: int, next_group: str = "") -> Fetched:
    body = f'<h2>政策文件</h2><div id="9001" class="default_pgContainer"></div><script type="text/xml">{datastore(numbers, total=total, next_group=next_group)}</script><script>{script % total}</script>'
    return fetched(page("政策文件", body))


@pytest.mark.parametrize(
    ("script", "next_group"), [(PARAM, ""), (PLAIN, NEXT_GROUP), (PARAM, NEXT_GROUP)], ids=["proxyParam", "nextgroup", "both"]
)
def test_hanweb_reads_on_from_the_proxy(script: str, next_group: str) -> None:
    first = hanweb_page(range(1, 11), script, total=23, next_group=next_group)
    assert family_of(first).name == "hanweb"
    asked: list[tuple[str, str]] = []

    def proxy(step: Step) -> Fetched:
        assert step.ask is not None
        asked.append((step.ask.url, step.ask.body or ""))
        start = int(step.ask.url.partition("startrecord=")[2].partition("&")[0])
        return fetched(datastore(range(start, min(start + 10, 24)), total=23), step.ask.url)

    steps, progress = walk(HanwebFamily(), first, proxy)
    assert [len(step.entries) for step in steps] == [10, 10, 3]
    assert (steps[-1].end, progress.rows, progress.declared) == ("declared-total-read", 23, 23)
    assert [url for url, _ in asked] == [
        f"{HOST}/module/web/jpage/dataproxy.jsp?startrecord=11&endrecord=20&perpage=5",
        f"{HOST}/module/web/jpage/dataproxy.jsp?startrecord=21&endrecord=23&perpage=5",
    ]
    for _, body in asked:
        assert {"columnid=77", "unitid=9001", "webname=%25E7%25A4%25BA"} <= set(
            body.split("&")
        )  # echoed as the page writes it: encoded twice
        assert "page=1" not in body.split("&")
    addresses = [entry.url for step in steps for entry in step.entries]
    assert len(set(addresses)) == 23


def test_hanweb_proxy_that_knows_pages_alone() -> None:
    """Some servers ignore startrecord and give the first rows again."""

    def proxy(ask: Ask) -> str:
        page = parse_qs(urlsplit(ask.url).query).get("page", ["1"])[0] if ask.method == "GET" else "1"
        start = (int(page) - 1) * 10 + 1
        return datastore(range(start, min(start + 10, 29)), total=28)

    first = hanweb_page(range(1, 11), PARAM, total=28, next_group=NEXT_GROUP)
    walked = walk_whole(first, proxy)
    assert (walked.end, len(walked.titles)) == (("complete", "declared-total-read"), 28)
    assert [(ask.method, "unitid=9001" in ask.url) for ask in walked.asked] == [("POST", False), ("GET", True), ("GET", True)]


def test_hanweb_proxy_that_repeats_itself_whatever_is_asked() -> None:
    first = hanweb_page(range(1, 11), PARAM, total=28, next_group=NEXT_GROUP)
    walked = walk_whole(first, lambda ask: datastore(range(1, 11), total=28))
    assert (walked.end, len(walked.asked)) == (("incomplete", "page-repeated"), 2)


def test_hanweb_page_that_does_not_say_how_much_the_proxy_has() -> None:
    walked = walk_whole(hanweb_page(range(1, 11), "jpage({dataType:'xml', perPage:5}); // dataproxy.jsp %d", total=28), lambda ask: None)
    assert walked.end == ("incomplete", "unknown-pager")


def test_hanweb_whose_page_holds_everything() -> None:
    steps, _ = walk(HanwebFamily(), hanweb_page(range(1, 6), PARAM, total=5), lambda step: None)
    assert (len(steps[0].entries), steps[0].end) == (5, "declared-total-read")


def test_hanweb_with_no_record_at_all() -> None:
    step = HanwebFamily().first(hanweb_page(range(0), PARAM, total=0), COLUMN, Progress())
    assert (step.entries, step.declared, step.end, step.fault) == ((), 0, "declared-total-read", None)


def test_hanweb_proxy_that_answers_nothing_is_a_fault_not_an_end() -> None:
    """A wrong unit id answers an empty document with status 200."""
    steps, progress = walk(
        HanwebFamily(), hanweb_page(range(1, 11), PARAM, total=23), lambda step: fetched("<datastore><recordset></recordset></datastore>")
    )
    assert (steps[-1].fault, steps[-1].end, progress.rows) == ("api-empty", None, 10)


def test_hanweb_without_a_proxy_is_not_read_to_its_end() -> None:
    step = HanwebFamily().first(hanweb_page(range(1, 11), PLAIN, total=23), COLUMN, Progress())
    assert (step.fault, step.ask) == ("declared-more-than-read", None)


# --- gkmlpt ---------------------------------------------------------------------------------------


INDEX = f"{HOST}/gkmlpt/index"
TREE = [
    {
        "id": 1075,
        "name": "政策",
        "children": [{"id": 1076, "name": "规范性文件"}, {"id": 1077, "name": "政策解读", "jump_url": "/zwgk/zcjd/"}],
    },
    {"id": 1080, "name": "机构职能", "jump_url": "javascript:void(0)"},
    {"id": 1081, "name": "坏址", "link": "http://a.example:port/"},
    {"name": "无号"},
    "no node",
]


def gkmlpt_page(tree: object = TREE, sid: str = "755001") -> Fetched:
    config = json.dumps({"SID": sid, "TREE": tree}, ensure_ascii=False)
    return fetched(
        page("政府信息公开", f'<div id="app"></div><script>window._CONFIG = {config};</script><script src="/gkmlpt/app.js"></script>'),
        INDEX,
    )


def article(number: int, **keys: object) -> dict[str, object]:
    return {
        "title": f"关于第{number}号事项的通知",
        "url": f"{HOST}/gkmlpt/content/9/{number}/post_{number}.html",
        "display_publish_time": 1763600000 + number,
        **keys,
    }


def answer(articles: object, total: object = 3, number: int = 1) -> Fetched:
    return answered(
        json.dumps({"articles": articles, "classify": {"post_count": total}}), f"{HOST}/gkmlpt/api/all/1076?page={number}&sid=755001"
    )


def test_gkmlpt_columns() -> None:
    first = gkmlpt_page()
    assert family_of(first).name == "gkmlpt"
    columns = {column.name: column for column in GkmlptFamily().columns(first)}
    assert list(columns) == ["政策", "规范性文件", "政策解读", "机构职能", "坏址"]
    assert columns["政策"].holds_columns
    leaf = columns["规范性文件"]
    assert (leaf.url, leaf.parent_url, leaf.ask.url if leaf.ask else None) == (
        f"{INDEX}#1076", f"{INDEX}#1075", f"{HOST}/gkmlpt/api/all/1076?page=1&sid=755001",
    )  # fmt: skip
    assert (columns["政策解读"].url, columns["政策解读"].ask) == (f"{HOST}/zwgk/zcjd/", None)
    for name, number in (("机构职能", 1080), ("坏址", 1081)):
        assert columns[name].url == f"{INDEX}#{number}"
        assert columns[name].ask is not None


def test_gkmlpt_reads_until_the_total() -> None:
    progress = Progress()
    pages = [[article(1), article(2)], [article(3)]]
    step = GkmlptFamily().following(answer(pages[0]), f"{INDEX}#1076", progress)
    assert step.ask is not None
    assert step.ask.url.endswith("/gkmlpt/api/all/1076?page=2&sid=755001")
    assert [entry.date.value.date().isoformat() for entry in step.entries if entry.date] == ["2025-11-20", "2025-11-20"]
    progress.rows, progress.pages = 2, 1
    step = GkmlptFamily().following(answer(pages[1], number=2), f"{INDEX}#1076", progress)
    assert (step.end, step.declared, len(step.entries)) == ("declared-total-read", 3, 1)


@pytest.mark.parametrize(
    ("given", "fault", "end"),
    [
        (answer([], 0), None, "declared-total-read"),
        (answer(None, 0), None, "declared-total-read"),
        (answer([], 3), "declared-more-than-read", None),
        (answer("articles", 3), "api-failed", None),
        (answer([1, 2], 3), "api-failed", None),
        (answer([article(1)], "many"), "api-failed", None),
        (answered("<html>404</html>", INDEX), "api-failed", None),
        (answered("[]", INDEX), "api-failed", None),
        (answered("null", INDEX), "api-failed", None),
        (answered("", INDEX), "api-failed", None),
    ],
)
def test_gkmlpt_answers(given: Fetched, fault: str | None, end: str | None) -> None:
    step = GkmlptFamily().following(given, f"{INDEX}#1076", Progress())
    assert (step.entries, step.fault, step.end) == ((), fault, end)


def test_gkmlpt_rows_with_odd_addresses() -> None:
    rows = [
        article(1, url="http://a.example:port/"),
        article(2, url=None, post_url="/gkmlpt/content/post_2.html"),
        article(3, url="", title=None, display_publish_time=0),
    ]
    step = GkmlptFamily().following(answer(rows), f"{INDEX}#1076", Progress())
    assert [entry.url for entry in step.entries] == [None, f"{HOST}/gkmlpt/content/post_2.html", None]
    assert (step.entries[2].title, step.entries[2].date) == ("", None)


def test_gkmlpt_titles_that_no_database_holds() -> None:
    (entry,) = GkmlptFamily().following(answer([article(1, title="关于\x00停车\ud800的通知\n")], 1), f"{INDEX}#1076", Progress()).entries
    assert entry.title == "关于停车的通知"


@pytest.mark.parametrize("config", ["{broken", "[]", "{}", '{"SID": "1", "TREE": {"id": 1}}'])
def test_gkmlpt_configs_that_say_nothing(config: str) -> None:
    first = fetched(page("x", f"<script>window._CONFIG = {config}; // /gkmlpt TREE</script>"), INDEX)
    assert GkmlptFamily().columns(first) == ()


# --- jpaas ----------------------------------------------------------------------------------------


UNIT = (
    """<h2>政策文件</h2><div id="list"></div><script parseType="buildstatic" """
    """url="/common-plugin/api/front/build/unit" queryData="{'webId':'5','pageId':'77','parseType':'buildstatic','tplSetId':'abc'}"></script>"""
)


def unit_answer(numbers: range, *, count: int | None, rows: int = 5) -> Fetched:
    items = "".join(
        f'<li><a href="/art/{number}.html" title="关于第{number}号事项的通知">关于第{number}号事项的通知</a><span>2026-11-{20 - number:02d}</span></li>'
        for number in numbers
    )
    pager = f'<div class="page" count="{count}" rows="{rows}"></div>' if count is not None else ""
    return answered(
        json.dumps({"data": {"html": f'<div class="list"><ul>{items}</ul></div>{pager}'}}), f"{HOST}/common-plugin/api/front/build/unit"
    )


def test_jpaas_reads_page_by_page() -> None:
    first = fetched(page("政策文件", UNIT))
    assert family_of(first).name == "jpaas"
    asked: list[str] = []

    def gateway(step: Step) -> Fetched:
        assert step.ask is not None
        asked.append(step.ask.url)
        start = 1 + 5 * (len(asked) - 1)
        return unit_answer(range(start, min(start + 5, 13)), count=12)

    steps, _ = walk(JpaasFamily(), first, gateway)
    assert [len(step.entries) for step in steps] == [0, 5, 5, 2]
    assert (steps[-1].end, steps[-1].declared) == ("declared-total-read", 12)
    assert all(url.startswith(f"{HOST}/common-plugin/api/front/build/unit?") and "tplSetId=abc" in url for url in asked)
    assert [f'"pageNo"%3A{number}' in url or f"%22pageNo%22%3A{number}" in url for number, url in enumerate(asked, 1)] == [True] * 3


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        (answered("<html>", COLUMN), "api-failed"),
        (answered('{"data": null}', COLUMN), "api-failed"),
        (answered('{"data": {"html": ""}}', COLUMN), "api-failed"),
        (unit_answer(range(0), count=None), "api-empty"),
        (unit_answer(range(0), count=12), "declared-more-than-read"),
    ],
)
def test_jpaas_answers(given: Fetched, fault: str) -> None:
    progress = Progress()
    JpaasFamily().first(fetched(page("政策文件", UNIT)), COLUMN, progress)
    step = JpaasFamily().following(given, COLUMN, progress)
    assert (step.entries, step.fault, step.end) == ((), fault, None)


def test_jpaas_with_zero_records() -> None:
    progress = Progress()
    JpaasFamily().first(fetched(page("政策文件", UNIT)), COLUMN, progress)
    step = JpaasFamily().following(unit_answer(range(0), count=0), COLUMN, progress)
    assert (step.declared, step.end, step.fault) == (0, "declared-total-read", None)


def units(*tags: str) -> Fetched:
    made = "".join(
        f"""<script parseType="bulidstatic" url="/api/build/unit" queryData="{{'pageId':'77','tagId':'{tag}'}}"></script>""" for tag in tags
    )
    return fetched(page("政策文件", made))


def test_jpaas_takes_the_unit_that_is_the_list() -> None:
    """A carousel comes before the list, and a menu: neither tells how many rows it has."""
    asked: list[str] = []

    def gateway(step: Step) -> Fetched:
        assert step.ask is not None
        asked.append(step.ask.url)
        if "tagId=list" not in step.ask.url:
            return (
                unit_answer(range(1, 4), count=None) if "pictures" in step.ask.url else answered('{"data": {"html": "<p>x</p>"}}', COLUMN)
            )
        start = 1 if "%22pageNo%22%3A1" in step.ask.url else 6
        return unit_answer(range(start, min(start + 5, 8)), count=7)

    steps, _ = walk(JpaasFamily(), units("pictures", "menu", "list"), gateway)
    assert [len(step.entries) for step in steps if step.entries] == [5, 2]
    assert (steps[-1].end, steps[-1].declared) == ("declared-total-read", 7)
    assert len(asked) == 4


def test_jpaas_units_without_a_count() -> None:
    """The one with most rows is the list; it is asked once more, for it was passed over."""
    answers = iter([unit_answer(range(1, 2), count=None), unit_answer(range(1, 5), count=None), unit_answer(range(1, 5), count=None)])
    steps, _ = walk(JpaasFamily(), units("pictures", "list"), lambda _step: next(answers))
    assert (len(steps[-1].entries), steps[-1].end) == (4, "no-pager")


def test_jpaas_units_without_rows() -> None:
    answers = iter([unit_answer(range(0), count=None)] * 2)
    steps, _ = walk(JpaasFamily(), units("pictures", "menu"), lambda _step: next(answers))
    assert (steps[-1].entries, steps[-1].fault) == ((), "api-empty")


def test_jpaas_unit_that_cannot_be_read() -> None:
    first = fetched(page("政策文件", '<script parseType="buildstatic" url="/api/build/unit" queryData="{broken"></script>'))
    assert JpaasFamily().first(first, COLUMN, Progress()).fault == "script-only"


# --- all ------------------------------------------------------------------------------------------


def test_marks_of_a_family_in_a_text_make_no_family() -> None:
    text = listing("常见问题", titles(3), below="<p>请访问 /gkmlpt/index 或 dataproxy.jsp，详见 build/unit</p>")
    assert family_of(fetched(text)).name == "generic"
