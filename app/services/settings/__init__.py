"""An office's own time limits, holidays, working hours and the like: read and changed."""

from app.services.settings.change import change_settings, change_without_impact
from app.services.settings.checks import (
    check_calendar,
    check_categories,
    check_frames,
    check_titles,
    check_weights,
)
from app.services.settings.robots import robot_owner
from app.services.settings.scope import Office, settings_scope
from app.services.settings.serializers import (
    calendar_settings,
    category_settings,
    frame_settings,
    opinion_settings,
    point_settings,
    title_settings,
    weight_settings,
)
from app.services.settings.state import read_settings

__all__ = [
    "Office",
    "calendar_settings",
    "category_settings",
    "change_settings",
    "change_without_impact",
    "check_calendar",
    "check_categories",
    "check_frames",
    "check_titles",
    "check_weights",
    "frame_settings",
    "opinion_settings",
    "point_settings",
    "read_settings",
    "robot_owner",
    "settings_scope",
    "title_settings",
    "weight_settings",
]
