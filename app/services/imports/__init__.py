"""Importing an office's files: everything is written, or nothing and a report of every bad line."""

from app.services.imports.load import DEMO_FILES, list_shipped_changes, load_builtin, load_files
from app.services.imports.report import Report, format_report, format_shipped_change
from app.services.imports.templates import write_template
from app.services.imports.upload import MAX_BYTES, MAX_FILES, Upload, import_uploads, template

__all__ = [
    "DEMO_FILES",
    "MAX_BYTES",
    "MAX_FILES",
    "Report",
    "Upload",
    "format_report",
    "format_shipped_change",
    "import_uploads",
    "list_shipped_changes",
    "load_builtin",
    "load_files",
    "template",
    "write_template",
]
