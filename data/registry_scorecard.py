"""The registry's block `scorecard`: how the weekly scorecard is made."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class ScorecardOptions(BaseModel):
    """How the weekly scorecard is made. scheme: the name of a scheme that comes with the product, or a .yml file beside the registry;
    template: an own .docx for the notice."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    scheme: str = "default"
    template: str | None = None
