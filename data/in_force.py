"""Which rules are in force for a site, by what thresholds, citing which clauses: packs, then overrides."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from data.catalogue import Rule, RuleClause, load_rules
from data.errors import CatalogueError
from data.packs import DutyRule, Pack, is_national, load_packs
from data.registry import Registry, Site
from data.registry_rules import RuleOverride

_DUTY_SINCE = "duty_since"  # the parameter of rules that look back no further than the oldest document asking for it

_Overrides = tuple[tuple[str, RuleOverride], ...]


def rules_for(registry: Registry, site: Site) -> Mapping[str, Rule]:
    """The rules in force for a site, in the catalogue's order, each with the threshold and the clauses that hold there.

    The rules of its packs are united. Of two packs that set a threshold, the one named later wins; then the registry's override, then
    the site's. `enabled` of an override brings a rule into force, or out of it, whatever the packs say. Sites with the same packs and
    overrides share one answer. Raises CatalogueError naming the key at fault.
    """
    return _in_force(site.packs, tuple(sorted(registry.rules.items())), tuple(sorted(site.rules.items())), site.id if site.rules else "")


def rules_by_site(registry: Registry) -> Mapping[str, Mapping[str, Rule]]:
    """`rules_for` of every scored site, by its id."""
    return {site.id: rules_for(registry, site) for site in registry.sites if site.scored}


def rules_anywhere(registry: Registry) -> Mapping[str, Rule]:
    """Every rule that some scored site has in force, in the catalogue's order, as the first such site has it."""
    found: dict[str, Rule] = {}
    for rules in rules_by_site(registry).values():
        for rule_id, rule in rules.items():
            found.setdefault(rule_id, rule)
    return {rule_id: found[rule_id] for rule_id in load_rules() if rule_id in found}


@lru_cache(maxsize=4096)
def _in_force(pack_ids: tuple[str, ...], wide: _Overrides, own: _Overrides, site_id: str) -> Mapping[str, Rule]:
    said: dict[str, list[tuple[str, RuleOverride]]] = {}
    for key, overrides in (("rules", wide), (f"site {site_id}: rules", own)):
        for rule_id, override in overrides:
            said.setdefault(rule_id, []).append((f"{key}.{rule_id}", override))
    settled, brought = _by_packs(pack_ids)
    chosen: dict[str, Rule] = {}
    for rule in settled.values():
        mine = said.get(rule.id, [])
        enabled = next((override.enabled for _, override in reversed(mine) if override.enabled is not None), rule.id in brought)
        if enabled:
            chosen[rule.id] = _overridden(rule, mine)
    return chosen


@lru_cache(maxsize=256)
def _by_packs(pack_ids: tuple[str, ...]) -> tuple[Mapping[str, Rule], frozenset[str]]:
    """Every rule as the packs have it, and those that they bring into force."""
    packs = tuple(load_packs()[pack_id] for pack_id in pack_ids)
    named = {rule_id for pack in packs for rule_id in (load_rules() if pack.every_rule else pack.rules)}
    settled = {rule.id: _settled(rule, packs) for rule in load_rules().values()}
    return settled, frozenset(rule_id for rule_id, rule in settled.items() if rule.enabled and rule_id in named)


def _settled(rule: Rule, packs: Sequence[Pack]) -> Rule:
    threshold, params = rule.threshold, dict(rule.params)
    for pack in packs:
        for named, _ in _naming(pack, rule.id):
            params |= named.params
            if named.threshold is not None and threshold is not None:
                threshold = threshold.model_copy(update={"value": named.threshold, "basis": pack.id})
    clauses = tuple(_clauses(rule, packs))
    params |= _since(rule, packs, clauses)
    return rule.model_copy(update={"threshold": threshold, "params": params, "clauses": clauses})


def _overridden(rule: Rule, said: Sequence[tuple[str, RuleOverride]]) -> Rule:
    if not any(clause.citable for clause in rule.clauses):
        key = said[-1][0] if said else rule.id
        raise CatalogueError(
            f"{key}: neither a national document nor a pack of the site asks for this; name a pack that does, such as core"
        )
    threshold = rule.threshold
    for key, override in said:
        if override.threshold is None:
            continue
        if threshold is None:
            raise CatalogueError(f"{key}.threshold: this rule has no threshold to override; remove the key")
        threshold = threshold.model_copy(update={"value": override.threshold, "basis": "registry"})
    return rule if threshold is rule.threshold else rule.model_copy(update={"threshold": threshold})


def _naming(pack: Pack, rule_id: str) -> Iterator[tuple[DutyRule, RuleClause]]:
    """What a pack says of a rule, and the clause that says it."""
    for named, duty in pack.named():
        if named.rule == rule_id:
            yield named, RuleClause(source=pack.source_of(duty), clause=duty.clause, quote=duty.quote, status="seed")


def _clauses(rule: Rule, packs: Sequence[Pack]) -> Iterator[RuleClause]:
    """National clauses first, then those of the site's packs. Another place's plan is cited under `core` alone, where nothing national is."""
    national = [clause for clause in rule.clauses if is_national(clause.source)]
    yield from national
    told = {(clause.source, clause.clause) for clause in national}
    for pack in packs:
        own = [clause for clause in rule.clauses if clause.citable and pack.owns(clause.source)]
        named = () if own and pack.document is None else (clause for _, clause in _naming(pack, rule.id))
        for clause in (*own, *named):
            if (clause.source, clause.clause) not in told:
                told.add((clause.source, clause.clause))
                yield clause
    if any(pack.every_rule for pack in packs) and not any(clause.citable for clause in national):
        yield from (clause for clause in rule.clauses if (clause.source, clause.clause) not in told)


def _since(rule: Rule, packs: Sequence[Pack], clauses: Sequence[RuleClause]) -> Mapping[str, Any]:
    """A duty that only the site's own documents ask for begins with the first of them."""
    if _DUTY_SINCE not in rule.params or any(pack.every_rule for pack in packs):
        return {}
    if any(clause.citable and is_national(clause.source) for clause in clauses):
        return {}
    begun = [pack.since for pack in packs if pack.since is not None and rule.id in pack.rules]
    return {_DUTY_SINCE: max(rule.params[_DUTY_SINCE], min(begun))} if begun else {}
