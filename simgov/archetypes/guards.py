"""What stands before the pages of the guarded ministry: one host for each guard, set as faults, invisible in addresses."""

from __future__ import annotations

import zlib
from dataclasses import dataclass

from simgov.families.base import Reply
from simgov.faults import CHALLENGE, Fault

_PATHS = r"^(?!/robots\.txt)"
_SCRIPT_COOKIE = (
    "<html><head><script>document.cookie='{name}='+(function(a){{return a.split('').reverse().join('')}})('d41f09e7')"
    "+';max-age=3600;path=/';location.href=location.pathname+location.search;</script></head><body></body></html>"
)
_SLIDER = (
    "<html><head><meta charset='utf-8'><title>请稍候…</title></head><body><div id='puzzle-vcode'><p>请完成安全验证</p>"
    "<div class='slider'>向右拖动滑块填充拼图</div></div>" + "<!-- " + "verify " * 3000 + "--></body></html>"
)


def _bomb(megabytes: int) -> bytes:
    """One compressed megabyte of blanks over and over: some kilobytes that unpack to a page beyond every limit."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = packer.compress(b"<p>" + b" " * 1_000_000) + packer.flush(zlib.Z_FULL_FLUSH)
    return b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff" + block * megabytes + b"\x03\x00" + bytes(8)


def _text(body: str, status: int = 200, kind: str = "text/plain") -> Reply:
    return Reply(body.encode(), status, f"{kind}; charset=utf-8")


_OPEN = _text("User-agent: *\nDisallow: /so/\n")


@dataclass(frozen=True, slots=True)
class Guard:
    """Faults and robots.txt of one host. `passable`: a polite crawler with a cookie jar sees every page."""

    id: str
    why: str
    reasons: tuple[str, ...] = ()  # reason keys that observing it may give
    passable: bool = False
    faults: tuple[Fault, ...] = ()
    robots: Reply = _OPEN
    scheme: str = "http"
    by_script: bool = False  # the home page is filled by a script from an open endpoint


_LOOP = Fault(_PATHS, 302, b"", headers=(("Set-Cookie", "CT6T=1; path=/"), ("Location", "/")))
GUARDS = {
    one.id: one
    for one in (
        Guard("j1", "412 with a script challenge", ("blocked-challenge",),
            faults=(Fault(_PATHS, 412, CHALLENGE.body, headers=CHALLENGE.headers),),
        ),
        Guard("j2", "521 until a script has set a cookie", ("blocked-challenge",),
            faults=(Fault(_PATHS, 521, _SCRIPT_COOKIE.format(name="__jsl_clearance_s").encode(), until_cookie="__jsl_clearance_s"),),
        ),
        Guard("j3", "a cookie gate whose cookie comes as a header", passable=True,
            faults=(
                Fault(
                    _PATHS, 302, b"", headers=(("Set-Cookie", "C3VK=8f2d; path=/; max-age=300"), ("Location", "/")), until_cookie="C3VK"
                ),
            ),
        ),
        Guard("j3-script", "a cookie gate whose cookie is set by a script, with 200", ("blocked-challenge",),
            faults=(Fault(_PATHS, 200, _SCRIPT_COOKIE.format(name="C3VK").encode(), until_cookie="C3VK"),),
        ),
        Guard("j4", "302 to itself for ever", ("blocked-redirect-loop", "redirect-loop"), faults=(_LOOP,)),
        Guard("j5", "a slider with 200", ("blocked-captcha",), faults=(Fault(_PATHS, 200, _SLIDER.encode()),)),
        Guard("j6", "the index page in place of an article beyond ten requests a minute", ("substituted", "throttled"),
            faults=(Fault(r"/t\d{8}_", None, over=(10, 60.0), instead="/"),),
        ),
        Guard("j7", "a fence: 403 and 404 on sub-paths, the home page open", ("blocked-fence", "blocked-forbidden", "http-403"),
            faults=(Fault(r"^/zwgk/zfxxgk/fdzdgknr/", 403, b"<html><body>403 Forbidden</body></html>"), Fault(r"^/(ywdt|tzgg)/", 404, b"")),
        ),
        Guard("j8", "a shell with ?gk=N and an open endpoint", ("script-shell", "shell", "script", "script-only"), by_script=True),
        Guard("j9", "gzip unasked, a bomb, a drip, a body cut short", ("too-large", "timeout", "connection-lost", "fetch-failed"),
            faults=(
                Fault(
                    r"^/zwgk/zfxxgk/fdzdgknr/jgzn/", 200, _bomb(100), headers=(("Content-Encoding", "gzip"),)
                ),
                Fault(r"^/zwgk/zfxxgk/fdzdgknr/ldxx/", None, drip_seconds=30.0),
                Fault(r"^/tzgg/", None, cut=700),
                Fault(r"", None, gzip=True),
            ),
        ),
        Guard("j10", "a certificate for another host", ("tls",), scheme="https", passable=True),
        Guard("j11-404", "no robots.txt", robots=_text("Not Found", 404), passable=True),
        Guard("j11-403", "robots.txt forbidden", ("robots-not-established",), robots=_text("Forbidden", 403)),
        Guard("j11-html", "a page in place of robots.txt", robots=_text("<!DOCTYPE html><html><body><div id='app'></div></body></html>", kind="text/html"),
            passable=True,
        ),
        Guard("j11-all", "robots.txt disallows all", ("robots-disallowed",), robots=_text("User-agent: *\nDisallow: /\n")),
        Guard("j11-path", "robots.txt disallows a path", ("robots-disallowed",),
            robots=_text("User-agent: *\nDisallow: /zwgk/zfxxgk/fdzdgknr/zcjd/\n"),
        ),
        Guard(
            "j11-slow", "robots.txt does not come in time", ("robots-not-established", "timeout", "connection-lost"),  # in a hurry the server hangs up instead
            faults=(Fault(r"^/robots\.txt", None, delay_seconds=90.0),),
        ),
    )
}  # fmt: skip
