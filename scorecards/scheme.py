"""Scoring schemes: what a violation costs, what is a veto, where the grades lie. Read from schemes/*.yml."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from data.catalogue import Rule
from data.errors import ConfigurationError
from data.records import CrawlState, Severity

_SCHEMES = Path(__file__).parent / "schemes"
Points = Annotated[float, Field(ge=0, allow_inf_nan=False)]


class SchemeError(ConfigurationError):
    """A scoring scheme is not valid."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Grade(_Strict):
    name: str
    at_least: Points = Field(alias="from")


class RuleWeight(_Strict):
    """What a rule is worth, and what one confirmed fail of it costs by the verdict's severity."""

    points: Annotated[float, Field(gt=0, allow_inf_nan=False)]
    each: Mapping[Severity, Points] = Field(default_factory=dict)


class Group(_Strict):
    """Rules that are reported together; together they never cost more than `cap`."""

    id: str
    name: str
    rules: Mapping[str, RuleWeight] = Field(min_length=1)
    cap: Points | None = None


class Unlisted(_Strict):
    """Where a rule goes that no group names."""

    id: str
    name: str
    points: Mapping[Severity, Annotated[float, Field(gt=0, allow_inf_nan=False)]]


class Meter(_Strict):
    """A count that becomes a veto when it reaches its limit."""

    id: str
    name: str
    rules: tuple[str, ...] = Field(min_length=1)
    counts: Literal["members", "measured"]
    limit: Annotated[float, Field(gt=0, allow_inf_nan=False)]
    unit: str


class Scheme(_Strict):
    """A whole scoring scheme."""

    id: str
    name: str
    version: int
    grades: tuple[Grade, ...] = Field(min_length=1)
    veto_grade: str
    coverage_floor: float = Field(ge=0, le=100)
    stale_after_days: int = Field(ge=1)
    fresh_states: tuple[Literal[CrawlState.COMPLETE, CrawlState.INCOMPLETE], ...] = Field(min_length=1)
    notable_change: float = Field(gt=0)
    each: Mapping[Severity, Points]
    basis: tuple[str, ...] = Field(min_length=1)
    groups: tuple[Group, ...] = Field(min_length=1)
    unlisted: Unlisted
    veto: tuple[str, ...] = ()
    review_first: tuple[str, ...] = ()
    meters: tuple[Meter, ...] = ()

    @model_validator(mode="after")
    def _whole(self) -> Self:
        named = [rule for group in self.groups for rule in group.rules]
        twice = sorted({rule for rule in named if named.count(rule) > 1})
        if twice:
            raise ValueError(f"groups: {', '.join(twice)} stands in two groups; a rule belongs to one")
        bounds = [grade.at_least for grade in self.grades]
        if bounds != sorted(set(bounds), reverse=True) or bounds[-1] != 0:
            raise ValueError("grades: write them from high to low, each `from` once, the last one from 0")
        if self.veto_grade not in [grade.name for grade in self.grades]:
            raise ValueError(f"veto_grade: {self.veto_grade!r} is none of the grades")
        if set(self.veto) & set(self.review_first):
            raise ValueError("veto and review_first name the same rule; keep it in one of them")
        for key, table in (("each", self.each), ("unlisted.points", self.unlisted.points)):
            lacking = [severity.value for severity in Severity if severity not in table]
            if lacking:
                raise ValueError(f"{key}: {', '.join(lacking)} is missing")
        return self

    @property
    def key(self) -> str:
        """Identifies the figures' scale: weeks are compared only where it is the same."""
        return f"{self.id}@{self.version}"

    def grade(self, score: float) -> str:
        return next(grade.name for grade in self.grades if score >= grade.at_least)

    def group_of(self, rule: str) -> Group | None:
        return next((group for group in self.groups if rule in group.rules), None)

    def points(self, rule: Rule) -> float:
        group = self.group_of(rule.id)
        return self.unlisted.points[rule.severity] if group is None else group.rules[rule.id].points

    def cost(self, rule: str, severity: Severity) -> float:
        """What one confirmed fail costs before caps."""
        group = self.group_of(rule)
        own = {} if group is None else group.rules[rule].each
        return own.get(severity, self.each[severity])


def load_scheme(name_or_path: str | Path = "default") -> Scheme:
    """Read a scheme: the name of one that comes with the product, or the path of a file. Raises SchemeError."""
    path = Path(name_or_path)
    if path.suffix not in (".yml", ".yaml"):
        path = _SCHEMES / f"{name_or_path}.yml"
    try:
        raw: Any = yaml.safe_load(path.read_text(encoding="utf-8"))
        return Scheme.model_validate(raw)
    except FileNotFoundError:
        known = ", ".join(sorted(file.stem for file in _SCHEMES.glob("*.yml")))
        raise SchemeError(f"{path}: no such scoring scheme; give a file, or one of: {known}") from None
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise SchemeError(f"{path}: cannot be read as YAML: {' '.join(str(error).split())}") from None
    except ValidationError as error:
        raise SchemeError("\n".join(f"{path}: {_fault(fault)}" for fault in error.errors())) from None


def _fault(fault: Any) -> str:
    key = ".".join(str(part) for part in fault["loc"])
    message = str(fault["msg"]).removeprefix("Value error, ")
    return f"{key}: {message}" if key else message
