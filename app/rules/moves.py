"""A row of a table of moves: what every noun with a life has in common."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

P = TypeVar("P", bound=str)  # the parts somebody may play in the noun

SAME_STATUS: Final = "same"  # the action does not change the status
PREVIOUS_STATUS: Final = "before"  # back to the status before


@dataclass(frozen=True, slots=True)
class Move(Generic[P]):
    """An action, the statuses it starts from, the one it leads to, and the parts that may do it.

    Whatever else an action needs is found by this row; when the program starts, what is missing is named.
    """

    action: str
    label: str  # Chinese
    sources: frozenset[str]
    target: str
    parts: frozenset[P]
    event: str
    form: str  # the name of the shape of its body
    versioned: bool = True  # False: its body names no version, and it does not change the version
    creates: bool = False  # it makes another object, which is its answer
    undoable: bool = False  # whoever did it may `undo` it for a while, as long as nothing else happens


def move(
    action: str,
    label: str,
    sources: Collection[str],
    target: str,
    parts: Collection[P],
    event: str,
    form: str = "ActIn",
    *,
    versioned: bool = True,
    creates: bool = False,
    undoable: bool = False,
) -> Move[P]:
    """Return a row, from any collections of statuses and parts."""
    return Move(
        action, label, frozenset(sources), target, frozenset(parts), event, form, versioned, creates, undoable
    )
