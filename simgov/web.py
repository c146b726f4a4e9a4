"""Hosts on loopback: one address a host, the same port on all, plain HTTP and TLS on that one port, faults in between."""

from __future__ import annotations

import gzip
import socket
import ssl
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import format_datetime
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer
from typing import ClassVar, Protocol
from urllib.parse import parse_qsl, unquote, urlsplit

from simgov.families.base import Reply, Request
from simgov.faults import Fault, FaultPlan

_HANDSHAKE = 0x16  # the first byte of a TLS client hello
_ALERT_OLD_PROTOCOL = bytes((0x15, 3, 1, 0, 2, 2, 70))


class Tls(StrEnum):
    """What a host answers to a TLS client on its port."""

    NONE = "none"  # closes the connection
    OWN = "own"  # a certificate that names the host's address
    OTHER = "other"  # a certificate that names another host
    OLD = "old"  # only protocols that nobody speaks any more


@dataclass(frozen=True, slots=True)
class Hit:
    """One request as it came in; `started` and `ended` are seconds of the monotonic clock."""

    site: str
    method: str
    path: str  # with query
    status: int
    user_agent: str
    started: float
    ended: float
    conditional: bool


class Answering(Protocol):
    """A government being served."""

    plans: dict[str, FaultPlan]
    conditional: bool

    @property
    def moment(self) -> datetime: ...

    def answer(self, site_id: str, request: Request) -> Reply: ...

    def validators(self, site_id: str, target: str, body: bytes) -> tuple[str, datetime]: ...

    def log(self, hit: Hit) -> None: ...


