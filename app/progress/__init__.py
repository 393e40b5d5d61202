"""The learner's log and what is derived from it; the only rooms that import sqlalchemy.

Promise: events are never updated or deleted; one transaction per answer. Must not schedule.
"""
