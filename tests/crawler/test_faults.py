"""Why a page could not be observed; and pages that only look so."""

from __future__ import annotations

import pytest
from scrapy.exceptions import IgnoreRequest
from twisted.internet import error as net
from twisted.python.failure import Failure
from twisted.web.client import ResponseFailed

from crawler.faults import MISSING, classify, classify_error
from crawler.middlewares.robots import RobotsDisallowedError, RobotsNotEstablishedError
from crawler.replay import NotArchivedError
from data.catalogue import gloss

PAGE = (
    "<html><head><title>政策文件</title></head><body><h1>关于停车管理的通知</h1>"
    + "<p>各镇人民政府、街道办事处：现将有关事项通知如下。</p>" * 5
    + "</body></html>"
)
SHORT = "<html><body><p>{}</p></body></html>"
NAVIGATION = "".join(f"<a href='/{number}/'>栏目{number}</a>" for number in range(20))

CASES: dict[str, tuple[int, str, str | None]] = {
    "a-page": (200, PAGE, None),
    "gone": (404, PAGE, "http-404"),
    "gone-for-good": (410, "", "http-410"),
    "forbidden": (403, "Forbidden", "blocked-forbidden"),
    "unauthorised": (401, "", "blocked-forbidden"),
    "ruishu-412": (412, "<script>$_ts=window['$_ts'];</script>", "blocked-challenge"),
    "ruishu-202-as-200": (200, "<html><head><script>$_ts=window['$_ts'];$_ts.nsd=33192;</script></head></html>", "blocked-challenge"),
    "jiasule-521": (521, "<script>document.cookie='__jsl_clearance=…'</script>", "blocked-challenge"),
    "cookie-gate": (200, "<script>document.cookie='C3VK=ab12; path=/';location.reload()</script>", "blocked-challenge"),
    "challenge-on-403": (403, "<script>$_ts=1</script>", "blocked-challenge"),
    "throttled": (429, "Too Many Requests", "throttled"),
    "server-error": (500, "Internal Server Error", "http-500"),
    "bad-gateway": (502, "", "http-502"),
    "down": (503, "Service Unavailable", "http-503"),
    "maintenance-503": (503, "<h1>系统升级维护中</h1>", "maintenance"),
    "maintenance-200": (200, SHORT.format("网站正在维护，请稍后访问"), "maintenance"),
    "slider-by-its-element": (200, "<html><body><div id='puzzle-vcode'></div><p>请稍候</p></body></html>", "blocked-captcha"),
    "slider": (200, SHORT.format("请完成安全验证后继续访问"), "blocked-captcha"),
    "slider-in-other-words": (200, SHORT.format("为了保障您的访问安全，请按住滑块，拖动到最右边完成验证"), "blocked-captcha"),
    "a-check-alone": (200, SHORT.format("安全验证：请点击下方按钮进行验证"), "blocked-captcha"),
    "firewall": (200, SHORT.format("您的访问被拦截，请求可能存在威胁"), "blocked-waf"),
    "checks-the-browser": (200, SHORT.format("请稍等… 正在检查您的浏览器，您的浏览器将会在5秒后跳转"), "blocked-challenge"),
    "wants-a-script-run": (200, SHORT.format("请开启JavaScript并刷新该页"), "blocked-challenge"),
    "too-often": (200, SHORT.format("您的访问过于频繁，请稍后再试"), "throttled"),
    "too-many": (200, SHORT.format("当前访问人数过多，请稍后再试"), "throttled"),
    "threat": (200, SHORT.format("请求存在威胁，已被拦截"), "blocked-waf"),
    "address-banned": (200, SHORT.format("您的IP已被封禁，请联系管理员"), "blocked-waf"),
    "region": (200, SHORT.format("抱歉，您所在的地区暂时无法访问本网站"), "blocked-waf"),
    "not-filed": (200, SHORT.format("该网站暂时无法访问，未完成ICP备案或备案信息已失效，请联系接入商处理"), "suspended"),
    "expired-domain": (200, SHORT.format("该域名已过期，请尽快续费"), "suspended"),
    "closed-by-the-provider": (200, SHORT.format("您访问的站点已被关闭"), "suspended"),
    "soft-404": (200, SHORT.format("您访问的页面不存在或已被删除"), "soft-404"),
    "empty": (200, "  \n ", "shell"),
    "redirect-not-followed": (302, "", "redirected-off-site"),
    "as-before-to-one-who-knows-nothing": (304, "", "http-304"),
    # Look-alikes: pages that speak of these things.
    "notice-of-maintenance": (200, PAGE + "<p>网站正在维护的通知：" + "本系统将于周末升级。" * 100 + "</p>", None),
    "notice-on-checks": (200, PAGE + "<p>即日起企业登记须通过安全验证，请按要求完成身份验证。</p>" * 6, None),
    "article-on-threats": (200, PAGE + "<p>检查发现部分消防通道存在威胁，访问过于频繁的单位已登记。</p>" * 6, None),
    "article-among-links": (200, NAVIGATION + "<p>关于打击非法访问的通告：您的IP已被封禁的，请联系。</p>", None),
    "notice-of-a-closed-site": (200, PAGE + "<p>原门户网站已关闭，请访问新网站。</p>" + NAVIGATION[:200], None),
    "list-with-such-a-title": (200, NAVIGATION + "<p>关于网站升级维护的公告</p><p>页面不存在</p>", None),
    "cookies-and-links": (200, "<script>document.cookie='C3VK=ab12'</script><a href='/'>首页</a>" + PAGE, None),
    "words-in-scripts": (200, SHORT.format("通知") + "<script>var tip='页面不存在'; var waf='请求被拦截'</script><!-- 网站正在维护 -->", None),
    "short-notice": (200, SHORT.format("关于停车管理的通知"), None),
}  # fmt: skip


