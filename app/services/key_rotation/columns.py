"""Every column encrypted under `pii_key`, and how its ciphertexts are replaced. A column without an entry fails a test."""

from dataclasses import dataclass
from typing import Final

from app.services import ledger
from app.sql import Statement


@dataclass(frozen=True, slots=True, kw_only=True)
class EncryptedColumn:
    """`replace` takes `:keys`, `:old` and `:new`: it writes only where the old ciphertext is still there."""

    table: str
    column: str
    key: str = "id"
    key_type: str = "uuid"
    replace: Statement
    has_index: bool = (
        False  # `replace` also takes `:index` and `:former_index`, the blind indexes, and `:key_name`
    )

    @property
    def name(self) -> str:
        """Return the name in messages."""
        return f"{self.table}.{self.column}"

    @property
    def count(self) -> Statement:
        """Return the statement that counts the ciphertexts."""
        return Statement(f"SELECT count(*) AS n FROM {self.table} WHERE {self.column} IS NOT NULL")

    @property
    def batch(self) -> Statement:
        """Return the statement that reads the next `:limit` ciphertexts after the key `:after`; None: from the start."""
        return Statement(
            f"SELECT {self.key} AS key, {self.column} AS sealed FROM {self.table} "
            f"WHERE {self.column} IS NOT NULL "
            f"AND (:after::{self.key_type} IS NULL OR {self.key} > :after::{self.key_type}) "
            f"ORDER BY {self.key} LIMIT :limit"
        )


def _plain(table: str, column: str, *, key: str = "id", key_type: str = "uuid") -> EncryptedColumn:
    replace = Statement(f"""
UPDATE {table} t SET {column} = v.new FROM unnest(:keys::{key_type}[], :old::bytea[], :new::bytea[]) AS v(key, old, new)
WHERE t.{key} = v.key AND t.{column} = v.old
""")
    return EncryptedColumn(table=table, column=column, key=key, key_type=key_type, replace=replace)


# With the number go its blind index and those of the posts that were meant for it.
_REPLACE_PHONES: Final = Statement("""
WITH update_person AS (
    UPDATE person n SET phone_sealed = v.new, phone_index = v.index
    FROM unnest(:keys::uuid[], :old::bytea[], :new::bytea[], :index::bytea[], :former_index::bytea[])
        AS v(id, old, new, index, former_index)
    WHERE n.id = v.id AND n.phone_sealed = v.old RETURNING n.id, v.index, v.former_index
)
UPDATE post p SET phone_index = u.index, phone_key = :key_name FROM update_person u
WHERE p.person_id = u.id AND p.phone_index = u.former_index
""")

ENCRYPTED: Final = (
    EncryptedColumn(table="person", column="phone_sealed", replace=_REPLACE_PHONES, has_index=True),
    *(
        EncryptedColumn(table="ticket", column=column, replace=replace)
        for column, replace in ledger.REPLACE_ENCRYPTED.items()
    ),
    *(_plain("subject", column) for column in ("contact_sealed", "on_behalf_name_sealed")),
    _plain("webhook_secret", "sealed"),
    _plain("encrypted_text", "sealed"),
    _plain("side", "sealed"),
    _plain("robot", "sealed", key="owner_id"),
    _plain("wechat_token", "sealed", key="appid", key_type="text"),
)
