"""A webhook receiver on loopback: records every JSON document posted to it. Apprise reaches it by json://127.0.0.1:PORT/path."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True)
class Received:
    path: str  # "/district-portal"
    payload: Mapping[str, Any]  # Apprise: version, title, message, type, attachments

    @property
    def title(self) -> str:
        return str(self.payload.get("title", ""))

    @property
    def message(self) -> str:
        return str(self.payload.get("message", ""))


@dataclass(slots=True)
class Hook:
    """The running receiver and what came in, in order."""

    port: int
    received: list[Received] = field(default_factory=list)
    refuse: list[int] = field(default_factory=list)  # statuses to answer to the next posts, one each
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def channel(self, name: str) -> str:
        """The Apprise URL of a mailbox."""
        return f"json://127.0.0.1:{self.port}/{name}"

    def of(self, name: str) -> tuple[Received, ...]:
        with self._lock:
            return tuple(one for one in self.received if one.path.strip("/") == name)

    def take(self, path: str, body: bytes) -> int:
        """Record a post; the status to answer."""
        with self._lock:
            if self.refuse:
                return self.refuse.pop(0)
        try:
            payload = json.loads(body)
        except ValueError:
            return 400
        if not isinstance(payload, dict):
            return 400
        with self._lock:
            self.received.append(Received(path, payload))
        return 200


class _Handler(BaseHTTPRequestHandler):
    hook: ClassVar[Hook]

    def do_POST(self) -> None:
        status = self.hook.take(self.path, self.rfile.read(int(self.headers.get("Content-Length") or 0)))
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it so
        """Keep quiet; posts are recorded instead."""


@contextmanager
def receive(port: int = 0) -> Iterator[Hook]:
    """Receive posts while the block runs."""
    hook = Hook(port)
    server = ThreadingHTTPServer(("127.0.0.1", port), type("Handler", (_Handler,), {"hook": hook}))
    server.daemon_threads = True
    hook.port = server.server_port
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield hook
    finally:
        server.shutdown()
        server.server_close()
