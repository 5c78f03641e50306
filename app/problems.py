"""Every refusal as application/problem+json (RFC 9457), the framework's own included, in Chinese fit to show.

Under Open311's addresses a refusal is the list of errors that standard has, in the format asked for.
"""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.routing import Route

from app.errors import Forbidden, Invalid, Refusal
from app.models.setting import ConsequencesOut
from app.services import audit
from app.services.open311 import written

MEDIA_TYPE: Final = "application/problem+json"
_TYPES: Final = "https://loudeng.invalid/problems/"


class FieldProblem(BaseModel):
    """Which field, as a JSON pointer, and what is wrong with it."""

    pointer: str
    detail: str


class Problem(BaseModel):
    """Why a request was not done; `title` is fit to show."""

    type: str
    title: str
    status: int
    detail: str | None = None
    request_id: str
    errors: list[FieldProblem] | None = None
    allowed: list[str] | None = Field(None, description="With a 409: what the caller may do instead.")
    version: int | str | None = Field(None, description="With a 409: the version there is now.")
    would: ConsequencesOut | None = Field(None, description="With a 409: what a change of settings would do.")


TITLES: Final = {
    400: ("bad-request", "请求有误，请检查后重试"),
    404: ("not-found", "没有找到，或您看不到它"),
    405: ("method-not-allowed", "这个地址不支持这种操作"),
    408: ("too-slow", "网络太慢，请求没有收完，请重试"),
    413: ("too-large", "内容太大了，请压缩后再上传"),
    415: ("unsupported-media-type", "不支持这种内容格式"),
    500: ("internal", "系统出错了，我们已经记录，请稍后再试"),
    503: ("unavailable", "服务暂时不可用，请稍后再试"),
}

# What pydantic found wrong, said in Chinese; the rest is said as "填写有误".
_SAID: Final = {
    "missing": "必须填写",
    "extra_forbidden": "不认识这一项，请去掉",
    "json_invalid": "内容不是正确的 JSON",
    "string_type": "应当是文字",
    "string_too_long": "太长了，最多 {max_length} 个字",
    "string_too_short": "太短了，至少 {min_length} 个字",
    "string_pattern_mismatch": "格式不对",
    "string_unicode": "含有无法识别的字符",
    "int_type": "应当是整数",
    "int_parsing": "应当是整数",
    "int_from_float": "应当是整数",
    "float_type": "应当是数字",
    "float_parsing": "应当是数字",
    "finite_number": "应当是普通的数字",
    "bool_type": "应当是“是”或“否”",
    "bool_parsing": "应当是“是”或“否”",
    "list_type": "应当是列表",
    "too_long": "太多了，最多 {max_length} 项",
    "too_short": "太少了，至少 {min_length} 项",
    "greater_than_equal": "不能小于 {ge}",
    "less_than_equal": "不能大于 {le}",
    "greater_than": "要大于 {gt}",
    "less_than": "要小于 {lt}",
    "literal_error": "只能是其中之一：{expected}",
    "enum": "只能是其中之一：{expected}",
    "uuid_type": "编号格式不对",
    "uuid_parsing": "编号格式不对",
    "uuid_version": "编号格式不对",
    "datetime_type": "时间格式不对",
    "datetime_parsing": "时间格式不对",
    "datetime_from_date_parsing": "时间格式不对",
    "date_type": "日期要写成 2026-12-01 这样",
    "date_parsing": "日期要写成 2026-12-01 这样",
    "date_from_datetime_parsing": "日期要写成 2026-12-01 这样",
    "date_from_datetime_inexact": "日期要写成 2026-12-01 这样",
    "timezone_aware": "时间要带时区，如 2026-01-01T08:00:00+08:00",
    "model_attributes_type": "内容应当是 JSON 对象",
    "model_type": "内容应当是 JSON 对象",
    "dict_type": "内容应当是 JSON 对象",
    "bytes_type": "应当是文件",
}


def respond(
    request_id: str,
    status: int,
    slug: str,
    title: str,
    *,
    path: str,
    detail: str | None = None,
    headers: Mapping[str, str] | None = None,
    **extra: Any,
) -> Response:
    """Return one problem as a response to who asked at `path`."""
    if path.startswith(written.ROOT):
        fields = [f"{one['pointer'][1:]}：{one['detail']}".lstrip("：") for one in extra.get("errors") or ()]
        return _errors(status, fields or [detail or title], path, headers or {})
    said = {
        "type": _TYPES + slug,
        "title": title,
        "status": status,
        "detail": detail,
        "request_id": request_id,
    }
    body = {name: value for name, value in {**said, **extra}.items() if value is not None}
    return JSONResponse(body, status, dict(headers or {}), media_type=MEDIA_TYPE)


