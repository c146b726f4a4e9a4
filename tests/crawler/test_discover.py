"""From a site's names to the column catalogue."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from crawler.discover import is_period_column, match_column, own_names
from data.catalogue import load_columns

URL = "http://www.example.gov.cn/zwgk/abc/"
REAL_NAMES = yaml.safe_load(Path(__file__).with_name("column_names.yml").read_text("utf-8"))


@pytest.mark.parametrize("column", load_columns().columns, ids=lambda column: column.id)
def test_every_column_is_found_by_its_names(column: object) -> None:
    catalogue = load_columns()
    assert (found := match_column([column.name], URL)) is not None  # type: ignore[attr-defined]
    same_name = {one.id for one in catalogue.columns if column.name in (one.name, *one.synonyms)}  # type: ignore[attr-defined]
    assert found.canonical in same_name
    above = [column.parent] if column.parent else []  # type: ignore[attr-defined]
    own = match_column([column.name], URL, parents=above)  # type: ignore[attr-defined]
    assert own is not None
    if above and sum(one.parent == column.parent for one in catalogue.columns if one.id in same_name) == 1:  # type: ignore[attr-defined]
        assert own.canonical == column.id  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("names", "canonical", "reason"),
    [
        (["政策文件"], "zcwj", "synonym:政策文件"),
        ([" 政策文件　"], "zcwj", "synonym: 政策文件　"),
        (["“政策文件”"], "zcwj", "synonym:“政策文件”"),
        (["示例区政策文件"], "zcwj", "synonym:政策文件"),
        (["示例区人民政府办公室政策文件"], "zcwj", None),
        (["", "政策解读"], "zcjd", "synonym:政策解读"),
        (["某某栏目", "政策解读"], "zcjd", "synonym:政策解读"),
        (["政府信息公开"], "zfxxgk", None),
    ],
)
def test_names(names: list[str], canonical: str, reason: str | None) -> None:
    found = match_column(names, URL)
    assert found is not None
    assert found.canonical == canonical
    assert reason is None or found.reason == reason


@pytest.mark.parametrize(
    "names",
    [
        ["某某天地"],
        ["关于印发《示例区政策文件管理办法》的通知"],
        ["政策文件汇编下载须知说明书第一版修订稿"],
        ["乡镇信息公开"],
        ["市"],
        ["区"],
    ],
)
def test_names_of_nothing(names: list[str]) -> None:
    assert match_column(names, URL) is None


def test_an_address_speaks_where_no_name_does() -> None:
    hints = [(hint, column.id) for column in load_columns().columns for hint in column.url_hints]
    assert hints
    for hint, _ in hints:
        found = match_column(["更多"], f"http://www.example.gov.cn/zwgk/{hint}/index.html")
        assert found is not None
        assert (found.canonical in {column for other, column in hints if other == hint}, found.reason) == (True, f"url-hint:{hint}")
        assert match_column(["某某天地"], f"http://www.example.gov.cn/zwgk/{hint}/") is None, "a name that says something else goes first"


@pytest.mark.parametrize(
    ("name", "period"),
    [
        ("2026年", True),
        ("2026", True),
        (" 2026 年度", True),
        ("11月", True),
        ("2026年11月", True),
        ("2026-11", True),
        ("2026年政策文件", False),
        ("十一月", False),
        ("政策文件", False),
        ("", False),
    ],
)
def test_periods(name: str, period: bool) -> None:
    assert is_period_column(name) is period


@pytest.mark.parametrize(
    ("names", "own", "canonical"),
    [
        (["走进湖滨"], (), "gkxx"),
        (["湖滨概况"], (), "gkxx"),
        (["市政府文件"], own_names("湖滨市人民政府"), "zcwj"),
        (["市政府文件"], own_names("湖滨市教育局", "湖滨市人民政府"), "sjwj"),
        (["省政府文件"], own_names("湖滨市人民政府"), "sjwj"),
        (["区政府办公室文件"], own_names("湖山区人民政府"), "zcwj"),
        (["财政局信息公开年报", "政务公开"], (), "zfxxgknb"),
        (["人大代表建议办理结果"], (), "jytabl"),
        (["信访办理结果"], (), None),
        (["党建动态"], (), None),
        (["信息公开制度文件"], (), "zfxxgkzd"),
    ],
)
def test_whose_and_of_what(names: list[str], own: tuple[str, ...], canonical: str | None) -> None:
    found = match_column(names, URL, own=own)
    assert (found.canonical if found else None) == canonical


def test_the_site_s_own_name_is_no_column_s_name() -> None:
    found = match_column(["湖滨区水利局"], "http://www.example.gov.cn/zcjd/", own=own_names("湖滨区水利局"))
    assert found is not None
    assert (found.canonical, found.reason) == ("zcjd", "url-hint:zcjd")


@pytest.mark.parametrize("fair", REAL_NAMES)
def test_real_names(fair: str) -> None:
    """A column taken for another kind is judged by rules that do not hold for it; one not recognised looks missing."""
    own = own_names("砺川区人民政府", "砺川区人民政府", "示例市")
    taken = {name: found.canonical if (found := match_column([name], URL, own=own)) else "none" for name in REAL_NAMES[fair].split()}
    assert {name: kind for name, kind in taken.items() if kind not in fair.split("|")} == {}


@pytest.mark.parametrize(
    ("name", "own", "parents", "canonical"),
    [
        ("市级文件", "砺川市人民政府", (), "zcwj"),
        ("市级文件", "砺川区人民政府", (), "sjwj"),
        ("区政府文件", "砺川区人民政府", (), "zcwj"),
        ("区政府文件", "砺川区教育局", (), "sjwj"),
        ("区政府文件", "砺川区青石镇人民政府", (), "sjwj"),
        ("区政府文件", "砺川区人民政府办公室", (), "zcwj"),
        ("本局文件", "砺川区教育局", (), "zcwj"),
        ("北京要闻", "北京市", (), "ywdt"),
        ("意见反馈", "砺川区人民政府", (), None),
        ("意见反馈", "砺川区人民政府", ("yjzj", "hdjl"), "zjjg"),
    ],
)
def test_whose_policy_and_below_what(name: str, own: str, parents: tuple[str, ...], canonical: str | None) -> None:
    found = match_column([name], URL, parents=parents, own=own_names(own))
    assert (found.canonical if found else None) == canonical
