"""What is studied: packs, their text and the checks that prove them.

Promise: a pack is data; nothing in it runs except through the engine's expression language.
Must not know of progress or screens.
"""
