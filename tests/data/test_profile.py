"""The columns that a profile requires, beside those that were found."""

from __future__ import annotations

import pytest

from data.catalogue import load_columns
from data.profile import Required, compare_with_profile
from data.records import Column, ColumnKind
from data.registry import Profile, Site
from tests.support.sites import moment

AT = moment("2026-11-21")


def site(profile: Profile | None) -> Site:
    return Site(id="unit", name="甲", profile=profile, home="http://127.0.0.11/")


def column(canonical: str | None, url: str, depth: int = 1) -> Column:
    return Column(
        url=url, site="unit", name="栏目", canonical=canonical, match=None, kind=ColumnKind.LIST, parent_url=None, depth=depth, path=("栏目",),
        hosted_by=None, reachable=True, fault=None, text_chars=0, first_seen=AT, last_seen=AT,
    )  # fmt: skip


def by_id(required: tuple[Required, ...]) -> dict[str, Required]:
    return {entry.column.id: entry for entry in required}


@pytest.mark.parametrize("profile", list(Profile))
def test_every_profile_requires_something_and_nothing_it_need_not(profile: Profile) -> None:
    required = compare_with_profile(site(profile), ())
    key = profile.value.replace("-", "_")
    assert {entry.column.id for entry in required} == {one.id for one in load_columns().columns if one.required_of.get(key, "no") != "no"}
    assert any(entry.level == "must" for entry in required)
    assert all(not entry.found for entry in required)
    assert {entry.level for entry in required} <= {"must", "should", "optional"}


def test_a_portal_has_to_have_the_disclosure_column() -> None:
    assert by_id(compare_with_profile(site(Profile.DISTRICT_PORTAL), ()))["zfxxgk"].level == "must"


def test_the_least_deep_find_goes_first() -> None:
    deep, near, other = (
        column("zcwj", "http://127.0.0.11/a/b/", 3),
        column("zcwj", "http://127.0.0.11/b/", 1),
        column(None, "http://127.0.0.11/c/"),
    )
    found = by_id(compare_with_profile(site(Profile.DISTRICT_PORTAL), (deep, other, near)))
    assert found["zcwj"].found == (near, deep)
    assert sum(len(entry.found) for entry in found.values()) == 2


def test_a_find_that_is_not_required_is_shown() -> None:
    unknown = by_id(compare_with_profile(site(None), (column("zcwj", "http://127.0.0.11/a/"),)))
    assert [(entry.column.id, entry.level) for entry in unknown.values()] == [("zcwj", "no")]
