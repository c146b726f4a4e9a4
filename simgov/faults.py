"""Faults that a site shows: set by code, invisible in addresses, so that a crawler cannot peek."""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Fault:
    """What happens to matching requests instead of the page.

    `path` is a regular expression searched in path and query. `first`: only the first N matching requests; None: all.
    `status` None serves the page itself (after the delay). `drop` closes the connection without an answer.
    """

    path: str = ""
    status: int | None = 503
    body: bytes = b""
    content_type: str = "text/html; charset=utf-8"
    headers: tuple[tuple[str, str], ...] = ()
    delay_seconds: float = 0.0
    first: int | None = None
    drop: bool = False


@dataclass(slots=True)
class FaultPlan:
    """The faults of one host, in order; the first that matches and is not used up applies."""

    faults: list[Fault] = field(default_factory=list)
    _used: dict[int, int] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, fault: Fault) -> None:
        with self._lock:
            self.faults.append(fault)

    def clear(self) -> None:
        with self._lock:
            self.faults.clear()
            self._used.clear()

    def take(self, target: str) -> Fault | None:
        """The fault that applies to a request, counting it."""
        with self._lock:
            for number, fault in enumerate(self.faults):
                if not re.search(fault.path, target):
                    continue
                used = self._used.get(number, 0)
                if fault.first is None or used < fault.first:
                    self._used[number] = used + 1
                    return fault
        return None


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
