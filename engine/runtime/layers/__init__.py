"""Layers by PyTorch's names, argument names and order; each file enters one subject."""
