"""Which step of its life a finding has reached: told as new, reminded, overdue, urged (督办), reported to the supervisors. Pure.

The ladder is climbed one step at a time, each so many working days after the one before was told. Days that a finding rested
(appeal, explanation, waiver) do not count, and nothing is climbed on data that are not fresh: nobody is pressed without having been
reminded, and nobody for a fault that we have not seen lately.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from alerts.acts import rested_workdays
from alerts.items import Heading, Item, is_past
from data.calendar import WorkCalendar
from data.catalogue import Rule
from data.days import civil
from data.findings import (
    OPEN_STATES,
    Latest,
    Topic,
    awaits_review,
    closed_unseen,
    is_confirmed_fail,
    life,
    released_at,
    times_found,
    told_at,
)
from data.findings import FindingKey as Key
from data.records import Finding, FindingState, Verdict
from data.registry_notices import NoticeOptions


@dataclass(frozen=True, slots=True)
class Judge:
    """What is to be told of findings on one day."""

    latest: Latest  # the fresh verdicts
    rules: Mapping[str, Rule]
    options: NoticeOptions
    today: date
    calendar: WorkCalendar
    said: frozenset[str]  # what the outbox remembers, Item.due_mark

    def item(self, key: Key, finding: Finding, reachable: bool, told_from: datetime | None) -> Item | None:
        """What is to be told of a finding, if anything; `told_from` is the end of its site's baseline."""
        new_at, times = told_at(finding, Topic.NEW), times_found(finding)
        rule = self.rules.get(finding.verdict.rule)
        if rule is not None and rule.alert == "report-only":
            return None
        if finding.state is FindingState.RESOLVED:
            if new_at is None or told_at(finding, Topic.RESOLVED) is not None:
                return None
            heading = Heading.CLOSED if closed_unseen(finding) else Heading.RESOLVED
            return Item(heading, finding.verdict, finding, None, times)
        verdict = self.latest.of(key)
        if finding.state not in OPEN_STATES or verdict is None or not is_confirmed_fail(verdict):
            return None
        if awaits_review(finding, rule):
            return None if told_at(finding, Topic.REVIEW) else Item(Heading.REVIEW, verdict, finding, None, times)
        mend_by = self.mend_by(finding, new_at, told_from, reachable=reachable)
        late = self._late(verdict, mend_by)
        if not reachable:
            # It stays new until somebody can be told; the supervisors hear of it all the same.
            if late < self.options.ladder.reminder:
                return Item(Heading.NEW, verdict, finding, mend_by, times) if new_at is None else None
            if told_at(finding, Topic.ESCALATED) is None:
                return Item(Heading.ESCALATED, verdict, finding, mend_by, times, late=late)
            return None
        if new_at is None:
            return Item(Heading.NEW, verdict, finding, mend_by, times)
        step = self._step(finding, verdict, new_at, mend_by, late)
        return None if step is None else Item(step[0], verdict, finding, mend_by, times, stage=step[1], late=late)

    def mend_by(self, finding: Finding, new_at: datetime | None, told_from: datetime | None, *, reachable: bool) -> date | None:
        """The day told to the unit.

        As many working days as the rule gives, after the day it was found (of one that a person reviewed, released) or its site's baseline ended; after the telling where that
        came later than this; and as many more as it rested.
        """
        rule = self.rules.get(finding.verdict.rule)
        if finding.rectify_by is None or rule is None or not finding.events:
            return finding.rectify_by
        found_at = released_at(finding) or life(finding)[0].at
        begun_at = found_at if told_from is None else max(found_at, told_from)
        planned = self.calendar.add_workdays(civil(begun_at), rule.rectify_workdays)
        told_on = civil(new_at) if new_at is not None else self.today if reachable else civil(begun_at)
        if told_on > planned:
            begun_at, planned = new_at or begun_at, self.calendar.add_workdays(told_on, rule.rectify_workdays)
        return self.calendar.add_workdays(planned, rested_workdays(finding, self.calendar, begun_at))

    def _late(self, verdict: Verdict, mend_by: date | None) -> int:
        """Working days past the day to mend; 0 where nothing is left to press for, because what was done late was done."""
        if mend_by is None or is_past(verdict):
            return 0
        return max(self.calendar.workdays_between(mend_by, self.today).days, 0)

    def _step(self, finding: Finding, verdict: Verdict, new_at: datetime, mend_by: date | None, late: int) -> tuple[Heading, int] | None:
        """The step that is due, and which repetition of it."""
        ladder = self.options.ladder
        if mend_by is None or is_past(verdict):
            return None
        if (overdue_at := told_at(finding, Topic.OVERDUE)) is None:
            if late >= ladder.reminder:
                return Heading.OVERDUE, 0
            return (Heading.REMINDER, 0) if self._nears(finding, new_at, mend_by) else None
        if (urged_at := told_at(finding, Topic.URGED)) is None:
            return (Heading.URGED, 0) if self._since(finding, overdue_at) >= ladder.urge - ladder.reminder else None
        if (escalated_at := told_at(finding, Topic.ESCALATED)) is None:
            return (Heading.ESCALATED, 0) if self._since(finding, urged_at) >= ladder.supervisor - ladder.urge else None
        every = self.options.remind_every
        stage = self._since(finding, escalated_at) // every if every else 0
        if not stage or Item(Heading.STANDING, verdict, finding, mend_by, stage=stage).due_mark in self.said:
            return None
        return Heading.STANDING, stage

    def _nears(self, finding: Finding, new_at: datetime, mend_by: date) -> bool:
        """Whether it is time to remind of the day to mend; never on the day that it was told."""
        ahead = self.calendar.workdays_between(self.today, mend_by).days
        return (
            self.options.remind_before > 0
            and 0 <= ahead <= self.options.remind_before
            and civil(new_at) < self.today <= mend_by
            and told_at(finding, Topic.REMINDER) is None
        )

    def _since(self, finding: Finding, told: datetime) -> int:
        """Working days since a step was told, those that the finding rested left out."""
        return self.calendar.workdays_between(civil(told), self.today).days - rested_workdays(finding, self.calendar, told)
