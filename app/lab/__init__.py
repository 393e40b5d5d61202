"""The lab: a calculator for the language, as use cases without an interface.

Promise: everything a person types is read, kept and completed here, the same for the screen and
for plain lines. Must not import textual or torch, must not talk to the engine itself: a session
hands out jobs and is told their outcomes.
"""
