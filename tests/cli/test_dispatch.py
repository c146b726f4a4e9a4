"""The dispatcher over a real database, with a clock that the test moves and processes that end when the test says so."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from alerts.troubles import from_calendar, from_schedule
from cli.dispatch import Dispatcher
from cli.schedule import loop
from data.calendar import WorkCalendar
from data.database import Database
from data.records import SHANGHAI, CrawlState
from data.registry import Registry
from data.schedule import Schedule, What
from data.store import Store

TEXT = """
version: 1
sites:
  - {id: one, name: 甲, profile: town, home: "http://127.0.0.1/"}
  - {id: two, name: 乙, profile: town, home: "http://127.0.0.2/"}
  - {id: night, name: 丙, profile: town, home: "http://127.0.0.3/", crawl: {window: "22:00-06:00"}}
schedule: {crawl_at: "01:30", probes_per_day: 24, alert_every_minutes: 60}
"""


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@dataclass
class Fake:
    """A process that ends when the test says so."""

    arguments: Sequence[str]
    ended: int | None = None
    stopped: bool = False

    def status(self) -> int | None:
        return self.ended

    def stop(self) -> None:
        self.stopped = True


@dataclass
class Bench:
    """A dispatcher that can be killed: the next one starts from the database alone."""

    database: Database
    text: str = TEXT
    started: list[Fake] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    def launch(self, arguments: Sequence[str]) -> Fake:
        self.started.append(Fake(arguments))
        return self.started[-1]

    def dispatcher(self, now: str) -> Dispatcher:
        dispatcher = Dispatcher(self.database, Registry.parse(self.text, "registry.yml"), self.launch, self.said.append)
        dispatcher.begin(at(now))
        return dispatcher

    def verbs(self) -> list[str]:
        """What was started since the last look, in order; crawls with their sites."""
        verbs = [" ".join(word for word in fake.arguments if word != "--site") for fake in self.started]
        self.started.clear()
        return verbs

    def end(self, dispatcher: Dispatcher, now: str, status: int = 0) -> None:
        """Let everything that runs end, and what follows from it begin."""
        for run in dispatcher.running:
            assert isinstance(run.process, Fake)
            run.process.ended = status
        dispatcher.tick(at(now))

    def crawled(self, site: str, since: str, until: str) -> None:
        store = Store(self.database)
        ticket = store.begin(site, "host:1", at(since), replayed=False)
        store.finish(ticket, at(until), CrawlState.COMPLETE, None, requests=1, pages=1, faults={})

    def events(self) -> list[tuple[str, What, int]]:
        return [(event.kind, event.what, event.runs) for event in Schedule(self.database).events(at("2026-01-01T00:00"))]


@pytest.fixture
def bench(database_url: str) -> Iterator[Bench]:
    database = Database.open(database_url)
    yield Bench(database)
    database.close()


def test_a_day(bench: Bench) -> None:
    dispatcher = bench.dispatcher("2026-11-25T01:00")
    dispatcher.tick(at("2026-11-25T01:00"))
    assert bench.verbs() == ["probe", "alert"], "what has no hour of its own begins at once"
    bench.end(dispatcher, "2026-11-25T01:01")
    dispatcher.tick(at("2026-11-25T01:29"))
    assert bench.verbs() == []
    dispatcher.tick(at("2026-11-25T01:30"))
    assert bench.verbs() == ["crawl night", "crawl one two"]
    dispatcher.tick(at("2026-11-25T02:00"))
    assert bench.verbs() == ["probe", "alert"], "probes and messages do not wait for a crawl"
    bench.end(dispatcher, "2026-11-25T02:30")
    assert bench.verbs() == ["check"]
    bench.end(dispatcher, "2026-11-25T02:40")
    assert bench.verbs() == ["alert"]
    bench.end(dispatcher, "2026-11-25T02:41")
    dispatcher.tick(at("2026-11-25T02:59"))
    assert bench.verbs() == []
    tasks = {task.id: task for task in Schedule(bench.database).tasks()}
    assert tasks["crawl:one"].next_at == at("2026-11-26T01:30")
    assert (tasks["crawl:one"].finished_at, tasks["crawl:one"].status) == (at("2026-11-25T02:30"), 0)
    assert bench.events() == []


def test_the_scorecard_of_the_week(bench: Bench) -> None:
    dispatcher = bench.dispatcher("2026-11-29T20:00")
    dispatcher.tick(at("2026-11-30T08:40"))
    assert "scorecard --closed --send" in bench.verbs()


def test_missed_runs_are_caught_up_once_and_told(bench: Bench) -> None:
    dispatcher = bench.dispatcher("2026-11-24T20:00")
    dispatcher.tick(at("2026-11-24T20:00"))
    bench.end(dispatcher, "2026-11-24T20:01")
    bench.verbs()
    later = bench.dispatcher("2026-11-28T03:10")  # the machine was off for days
    later.tick(at("2026-11-28T03:10"))
    assert bench.verbs() == ["probe", "crawl night", "crawl one two", "check", "alert"]
    assert bench.events() == [("probe", What.MISSED, 78), ("crawl", What.MISSED, 4), ("crawl", What.MISSED, 4)]
    bench.end(later, "2026-11-28T03:20")
    later.tick(at("2026-11-28T03:21"))
    assert "crawl one two" not in bench.verbs()
    (notice,) = from_schedule(Schedule(bench.database).events(at("2026-11-28T00:00")))
    assert notice.what == "计划任务（可用性探测、采集）未按时完成，已补运行一次。"
    assert notice.details[1] == "采集：应于11月25日01:30运行，错过4次"


def test_a_run_in_flight_when_the_process_was_killed_is_run_again(bench: Bench) -> None:
    dispatcher = bench.dispatcher("2026-11-25T01:00")
    dispatcher.tick(at("2026-11-25T01:30"))
    assert "crawl one two" in bench.verbs()
    bench.crawled("one", "2026-11-25T01:31", "2026-11-25T01:50")
    again = bench.dispatcher("2026-11-25T02:00")  # after a SIGKILL: nothing but the database is left
    again.tick(at("2026-11-25T02:01"))
    assert bench.verbs() == ["probe", "crawl night", "crawl two", "alert"], "a site whose own crawl had ended is not crawled again"
    assert ("crawl", What.INTERRUPTED, 1) in bench.events()
    assert not any(what is What.MISSED for _, what, _ in bench.events())
    bench.end(again, "2026-11-25T03:00")
    third = bench.dispatcher("2026-11-25T03:01")
    third.tick(at("2026-11-25T03:01"))
    assert not any("crawl" in words for words in bench.verbs())


def test_a_clean_stop_gives_runs_back(bench: Bench) -> None:
    dispatcher = bench.dispatcher("2026-11-25T01:00")
    dispatcher.tick(at("2026-11-25T01:30"))
    dispatcher.stop()
    stopped = {run.kind.value: isinstance(run.process, Fake) and run.process.stopped for run in dispatcher.running}
    assert stopped == {"probe": True, "crawl": True, "alert": False}
    for run in dispatcher.running:
        assert isinstance(run.process, Fake)
        run.process.ended = 130 if run.kind == "crawl" else 0
    dispatcher.reap(at("2026-11-25T01:40"))
    bench.verbs()
    again = bench.dispatcher("2026-11-25T01:45")
    again.tick(at("2026-11-25T01:45"))
    assert bench.verbs()[:2] == ["crawl night", "crawl one two"]
    assert bench.events() == []


def test_a_crawl_stops_when_its_window_closes_and_goes_on_when_it_opens(bench: Bench) -> None:
    dispatcher = bench.dispatcher("2026-11-25T01:00")
    dispatcher.tick(at("2026-11-25T01:30"))
    night, day = [run for run in dispatcher.running if run.kind == "crawl"]
    dispatcher.tick(at("2026-11-25T06:00"))
    assert isinstance(night.process, Fake)
    assert isinstance(day.process, Fake)
    assert (night.process.stopped, day.process.stopped) == (True, False)
    night.process.ended = 130
    dispatcher.tick(at("2026-11-25T06:01"))
    tasks = {task.id: task for task in Schedule(bench.database).tasks()}
    assert (tasks["crawl:night"].next_at, tasks["crawl:night"].running_since) == (at("2026-11-25T22:00"), None)


def test_a_run_that_is_due_outside_its_window_waits_for_it(bench: Bench) -> None:
    dispatcher = bench.dispatcher("2026-11-24T20:00")
    dispatcher.tick(at("2026-11-24T20:00"))
    bench.verbs()
    later = bench.dispatcher("2026-11-25T09:00")
    later.tick(at("2026-11-25T09:00"))
    assert "crawl night" not in bench.verbs()
    later.tick(at("2026-11-25T22:00"))
    assert "crawl night" in bench.verbs()


def test_a_failed_run_is_told_and_comes_again_at_its_time(bench: Bench) -> None:
    dispatcher = bench.dispatcher("2026-11-24T20:00")
    dispatcher.tick(at("2026-11-24T20:00"))
    bench.end(dispatcher, "2026-11-24T20:01", status=4)
    assert bench.events() == [("probe", What.FAILED, 1), ("alert", What.FAILED, 1)]
    (notice,) = from_schedule(Schedule(bench.database).events(at("2026-11-24T00:00")))
    assert notice.what == "计划任务（可用性探测、发送提醒）运行失败。"
    assert dispatcher.failures == 2


def test_sites_come_and_go_with_the_registry(bench: Bench) -> None:
    dispatcher = bench.dispatcher("2026-11-24T20:00")
    changed = Registry.parse(TEXT.replace("id: two", "id: three"), "registry.yml")
    dispatcher.adopt(changed, at("2026-11-24T20:00"))
    assert {task.site for task in Schedule(bench.database).tasks() if task.site} == {"one", "three", "night"}


def test_a_site_that_goes_while_it_is_crawled(bench: Bench) -> None:
    dispatcher = bench.dispatcher("2026-11-25T01:00")
    dispatcher.tick(at("2026-11-25T01:30"))
    dispatcher.adopt(Registry.parse(TEXT.replace("id: two", "id: three"), "registry.yml"), at("2026-11-25T01:31"))
    bench.end(dispatcher, "2026-11-25T01:40")
    tasks = {task.id: task for task in Schedule(bench.database).tasks()}
    assert "crawl:two" not in tasks
    assert tasks["crawl:one"].next_at == at("2026-11-26T01:30")


def test_once_runs_what_is_due_and_what_follows_then_exits(bench: Bench) -> None:
    now = [at("2026-11-24T23:00")]
    first = bench.dispatcher("2026-11-24T23:00")
    del first

    def launch(arguments: Sequence[str]) -> Fake:
        bench.started.append(Fake(arguments, ended=0))
        return bench.started[-1]

    now[0] = at("2026-11-25T01:30")
    dispatcher = Dispatcher(bench.database, Registry.parse(TEXT, "registry.yml"), launch, bench.said.append)
    loop(dispatcher, lambda: now[0], _NeverWaits(), once=True)
    assert bench.verbs() == ["probe", "crawl night", "crawl one two", "alert", "check", "alert"]
    loop(dispatcher, lambda: now[0] + timedelta(minutes=1), _NeverWaits(), once=True)
    assert bench.verbs() == []


class _NeverWaits(threading.Event):
    def wait(self, timeout: float | None = None) -> bool:
        return self.is_set()


@pytest.mark.parametrize(("day", "years"), [("2026-10-31", []), ("2026-11-01", ["2027"]), ("2026-12-31", ["2027"])])
def test_a_year_without_its_holidays_is_told_from_november(day: str, years: list[str]) -> None:
    notices = from_calendar(WorkCalendar(), at(f"{day}T12:00"))
    assert [notice.what[2:6] for notice in notices] == years


def test_it_is_told_once_a_week_at_most() -> None:
    marks = [from_calendar(WorkCalendar(), at(f"2026-11-{day}T12:00"))[0].marks for day in (23, 29, 30)]
    assert marks[0] == marks[1] != marks[2]
