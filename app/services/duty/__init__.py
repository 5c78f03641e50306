"""Who answers for a place now, the public card of a grid, and the skills that grids lack."""

from app.services.duty.answers import duty_card, who_is_on_duty
from app.services.duty.gaps import skill_gaps

__all__ = ["duty_card", "skill_gaps", "who_is_on_duty"]
