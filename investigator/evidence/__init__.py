"""The evidence store: readers of every wrapping of CloudTrail, immutable Parquet parts, a manifest, and one engine."""
