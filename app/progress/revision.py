"""Which schema this program reads and writes. Imports nothing, so that a glance can know it."""

HEAD = "0003"
"""The newest revision; a test holds it to the migrations."""

OLDER = frozenset({"0001", "0002"})
"""Revisions that can be migrated to `HEAD`."""
