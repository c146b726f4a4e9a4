"""Senders for the robots of WeCom, DingTalk, Feishu and ServerChan.

These services answer HTTP 200 also where they refuse a message, with their own code in the body; a message counts as
delivered only where that code says so. Their limits count bytes of UTF-8. Nothing here knows Apprise: send.py
registers these functions for the schemes of the channels.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import parse_qsl, quote_plus, urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

_MAX_PARTS = 15
_TOO_MANY, _REFUSED = 429, 300
_NOTES = 330  # bytes: the number of the part, and what is said of a repeated message or of attachments
_CUT = "……（内容较多，其余问题请在监测台账中查看）"


class RefusedError(Exception):
    """The service did not take the message; the text names its code and never the address."""

    def __init__(self, text: str, pause_seconds: float | None = None) -> None:
        super().__init__(text)
        self.pause_seconds = pause_seconds  # set where the service only asks for patience


@dataclass(frozen=True, slots=True)
class Target:
    """What a channel URL says: `scheme://[secret@]token[/phone…]/?base=&rto=`."""

    token: str
    secret: str | None
    phones: tuple[str, ...]  # whom DingTalk is to mention
    base: str | None  # another address of the same service, such as a relay inside the government network
    timeout: float  # seconds


@dataclass(frozen=True, slots=True)
class Robot:
    """One service: where it listens, how a message is written, how it says yes."""

    scheme: str
    token: re.Pattern[str]
    base: str
    native: re.Pattern[str]  # the address as the service itself gives it to users
    limit: int  # bytes of one message's text
    request: Callable[[Target, str, str, str, datetime], Request]  # target, base, title, text, now
    code_keys: tuple[str, ...]  # the answer's keys that hold 0 where the message was taken
    per_minute: int  # messages that the service takes from one robot
    busy: frozenset[str]  # its codes for more than that
    busy_words: re.Pattern[str]  # where one code stands for several refusals, what its text says then
    pause_seconds: float  # how long it is silent after that


_CHANNEL = re.compile(
    r"^[a-z0-9]+://(?:(?P<secret>[^@/?#]+)@)?(?P<token>[^/?#@]*)(?:/(?P<phones>[\d/,]*))?(?:\?(?P<query>.*))?$", re.IGNORECASE
)


def robot_of(channel: str) -> Robot | None:
    """The robot that a channel addresses, by its scheme."""
    scheme = channel.partition("://")[0].strip().lower()
    return next((robot for robot in ROBOTS if robot.scheme == scheme), None)


def canonical(channel: str) -> str:
    """A service's own webhook address as a channel; any other channel as it is."""
    for robot in ROBOTS:
        match = robot.native.match(channel.strip())
        if match is not None:
            return f"{robot.scheme}://{match['token']}/"
    return channel.strip()


def parse_target(robot: Robot, channel: str) -> Target | None:
    """Read a channel; None where it bears no valid token. Case is kept: tokens are case-sensitive."""
    match = _CHANNEL.match(channel.strip())
    if match is None:
        return None
    query = dict(parse_qsl(match["query"] or ""))
    token, base = query.get("token") or query.get("key") or match["token"], query.get("base")
    if not robot.token.fullmatch(token) or (base is not None and urlsplit(base).scheme not in ("http", "https")):
        return None
    seconds = query.get("rto", "")
    timeout = float(seconds) if re.fullmatch(r"\d{1,3}(\.\d+)?", seconds) else 10.0
    phones = tuple(phone for phone in re.split(r"[/,]", match["phones"] or "") if phone)
    return Target(token, match["secret"] or query.get("secret"), phones, base.rstrip("/") if base else None, timeout)


def post(robot: Robot, target: Target, title: str, text: str, now: datetime) -> None:
    """Send one part of a message. Raises RefusedError where it is not taken."""
    request = robot.request(target, target.base or robot.base, title, text, now)
    answer, pause = _post(robot, request, target.timeout)
    _require_taken(robot, answer, pause)


def room(robot: Robot, title: str) -> int:
    """Bytes of text that fit into one message beside its title and the notes that a part may bear."""
    return max(robot.limit - len(title.encode()) - _NOTES, 300)


