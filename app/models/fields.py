"""Field types of request bodies: texts are cleaned, times are converted to UTC."""

import re
from datetime import MAXYEAR, MINYEAR, UTC, date, datetime, timedelta
from functools import cache
from types import NoneType
from typing import Annotated, Any, Final, get_args, get_origin

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    StringConstraints,
    model_validator,
)
from pydantic_core import CoreSchema

from app import clock, text
from app.enums import SHANGHAI


def _clean_text(value: str) -> str:
    cleaned = text.clean(value)
    if not cleaned:
        raise ValueError("请填写文字")
    return cleaned


def _check_name(value: str) -> str:
    cleaned = _clean_text(value)
    if not text.is_name(cleaned):
        raise ValueError("姓名只能是文字和间隔号，最多 60 个字")
    return cleaned


def _check_given_name(value: str) -> str:
    cleaned = _clean_text(value)
    if not text.is_name(cleaned, with_remarks=True):
        raise ValueError("姓名只能是文字、数字、括号和顿号，最多 60 个字")
    return cleaned


Schema = dict[str, Any]  # a JSON Schema, or keywords of one


def example(*rules: Schema, **fields: Any) -> ConfigDict:
    """Return the configuration of a body with this example in the API's documentation, and what its validators check."""
    schema: Schema = {"examples": [fields]} if fields else {}
    return ConfigDict(json_schema_extra=schema | ({"allOf": [*rules]} if rules else {}))


def present(name: str, **keywords: Any) -> Schema:
    """Return the schema of a body with the field `name` for which these keywords hold; a string by default."""
    return {"required": [name], "properties": {name: keywords or {"type": "string"}}}


def absent(name: str) -> Schema:
    """Return the schema of a body without the field `name`, or with null in it."""
    return {"properties": {name: {"type": "null"}}}


def any_of(*choices: Schema) -> Schema:
    """Return the schema of a body for which one of the choices holds, or several."""
    return {"anyOf": [*choices]}


def one_of(*choices: Schema) -> Schema:
    """Return the schema of a body for which exactly one of the choices holds."""
    return {"oneOf": [*choices]}


class Documented:
    """Keywords of a field in the API's documentation, for what a validator of ours checks."""

    def __init__(self, **keywords: Any) -> None:
        self._keywords = keywords

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> Schema:
        return handler(core) | self._keywords


DISTINCT: Final = Documented(uniqueItems=True)
_VISIBLE: Final = Documented(pattern=text.VISIBLE)


class Strict(BaseModel):
    """A request body that refuses unknown fields, server-owned ones included."""

    model_config = ConfigDict(extra="forbid", str_max_length=5000)

    @model_validator(mode="before")
    @classmethod
    def _drop_blanks(cls, value: Any) -> Any:
        """Treat an optional text without a visible character as absent."""
        if not isinstance(value, dict):
            return value
        optional = _optional_texts(cls)
        return {name: item for name, item in value.items() if not (name in optional and _is_blank(item))}


@cache
def _optional_texts(model: type[BaseModel]) -> frozenset[str]:
    return frozenset(
        name
        for name, field in model.model_fields.items()
        if not field.is_required() and _is_text_or_none(field.annotation)
    )


def _is_text_or_none(annotation: Any) -> bool:
    kinds = {get_args(kind)[0] if get_origin(kind) is Annotated else kind for kind in get_args(annotation)}
    return kinds == {str, NoneType}


def _is_blank(value: Any) -> bool:
    try:
        return isinstance(value, str) and not text.clean(value)
    except ValueError:  # of control characters: the field says so
        return False


_FIRST_MOMENT: Final = datetime(MINYEAR, 1, 1, tzinfo=UTC)
_LAST_MOMENT: Final = datetime(MAXYEAR, 12, 31, 23, 59, 59, tzinfo=UTC)


