"""What a survey begins with. Households of a grid are not surveyed."""

from typing import Any, Final

from app import db
from app.enums import SubjectKind
from app.errors import Invalid
from app.services.subjects.new.beginning import Beginning, New
from app.services.subjects.surveys import insert_survey, require_organisation, survey_of


def _columns(new: New) -> dict[str, Any]:
    if new.form.ends_at <= new.now:
        raise Invalid.at("/ends_at", "截止时间要晚于现在")
    names = ("title", "text", "source_id", "ends_at")
    return {name: getattr(new.form, name) for name in names} | {"sort": new.form.kind}


async def _check(new: New) -> None:
    await require_organisation(db.execute, new.form.organisation_id)


async def _after(fetch: db.Fetch, new: New) -> None:
    await insert_survey(fetch, new.row["id"], survey_of(new.form))


SURVEY: Final = Beginning(
    at_grid=False,
    columns=_columns,
    check=_check,
    sources=frozenset({SubjectKind.TOPIC, SubjectKind.ACTIVITY}),
    after=_after,
)
