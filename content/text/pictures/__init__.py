"""Pictures of measured values, drawn in terminal cells.

Promise: `draw_picture`, `described` and `picture_of` are the whole interface; importing them
loads no library. Must not know screens or colours.
"""

from content.text.pictures.draw import draw_picture
from content.text.pictures.runs import picture_of
from content.text.pictures.telling import described

__all__ = ["described", "draw_picture", "picture_of"]
