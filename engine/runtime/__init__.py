"""The only rooms that import torch, and only ever inside a worker process."""
