"""The truth store is consistent: what is planted is there, and nothing else is wrong."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from rapidfuzz import fuzz

from simgov.district import RULES, District
from simgov.truth import Column, ColumnKind, Document, Genre, Outcome, Site
from simgov.workdays import add_workdays, at, last_long_holiday, workdays_between

DAYS = (date(2026, 11, 22), date(2026, 10, 20), date(2026, 9, 30), date(2026, 3, 2), date(2026, 12, 31))


@pytest.fixture(scope="module", params=DAYS, ids=str)
def district(request: pytest.FixtureRequest) -> District:
    return District.build(request.param)


def planted(district: District, rule: str) -> set[tuple[str, str | None]]:
    return {(seed.site, seed.subject) for seed in district.seeded(rule, Outcome.FAIL)}


def owned(district: District, genre: Genre) -> list[Document]:
    upstream = {site.id for site in district.sites.values() if site.role == "upstream" or not site.watched}
    live = district.at(district.second_crawl).documents.values()
    return [one for one in live if one.genre is genre and one.owner not in upstream]


def test_the_same_day_gives_the_same_district() -> None:
    assert District.build(DAYS[0]) == District.build(DAYS[0])
    assert District.build(DAYS[0]) != District.build(DAYS[0], seed=7)


def test_size_and_families(district: District) -> None:
    assert 400 <= len(district.documents) <= 800
    assert {site.family for site in district.watched()} == {"trs", "hanweb", "gkmlpt", "vsb"}
    assert all(seed.rule in RULES or seed.outcome is Outcome.EITHER for seed in district.seeds)


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule != "site-reachable"])
def test_every_rule_has_violations_and_look_alikes(district: District, rule: str) -> None:
    assert district.seeded(rule, Outcome.FAIL)
    assert district.seeded(rule, Outcome.NEVER_FAIL)


def test_only_planted_documents_were_published_late(district: District) -> None:
    late, late20 = set(), set()
    for document in owned(district, Genre.POLICY) + owned(district, Genre.PLAIN):
        assert document.made_on is not None
        published = document.published_at.date()
        assert document.made_on <= published
        if "转为主动公开" in document.body[-1]:
            continue
        if workdays_between(document.issued_on or document.made_on, published) > 5:
            late.add((document.owner, document.id))
        if workdays_between(document.made_on, published) > 20:
            late20.add((document.owner, document.id))
    assert late == planted(district, "policy-published-5-working-days")
    assert late20 == planted(district, "info-published-20-working-days")


def test_seeded_lateness_is_exact(district: District) -> None:
    for seed in district.seeded("policy-published-5-working-days", Outcome.FAIL):
        document = district.document(seed.subject or "")
        assert document.issued_on is not None
        assert workdays_between(document.issued_on, document.published_at.date()) == seed.measured
        assert seed.severity == ("minor" if (seed.measured or 0) <= 20 else "major")


def test_only_planted_documents_lack_a_timely_interpretation(district: District) -> None:
    now = district.at(district.second_crawl)
    first: dict[str, date] = {}
    for reading in now.documents.values():
        for key in reading.interprets:
            day = reading.published_at.date()
            first[key] = min(first.get(key, day), day)
    missing, unsynced = set(), set()
    for document in owned(district, Genre.POLICY):
        published = document.published_at.date()
        over = add_workdays(published, 3) < district.today - timedelta(days=1)
        if document.id not in first and over:
            missing.add((document.owner, document.id))
        if (document.id not in first and over) or (document.id in first and first[document.id] > published):
            unsynced.add((document.owner, document.id))
    assert missing == planted(district, "interpretation-exists")
    assert unsynced == planted(district, "interpretation-in-sync")


def test_seeded_interpretation_lateness_is_exact(district: District) -> None:
    readings = {key: reading for reading in district.documents for key in reading.interprets}
    for seed in district.seeded("interpretation-in-sync", Outcome.FAIL):
        if seed.measured is not None:
            document = district.document(seed.subject or "")
            lateness = workdays_between(document.published_at.date(), readings[document.id].published_at.date())
            assert lateness == seed.measured
            assert seed.severity == ("minor" if lateness <= 3 else "major")


def newest(district: District, column: Column) -> date | None:
    rows = district.at(district.second_crawl).listed(column.id)
    return max((row.published_at.date() for row in rows), default=None)


def test_only_planted_columns_are_stale_or_empty(district: District) -> None:
    now = district.at(district.second_crawl)
    stale_news, stale_policy, empty = set(), set(), set()
    for column in now.columns.values():
        site = district.sites[column.site]
        if column.kind is not ColumnKind.LIST or site.role == "upstream" or not site.watched:
            continue
        last = newest(district, column)
        if last is None:
            if not column.statement and column.opened_at is None:
                empty.add((column.owner, column.id))
        elif column.canonical == "ywdt" and (district.today - last).days > 14 and site.id != "archives-bureau":
            stale_news.add((column.owner, column.id))
        elif column.canonical in ("tzgg", "zcwj") and (district.today - last).days > 184:
            stale_policy.add((column.owner, column.id))
    assert stale_news == planted(district, "news-columns-2-weeks")
    assert stale_policy == planted(district, "notice-policy-columns-6-months")
    assert empty == {key for key in planted(district, "empty-columns") if key[1] is not None}


def repost_fault(site: Site, item: Document, copies: list[Document], now_at: date) -> bool:
    mine = [copy for copy in copies if copy.site == site.id and copy.copy_of == item.id]
    if not mine:
        return (now_at - item.published_at.date()).days > 4
    gap = min(copy.published_at for copy in mine) - item.published_at
    if site.date_only:
        return (min(copy.published_at for copy in mine).date() - item.published_at.date()).days >= 4
    return gap > timedelta(hours=72)


def test_only_planted_items_were_not_carried_in_time(district: District) -> None:
    now = district.at(district.second_crawl)
    copies = [one for one in now.documents.values() if one.copy_of]
    items = [one for one in now.documents.values() if one.columns[0] == "city-portal/zyzc"]
    faults = {
        (site.id, item.id)
        for site in district.watched()
        if site.upper and site.hosted_at is None
        for item in items
        if repost_fault(site, item, copies, district.today)
    }
    assert faults == planted(district, "repost-upper-72h")


def test_national_day_is_seen() -> None:
    assert last_long_holiday(date(2026, 11, 1)) == (date(2026, 10, 1), date(2026, 10, 7))
    assert workdays_between(date(2026, 9, 28), date(2026, 10, 10)) == 5  # 10 October is a make-up Saturday
    assert workdays_between(date(2026, 9, 28), date(2026, 10, 12)) == 6


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        (date(2026, 9, 30), 1, date(2026, 10, 8)),
        (date(2026, 10, 9), 1, date(2026, 10, 10)),
        (date(2026, 9, 19), 1, date(2026, 9, 20)),
        (date(2026, 10, 8), -1, date(2026, 9, 30)),
        (date(2026, 12, 31), 1, date(2027, 1, 1)),
        (date(2026, 10, 8), 0, date(2026, 10, 8)),
    ],
)
def test_working_days(start: date, days: int, end: date) -> None:
    assert add_workdays(start, days) == end


def test_a_page_published_between_the_crawls_is_there_at_the_second_only(district: District) -> None:
    first, second = district.at(district.first_crawl), district.at(district.second_crawl)
    fresh = set(second.documents) - set(first.documents)
    assert fresh
    assert set(first.documents) <= set(second.documents)
    assert all(district.first_crawl < second.documents[key].published_at <= district.second_crawl for key in fresh)
    assert set(second.columns) - set(first.columns) == {"district-portal/ghjh"}


def test_the_moment_of_publication_counts() -> None:
    district = District.build(DAYS[0])
    document = district.documents[100]
    assert document.id in district.at(document.published_at).documents
    assert document.id not in district.at(document.published_at - timedelta(seconds=1)).documents
    assert at(DAYS[0], "08:40").utcoffset() == timedelta(hours=8)


def test_numbers_are_unique_per_unit(district: District) -> None:
    seen: set[tuple[str, str]] = set()
    for document in district.documents:
        if document.number_prefix and document.number:
            assert (document.owner, document.number) not in seen
            seen.add((document.owner, document.number))


def test_a_missing_interpretation_cannot_be_mistaken_for_another(district: District) -> None:
    readings = [one for one in district.documents if one.genre is Genre.INTERPRETATION]
    for seed in district.seeded("interpretation-exists", Outcome.FAIL):
        topic = district.document(seed.subject or "").title.split("《")[1].split("》")[0]
        for reading in readings:
            subject = district.document(reading.interprets[0]).title.split("《")[1].split("》")[0]
            assert fuzz.ratio(topic, subject) < 60, (topic, subject)
