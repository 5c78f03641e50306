"""Notices in the mini-program: who receives one, what it says, and which a person has muted."""

from app.services.notices.inbox import mark_read, notice_page
from app.services.notices.preferences import change_preferences, read_preferences
from app.services.notices.recipients import build_notices, followers_by_ticket
from app.services.notices.sentences import SENTENCES, sentence, subject_sentence

__all__ = [
    "SENTENCES",
    "build_notices",
    "change_preferences",
    "followers_by_ticket",
    "mark_read",
    "notice_page",
    "read_preferences",
    "sentence",
    "subject_sentence",
]
