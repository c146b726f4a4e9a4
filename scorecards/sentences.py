"""The comparison sentences a clerk would write, each built from figures that stand in the scorecard."""

from __future__ import annotations

from collections.abc import Sequence

from scorecards.model import Figure, PeerGroup, RuleStat, Sentence, SiteCard, Standing, Totals
from scorecards.scheme import Scheme
from scorecards.wording import score

_NAMED = 8  # units named in one sentence; the rest is counted


def sentences(
    totals: Totals, groups: Sequence[PeerGroup], cards: Sequence[SiteCard], rules: Sequence[RuleStat], scheme: Scheme
) -> tuple[Sentence, ...]:
    """Sentences in the order of a notice; what has no figures has no sentence."""
    made = [_overall(totals), *(_group(group) for group in groups), *_changes(cards, scheme), *_below(cards, scheme)]
    made += [*_worst_rules(rules), *_silent(cards), *_rectification(totals), *_sight(totals, cards)]
    return tuple(made)


def _named(cards: Sequence[SiteCard]) -> str:
    names = "、".join(card.name for card in cards[:_NAMED])
    return names if len(cards) <= _NAMED else f"{names}等 {len(cards)} 家单位"


def _overall(totals: Totals) -> Sentence:
    text = f"本周共监测 {totals.units} 家单位，其中评级 {totals.graded} 家"
    if totals.vetoed:
        text += f"，单项否决 {totals.vetoed} 家"
    if totals.ungraded:
        text += f"，因数据不足未评级 {totals.ungraded} 家"
    text += f"；确认问题 {totals.violations} 处，待核实 {totals.pending} 处。"
    figures = (("units", totals.units), ("graded", totals.graded), ("vetoed", totals.vetoed), ("ungraded", totals.ungraded))
    return Sentence(text, tuple(Figure(*pair) for pair in (*figures, ("violations", totals.violations), ("pending", totals.pending))), ())


def _group(group: PeerGroup) -> Sentence:
    if group.mean is None or group.highest is None or group.lowest is None:
        return Sentence(f"{group.name}共 {group.units} 家，本周均未形成得分。", (Figure("units", group.units),), group.ranking)
    figures = [Figure("units", group.units), Figure("graded", group.graded), Figure("mean", group.mean)]
    text = f"{group.name}共 {group.units} 家，形成得分 {group.graded} 家，平均 {score(group.mean)} 分"
    if group.graded > 1:
        text += f"，最高 {score(group.highest)} 分，最低 {score(group.lowest)} 分"
        figures += [Figure("highest", group.highest), Figure("lowest", group.lowest)]
    if group.mean_change is not None:
        gap = group.mean_change
        text += f"，较上周{_moved(gap)}"
        if group.compared < group.graded:
            text += f"（按两周均有得分的 {group.compared} 家比较）"
        figures += [Figure("mean_change", gap), Figure("compared", group.compared)]
    if group.quarter_change is not None:
        text += f"，较上季末{_moved(group.quarter_change)}"
        if group.quarter_compared < group.graded:
            text += f"（按均有得分的 {group.quarter_compared} 家比较）"
        figures += [Figure("quarter_change", group.quarter_change), Figure("quarter_compared", group.quarter_compared)]
    return Sentence(text + "。", tuple(figures), group.ranking)


def _moved(gap: float) -> str:
    return "持平" if gap == 0 else f"提升 {gap:.1f} 分" if gap > 0 else f"下降 {-gap:.1f} 分"


def _changes(cards: Sequence[SiteCard], scheme: Scheme) -> list[Sentence]:
    moved = [(card, card.change.score) for card in cards if card.change is not None and card.change.score is not None]
    made = []
    for word, sign in (("成绩提升明显的有", 1), ("成绩下降较多的有", -1)):
        chosen = sorted(
            (pair for pair in moved if pair[1] * sign >= scheme.notable_change), key=lambda pair: (-pair[1] * sign, pair[0].site)
        )
        if chosen:
            parts = "、".join(f"{card.name}（{change:+.1f} 分）" for card, change in chosen[:_NAMED])
            tail = f"等 {len(chosen)} 家单位" if len(chosen) > _NAMED else ""
            figures = tuple(Figure(card.site, change) for card, change in chosen)
            made.append(Sentence(f"与上周相比，{word}：{parts}{tail}。", figures, tuple(card.site for card, _ in chosen)))
    return made


