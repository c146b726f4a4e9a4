"""A delivery log, messages in parts, fallback channels, how a channel does; the schedule"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("outbox") as outbox:
        outbox.add_column(sa.Column("parts_done", sa.Integer(), nullable=False, server_default="0"))
        outbox.add_column(sa.Column("uncertain", sa.Integer(), nullable=False, server_default="0"))
        outbox.add_column(sa.Column("fallback_of", _KEY, nullable=True))
        outbox.create_foreign_key("fk_outbox_fallback_of", "outbox", ["fallback_of"], ["id"])
    op.create_table(
        "delivery_events",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("outbox_id", _KEY, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("what", sa.String(length=20), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["outbox_id"], ["outbox.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_delivery_events_outbox", "delivery_events", ["outbox_id"], unique=False)
    op.create_table(
        "channels",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("failing_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("posts", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_table(
        "scheduled_tasks",
        sa.Column("id", sa.String(length=160), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("site", sa.String(length=120), nullable=True),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("running_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "schedule_events",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("what", sa.String(length=20), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("runs", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )


def downgrade() -> None:
    op.drop_table("schedule_events")
    op.drop_table("scheduled_tasks")
    op.drop_table("channels")
    op.drop_index("ix_delivery_events_outbox", table_name="delivery_events")
    op.drop_table("delivery_events")
    with op.batch_alter_table("outbox") as outbox:
        outbox.drop_constraint("fk_outbox_fallback_of", type_="foreignkey")
        outbox.drop_column("fallback_of")
        outbox.drop_column("uncertain")
        outbox.drop_column("parts_done")
