"""An office's own limits, holidays and hours: shown, and changed with what that does to open tickets."""

from app.services.offices.changing import put
from app.services.offices.checks import said_of_calendar, said_of_categories, said_of_frames
from app.services.offices.reading import Standing, standing
from app.services.offices.scope import Office, scope
from app.services.offices.showing import calendar, categories, frames

__all__ = [
    "Office",
    "Standing",
    "calendar",
    "categories",
    "frames",
    "put",
    "said_of_calendar",
    "said_of_categories",
    "said_of_frames",
    "scope",
    "standing",
]