def parts(body: str, limit: int) -> Iterator[str]:
    """Cut a text at line ends into parts of at most `limit` bytes, the last one saying so if there were too many."""
    done, lines = 0, [piece for line in body.splitlines() for piece in _pieces(line, limit)]
    while lines:
        done += 1
        room = limit - (len(_CUT.encode()) + 1 if done == _MAX_PARTS else 0)
        taken, size = 0, 0
        while taken < len(lines) and size + len(lines[taken].encode()) + 1 <= room + 1:
            size += len(lines[taken].encode()) + 1
            taken += 1
        part, lines = "\n".join(lines[:taken]), lines[taken:]
        if done == _MAX_PARTS and lines:
            yield f"{part}\n{_CUT}"
            return
        if part.strip():
            yield part


def _pieces(line: str, limit: int) -> Iterator[str]:
    """A line, cut where it alone is longer than a message; characters stay whole."""
    limit -= len(_CUT.encode()) + 1
    while len(line.encode()) > limit:
        head = line.encode()[:limit].decode(errors="ignore")
        yield head
        line = line[len(head) :]
    yield line


class _NoRedirect(HTTPRedirectHandler):
    """A redirected POST would arrive as a GET without the message and still be answered 200."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


def _post(robot: Robot, request: Request, timeout: float) -> tuple[Mapping[str, Any], float | None]:
    """The answer, and how long to wait where its HTTP status asks for patience."""
    pause = None
    try:
        try:
            response = build_opener(_NoRedirect).open(request, timeout=timeout)
        except HTTPError as error:
            response = error  # some services say in the body of a 400 what was wrong
            if error.code == _TOO_MANY:
                pause = _seconds(error.headers.get("Retry-After")) or robot.pause_seconds
        with response:
            status, text = response.status, response.read(65536)
    except (URLError, OSError) as error:
        reason = error.reason if isinstance(error, URLError) else error
        raise RefusedError(f"no answer ({type(reason).__name__})") from None
    try:
        answer = json.loads(text)
    except ValueError:
        answer = None
    if status >= _REFUSED and (pause is not None or not isinstance(answer, dict) or not _says(robot, answer)):
        raise RefusedError(f"HTTP {status}", pause)
    if not isinstance(answer, dict):
        raise RefusedError("an answer that is no JSON object")
    return answer, pause


def _seconds(text: str | None) -> float | None:
    return float(text) if text is not None and re.fullmatch(r"\d{1,5}", text.strip()) else None


def _says(robot: Robot, answer: Mapping[str, Any]) -> bool:
    """Whether an answer bears a refusal in the service's own words."""
    return any(key in answer and str(answer[key]) != "0" for key in robot.code_keys)


def _require_taken(robot: Robot, answer: Mapping[str, Any], pause: float | None) -> None:
    for key in robot.code_keys:
        if key in answer:
            code = str(answer[key])
            if code != "0":
                words = " ".join(str(answer.get("errmsg") or answer.get("msg") or answer.get("message") or "").split())
                if code in robot.busy or robot.busy_words.search(words):
                    pause = pause or robot.pause_seconds
                raise RefusedError(f"{robot.scheme} {key} {code}: {words[:120]}", pause)
            return
    raise RefusedError(f"{robot.scheme}: an answer without {' or '.join(robot.code_keys)}")


def _json(url: str, payload: Mapping[str, Any]) -> Request:
    data = json.dumps(payload, ensure_ascii=False).encode()
    headers = {"Content-Type": "application/json; charset=utf-8"}
    return Request(url, data=data, headers=headers, method="POST")  # noqa: S310 - parse_target takes http and https only


def _wecom(target: Target, base: str, title: str, text: str, _now: datetime) -> Request:
    return _json(f"{base}/cgi-bin/webhook/send?key={target.token}", {"msgtype": "text", "text": {"content": f"{title}\n{text}"}})


