"""Networks that can be called by name; each file enters one family."""
