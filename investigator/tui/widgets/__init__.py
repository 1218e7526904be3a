"""Widgets that show one thing; what they show is Content of `inert`, never text from data."""
