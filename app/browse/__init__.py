"""Browsing and searching: every item with its texts, notes and history.

Promise: read-only; what is found is the same on a screen and in a pipe. Must not know screens and
must not change progress.
"""
