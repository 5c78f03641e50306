"""One noun a file: its table, then the shapes that go in and out."""

from app.models import (
    audit,
    calendar,
    category,
    event,
    follower,
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
    ticket,
)

__all__ = [
    "audit",
    "calendar",
    "category",
    "event",
    "follower",
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
    "ticket",
]
