"""Open311 GeoReport v2 for other city systems, in XML or JSON; its errors too."""

from collections.abc import Mapping
from typing import Annotated, Any, Final
from urllib.parse import parse_qsl

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.routing import APIRoute
from pydantic import TypeAdapter

from app import problems
from app.deps import bearer, client_address, idempotency_key, mark_replayed, refuses
from app.enums import Scope
from app.errors import BadRequest, Forbidden, NotFound, Unauthenticated, Unsupported
from app.fast_routes import binding
from app.fast_routes.dispatch import Handler
from app.labels import SCOPE
from app.models.open311 import CommonParameters, RequestFilter, RequestIn
from app.rules.access import Actor
from app.services import auth, open311, rate_limit
from app.services.open311 import MEDIA_TYPES

_FORM: Final = "application/x-www-form-urlencoded"
_MAX_FIELDS: Final = 200
_REQUEST: Final[TypeAdapter[RequestIn]] = TypeAdapter(RequestIn)


class GeoReport(APIRoute):
    """A route in XML or JSON. Reading is open to everybody, rate-limited without an API key; writing needs a key."""

    refusals = frozenset({401, 403, 422, 429})

    def get_route_handler(self) -> Handler:
        answer = super().get_route_handler()

        async def guarded(request: Request) -> Response:
            if request.path_params["extension"] not in MEDIA_TYPES:
                raise NotFound("地址要以 .xml 或 .json 结尾")
            form = await _read_form(request) if request.method == "POST" else {}
            key = _api_key(request, form)
            if key is None:
                _admit_anonymous(request)
            else:
                request.state.actor = actor = await auth.verify_token(key)
                _require_scope(request, actor)
            request.state.form = form
            return await answer(request)

        return guarded


def _api_key(request: Request, form: Mapping[str, str]) -> str | None:
    """Return the API key of a request: from the header as everywhere, or a parameter as in the standard."""
    if request.headers.get("authorization"):
        token = bearer(request)
        if token.startswith(auth.KEY_PREFIX):
            return token
    return form.get("api_key") or request.query_params.get("api_key", "").strip() or None


def _admit_anonymous(request: Request) -> None:
    if request.method == "POST":
        raise Unauthenticated("请给出 API 密钥：参数 api_key，或请求头 Authorization: Bearer")
    rate_limit.count_request(client_address(request.scope))


def _require_scope(request: Request, actor: Actor) -> None:
    """Raise Unauthenticated for a person's token, Forbidden for a key that may not write."""
    if actor.key is None:
        raise Unauthenticated("请用 API 密钥，不是个人的登录凭证")
    if request.method == "POST" and Scope.WRITE not in actor.key.scopes:
        raise Forbidden(f"这个密钥没有权限 {Scope.WRITE}（{SCOPE[Scope.WRITE]}）")


