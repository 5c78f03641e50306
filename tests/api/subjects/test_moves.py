"""Every move of every table is possible from where the table says, and lands where it says."""

import pytest

from app.enums import SubjectKind
from app.rules.lives import LIVES
from app.rules.subjects import status_after
from app.services.ledger import verify_ledger
from app.services.subjects import SHAPES
from tests import subjects, world
from tests.world import Everybody

MOVES = [(kind, action) for kind in SubjectKind for action in LIVES[kind].moves]


@pytest.mark.parametrize(("kind", "action"), MOVES)
async def test_a_move_lands_where_the_table_says(
    people_of: Everybody, kind: SubjectKind, action: str
) -> None:
    resident, community = await people_of("resident", "community")
    path, life = SHAPES[kind].path, LIVES[kind]
    before = await subjects.brought(path, action, resident, community)
    person = await subjects.actor_of(path, action, resident, community)
    seen = await person.get(f"/{path}/{before['id']}")
    assert action in seen["actions"]
    known = await subjects.known_of(resident) | {"kind": path, "code": before.get("code")}
    after = await subjects.act(person, path, action, before, **subjects.body_of(action, **known))
    assert after["status"] == status_after(life, action, seen)
    assert (await subjects.events(person, path, before))[-1] == life.moves[action].event
    assert (after["version"] > before["version"]) is life.moves[action].versioned
    await world.run_jobs()
    assert (await verify_ledger()).broken is None
