"""Which items a new day changes: those buried until it, which still sleep in the file.

Promise: plain SQL without an ORM, so that a glance and the store ask the very same.
"""

OVERSLEPT = """SELECT s.item FROM standing s JOIN item i ON i.key = s.item AND i.present = 1
    LEFT JOIN memory m ON m.learner = s.learner AND m.item = s.item
    WHERE s.learner = :learner AND s.buried_until > 0 AND s.suspended = 0
    AND coalesce(m.active, EXISTS (SELECT 1 FROM fresh f WHERE f.item = s.item
        AND f.learner = s.learner)) <> (s.buried_until <= :day)"""
"""Items that take part although buried, or do not although their day has come."""
