"""The first tables: cases, stage results, steps, progress, stops, leases, buckets."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "cases",
        sa.Column("handle", sa.String(12), primary_key=True),
        sa.Column("opened", sa.String(32), nullable=False, index=True),
        sa.Column("idempotency_key", sa.String(255), unique=True),
        sa.Column("request_sha256", sa.String(64), nullable=False),
        sa.Column("body", sa.Text, nullable=False),
    )
    for table, key in (("results", sa.String(32)), ("steps", sa.String(16)), ("progress", sa.Integer)):
        column = {"results": "name", "steps": "step", "progress": "number"}[table]
        op.create_table(
            table,
            sa.Column("handle", sa.String(12), primary_key=True),
            sa.Column(column, key, primary_key=True),
            sa.Column("body", sa.Text, nullable=False),
        )
    op.create_table("stops", sa.Column("handle", sa.String(12), primary_key=True))
    op.create_table(
        "leases",
        sa.Column("handle", sa.String(12), primary_key=True),
        sa.Column("owner", sa.String(64), nullable=False),
        sa.Column("expires", sa.Float, nullable=False),
    )
    op.create_table(
        "buckets",
        sa.Column("name", sa.String(255), primary_key=True),
        sa.Column("next_at", sa.Float, nullable=False),
    )
