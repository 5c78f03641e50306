"""How finely times are told apart in figures, so that those of a city can be added up day by day."""

from typing import Final

# Up to so many minutes, in steps of so many: never off by more than a fortieth.
_STEPS: Final = ((120, 1), (24 * 60, 5), (7 * 24 * 60, 30))
_LONGEST_STEP: Final = 120


def rounded(minutes: int) -> int:
    """Return the end of the step that a time lies in: what nine in ten do not exceed, they do not exceed then."""
    step = next((step for limit, step in _STEPS if minutes <= limit), _LONGEST_STEP)
    return -(-minutes // step) * step
