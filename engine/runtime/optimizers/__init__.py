"""Optimizers and schedules of learning rates, stepped for real, and the surfaces they walk on."""
