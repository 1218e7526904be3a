"""The course of one case: what a run works with, which stage is next, and where the case stands."""
