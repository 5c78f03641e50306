"""Editing the draft of a survey: everything but its kind, as long as nobody has been asked."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from app.enums import SurveySort
from app.errors import Invalid
from app.models.survey import EditSurveyIn
from app.rules import routing
from app.rules.subjects import OFFICES
from app.services.setup import today
from app.services.subjects.effect import Act, Effect
from app.services.subjects.surveys import former_survey, require_organisation, rewrite_survey, survey_of
from app.services.subjects.view import parts_of
from app.sql import Statement

_UNITS: Final = ("grid_id", "community_id", "street_id")


async def edit(act: Act, form: EditSurveyIn) -> Effect:
    """Write a draft as it is to be. The event names what is another now. Raises Invalid."""
    survey = act.view.subject
    if form.ends_at <= act.now:
        raise Invalid.at("/ends_at", "截止时间要晚于现在")
    if problem := form.problem_as(SurveySort(survey["sort"])):
        raise Invalid.at("/questions", problem)
    where = await _where(act, form.place_id) if form.place_id != survey["place_id"] else {}
    await require_organisation(act.run, form.organisation_id)
    asked = survey_of(form)
    await rewrite_survey(act.fetch, survey["id"], asked)
    columns = {"title": form.title, "text": form.text, "ends_at": form.ends_at, **where}
    before = {**survey, **former_survey(survey)}
    fields = [name for name, value in {**columns, **asked}.items() if before[name] != value]
    moved = {name: str(value) for name, value in where.items() if value}
    return Effect(columns, {"fields": [name for name in fields if name not in _UNITS], **moved}, form.title)


async def _where(act: Act, place_id: UUID) -> dict[str, UUID | None]:
    """Return another place whose households are asked, and its units. Raises Invalid unless the caller's office asks there."""
    survey, catalogue = act.view.subject, act.view.catalogue
    found = await act.run(_PLACE, place_id=place_id)
    if not found:
        raise Invalid.at("/place_id", "没有这个地点，请重新选择")
    route = routing.route(found[0]["path"], catalogue.covers, catalogue.units, today())
    units = {name: getattr(route, name) for name in _UNITS}
    if OFFICES.isdisjoint(parts_of(act.view.actor, {**survey, **units, "place_id": place_id}, catalogue)):
        raise Invalid.at("/place_id", "这里不归您的社区或街道，请重新选择")
    if survey["source_id"] and not _is_near(units, survey):
        raise Invalid.at("/place_id", "这次征询由本社区的事项而来，不能改到别的社区")
    return {"place_id": place_id, **units}


def _is_near(units: Mapping[str, Any], survey: Mapping[str, Any]) -> bool:
    return all(units[name] == survey[name] for name in ("community_id", "street_id"))


_PLACE: Final = Statement("SELECT path FROM place WHERE id = :place_id AND level NOT IN ('grid', 'room')")
