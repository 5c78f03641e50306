"""What lists of subjects, and their exports, are filtered by."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Query

from app.enums import SubjectKind
from app.models.fields import RelativeDay, Text
from app.services.subjects import SHAPES, SubjectFilter


def filter_reader(kind: SubjectKind) -> Callable[..., Awaitable[SubjectFilter]]:
    """Return the dependency that reads the filters of a kind."""
    chosen: Any = Depends(_sort_reader(SHAPES[kind].sorts))

    async def read(
        sort: Annotated[tuple[str, ...], chosen],
        status: Annotated[list[str], Query(max_length=20)] = [],  # noqa: B006 - FastAPI copies it
        place_id: UUID | None = None,
        source_id: Annotated[UUID | None, Query(description="What they came from.")] = None,
        outcome_id: Annotated[
            UUID | None, Query(description="What they led to: a topic, a project, a ticket.")
        ] = None,
        created_from: Annotated[
            RelativeDay | None, Query(description="Written down from that day on; of activities: beginning.")
        ] = None,
        created_to: RelativeDay | None = None,
        solved: Annotated[
            bool | None, Query(description="Of opinions: what they led to is done, or not yet.")
        ] = None,
        mine: bool = False,
        overdue: bool = False,
        to_tell: Annotated[
            bool, Query(description="Of opinions: staff have yet to tell whoever said it what became of it.")
        ] = False,
        venue: Annotated[
            Text | None, Query(max_length=60, description="Of activities: in that room.")
        ] = None,
        series: Annotated[
            UUID | None, Query(description="Of activities: the runs of that course, named by its first.")
        ] = None,
        one_a_series: Annotated[
            bool, Query(description="Of activities: a course once, however many runs it has.")
        ] = False,
        q: Annotated[
            Text | None,
            Query(
                max_length=100,
                description="Neighbouring characters of its title, text or result; staff find reservations by name, too.",
            ),
        ] = None,
    ) -> SubjectFilter:
        return SubjectFilter(
            status=tuple(status),
            sort=sort,
            place_id=place_id,
            source_id=source_id,
            outcome_id=outcome_id,
            first_day=created_from,
            last_day=created_to,
            solved=solved,
            mine=mine,
            overdue=overdue,
            to_tell=to_tell,
            venue=venue,
            series=series,
            one_a_series=one_a_series,
            q=q,
        )

    return read


def _sort_reader(sorts: Any) -> Callable[..., Awaitable[tuple[str, ...]]]:
    """Return the dependency that reads the filter `kind`; of a kind of subject without sorts there is none."""
    if sorts is None:

        async def read_none() -> tuple[str, ...]:
            return ()

        return read_none

    async def read(kind: Annotated[list[sorts], Query(max_length=20)] = []) -> tuple[str, ...]:  # noqa: B006 - FastAPI copies it
        return tuple(kind)

    return read
