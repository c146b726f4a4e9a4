"""Trees of columns that a script draws out of data."""

from __future__ import annotations

import pytest

from crawler.extract.links import read_links, read_nesting
from crawler.extract.page import Page

URL = "http://a.example/gk/"
ZTREE = """var setting = {data: {key: {name: "name", url: "xurl"}, simpleData: {enable: true}}};
var zNodes = [{id:1, pId:0, name:"政务公开", url:"/gk/", open:true}, {id:2, pId:1, name:"公开指南", url:"/gk/zn/", target:"_self"},
{"id":"3","pId":"1","name":"法定主动公开内容","url":""},{"id":"4","pId":"3","name":"机构职能","url":"\\/gk\\/jg\\/"}];
$.fn.zTree.init($("#tree"), setting, zNodes);"""
DTREE = """<!--
d = new dTree('d'); d.add(0,-1,'政务公开','/gk/'); d.add(1,0,'公开指南','/gk/zn/','','_self'); d.add(2,0,"法定主动公开内容");
d.add(3,2,'机构职能','/gk/jg/'); document.write(d);
//-->"""
MZTREE = """var t = new MzTreeView("t"); t.nodes["0_1"] = "text:政务公开; url:/gk/;"; t.nodes["1_2"] = "text:公开指南; url:/gk/zn/;";
t.nodes["1_3"] = "text:法定主动公开内容;"; t.nodes["3_4"] = "text:机构职能; url:/gk/jg/;"; document.write(t.toString());"""
NESTED = """layui.tree({elem: '#t', nodes: [{name: '政务公开', href: '/gk/', children: [{name: '公开指南', href: '/gk/zn/'},
{name: '法定主动公开内容', spread: true, children: [{href: '/gk/jg/', name: '机构职能'}]}]}]});"""
DOCUMENTS = """var rows = [{id:1, pid:7, title:"关于印发2026年政务公开工作要点的通知", url:"/a/1.html"}, {id:2, pid:1, title:"关于公布行政规范性文件清理结果的公告", url:"/a/2.html"},
{id:3, pid:1, title:"关于开展2026年度政府网站检查的通知", url:"/a/3.html"}];"""


def page(code: str, where: str = "body") -> Page:
    script = f"<script>{code}</script>"
    head, body = (script, "") if where == "head" else ("", script)
    return Page(f"<html><head><title>政务公开</title>{head}</head><body><p>政务公开</p>{body}</body></html>".encode(), URL)


@pytest.mark.parametrize("where", ["body", "head"])
@pytest.mark.parametrize("code", [ZTREE, DTREE, MZTREE, NESTED], ids=["ztree", "dtree", "mztree", "nested"])
def test_a_tree_that_a_script_draws_is_a_menu(code: str, where: str) -> None:
    at = page(code, where)
    links = [(link.text, link.url, link.region) for link in read_links(at)]
    assert links == [
        ("政务公开", "http://a.example/gk/", "menu"),
        ("公开指南", "http://a.example/gk/zn/", "menu"),
        ("机构职能", "http://a.example/gk/jg/", "menu"),
    ]
    assert ("http://a.example/gk/zn/", "http://a.example/gk/") in read_nesting(at)


@pytest.mark.parametrize(
    "code",
    [
        DOCUMENTS,
        "d.add(0,-1,'政务公开','javascript:void(0)'); d.add(1,0,'公开指南','#');",
        "var a = [{id:1, name:'甲', url:'/a/'}, {id:2, name:'乙', url:'/b/'}, {id:3, name:'丙', url:'/c/'}]; var pid = 1;",
        "var a = {" * 500 + "}" * 300,
    ],
    ids=["documents", "no-addresses", "no-tree", "cut"],
)
def test_other_data_are_no_tree(code: str) -> None:
    assert read_links(page(code)) == ()
