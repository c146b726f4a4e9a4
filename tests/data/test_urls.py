"""When two addresses are one."""

from __future__ import annotations

import pytest

from data.urls import folder, netloc, url_hash, url_key

HOME = "http://www.example.gov.cn"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (f"{HOME}/zwgk/", f"{HOME}/zwgk/index.html"),
        (f"{HOME}/zwgk/", f"{HOME}/zwgk/index.shtml"),
        (f"{HOME}/zwgk/", f"{HOME}/zwgk/default.aspx"),
        (f"{HOME}/zwgk/", f"{HOME}/zwgk/Index.JSP"),
        (f"{HOME}", f"{HOME}/"),
        (f"{HOME}/a", "https://www.example.gov.cn/a"),
        (f"{HOME}/a", "http://WWW.Example.gov.cn:80/a"),
        (f"{HOME}/a", "https://www.example.gov.cn:443/a"),
        (f"{HOME}/a", " http://www.example.gov.cn./a "),
        (f"{HOME}/list.jsp?id=3", f"{HOME}/list.jsp;jsessionid=4F2A91BC?id=3"),
        (f"{HOME}/index.jsp", f"{HOME}/index.jsp;JSESSIONID=4F2A91BC.node1"),
        (f"{HOME}/list.php?id=3", f"{HOME}/list.php?PHPSESSID=4f2a&id=3"),
        (f"{HOME}/list.php?id=3", f"{HOME}/list.php?id=3&phpsessid=4f2a"),
    ],
)
def test_one_address(first: str, second: str) -> None:
    assert url_key(first) == url_key(second)
    assert url_hash(first) == url_hash(second)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (f"{HOME}/zwgk/", f"{HOME}/zwgk"),
        (f"{HOME}/zwgk/", f"{HOME}/zwgk/index_1.html"),
        (f"{HOME}/Zwgk/", f"{HOME}/zwgk/"),
        (f"{HOME}/list?id=1", f"{HOME}/list?id=2"),
        (f"{HOME}/gkmlpt/index#1076", f"{HOME}/gkmlpt/index#1077"),
        (f"{HOME}/", "http://www.example.gov.cn:8080/"),
        (f"{HOME}/", "http://zwgk.example.gov.cn/"),
    ],
)
def test_two_addresses(first: str, second: str) -> None:
    assert url_key(first) != url_key(second)
    assert url_hash(first) != url_hash(second)


def test_parts() -> None:
    assert len(url_hash("http://www.example.gov.cn/政策/")) == 16
    assert [netloc(url) for url in ("http://A.cn:8080/x", "http://A.cn:80/x", "http://[::1]:81/")] == ["a.cn:8080", "a.cn", "::1:81"]
    assert [folder(f"{HOME}{path}") for path in ("", "/", "/a", "/a/", "/a/b.html?x=/y/")] == ["/", "/", "/", "/a/", "/a/"]
