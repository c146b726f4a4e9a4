"""The registry's block `delivery`: how messages travel. Every figure here is a product default."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict, Field


class DeliveryOptions(BaseModel):
    """How messages travel."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    fallback_after_hours: float = Field(default=4, ge=0, le=240)
    per_minute: Mapping[str, int] = Field(default_factory=dict)
    wait_seconds: int = Field(default=90, ge=0, le=3600)
