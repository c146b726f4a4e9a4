"""What else of its list a page offers, and what only looks like that: a list is one slice of itself or it is whole."""

from __future__ import annotations

import pytest

from data.records import Choice
from tests.support.dialects import script
from tests.support.pages import crumbs, page
from tests.support.walks import fetched, walk

COLUMN = "http://www.example.gov.cn/zwgk/nb/index.html"
Row = tuple[str, str]

REPORTS_OF_ONE_YEAR: list[Row] = [
    (f"示例区{name}2025年政府信息公开工作年度报告", "2026-01-20") for name in ("教育局", "民政局", "财政局", "审计局")
]
REPORTS_OF_ALL: list[Row] = [(f"示例区政府信息公开工作年度报告（{year}年）", f"{year + 1}-01-20") for year in range(2025, 2019, -1)]
OF_ONE_YEAR: list[Row] = [(f"关于第{n}号事项的通知", f"2026-0{9 - n}-11") for n in range(1, 6)]
OF_MANY: list[Row] = [(f"关于第{n}号事项的通知", f"{2026 - n}-03-11") for n in range(1, 6)]
UNDATED: list[Row] = [(f"示例区{name}2025年部门预算公开说明", "") for name in ("教育局", "民政局", "财政局", "审计局")]
OF_ONE_MONTH: list[Row] = [(f"关于第{n}号事项的通知", f"2026-09-{20 - n}") for n in range(1, 6)]

YEARS = "".join(f"<option>{year}年</option>" for year in range(2025, 2019, -1))
NUMBERS = "".join(f'<option value="{year}">{year}</option>' for year in range(2026, 2019, -1))
LOAD = "function load(y){$.post('/gk/list.do',{year:y},function(d){$('#rows').html(d);});}"
CHANGE = "$('#nf').change(function(){ $.get('/gk/list.do?y='+$(this).val(), function(d){ $('#rows').html(d); }); });"
TABS = "<ul class='years'>{}</ul>"
MONTHS = "".join(f'<option value="{n}">{n}月</option>' for n in range(9, 0, -1))
KINDS = ("规范性文件", "政策文件", "工作文件", "其他文件")
DEPARTMENTS = "".join(f'<option value="{n}">{name}</option>' for n, name in enumerate(("教育局", "民政局", "财政局", "审计局")))


def tabs(names: tuple[str, ...], each: str, *, marked: str = "") -> str:
    inside = "".join(each.format(n=n, name=name, on=marked if not n else "") for n, name in enumerate(names))
    return f'<ul class="tabs">{inside}</ul>'


def text(above: str, rows: list[Row], code: str = "") -> str:
    inside = "".join(
        f'<li><a href="/zwgk/nb/t{n}.html">{title}</a>{f"<span>{day}</span>" if day else ""}</li>' for n, (title, day) in enumerate(rows)
    )
    body = f'<h2>年度报告</h2><div class="right">{above}<ul class="list" id="rows">{inside or "<li>暂无相关信息</li>"}</ul></div>{script(code) if code else ""}'
    return page("年度报告_示例区人民政府", crumbs(("/", "首页"), ("", "年度报告")) + body)


def choice(above: str, rows: list[Row], code: str = "") -> Choice | None:
    reading = fetched(text(above, rows, code), COLUMN).reading
    assert reading is not None
    assert reading.listing is not None
    return reading.listing.choice


