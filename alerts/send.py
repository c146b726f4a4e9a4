"""Delivery through Apprise: the only module that speaks it.

Channels come from the registry with ${ENV} in them; they are filled in here, at the last moment, and what was filled in
never leaves again: every word of Apprise, of a service or of an error is masked before anyone sees it.
"""

from __future__ import annotations

import logging
import re
import warnings
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, cast
from urllib.parse import parse_qsl, unquote, urlsplit

import apprise
from apprise.decorators import notify
from apprise.manager_plugins import NotificationManager

from alerts import senders
from data.config import fill_env
from data.errors import ConfigurationError
from data.findings import OutgoingMessage

TIMEOUT_SECONDS = 30.0
_ENV = re.compile(r"\$\{[A-Za-z_][A-Za-z0-9_]*\}")
_HOOKS = ("json", "jsons", "xml", "xmls", "form", "forms")
_MAIL = ("mailto", "mailtos")
# Names of a query that are settings of a channel, not secrets.
_SETTINGS = frozenset(
    [
        "cto",
        "rto",
        "retry",
        "wait",
        "format",
        "overflow",
        "verify",
        "method",
        "mode",
        "smtp",
        "base",
        "to",
        "from",
        "name",
        "cc",
        "bcc",
        "reply",
    ]
)
# A short plain word of a hook's path (hook, supervisor) helps to tell channels apart; anything else may be a token.
_WORD = re.compile(r"(?!.*(?:secret|token|key|pass))[a-z]{1,12}|\$\{[A-Za-z_][A-Za-z0-9_]*\}|")
_held_secrets: ContextVar[tuple[str, ...]] = ContextVar("secrets of the channel in use", default=())
_refusals: ContextVar[list[senders.RefusedError]] = ContextVar("what robots answered")
_TOO_MANY = re.compile(r"\berror=429\b")  # as Apprise words HTTP 429
_PAUSE_SECONDS = 60.0
_REPEATED = "（此前一次发送因系统中断未能确认是否送达，现再次发送；如已收到请忽略。）"
_STAND_INS = ("a1b2c3d4e5", "127.0.0.1", "8080", "a@b.cn")
_EXAMPLES = "json://host/path, mailto://user:password@host?to=name@host, wecombot://key, dingtalk://token, feishu://token"


class Outcome(StrEnum):
    """What a channel did with one part of a message."""

    TAKEN = "taken"
    REFUSED = "refused"
    THROTTLED = "throttled"  # it asked for patience
    WAITING = "waiting"  # a variable of the channel is not set here


@dataclass(frozen=True, slots=True)
class DeliveryResult:
    """What came of handing one part to a channel; `error` is one masked line where it was not taken."""

    outcome: Outcome
    error: str | None = None
    pause_seconds: float = 0.0  # where it is throttled

    @property
    def delivered(self) -> bool:
        return self.outcome is Outcome.TAKEN


def validate_channel(url: str, environ: Mapping[str, str] | None = None) -> str | None:
    """One masked line that says why a channel is no usable Apprise URL, or None. A variable that is not set is not its fault."""
    try:
        filled = [fill_env(url, "channel", environ)]
    except ConfigurationError:
        filled = [_ENV.sub(stand_in, url) for stand_in in _STAND_INS]
    if _ENV.fullmatch(url.strip()) and filled != [url] and len(filled) > 1:
        return None
    held = _held_secrets.set(tuple(secret for candidate in filled for secret in _secrets("", candidate, environ)))
    try:
        if any(_instantiate(candidate) is not None for candidate in filled):
            return None
    finally:
        _held_secrets.reset(held)
    scheme = filled[0].partition("://")[0].strip().lower() if "://" in filled[0] else None
    if scheme is None or scheme not in _plugins().schemas():
        return f"{mask(url)}: no known Apprise scheme; write e.g. {_EXAMPLES}"
    return f"{mask(url)}: cannot be read as a {scheme}:// channel; see Apprise's page of {scheme} for its form"


