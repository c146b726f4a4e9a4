"""A scorecard as JSON: every field in the order of the model, plain values, never NaN."""

from __future__ import annotations

import json

from data.wire import to_wire
from scorecards.model import Scorecard


def scorecard_json(card: Scorecard) -> str:
    """The whole scorecard as JSON text; the same scorecard gives the same bytes."""
    return json.dumps(to_wire(card), ensure_ascii=False, allow_nan=False) + "\n"
