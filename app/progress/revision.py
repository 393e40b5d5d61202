"""Which schema this program reads and writes. Imports nothing, so that a glance can know it."""

HEAD = "0004"
"""The newest revision; a test holds it to the migrations."""

OLDER = frozenset({"0001", "0002", "0003"})
"""Revisions that can be migrated to `HEAD`."""
