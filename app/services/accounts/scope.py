"""Who sees which accounts: everybody their own; an office all of its communities; its auditors what is no person's."""

from typing import Any, Final

from app.enums import Role
from app.rules.access import Actor

OFFICES: Final = frozenset({Role.COMMUNITY, Role.STREET})
# Of the account `a`, its circle `c` and the circle's community `p`; with the parameters of `scope_values`.
IN_SCOPE: Final = """(a.person_id = :person_id OR p.path && :offices::uuid[]
    OR (p.path && :audited::uuid[] AND a.sort <> 'person'))"""


def scope_values(actor: Actor) -> dict[str, Any]:
    """Return the parameters of `IN_SCOPE`."""
    return {
        "person_id": actor.person_id,
        "offices": actor.units(OFFICES),
        "audited": actor.units(frozenset({Role.AUDITOR})),
    }
