"""The kinds of text people may send, cleaned before anything else sees them."""

from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, StringConstraints

from app import text


def _said(value: str) -> str:
    cleaned = text.clean(value)
    if not cleaned:
        raise ValueError("请填写文字")
    return cleaned


def _name(value: str) -> str:
    cleaned = _said(value)
    if not text.is_name(cleaned):
        raise ValueError("姓名只能是文字和间隔号，最多 60 个字")
    return cleaned


def example(**fields: Any) -> ConfigDict:
    """Return the configuration of a shape that shows itself in the API's documentation."""
    return ConfigDict(json_schema_extra={"examples": [fields]})


class Strict(BaseModel):
    """A body that refuses what it does not know: server-owned fields included."""

    model_config = ConfigDict(extra="forbid", str_max_length=5000)


def _moment(value: Any) -> Any:
    if not isinstance(value, str):
        raise ValueError("请填写时间，例如 2026-03-04T17:30:00+08:00")  # noqa: TRY004 - pydantic reads ValueError
    return value


def _in_utc(value: datetime) -> datetime:
    try:
        return value.astimezone(UTC)
    except OverflowError:
        raise ValueError("时间超出了范围") from None


Moment = Annotated[AwareDatetime, BeforeValidator(_moment), AfterValidator(_in_utc)]  # RFC 3339
Text = Annotated[str, AfterValidator(_said)]  # limited by Field(max_length=…) where it stands
Line = Annotated[str, StringConstraints(max_length=200), AfterValidator(_said)]
Paragraph = Annotated[str, StringConstraints(max_length=2000), AfterValidator(_said)]
Name = Annotated[str, StringConstraints(max_length=200), AfterValidator(_name)]
