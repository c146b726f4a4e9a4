"""Scoring schemes: what a violation costs, what is a veto, where the grades lie. Read from schemes/*.yml."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from data.catalogue import Rule
from data.errors import ConfigurationError
from data.records import CrawlState, Severity
from data.registry import Profile

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
    """What a rule is worth, and what one confirmed fail of it costs by the verdict's severity.

    In a group with points of its own `points` is the rule's share of them beside its neighbours.
    """

    points: Annotated[float, Field(gt=0, allow_inf_nan=False)]
    each: Mapping[Severity, Points] = Field(default_factory=dict)
    cap: Points | None = None  # what all its fails together cost at most, where that is less


class Group(_Strict):
    """Rules that are reported together; together they never cost more than `cap`.

    `families` takes in every rule of a family that no group names. With `points` the group is one indicator of so many points: they are
    shared out among the rules that apply to a site, and one rule may use up all that could be judged of them.
    """

    id: str
    name: str
    rules: Mapping[str, RuleWeight] = Field(default_factory=dict)
    families: Mapping[str, RuleWeight] = Field(default_factory=dict)
    cap: Points | None = None
    points: Annotated[float, Field(gt=0, allow_inf_nan=False)] | None = None
    applies_to: tuple[Profile, ...] = tuple(Profile)
    owed: bool = False  # its points are applicable even where no rule in force judges them; else it counts only where rules do
    source: str | None = None  # the chapter or document that the group stands for
    basis: Literal["document", "product default"] = "product default"  # where its figures come from

    @model_validator(mode="after")
    def _holds_something(self) -> Self:
        if not self.rules and not self.families and self.points is None:
            raise ValueError("names neither rules nor families; a group without them needs points, so that its absence shows")
        if self.owed and self.points is None:
            raise ValueError("owed: says that points count that no rule judges, and the group has none; add points")
        return self


class Bonus(_Strict):
    """加分: points for rules that a site keeps throughout, only above a score and never beyond the ceiling."""

    above: Points
    profiles: tuple[Profile, ...] = Field(min_length=1)
    most: Annotated[float, Field(gt=0, allow_inf_nan=False)]
    ceiling: Annotated[float, Field(gt=0, allow_inf_nan=False)]
    rules: Mapping[str, Annotated[float, Field(gt=0, allow_inf_nan=False)]] = Field(min_length=1)


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
    bonus: Bonus | None = None
    note: str | None = None  # a line that every form prints about the scheme

    @model_validator(mode="after")
    def _whole(self) -> Self:
        named = [rule for group in self.groups for rule in group.rules]
        twice = sorted({rule for rule in named if named.count(rule) > 1})
        if twice:
            raise ValueError(f"groups: {', '.join(twice)} stands in two groups; a rule belongs to one")
        families = [family for group in self.groups for family in group.families]
        shared = sorted({family for family in families if families.count(family) > 1})
        if shared:
            raise ValueError(f"groups: the family {', '.join(shared)} stands in two groups; a family belongs to one")
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

    @cached_property
    def _by_rule(self) -> Mapping[str, tuple[Group, RuleWeight]]:
        return {rule: (group, weight) for group in self.groups for rule, weight in group.rules.items()}

    @cached_property
    def _by_family(self) -> Mapping[str, tuple[Group, RuleWeight]]:
        return {family: (group, weight) for group in self.groups for family, weight in group.families.items()}

    def _place(self, rule: Rule) -> tuple[Group, RuleWeight] | None:
        """Where a rule stands: where it is named, else where its family is."""
        return self._by_rule.get(rule.id) or self._by_family.get(rule.family)

    def group_of(self, rule: Rule) -> Group | None:
        place = self._place(rule)
        return None if place is None else place[0]

    def group_name(self, rule: Rule) -> str:
        group = self.group_of(rule)
        return self.unlisted.name if group is None else group.name

    def points(self, rule: Rule) -> float:
        """The rule's points; in a group with points of its own, its weight among the group's rules."""
        place = self._place(rule)
        return self.unlisted.points[rule.severity] if place is None else place[1].points

    def cost(self, rule: Rule, severity: Severity) -> float:
        """What one confirmed fail costs before caps."""
        place = self._place(rule)
        own = {} if place is None else place[1].each
        return own.get(severity, self.each[severity])

    def most(self, rule: Rule) -> float:
        """What all fails of a rule cost at most, whatever it is worth."""
        place = self._place(rule)
        cap = None if place is None else place[1].cap
        return float("inf") if cap is None else cap

    def in_order(self, rules: Mapping[str, Rule]) -> tuple[Rule, ...]:
        """Rules as they are reported: group by group, the named ones first, then by id; those that no group has come last."""
        places = {id(group): number for number, group in enumerate(self.groups)}
        named = {rule: number for number, rule in enumerate(self._by_rule)}

        def place(rule: Rule) -> tuple[int, int, str]:
            group = self.group_of(rule)
            return (len(places) if group is None else places[id(group)], named.get(rule.id, len(named)), rule.id)

        return tuple(sorted(rules.values(), key=place))

    def scores(self, rule: Rule, profile: Profile | None) -> bool:
        """Whether a rule counts for a site: a group may be for some kinds of site alone."""
        group = self.group_of(rule)
        return group is None or profile is None or profile in group.applies_to

    @property
    def families(self) -> frozenset[str]:
        return frozenset(self._by_family)

    def strangers(self, known: Mapping[str, Rule], families: Collection[str]) -> tuple[str, ...]:
        """One line for every rule that the catalogue has not, and every family that is not known."""
        faults = [f"groups.{group.id}.rules.{rule}" for group in self.groups for rule in group.rules if rule not in known]
        faults += [f"{key}: {rule}" for key, rules in self._lists() for rule in rules if rule not in known]
        lines = [f"{fault}: no such rule; `gongkai rules` lists them" for fault in faults]
        return (
            *lines,
            *(
                f"groups.{group.id}.families.{family}: no such family; `gongkai rules` shows them"
                for group in self.groups
                for family in group.families
                if family not in families
            ),
        )

    def _lists(self) -> Iterable[tuple[str, Iterable[str]]]:
        yield from (("veto", self.veto), ("review_first", self.review_first))
        yield from ((f"meters.{meter.id}.rules", meter.rules) for meter in self.meters)
        yield from (("bonus.rules", self.bonus.rules),) if self.bonus is not None else ()


def shipped() -> tuple[str, ...]:
    """The names of the schemes that come with the product."""
    return tuple(sorted(file.stem for file in _SCHEMES.glob("*.yml")))


def load_scheme(name_or_path: str | Path = "default", known: Mapping[str, Rule] | None = None) -> Scheme:
    """Read a scheme: the name of one that comes with the product, or the path of a file.

    With `known` the rules that a file names are held against the catalogue. Raises SchemeError.
    """
    path = Path(name_or_path)
    own = path.suffix in (".yml", ".yaml")
    if not own:
        path = _SCHEMES / f"{name_or_path}.yml"
    try:
        raw: Any = yaml.safe_load(path.read_text(encoding="utf-8"))
        scheme = Scheme.model_validate(raw)
    except FileNotFoundError:
        raise SchemeError(f"{name_or_path}: no such scoring scheme; give a .yml file, or one of: {', '.join(shipped())}") from None
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise SchemeError(f"{path}: cannot be read as YAML: {' '.join(str(error).split())}") from None
    except ValidationError as error:
        raise SchemeError("\n".join(f"{path}: {_fault(fault)}" for fault in error.errors())) from None
    strangers = (
        scheme.strangers(known, {rule.family for rule in known.values()} | load_scheme().families) if own and known is not None else ()
    )
    if strangers:
        raise SchemeError("\n".join(f"{path}: {fault}" for fault in strangers))
    return scheme


def _fault(fault: Any) -> str:
    key = ".".join(str(part) for part in fault["loc"])
    message = str(fault["msg"]).removeprefix("Value error, ")
    return f"{key}: {message}" if key else message
