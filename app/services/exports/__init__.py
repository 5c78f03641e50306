"""Exports: lists of tickets and of subjects, and the posts of an office, as CSV or XLSX, streamed."""

from app.services.exports.columns import COLUMNS, require_columns
from app.services.exports.formats import FORMATS, Format
from app.services.exports.posts import export_posts
from app.services.exports.subjects import KINDS as SUBJECT_KINDS
from app.services.exports.subjects import export_subjects
from app.services.exports.tickets import export_tickets

__all__ = [
    "COLUMNS",
    "FORMATS",
    "SUBJECT_KINDS",
    "Format",
    "export_posts",
    "export_subjects",
    "export_tickets",
    "require_columns",
]
