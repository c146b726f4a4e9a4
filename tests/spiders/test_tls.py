"""Sites that speak old TLS alone: read with that, for that host alone, and said to be so. Real servers."""

from __future__ import annotations

import ssl
import warnings
from base64 import b64encode
from pathlib import Path

import pytest

from data.records import ColumnKind, CrawlState
from tests.support.certs import Authority
from tests.support.pages import article, listing, nav, page, titles
from tests.support.sites import Crawls, Page, served

ENTRIES = titles(3)
PAGES: dict[str, Page] = {
    "/": page("示例区人民政府", nav([("/zwgk/zcwj/", "政策文件")])),
    "/zwgk/zcwj/": listing("政策文件", ENTRIES),
    **{url: article(title, day) for url, title, day in ENTRIES},
}
# The second group of RFC 2409: 1024 bits, as many an old server has them.
OAKLEY_2 = int(
    "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DDEF9519B3CD3A431B302B0A6DF25F1437"
    "4FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7EDEE386BFB5A899FA5AE9F24117C4B1FE649286651ECE65381FFFFFFFFFFFFFFFF",
    16,
)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority.make(tmp_path_factory.mktemp("certificates"))


def old(authority: Authority, version: ssl.TLSVersion) -> ssl.SSLContext:
    context = authority.server()
    context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # that it is old is the point
        context.maximum_version = version
    context.set_ciphers("ALL:@SECLEVEL=0")
    return context


def weak(authority: Authority, folder: Path) -> ssl.SSLContext:
    context = authority.server(rsa_key=True)
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers("DHE-RSA-AES128-SHA:@SECLEVEL=0")
    prime = b"\x02\x81\x81\x00" + OAKLEY_2.to_bytes(128)
    numbers = b"\x30\x81" + bytes([len(prime) + 3]) + prime + b"\x02\x01\x02"
    file = folder / "dh.pem"
    file.write_text(f"-----BEGIN DH PARAMETERS-----\n{b64encode(numbers).decode()}\n-----END DH PARAMETERS-----\n")
    context.load_dh_params(str(file))
    return context


@pytest.mark.parametrize("kind", ["TLSv1", "TLSv1.1", "short-dh"])
def test_a_site_that_speaks_old_tls_alone_is_read_and_marked(kind: str, authority: Authority, crawl: Crawls, tmp_path: Path) -> None:
    versions = {"TLSv1": ssl.TLSVersion.TLSv1, "TLSv1.1": ssl.TLSVersion.TLSv1_1}
    with served(PAGES, tls=old(authority, versions[kind]) if kind in versions else weak(authority, tmp_path)) as site:
        one = crawl(site.base + "/", crawl={"delay": 0, "concurrency": 1, "render": "never"})
        assert (one.crawl.state, one.crawl.faults) == (CrawlState.COMPLETE, {})
        assert len(one.documents()) == 3
        assert f"tls-lowered:{kind if kind in versions else 'TLSv1.2'}" in one.view.homes[0].marks
        assert "certificate:untrusted" in one.view.homes[0].marks  # it was seen, though the handshake of today fails
        assert crawl(site.base + "/", "2026-11-21T13:00:00", spider="availability").view.probes[-1].ok


def test_no_other_host_is_spoken_to_so(authority: Authority, crawl: Crawls) -> None:
    """The site speaks TLS of today and leads to a column on an old host: that one is lowered, the site is not."""
    with served({"/x/": "…"}, tls=old(authority, ssl.TLSVersion.TLSv1)) as other, served(PAGES, tls=authority.server()) as site:
        site.pages["/"] = page("示例区人民政府", nav([("/zwgk/zcwj/", "政策文件"), (other.base + "/x/", "政策解读")]))
        row = {"id": "neighbour", "name": "邻区", "profile": "town", "home": site.base + "/n/", "columns": {"zcjd": other.base + "/x/"}}
        one = crawl(site.base + "/", others=(row,))
        column = one.column("政策解读")
        assert (column.kind, column.reachable, column.fault) == (ColumnKind.LINK_OUT, True, None)
        assert one.crawl.state is CrawlState.COMPLETE
        assert not any(mark.startswith("tls-lowered") for mark in one.view.homes[0].marks)


def test_what_has_nothing_in_common_even_so_is_said_to_be_so(crawl: Crawls, authority: Authority) -> None:
    context = authority.server()
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers("AECDH-AES128-SHA:@SECLEVEL=0")  # without any certificate
    with served(PAGES, tls=context) as site:
        one = crawl(site.base + "/", crawl={"delay": 0, "concurrency": 1, "render": "never"})
        assert (one.crawl.state, one.crawl.reason, site.asked) == (CrawlState.BLOCKED, "tls-protocol", [])
