"""Why a page could not be observed, as a reason key. A fault is about the observation, never about the content.

Signatures after the fault catalogue F1-F25 (challenge shells, script cookie gates, sliders, throttling, maintenance, soft 404).
"""

from __future__ import annotations

import re

from twisted.internet import error as net
from twisted.web.client import ResponseFailed

_CHALLENGE = re.compile(rb"\$_ts\s*=|\$_ts\.nsd|__jsl_clearance|document\.cookie\s*=\s*[\"'](C3VK|CT6T|acw_sc__v2|__jsl)|acw_sc__v2", re.I)
_CAPTCHA = re.compile(
    "滑动验证|滑块验证|(拖动|按住|拖拽).{0,4}滑块|滑块.{0,12}(拖动|拖到|滑动|最右)|请完成(安全)?验证|请输入验证码后?继续|人机验证", re.I
)
_SLIDER = re.compile(rb"\b(?:id|class)\s*=\s*[\"']?[^\"'<>]{0,60}(?:puzzle-vcode|captcha-(?:box|container))", re.I)
_FIREWALL = re.compile(
    "访问被(拒绝|拦截|阻断)|请求(已)?被拦截|请求可能存在威胁|不合法的?参数|网站防火墙|云防护|创宇盾|安全狗|Web应用防火墙|您的(访问|请求)(行为)?(存在|疑似)(异常|攻击)|Request blocked|waf[-_ ]?block"
)
_MAINTENANCE = re.compile("(系统|网站|平台|页面)(正在)?(升级维护|维护中|升级中|升级改造|维护升级)|正在维护|临时关闭|服务暂停")
# What a provider puts in a site's place: not filed, suspended, expired. A notice of that kind stands alone, without ways on.
_SUSPENDED = re.compile(
    "(网站|域名|站点|网址|该站).{0,12}(未完成?(ICP)?备案|未备案|暂时无法访问|无法访问|已被?(关闭|停用|停止|暂停|冻结)|已(过期|到期)|停止(服务|解析))|备案(信息|号)?.{0,6}(失效|注销|取消|掉备案)"
    "|没有找到站点|站点(未绑定|不存在)|This (domain|site) (has )?(expired|been suspended)|Welcome to nginx|Apache2? .{0,20}Default Page|IIS Windows"
)
# What stands alone on a page of a guard: words that in longer texts, or among links, are somebody's own.
_ALONE = (
    (
        re.compile(
            "正在检查您?的?浏览器|Just a moment|Checking your browser|正在(接受|进行)安全(检查|检测)|请(开启|启用|打开)\\s*JavaScript", re.I
        ),
        "blocked-challenge",
    ),
    (re.compile("安全验证|人机识别|(完成|通过|进行|点击|输入).{0,6}(验证|校验)", re.I), "blocked-captcha"),
    (re.compile("(访问|请求|操作)(次数)?(过于|太过?)频繁|访问人数过多|Too Many Requests", re.I), "throttled"),
    (
        re.compile(
            "存在威胁|疑似(黑客|攻击)|被?网站管理员设置(为)?拦截|IP.{0,6}(封禁|拉黑|限制)|(网络环境|访问)存?在?异常|所在的?(地区|区域).{0,8}(无法|不能|禁止)访问|^\\W*(提示\\W*)?(非法|禁止)(访问|请求)"
        ),
        "blocked-waf",
    ),
    (_SUSPENDED, "suspended"),
)
# The two sides have no version, cipher or key in common that either accepts (F11).
_TLS_PROTOCOL = re.compile(
    r"handshake.?failure|wrong.?version|unsupported.?protocol|protocol.?version|no.?shared.?cipher|dh.?key.?too.?small|bad.?ecpoint|"
    r"legacy.?renegotiation|unexpected.?eof|record.?layer.?failure|packet.?length|internal.?error|no.?protocols"
)
_SOFT_404 = re.compile(
    "(页面|网页|内容|文件|信息|地址)(不存在|未找到|已(被)?删除|找不到)|(找不到|没有找到|无法找到)(您|你)?(要|想|所)?(访问|浏览|查找|请求|查看)?的?(页面|网页|内容|文件)|404\\s*(错误|Not Found|error)|Page Not Found",
    re.I,
)

_NOTICE = 300  # characters: a longer one is somebody's text

_BY_STATUS = {
    404: "http-404",
    410: "http-410",
    412: "blocked-challenge",
    468: "blocked-challenge",
    512: "blocked-challenge",
    521: "blocked-challenge",
    429: "throttled",
}

# A page that is gone is something the site shows; every other key says that we could not see.
MISSING = frozenset({"http-404", "http-410", "soft-404"})
ELSEWHERE = "redirected-off-site"
RENDER_PARTIAL = "render-partial"
# The host did not answer at all.
UNREACHABLE = frozenset({"timeout", "dns", "refused", "connection-lost"})
SHOWN = MISSING | {ELSEWHERE, "no-html"}
# The host keeps us out; three in a row and a polite guest leaves it.
TURNED_AWAY = frozenset({"blocked-challenge", "blocked-captcha", "blocked-forbidden", "blocked-waf", "throttled"})


def is_tls(reason: str) -> bool:
    return reason == "tls" or reason.startswith("tls-")


