"""Waivers, explanations and appeals; rechecks; an event log that only grows"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_REFUSAL = "finding_events is append-only"


def upgrade() -> None:
    op.add_column("crawls", sa.Column("partial", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        "finding_stays",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("finding_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("coefficient", sa.Float(), nullable=True),
        sa.Column("period_from", sa.Date(), nullable=True),
        sa.Column("period_to", sa.Date(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("end", sa.String(length=20), nullable=True),
        sa.ForeignKeyConstraint(["finding_id"], ["findings.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_finding_stays_finding", "finding_stays", ["finding_id"], unique=False)
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"CREATE FUNCTION gongkai_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '{_REFUSAL}'; END $$"
        )
        op.execute(
            "CREATE TRIGGER finding_events_append_only BEFORE UPDATE OR DELETE ON finding_events"
            " FOR EACH ROW EXECUTE FUNCTION gongkai_refuse_change()"
        )
        return
    for change in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER finding_events_no_{change.lower()} BEFORE {change} ON finding_events"
            f" BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"
        )


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER finding_events_append_only ON finding_events")
        op.execute("DROP FUNCTION gongkai_refuse_change()")
    else:
        for change in ("update", "delete"):
            op.execute(f"DROP TRIGGER finding_events_no_{change}")
    op.drop_index("ix_finding_stays_finding", table_name="finding_stays")
    op.drop_table("finding_stays")
    with op.batch_alter_table("crawls") as batch_op:
        batch_op.drop_column("partial")
