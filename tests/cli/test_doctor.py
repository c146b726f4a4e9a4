"""The doctor: what it finds wrong, and that every fault comes with its mend."""

from __future__ import annotations

import json
import os
import re
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from cli import doctor
from cli.doctor import Diagnosis, Health, diagnose
from data.calendar import WorkCalendar
from data.calendar_tables import write_table
from data.config import run_config
from data.database import Database
from data.errors import ConfigurationError, RegistryError
from data.holiday_notice import parse_notice
from data.records import SHANGHAI
from data.registry import Registry
from tests.data.test_holiday_notice import NEXT

SITE = {"id": "example-portal", "name": "示例区人民政府", "profile": "district-portal", "home": "http://127.0.0.11:8080/"}


def registry(*channels: str) -> Registry:
    people = [{"role": "网站管理员", "channels": list(channels)}]
    return Registry.model_validate({"version": 1, "sites": [{**SITE, "administrators": people}]})


def of(found: tuple[Diagnosis, ...], start: str) -> Diagnosis:
    return next(diagnosis for diagnosis in found if diagnosis.what.startswith(start))


def test_every_fault_has_its_mend_in_one_line(tmp_path: Path) -> None:
    config = run_config(state=str(tmp_path / "var"), environ={})
    for diagnosis in diagnose(config, registry("nonsense", "json://${GONGKAI_TEST_UNSET}/x")):
        assert "\n" not in diagnosis.what
        assert (diagnosis.mend is None) == (diagnosis.health is Health.OK), diagnosis


def test_nothing_is_made(tmp_path: Path) -> None:
    diagnose(run_config(state=str(tmp_path / "var"), environ={}), None)
    assert list(tmp_path.iterdir()) == []


def test_database_of_this_version_is_fine(database_url: str) -> None:
    assert doctor._database(database_url).what == "database: new, made at the first run"
    Database.open(database_url).close()
    assert doctor._database(database_url).health is Health.OK


