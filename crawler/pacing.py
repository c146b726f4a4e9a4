"""Pace: how often one server is asked, over all sites that a process crawls.

Several hosts of a prefecture often share one front-end; a pause kept by each crawl alone would add up there. So the pause is
kept by resolved address, and the strictest of the sites that are crawled there holds for all of them.
"""

from __future__ import annotations

import asyncio
import math
import random
import time
from collections import Counter, deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

_SLICE_SECONDS = 1.0  # how soon a crawl that is being ended notices while it waits
_JITTER = 0.25  # a pause is drawn up to this part longer, never shorter
STRIKES = 3  # blocked or throttled answers in a row after which a guest leaves a host
SILENT_TRIES = 9  # tries in a row without any answer, repeated ones included: three pages
_SLOWEST_SECONDS = 30.0  # how far throttling alone stretches a pause


class LeavingError(Exception):
    """The crawl is being ended; what waited is not asked for."""

    reason_key = "not-finished"


@dataclass(slots=True)
class Lane:
    """The way to one address."""

    pauses: dict[str, float] = field(default_factory=dict)  # by who goes there
    widths: dict[str, int] = field(default_factory=dict)
    active: int = 0
    last_at: float = -math.inf  # when the last request was let through, or will be
    rest_until: float = 0.0
    slowed: float = 0.0  # seconds; set by throttling, for the rest of the run
    waiting: deque[asyncio.Future[None]] = field(default_factory=deque)

    @property
    def pause(self) -> float:
        return max(self.slowed, *self.pauses.values()) if self.pauses else self.slowed

    @property
    def width(self) -> int:
        return min(self.widths.values(), default=1)


class Pacer:
    """Lets requests through one after another, by address. `sleep` and `now` are a test's to replace."""

    def __init__(
        self,
        now: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        draw: Callable[[], float] = random.random,
    ) -> None:
        self._now = now
        self._sleep = sleep
        self._draw = draw
        self._lanes: dict[str, Lane] = {}
        self._strikes: Counter[str] = Counter()
        self._silent: Counter[str] = Counter()
        self._stopped: dict[str, str] = {}

    # --- lanes --------------------------------------------------------------------------------

    def lane(self, address: str) -> Lane:
        return self._lanes.setdefault(address, Lane())

    async def enter(self, address: str, who: str, pause: float, width: int, leaving: Callable[[], bool] = lambda: False) -> Lane:
        """Wait for this request's turn at an address; the lane is given back with `leave`. Raises LeavingError."""
        lane = self.lane(address)
        lane.pauses[who], lane.widths[who] = pause, width
        if lane.active >= lane.width or lane.waiting:
            await self._queue(lane, leaving)
        else:
            lane.active += 1
        try:
            while True:
                wanted = lane.pause
                start = max(self._now(), lane.rest_until, lane.last_at + (wanted * (1 + _JITTER * self._draw()) if wanted else 0.0))
                lane.last_at = start
                while (left := start - self._now()) > 0:
                    if leaving():
                        raise LeavingError("the crawl is being ended")
                    await self._sleep(min(left, _SLICE_SECONDS))
                if lane.rest_until <= self._now():  # a rest may have been called while this one waited
                    return lane
        except BaseException:
            self.leave(lane)
            raise

    async def _queue(self, lane: Lane, leaving: Callable[[], bool]) -> None:
        turn = asyncio.get_running_loop().create_future()
        lane.waiting.append(turn)
        try:
            while not turn.done():
                await asyncio.wait({turn}, timeout=_SLICE_SECONDS)
                if leaving() and not turn.done():
                    raise LeavingError("the crawl is being ended")
        except BaseException:
            if turn.done():
                self.leave(lane)
            else:
                lane.waiting.remove(turn)
            raise

    def leave(self, lane: Lane) -> None:
        """Give a turn back; the next in the queue takes it."""
        lane.active -= 1
        while lane.waiting and lane.active < lane.width:
            lane.active += 1
            lane.waiting.popleft().set_result(None)

    def depart(self, head: str) -> None:
        """A crawl has ended: the pauses of those whose name begins so bind nobody any more."""
        for lane in self._lanes.values():
            for who in [who for who in lane.pauses if who.startswith(head)]:
                del lane.pauses[who], lane.widths[who]

    def rest(self, address: str, seconds: float) -> None:
        """Ask nothing of an address for a while, and go slower afterwards."""
        lane = self.lane(address)
        lane.rest_until = max(lane.rest_until, self._now() + seconds)
        if lane.pause:
            lane.slowed = min(_SLOWEST_SECONDS, max(1.0, 2 * lane.pause))

    # --- strikes ------------------------------------------------------------------------------

    def strike(self, host: str, reason: str) -> None:
        """A host has turned us away; the third time in a row it is left for the rest of the run."""
        self._strikes[host] += 1
        if self._strikes[host] >= STRIKES:
            self.stop(host, reason)

    def stop(self, host: str, reason: str) -> None:
        self._stopped.setdefault(host, reason)

    def silence(self, host: str, reason: str) -> None:
        """A host did not answer at all; after many tries in a row it is left for the rest of the run."""
        self._silent[host] += 1
        if self._silent[host] >= SILENT_TRIES:
            self.stop(host, reason)

    def answered(self, host: str) -> None:
        self._silent.pop(host, None)

    def welcome(self, host: str) -> None:
        """A host has answered as to any guest."""
        if self._strikes.get(host):
            self._strikes[host] = 0

    def stopped(self, host: str) -> str | None:
        """Reason key of why a host is asked nothing more in this run."""
        return self._stopped.get(host)
