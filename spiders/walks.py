"""The part of the spider that walks lists: page after page to an end that is evidence, or, where its ends stand as they were, past it."""

from __future__ import annotations

from abc import abstractmethod
from collections import Counter
from collections.abc import Iterator

from scrapy import Request
from scrapy.http import Response

from crawler.column_state import ColumnState
from crawler.extract.page import decode
from crawler.walk_notes import WalkNotes, rows_hash
from data.records import ListEntry, PageKind, PageReading, WalkState
from data.urls import url_key
from spiders.again import Again, Unchanged
from spiders.asking import AskingSpider, Output
from spiders.base import Ask, Family, Fetched, Progress, Step
from spiders.choosing import Wanted
from spiders.data_rows import is_data
from spiders.visits import Visit
from spiders.walking import take, whole

_NO_ROWS_FOUND = frozenset({"layout-unknown", "script-only"})


class WalkingSpider(AskingSpider):
    """What a crawl of lists shares with the spider that finds them."""

    again: Again
    faults: Counter[str]
    _kept: dict[str, Fetched]  # scripts that the lists of a site share, by address
    _waiting: dict[str, list[Visit]]  # walks that wait for such a script, which another one has asked for

    @abstractmethod
    def _read(self, response: Response, whole: frozenset[PageKind] = frozenset()) -> tuple[PageReading | None, str | None]: ...

    @abstractmethod
    def _list(self, entries: tuple[ListEntry, ...], state: ColumnState) -> Iterator[Output]: ...

    def _walked(self, response: Response, visit: Visit) -> Iterator[Output]:
        state = self.tree.get(visit.column or "")
        assert state is not None
        assert visit.family is not None
        assert visit.progress is not None
        reading, fault = self._page_read(response)
        if fault is not None:
            self.faults[fault] += 1
            yield from self._not_walked(state, visit, fault)
            return
        answer = fetched(response, reading)
        if visit.keep:
            self._kept[visit.keep] = answer
            for other, waiting in self._woken(visit.keep):
                yield from self._go_on(other, answer, waiting)
        step = visit.family.following(answer, state.url, visit.progress)
        yield from self._begin(state, whole(step, reading), visit.family, visit.progress)

    def _page_read(self, response: Response) -> tuple[PageReading | None, str | None]:
        """An answer as a page; what is data is read by its family alone."""
        return (None, None) if _is_no_page(response) else self._read(response)

    def _not_walked(self, state: ColumnState, visit: Visit, fault: str) -> Iterator[Output]:
        """An answer of a walk did not come: the family may know another way to the rows."""
        for each, waiting in ((state, visit), *self._woken(visit.keep)):
            assert waiting.family is not None
            assert waiting.progress is not None
            assert each.walk is not None
            step = waiting.family.instead(fault, each.url, waiting.progress)
            if step is None:
                each.walk.end(WalkState.INCOMPLETE, fault)
            else:
                yield from self._step(each, step, waiting.family, waiting.progress)

    def _woken(self, script: str) -> list[tuple[ColumnState, Visit]]:
        """The walks that waited for a script which has come, or will not come."""
        found = ((self.tree.get(visit.column or ""), visit) for visit in self._waiting.pop(script, ()))
        return [(state, visit) for state, visit in found if state is not None]

    def _go_on(self, state: ColumnState, answer: Fetched, visit: Visit) -> Iterator[Output]:
        assert visit.family is not None
        assert visit.progress is not None
        yield from self._step(state, visit.family.following(answer, state.url, visit.progress), visit.family, visit.progress)

    def _begin(self, state: ColumnState, step: Step, family: Family, progress: Progress) -> Iterator[Output]:
        """Take in a step; the first one that shows rows may vouch for those of the last crawl."""
        assert state.walk is not None
        unchanged = self.again.unchanged(state.url, step) if step.entries and progress.rows == 0 else None
        if unchanged is None:
            yield from self._step(state, step, family, progress)
        elif unchanged.tail is None:
            yield from self._recall(state, unchanged)
        else:
            self._take(unchanged.tail)
            visit = Visit("tail", column=state.url, family=family, progress=progress, depth=state.depth, unchanged=unchanged, step=step)
            yield self._fetch(unchanged.tail, visit, 400)

    def _recall(self, state: ColumnState, unchanged: Unchanged) -> Iterator[Output]:
        assert state.walk is not None
        state.walk.recall(unchanged.walk, unchanged.rows, unchanged.by)
        yield from self._list(unchanged.rows, state)

    def _confirmed(self, response: Response, visit: Visit) -> Iterator[Output]:
        """A list's last page has come: is it the last one still, and does it stand as it was?"""
        state, unchanged, family = self.tree.get(visit.column or ""), visit.unchanged, visit.family
        assert state is not None
        assert unchanged is not None
        assert family is not None
        walk = unchanged.walk
        reading, fault = self._page_read(response)
        so_far = Progress(walk.pages - 1, max(walk.entries - 1, 0), walk.declared, walk.pages)
        step = None if fault else whole(family.following(fetched(response, reading), state.url, so_far), reading)
        if step is not None and step.ask is None and step.fault is None and rows_hash(step.entries) == walk.last_rows:
            yield from self._recall(state, unchanged)
        else:
            yield from self._read_on(state, visit)

    def _read_on(self, state: ColumnState, visit: Visit) -> Iterator[Output]:
        """The last page did not confirm the list: walk it from where its first page was read."""
        assert visit.step is not None
        assert visit.family is not None
        assert visit.progress is not None
        yield from self._step(state, visit.step, visit.family, visit.progress)

    def _step(self, state: ColumnState, step: Step, family: Family, progress: Progress) -> Iterator[Output]:
        """Take in one step of a walk and take the next, or hand the column on where the walk has ended."""
        assert state.walk is not None
        ask = take(state.walk, step, progress)
        yield from self._list(step.entries, state)
        if ask is not None and not self.context.scope.has(ask.url):
            state.walk.end(WalkState.INCOMPLETE, "redirected-off-site")
        elif ask is not None and self._chooses() and not ask.kept:
            self._hold_walk(state, ask, family, progress)
        elif ask is not None and not self._has_room():
            state.walk.end(WalkState.INCOMPLETE, "cap-reached")
        elif ask is not None and ask.kept and (ask.url in self._kept or ask.url in self._waiting):
            visit = Visit("walk", column=state.url, family=family, progress=progress)
            if ask.url in self._kept:
                yield from self._go_on(state, self._kept[ask.url], visit)
            else:
                self._waiting[ask.url].append(visit)
        elif ask is not None:
            if ask.kept:
                self._waiting[ask.url] = []
            yield self._ask(state, ask, family, progress)

    def _hold_walk(self, state: ColumnState, ask: Ask, family: Family, progress: Progress) -> None:
        """The next page of a list waits for those of more worth."""
        assert state.walk is not None
        walk = state.walk
        self._take(ask.url)
        self._waiting_room.put(
            Wanted(
                f"{url_key(state.url)} {len(walk.pages)} {ask.url} {ask.body!r}",
                Visit("walk", progress=progress),
                lambda _: self._ask(state, ask, family, progress),
                drop=lambda: walk.end(WalkState.INCOMPLETE, "cap-reached"),
            )
        )

    def _ask(self, state: ColumnState, ask: Ask, family: Family, progress: Progress) -> Request:
        self._take(ask.url)
        if state.walk is not None:
            state.walk.last_url = ask.url if ask.method == "GET" and not ask.headers else None
        visit = Visit("walk", column=state.url, family=family, progress=progress, depth=state.depth, keep=ask.url if ask.kept else "")
        request = self._fetch(ask.url, visit, 400)
        return request.replace(method=ask.method, body=ask.body or b"", headers={**request.headers, **dict(ask.headers)})

    def _tell_drift(self) -> None:
        """Lists that earlier crawls read and whose rows this one cannot find: their template has changed, and our reader has to follow."""
        for state in self.tree.states.values():
            walk = state.walk
            if walk is None:
                lost = state.sha256 is not None  # its page was read, and is no list at all
            else:
                lost = not walk.entries and walk.state is WalkState.INCOMPLETE and walk.reason in _NO_ROWS_FOUND
            if lost and self.again.held_rows(state.url):
                state.walk = walk or WalkNotes()
                state.walk.end(WalkState.INCOMPLETE, "template-changed")
                self.logger.warning("%s: the template of %s has changed: earlier crawls read rows there", self.context.site.id, state.url)


def fetched(response: Response, reading: PageReading | None) -> Fetched:
    """An answer as the families take it."""
    return Fetched(response.url, decode(response.body).text, reading)


def _is_no_page(response: Response) -> bool:
    """Whether an answer is a script or data, by what it is called and what it holds."""
    kind = (response.headers.get("Content-Type") or b"").decode("latin-1").lower()
    return "javascript" in kind or "ecmascript" in kind or is_data(decode(response.body[:400]).text)
