"""The gate, as SQL over a ticket's alias: what of it has passed. Whatever has no row yet is not shown to neighbours."""

from typing import Final
from uuid import UUID

from app.enums import CheckKind

# What neighbours may see: see enums.CheckState.
_PASSED: Final = "state IN ('pass', 'released')"


def passed_keys(alias: str) -> str:
    """Return the SQL of an array with the key of each text and photo of a ticket that has passed."""
    return (
        "ARRAY(SELECT coalesce(c.photo_id::text, c.kind || ':' || c.seq) FROM content_check c "
        f"WHERE c.ticket_id = {alias}.id AND c.{_PASSED})"
    )


def text_key(kind: CheckKind, seq: int | None) -> str:
    """Return the key of a text, by the event that brought it."""
    return f"{kind}:{seq}"


def photo_key(photo_id: UUID) -> str:
    """Return the key of a photo."""
    return str(photo_id)


def description_seq(alias: str) -> str:
    """Return the SQL of the number of the event that a ticket's description is of; null without one."""
    return (
        "(SELECT max(w.seq) FROM remark w JOIN event e ON e.ticket_id = w.ticket_id AND e.seq = w.seq "
        f"AND e.at >= {alias}.created_at "
        f"WHERE w.ticket_id = {alias}.id AND e.type IN ('ticket.submitted', 'ticket.edited'))"
    )


def description_passed(alias: str) -> str:
    """Return the SQL that tells whether a ticket's description has passed, as it is now."""
    return (
        f"EXISTS (SELECT FROM content_check c WHERE c.ticket_id = {alias}.id AND c.seq = {description_seq(alias)} "
        f"AND c.kind = '{CheckKind.TEXT}' AND c.{_PASSED})"
    )
