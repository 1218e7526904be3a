"""Detection rules in Sigma form, compiled to DuckDB predicates, and sequences over many events."""