@pytest.mark.parametrize(("status", "body", "key"), CASES.values(), ids=CASES)
def test_answer(status: int, body: str, key: str | None) -> None:
    assert classify(status, body.encode()) == key


def test_words_are_read_in_gb18030_too() -> None:
    assert classify(200, SHORT.format("您访问的页面不存在").encode("gb18030")) == "soft-404"
    assert classify(503, "网站正在维护".encode("gb18030")) in ("maintenance", "http-503")


def test_busy_with_retry_after_is_throttling() -> None:
    assert classify(503, b"", retry_after=True) == "throttled"
    assert classify(200, PAGE.encode(), retry_after=True) is None


def test_a_large_page_is_no_block_page() -> None:
    assert classify(200, (SHORT.format("页面不存在") + " " * 70_000).encode()) is None


def test_only_pages_that_are_gone_are_missing() -> None:
    assert {"http-404", "http-410", "soft-404"} == MISSING


@pytest.mark.parametrize(
    ("error", "key"),
    [
        (net.TimeoutError(), "timeout"),  # type: ignore[no-untyped-call]
        (net.TCPTimedOutError(), "timeout"),  # type: ignore[no-untyped-call]
        (TimeoutError(), "timeout"),
        (net.DNSLookupError("no such host"), "dns"),
        (net.ConnectionRefusedError(), "refused"),  # type: ignore[no-untyped-call]
        (net.ConnectionLost(), "connection-lost"),
        (net.ConnectionDone(), "connection-lost"),
        (ResponseFailed([Failure(net.ConnectionLost())]), "connection-lost"),  # type: ignore[no-untyped-call]
        (ResponseFailed([]), "fetch-failed"),  # type: ignore[no-untyped-call]
        (net.SSLError("certificate verify failed"), "tls"),  # type: ignore[no-untyped-call]
        (net.ConnectError("SSL handshake"), "tls"),  # type: ignore[no-untyped-call]
        (IgnoreRequest("max redirections reached"), "redirect-loop"),
        (IgnoreRequest("Expected response size (20000000) larger than download max size"), "too-large"),
        (NotArchivedError("x"), "not-archived"),
        (RobotsDisallowedError("x"), "robots-disallowed"),
        (RobotsNotEstablishedError("x"), "robots-not-established"),
        (RuntimeError("anything"), "fetch-failed"),
    ],
)
def test_error(error: BaseException, key: str) -> None:
    assert classify_error(error) == key


def test_every_reason_has_a_gloss() -> None:
    keys = {key for _, _, key in CASES.values() if key} | {
        "timeout",
        "dns",
        "refused",
        "connection-lost",
        "tls",
        "redirect-loop",
        "too-large",
        "fetch-failed",
    }
    keys |= {
        "not-archived",
        "robots-disallowed",
        "robots-not-established",
        "not-finished",
        "cap-reached",
        "page-repeated",
        "declared-more-than-read",
    }
    keys |= {
        "unknown-pager",
        "no-next-page",
        "layout-unknown",
        "script-only",
        "api-empty",
        "api-failed",
        "interrupted",
        "identity-mismatch",
        "substituted",
    }
    assert sorted(key for key in keys if gloss(key).startswith("未能观测（")) == []
