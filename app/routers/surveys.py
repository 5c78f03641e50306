"""Routes of surveys and votes besides those of every subject: answering one, and its result."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Request, Response

from app.deps import API, IdempotencyKey, mark_replayed, refuses, require_consent
from app.models.ballot import ResponseIn
from app.models.survey import SurveyOut
from app.models.survey_result import SurveyResultOut
from app.routers.subject_routes import SubjectRoute
from app.rules.access import Actor
from app.services import subjects


class ResponseRoute(SubjectRoute):
    """A route that answers for the household of a person who has agreed to the current privacy guide."""

    async def authorize(self, request: Request) -> Actor:
        return await require_consent(await super().authorize(request))


router = APIRouter(prefix=f"{API}/surveys", tags=["surveys"], route_class=SubjectRoute)
response_router = APIRouter(prefix=f"{API}/surveys", tags=["surveys"], route_class=ResponseRoute)
SurveyId = Annotated[UUID, Path(alias="survey_id")]


@router.get("/{survey_id}/result", summary="征询的结果", responses=refuses(403))
async def result(survey_id: SurveyId, request: Request) -> SurveyResultOut:  # noqa: ARG001 - declared for OpenAPI
    """Read the result: shown after the end and from ten answers on, small groups folded, the company's tickets beside."""
    return await subjects.survey_result(request.state.subject)


@response_router.post(
    "/{survey_id}/responses", status_code=201, summary="填写征询", responses=refuses(403, 409, 410)
)
async def respond(
    survey_id: SurveyId,  # noqa: ARG001 - as above
    form: ResponseIn,
    request: Request,
    key: IdempotencyKey,
    response: Response,
) -> SurveyOut:
    """Answer once for the household one lives in now. What is answered is never stored with who has."""
    view, replayed = await subjects.respond(request.state.subject, form, key)
    mark_replayed(response, replayed=replayed)
    answered: SurveyOut = subjects.serialize(view)  # type: ignore[assignment]  # of this kind
    return answered
