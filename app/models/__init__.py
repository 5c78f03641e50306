"""One noun a file: its table, then the shapes that go in and out."""

from app.models import (
    audit,
    calendar,
    category,
    event,
    job,
    notice,
    organisation,
    person,
    photo,
    place,
    post,
    search,
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
    "person",
    "photo",
    "place",
    "post",
    "search",
    "ticket",
]
