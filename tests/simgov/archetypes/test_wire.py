"""Over the wire: encodings, TLS, guards, signed files."""

from __future__ import annotations

import gzip
import http.client
import json
import re
import ssl
import urllib.error
import urllib.request
from datetime import timedelta
from email.message import Message

import pytest

from simgov.archetypes.government import Standing
from simgov.archetypes.guards import GUARDS
from simgov.archetypes.observer import known
from simgov.faults import Fault, FaultPlan
from tests.simgov.archetypes.conftest import Ask


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None


def get(url: str, **headers: str) -> tuple[int, bytes, Message]:
    """One answer as it stands, without following it and without looking at certificates."""
    context = ssl._create_unverified_context()
    opener = urllib.request.build_opener(_Stay(), urllib.request.HTTPSHandler(context=context))
    request = urllib.request.Request(url, headers={name.replace("_", "-"): value for name, value in headers.items()})
    try:
        with opener.open(request, timeout=5) as answer:
            return answer.status, answer.read(), answer.headers
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read(), error.headers


def test_one_port_speaks_http_and_tls(standing: Standing) -> None:
    for host, tls in (("a", True), ("b", True), ("d", False), ("i", False)):
        plain = f"http://{standing.bases[host].split('//')[1]}/"
        assert get(plain)[0] == 200
        if tls:
            assert get(plain.replace("http:", "https:"))[0] == 200
        else:
            with pytest.raises(urllib.error.URLError):
                get(plain.replace("http:", "https:"))


def test_certificates(standing: Standing) -> None:
    address = standing.bases["j10"].split("//")[1]
    host, port = address.split(":")
    for name, url in (("www.another-host.test", (host, int(port))), ("127.0.0.31", ("127.0.0.31", int(port)))):
        pem = ssl.get_server_certificate(url, timeout=5)
        assert name.encode() in ssl.PEM_cert_to_DER_cert(pem) or name == "127.0.0.31"


@pytest.mark.parametrize(
    ("key", "codec", "declared", "mark"),
    [
        ("zcwj", "gb18030", b"charset=gb2312", b""),
        ("zcjd", "gb18030", None, b""),
        ("gfxwj", "gb18030", b"charset=UTF-8", b""),
        ("tzgg", "utf-8", b"charset=gb2312", b"\xef\xbb\xbf"),
        ("ywdt", "utf-8", b"charset=UTF-8", b""),
    ],
)
def test_builder_columns_have_encodings_of_their_own(standing: Standing, key: str, codec: str, declared: bytes | None, mark: bytes) -> None:
    document = next(one for one in known(standing, "f").documents if one.columns[0] == key)
    column = next(one for one in known(standing, "f").columns if one.key == key)
    for url in (column.url, document.urls[0]):
        _, body, headers = get(url)
        assert headers["Content-Type"] == "text/html"
        assert body.startswith(mark or b"<!DOCTYPE")
        assert column.name in body.removeprefix(mark).decode(codec)
        assert (declared in body) if declared else b"charset" not in body
        if codec == "gb18030":
            with pytest.raises(UnicodeDecodeError):
                body.decode("utf-8")


def test_guards(standing: Standing) -> None:
    home = {name: f"{standing.bases[name]}/" for name in GUARDS}
    status, body, headers = get(home["j1"])
    assert (status, b"$_ts" in body, "Set-Cookie" in headers) == (412, True, True)
    assert get(home["j2"])[0] == 521
    assert get(home["j2"], Cookie="__jsl_clearance_s=x")[0] == 200
    assert get(home["j3"])[0] == 302
    assert get(home["j3"], Cookie="C3VK=8f2d")[0] == 200
    assert b"document.cookie" in get(home["j3-script"])[1]
    assert "Set-Cookie" not in get(home["j3-script"])[2]
    assert [get(home["j4"], Cookie="CT6T=1")[0] for _ in range(3)] == [302] * 3
    assert b"puzzle-vcode" in get(home["j5"])[1]
    assert (get(home["j7"])[0], get(home["j7"] + "zwgk/zfxxgk/fdzdgknr/zcwj/")[0], get(home["j7"] + "ywdt/")[0]) == (200, 403, 404)


