"""Steps: their inputs, sources, quote and coverage, and the leads that make more of them."""
