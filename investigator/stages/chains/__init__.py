"""The linking rules of specification 9.6, one record or one session at a time."""
