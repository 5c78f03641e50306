"""One noun a file: its table, then the shapes that go in and out."""

from app.models import (
    audit,
    calendar,
    category,
    event,
    job,
    notice,
    organisation,
    pause,
    person,
    photo,
    place,
    post,
    scan,
    search,
    setting,
    ticket,
)

__all__ = [
    "audit",
    "calendar",
    "category",
    "event",
    "job",
    "notice",
    "organisation",
    "pause",
    "person",
    "photo",
    "place",
    "post",
    "scan",
    "search",
    "setting",
    "ticket",
]
