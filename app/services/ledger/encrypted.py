"""Encrypting the contact data of tickets again under another key. Nothing that anybody sees changes: the feed does not hear of it."""

from typing import Final

from app.sql import Statement


def _replace(column: str) -> Statement:
    return Statement(f"""
UPDATE ticket t SET {column} = v.new FROM unnest(:keys::uuid[], :old::bytea[], :new::bytea[]) AS v(id, old, new)
WHERE t.id = v.id AND t.{column} = v.old
""")


# By column: replaces ciphertexts that are still those which were read.
REPLACE_ENCRYPTED: Final[dict[str, Statement]] = {
    column: _replace(column) for column in ("contact_sealed", "on_behalf_name_sealed")
}
