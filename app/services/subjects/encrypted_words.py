"""Words of subjects that are kept encrypted, as phone numbers are: the database and its copies hold no readable one."""

import json
from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from app import db, ids
from app.errors import Unreadable
from app.services import encryption
from app.sql import Statement

Words = Mapping[str, Any]  # named parts; None and empty ones are not kept


async def encrypt_words(fetch: db.Fetch, subject_id: UUID, seq: int, words: Words) -> None:
    """Write the words of an event in the transaction that writes the event; nothing if there are none."""
    kept = {name: value for name, value in words.items() if value}
    if kept:
        text = json.dumps(kept, ensure_ascii=False)
        values = {"id": ids.new(), "subject_id": subject_id, "seq": seq, "sealed": encryption.encrypt(text)}
        await fetch(_INSERT.text, *_INSERT.arguments(values))


_INSERT: Final = Statement("""
INSERT INTO encrypted_text (id, subject_id, seq, sealed) VALUES (:id, :subject_id, :seq, :sealed)
""")


def decrypt_words(sealed: bytes | None) -> dict[str, Any]:
    """Return the words; that they cannot be read is said in their place."""
    if sealed is None:
        return {}
    try:
        words: dict[str, Any] = json.loads(encryption.decrypt(sealed))
    except Unreadable as unreadable:
        return {"text": f"（{unreadable.title}）"}
    return words