def _below(cards: Sequence[SiteCard], scheme: Scheme) -> list[Sentence]:
    made = []
    vetoed = [card for card in cards if card.standing is Standing.VETOED]
    if vetoed:
        text = f"触及单项否决指标的有：{_named(vetoed)}。"
        made.append(Sentence(text, (Figure("vetoed", len(vetoed)),), tuple(card.site for card in vetoed)))
    low = [card for card in cards if card.standing is Standing.GRADED and card.grade == scheme.veto_grade]
    if low:
        text = f"得分未达及格线的有：{_named(low)}。"
        made.append(Sentence(text, tuple(Figure(card.site, card.score or 0.0) for card in low), tuple(card.site for card in low)))
    again = [card for card in cards if card.weeks_below >= 2]
    if again:
        parts = "、".join(f"{card.name}（连续 {card.weeks_below} 周）" for card in again[:_NAMED])
        tail = f"等 {len(again)} 家单位" if len(again) > _NAMED else ""
        figures = tuple(Figure(card.site, card.weeks_below) for card in again)
        made.append(Sentence(f"连续不合格的有：{parts}{tail}。", figures, tuple(card.site for card in again)))
    return made


def _worst_rules(rules: Sequence[RuleStat]) -> list[Sentence]:
    worst = sorted((rule for rule in rules if rule.confirmed), key=lambda rule: (-rule.sites_failed, -rule.confirmed, rule.rule))[:3]
    if not worst:
        return []
    parts = "；".join(f"“{rule.title}”涉及 {rule.sites_failed} 家单位、{rule.confirmed} 处" for rule in worst)
    return [Sentence(f"问题较为集中的指标：{parts}。", tuple(Figure(rule.rule, rule.confirmed) for rule in worst), ())]


def _silent(cards: Sequence[SiteCard]) -> list[Sentence]:
    seen = [(card, card.facts) for card in cards if card.facts is not None and card.standing in (Standing.GRADED, Standing.VETOED)]
    made = []
    for span, silent in (
        ("本周", [card for card, facts in seen if facts.new_documents_week == 0]),
        ("本月以来", [card for card, facts in seen if facts.documents_month == 0]),
    ):
        if silent:
            text = f"{span}未见新发布信息的有：{_named(silent)}。"
            made.append(Sentence(text, (Figure("units", len(silent)),), tuple(card.site for card in silent)))
    return made


def _sight(totals: Totals, cards: Sequence[SiteCard]) -> list[Sentence]:
    """What the week's figures do not cover, so that a blank is not read as a pass."""
    if totals.coverage is None:
        return []
    blank = [card for card in cards if card.grade is None]
    text = f"本周应核查分值的可判定覆盖率为 {totals.coverage:.1f}%，未能观测的事项不扣分，也不视为合格"
    text += f"；因数据不足未评级的有：{_named(blank)}。" if blank else "。"
    figures = (Figure("coverage", totals.coverage), Figure("ungraded", len(blank)))
    return [Sentence(text, figures, tuple(card.site for card in blank))]


def _rectification(totals: Totals) -> list[Sentence]:
    if not (totals.open_findings or totals.mended_week):
        return []
    text = f"整改方面，本周复查整改到位 {totals.mended_week} 项，尚待整改 {totals.open_findings} 项，其中超过整改期限 {totals.overdue_findings} 项。"
    figures = (("mended_week", totals.mended_week), ("open_findings", totals.open_findings), ("overdue_findings", totals.overdue_findings))
    return [Sentence(text, tuple(Figure(*pair) for pair in figures), ())]
