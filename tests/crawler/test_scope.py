"""What belongs to a site: its host, its folder on another's host, its platform, and never a neighbour's page."""

from __future__ import annotations

import pytest

from crawler.scope import Scope, is_file
from data.registry import Registry

REGISTRY = Registry.parse(
    """
version: 1
sites:
  - {id: portal, name: 区, profile: district-portal, home: "http://www.example.gov.cn/", upper: [city]}
  - {id: town, name: 镇, profile: town, home: "http://www.example.gov.cn/zwgk/xzgk/town/", parent: portal}
  - {id: bureau, name: 局, profile: department, home: "http://bureau.example.gov.cn/", parent: portal,
     columns: {zcwj: "http://www.example.gov.cn/zwgk/bm/bureau/zcwj/"}}
  - {id: city, name: 市, level: city, role: upstream, home: "http://www.city.gov.cn/", must_repost: {columns: ["http://zw.city.gov.cn/zyzc/"]}}
  - {id: loopback, name: 测, profile: town, home: "http://127.0.0.11:8100/"}
""",
    "registry.yml",
)


def scope(site: str) -> Scope:
    return Scope(REGISTRY.site(site), REGISTRY)


@pytest.mark.parametrize(
    ("site", "url", "fetched", "explored"),
    [
        ("portal", "http://www.example.gov.cn/zwgk/", True, True),
        ("portal", "https://www.example.gov.cn/zwgk/", True, True),
        ("portal", "http://zwgk.example.gov.cn/", False, False),
        ("portal", "http://www.example.gov.cn:8080/", False, False),
        ("portal", "http://www.example.gov.cn/zwgk/a.pdf", False, False),
        ("portal", "http://www.example.gov.cn/zwgk/xzgk/town/zcwj/", True, False),  # the town's folder
        ("portal", "http://www.example.gov.cn/zwgk/xzgk/", True, True),
        ("portal", "http://www.example.gov.cn/sso/login?back=/", True, False),
        ("portal", "http://www.example.gov.cn/print.jsp?id=3", True, False),
        ("portal", "http://www.example.gov.cn/news/2026/vote_12.html", True, False),
        ("portal", "http://www.example.gov.cn/rsscenter/devote.html", True, True),  # words inside words are no trap
        ("portal", "http://www.example.gov.cn/" + "a" * 500, True, False),
        ("town", "http://www.example.gov.cn/zwgk/xzgk/town/zcwj/", True, True),
        ("town", "http://www.example.gov.cn/zwgk/xzgk/", True, False),
        ("town", "http://www.example.gov.cn/", True, False),
        ("bureau", "http://bureau.example.gov.cn/zwgk/", True, True),
        ("bureau", "http://www.example.gov.cn/zwgk/bm/bureau/zcwj/index_1.html", True, False),
        ("city", "http://zw.city.gov.cn/zyzc/a.html", True, False),
        ("loopback", "http://127.0.0.11:8100/a/", True, True),
        ("loopback", "http://127.0.0.12:8100/a/", False, False),
    ],
)
def test_reach(site: str, url: str, fetched: bool, explored: bool) -> None:
    assert (scope(site).fetches(url), scope(site).explores(url)) == (fetched, explored)


@pytest.mark.parametrize(
    ("site", "url", "host"),
    [
        ("bureau", "http://www.example.gov.cn/zwgk/bm/bureau/zcwj/", "portal"),
        ("bureau", "http://bureau.example.gov.cn/zcwj/", None),
        ("town", "http://www.example.gov.cn/zwgk/xzgk/town/", "portal"),
        ("portal", "http://www.example.gov.cn/zwgk/", None),
        ("portal", "http://www.elsewhere.gov.cn/", None),
    ],
)
def test_who_hosts(site: str, url: str, host: str | None) -> None:
    assert scope(site).hosted_by(url) == host


