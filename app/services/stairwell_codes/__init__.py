"""Stairwell codes: their images, replacing one, the sheets to print, and the file WeChat checks links by."""

from app.services.stairwell_codes.check_file import read_check_file
from app.services.stairwell_codes.images import Code, code_of_place
from app.services.stairwell_codes.replacing import replace_code, require_may_replace
from app.services.stairwell_codes.sheets import count_sheets, draw_sheets, require_may_print

__all__ = [
    "Code",
    "code_of_place",
    "count_sheets",
    "draw_sheets",
    "read_check_file",
    "replace_code",
    "require_may_print",
    "require_may_replace",
]