async def _read_form(request: Request) -> dict[str, str]:
    """Return the fields of a form in UTF-8, the last value of each that is not blank."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _FORM:
        raise Unsupported(f"请用 {_FORM} 提交")
    raw = await request.body()
    try:
        pairs = parse_qsl(raw.decode(), errors="strict", max_num_fields=_MAX_FIELDS)
    except UnicodeDecodeError:
        raise BadRequest("文字要用 UTF-8 编码") from None
    except ValueError:
        raise BadRequest(f"参数太多了，最多{_MAX_FIELDS}个") from None
    return {name: value for name, value in pairs if value.strip()}


Extension = Annotated[str, Path(description="`xml` or `json`.", json_schema_extra={"enum": [*MEDIA_TYPES]})]
Parameters = Annotated[CommonParameters, Query()]
_RESPONSES: Final[dict[int | str, dict[str, Any]]] = {
    200: {"content": {media_type.partition(";")[0]: {} for media_type in MEDIA_TYPES.values()}}
}
router = APIRouter(
    prefix="/open311/v2",
    tags=["open311"],
    route_class=GeoReport,
    default_response_class=Response,
    responses=_RESPONSES,
)


def _response(body: bytes, extension: str, status: int = 200) -> Response:
    return Response(body, status, media_type=MEDIA_TYPES[extension])


def _request_list(requests: list[dict[str, Any]], extension: str, status: int = 200) -> Response:
    body = open311.write_list("service_requests", "request", requests, extension=extension)
    return _response(body, extension, status)


@router.get("/services.{extension}")
async def services(extension: Extension, parameters: Parameters) -> Response:
    """List the services: the public categories."""
    items = await open311.list_services(parameters.jurisdiction_id)
    return _response(open311.write_list("services", "service", items, extension=extension), extension)


@router.get("/services/{service_code}.{extension}")
async def service(service_code: str, extension: Extension, parameters: Parameters) -> Response:
    """Read the attributes of a service: there are none."""
    definition = await open311.service_definition(service_code, parameters.jurisdiction_id)
    return _response(open311.write_definition(definition, extension=extension), extension)


@router.get("/requests.{extension}")
async def page(extension: Extension, query: Annotated[RequestFilter, Query()]) -> Response:
    """List requests in public categories, newest first: 90 days and 1,000 at most. Never anonymous ones."""
    return _request_list(await open311.public_requests(query), extension)


@router.get("/requests/{service_request_id}.{extension}")
async def one(service_request_id: str, extension: Extension, parameters: Parameters) -> Response:  # noqa: ARG001 - for the API documentation
    """Read one request."""
    return _request_list(await open311.public_request(service_request_id), extension)


@router.get("/tokens/{token}.{extension}")
async def token(token: str, extension: Extension, parameters: Parameters) -> Response:  # noqa: ARG001 - as above
    """Read the request of a token; here every request has its id at once."""
    return _request_list(await open311.request_token(token), extension)


_BODY: Final = {
    "requestBody": {
        "required": True,
        "content": {_FORM: {"schema": RequestIn.model_json_schema()}},
    },
    "security": [{"bearer": []}],
}


@router.post("/requests.{extension}", status_code=201, openapi_extra=_BODY, responses=refuses(409, 410))
async def submit(extension: Extension, request: Request) -> Response:
    """Submit a request. It is routed like every report; `service_request_id` is in the response."""
    form = binding.validate(_REQUEST, dict(request.query_params) | request.state.form, "body")
    key = idempotency_key(request.headers.get("idempotency-key"))
    ticket_view = await open311.submit_request(request.state.actor, form, key)
    response = _request_list([open311.receipt(ticket_view)], extension, 201)
    mark_replayed(response, replayed=ticket_view.replayed)
    return response


# Open311 knows fewer statuses than we do.
_ERROR_STATUSES: Final = {401: 403, 422: 400}


def _render_error(path: str, problem: Mapping[str, Any], headers: Mapping[str, str]) -> Response:
    """Return a problem as Open311's list of errors, in the format of the address; in XML if it names none."""
    extension = path.rpartition(".")[2]
    if extension not in MEDIA_TYPES:
        extension = "xml"  # the format every server must have
    status = _ERROR_STATUSES.get(problem["status"], problem["status"])
    fields = [
        f"{error['pointer'][1:]}：{error['detail']}".lstrip("：") for error in problem.get("errors") or ()
    ]
    descriptions = fields or [problem.get("detail") or problem["title"]]
    response = _response(open311.write_errors(status, descriptions, extension=extension), extension, status)
    response.headers.update(
        {name: value for name, value in headers.items() if name.lower() != "www-authenticate"}
    )
    return response


problems.register_format(
    "/open311/",
    problems.ErrorFormat(
        "Open311Errors",
        _render_error,
        {
            "description": "错误列表，每条有 code 和 description",
            "content": {"text/xml": {}, "application/json": {}},
        },
        _ERROR_STATUSES,
    ),
)
