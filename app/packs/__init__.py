"""Packs of other people: fetched, installed, updated and removed.

Promise: whatever is interrupted, a pack is there whole, in its old or in its new version. No
interface, no wording. Must not touch what was not installed from here.
"""
