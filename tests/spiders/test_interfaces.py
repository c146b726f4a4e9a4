"""Lists whose rows a script fetches from an interface: what is asked, how the walk ends, and what an interface that fails proves."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from spiders.base import Ask
from tests.support.pages import listing, page
from tests.support.walks import fetched, walk

HOST = "http://www.example.gov.cn"


def title(number: int) -> str:
    return f"关于第{number}号事项的通知"


def query(ask: Ask) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(ask.url).query).items()}


# --- UCAP: pages that lag behind the interface ------------------------------------------------------

CHANNEL = "28de6b87eda140cb93de4dd10d11867d"
UCAP = f"{HOST}/wx/c100302/zfxxgk_list.shtml"
IN_TEXT = "<script>var channelId='%s';$.get('/common/search/'+channelId+'?page='+p+'&_pageSize=5&_isAgg=true&_isJson=true&_template=index',f)</script>"
IN_FIELD = '<input type="hidden" id="channelId" value="%s"><script>$.ajax({url:"/searchList/"+id+"?_isAgg=false&_isJson=true&_pageSize=5&_template=index&page="+n})</script>'
IN_ADDRESS = "<script>$.getJSON('/search/%s?_isAgg=true&_isJson=true&_pageSize=5&_template=index&page=1')</script>"


def ucap_page(numbers: Sequence[int], *, declared: int, script: str = IN_TEXT, number: int = 1) -> str:
    rows = [(title(one), f"/wx/c100302/202611/{one:032x}.shtml", f"2026-11-{one:02d}") for one in numbers]
    call = f"<div id='page_div'></div><script>createPageHTML('page_div',{-(-declared // 5)},{number},'zfxxgk_list','shtml',{declared});</script>"
    items = "".join(f"<li><a href='{url}' title='{name}'>{name}</a><span>{day}</span></li>" for name, url, day in rows)
    return page("政策文件", f"<h2>政策文件</h2><ul class='list'>{items}</ul>{call}{script % CHANNEL}")


def twin(numbers: Sequence[int], *, size: int = 5, total: int | None = None) -> Callable[[Ask], str]:
    """An interface that has these rows, newest first."""

    def answer(ask: Ask) -> str:
        number = int(query(ask)["page"])
        rows = [
            {
                "title": title(one),
                "url": f"//www.example.gov.cn/wx/c100302/202611/{one:032x}.shtml",
                "publishedTimeStr": f"2026-11-{one:02d} 10:00:00",
            }
            for one in numbers[(number - 1) * size : number * size]
        ]
        return json.dumps({"code": 200, "data": {"page": number, "rows": size, "total": total or len(numbers), "results": rows}})

    return answer


@pytest.mark.parametrize(
    ("script", "path"),
    [(IN_TEXT, "/common/search/"), (IN_FIELD, "/searchList/"), (IN_ADDRESS, "/search/")],
    ids=["variable", "field", "address"],
)
def test_ucap_rows_that_only_the_interface_has_yet(script: str, path: str) -> None:
    newest_first = list(range(12, 0, -1))
    first = fetched(ucap_page(newest_first[2:7], declared=10, script=script), UCAP)
    walked = walk(first, twin(newest_first))
    assert (walked.family, walked.end, len(walked.titles)) == ("ucap", ("complete", "declared-total-read"), 12)
    assert [urlsplit(ask.url).path for ask in walked.asked] == [f"{path}{CHANNEL}"] * 3
    assert [query(ask)["page"] for ask in walked.asked] == ["1", "2", "3"]
    assert query(walked.asked[0]).items() >= {"_pageSize": "5", "_isJson": "true", "_template": "index"}.items()
    (newest, *_) = walked.notes.entries
    assert newest.date is not None
    assert (newest.url, newest.date.value.day) == (f"{HOST}/wx/c100302/202611/{12:032x}.shtml", 12)


OUTSIDE = (
    '<script>var channelId="%s";</script><script src="/common/js/jquery.min.js"></script><script src="/common/js/listPage.js?v=3"></script>'
)
FILE = "function load(p){$.getJSON('/common/search/'+channelId+'?page='+p+'&_pageSize=5&_isAgg=true&_isJson=true&_template=index',show)}"


def test_ucap_interface_that_a_file_of_the_page_names() -> None:
    newest_first = list(range(12, 0, -1))
    first = fetched(ucap_page(newest_first[2:7], declared=10, script=OUTSIDE), UCAP)
    walked = walk(first, lambda ask: FILE if ask.kept else twin(newest_first)(ask))
    assert (walked.family, walked.end, len(walked.titles)) == ("ucap", ("complete", "declared-total-read"), 12)
    assert [(urlsplit(ask.url).path, ask.kept) for ask in walked.asked[:2]] == [
        ("/common/js/listPage.js", True), (f"/common/search/{CHANNEL}", False),
    ]  # fmt: skip


@pytest.mark.parametrize("file", ["function pager(){}", None], ids=["names-none", "gone"])
def test_ucap_file_that_names_no_interface_leaves_the_pages(file: str | None) -> None:
    pages = {UCAP.replace("list.", "list_2."): ucap_page([5, 4, 3, 2, 1], declared=10, script=OUTSIDE, number=2)}
    first = fetched(ucap_page([10, 9, 8, 7, 6], declared=10, script=OUTSIDE), UCAP)
    walked = walk(first, lambda ask: file if ask.kept else pages.get(ask.url))
    assert (walked.end, len(walked.titles)) == (("complete", "declared-total-read"), 10)


def test_ucap_interface_that_is_gone_leaves_the_pages_and_proves_nothing() -> None:
    numbers = list(range(10, 0, -1))
    pages = {"zfxxgk_list_2.shtml": ucap_page(numbers[5:], declared=10, number=2)}
    walked = walk(fetched(ucap_page(numbers[:5], declared=10), UCAP), lambda ask: pages.get(ask.url.rpartition("/")[2]))
    assert (walked.end, len(walked.titles)) == (("incomplete", "http-404"), 10)


@pytest.mark.parametrize(
    "answer", ["[" * 100_000, '{"code":500,"msg":"error","data":null}', "[]", '{"data":{"total":"many","results":[]}}', "<html>404</html>"]
)
def test_ucap_interface_that_fails_is_no_end(answer: str) -> None:
    walked = walk(fetched(ucap_page(range(5, 0, -1), declared=5), UCAP), lambda ask: answer)
    assert (walked.end, len(walked.titles)) == (("incomplete", "api-failed"), 5)


def test_ucap_pages_that_print_more_than_either_gives() -> None:
    walked = walk(fetched(ucap_page(range(9, 4, -1), declared=5).replace("shtml',5", "shtml',9"), UCAP), twin([8, 7, 6]))
    assert walked.end == ("incomplete", "declared-more-than-read")
    assert len(walked.titles) == 5  # those of the interface, and the two that the page shows besides


@pytest.mark.parametrize(("declared", "end"), [(10, ("complete", "declared-total-read")), (14, ("incomplete", "http-404"))])
def test_ucap_pages_that_have_rows_which_the_interface_lacks(declared: int, end: tuple[str, str]) -> None:
    numbers = list(range(10, 0, -1))
    search, second = twin(numbers[:7]), ucap_page(numbers[5:], declared=declared, number=2)
    answers: dict[str, Callable[[Ask], str]] = {"search": search, "zfxxgk_list_2.shtml": lambda ask: second}
    walked = walk(
        fetched(ucap_page(numbers[:5], declared=declared), UCAP),
        lambda ask: next((answer(ask) for part, answer in answers.items() if part in ask.url), None),
    )
    assert (len(walked.titles), walked.end) == (10, end)


def test_ucap_interface_that_repeats_its_first_page() -> None:
    first = twin(list(range(12, 0, -1)))
    walked = walk(fetched(ucap_page(range(12, 7, -1), declared=12), UCAP), lambda ask: first(Ask(ask.url.replace("page=2", "page=1"))))
    assert walked.end == ("incomplete", "page-repeated")


@pytest.mark.parametrize(
    "script",
    [
        "<script>var channelId='%s'</script>",  # an id, and no interface
        "<script>$.get('http://search.example.gov.cn/common/search/%s?_isJson=true&page=1')</script>",  # on another host
        "<script>var a={channelId:'%s'},b={channelId:'" + "ab" * 16 + "'};$.get('/common/search/'+a.channelId+'?_isJson=true')</script>",
    ],
    ids=["none", "elsewhere", "two channels"],
)
def test_ucap_marks_that_name_no_interface_of_this_list(script: str) -> None:
    assert walk(fetched(ucap_page(range(5, 0, -1), declared=5, script=script), UCAP), lambda ask: None).family == "generic"


# --- Epoint: POST of JSON with what scripts say -----------------------------------------------------

GUID = "3373428a-5c73-4318-83c9-32cf98fea0d3"
COMMON = f'var siteInfo={{"siteGuid":"{GUID}","projectName":"/EWB-FRONT"}};function getQuery(n){{}}'
LIST = """$.ajax({url:siteInfo.projectName+'/rest/lightfrontaction/getgovinfolist',type:'post',data:JSON.stringify(
{categorynum:$('#categorynum').val(),pageIndex:p,pageSize:5,siteGuid:siteInfo.siteGuid})})"""
WRAPPED = """$.post(siteInfo.projectName + "/rest/lightfrontaction/getgovinfolist", JSON.stringify(
{"token":"","params":{"deptcode":"","categorynum":c,"pageIndex":n,"pageSize":5,"siteGuid":siteInfo.siteGuid}}))"""
SCRIPTS = {"/js/webBuilderCommon.js": COMMON, "/js/govlist.js": LIST}
FIELD = '<input type="hidden" id="categorynum" value="003002">'


def epoint_page(field: str = FIELD, scripts: Sequence[str] = ("/js/jquery.min.js", "/js/govlist.js", "/js/webBuilderCommon.js")) -> str:
    tags = "".join(f'<script src="{one}"></script>' for one in scripts)
    return page("政策文件", f'{field}<table><thead><tr><th>索引号</th><th>标题</th></tr></thead><tbody id="govlist"></tbody></table>{tags}')


def epoint(ask: Ask, *, total: int, scripts: dict[str, str] = SCRIPTS, failing: str | None = None) -> str | None:
    path = urlsplit(ask.url).path
    if ask.method == "GET":
        return scripts.get(path)
    asked: dict[str, Any] = json.loads(ask.body or "")
    asked = asked.get("params", asked)
    if path != "/EWB-FRONT/rest/lightfrontaction/getgovinfolist" or asked["siteGuid"] != GUID or asked["categorynum"] != "003002":
        return '{"custom":null,"status":{"code":500}}'
    number, size = asked["pageIndex"], asked["pageSize"]
    if failing is not None and number:
        return failing
    rows = [
        {"title": title(one), "infourl": f"/xxgk/003/003002/20261101/{one}.html", "infodate": f"2026-11-{one % 28 + 1:02d}"}
        for one in range(number * size, min((number + 1) * size, total))
    ]
    return json.dumps({"custom": {"total": total, "data": rows}, "status": {"code": 200}})


@pytest.mark.parametrize(
    ("url", "field", "script"),
    [
        (f"{HOST}/xxgk/003/list.html", FIELD, LIST),
        (f"{HOST}/dynamic/zwgk/govInfoPub.html?categorynum=003002", "", LIST),
        (f"{HOST}/dynamic/zwgk/govInfoPub.html?categorynum=003002", "", WRAPPED),
    ],
    ids=["field", "address", "params"],
)
def test_epoint_asks_as_its_scripts_do(url: str, field: str, script: str) -> None:
    scripts = {**SCRIPTS, "/js/govlist.js": script}
    walked = walk(fetched(epoint_page(field), url), lambda ask: epoint(ask, total=12, scripts=scripts))
    assert (walked.family, walked.end, len(walked.titles)) == ("epoint", ("complete", "declared-total-read"), 12)
    assert [(ask.method, urlsplit(ask.url).path.rpartition("/")[2]) for ask in walked.asked[:3]] == [
        ("GET", "webBuilderCommon.js"), ("GET", "govlist.js"), ("POST", "getgovinfolist"),
    ]  # fmt: skip
    assert [ask.kept for ask in walked.asked[:3]] == [True, True, False]
    assert len({ask.url for ask in walked.asked}) == len(walked.asked)  # told apart in archive and replay
    assert dict(walked.asked[-1].headers)["Content-Type"].startswith("application/json")


@pytest.mark.parametrize(
    ("failing", "reason"),
    [
        ('{"code":500,"msg":"系统繁忙"}', "api-failed"),
        ('{"custom":null,"status":{"code":500,"text":"参数错误"}}', "api-failed"),
        ('{"custom":{"total":120,"data":[]},"status":{"code":200}}', "api-empty"),
        ("<html>系统繁忙</html>", "api-failed"),
    ],
)
def test_epoint_failure_with_status_200_is_no_end(failing: str, reason: str) -> None:
    walked = walk(fetched(epoint_page(), f"{HOST}/xxgk/003/list.html"), lambda ask: epoint(ask, total=12, failing=failing))
    assert (walked.end, len(walked.titles)) == (("incomplete", reason), 5)


def test_epoint_category_without_rows_is_empty() -> None:
    walked = walk(fetched(epoint_page(), f"{HOST}/xxgk/003/list.html"), lambda ask: epoint(ask, total=0))
    assert walked.end == ("complete", "declared-zero")


@pytest.mark.parametrize("scripts", [{}, {"/js/webBuilderCommon.js": COMMON}, {"/js/govlist.js": LIST}], ids=["none", "no list", "no guid"])
def test_epoint_scripts_that_do_not_tell(scripts: dict[str, str]) -> None:
    walked = walk(fetched(epoint_page(), f"{HOST}/xxgk/003/list.html"), lambda ask: epoint(ask, total=12, scripts=scripts))
    assert walked.end == ("incomplete", "script-only")


def test_epoint_page_whose_rows_stand_in_it() -> None:
    text = listing(
        "政策文件",
        [(title(one), f"/x/{one}.html", "2026-11-02") for one in range(5)],
        below='<script src="/js/webBuilderCommon.js"></script>',
    )
    assert walk(fetched(text, f"{HOST}/xxgk/003/list.html?categorynum=003002"), lambda ask: None).family == "generic"


# --- TrueCMS: a hidden list, and a recordset in JSON -----------------------------------------------

TRUECMS = f"{HOST}/sgaj/zcfg/zcfg.html"
JPAGE = """<script>jpage({proxyUrl:'/TrueCMS/messageController/getMessage.do',perPage:5,groupSize:3,totalRecord:%d,
dataType:'jsonp',ajaxParam:{columnId:'82e1eed4-ef97-4ba8-b3da-2299d731060c'}});</script>"""


def truecms_row(number: int) -> str:
    return f'<li><a href="/sgaj/zcfg/content/{number}.html" title="{title(number)}">{title(number)}</a><span>2026-11-{number % 28 + 1:02d}</span></li>'


def truecms(total: int) -> str:
    rows = "".join(truecms_row(one) for one in range(min(total, 5)))
    return page("政策法规", f'<ul id="initData" style="display:none">{rows}</ul><div id="list"></div>{JPAGE % total}')


def test_truecms_reads_on_from_the_interface() -> None:
    def answer(ask: Ask) -> str:
        asked = query(ask)
        rows = "".join(
            f"<record><![CDATA[{truecms_row(one)}]]></record>" for one in range(int(asked["startrecord"]) - 1, int(asked["endrecord"]))
        )
        store = f"<datastore><totalrecord>12</totalrecord><recordset>{rows}</recordset></datastore>"
        return f"{asked['callback']}({json.dumps({'result': store}, ensure_ascii=False)});"

    walked = walk(fetched(truecms(12), TRUECMS), answer)
    assert (walked.family, walked.end, len(walked.titles)) == ("truecms", ("complete", "declared-total-read"), 12)
    assert query(walked.asked[0]).items() >= {"startrecord": "6", "endrecord": "10", "perpage": "5"}.items()


@pytest.mark.parametrize(
    ("answer", "reason"), [(None, "http-404"), ("<html>HTTP Status 404</html>", "api-failed"), ('{"result":""}', "api-failed")]
)
def test_truecms_interface_that_is_retired(answer: str | None, reason: str) -> None:
    walked = walk(fetched(truecms(12), TRUECMS), lambda ask: answer)
    assert (walked.end, len(walked.titles)) == (("incomplete", reason), 5)


def test_truecms_page_that_holds_all() -> None:
    assert walk(fetched(truecms(4), TRUECMS), lambda ask: None).end == ("complete", "declared-total-read")