def speaks_other_tls(failure: BaseException) -> bool:
    """Whether a handshake failed because the two sides have nothing in common, rather than that there is no TLS at all."""
    return classify_error(failure) == "tls-protocol" and "wrong version" not in _told(failure)


def is_dead(reason: str) -> bool:
    """Whether a scheme of a host does not answer, so that the other one is worth a try."""
    return reason in UNREACHABLE or is_tls(reason)


def classify(status: int, body: bytes, *, retry_after: bool = False) -> str | None:
    """Reason key of an answered request, None where it can be read."""
    head = body[:65536]
    if status in _BY_STATUS:
        return _BY_STATUS[status]
    if status == 503 and retry_after:
        return "throttled"
    if status in (401, 403, 405):
        return _kept_out(head)
    if status >= 500:
        return "maintenance" if _MAINTENANCE.search(head.decode("utf-8", "ignore")) else f"http-{status}"
    if status >= 400:
        return f"http-{status}"
    if status == 304:
        return "http-304"  # "as before" to one who did not ask so, or whose archive does not know: nothing was shown
    if status >= 300:
        return ELSEWHERE  # redirects within the site are followed before
    return _classify_page(head, len(body))


def _kept_out(head: bytes) -> str:
    if _CHALLENGE.search(head):
        return "blocked-challenge"
    text = _words(head)
    if len(text) > 800:
        return "blocked-forbidden"
    return "blocked-captcha" if _CAPTCHA.search(text) else "blocked-waf" if _FIREWALL.search(text) else "blocked-forbidden"


def _classify_page(head: bytes, size: int) -> str | None:
    links = head.count(b"<a ") + head.count(b"<A ")
    if size < 60_000 and not links and _CHALLENGE.search(head):
        return "blocked-challenge"
    if _is_shell(head, size):
        return "shell"
    # A page with much text or many links is no block page, whatever words stand in it.
    if size > 60_000 or links > 15:
        return None
    text = _words(head)
    if len(text) > 800:
        return None
    if _SLIDER.search(head):
        return "blocked-captcha"
    for pattern, key in ((_CAPTCHA, "blocked-captcha"), (_FIREWALL, "blocked-waf"), (_SOFT_404, "soft-404"), (_MAINTENANCE, "maintenance")):
        if pattern.search(text):
            return key
    if len(text) > _NOTICE or links > 3:
        return None
    return next((key for pattern, key in _ALONE if pattern.search(text)), None)


# What may fill or replace a page that shows no words of its own.
_ALIVE = re.compile(rb"<(script|a|img|i?frame|frameset|meta[^>]+refresh|object|embed|form)\b|^\s*[\[{]|^\s*<\?xml", re.I)

_BINARY = re.compile(rb"%PDF|PK|Rar|GIF8|\x89PNG|\xff\xd8|\xd0\xcf|[^<]*\x00")


def _is_shell(head: bytes, size: int) -> bool:
    """A body of a few bytes that is no page: nothing at all, a bare word, tags around nothing."""
    if not head.strip():
        return True
    if size >= 1024 or _ALIVE.search(head) or _BINARY.match(head):
        return False
    return not _words(head) or (b"<" not in head and size < 64)


_UNSEEN = re.compile(r"<(?:(script|style)\b.*?</\1\s*>|!--.*?-->)", re.I | re.S)
_TAG = re.compile(r"<[^>]+>")


def _words(head: bytes) -> str:
    try:
        text = head.decode("utf-8")
    except UnicodeDecodeError:
        text = head.decode("gb18030", "ignore")
    return " ".join(_TAG.sub(" ", _UNSEEN.sub(" ", text)).split())


def _told(failure: BaseException) -> str:
    """What a failure says, and what it was made of."""
    said = [f"{type(failure).__name__} {failure}"]
    if isinstance(failure, ResponseFailed):
        said += [_told(reason.value) for reason in failure.reasons]
    if failure.__cause__ is not None:
        said.append(_told(failure.__cause__))
    return " ".join(said).lower()


def classify_error(failure: BaseException) -> str:
    """Reason key of a request that was never answered."""
    if isinstance(failure, ResponseFailed) and failure.reasons:
        return classify_error(failure.reasons[0].value)
    cause = failure.__cause__
    if isinstance(cause, ResponseFailed):  # as Scrapy wraps it
        return classify_error(cause)
    name = type(failure).__name__
    reason = getattr(failure, "reason_key", None)
    if isinstance(reason, str):
        return reason
    if isinstance(failure, (net.TimeoutError, net.TCPTimedOutError, TimeoutError)) or "Timeout" in name:
        return "timeout"
    if isinstance(failure, net.DNSLookupError) or "Resolution" in name:
        return "dns"
    if isinstance(failure, net.ConnectionRefusedError) or "Refused" in name:
        return "refused"
    text = f"{name} {failure}".lower()
    if "redirect" in text:
        return "redirect-loop"
    if _TLS_PROTOCOL.search(text):
        return "tls-protocol"
    if "ssl" in text or "tls" in text or "certificate" in text:
        return "tls"
    if "larger than" in text or "maxsize" in text or "cancelled" in text:  # a gzip bomb names the setting it exceeds
        return "too-large"
    if isinstance(failure, (net.ConnectionLost, net.ConnectionDone, net.ConnectError)) or "dataloss" in text or "partialdownload" in text:
        return "connection-lost"
    return "fetch-failed"
