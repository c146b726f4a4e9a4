"""Pace: one after another at an address, by the strictest of those who go there; rests, strikes, and who may leave the queue."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from crawler.pacing import SILENT_TRIES, STRIKES, LeavingError, Pacer
from tests.support.sites import Waits


def run(body: Callable[[Waits, Pacer], Awaitable[None]]) -> Waits:
    waits = Waits()

    async def main() -> None:
        await body(waits, waits.pacer())

    asyncio.run(main())
    return waits


async def visit(pacer: Pacer, who: str, pause: float, *, width: int = 1, address: str = "a") -> None:
    pacer.leave(await pacer.enter(address, who, pause, width))


def test_a_pause_lies_between_two_requests_to_one_address() -> None:
    async def body(waits: Waits, pacer: Pacer) -> None:
        for _ in range(4):
            await visit(pacer, "one", 0.5)

    assert run(body).waited == [0.5, 0.5, 0.5]


def test_no_pause_costs_no_wait() -> None:
    async def body(waits: Waits, pacer: Pacer) -> None:
        for _ in range(100):
            await visit(pacer, "one", 0.0)

    assert run(body).waited == []


def test_addresses_do_not_wait_for_each_other() -> None:
    async def body(waits: Waits, pacer: Pacer) -> None:
        for address in "abcdef":
            await visit(pacer, "one", 10.0, address=address)

    assert run(body).waited == []


def test_the_strictest_of_two_sites_holds_for_both_and_leaves_with_it() -> None:
    async def body(waits: Waits, pacer: Pacer) -> None:
        await visit(pacer, "quick host", 0.25)
        await visit(pacer, "slow host", 0.75)
        await visit(pacer, "quick host", 0.25)
        pacer.depart("slow ")
        await visit(pacer, "quick host", 0.25)
        await visit(pacer, "quick host", 0.25)

    assert run(body).waited == [0.75, 0.75, 0.25, 0.25]


def test_a_drawn_pause_is_longer_never_shorter() -> None:
    waits = Waits()
    draws = iter((0.5, 0.0, 0.5, 1.0))
    pacer = Pacer(waits.now, waits.sleep, lambda: next(draws))

    async def main() -> None:
        for _ in range(4):
            await visit(pacer, "one", 0.8)

    asyncio.run(main())
    assert [round(wait, 3) for wait in waits.waited] == [0.8, 0.9, 1.0]


def test_one_connection_at_a_time_first_come_first_served() -> None:
    order: list[str] = []

    async def guest(pacer: Pacer, name: str) -> None:
        lane = await pacer.enter("a", name, 0.0, 1)
        order.append(f"{name} in")
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        order.append(f"{name} out")
        pacer.leave(lane)

    async def body(waits: Waits, pacer: Pacer) -> None:
        await asyncio.gather(*(guest(pacer, name) for name in "xyz"))

    run(body)
    assert order == ["x in", "x out", "y in", "y out", "z in", "z out"]


def test_the_narrowest_width_holds() -> None:
    inside = most = 0

    async def guest(pacer: Pacer, who: str, width: int) -> None:
        nonlocal inside, most
        lane = await pacer.enter("a", who, 0.0, width)
        inside += 1
        most = max(most, inside)
        await asyncio.sleep(0)
        inside -= 1
        pacer.leave(lane)

    async def body(waits: Waits, pacer: Pacer) -> None:
        await visit(pacer, "narrow", 0.0, width=2)
        await asyncio.gather(*(guest(pacer, "wide", 8) for _ in range(10)))

    run(body)
    assert most == 2


def test_a_rest_holds_back_those_who_wait_already_and_slows_the_rest_of_the_run() -> None:
    async def body(waits: Waits, pacer: Pacer) -> None:
        await visit(pacer, "one", 2.0)
        waiting = asyncio.get_running_loop().create_task(visit(pacer, "one", 2.0))
        await asyncio.sleep(0)
        pacer.rest("a", 60)
        await waiting
        assert waits.time >= 1060
        before = waits.time
        await visit(pacer, "one", 2.0)
        assert waits.time - before == pytest.approx(4.0)

    run(body)


def test_a_crawl_that_ends_waits_for_nothing_and_keeps_nobody_waiting() -> None:
    async def body(waits: Waits, pacer: Pacer) -> None:
        pacer.rest("a", 3600)
        with pytest.raises(LeavingError):
            await pacer.enter("a", "ending", 1.0, 1, lambda: True)
        assert waits.waited == []
        pacer.leave(await pacer.enter("a", "staying", 0.0, 1))

    assert run(body).total == pytest.approx(3601)  # the turn that was given up is not handed back


def test_the_third_strike_in_a_row_stops_a_host() -> None:
    pacer = Waits().pacer()
    for _ in range(STRIKES - 1):
        pacer.strike("www.example.gov.cn", "blocked-waf")
    pacer.welcome("www.example.gov.cn")
    for _ in range(STRIKES - 1):
        pacer.strike("www.example.gov.cn", "blocked-waf")
    assert pacer.stopped("www.example.gov.cn") is None
    pacer.strike("www.example.gov.cn", "blocked-challenge")
    assert pacer.stopped("www.example.gov.cn") == "blocked-challenge"
    assert pacer.stopped("zwgk.example.gov.cn") is None


def test_a_host_that_never_answers_is_left() -> None:
    pacer = Waits().pacer()
    for _ in range(SILENT_TRIES - 1):
        pacer.silence("h", "timeout")
    pacer.answered("h")
    for _ in range(SILENT_TRIES):
        pacer.silence("h", "timeout")
    assert pacer.stopped("h") == "timeout"
