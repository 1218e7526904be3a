"""The tables of the case database; `migrations/` creates them."""

from sqlalchemy import Column, Float, Integer, MetaData, String, Table, Text

HEAD = "0002"
"""The newest migration."""

metadata = MetaData()

cases = Table(
    "cases",
    metadata,
    Column("handle", String(12), primary_key=True),
    Column("opened", String(32), nullable=False, index=True),
    Column("idempotency_key", String(255), unique=True),
    Column("request_sha256", String(64), nullable=False),
    Column("body", Text, nullable=False),
)
keys = Table(
    "keys",
    metadata,
    Column("key", String(255), primary_key=True),
    Column("handle", String(12), nullable=False),
    Column("request_sha256", String(64), nullable=False),
)
"""What leads to a case that it did not open first: later idempotency keys, and the key of its alert."""
results = Table(
    "results",
    metadata,
    Column("handle", String(12), primary_key=True),
    Column("name", String(32), primary_key=True),
    Column("body", Text, nullable=False),
)
steps = Table(
    "steps",
    metadata,
    Column("handle", String(12), primary_key=True),
    Column("step", String(16), primary_key=True),
    Column("body", Text, nullable=False),
)
lines = Table(
    "progress",
    metadata,
    Column("handle", String(12), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("body", Text, nullable=False),
)
stops = Table("stops", metadata, Column("handle", String(12), primary_key=True))
leases = Table(
    "leases",
    metadata,
    Column("handle", String(12), primary_key=True),
    Column("owner", String(64), nullable=False),
    Column("expires", Float, nullable=False),
)
buckets = Table(
    "buckets",
    metadata,
    Column("name", String(255), primary_key=True),
    Column("next_at", Float, nullable=False),
)
