"""`gongkai calendar`: the working days that deadlines are counted by, and importing the State Council's holiday notice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from cli.findings import FormatOption, OutOption
from cli.output import Format, write_rows
from cli.session import Session, verb
from data.calendar import Source, WorkCalendar, days_of
from data.calendar_tables import HolidayTable, write_table
from data.errors import ConfigurationError
from data.holiday_notice import read_notice

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    help="Working days: show a year, or import the State Council's notice.",
)

_COLUMNS = (("day", "日期"), ("weekday", "星期"), ("kind", "安排"), ("holiday", "节日"))
_WEEKDAYS = "一二三四五六日"
_SOURCES = {
    Source.TABLE: "来自导入的放假通知",
    Source.CHINESECALENDAR: "来自 chinesecalendar",
    Source.PROVISIONAL: "放假安排未知，暂按周一至周五计算，临近时限的结论为未能判定",
}


@app.command("import")
@verb
def import_(
    session: Session,
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="The notice as plain text, a table (.yml), or a sheet of days (.csv, .xlsx).")
    ],
    year: Annotated[int | None, typer.Option("--year", metavar="YEAR", help="The year, where the file does not name it.")] = None,
    apply: Annotated[bool, typer.Option("--apply", help="Write the table beside the registry; without it, only show it.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Overwrite the year's table.")] = False,
) -> int:
    """Import a year's holidays and make-up days; shows what was understood, and writes it with --apply."""
    read = read_notice(file, year)
    write_rows(session, _rows_of_table(read.table), _COLUMNS, Format.TABLE, None)
    off, worked = len(read.table.holidays), len(read.table.worked)
    session.console.print(f"{read.table.source}: {off} days off, {worked} make-up days; other days are worked from Monday to Friday")
    for sentence in read.unread:
        session.console.print(f"left aside: {sentence}")
    target = _folder(session) / f"calendar-{read.table.year}.yml"
    if not apply:
        session.console.print(f"nothing was written: hold this against the notice, then repeat with --apply to write {target}")
        return 0
    if target.exists() and not force:
        raise ConfigurationError(f"{target}: exists already; --force overwrites it")
    write_table(read.table, target)
    session.console.print(f"written: {target}; it holds from the next check on")
    return 0


@app.command("show")
@verb
def show(
    session: Session,
    year: Annotated[int | None, typer.Argument(metavar="YEAR", help="Default: this year.")] = None,
    form: FormatOption = Format.TABLE,
    out: OutOption = None,
) -> int:
    """A year's days that are no plain weekdays or weekends, and where they are known from."""
    chosen = year or session.now.year
    if not 1990 <= chosen <= 2200:
        raise ConfigurationError(f"calendar show {chosen}: no year; write e.g. 2027")
    source = session.calendar.year(chosen).source
    write_rows(session, _rows_of_year(session.calendar, chosen), _COLUMNS, form, out)
    session.errors.print(f"{chosen}：{_SOURCES[source]}")
    return 0


def _folder(session: Session) -> Path:
    if session.config.registry is None:
        raise ConfigurationError("calendar import: tables lie beside the registry; give --registry FILE or set GONGKAI_REGISTRY")
    return session.config.registry.parent


def _rows_of_table(table: HolidayTable) -> Iterator[dict[str, object]]:
    days = {**{day: ("放假", name) for day, name in table.holidays.items()}, **dict.fromkeys(table.worked, ("上班", ""))}
    for day, (kind, name) in sorted(days.items()):
        yield _row(day, kind, name)


def _rows_of_year(calendar: WorkCalendar, year: int) -> Iterator[dict[str, object]]:
    for day in days_of(year):
        worked = calendar.is_workday(day)
        if worked != (day.weekday() < 5):
            yield _row(day, "上班" if worked else "放假", "")


def _row(day: date, kind: str, name: str) -> dict[str, object]:
    return {"day": day.isoformat(), "weekday": f"周{_WEEKDAYS[day.weekday()]}", "kind": kind, "holiday": name}
