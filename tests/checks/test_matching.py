"""Titles, 文号 and names: what is the same, what is alike, whose it is; and how fast."""

from __future__ import annotations

import pytest

import checks.runner  # noqa: F401 - registers every check
from checks.bodies import Whose, bodies, places, title_lead
from checks.copies import Copies
from checks.explaining import subjects_of
from checks.matching import TitleIndex, number_tail, numbers_in, quotes_number, similarity
from checks.registry import CHECKS
from checks.scope import Scope, interpretation_scope
from data.catalogue import load_rules
from data.records import Status
from data.text import title_core
from tests.checks.build import view_of


@pytest.mark.parametrize(
    ("title", "core"),
    [
        ("东昌府区人民政府办公室关于印发2023年东昌府区政务公开工作要点的通知", "2023年东昌府区政务公开工作要点"),
        ("关于印发《示例区停车管理办法》的通知（示政办发〔2026〕3号）", "示例区停车管理办法"),
        ("【转载】国务院办公厅印发《关于加快养老服务发展的意见》", "加快养老服务发展"),
        ("示例区转发《示例市人民政府关于印发〈示例市养老服务办法〉的通知》的通知", "示例市养老服务办法"),
        (
            "吉林高新区管委会办公室\n关于印发《2018年吉林高新区政务公开工作\n重点任务分工方案的通知》",
            "2018年吉林高新区政务公开工作重点任务分工方案",
        ),
        ("示例区人民政府关于加强停车管理的意见", "加强停车管理"),
        ("关于废止《示例办法》的决定", "废止示例办法"),
        ("通知", "通知"),
    ],
)
def test_title_core(title: str, core: str) -> None:
    assert title_core(title) == core


@pytest.mark.parametrize(
    ("title", "about"),
    [
        ("《示例区停车管理办法》政策解读", ("示例区停车管理办法",)),
        ("政策解读：示例区停车管理办法", ("示例区停车管理办法",)),
        ("【图文解读】示例区停车管理办法", ("示例区停车管理办法",)),
        ("一图读懂示例区停车管理办法", ("示例区停车管理办法",)),
        ("一图读懂｜《示例区停车管理办法》", ("示例区停车管理办法",)),
        ("关于《示例区人民政府关于加强停车管理的意见》的解读", ("加强停车管理",)),
        ("示例区停车管理办法解读", ("示例区停车管理办法",)),
        ("区住建局负责人就《示例区停车管理办法》答记者问", ("示例区停车管理办法",)),
        ("《甲办法》《乙规定》解读", ("甲办法", "乙规定")),
        ("政策解读", ()),
        ("图解", ()),
    ],
)
def test_what_an_interpretation_is_about(title: str, about: tuple[str, ...]) -> None:
    assert subjects_of(title) == about


def test_titles_of_other_years_batches_or_places_are_not_the_same() -> None:
    assert similarity("示例区2026年民生实事实施方案", "示例区2025年民生实事实施方案") == 0
    assert similarity("第一批示范项目名录", "第二批示范项目名录") == 0
    assert similarity("示例区停车管理办法", "示例市停车管理办法") < 0.8
    assert similarity("示例区停车管理办法", "示例区停车场管理办法") > 0.8


def test_a_quoted_number_is_found_with_words_clinging_to_it() -> None:
    (quoted,) = numbers_in("根据示政办发[2026]3号文件")
    assert quotes_number(quoted, "示政办发〔2026〕3号")
    assert not quotes_number(quoted, "示政办发〔2026〕13号")
    assert number_tail("示政办发 (2026) 3号") == "2026〕3号"
    assert number_tail("宁党办〔201667号") is None


PORTAL = bodies(
    view_of(
        {
            "site": {"name": "示例市示例区人民政府", "unit": "示例区人民政府办公室"},
            "upstreams": [{"site": "city", "name": "示例市人民政府"}],
        }
    )
)
BUREAU = bodies(
    view_of(
        {
            "site": {"id": "edu", "name": "示例区教育局", "profile": "department", "home": "http://e.example.cn/", "parent": "p"},
            "parent": {"site": {}},
        }
    )
)
TOWN = bodies(
    view_of(
        {
            "site": {"id": "town", "name": "示例区示例镇人民政府", "profile": "town", "home": "http://t.example.cn/", "parent": "p"},
            "parent": {"site": {}},
        }
    )
)


@pytest.mark.parametrize(
    ("own", "name", "whose"),
    [
        (PORTAL, "示例区人民政府", Whose.OWN),
        (PORTAL, "示例市示例区教育局", Whose.OWN),
        (PORTAL, "示例市人民政府办公室", Whose.UPPER),
        (PORTAL, "示例市教育局", Whose.UPPER),
        (PORTAL, "国务院办公厅", Whose.UPPER),
        (PORTAL, "国家发展改革委", Whose.UPPER),
        (PORTAL, "模拟省人民政府", Whose.UPPER),
        (PORTAL, "省政府办公厅", Whose.UPPER),
        (PORTAL, "新华社", Whose.UPPER),
        (PORTAL, "示例镇人民政府", Whose.UNCLEAR),
        (PORTAL, "区政府办公室", Whose.UNCLEAR),
        (PORTAL, "本站", Whose.UNCLEAR),
        (PORTAL, None, Whose.UNCLEAR),
        (BUREAU, "示例区教育局", Whose.OWN),
        (BUREAU, "示例市教育局", Whose.UPPER),
        (BUREAU, "示例区人民政府办公室", Whose.UPPER),
        (BUREAU, "示例区财政局", Whose.UNCLEAR),
        (TOWN, "示例镇人民政府", Whose.OWN),
        (TOWN, "示例区人民政府", Whose.UPPER),
        (TOWN, "示例市人民政府", Whose.UPPER),
    ],
)
def test_whose_a_name_is(own: object, name: str | None, whose: Whose) -> None:
    assert own.whose(name) is whose  # type: ignore[attr-defined]


