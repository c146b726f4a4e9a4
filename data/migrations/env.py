"""Alembic runs inside the connection that data/database.py opened."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext

from data.models import Base, Instant


def plain_types(kind: str, obj: Any, _context: AutogenContext) -> str | Literal[False]:
    """Write our own types as what they are in the database: a migration must outlive today's models."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(obj, Instant) else False


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    render_item=plain_types,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