class _Handler(BaseHTTPRequestHandler):
    """Answers for one host; the class attributes are set on a subclass per server."""

    running: ClassVar[Answering]
    site_id: ClassVar[str]
    tls: ClassVar[Tls]
    context: ClassVar[ssl.SSLContext | None]
    protocol_version = "HTTP/1.1"
    server_version = "simgov"
    sys_version = ""
    wbufsize = 65536
    disable_nagle_algorithm = True
    timeout = 60
    scheme = "http"
    refused = False

    def setup(self) -> None:
        self.request.settimeout(self.timeout)
        try:
            first = self.request.recv(1, socket.MSG_PEEK)
            if first and first[0] == _HANDSHAKE:
                self._secure()
        except OSError:
            self.refused = True
        super().setup()

    def _secure(self) -> None:
        if self.context is None:
            self.request.recv(65536)  # an unread hello would turn the alert into a reset
            if self.tls is Tls.OLD:
                self.request.sendall(_ALERT_OLD_PROTOCOL)
            self.refused = True
            return
        self.request = self.context.wrap_socket(self.request, server_side=True)
        self.scheme = "https"

    def handle(self) -> None:
        if not self.refused:
            super().handle()

    def finish(self) -> None:
        try:
            super().finish()
        finally:
            if self.scheme == "https":
                self.request.close()  # the server closes the plain socket, which wrapping has emptied

    def do_GET(self) -> None:
        self._serve(b"")

    def do_HEAD(self) -> None:
        self._serve(b"")

    def do_POST(self) -> None:
        self._serve(self.rfile.read(int(self.headers.get("Content-Length") or 0)))

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it so
        """Keep quiet; hits are recorded instead."""

    def _serve(self, body: bytes) -> None:
        started = time.monotonic()
        fault = self.running.plans[self.site_id].take(self.path, cookies=self.headers.get("Cookie", ""), moment=self.running.moment)
        if fault is not None and fault.delay_seconds:
            time.sleep(fault.delay_seconds)
        if fault is not None and fault.drop:
            self._record(0, started)
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        if fault is not None and fault.status is not None:
            reply = Reply(fault.body, fault.status, fault.content_type, fault.headers)
        else:
            target = fault.instead if fault is not None and fault.instead else self.path
            reply = self._conditional(self.running.answer(self.site_id, self._request(target, body)))
        self._record(reply.status, started)
        self._send(reply, fault)

    def _request(self, target: str, body: bytes) -> Request:
        parts = urlsplit(target)
        form = dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        headers = {name.lower(): value for name, value in self.headers.items()}
        return Request(self.command, unquote(parts.path), query, form, body, headers, self.scheme)

    def _conditional(self, reply: Reply) -> Reply:
        if reply.status != 200 or self.command == "POST" or not self.running.conditional:
            return reply
        tag, since = self.running.validators(self.site_id, self.path, reply.body)
        headers = (*reply.headers, ("ETag", tag), ("Last-Modified", format_datetime(since.astimezone(UTC), usegmt=True)))
        fresh = self.headers.get("If-None-Match") == tag
        return replace(reply, body=b"" if fresh else reply.body, status=304 if fresh else 200, headers=headers)

    def _send(self, reply: Reply, fault: Fault | None) -> None:
        body = reply.body
        self.send_response(reply.status)
        for name, value in reply.headers:
            self.send_header(name, value)
        if fault is not None and fault.gzip and body:
            body = gzip.compress(body, mtime=0)
            self.send_header("Content-Encoding", "gzip")
        if reply.status != 304:
            self.send_header("Content-Type", reply.content_type)
        cut = fault.cut if fault is not None else 0
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command == "HEAD":
            return
        if fault is not None and fault.drip_seconds:
            self._drip(body, fault.drip_seconds)
            return
        self.wfile.write(body[: len(body) - cut] if cut else body)
        if cut:
            self.wfile.flush()
            self.close_connection = True

    def _drip(self, body: bytes, seconds: float) -> None:
        """Send a body in twenty parts over that time; a client that has gone away ends it."""
        size = max(1, len(body) // 20)
        try:
            for start in range(0, len(body), size):
                self.wfile.write(body[start : start + size])
                self.wfile.flush()
                time.sleep(seconds / 20)
        except OSError:
            self.close_connection = True

    def _record(self, status: int, started: float) -> None:
        agent = self.headers.get("User-Agent", "")
        conditional = "If-None-Match" in self.headers or "If-Modified-Since" in self.headers
        self.running.log(Hit(self.site_id, self.command, self.path, status, agent, started, time.monotonic(), conditional))


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 128

    def server_bind(self) -> None:
        """Bind without asking the name service what the address is called: that may take seconds."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = str(self.server_address[0]), int(self.server_address[1])

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: a client that hangs up is no fault of ours."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where a host listens."""

    site_id: str
    address: str  # 127.0.0.12
    tls: Tls = Tls.NONE
    context: ssl.SSLContext | None = None


def _listen(addresses: tuple[Address, ...], running: Answering, port: int) -> list[_Server]:
    servers: list[_Server] = []
    try:
        for one in addresses:
            attributes = {"running": running, "site_id": one.site_id, "tls": one.tls, "context": one.context}
            handler = type("Handler", (_Handler,), attributes)
            servers.append(_Server((one.address, port or (servers[0].server_port if servers else 0)), handler))
    except OSError:
        for server in servers:
            server.server_close()
        raise
    return servers


def _bind(addresses: tuple[Address, ...], running: Answering, port: int) -> list[_Server]:
    """Take one port on every address; a free one may be taken on a later address, so try some."""
    for attempt in range(20):
        try:
            return _listen(addresses, running, port)
        except OSError:
            if port or attempt == 19:
                raise
    raise AssertionError("unreachable")


@dataclass(slots=True)
class Bound:
    """Servers that hold their port and do not answer yet."""

    servers: list[_Server]
    running: bool = False

    @property
    def port(self) -> int:
        return self.servers[0].server_port

    def start(self) -> None:
        self.running = True
        for server in self.servers:
            threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def stop(self) -> None:
        """Stop them side by side: each waits for its own poll to end."""
        # A server that was never started would wait for its end for ever.
        stopping = [threading.Thread(target=server.shutdown) for server in self.servers if self.running]
        for thread in stopping:
            thread.start()
        for thread in stopping:
            thread.join()
        for server in self.servers:
            server.server_close()


@contextmanager
def bound(addresses: Iterable[Address], running: Answering, port: int) -> Iterator[Bound]:
    """Hold one port on every address while the block runs; the block sets up what is served, then calls `start`.

    Raises OSError where an address or the port is taken.
    """
    servers = Bound(_bind(tuple(addresses), running, port))
    try:
        yield servers
    finally:
        servers.stop()


def bases(addresses: Iterable[Address], port: int, schemes: Mapping[str, str]) -> dict[str, str]:
    """Site id -> http://127.0.0.12:8100, without a slash at the end."""
    return {one.site_id: f"{schemes.get(one.site_id, 'http')}://{one.address}:{port}" for one in addresses}
