"""Charts as PNG, for those who paste them into a letter. Only where a Chinese font is installed: no picture is better than tofu."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from matplotlib import font_manager
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.ticker import MaxNLocator

from scorecards import tables
from scorecards.model import Scorecard
from scorecards.week import run_of_weeks
from scorecards.wording import PEER_GROUPS, week_zh

_PREFERRED = (
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "Noto Sans CJK JP",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "SimHei",
    "Microsoft YaHei",
)
_NEEDED = "政务公开扣分评级整改单项否决镇"
_MOST = 40  # bars in one picture
_WEEKS = 13
_METADATA = {"Software": None}  # the same figures give the same bytes
_COLOURS = ("#2f5d8a", "#b5622b", "#4d7c57")


@cache
def cjk_font() -> Path | None:
    """A font file that has the Chinese characters the charts write; None where none is installed."""
    entries = sorted(font_manager.fontManager.ttflist, key=lambda entry: (entry.weight != 400, entry.fname))
    by_name = [entry.fname for name in _PREFERRED for entry in entries if entry.name == name]
    for file in dict.fromkeys((*by_name, *(entry.fname for entry in entries))):
        if _has_glyphs(file):
            return Path(file)
    return None


def _has_glyphs(file: str) -> bool:
    try:
        characters = font_manager.get_font(file).get_charmap()
    except (OSError, RuntimeError):  # a broken or vanished font file is no font
        return False
    return all(ord(character) in characters for character in _NEEDED)


def write_charts(card: Scorecard, folder: Path, stem: str) -> tuple[Path, ...]:
    """Write scores, problems by rule and trend, each where it has figures. Nothing where there is no Chinese font."""
    font = cjk_font()
    if font is None:
        return ()
    properties = FontProperties(fname=str(font))
    drawn = (("scores", _scores(card, properties)), ("rules", _rules(card, properties)), ("trend", _trend(card, properties)))
    paths = []
    for name, figure in drawn:
        if figure is not None:
            path = folder / f"{stem}-{name}.png"
            figure.savefig(path, dpi=130, metadata=_METADATA)
            paths.append(path)
    return tuple(paths)


def _figure(height: float) -> Figure:
    return Figure(figsize=(9, height), layout="constrained")


def _scores(card: Scorecard, font: FontProperties) -> Figure | None:
    sites = [site for site in tables.ranked(card) if site.score is not None][:_MOST]
    if not sites:
        return None
    figure = _figure(1.2 + 0.34 * len(sites))
    axes = figure.add_subplot()
    peers = [profile.value for profile in PEER_GROUPS]
    values = [site.score or 0.0 for site in sites]
    bars = axes.barh(range(len(sites)), values, color=[_COLOURS[peers.index(site.peer_group)] for site in sites])
    axes.bar_label(bars, labels=[f"{value:.1f}" for value in values], padding=3, fontproperties=font)
    axes.set_yticks(range(len(sites)), [_plain(site.name, 18) for site in sites], fontproperties=font)
    axes.invert_yaxis()
    axes.set_xlim(0, 108)
    left_out = len(card.sites) - len(sites)
    tail = f"（另有 {left_out} 家未评级、单项否决或未列出）" if left_out else ""
    axes.set_title(f"{week_zh(card.week)}各单位得分{tail}", fontproperties=font)
    return figure


def _rules(card: Scorecard, font: FontProperties) -> Figure | None:
    rules = sorted(
        (rule for rule in card.rules if rule.confirmed or rule.suspected), key=lambda rule: (-rule.confirmed, -rule.suspected, rule.rule)
    )
    rules = rules[:_MOST]
    if not rules:
        return None
    figure = _figure(1.4 + 0.36 * len(rules))
    axes = figure.add_subplot()
    confirmed = [rule.confirmed for rule in rules]
    axes.barh(range(len(rules)), confirmed, color="#b3261e", label="确认问题")
    axes.barh(range(len(rules)), [rule.suspected for rule in rules], left=confirmed, color="#e0a458", label="待核实")
    axes.set_yticks(range(len(rules)), [_plain(rule.title, 22) for rule in rules], fontproperties=font)
    axes.invert_yaxis()
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.legend(prop=font)
    axes.set_title(f"{week_zh(card.week)}各指标问题数", fontproperties=font)
    return figure


def _trend(card: Scorecard, font: FontProperties) -> Figure | None:
    if len({point.week for point in card.trend if point.mean is not None}) < 2:
        return None
    weeks = run_of_weeks(card.trend[0].week, card.trend[-1].week, _WEEKS)
    figure = _figure(3.6)
    axes = figure.add_subplot()
    for colour, group in zip(_COLOURS, card.groups, strict=False):
        means = {point.week: point.mean for point in card.trend if point.peer_group == group.id}
        axes.plot(range(len(weeks)), _gaps(means, weeks), marker="o", color=colour, label=group.name)
    axes.set_xticks(range(len(weeks)), weeks, rotation=30, fontproperties=font)
    axes.set_ylim(0, 102)
    axes.legend(prop=font)
    axes.set_title("平均得分走势", fontproperties=font)
    return figure


def _gaps(means: dict[str, float | None], weeks: Sequence[str]) -> list[float]:
    """Means by week; NaN breaks the line where a week has none."""
    found = [means.get(week) for week in weeks]
    return [float("nan") if mean is None else mean for mean in found]


def _plain(text: str, limit: int) -> str:
    """Text that matplotlib takes for text: a dollar sign would start mathematics."""
    short = text if len(text) <= limit else text[: limit - 1] + "…"
    return short.replace("$", r"\$")
