"""The app without screens: for pipes, screen readers and terminals that can do no more.

Promise: everything goes to one text stream, one thing a line, with the abilities of the screens
and through the same use cases. Must not import textual.
"""
