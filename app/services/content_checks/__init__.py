"""Content checks: residents' words and photos are checked before neighbours see them, by WeChat, a list of words or a person."""

from app.services.content_checks.checker import check_due
from app.services.content_checks.gate import (
    description_passed,
    description_seq,
    passed_keys,
    photo_key,
    text_key,
)
from app.services.content_checks.new_checks import RESIDENT_PARTS, build_checks, insert_checks
from app.services.content_checks.photo_links import check_photo_link
from app.services.content_checks.verdicts import store_verdict, sweep_verdicts

__all__ = [
    "RESIDENT_PARTS",
    "build_checks",
    "check_due",
    "check_photo_link",
    "description_passed",
    "description_seq",
    "insert_checks",
    "passed_keys",
    "photo_key",
    "store_verdict",
    "sweep_verdicts",
    "text_key",
]
