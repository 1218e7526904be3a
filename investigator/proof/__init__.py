"""Claims evaluated against the original records, by code that shares nothing with the ingest."""
