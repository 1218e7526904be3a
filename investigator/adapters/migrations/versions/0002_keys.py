"""Keys that lead to a case which another request opened: its alert, and later idempotency keys."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "keys",
        sa.Column("key", sa.String(255), primary_key=True),
        sa.Column("handle", sa.String(12), nullable=False),
        sa.Column("request_sha256", sa.String(64), nullable=False),
    )
