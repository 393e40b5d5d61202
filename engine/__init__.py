"""What is true: the expression language, measuring, and judging answers.

Promise: plain frozen data in, plain frozen data out; nothing outside `engine.runtime` imports
torch. Must not know of packs, learners or screens.
"""
