"""The columns of a part, in order; a new column is added at the end and raises `SCHEMA`."""

from investigator.domain.columns import JSON_COLUMNS
from investigator.domain.search import COLUMNS

SCHEMA = 1
"""Raised when parts hold something new; older parts stay readable."""

ROW_GROUP = 10_000
RARE_GROUP = 2_000
PLACE_COLUMNS = ("src_file", "src_row", "src_offset", "src_length")
"""SHA-256 of the file, row in it from 0, and where the row's bytes stand in the unpacked file."""

PART_COLUMNS = (*COLUMNS, *JSON_COLUMNS, *PLACE_COLUMNS, "kind")
"""`kind` is what coverage calls the kind of events: management, data:s3, insight, network."""
