"""Saved views of the list of tickets: one's own, or of one's office."""

from app.services.views.opening import open_columns, open_query
from app.services.views.views import change_view, create_view, delete_view, load_view, view_page

__all__ = [
    "change_view",
    "create_view",
    "delete_view",
    "load_view",
    "open_columns",
    "open_query",
    "view_page",
]
