"""Who answers for a place now, the public card of a grid, the roster, and the skills that grids lack."""

from app.services.duty.answers import duty_card, who_is_on_duty
from app.services.duty.gaps import skill_gaps
from app.services.duty.posts import post_page
from app.services.duty.shifts import (
    ShiftRow,
    cancel_shift,
    clear_shifts,
    load_shift,
    plan_shift,
    require_may,
    shift_page,
)
from app.services.duty.swaps import accept_swap, ask_to_swap, end_swap

__all__ = [
    "ShiftRow",
    "accept_swap",
    "ask_to_swap",
    "cancel_shift",
    "clear_shifts",
    "duty_card",
    "end_swap",
    "load_shift",
    "plan_shift",
    "post_page",
    "require_may",
    "shift_page",
    "skill_gaps",
    "who_is_on_duty",
]
