"""Real receivers on loopback: an HTTP hook, an SMTP server, and imitations of the four robots that answer as theirs do."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

Answer = tuple[int, Any]


@dataclass(frozen=True)
class Post:
    """One POST as it came."""

    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass
class Hook:
    """What arrived, and how to answer by path, or by the whole post."""

    answer: Callable[[str], Answer] = lambda path: (200, {})
    reply: Callable[[Post], Answer] | None = None
    received: list[tuple[str, bytes]] = field(default_factory=list)
    posts: list[Post] = field(default_factory=list)
    also: dict[str, str] = field(default_factory=dict)  # headers of every answer
    port: int = 0

    def url(self, path: str, scheme: str = "json") -> str:
        return f"{scheme}://127.0.0.1:{self.port}{path}"

    def bodies(self, path: str = "/") -> list[dict[str, Any]]:
        return [json.loads(body) for where, body in self.received if where.startswith(path)]


@contextmanager
def http_hook(answer: Callable[[str], Answer] = lambda path: (200, {})) -> Iterator[Hook]:
    hook = Hook(answer)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            post = Post(self.path, dict(self.headers.items()), self.rfile.read(int(self.headers["Content-Length"])))
            hook.received.append((post.path, post.body))
            hook.posts.append(post)
            status, said = hook.answer(post.path) if hook.reply is None else hook.reply(post)
            data = json.dumps(said).encode()
            self.send_response(status)
            for name, value in hook.also.items():
                self.send_header(name, value)
            if status in (301, 302):
                self.send_header("Location", "/elsewhere")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            with suppress(BrokenPipeError):  # who asked may have been killed
                self.wfile.write(data)

        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    hook.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield hook
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@dataclass
class Mailbox:
    port: int = 0
    mails: list[EmailMessage] = field(default_factory=list)
    refuse: bool = False

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        if self.refuse:
            return "550 mailbox unavailable"
        assert isinstance(envelope.content, bytes)
        mail = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)
        return "250 OK"


@contextmanager
def smtp_server() -> Iterator[Mailbox]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        box = Mailbox(port=free.getsockname()[1])
    controller = Controller(box, hostname="127.0.0.1", port=box.port)
    controller.start()
    try:
        yield box
    finally:
        controller.stop()


@dataclass
class Robots:
    """The endpoints of the four services: they check what theirs check, and say no with HTTP 200 and a code of their own.

    `taken` holds the texts of each service that it would have shown to people.
    """

    key: str = "Abc123XyZ789-def"
    ding_token: str = "Abc123"
    secret: str = "SECsecret"
    per_minute: int = 20  # of WeCom and DingTalk; the clock of these imitations stands still
    taken: dict[str, list[str]] = field(default_factory=dict)

    def reply(self, post: Post) -> Answer:
        parts = urlsplit(post.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if parts.path == "/cgi-bin/webhook/send":
            return 200, self._wecom(query, json.loads(post.body))
        if parts.path == "/robot/send":
            return 200, self._dingtalk(query, json.loads(post.body))
        if parts.path.startswith("/open-apis/bot/v2/hook/"):
            return 200, self._feishu(parts.path.rpartition("/")[2], json.loads(post.body))
        if parts.path.endswith(".send"):
            return self._serverchan(parts.path.strip("/").removesuffix(".send"), parse_qs(post.body.decode()))
        return 404, {}

    def _wecom(self, query: Mapping[str, str], said: Mapping[str, Any]) -> Mapping[str, Any]:
        if query.get("key") != self.key:
            return {"errcode": 93000, "errmsg": "invalid webhook url, hint: [1]"}
        text = said["text"]["content"]
        if len(text.encode()) > 2048:
            return {"errcode": 40058, "errmsg": "content exceed max length. invalid Request Parameter"}
        if len(self.taken.get("wecom", [])) >= self.per_minute:
            return {"errcode": 45009, "errmsg": "api freq out of limit"}
        return self._take("wecom", text, {"errcode": 0, "errmsg": "ok"})

    def _dingtalk(self, query: Mapping[str, str], said: Mapping[str, Any]) -> Mapping[str, Any]:
        if query.get("access_token") != self.ding_token:
            return {"errcode": 300001, "errmsg": "token is not exist"}
        digest = hmac.new(self.secret.encode(), f"{query.get('timestamp')}\n{self.secret}".encode(), hashlib.sha256).digest()
        if query.get("sign") != base64.b64encode(digest).decode():
            return {"errcode": 310000, "errmsg": "sign not match"}
        if len(self.taken.get("dingtalk", [])) >= self.per_minute:
            return {"errcode": 130101, "errmsg": "send too fast, exceed 20 times per minute"}
        return self._take("dingtalk", said["text"]["content"], {"errcode": 0, "errmsg": "ok"})

    def _feishu(self, token: str, said: Mapping[str, Any]) -> Mapping[str, Any]:
        digest = hmac.new(f"{said.get('timestamp')}\n{self.secret}".encode(), b"", hashlib.sha256).digest()
        if token != self.key:
            return {"code": 19001, "msg": "param invalid: incoming webhook access token invalid"}
        if said.get("sign") != base64.b64encode(digest).decode():
            return {"code": 19021, "msg": "sign match fail or timestamp is not within one hour from current time"}
        if len(self.taken.get("feishu", [])) >= self.per_minute * 5:
            return {"code": 11232, "msg": "frequency limited psm[lark.oapi.app_platform_runtime]"}
        return self._take("feishu", said["content"]["text"], {"code": 0, "msg": "success", "data": {}})

    def _serverchan(self, key: str, form: Mapping[str, list[str]]) -> Answer:
        if key != self.key:
            return 400, {"code": 40001, "message": "[AUTH]错误的Key", "info": "错误的Key"}
        if len(self.taken.get("serverchan", [])) >= 5:
            return 400, {"code": 40001, "message": "[AUTH]超过当天的发送次数限制[5]，请稍后再试", "info": "…"}
        return 200, self._take("serverchan", form["desp"][0], {"code": 0, "message": "", "data": {"errno": 0, "error": "SUCCESS"}})

    def _take(self, service: str, text: str, answer: Mapping[str, Any]) -> Mapping[str, Any]:
        self.taken.setdefault(service, []).append(text)
        return answer

    def channels(self, port: int) -> dict[str, str]:
        """The channel of each service as a registry writes it."""
        base = f"?base=http://127.0.0.1:{port}"
        return {
            "wecom": f"wecombot://{self.key}/{base}",
            "dingtalk": f"dingtalk://{self.secret}@{self.ding_token}/{base}",
            "feishu": f"feishu://{self.secret}@{self.key}/{base}",
            "serverchan": f"schan://{self.key}/{base}",
        }
