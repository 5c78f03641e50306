"""The sets of ticket statuses that rules and SQL share."""

from collections.abc import Collection
from typing import Final

from app.enums import Status

IN_PROGRESS: Final = frozenset({Status.ACCEPTED, Status.DISPATCHED, Status.WAITING})
UNRESOLVED: Final = IN_PROGRESS | {Status.NEW}  # the resolve limit can still be met
OPEN: Final = UNRESOLVED | {Status.RESOLVED}
ENDED: Final = frozenset({Status.CLOSED, Status.REJECTED, Status.MERGED})


def sql_list(statuses: Collection[Status]) -> str:
    """Return an SQL list such as `('new', 'accepted')`, in the order of `Status`.

    Statements have the statuses in their text, not as parameters: PostgreSQL uses a partial index only where it can
    prove its condition from the text.
    """
    return "(" + ", ".join(f"'{status}'" for status in Status if status in statuses) + ")"
