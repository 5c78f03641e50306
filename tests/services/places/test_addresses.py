"""An address means the place that explains most of it; in doubt places are offered, none is taken."""

import csv
from pathlib import Path
from typing import Final
from uuid import UUID

import pytest

from app import db, ids
from app.rules.address import number_of
from app.services.places import find_places
from app.services.places.search import FoundPlace

CASES: Final = Path(__file__).parents[2] / "rules" / "addresses.csv"
# Beside the demo street: estates with sections, blocks and joined numbers, and names that begin alike.
ESTATES: Final = {
    "双塔苑": ["1栋A座", "2栋A座", "A区1栋", "B区1栋", "1号楼", "12-1号楼"],
    "人和苑": ["5栋"],
    "人和苑二期": ["5栋"],
    "翠云阁": ["5栋"],
    "翠云": ["5栋"],
}


@pytest.fixture
async def estates(street: None) -> None:
    """Add the estates to the first community; every building has the units 1 and 2."""
    (community,) = await db.fetch("SELECT id, path FROM place WHERE code = 'wss'")
    for estate, buildings in ESTATES.items():
        above = await add("estate", estate, estate, community["path"])
        for building in buildings:
            path = await add("building", building, estate + building, above)
            for unit in ("1单元", "2单元"):
                await add("unit", unit, estate + building + unit, path)


async def add(level: str, name: str, label: str, above: list[UUID]) -> list[UUID]:
    place_id = ids.new()
    number = None if level == "estate" else number_of(name)
    await db.fetch(
        "INSERT INTO place (id, code, parent_id, level, name, number, label, path, scene, sort, version)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 1, 1)",
        *(place_id, ids.code(12), above[-1], level, name, number, label, [*above, place_id], ids.code(12)),
    )
    return [*above, place_id]


def is_sure(found: list[FoundPlace]) -> bool:
    alike = [one for one in found if one.match.rank == found[0].match.rank]
    return len(alike) == 1 and found[0].match.sure


@pytest.mark.usefixtures("estates")
async def test_every_address_of_the_table_is_understood() -> None:
    wrong = []
    for case in csv.DictReader(CASES.read_text(encoding="utf-8").splitlines()):
        found = await find_places(case["text"])
        labels = [one.place.label for one in found[:5]]
        fits = set(case["offered"].split()) <= set(labels) and bool(labels)
        fits = fits and case["first"] in {"", labels[0]} and is_sure(found) == (case["sure"] == "yes")
        if not fits or (case["first"] and (found[0].place.rest or "") != case["rest"]):
            wrong.append((case, labels, found and found[0].place.rest, is_sure(found) if found else None))
    assert not wrong, "\n".join(map(str, wrong))