# One slice of its list: choice, rows, script.
SLICES: dict[str, tuple[str, list[Row], str]] = {
    "select-with-a-handler": (f'<select onchange="load(this.value)">{YEARS}</select>', REPORTS_OF_ONE_YEAR, LOAD),
    "select-bound-by-its-id": (f'<select id="nf">{YEARS}</select>', REPORTS_OF_ONE_YEAR, CHANGE),
    "select-of-a-script-elsewhere": (f'<select id="nf">{YEARS}</select>', REPORTS_OF_ONE_YEAR, ""),
    "select-of-numbers": (f'<select id="nf" onchange="load(this.value)">{NUMBERS}</select>', OF_ONE_YEAR, LOAD),
    "select-of-layui": (
        f'<select lay-filter="nf">{YEARS}</select>', REPORTS_OF_ONE_YEAR,
        "form.on('select(nf)', function(data){ $.post('/gk/list.do',{y:data.value},show); });",
    ),
    "select-in-a-form-by-post": (
        f'<form action="/gk/list.do" method="post"><select name="y" onchange="this.form.submit()">{YEARS}</select></form>', REPORTS_OF_ONE_YEAR, "",
    ),
    "select-of-a-search-that-stands-on-a-year": (
        ('<form action="/gk/list.do" method="post"><input type="text" name="key"><select name="y"><option value="">全部年份</option>'
        '<option selected>2025</option><option>2024</option></select><button>查询</button></form>'), REPORTS_OF_ONE_YEAR, "",
    ),
    "tabs-of-the-report-s-year": (TABS.format('<li class="on" onclick="load(2025)">2025年</li><li onclick="load(2024)">2024年</li>'), REPORTS_OF_ONE_YEAR, LOAD),
    "tabs-without-a-handler": (TABS.format('<li class="on">2025年度</li><li>2024年度</li>'), REPORTS_OF_ONE_YEAR, ""),
    "tabs-that-are-links-to-nowhere": (TABS.format('<li><a href="javascript:;" class="cur">2025</a></li><li><a href="javascript:;">2024</a></li>'), REPORTS_OF_ONE_YEAR, ""),
    "tabs-and-rows-without-dates": (TABS.format('<li class="on">2025</li><li>2024</li>'), UNDATED, ""),
    "tabs-that-mark-none": (TABS.format("<li>2026</li><li>2025</li><li>2024</li>"), OF_ONE_YEAR, ""),
    "tabs-of-an-empty-year": (TABS.format('<li class="on">2026年</li><li>2025年</li><li>2024年</li>'), [], ""),
    "another-than-all": (TABS.format('<li>全部</li><li class="on">2026</li><li>2025</li>'), OF_ONE_YEAR, ""),
    "months": (f'<select id="yf" onchange="load(this.value)">{MONTHS}</select>', OF_ONE_MONTH, LOAD),
    "kinds-by-a-handler": (tabs(KINDS, "<li class='{on}' onclick=\"cat({n})\">{name}</li>", marked="on"), OF_MANY, "function cat(n){$.post('/l.do',{c:n},function(d){$('#rows').html(d)});}"),
    "kinds-by-a-handler-elsewhere": (tabs(KINDS, '<li onclick="getList({n})">{name}</li>'), OF_MANY, "$.get('/hits.do');"),
    "kinds-by-a-method": (tabs(KINDS, '<li><a href="javascript:load({n})">{name}</a></li>'), OF_MANY, "function load(n){ query(n); } function query(n){ fetch('/l.do?c='+n).then(show); }"),
    "kinds-bound-by-class": (
        tabs(KINDS, '<li class="{on}" data-id="{n}">{name}</li>', marked="on"), OF_MANY,
        "$('.tabs li').click(function(){ $(this).addClass('on'); $.ajax({url:'/l.do',data:{c:$(this).data('id')},success:show}); });",
    ),
    "departments": (f'<select onchange="load(this.value)">{DEPARTMENTS}</select>', OF_MANY, LOAD),
}  # fmt: skip

# Whole, whatever stands above it.
WHOLE: dict[str, tuple[str, list[Row], str]] = {
    "reports-of-every-year": (f'<select onchange="load(this.value)">{YEARS}</select>', REPORTS_OF_ALL, LOAD),
    "years-that-mark-one-of-many": (TABS.format('<li class="on">2026</li><li>2025</li><li>2024</li>'), OF_MANY, ""),
    "years-behind-all-of-them": (f'<select onchange="load(this.value)"><option value="">全部年份</option>{YEARS}</select>', REPORTS_OF_ONE_YEAR, LOAD),
    "years-behind-a-request-to-choose": (f'<select id="nf"><option>--请选择年份--</option>{YEARS}</select>', REPORTS_OF_ONE_YEAR, CHANGE),
    "years-with-all-of-them-first": (TABS.format('<li class="on">全部</li><li>2026</li><li>2025</li>'), OF_ONE_YEAR, ""),
    "years-of-a-search": (f'<form action="/s.do" method="post"><input type="text" name="q"><select name="y">{YEARS}</select><button>查询</button></form>', OF_ONE_YEAR, ""),
    "years-from-and-to": (f'<form action="/s.do" method="post"><select name="a">{YEARS}</select><select name="b">{YEARS}</select><button>查询</button></form>', OF_ONE_YEAR, ""),
    "years-of-a-calendar": (f'<div class="calendar"><select id="cy" onchange="load(this.value)">{YEARS}</select></div>', OF_ONE_YEAR, LOAD),
    "years-of-boxes-in-the-page": (
        ('<div><ul class="years"><li class="on" onclick="show(0)">2025</li><li onclick="show(1)">2024</li></ul>'
        '<div class="p"><a href="/zwgk/nb/x1.html">附表</a></div><div class="p"><a href="/zwgk/nb/x2.html">附表</a></div></div>'), REPORTS_OF_ONE_YEAR,
        "function show(n){ $('.p').hide().eq(n).show(); }",
    ),
    "kinds-of-boxes-in-the-page": (tabs(KINDS, '<li class="{on}">{name}</li>', marked="on"), OF_MANY, "$('.tabs li').click(function(){ $('.p').hide(); }); $.get('/hits.do');"),
    "kinds-whose-function-shows": (tabs(KINDS, '<li onclick="setTab({n})">{name}</li>'), OF_MANY, "$.get('/hits.do');"),
    "kinds-behind-all-of-them": (
        tabs(("全部", *KINDS), '<li class="{on}" data-id="{n}">{name}</li>', marked="on"), OF_MANY, "$('.tabs li').click(function(){ $.ajax({url:'/l.do'}); });",
    ),
    "kinds-that-are-columns-as-well": (
        tabs(KINDS, '<li onclick="getList({n})">{name}</li>') + "".join(f'<a href="/zwgk/{n}/">{name}</a>' for n, name in enumerate(KINDS)), OF_MANY, "$.get('/l.do');",
    ),
    "links-of-friends": (f'<select onchange="window.open(this.value)">{DEPARTMENTS}</select>', OF_MANY, "$.get('/hits.do');"),
    "where-to-search": ('<form action="/s.do"><select name="w"><option>全文</option><option>标题</option><option>文号</option></select><input type="text" name="q"><button>搜索</button></form>', OF_MANY, "$.get('/hits.do');"),
    "kinds-to-search": (f'<form action="/s.do"><select name="w">{DEPARTMENTS}</select><input type="text" name="q"><button>搜索</button></form>', OF_MANY, "$.get('/hits.do');"),
    "language": ('<select onchange="lang(this.value)"><option value="cn">简体中文</option><option value="tw">繁體中文</option></select>', OF_MANY, "function lang(l){ $.get('/lang.do?l='+l); }"),
    "rows-of-a-page": ('<select onchange="size(this.value)"><option>每页10条</option><option>每页20条</option></select>', OF_MANY, "function size(n){ $.get('/l.do?n='+n); }"),
    "size-of-letters": ("<div class='tools'><span onclick='big(1)'>大字号</span><span onclick='big(2)'>小字号</span></div>", OF_MANY, "function big(n){ $.post('/f.do'); }"),
    "order-of-rows": (tabs(("按时间", "按热度"), '<li onclick="getList({n})">{name}</li>'), OF_MANY, "function getList(n){ $.get('/l.do?o='+n); }"),
    "a-foot-of-friends": (f'<div class="footer"><select onchange="load(this.value)">{DEPARTMENTS}</select></div>', OF_MANY, LOAD),
}  # fmt: skip

