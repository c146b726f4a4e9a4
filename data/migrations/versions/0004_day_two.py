"""Day two: what each address last was, where the archive holds it, what a list's ends were"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "copies",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("site", sa.String(length=120), nullable=False),
        sa.Column("url_hash", sa.LargeBinary(length=16), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("etag", sa.Text(), nullable=True),
        sa.Column("last_modified", sa.Text(), nullable=True),
        sa.Column("reader", sa.String(length=32), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["site"], ["sites.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("site", "url_hash"),
    )
    op.create_table(
        "bodies",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("site", sa.String(length=120), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("record", _KEY, nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["site"], ["sites.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("site", "sha256"),
    )
    op.add_column("crawls", sa.Column("archive", sa.Text(), nullable=True))
    op.add_column("fetches", sa.Column("record", _KEY, nullable=True))
    op.add_column("page_versions", sa.Column("latest_sha256", sa.String(length=64), nullable=True))
    op.add_column("column_visits", sa.Column("linked_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("walks", sa.Column("whole_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("walks", sa.Column("first_rows", sa.LargeBinary(length=16), nullable=True))
    op.add_column("walks", sa.Column("last_rows", sa.LargeBinary(length=16), nullable=True))
    op.add_column("walks", sa.Column("last_url", sa.Text(), nullable=True))


def downgrade() -> None:
    for table, column in (
        ("walks", "last_url"), ("walks", "last_rows"), ("walks", "first_rows"), ("walks", "whole_at"), ("column_visits", "linked_at"),
        ("page_versions", "latest_sha256"), ("fetches", "record"), ("crawls", "archive"),
    ):  # fmt: skip
        op.drop_column(table, column)
    op.drop_table("bodies")
    op.drop_table("copies")
