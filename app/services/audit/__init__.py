"""The audit trail: entries are written with the change they describe, and read by overseers of a place."""

from app.services.audit.reading import AuditFilter, audit_page, require_overseer
from app.services.audit.writing import client_address, entry_values, insert_entry, record

__all__ = [
    "AuditFilter",
    "audit_page",
    "client_address",
    "entry_values",
    "insert_entry",
    "record",
    "require_overseer",
]
