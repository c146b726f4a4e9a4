"""The download handler: it gives its connections back without a word in the log, however busy the process is."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Any

import pytest
from twisted.web.client import HTTPConnectionPool

from data.records import CrawlState
from tests.support.pages import listing, nav, page, titles
from tests.support.sites import Crawls, served


def test_a_process_too_busy_to_see_its_connections_close_says_nothing_of_it(
    crawl: Crawls, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another crawl stores its columns just when this one ends: what closes and the limit of waiting for it come in one turn of the loop."""
    close = HTTPConnectionPool.closeCachedConnections
    closed: list[int] = []

    def busy(pool: HTTPConnectionPool) -> Any:
        from twisted.internet import reactor

        closed.append(len(pool._connections))
        if not pool._connections:
            return close(pool)  # type: ignore[no-untyped-call]
        loop: Any = asyncio.get_running_loop()
        time, late = loop.time, [0.0]

        def then_late(sets: Callable[..., Any]) -> Callable[..., Any]:
            """Whoever waits for the connections sets a timer now; the loop comes back to it late."""

            def timer(*args: Any, **kwargs: Any) -> Any:
                made = sets(*args, **kwargs)
                late[0] = 5.0
                return made

            return timer

        monkeypatch.setattr(loop, "time", lambda: time() + late[0])
        monkeypatch.setattr(reactor, "seconds", loop.time)
        monkeypatch.setattr(loop, "call_at", then_late(loop.call_at))
        monkeypatch.setattr(reactor, "callLater", then_late(reactor.callLater))
        return close(pool)  # type: ignore[no-untyped-call]

    monkeypatch.setattr(HTTPConnectionPool, "closeCachedConnections", busy)
    with served({"/": page("示例区人民政府", nav([("/zcwj/", "政策文件")])), "/zcwj/": listing("政策文件", titles(3))}) as site:
        one = crawl(site.base + "/")
        assert one.crawl.state is CrawlState.COMPLETE
    assert 1 in closed  # there was a connection to give back
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR] == []
