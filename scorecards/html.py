"""The page: one self-contained file with its charts and styles inside, for screen and A4 print."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from scorecards import svg, tables, wording
from scorecards.model import Scorecard, SiteCard, Standing

_TEMPLATES = Path(__file__).parent / "templates"
_GRADES = ("#3c7a4b", "#2f5d8a", "#b98a2f", "#b3261e")  # best to worst; further grades share the last but one


def _href(url: str | None) -> str | None:
    """The address, if a click on it can only lead to a web page."""
    if url is None:
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.hostname else None


def _environment() -> Environment:
    env = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    env.filters.update(
        score=wording.score, points=wording.points, percent=wording.percent, signed=wording.signed, signed_score=wording.signed_score, count=wording.count, day=wording.day,
        minute=wording.minute, href=_href, gauge=tables.gauge_text, grade=tables.grade_text, remark=tables.remark, outcome=tables.outcome_text,
        severity=tables.severity_text, monthly=tables.monthly, weekly=tables.weekly, gauge_next=tables.gauge_next,
    )  # fmt: skip
    return env


def _colour(site: SiteCard, grades: tuple[str, ...]) -> str:
    if site.grade is None:
        return "#80868b"
    if site.standing is Standing.VETOED or site.grade == grades[-1]:
        return _GRADES[-1]
    return _GRADES[min(grades.index(site.grade), len(_GRADES) - 2)]


def render_html(card: Scorecard) -> str:
    """The whole page as text; the same scorecard gives the same text."""
    grades = tuple(entry.grade for group in card.groups[:1] for entry in group.grades)
    colours = {site.site: _colour(site, grades) for site in card.sites}
    ranked = tables.ranked(card)
    return (
        _environment()
        .get_template("scorecard.html.j2")
        .render(
            card=card,
            title=tables.report_title(card),
            note=tables.report_note(card),
            sites=ranked,
            by_id={site.site: site for site in card.sites},
            colours=colours,
            peers={group.id: group.name for group in card.groups},
            rule_chart=svg.rule_bars(card.rules),
            trend_chart=svg.trend_lines(card.trend, {group.id: group.name for group in card.groups}),
            bar=svg.score_bar,
            meter=svg.meter,
            ledger=tables.ledger(card.ledger),
            blind=[spot for site in ranked for spot in site.blind_spots],
            pending=[item for site in ranked for item in site.pending],
            due_soon=[item for site in ranked for item in site.due_soon],
        )
    )


def write_html(card: Scorecard, path: Path) -> Path:
    """Write the page."""
    path.write_text(render_html(card), encoding="utf-8", newline="\n")
    return path
