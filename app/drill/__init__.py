"""Interview drills: a timed round, its questions, its report. No interface.

Promise: what was answered is in the store before anything is told; a round is what its steps say.
Must not import textual or sqlalchemy.
"""
