"""Alerts of every form, read alike whether they open a case or stand in an answer of AWS (specification 9.3)."""
