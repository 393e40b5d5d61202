"""Pictures of measured values, drawn in terminal cells.

Promise: `draw_picture` and `described` are the whole interface; importing it loads no drawing
library. Must not know screens or colours.
"""

from content.text.pictures.draw import draw_picture

__all__ = ["draw_picture"]
