"""One module per family of commands: parse, delegate, print.

Each has `add_parser(subparsers, say)`, which sets `run` on the parsed options: a function from
options to exit code. Heavy imports stand inside those functions.
"""
