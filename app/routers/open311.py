"""Open311 GeoReport v2: what other city systems ask of this one, in XML or JSON. Errors too: see app.problems."""

from typing import Annotated, Any, Final
from urllib.parse import parse_qsl

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.routing import APIRoute
from pydantic import TypeAdapter

from app import straight
from app.deps import address, bearer, idempotency_key
from app.errors import BadRequest, Forbidden, NotFound, Unauthenticated, Unsupported
from app.models.open311 import RequestIn, Spoken, WantedIn
from app.rules.access import Actor
from app.services import auth, passes, visits
from app.services.open311 import offered, public, reporting, written
from app.services.open311.written import FORMATS
from app.straight import Answering
from app.words import SCOPE, Scope

_FORM: Final = "application/x-www-form-urlencoded"
_MOST_FIELDS: Final = 200
_REQUEST: Final[TypeAdapter[RequestIn]] = TypeAdapter(RequestIn)


class GeoReport(APIRoute):
    """A route in XML or JSON: open to everybody within bounds, or to who comes with a key; to write one needs a key."""

    def get_route_handler(self) -> Answering:
        answer = super().get_route_handler()

        async def guarded(request: Request) -> Response:
            if request.path_params["extension"] not in FORMATS:
                raise NotFound("地址要以 .xml 或 .json 结尾")
            said = await _form(request) if request.method == "POST" else {}
            key = _key(request, said)
            if key is None:
                _pass(request)
            else:
                request.state.actor = actor = await auth.verified(key)
                _require(request, actor)
            request.state.said = said
            return await answer(request)

        return guarded


def _key(request: Request, said: dict[str, str]) -> str | None:
    """Return the API key a request comes with, by any of the ways the standard and we have."""
    if request.headers.get("authorization"):
        token = bearer(request)
        if token.startswith(passes.PREFIX):
            return token
    return said.get("api_key") or request.query_params.get("api_key", "").strip() or None


def _pass(request: Request) -> None:
    if request.method == "POST":
        raise Unauthenticated("请给出 API 密钥：参数 api_key，或请求头 Authorization: Bearer")
    visits.visit(address(request.scope))


def _require(request: Request, actor: Actor) -> None:
    """Refuse what is no key, and a key that may not write."""
    if actor.key is None:
        raise Unauthenticated("请用 API 密钥，不是个人的登录凭证")
    if request.method == "POST" and Scope.WRITE not in actor.key.scopes:
        raise Forbidden(f"这个密钥没有权限 {Scope.WRITE}（{SCOPE[Scope.WRITE]}）")


async def _form(request: Request) -> dict[str, str]:
    """Return the parameters of a form, the last of each that says something; in UTF-8, percent-encoded or not."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _FORM:
        raise Unsupported(f"请用 {_FORM} 提交")
    raw = await request.body()
    try:
        pairs = parse_qsl(raw.decode(), errors="strict", max_num_fields=_MOST_FIELDS)
    except UnicodeDecodeError:
        raise BadRequest("文字要用 UTF-8 编码") from None
    except ValueError:
        raise BadRequest(f"参数太多了，最多{_MOST_FIELDS}个") from None
    return {name: value for name, value in pairs if value.strip()}


Extension = Annotated[str, Path(description="`xml` or `json`.")]
Where = Annotated[Spoken, Query()]
_ANSWERS: Final[dict[int | str, dict[str, Any]]] = {
    200: {"content": {kind.partition(";")[0]: {} for kind in FORMATS.values()}}
}
router = APIRouter(
    prefix="/open311/v2",
    tags=["open311"],
    route_class=GeoReport,
    default_response_class=Response,
    responses=_ANSWERS,
)


def _answer(body: bytes, extension: str, status: int = 200) -> Response:
    return Response(body, status, media_type=FORMATS[extension])


def _requests(rows: list[Any], extension: str, status: int = 200) -> Response:
    return _answer(written.listed(("service_requests", "request"), rows, extension), extension, status)


@router.get("/services.{extension}")
async def services(extension: Extension, where: Where) -> Response:
    """List what may be requested: the categories marked public."""
    rows = await offered.services(where.jurisdiction_id)
    return _answer(written.listed(("services", "service"), rows, extension), extension)


@router.get("/services/{service_code}.{extension}")
async def service(service_code: str, extension: Extension, where: Where) -> Response:
    """Say which attributes a service has: none."""
    row = await offered.service(service_code, where.jurisdiction_id)
    return _answer(written.definition(row, extension), extension)


@router.get("/requests.{extension}")
async def page(extension: Extension, wanted: Annotated[WantedIn, Query()]) -> Response:
    """List requests in public categories, newest first: 90 days and 1,000 at most. Never anonymous ones."""
    return _requests(await public.requests(wanted), extension)


@router.get("/requests/{service_request_id}.{extension}")
async def one(service_request_id: str, extension: Extension, where: Where) -> Response:  # noqa: ARG001 - named for the docs
    """Read one request."""
    return _requests(await public.request(service_request_id), extension)


@router.get("/tokens/{token}.{extension}")
async def token(token: str, extension: Extension, where: Where) -> Response:  # noqa: ARG001 - as above
    """Read which request a token became; here every request has its id at once."""
    return _requests(await public.token(token), extension)


_BODY: Final = {
    "requestBody": {
        "required": True,
        "content": {_FORM: {"schema": RequestIn.model_json_schema()}},
    },
    "security": [{"bearer": []}],
}


@router.post("/requests.{extension}", status_code=201, openapi_extra=_BODY)
async def submit(extension: Extension, request: Request) -> Response:
    """Request something. It is routed like every report; `service_request_id` is there at once."""
    form = straight.checked(_REQUEST, dict(request.query_params) | request.state.said, "body")
    key = idempotency_key(request.headers.get("idempotency-key"))
    seen = await reporting.submit(request.state.actor, form, key)
    answer = _requests([offered.receipt(seen)], extension, 201)
    if seen.replayed:
        answer.headers["Idempotent-Replayed"] = "true"
    return answer