def mask(channel: str) -> str:
    """A channel as it may be shown: scheme, host and plain words of a hook's path, a mail's receiver; all else as ***."""
    scheme, mark, rest = channel.strip().partition("://")
    if not mark or not re.fullmatch(r"[A-Za-z0-9+.-]{1,20}", scheme):
        return channel.strip() if _ENV.fullmatch(channel.strip()) else "***"
    parts = urlsplit(f"x://{rest}") if _splits(rest) else None
    if parts is None or scheme.lower() not in (*_HOOKS, *_MAIL):
        return f"{scheme}://***"
    user, at, host = parts.netloc.rpartition("@")
    shown = f"{scheme}://{'***@' if at and user else ''}{host}"
    if scheme.lower() in _MAIL:
        to = dict(parse_qsl(parts.query)).get("to")
        return shown + (f"?to={to}" if to else "")
    path = "/".join(part if _WORD.fullmatch(part) else "***" for part in parts.path.split("/"))
    return shown + path + ("?***" if parts.query else "")


def _splits(rest: str) -> bool:
    try:
        urlsplit(f"x://{rest}")
    except ValueError:
        return False
    return True


def parts_of(message: OutgoingMessage, environ: Mapping[str, str] | None = None) -> tuple[str, ...]:
    """The texts in which a message goes out: robots take so many bytes at a time, all else takes it whole.

    Raises ConfigurationError, one masked line, where a variable of the channel is not set.
    """
    channel = senders.canonical(fill_env(message.channel, mask(message.channel), environ))
    robot = senders.robot_of(channel)
    if robot is None:
        return (message.body,)
    return tuple(senders.parts(message.body, senders.room(robot, message.subject))) or (message.body,)


def posts_a_minute(channel: str, per_minute: Mapping[str, int]) -> int | None:
    """How many messages a minute a channel takes: the registry's figure for its scheme, else the robot's own; None: no limit is known."""
    canonical = senders.canonical(channel)
    scheme = canonical.partition("://")[0].lower()
    robot = senders.robot_of(canonical)
    return per_minute.get(scheme, robot.per_minute if robot is not None else None)


def deliver(message: OutgoingMessage, environ: Mapping[str, str] | None = None, *, part: int = 0, repeated: bool = False) -> DeliveryResult:
    """Hand one part of a message to its channel; never raises for what a channel or its URL does.

    `repeated`: a process died before it knew whether this part had arrived, so it is said to be a repetition.
    """
    try:
        channel = fill_env(message.channel, mask(message.channel), environ)
        texts = parts_of(message, environ)
    except ConfigurationError as error:
        return DeliveryResult(Outcome.WAITING, str(error))
    held = _held_secrets.set(_secrets(message.channel, channel, environ))
    refusals = _refusals.set([])
    try:
        title = message.subject if len(texts) == 1 else f"{message.subject}（{part + 1}/{len(texts)}）"
        again = repeated and channel.partition("://")[0].strip().lower() not in _HOOKS  # a program knows it by the key
        return _post(message, channel, environ, title, f"{_REPEATED}\n\n{texts[part]}" if again else texts[part], first=part == 0)
    finally:
        _held_secrets.reset(held)
        _refusals.reset(refusals)


def _post(
    message: OutgoingMessage, channel: str, environ: Mapping[str, str] | None, title: str, text: str, *, first: bool
) -> DeliveryResult:
    service = _instantiate(channel)
    if service is None:
        return DeliveryResult(Outcome.REFUSED, validate_channel(message.channel, environ))
    channel = senders.canonical(channel)
    scheme = channel.partition("://")[0].lower()
    if scheme in (*_HOOKS, *_MAIL):
        # A receiver that is told the same twice, because we were killed in between, can know it by this.
        service.headers["Idempotency-Key" if scheme in _HOOKS else "X-Gongkai-Key"] = message.key
    elif senders.robot_of(channel) is None and "overflow=" not in channel:
        service.overflow_mode = apprise.OverflowMode.SPLIT
    # Apprise believes that a sender of our own takes attachments; no robot does.
    carried = bool(service.attachment_support) and senders.robot_of(channel) is None
    files, text = _files(message, text, carried=carried) if first else ((), text)
    post = apprise.Apprise(asset=_asset())
    post.add(service)
    result = post.notify(body=text, title=title, body_format=apprise.NotifyFormat.TEXT, timeout=TIMEOUT_SECONDS, attach=list(files) or None)
    if result:
        return DeliveryResult(Outcome.TAKEN)
    said = dict.fromkeys(entry.message for one in result.results for entry in one.logs())
    reason = _masked(f"{result.status.name.lower()}: {'; '.join(said) or 'no reason given'}", _held_secrets.get())
    pauses = [error.pause_seconds for error in _refusals.get() if error.pause_seconds is not None]
    if not pauses and _TOO_MANY.search(reason):
        pauses = [_PAUSE_SECONDS]
    if pauses:
        return DeliveryResult(Outcome.THROTTLED, reason, max(pauses))
    return DeliveryResult(Outcome.REFUSED, reason)


