"""The use cases, no interface: what to study next, judging, rating, scheduling.

Promise: blocking calls, plain data in and out, time and randomness passed in. Must not import
textual or sqlalchemy.
"""
