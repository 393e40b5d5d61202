"""Progress in and out: exports, backups, restoring, merging. Use cases without an interface.

Promise: whatever goes wrong, the progress file is as it was or as it was to be, and a copy was made
before anything is written. Must not import sqlalchemy or textual.
"""