def _files(message: OutgoingMessage, text: str, *, carried: bool) -> tuple[tuple[str, ...], str]:
    """The attachments that go along, and the text, which names those that do not: nothing is dropped in silence."""
    there = tuple(path for path in message.attachments if Path(path).is_file())
    left = [path for path in message.attachments if not carried or path not in there]
    if left:
        text = f"{text.rstrip()}\n（另有附件未能随本消息发送，请向发送单位索取：{'、'.join(Path(path).name for path in left)}）\n"
    return (there if carried else ()), text


def _secrets(template: str, channel: str, environ: Mapping[str, str] | None) -> tuple[str, ...]:
    """Everything in a channel that could be secret, longest first."""
    found = [fill_env(match.group(), "channel", environ) for match in _ENV.finditer(template)]
    scheme, _, rest = channel.partition("://")
    if not _splits(rest):
        return tuple({*found, rest} - {""})
    parts = urlsplit(f"x://{rest}")
    user, at, host = parts.netloc.rpartition("@")
    found += [*(user.split(":") if at else ()), *(part for part in parts.path.split("/") if not _WORD.fullmatch(part))]
    found += [value for name, value in parse_qsl(parts.query) if name.lower() not in _SETTINGS]
    if scheme.lower() not in (*_HOOKS, *_MAIL):
        found.append(host)
    found += [unquote(value) for value in found]
    return tuple(sorted({value for value in found if len(value) > 2}, key=len, reverse=True))


def _masked(text: str, secrets: tuple[str, ...]) -> str:
    line = " ".join(text.split())
    for secret in secrets:
        line = line.replace(secret, "***")
    return line[:400]


def _instantiate(channel: str) -> Any:
    """Apprise's service for a filled-in channel; None where it cannot be read."""
    _prepare()
    channel = senders.canonical(channel)
    robot = senders.robot_of(channel)
    if robot is not None and senders.parse_target(robot, channel) is None:
        return None
    try:
        port = urlsplit("x://" + channel.partition("://")[2]).port
    except ValueError:
        return None
    if port == 0:
        return None
    return apprise.Apprise.instantiate(channel, asset=_asset())


def _asset() -> apprise.AppriseAsset:
    # A redirected POST arrives as a GET without the message and is answered 200 all the same.
    return apprise.AppriseAsset(app_id="gongkai", app_desc="政务公开监测", storage_mode="memory", http_redirects=False)


@cache
def _prepare() -> None:
    """Keep the libraries' own log lines, which bear whole URLs, to ourselves, and put our robots in the place of Apprise's."""
    for name in ("apprise", "urllib3.connectionpool"):
        logger = logging.getLogger(name)
        logger.setLevel(logging.WARNING)
        logger.propagate = False
        logger.addHandler(logging.NullHandler())
        logger.addFilter(_mask_record)
    plugins, register = _plugins(), cast(Callable[..., Any], notify)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of services that nobody here uses
        plugins.load_modules()
    for robot in senders.ROBOTS:
        plugins.remove(robot.scheme, unload=False)
        register(on=robot.scheme, name=robot.scheme, body_format=apprise.NotifyFormat.TEXT)(_sender(robot))


def _mask_record(record: logging.LogRecord) -> bool:
    record.msg, record.args = _masked(record.getMessage(), _held_secrets.get()), ()
    return True


def _plugins() -> Any:
    return cast(Callable[[], Any], NotificationManager)()


def _sender(robot: senders.Robot) -> Callable[..., bool]:
    def send(body: str, title: str, _notify_type: str, *_args: Any, meta: Mapping[str, Any], **_kwargs: Any) -> bool:
        target = senders.parse_target(robot, meta["url"])
        if target is None:
            return False
        try:
            # The services compare a signature's time with the real clock, whatever moment the round is run for.
            senders.post(robot, target, title, body, datetime.now(UTC))
        except senders.RefusedError as error:
            _refusals.get().append(error)
            logging.getLogger("apprise").warning("%s", error)
            return False
        return True

    return send
