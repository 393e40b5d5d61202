"""The terminal interface; the only rooms that import textual."""
