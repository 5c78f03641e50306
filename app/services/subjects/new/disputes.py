"""What a dispute begins with: its parties, of whom those who ask for mediation have agreed."""

from typing import Any, Final

from app import db
from app.rules import subjects as rules
from app.services.subjects.dispute_effects import sides_of_dispute
from app.services.subjects.encrypted_words import encrypt_words
from app.services.subjects.new.beginning import Beginning, New
from app.services.subjects.sides import insert_sides
from app.services.subjects.view import parts_of


async def _find_parts(new: New) -> None:
    new.row["sides"] = await sides_of_dispute(new.actor, new.form, new.row)
    new.parts = parts_of(new.actor, new.row | {"home_path": None}, new.catalogue)


def _columns(new: New) -> dict[str, Any]:
    return {"sort": new.form.kind}


async def _check(new: New) -> None:
    sides = new.row["sides"]
    for side in rules.own_sides(new.actor, new.row):
        sides[sides.index(side)]["agreed_at"] = new.now


async def _after(fetch: db.Fetch, new: New) -> None:
    await insert_sides(fetch, new.row["id"], new.row["sides"])
    await encrypt_words(fetch, new.row["id"], 1, {"text": new.form.text})


DISPUTE: Final = Beginning(find_parts=_find_parts, columns=_columns, check=_check, after=_after)
