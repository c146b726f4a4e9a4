"""`gongkai calendar`: shown, imported, believed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Gongkai, one_line
from tests.data.test_holiday_notice import NEXT


@pytest.fixture
def notice(tmp_path: Path) -> Path:
    path = tmp_path / "notice.txt"
    path.write_text(NEXT, encoding="utf-8")
    return path


def test_an_import_shows_first_and_writes_when_told(gongkai: Gongkai, registry: Path, notice: Path) -> None:
    shown = gongkai("calendar", "import", notice, "--registry", registry)
    assert shown.status == 0, shown.err
    assert "2027-02-20" in shown.out
    assert "周六" in shown.out
    assert "nothing was written" in shown.out
    table = registry.with_name("calendar-2027.yml")
    assert not table.exists()
    assert "written:" in gongkai("calendar", "import", notice, "--apply", "--registry", registry).out
    assert table.exists()
    again = gongkai("calendar", "import", notice, "--apply", "--registry", registry)
    assert (again.status, "exists already; --force" in one_line(again.err)) == (2, True)
    assert gongkai("calendar", "import", notice, "--apply", "--force", "--registry", registry).status == 0
    assert gongkai("registry", "check", registry).status == 0
    year = gongkai("calendar", "show", "2027", "--registry", registry, "--format", "csv")
    assert "2027-02-20,周六,上班" in year.out
    assert "来自导入的放假通知" in year.err


def test_a_year_without_its_notice_says_so(gongkai: Gongkai, registry: Path) -> None:
    assert "暂按周一至周五" in gongkai("calendar", "show", "2099", "--registry", registry).err
    shown = gongkai("calendar", "show", "2026")
    assert "2026-02-14" in shown.out
    assert "来自 chinesecalendar" in shown.err


def test_a_table_has_to_lie_beside_a_registry(gongkai: Gongkai, notice: Path, registry: Path) -> None:
    assert "give --registry FILE" in one_line(gongkai("calendar", "import", notice).err)


def test_a_broken_table_is_one_line_wherever_the_calendar_is_asked(gongkai: Gongkai, registry: Path) -> None:
    registry.with_name("calendar-2027.yml").write_text("year: 2027\n", encoding="utf-8")
    for verb in (("registry", "check", registry), ("calendar", "show", "2027", "--registry", registry)):
        run = gongkai(*verb)
        assert run.status == 2
        assert "calendar-2027.yml: no whole table of a year" in one_line(run.err)