def test_places_at_the_head_of_a_name() -> None:
    assert places("示例市示例区教育局") == ("示例市", "示例区")
    assert places("城市管理局") == ()
    assert places("示例区城乡建设局") == ("示例区",)


def test_the_body_that_a_title_names() -> None:
    assert title_lead("国务院办公厅关于印发某办法的通知") == "国务院办公厅"
    assert title_lead("示例市人民政府印发《某办法》") == "示例市人民政府"
    assert title_lead("关于印发某办法的通知") is None


@pytest.mark.parametrize(
    ("title", "number", "columns", "scope"),
    [
        ("示例区会议费管理办法", "示区政办发〔2026〕1号", ["zcwj"], Scope.IN),
        ("示例区2026年重点任务分工方案", "示区政办发〔2026〕2号", ["zcwj"], Scope.OUT),
        ("示例区突发事件应急预案", "示区政办发〔2026〕3号", ["zcwj"], Scope.UNCLEAR),
        ("示例区人民政府关于划定禁烧区的通告", "示区政规〔2026〕4号", ["zcwj"], Scope.IN),
        ("示例区人民政府关于划定禁烧区的通告", "示区政发〔2026〕4号", ["zcwj"], Scope.UNCLEAR),
        ("模拟区产业发展规划", "模区政发〔2026〕5号", ["zcwj"], Scope.IN),
        ("模拟区拟推荐先进个人公示", None, ["zcwj"], Scope.OUT),
        ("示例区自然资源局工作安排", "示资规发〔2026〕6号", ["zcwj"], Scope.UNCLEAR),
        ("关于公布继续有效的规范性文件目录的通知", "示区政规〔2026〕7号", ["gfxwj"], Scope.OUT),
        ("示例区高龄津贴发放办法", None, ["gfxwj"], Scope.IN),
    ],
)
def test_scope_of_interpretation(title: str, number: str | None, columns: list[str], scope: Scope) -> None:
    (document,) = view_of({"documents": [{"title": title, "number": number, "columns": columns}]}).documents
    assert interpretation_scope(document)[0] is scope


_FIELDS = (
    "养老",
    "停车",
    "教育",
    "医保",
    "就业",
    "消费",
    "环保",
    "林业",
    "水务",
    "交通",
    "农业",
    "科技",
    "文化",
    "旅游",
    "应急",
    "住房",
    "供热",
    "燃气",
    "物业",
    "社保",
)
_MATTERS = (
    "服务",
    "补贴",
    "监管",
    "奖励",
    "扶持",
    "改造",
    "建设",
    "保障",
    "治理",
    "促进",
    "考核",
    "规划",
    "试点",
    "提升",
    "融合",
    "安全",
    "信用",
    "人才",
    "投资",
    "数据",
)


def _titles(count: int) -> list[str]:
    kinds = ("管理办法", "实施方案", "若干措施", "实施细则", "三年行动计划")
    return [
        f"示例{_FIELDS[index % 20]}{_MATTERS[index // 20 % 20]}{kinds[index // 400 % 5]}（第{index // 2000}号）" for index in range(count)
    ]


def test_many_documents_against_many_upper_items_find_each_its_own() -> None:
    titles = _titles(2_000)
    spec = {
        "documents": [{"title": title, "url": f"/d/{index}.html", "published": "2026-11-11"} for index, title in enumerate(titles)],
        "upstreams": [
            {
                "site": "city",
                "items": [{"title": f"示例市人民政府关于印发{title}的通知", "published": "2026-11-10"} for title in titles[::20]],
            }
        ],
    }
    view = view_of(spec)
    rule = load_rules()["repost-upper-72h"]
    copies = Copies(view, rule)
    found = [copies.of(item) for item in view.upstreams[0].items]
    assert all(certain for certain, _ in found)


def test_many_documents_of_like_titles_find_each_its_own_interpretation() -> None:
    titles = _titles(2_000)
    spec = {
        "documents": [
            *({"title": title, "url": f"/d/{index}.html", "number": f"示政规〔2026〕{index}号", "published": "2026-10-09"} for index, title in enumerate(titles)),
            *({"title": f"《{title}》解读", "url": f"/j/{index}.html", "columns": ["zcjd"], "published": "2026-10-09"} for index, title in enumerate(titles[::20])),
        ]
    }  # fmt: skip
    view = view_of(spec)
    rule = load_rules()["interpretation-in-sync"]
    outcomes = list(CHECKS[rule.id](view, rule))
    assert sum(outcome.status is Status.PASS for outcome in outcomes) == len(titles[::20])
    assert all(outcome.reason in ("in-sync", "no-interpretation-column") for outcome in outcomes)


def test_an_index_finds_equal_and_similar_titles() -> None:
    index = TitleIndex([(title_core(title), title) for title in _titles(3000)])
    assert index.equal("示例养老服务管理办法第0号") == ["示例养老服务管理办法（第0号）"]
    assert index.similar("示例养老服务管理暂行办法第0号", 0.8)[0][1] == "示例养老服务管理办法（第0号）"
