"""Functions of tensors; each file enters one subject."""
