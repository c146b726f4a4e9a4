"""One site's crawl with its answers coming in any order: a page comes at some time after something led to it, and when is the seed's to say."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import pytest
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import DontCloseSpider
from scrapy.http import Headers, Response
from scrapy.responsetypes import responsetypes
from scrapy.settings import Settings

from crawler.context import RunParts, open_context
from crawler.extract import read
from crawler.faults import classify
from data.config import RunConfig
from data.database import Database
from data.records import PageReading
from data.registry import Registry
from data.store import ColumnFact
from spiders.disclosure import DisclosureSpider
from tests.support.sites import Answer, Waits, moment

Ask = Callable[[str, str, bytes], Answer]  # method, address, body


@dataclass(slots=True)
class _Engine:
    open: list[Request] = field(default_factory=list)

    def crawl(self, request: Request) -> None:
        self.open.append(request)


@dataclass(slots=True)
class Recorded:
    """A site whose pages are read once and then crawled again and again, without a server."""

    folder: Path
    registry: Registry
    ask: Ask
    database: Database
    _answers: dict[tuple[str, str, bytes], Answer] = field(default_factory=dict)
    _readings: dict[tuple[object, ...], PageReading] = field(default_factory=dict)

    def crawl(self, site: str, seed: int, patch: pytest.MonkeyPatch) -> tuple[list[ColumnFact], list[str]]:
        """The columns that a crawl finds whose answers come in this order, and what it asked for."""
        patch.setattr("spiders.answering.read", self._read)
        settings = Settings()
        config = RunConfig(self.folder, "", None, moment("2026-11-21"))
        settings.set("GONGKAI_RUN", RunParts(config, self.registry, self.database, None, traffic=Waits().traffic()))
        context = open_context(settings, site)
        try:
            spider = DisclosureSpider(context, can_render=False)
            crawler, engine = Crawler(DisclosureSpider, settings), _Engine()
            crawler.engine = cast("Any", engine)
            spider._set_crawler(crawler)
            asked = self._run(spider, engine, random.Random(seed))
            spider._settle("")
            return list(spider._facts()), asked
        finally:
            context.store.release(context.ticket)  # nothing was stored: the next crawl knows as little
            if context.archive is not None:
                context.archive.close()

    def _run(self, spider: DisclosureSpider, engine: _Engine, order: random.Random) -> list[str]:
        asked: list[str] = []
        engine.open += asyncio.run(_started(spider))
        while True:
            while engine.open:
                request = engine.open.pop(order.randrange(len(engine.open)))
                asked.append(request.url)
                if "offered" in request.meta:
                    continue  # a file leads to nothing further
                callback = request.callback or spider.parse
                for output in callback(self._answer(request)):
                    if isinstance(output, Request):
                        engine.open.append(output)
            try:
                spider.go_on()
            except DontCloseSpider:
                continue
            return asked

    def _answer(self, request: Request) -> Response:
        key = (request.method, request.url.partition("#")[0], request.body)
        answer = self._answers.get(key)
        if answer is None:
            answer = self._answers[key] = self.ask(*key)
        headers: dict[str, str] = {"Content-Type": answer.content_type, **dict(answer.headers)}
        kind = responsetypes.from_args(headers=Headers({"Content-Type": answer.content_type}), url=request.url, body=answer.body)
        if answer.status >= 400:
            request.meta["fault"] = classify(answer.status, answer.body)
        return kind(request.url, status=answer.status, headers=headers, body=answer.body, request=request)

    def _read(
        self, body: bytes, url: str, *, content_type: str | None = None, whole: Collection[Any] = (), part_of: str | None = None
    ) -> PageReading:
        key = (body, url, frozenset(whole), part_of)
        found = self._readings.get(key)
        if found is None:
            found = self._readings[key] = read(body, url, content_type=content_type, whole=whole, part_of=part_of)
        return found


async def _started(spider: DisclosureSpider) -> list[Request]:
    return [request async for request in spider.start()]


def told(facts: list[ColumnFact]) -> list[tuple[object, ...]]:
    """What has to be the same of the columns, whatever came first."""
    return sorted(
        (
            one.column.url, one.column.name, one.column.canonical, one.column.match, one.column.kind.value, one.column.parent_url,
            one.column.depth, one.column.path, one.column.hosted_by, one.column.reachable, one.column.fault, one.column.text_chars,
            None if one.walk is None else (one.walk.state.value, one.walk.reason, one.walk.pages, one.walk.entries, one.walk.newest_on),
        )
        for one in facts
    )  # fmt: skip


def differences(first: list[tuple[object, ...]], other: list[tuple[object, ...]]) -> list[str]:
    """What a failing test prints: the columns that came out otherwise, both ways."""
    one, two = Counter(map(repr, first)), Counter(map(repr, other))
    return [f"- {line}" for line in sorted((one - two).elements())] + [f"+ {line}" for line in sorted((two - one).elements())]
