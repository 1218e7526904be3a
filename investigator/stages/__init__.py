"""How an investigation thinks: eight stages, functions of domain values and ports."""
