"""Pictures of measured values, drawn in terminal cells.

Promise: the names exported here are the whole interface; importing them loads no library. Must
not know screens or colours.
"""

from content.text.pictures.calendar import Calendar, draw_calendar
from content.text.pictures.columns import Columns, draw_columns
from content.text.pictures.draw import draw_picture, height_of
from content.text.pictures.meters import Meters, draw_meters
from content.text.pictures.runs import labels_of, picture_of, runs_in
from content.text.pictures.telling import described

__all__ = [
    "Calendar",
    "Columns",
    "Meters",
    "described",
    "draw_calendar",
    "draw_columns",
    "draw_meters",
    "draw_picture",
    "height_of",
    "labels_of",
    "picture_of",
    "runs_in",
]