@pytest.mark.parametrize(
    ("site", "url", "may"),
    [
        ("portal", "http://zwgk.example.gov.cn/gkmlpt/index", True),
        ("portal", "http://bureau.example.gov.cn/", False),  # another site's
        ("portal", "http://www.city.gov.cn/", False),
        ("portal", "http://zwgk.other.gov.cn/", False),  # .gov.cn is no domain of one's own
        ("loopback", "http://127.0.0.12:8100/", False),  # addresses have no domain
    ],
)
def test_platforms_of_one_s_own(site: str, url: str, may: bool) -> None:
    assert scope(site).may_adopt(url) is may


def test_an_adopted_host_is_explored() -> None:
    one = scope("portal")
    assert not one.fetches("http://zwgk.example.gov.cn/zcwj/")
    one.adopt("http://zwgk.example.gov.cn/")
    assert one.explores("http://zwgk.example.gov.cn/zcwj/")


@pytest.mark.parametrize(
    ("columns", "url", "explored"),
    [
        ({"zfxxgk": "http://xxgk.other.example/"}, "http://xxgk.other.example/zcwj/", True),  # a platform of the unit's own
        ({"zfxxgk": "http://www.other.example/gk/qu/"}, "http://www.other.example/gk/qu/zcwj/", True),
        ({"zfxxgk": "http://www.other.example/gk/qu/"}, "http://www.other.example/gk/xian/", False),  # its neighbour's folder
        ({"zfxxgk": "http://www.other.example/gk.html?dept=5"}, "http://www.other.example/zcwj/", False),  # one page of a whole portal
        ({"zcwj": "http://www.other.example/gk/qu/"}, "http://www.other.example/gk/qu/a/", False),  # a list, which holds no columns
        ({"zfxxgk": "http://www.city.gov.cn/"}, "http://www.city.gov.cn/zcwj/", False),  # another site's front page
        ({"zfxxgk": "http://www.city.gov.cn/gk/qu/"}, "http://www.city.gov.cn/gk/qu/zcwj/", True),
    ],
)
def test_what_hangs_below_a_column_that_the_registry_names(columns: dict[str, str], url: str, explored: bool) -> None:
    site = REGISTRY.site("loopback").model_copy(update={"columns": columns})
    assert Scope(site, REGISTRY).explores(url) is explored


def test_files() -> None:
    files = (
        "a.PDF",
        "a.docx?x=1",
        "a.ofd",
        "download.jsp?f=a.pdf",
        "file-download?fileUrl=c1f1&fileName=51099001.doc",
        "d?path=/u/b.zip&k=1",
    )
    pages = ("a.html", "a.jsp?id=1", "list?name=2026.5", "show?t=关于pdf格式的说明", "a.htm?from=pdf")
    assert [name for name in (*files, *pages) if is_file(f"http://a.cn/{name}")] == list(files)


def test_a_numbered_unit_keeps_its_lists_beside_its_folder() -> None:
    registry = Registry.parse(
        """
version: 1
sites:
  - {id: portal, name: 区, profile: district-portal, home: "http://www.example.gov.cn/"}
  - {id: town, name: 镇, profile: town, home: "http://www.example.gov.cn/public/6623/", parent: portal}
  - {id: bureau, name: 局, profile: department, home: "http://www.example.gov.cn/public/column/6612?type=2", parent: portal}
""",
        "registry.yml",
    )
    host = "http://www.example.gov.cn"
    explored = {
        site: [url for url in (
            f"{host}/public/6623/1.html", f"{host}/public/column/6623?type=4&catId=7", f"{host}/public/column/66231?catId=7",
            f"{host}/public/6612/2.html", f"{host}/public/column/6612?type=4&catId=7", f"{host}/zwgk/",
        ) if Scope(registry.site(site), registry).explores(url)]
        for site in ("portal", "town", "bureau")
    }  # fmt: skip
    assert explored == {
        "portal": [f"{host}/public/column/66231?catId=7", f"{host}/zwgk/"],
        "town": [f"{host}/public/6623/1.html", f"{host}/public/column/6623?type=4&catId=7"],
        "bureau": [f"{host}/public/6612/2.html", f"{host}/public/column/6612?type=4&catId=7"],
    }