def _nearest_in_utc(value: datetime) -> datetime:
    """Return a moment in UTC; beyond the first and the last year, the end of time on that side."""
    try:
        return value.astimezone(UTC)
    except OverflowError:
        return _FIRST_MOMENT if value.year == MINYEAR else _LAST_MOMENT


_RFC_3339: Final = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", re.ASCII | re.IGNORECASE
)
_FULL_DATE: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def _require_rfc_3339(value: Any) -> Any:
    """Refuse what pydantic would read too: numbers of seconds, times without seconds, zones without a colon."""
    if not (isinstance(value, str) and _RFC_3339.fullmatch(value)):
        raise ValueError("时间要写成 2026-03-04T17:30:00+08:00 这样，秒和时区不能少")
    return value


_DIGITS: Final = re.compile(r"-?(0|[1-9]\d*)", re.ASCII)


def _require_digits(value: Any) -> Any:
    """Refuse what pydantic would read too: `+5`, `5.0`, `1_0`, `005`, blanks around."""
    if isinstance(value, str) and not _DIGITS.fullmatch(value):
        raise ValueError("整数只用数字写，如 20")
    return value


def _restore_plus(value: Any) -> Any:
    """Return a time of a query with its plus sign: unescaped it arrives as a space."""
    return value.replace(" ", "+") if isinstance(value, str) else value


def _require_full_date(value: Any) -> Any:
    """Refuse what pydantic would read too: numbers of seconds, and times at midnight."""
    is_date = type(value) is date or (isinstance(value, str) and _FULL_DATE.fullmatch(value))
    if not is_date:
        raise ValueError("日期要写成 2026-12-01 这样")
    return value


_RELATIVE_DAY: Final = re.compile(r"(today|week)(?:[+\- ](\d{1,3}))?", re.ASCII)


def _resolve_day(value: Any) -> Any:
    """Return the day that `today`, `today-7` or `today+1` is, or `week`: Monday. Any other value as it is.

    A plus may arrive as a space.
    """
    match = _RELATIVE_DAY.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        return value
    days = timedelta(days=int(match[2] or 0))
    day = clock.now().astimezone(SHANGHAI).date()
    if match[1] == "week":
        day -= timedelta(days=day.weekday())
    return day - days if "-" in match[0] else day + days


def _in_utc(value: datetime) -> datetime:
    try:
        return value.astimezone(UTC)
    except OverflowError:
        raise ValueError("时间超出了范围") from None


Timestamp = Annotated[AwareDatetime, BeforeValidator(_require_rfc_3339), AfterValidator(_in_utc)]
QueryTimestamp = Annotated[
    AwareDatetime,
    BeforeValidator(_require_rfc_3339),
    BeforeValidator(_restore_plus),
    AfterValidator(_nearest_in_utc),
]
IN_DIGITS: Final = BeforeValidator(
    _require_digits
)  # of a query's number, after its bounds; those of a body are strict
Day = Annotated[date, BeforeValidator(_require_full_date)]
# A day of a filter, so that a saved one means the day on which it is opened.
RelativeDay = Annotated[date, BeforeValidator(_require_full_date), BeforeValidator(_resolve_day)]
Text = Annotated[str, AfterValidator(_clean_text), _VISIBLE]  # each use sets its own max_length
ShortText = Annotated[str, StringConstraints(max_length=200), AfterValidator(_clean_text), _VISIBLE]
Paragraph = Annotated[str, StringConstraints(max_length=2000), AfterValidator(_clean_text), _VISIBLE]
RoomNumber = Annotated[
    str, StringConstraints(pattern=r"^[0-9A-Za-z]{1,6}(-[0-9A-Za-z]{1,6})?$"), Field(description="301, 12-3A")
]
Name = Annotated[str, StringConstraints(max_length=200), AfterValidator(_check_name), _VISIBLE]
GivenName = Annotated[  # by somebody else
    str, StringConstraints(max_length=200), AfterValidator(_check_given_name), _VISIBLE
]
