"""The registry's say over rules and calendar: overrides (`rules`, `sites[].rules`) and where working days come from (`holidays`)."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class RuleOverride(_Strict):
    """What differs from the catalogue for one rule; `why` is on whose word (an exemption by the supervising office)."""

    enabled: bool | None = None
    threshold: float | None = Field(default=None, ge=0)
    why: str | None = None


class HolidayOptions(_Strict):
    """Where working days come from: tables imported from the State Council's notices, then chinesecalendar.

    Files `calendar-YYYY.yml` beside the registry are tables too; `china: false` leaves chinesecalendar out.
    """

    china: bool = True
    tables: tuple[Path, ...] = ()

    def beside(self, registry: Path) -> Self:
        """These options with every table's own path: those that lie beside the registry first, then the ones named, which win."""
        there = sorted(registry.parent.glob("calendar-[0-9][0-9][0-9][0-9].yml"))
        named = [registry.parent / table for table in self.tables]
        return self.model_copy(update={"tables": tuple(dict.fromkeys([*(path for path in there if path not in named), *named]))})


def _holidays(value: Any) -> Any:
    if value == "china":
        return HolidayOptions()
    if isinstance(value, (dict, HolidayOptions)):
        return value
    raise ValueError(f"{value!r}: write china, or a mapping such as {{china: true, tables: [calendar-2027.yml]}}")


Holidays = Annotated[HolidayOptions, BeforeValidator(_holidays)]
