"""Shapes of the counts of open tickets in each box."""

from pydantic import BaseModel, Field


class BoxCountsOut(BaseModel):
    """How many open tickets a box has, each number up to 999."""

    open: int
    due_soon: int = Field(description="A running limit has passed its reminder (80 %), none is overdue.")
    overdue: int
    new: int
    accepted: int
    dispatched: int = Field(description="Dispatched, and not reported as done yet.")
    claimed: int = Field(description="Dispatched, and reported as done: to be verified.")
    waiting: int
    resolved: int
    to_take: int = Field(description="One's own organisation has not taken its part yet.")
    to_do: int = Field(description="One's own organisation has taken its part and not finished it yet.")


class CountsOut(BaseModel):
    """The caller's inbox, and the tickets they are to assign."""

    inbox: BoxCountsOut
    unassigned: BoxCountsOut
