"""Faults that a site shows: set by code, invisible in addresses, so that a crawler cannot peek."""

from __future__ import annotations

import re
import threading
import time
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Fault:
    """What happens to matching requests instead of the page.

    `path` is a regular expression searched in path and query. `status` None serves the page itself, or that at `instead`, with
    what the last four fields do to it. When it applies: `first`: only the first N matching requests; `after`: all but the first
    N; `over`: (count, seconds), requests beyond a rate; `until_cookie`: until the client sends a cookie of this name; `between`:
    the simulated moment lies in this span.
    """

    path: str = ""
    status: int | None = 503
    body: bytes = b""
    content_type: str = "text/html; charset=utf-8"
    headers: tuple[tuple[str, str], ...] = ()
    delay_seconds: float = 0.0
    first: int | None = None
    after: int = 0
    over: tuple[int, float] | None = None
    until_cookie: str | None = None
    between: tuple[datetime, datetime] | None = None
    instead: str | None = None
    drop: bool = False  # close the connection without an answer
    cut: int = 0  # bytes that the body lacks of its declared length
    drip_seconds: float = 0.0  # the time over which the body is sent
    gzip: bool = False  # compressed whether or not the client asked for it


@dataclass(slots=True)
class FaultPlan:
    """The faults of one host, in order; the first that matches and is not used up applies."""

    faults: list[Fault] = field(default_factory=list)
    _used: dict[int, int] = field(default_factory=dict)
    _seen: dict[int, deque[float]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, fault: Fault) -> None:
        with self._lock:
            self.faults.append(fault)

    def clear(self) -> None:
        with self._lock:
            self.faults.clear()
            self._used.clear()
            self._seen.clear()

    def take(self, target: str, *, cookies: str = "", moment: datetime | None = None) -> Fault | None:
        """The fault that applies to a request, counting it."""
        with self._lock:
            for number, fault in enumerate(self.faults):
                if re.search(fault.path, target) and self._applies(number, fault, cookies, moment):
                    return fault
        return None

    def _applies(self, number: int, fault: Fault, cookies: str, moment: datetime | None) -> bool:
        if fault.between is not None and not (moment is not None and fault.between[0] <= moment < fault.between[1]):
            return False
        if fault.until_cookie is not None and f"{fault.until_cookie}=" in cookies:
            return False
        if fault.over is not None and not self._too_fast(number, *fault.over):
            return False
        used = self._used.get(number, 0)
        if fault.first is not None and used >= fault.after + fault.first:
            return False
        self._used[number] = used + 1
        return used >= fault.after

    def _too_fast(self, number: int, count: int, seconds: float) -> bool:
        seen, now = self._seen.setdefault(number, deque()), time.monotonic()
        while seen and now - seen[0] > seconds:
            seen.popleft()
        seen.append(now)
        return len(seen) > count


CHALLENGE = Fault(
    status=412,
    body=b"<html><head></head><body><script r='m'>$_ts=window['$_ts'];$_ts.nsd=33192;_$_t();</script></body></html>",
    headers=(("Set-Cookie", "S=1; path=/"),),
)
MAINTENANCE = Fault(
    status=200, body="<html><head><title>系统维护</title></head><body><h1>系统升级中，请稍后访问</h1></body></html>".encode()
)
DOWN = Fault(path=r"^(?!/robots\.txt)", status=503, body=b"Service Unavailable")


def throttled(retry_after_seconds: int, first: int) -> Fault:
    """429 with Retry-After for the first requests."""
    return Fault(status=429, body=b"Too Many Requests", headers=(("Retry-After", str(retry_after_seconds)),), first=first)
