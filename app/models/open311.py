"""What Open311 GeoReport v2 is asked: the parameters of its list and of a new request, by the names the standard has."""

from datetime import UTC, datetime
from typing import Annotated, Any, Final, Literal

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    StringConstraints,
    model_validator,
)
from pydantic import Field as Said

from app import text
from app.models.said import Line, Name, Paragraph, Text, example
from app.models.ticket import OnBehalfIn

MOST: Final = 1000  # requests of one answer, by the standard


def _without_blanks(value: Any) -> Any:
    """Drop parameters that are empty: the standard takes them for absent. What it does not name is passed over."""
    if not isinstance(value, dict):
        return value
    return {name: said for name, said in value.items() if not (isinstance(said, str) and not said.strip())}


class Spoken(BaseModel):
    """Parameters as they come."""

    @model_validator(mode="before")
    @classmethod
    def _given(cls, value: Any) -> Any:
        return _without_blanks(value)

    jurisdiction_id: Annotated[str, Said(max_length=64)] | None = Said(
        None, description="A community or street, by its code or id; none: all there are."
    )
    api_key: Annotated[str, Said(max_length=100)] | None = Said(
        None, description="An API key, where none is in the header `Authorization: Bearer`."
    )


def _each(value: Any) -> list[str]:
    """Return what stands between commas, also where a parameter is repeated."""
    said = value if isinstance(value, list) else [value]
    return [part.strip() for one in said for part in str(one).split(",") if part.strip()]


def _moment(value: Any) -> datetime:
    try:
        # A plus sign that was not escaped arrives as a blank.
        moment = datetime.fromisoformat(str(value).strip().replace(" ", "+"))
        if moment.tzinfo is None:
            raise ValueError
        return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError("时间要写成 2026-03-04T00:00:00+08:00 或 2026-03-03T16:00:00Z，时区不能少") from None


Each = Annotated[list[str], BeforeValidator(_each)]
Moment = Annotated[AwareDatetime, BeforeValidator(_moment)]
States = Annotated[list[Literal["open", "closed"]], BeforeValidator(_each)]


class WantedIn(Spoken):
    """Which requests: of 90 days at most, the last ones unless said; `service_request_id` overrides all else."""

    service_request_id: Each = Said([], description="Several: comma-delimited.")
    service_code: Each = Said([], description="Several: comma-delimited. None: every service.")
    start_date: Moment | None = None
    end_date: Moment | None = None
    status: States = Said([], description="`open`, `closed` or both, comma-delimited.")
    page: int = Said(1, ge=1, le=1000)
    page_size: int = Said(MOST, ge=1, le=MOST)


class CitizenIn(OnBehalfIn):
    """Who told it to the city's own system; the office may write to them where there is no number to call."""

    email: str | None = None


_Degrees = Annotated[float, Said(ge=-180, le=180, allow_inf_nan=False)]
_MAIL: Final = r"^[^@\s<>]+@[^@\s<>]+\.[^@\s<>]+$"


class RequestIn(Spoken):
    """A new request: a service and a place, by `lat` and `long` (WGS84), `address_id` or `address_string`."""

    model_config = example(
        service_code="stair_light", lat=29.6025, long=106.5253, description="944号4单元3楼灯不亮"
    )

    service_code: Annotated[Text, Said(max_length=64)]
    lat: _Degrees | None = None
    long: _Degrees | None = None
    address_string: Line | None = None
    address_id: Annotated[str, Said(max_length=64)] | None = None
    description: Paragraph | None = None
    media_url: Annotated[str, Said(max_length=2000)] | None = None
    first_name: Name | None = None
    last_name: Name | None = None
    phone: Annotated[Text, Said(max_length=40)] | None = None
    email: (
        Annotated[str, StringConstraints(max_length=254, pattern=_MAIL), AfterValidator(text.clean)] | None
    ) = None

    @model_validator(mode="after")
    def _whole(self) -> "RequestIn":
        if (self.lat is None) != (self.long is None):
            raise ValueError("lat 和 long 要一起给")
        if self.name is not None and not text.is_name(self.name):
            raise ValueError("姓名太长了，最多 60 个字")
        return self

    @property
    def name(self) -> str | None:
        """The whole name: 王小明 or Mary Smith, as the script has it."""
        if not (self.first_name and self.last_name):
            return self.first_name or self.last_name
        if self.first_name.isascii() and self.last_name.isascii():
            return f"{self.first_name} {self.last_name}"
        return self.last_name + self.first_name

    @property
    def citizen(self) -> CitizenIn | None:
        """Who is to be reached about it, where anything is said of them."""
        if not (self.name or self.phone or self.email):
            return None
        return CitizenIn(name=self.name, phone=self.phone, email=self.email)
