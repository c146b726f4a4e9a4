"""The channels of a registry, refused before anything is done where one is no Apprise URL."""

from __future__ import annotations

from collections.abc import Iterator

from alerts.send import validate_channel
from data.errors import RegistryError
from data.registry import Registry


def channels(registry: Registry) -> Iterator[tuple[str, str]]:
    """Every channel as the registry writes it, with whose it is."""
    for site in registry.sites:
        for contact in site.administrators:
            for channel in contact.channels:
                yield f"site {site.id}, {contact.role}", channel
    for contact in registry.supervisors:
        for channel in contact.channels:
            yield f"supervisor {contact.role}", channel


def require_channels(registry: Registry) -> None:
    """Raise RegistryError, one line a channel that is no usable Apprise URL. A variable that is not set is not its fault."""
    faults = [f"{whose}: {fault}" for whose, channel in channels(registry) if (fault := validate_channel(channel)) is not None]
    if faults:
        raise RegistryError("\n".join(faults))
