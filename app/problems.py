"""Every refusal as application/problem+json (RFC 9457), the framework's own included, in Chinese fit to show.

An interface whose standard has an error format of its own registers it for its path prefix: `register_format`.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Final
from uuid import UUID

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.routing import Route

from app import words
from app.errors import Forbidden, Invalid, Refusal
from app.models.setting import ImpactOut
from app.services import audit

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
    would: ImpactOut | None = Field(None, description="With a 409: what a change of settings would do.")


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

# Chinese sentences for pydantic's error types; any other is "填写有误".
SENTENCES: Final = {
    "missing": "必须填写",
    "extra_forbidden": "不认识这一项，请去掉",
    "repeated": "写了不止一次，请只留一个",
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
# What may be chosen, within pydantic's English: 'a' or <Kind.B: 'b'>.
_CODES: Final = re.compile(r"'([^']*)'|\b(\d+)\b")


@dataclass(frozen=True, slots=True)
class ErrorFormat:
    """How errors are written: `render(path, problem, headers)` returns one, `openapi` describes their responses.

    `name` is theirs in the document; `statuses` has those that the format replaces by another.
    """

    name: str
    render: Callable[[str, Mapping[str, Any], Mapping[str, str]], Response]
    openapi: Mapping[str, Any]
    statuses: Mapping[int, int] = field(default_factory=dict)


def _render_problem(_: str, problem: Mapping[str, Any], headers: Mapping[str, str]) -> Response:
    return JSONResponse(dict(problem), problem["status"], dict(headers), media_type=MEDIA_TYPE)


_PROBLEM_FORMAT: Final = ErrorFormat(
    "Problem",
    _render_problem,
    {
        "description": "没有办成：原因见 title 和 detail",
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    },
)
_formats: Final[dict[str, ErrorFormat]] = {}  # by path prefix


def register_format(prefix: str, error_format: ErrorFormat) -> None:
    """Write the errors of all paths that begin with `prefix` in this format."""
    _formats[prefix] = error_format


def formats() -> list[ErrorFormat]:
    """Return every format of errors."""
    return [_PROBLEM_FORMAT, *_formats.values()]


def format_at(path: str) -> ErrorFormat:
    """Return the format of errors at a path: problem+json unless another is registered."""
    return next((found for prefix, found in _formats.items() if path.startswith(prefix)), _PROBLEM_FORMAT)


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
    """Return one problem, in the language of the request, as a response to who asked at `path`."""
    body = _document(request_id, status, slug, title, detail, extra)
    return format_at(path).render(path, body, headers or {})


def _document(
    request_id: str, status: int, slug: str, title: str, detail: str | None, extra: dict[str, Any]
) -> dict[str, Any]:
    """Return the members of a problem, in the language of the request."""
    if errors := extra.get("errors"):
        extra["errors"] = [{**error, "detail": words.translate(error["detail"])} for error in errors]
    members = {
        "type": _TYPES + slug,
        "title": words.translate(title),
        "status": status,
        "detail": detail and words.translate(detail),
        "request_id": request_id,
    }
    return {name: value for name, value in {**members, **extra}.items() if value is not None}


def of(refusal: Refusal, request_id: str, path: str) -> Response:
    """Return a refusal as a response to a request of `path`."""
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
    """Return validation errors in Chinese, each with its JSON pointer and without the input."""
    return [{"pointer": _pointer(error), "detail": _sentence(error)} for error in errors[:20]]


def _pointer(error: Mapping[str, Any]) -> str:
    """Return the JSON pointer of an error, without the parts that pydantic adds for unions and validators."""
    if error["type"] == "json_invalid":  # its location is an offset in the text, not a field
        return ""
    fields = [
        str(part) for part in error["loc"] if not (isinstance(part, str) and ("[" in part or "(" in part))
    ]
    if fields and fields[0] == "query":  # a parameter that is given several times has one name
        fields = fields[:2]
    if fields and fields[0] in {"body", "query", "path", "header"}:
        fields = fields[1:]
    return "".join("/" + field.replace("~", "~0").replace("/", "~1") for field in fields)


def _sentence(error: Mapping[str, Any]) -> str:
    if error["type"] == "value_error":
        return str(error.get("ctx", {}).get("error") or "填写有误")
    values = dict(error.get("ctx", {}))
    if "expected" in values:
        values["expected"] = words.join((t or n for t, n in _CODES.findall(values["expected"])), "、")
    try:
        return SENTENCES.get(error["type"], "填写有误").format(**values)
    except (KeyError, IndexError):
        return "填写有误"


def _allowed(request: Request) -> str:
    """Return the methods of all routes of a path; the framework returns those of one route only."""
    here = [
        route
        for route in request.app.routes
        if isinstance(route, Route) and route.path_regex.match(request.scope["path"])
    ]
    return ", ".join(sorted({method for route in here for method in route.methods or ()}))


async def as_member(request: Request, refusal: Refusal, subject_id: UUID) -> dict[str, Any]:
    """Return what became of one of several things that a request asked for, as the problem it would be alone."""
    await _record_forbidden(request, refusal, subject_id)
    extra = _plain(refusal.extra)
    request_id = request.scope["request_id"]
    return _document(request_id, refusal.status, refusal.slug, refusal.title, refusal.detail, extra)


async def _record_forbidden(request: Request, error: Refusal, subject_id: UUID | None) -> None:
    actor = getattr(request.state, "actor", None)
    if isinstance(error, Forbidden) and actor is not None:
        await audit.record(
            "refused",
            person_id=actor.person_id,
            subject_id=subject_id,
            path=getattr(request.scope.get("route"), "path", None),
        )


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refusal)
    ticket_view = getattr(request.state, "ticket_view", None)
    await _record_forbidden(request, error, ticket_view and ticket_view.ticket["id"])
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
    return of_status(request.scope["request_id"], error.status_code, request.scope["path"], headers=headers)


_HANDLERS: Final = {Refusal: _refused, RequestValidationError: _invalid, HTTPException: _http}


def install(app: FastAPI) -> None:
    """Answer every error of the framework and of the program as a problem."""
    for kind, handler in _HANDLERS.items():
        app.add_exception_handler(kind, handler)


async def answer(request: Request, error: Exception) -> Response:
    """Return an error as a problem; raise any other again."""
    for kind, handler in _HANDLERS.items():
        if isinstance(error, kind):
            return await handler(request, error)
    raise error
