"""How many tickets wait in each box."""

from pydantic import BaseModel, Field


class BoxCountsOut(BaseModel):
    """How many open tickets of a box there are, each number up to 999."""

    open: int
    due_soon: int = Field(description="A running limit has passed its reminder (80 %), and none is over.")
    overdue: int
    new: int
    accepted: int
    dispatched: int = Field(description="Of these none is reported as done yet.")
    claimed: int = Field(description="Dispatched, and reported as done: to be verified.")
    waiting: int
    resolved: int
    to_take: int = Field(description="One's own organisation is awaited to take its part.")
    to_do: int = Field(description="One's own organisation has taken its part and not done it yet.")


class CountsOut(BaseModel):
    """What waits for the caller, and what waits to be assigned by them."""

    inbox: BoxCountsOut
    unassigned: BoxCountsOut