def test_the_index_page_in_place_of_an_article(standing: Standing) -> None:
    urls = [one.urls[0] for one in known(standing, "j6").documents[:14]]
    pages = [get(url)[1] for url in urls]
    index = get(f"{standing.bases['j6']}/")[1]
    assert index not in pages[:10]
    assert pages[10:] == [index] * 4


def test_a_shell_has_an_open_endpoint(standing: Standing) -> None:
    base = standing.bases["j8"]
    assert b"/api/gk?gk=" in get(f"{base}/?gk=3")[1]
    columns = json.loads(get(f"{base}/api/gk?gk=3")[1])["columns"]
    assert {"zfxxgkzn", "zcwj"} <= {one["key"] for one in columns}
    rows = json.loads(get(f"{base}/api/gk?gk=3&key=zcwj")[1])["list"]
    assert get(rows[0]["url"])[0] == 200


def test_broken_bodies(standing: Standing) -> None:
    base = standing.bases["j9"]
    _, body, headers = get(f"{base}/")
    assert headers["Content-Encoding"] == "gzip"
    assert b"<html" in gzip.decompress(body)
    _, bomb, _ = get(f"{base}/zwgk/zfxxgk/fdzdgknr/jgzn/")
    assert len(bomb) < 200_000
    with pytest.raises(http.client.IncompleteRead):
        get(f"{base}/tzgg/")
    assert get(f"{base}/zwgk/zfxxgk/fdzdgknr/ldxx/")[0] == 200


def test_robots(standing: Standing) -> None:
    found = {name: get(f"{standing.bases[name]}/robots.txt") for name in GUARDS if name.startswith("j11") and name != "j11-slow"}
    assert {name: status for name, (status, _, _) in found.items()} == {
        "j11-404": 404, "j11-403": 403, "j11-html": 200, "j11-all": 200, "j11-path": 200,
    }  # fmt: skip
    assert b"<html" in found["j11-html"][1]
    with pytest.raises((urllib.error.URLError, ConnectionError, http.client.RemoteDisconnected)):
        get(f"{standing.bases['j11-slow']}/robots.txt")


def test_signed_files_expire_and_are_few(standing: Standing) -> None:
    url = next(one.urls[0] for one in known(standing, "c").documents if b"file-download" in get(one.urls[0])[1])
    link = re.search(r'href="(/api-gateway/[^"]+)"', get(url)[1].decode())
    assert link is not None
    signed = standing.bases["c"] + link[1].replace("&amp;", "&")
    assert get(signed)[0] == 200
    standing.set_moment(standing.moment + timedelta(minutes=3))
    assert get(signed)[0] == 403
    standing.set_moment(standing.moment - timedelta(minutes=3))
    assert [get(signed)[0] for _ in range(2)] == [200, 403], "the fourth within a minute"


def test_one_outage_before_hosts_that_share_a_front_end(standing: Standing) -> None:
    standing.outage(("g", "j11-404"), GUARDS["j2"].faults[0])
    assert [get(f"{standing.bases[name]}/")[0] for name in ("g", "j11-404", "a")] == [521, 521, 200]


def test_faults_by_order_rate_cookie_and_day(standing: Standing) -> None:
    noon = standing.moment
    plan = FaultPlan([Fault("^/x", 500, after=2, first=1), Fault("^/day", 502, between=(noon, noon + timedelta(days=1)))])
    assert [plan.take("/x") is not None for _ in range(4)] == [False, False, True, False]
    assert [plan.take("/day", moment=noon + timedelta(days=n)) is not None for n in (-1, 0, 1)] == [False, True, False]
    assert plan.take("/day") is None


def test_a_click_counter_and_files_answer(standing: Standing, ask: Ask) -> None:
    assert ask("f", "/system/resource/code/news/click/dynclicks.jsp?clickid=1").body == b"128"
    assert ask("files", "/upload/202601/1.pdf").content_type == "application/pdf"
    assert ask("wx", "/s/0123456789abcdef012345").status == 200
    assert ask("wx", "/").status == 404


def test_an_unknown_switch_is_refused(standing: Standing) -> None:
    with pytest.raises(ValueError, match="no such switch"):
        standing.switch("a", "nonsense")
