"""Walks a list with one family as the spider does, from answers that a test gives."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from crawler.extract import read
from crawler.walk_notes import WalkNotes
from data.records import WalkState
from spiders.base import Ask, Family, Fetched, Progress
from spiders.data_rows import is_data
from spiders.families import family_of
from spiders.walking import take, whole


@dataclass(frozen=True, slots=True)
class Walked:
    """How a walk ended, and what was asked on the way."""

    family: str
    notes: WalkNotes
    asked: tuple[Ask, ...]

    @property
    def end(self) -> tuple[str, str]:
        assert self.notes.state is not None
        return self.notes.state.value, self.notes.reason

    @property
    def titles(self) -> tuple[str, ...]:
        return tuple(entry.title for entry in self.notes.entries)


def fetched(text: str, url: str) -> Fetched:
    """An answer as the spider hands it to a family: read as a page where it is one."""
    script = url.partition("#")[0].partition("?")[0].endswith(".js")
    return Fetched(url, text, None if script or is_data(text) else read(text.encode(), url))


def walk(page: Fetched, answers: Callable[[Ask], str | None]) -> Walked:
    """Walk the list of a page; an answer None did not come (http-404)."""
    family: Family = family_of(page)
    notes, progress = WalkNotes(), Progress()
    asked: list[Ask] = []
    ask = take(notes, whole(family.first(page, page.url, progress), page.reading), progress)
    while ask is not None and len(asked) < 50:
        asked.append(ask)
        text = answers(ask)
        if text is not None:
            answer = fetched(text, ask.url)
            ask = take(notes, whole(family.following(answer, page.url, progress), answer.reading), progress)
            continue
        step = family.instead("http-404", page.url, progress)
        if step is None:
            notes.end(WalkState.INCOMPLETE, "http-404")
            break
        ask = take(notes, step, progress)
    return Walked(family.name, notes, tuple(asked))