def test_database_of_another_version_is_told(database_url: str) -> None:
    Database.open(database_url).close()
    engine = create_engine(database_url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    assert "schema 9999" in doctor._database(database_url).what
    assert doctor._database(database_url).health is Health.BAD


@pytest.mark.parametrize("url", ["postgresql://someone:secret@127.0.0.1:9/none", "nonsense"])
def test_database_that_does_not_open_is_bad_and_keeps_its_password(url: str) -> None:
    found = doctor._database(url)
    assert found.health is Health.BAD
    assert "secret" not in f"{found.what}{found.mend}"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_state_folder_that_cannot_be_written(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    assert doctor._state_folder(tmp_path / "var").health is Health.BAD


def test_state_folder_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "var").touch()
    assert doctor._state_folder(tmp_path / "var").health is Health.BAD
    assert doctor._state_folder(tmp_path / "var" / "deep").health is Health.BAD
    assert doctor._state_folder(tmp_path / "new" / "deep").health is Health.OK


@pytest.mark.parametrize(
    ("channel", "health", "said"),
    [
        ("json://127.0.0.1:9000/hook", Health.OK, "alert channels: 1"),
        ("no-such-scheme://x", Health.BAD, "site example-portal, 网站管理员"),
        (
            "json://${GONGKAI_TEST_UNSET}/hook",
            Health.BAD,
            "site example-portal, 网站管理员: environment variable GONGKAI_TEST_UNSET is not set",
        ),
    ],
)
def test_channels(channel: str, health: Health, said: str, tmp_path: Path) -> None:
    found = diagnose(run_config(state=str(tmp_path), environ={}), registry(channel))
    assert of(found, said).health is health


def test_registry_without_channels_tells_nobody(tmp_path: Path) -> None:
    found = diagnose(run_config(state=str(tmp_path), environ={}), registry())
    assert of(found, "no alert channels").health is Health.WARN


@pytest.mark.parametrize(
    ("today", "health"),
    [
        (date(2025, 10, 31), Health.OK),
        (date(2025, 11, 1), Health.OK),  # 2026 is known
        (date(2099, 10, 31), Health.WARN),  # 2099 itself is not
    ],
)
def test_holidays(today: date, health: Health) -> None:
    assert [found.health for found in doctor._holidays(today, WorkCalendar())] == [health]


@pytest.mark.parametrize(("month", "day", "health"), [(10, 31, Health.OK), (11, 1, Health.WARN), (12, 31, Health.WARN)])
def test_next_year_is_wanted_from_november_on(month: int, day: int, health: Health) -> None:
    last = next(year for year in range(2024, 2100) if not WorkCalendar().known(date(year + 1, 1, 4)))
    assert [found.health for found in doctor._holidays(date(last, month, day), WorkCalendar())] == [health]


def test_a_broken_table_of_holidays_is_bad_and_a_whole_one_makes_its_year_known(tmp_path: Path) -> None:
    registry = Registry.model_validate(
        {
            "version": 1,
            "sites": [{"id": "a", "name": "甲", "profile": "town", "home": "http://127.0.0.1/"}],
            "holidays": {"tables": [str(tmp_path / "calendar-2027.yml")]},
        }
    )
    (found,) = doctor._calendar(date(2026, 11, 24), registry)
    assert (found.health, "no such file" in found.what) == (Health.BAD, True)
    write_table(parse_notice(NEXT, "n").table, tmp_path / "calendar-2027.yml")
    (found,) = doctor._calendar(date(2026, 11, 24), registry)
    assert (found.health, found.what) == (Health.OK, "working days are known up to 2027")


def test_clock_before_the_installation_is_bad(tmp_path: Path) -> None:
    made = tmp_path / "lock"
    made.touch()
    now = datetime.fromtimestamp(made.stat().st_mtime, SHANGHAI)
    assert doctor._clock(now, made).health is Health.OK
    assert doctor._clock(now - timedelta(days=2), made).health is Health.BAD


def test_packages_that_differ_from_the_lock(tmp_path: Path) -> None:
    lock = tmp_path / "requirements.lock"
    lock.write_text(
        "# made\npytest==0.1 \\\n    --hash=sha256:00\nno-such-package==1 \\\n    --hash=sha256:00\nelsewhere==1 ; sys_platform == 'win32' \\\n    --hash=sha256:00\n",
        encoding="utf-8",
    )
    (found,) = doctor._packages(lock)
    assert re.fullmatch(r"packages differ from the lock: pytest is \S+, not 0\.1, no-such-package is missing", found.what)


def test_browser_that_does_not_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = tmp_path / "chromium"
    broken.write_text("#!/bin/sh\necho 'libnss3.so: cannot open shared object file' >&2\nexit 127\n", encoding="utf-8")
    broken.chmod(0o755)
    monkeypatch.setenv("GONGKAI_BROWSER", str(broken))
    assert doctor._browser().what == f"browser {broken} does not start (libnss3.so: cannot open shared object file)"
    monkeypatch.setenv("GONGKAI_BROWSER", "none")
    assert doctor._browser().what.startswith("no browser")


def test_a_contact_is_asked_for_and_shown_as_it_will_be_sent(tmp_path: Path) -> None:
    nobody = diagnose(run_config(state=str(tmp_path / "var"), environ={}), registry())
    assert of(nobody, "no contact").health is Health.WARN
    named = registry().model_copy(update={"contact": "gongkai@example.gov.cn"})
    assert "gongkai@example.gov.cn)" in of(diagnose(run_config(environ={}), named), "the agent names itself").what
    by_environment = run_config(environ={"GONGKAI_CONTACT": "https://www.example.gov.cn/gongkai"})
    assert "https://www.example.gov.cn/gongkai)" in of(diagnose(by_environment, named), "the agent names itself").what


@pytest.mark.parametrize("contact", ["政务公开办", "a\r\nX-Evil: 1", "me (at home)", "x"])
def test_a_contact_that_cannot_stand_in_a_header_is_refused(contact: str) -> None:
    with pytest.raises(ConfigurationError, match=r"GONGKAI_CONTACT: .* such as"):
        run_config(environ={"GONGKAI_CONTACT": contact})
    with pytest.raises(RegistryError, match=r"registry\.yml: contact: "):
        Registry.parse(json.dumps({"version": 1, "contact": contact, "sites": [SITE]}), "registry.yml")
