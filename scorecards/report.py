"""All forms of a week's scorecard, written to one folder."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from pathlib import Path

from scorecards.charts import write_charts
from scorecards.docx import TEMPLATE, write_docx
from scorecards.html import write_html
from scorecards.model import Scorecard
from scorecards.unit import unit_card
from scorecards.wire import scorecard_json
from scorecards.xlsx import write_xlsx

logger = logging.getLogger(__name__)


def write_all(scorecard: Scorecard, out_dir: Path, template: Path | None = None) -> tuple[Path, ...]:
    """Write .xlsx, .docx, .html and .json, and PNG charts where a Chinese font is installed.

    `template` is an own .docx for the notice. Gives the paths in that order. The charts of the page and of the workbook need no font here.
    """
    out_dir.mkdir(parents=True, exist_ok=True)
    stem = f"scorecard-{scorecard.week}"
    charts = write_charts(scorecard, out_dir, stem)
    if not charts:
        logger.warning("no PNG charts written: no installed font has Chinese characters (install fonts-noto-cjk), or there are no figures")
    scores = next((path for path in charts if path.name.endswith("-scores.png")), None)
    json_path = out_dir / f"{stem}.json"
    json_path.write_text(scorecard_json(scorecard), encoding="utf-8", newline="\n")
    return (
        write_xlsx(scorecard, out_dir / f"{stem}.xlsx"),
        write_docx(scorecard, out_dir / f"{stem}.docx", scores, template or TEMPLATE),
        write_html(scorecard, out_dir / f"{stem}.html"),
        json_path,
        *charts,
    )


def write_units(scorecard: Scorecard, out_dir: Path) -> Mapping[str, tuple[Path, ...]]:
    """Write each unit's own workbook and page; gives them by site."""
    out_dir.mkdir(parents=True, exist_ok=True)
    written = {}
    for site in scorecard.sites:
        card, stem = unit_card(scorecard, site), f"{site.site}-{scorecard.week}"
        written[site.site] = (write_xlsx(card, out_dir / f"{stem}.xlsx"), write_html(card, out_dir / f"{stem}.html"))
    return written
