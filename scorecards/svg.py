"""Charts as inline SVG: no script, no file, no network; their words are text in the reader's own fonts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from scorecards.model import RuleStat, TrendPoint
from scorecards.week import run_of_weeks
from scorecards.wording import points, score

_WIDTH = 720
_COLOURS = ("#2f5d8a", "#b5622b", "#4d7c57", "#7a5a93")
_RED, _ORANGE, _GREY = "#b3261e", "#e0a458", "#c3c7cc"


@dataclass(frozen=True, slots=True)
class Segment:
    value: float
    colour: str
    name: str


def _text(x: float, y: float, text: str, anchor: str = "start", css: str = "lab") -> Markup:
    return Markup('<text class="{}" x="{:.1f}" y="{:.1f}" text-anchor="{}">{}</text>').format(css, x, y, anchor, text)


def _frame(height: float, name: str, parts: Sequence[Markup]) -> Markup:
    head = Markup('<svg class="chart" viewBox="0 0 {} {:.0f}" role="img" aria-label="{}">').format(_WIDTH, height, name)
    return head + Markup("").join(parts) + Markup("</svg>")


def _shorten(text: str, limit: int = 16) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"


def rule_bars(rules: Sequence[RuleStat], most: int = 15) -> Markup:
    """Stacked bars of the rules with most confirmed problems: confirmed, to be verified, not observed."""
    shown = [rule for rule in rules if rule.confirmed or rule.suspected or rule.inconclusive]
    shown = sorted(shown, key=lambda rule: (-rule.confirmed, -rule.suspected, -rule.inconclusive, rule.rule))[:most]
    if not shown:
        return Markup("")
    largest = max(rule.confirmed + rule.suspected + rule.inconclusive for rule in shown)
    left, step, scale = 250, 26, (_WIDTH - 250 - 60) / largest
    parts: list[Markup] = []
    for index, rule in enumerate(shown):
        y, x = index * step + 4, float(left)
        parts.append(_text(left - 8, y + 14, _shorten(rule.title), "end"))
        segments = (
            Segment(rule.confirmed, _RED, "确认问题"), Segment(rule.suspected, _ORANGE, "待核实"), Segment(rule.inconclusive, _GREY, "未能观测")
        )  # fmt: skip
        for segment in segments:
            width = segment.value * scale
            if segment.value:
                parts.append(
                    Markup('<rect x="{:.1f}" y="{}" width="{:.1f}" height="18" fill="{}"><title>{}</title></rect>').format(
                        x, y, width, segment.colour, f"{rule.title} {segment.name} {segment.value:g}"
                    )
                )
            x += width
        parts.append(_text(x + 6, y + 14, f"{rule.confirmed}/{rule.suspected}/{rule.inconclusive}", css="num"))
    y = len(shown) * step + 22
    for index, (name, colour) in enumerate((("确认问题", _RED), ("待核实", _ORANGE), ("未能观测", _GREY))):
        x = left + index * 110
        parts += [Markup('<rect x="{}" y="{}" width="12" height="12" fill="{}"/>').format(x, y - 11, colour), _text(x + 17, y, name)]
    return _frame(y + 8, "各指标问题数", parts)


def trend_lines(trend: Sequence[TrendPoint], names: dict[str, str], most: int = 13) -> Markup:
    """Mean score by week, one line a peer group; weeks without figures leave a gap. Empty where fewer than two weeks have any."""
    if len({point.week for point in trend if point.mean is not None}) < 2:
        return Markup("")
    weeks = run_of_weeks(trend[0].week, trend[-1].week, most)
    left, right, top, bottom = 44, 130, 12, 190
    wide = (_WIDTH - left - right) / (len(weeks) - 1)
    xs = {week: left + index * wide for index, week in enumerate(weeks)}
    parts: list[Markup] = []
    for mark in (0, 20, 40, 60, 80, 100):
        y = bottom - mark / 100 * (bottom - top)
        parts += [Markup('<line class="grid" x1="{}" y1="{:.1f}" x2="{}" y2="{:.1f}"/>').format(left, y, _WIDTH - right, y)]
        parts.append(_text(left - 6, y + 4, str(mark), "end", "num"))
    every = -(-len(weeks) // 7)
    parts += [_text(xs[week], bottom + 18, week[5:], "middle", "num") for week in weeks[::-every][::-1]]
    ends: list[float] = []
    for index, (peer, name) in enumerate(names.items()):
        mine = [point for point in trend if point.peer_group == peer and point.week in xs]
        parts += _line(mine, weeks, xs, _COLOURS[index % len(_COLOURS)], top, bottom)
        known = [point for point in mine if point.mean is not None]
        if known and known[-1].mean is not None:
            y = bottom - known[-1].mean / 100 * (bottom - top) + 4
            while any(abs(y - other) < 14 for other in ends):
                y += 14
            ends.append(y)
            colour = _COLOURS[index % len(_COLOURS)]
            parts.append(
                Markup('<text class="lab" x="{}" y="{:.1f}" fill="{}">{} {}</text>').format(
                    _WIDTH - right + 8, y, colour, name, score(known[-1].mean)
                )
            )
    return _frame(max([bottom + 28, *(y + 6 for y in ends)]), "平均得分走势", parts)


def _line(mine: Sequence[TrendPoint], weeks: Sequence[str], xs: dict[str, float], colour: str, top: float, bottom: float) -> list[Markup]:
    means = {point.week: point.mean for point in mine}
    runs: list[list[tuple[float, float]]] = [[]]
    for week in weeks:
        mean = means.get(week)
        if mean is None:
            runs.append([])
        else:
            runs[-1].append((xs[week], bottom - mean / 100 * (bottom - top)))
    parts: list[Markup] = []
    for run in runs:
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in run)
        if len(run) > 1:
            parts.append(Markup('<polyline points="{}" fill="none" stroke="{}" stroke-width="2"/>').format(path, colour))
        parts += [Markup('<circle cx="{:.1f}" cy="{:.1f}" r="3" fill="{}"/>').format(x, y, colour) for x, y in run]
    return parts


def score_bar(value: float | None, colour: str, label: str) -> Markup:
    """A thin bar from 0 to 100 for a table row; an empty track where there is no score."""
    bar = Markup("") if value is None else Markup('<rect width="{:.1f}" height="10" rx="2" fill="{}"/>').format(value, colour)
    track = Markup('<rect width="100" height="10" rx="2" fill="#e8eaed"/>')
    return (
        Markup('<svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" role="img" aria-label="{}">').format(label)
        + track
        + bar
        + Markup("</svg>")
    )


def meter(used: float | None, limit: float, label: str) -> Markup:
    """How much of a veto's limit is used up."""
    if used is None:
        return score_bar(None, _GREY, escape(label))
    share = min(used / limit, 1.0)
    return score_bar(
        share * 100, _RED if share >= 1 else _ORANGE if share >= 0.6 else _COLOURS[2], f"{label} {points(used)}/{points(limit)}"
    )
