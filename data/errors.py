"""The project's own errors. Every message says what was expected, what was found, and the mend."""

from __future__ import annotations


class GongkaiError(Exception):
    """Any error that a user can mend; shown as one line, never as a traceback."""


class ConfigurationError(GongkaiError):
    """Wrong usage or configuration: exit status 2."""


class RegistryError(ConfigurationError):
    """The registry file is not valid."""


class CatalogueError(ConfigurationError):
    """A catalogue entry is not valid."""


class DatabaseError(ConfigurationError):
    """The database is of an unknown schema version, or cannot be opened."""


class InputError(ConfigurationError):
    """A given file is not what the command reads."""


class FindingStateError(ConfigurationError):
    """The finding's state does not allow what was asked."""