# Followed as lists of their own: choice, script, where the second choice leads.
FOLLOWED: dict[str, tuple[str, str, str]] = {
    "a-handler": ("<select onchange=\"location.href='/nb/?y='+this.value\"><option>2025</option><option>2024</option></select>", "", "/nb/?y=2024"),
    "a-function": ('<select onchange="go(this.value)"><option value="2025">2025年</option><option value="2024">2024年</option></select>', "function go(y){ window.location='/nb/list_'+y+'.html'; }", "/nb/list_2024.html"),
    "a-binding": ('<select id="nf"><option>2025</option><option>2024</option></select>', "$('#nf').change(function(){ location.href='/nb/?y='+$(this).val(); });", "/nb/?y=2024"),
    "a-form": ('<form action="/nb/list.do"><input type="hidden" name="cid" value="7"><select name="y" onchange="this.form.submit()"><option>2025</option><option>2024</option></select></form>', "", "/nb/list.do?cid=7&y=2024"),
    "a-form-of-departments": (f'<form action="/nb/list.do" method="get"><select name="bm" onchange="this.form.submit()">{DEPARTMENTS}</select></form>', "", "/nb/list.do?bm=1"),
    "tabs": (TABS.format('<li class="on" onclick="go(2025)">2025年</li><li onclick="go(2024)">2024年</li>'), "function go(y){ location.href='/nb/?y='+y; }", "/nb/?y=2024"),
    "links-of-a-function": (TABS.format('<li><a href="javascript:go(2025)">2025年</a></li><li><a href="javascript:go(2024)">2024年</a></li>'), "function go(y){ location.href='/nb/'+y+'.html'; }", "/nb/2024.html"),
}  # fmt: skip


@pytest.mark.parametrize("case", SLICES)
def test_one_slice_of_a_list_is_not_the_list(case: str) -> None:
    found = walk(fetched(text(*SLICES[case]), COLUMN), lambda ask: None)
    assert choice(*SLICES[case]) is not None
    assert found.end == ("incomplete", "slice-only")


@pytest.mark.parametrize("case", WHOLE)
def test_what_is_chosen_from_elsewhere_leaves_a_list_whole(case: str) -> None:
    found = walk(fetched(text(*WHOLE[case]), COLUMN), lambda ask: None)
    assert found.end == ("complete", "no-pager"), choice(*WHOLE[case])


@pytest.mark.parametrize("case", FOLLOWED)
def test_a_choice_that_a_plain_request_answers_is_a_link(case: str) -> None:
    above, code, second = FOLLOWED[case]
    assert choice(above, REPORTS_OF_ONE_YEAR, code) is None
    reading = fetched(text(above, REPORTS_OF_ONE_YEAR, code), COLUMN).reading
    assert reading is not None
    assert f"http://www.example.gov.cn{second}" in {link.url for link in reading.links}


def test_what_a_page_marks_is_what_it_shows() -> None:
    assert choice(*SLICES["tabs-of-the-report-s-year"]) == Choice("years", ("2025", "2024"), "2025")
    assert choice(*SLICES["months"]) == Choice("months", tuple(str(n) for n in range(9, 0, -1)), None)