# What Open311 calls a refusal that it has another number for.
_GEOREPORT: Final = {401: 403, 422: 400}


def _errors(status: int, said: Sequence[str], path: str, headers: Mapping[str, str]) -> Response:
    """Return a list of errors as GeoReport v2 has it."""
    status, extension = _GEOREPORT.get(status, status), written.format_of(path)
    body = written.listed(
        ("errors", "error"), [{"code": status, "description": one} for one in said], extension
    )
    kept = {name: value for name, value in headers.items() if name.lower() != "www-authenticate"}
    return Response(body, status, kept, media_type=written.FORMATS[extension])


def of(refusal: Refusal, request_id: str, path: str) -> Response:
    """Return a refusal as a response to who asked at `path`."""
    return respond(
        request_id,
        refusal.status,
        refusal.slug,
        refusal.title,
        path=path,
        detail=refusal.detail,
        headers=refusal.headers,
        **_plain(refusal.extra),
    )


def _plain(extra: Mapping[str, Any]) -> dict[str, Any]:
    return {name: list(value) if isinstance(value, (set, tuple)) else value for name, value in extra.items()}


def of_status(
    request_id: str,
    status: int,
    path: str,
    *,
    detail: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Return a status nobody raised a refusal for."""
    slug, title = TITLES.get(status, ("http-error", HTTPStatus(status).phrase))
    return respond(request_id, status, slug, title, path=path, detail=detail, headers=headers)


def pointers(errors: Sequence[Any]) -> list[dict[str, str]]:
    """Say validation errors in Chinese, each at its JSON pointer; what was typed is not repeated."""
    return [{"pointer": _pointer(error), "detail": _sentence(error)} for error in errors[:20]]


def _pointer(error: Mapping[str, Any]) -> str:
    """Return the JSON pointer of a place; the parts pydantic adds for unions and validators are not fields."""
    if error["type"] == "json_invalid":  # the place is an offset into the text, not a field
        return ""
    fields = [
        str(part) for part in error["loc"] if not (isinstance(part, str) and ("[" in part or "(" in part))
    ]
    if fields and fields[0] in {"body", "query", "path", "header"}:
        fields = fields[1:]
    return "".join("/" + field.replace("~", "~0").replace("/", "~1") for field in fields)


def _sentence(error: Mapping[str, Any]) -> str:
    if error["type"] == "value_error":
        return str(error.get("ctx", {}).get("error") or "填写有误")
    try:
        return _SAID.get(error["type"], "填写有误").format(**error.get("ctx", {}))
    except (KeyError, IndexError):
        return "填写有误"


def _allowed(request: Request) -> str:
    """Return the methods of an address; the framework names those of one of its routes."""
    here = [
        route
        for route in request.app.routes
        if isinstance(route, Route) and route.path_regex.match(request.scope["path"])
    ]
    return ", ".join(sorted({method for route in here for method in route.methods or ()}))


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refusal)
    actor = getattr(request.state, "actor", None)
    if isinstance(error, Forbidden) and actor is not None:
        await audit.note(
            "refused", person_id=actor.person_id, path=getattr(request.scope.get("route"), "path", None)
        )
    return of(error, request.scope["request_id"], request.scope["path"])


async def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    errors = pointers(error.errors())
    detail = errors[0]["detail"] if errors else None
    refusal = Invalid(detail, errors=errors)
    return of(refusal, request.scope["request_id"], request.scope["path"])


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    headers = dict(error.headers or {})
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        headers["Allow"] = _allowed(request)
    asked = (request.scope["request_id"], error.status_code, request.scope["path"])
    return of_status(*asked, headers=headers)


_ANSWERS: Final = {Refusal: _refused, RequestValidationError: _invalid, HTTPException: _http}


def install(app: FastAPI) -> None:
    """Have every error of the framework and ours answered as a problem."""
    for kind, answer in _ANSWERS.items():
        app.add_exception_handler(kind, answer)


async def answer(request: Request, error: Exception) -> Response:
    """Return an error as a problem; raise it again when it is none of those."""
    for kind, answering in _ANSWERS.items():
        if isinstance(error, kind):
            return await answering(request, error)
    raise error