def _dingtalk(target: Target, base: str, title: str, text: str, now: datetime) -> Request:
    url = f"{base}/robot/send?access_token={target.token}"
    if target.secret:
        stamp = str(int(now.timestamp() * 1000))
        digest = hmac.new(target.secret.encode(), f"{stamp}\n{target.secret}".encode(), hashlib.sha256).digest()
        url += f"&timestamp={stamp}&sign={quote_plus(base64.b64encode(digest))}"
    payload: dict[str, Any] = {"msgtype": "text", "text": {"content": f"{title}\n{text}"}}
    if target.phones:
        payload["at"] = {"atMobiles": list(target.phones), "isAtAll": False}
    return _json(url, payload)


def _feishu(target: Target, base: str, title: str, text: str, now: datetime) -> Request:
    payload: dict[str, Any] = {"msg_type": "text", "content": {"text": f"{title}\n{text}"}}
    if target.secret:
        stamp = str(int(now.timestamp()))
        digest = hmac.new(f"{stamp}\n{target.secret}".encode(), b"", hashlib.sha256).digest()
        payload |= {"timestamp": stamp, "sign": base64.b64encode(digest).decode()}
    return _json(f"{base}/open-apis/bot/v2/hook/{target.token}", payload)


def _serverchan(target: Target, base: str, title: str, text: str, _now: datetime) -> Request:
    # The text is shown as Markdown, where single line ends vanish.
    data = urlencode({"title": title[:32], "desp": f"{title}\n\n" + text.replace("\n", "\n\n")}).encode()
    return Request(f"{base}/{target.token}.send", data=data, method="POST")  # noqa: S310 - as in _json


# Limits as the services document them: WeCom and DingTalk 20 messages a minute from one robot (DingTalk then is silent for ten
# minutes), Feishu 100 a minute; ServerChan documents only messages a day, which its account decides.
_WORD = r"(?P<token>[A-Za-z0-9_-]+)"
ROBOTS = (
    Robot(
        scheme="wecombot",
        token=re.compile(r"[A-Za-z0-9_-]+"),
        base="https://qyapi.weixin.qq.com",
        native=re.compile(rf"^https://qyapi\.weixin\.qq\.com/cgi-bin/webhook/send\?key={_WORD}$"),
        limit=2048,
        request=_wecom,
        code_keys=("errcode",),
        per_minute=20,
        busy=frozenset({"45009"}),
        busy_words=re.compile(r"freq(uency)? (out of )?limit", re.IGNORECASE),
        pause_seconds=60,
    ),
    Robot(
        scheme="dingtalk",
        token=re.compile(r"[A-Za-z0-9]+"),
        base="https://oapi.dingtalk.com",
        native=re.compile(rf"^https://oapi\.dingtalk\.com/robot/send\?access_token={_WORD}$"),
        limit=18000,
        request=_dingtalk,
        code_keys=("errcode",),
        per_minute=20,
        busy=frozenset({"130101", "90030", "410100"}),
        busy_words=re.compile(r"too fast|over limit", re.IGNORECASE),
        pause_seconds=600,
    ),
    Robot(
        scheme="feishu",
        token=re.compile(r"[A-Za-z0-9_-]+"),
        base="https://open.feishu.cn",
        native=re.compile(rf"^https://open\.feishu\.cn/open-apis/bot/v2/hook/{_WORD}/?$"),
        limit=18000,
        request=_feishu,
        code_keys=("code", "StatusCode"),
        per_minute=100,
        busy=frozenset({"11232", "99991400"}),
        busy_words=re.compile(r"too many request|frequency limit", re.IGNORECASE),
        pause_seconds=60,
    ),
    Robot(
        scheme="schan",
        token=re.compile(r"[A-Za-z0-9-]+"),
        base="https://sctapi.ftqq.com",
        native=re.compile(rf"^https://sctapi\.ftqq\.com/{_WORD}\.send$"),
        limit=15000,
        request=_serverchan,
        code_keys=("code", "errno"),
        per_minute=10,
        busy=frozenset({"471"}),
        busy_words=re.compile(r"次数限制|频率", re.IGNORECASE),
        pause_seconds=3600,
    ),
)
