"""Alerts of every form that opens a case."""
