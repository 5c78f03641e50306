"""The parameters of Open311 GeoReport v2, by their names in the standard."""

from typing import Annotated, Any, Final, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    Field,
    StringConstraints,
    model_validator,
)

from app import text
from app.models.fields import (
    IN_DIGITS,
    GivenName,
    Paragraph,
    QueryTimestamp,
    ShortText,
    Text,
    any_of,
    example,
    present,
)
from app.models.ticket import OnBehalfIn

MAX_PAGE_SIZE: Final = 1000  # requests, by the standard


def _without_blanks(value: Any) -> Any:
    """Drop empty parameters: the standard treats them as absent. (Parameters it does not name are ignored.)"""
    if not isinstance(value, dict):
        return value
    return {name: item for name, item in value.items() if not (isinstance(item, str) and not item.strip())}


class CommonParameters(BaseModel):
    """The parameters of every call."""

    @model_validator(mode="before")
    @classmethod
    def _drop_blanks(cls, value: Any) -> Any:
        return _without_blanks(value)

    jurisdiction_id: Annotated[str, Field(max_length=64)] | None = Field(
        None, description="A community or street, by its code or id; none: all there are."
    )
    api_key: Annotated[str, Field(max_length=100)] | None = Field(
        None, description="An API key, where none is in the header `Authorization: Bearer`."
    )


def _split(value: Any) -> list[str]:
    """Return the items of a comma-delimited parameter, which may also be repeated."""
    values = value if isinstance(value, list) else [value]
    return [part.strip() for item in values for part in str(item).split(",") if part.strip()]


CommaList = Annotated[list[str], BeforeValidator(_split)]
Statuses = Annotated[list[Literal["open", "closed"]], BeforeValidator(_split)]


class RequestFilter(CommonParameters):
    """Which requests to list: of 90 days at most, by default the last ones; `service_request_id` overrides the rest."""

    service_request_id: CommaList = Field([], description="Several: comma-delimited.")
    service_code: CommaList = Field([], description="Several: comma-delimited. None: every service.")
    start_date: QueryTimestamp | None = None
    end_date: QueryTimestamp | None = None
    status: Statuses = Field([], description="`open`, `closed` or both, comma-delimited.")
    page: Annotated[int, Field(ge=1, le=1000), IN_DIGITS] = 1
    page_size: Annotated[int, Field(ge=1, le=MAX_PAGE_SIZE), IN_DIGITS] = MAX_PAGE_SIZE


class CitizenIn(OnBehalfIn):
    """The person who reported it to the other system; the office may write to them if there is no number to call."""

    email: str | None = None


_Degrees = Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]
_EMAIL: Final = r"^[^@\s<>]+@[^@\s<>]+\.[^@\s<>]+$"


class RequestIn(CommonParameters):
    """A new request: a service and a place, by `lat` and `long` (WGS84), `address_id` or `address_string`."""

    model_config = example(
        {"dependentRequired": {"lat": ["long"], "long": ["lat"]}},
        any_of(present("description"), present("media_url")),
        service_code="stair_light",
        lat=29.6025,
        long=106.5253,
        description="944号4单元3楼灯不亮",
    )

    service_code: Annotated[Text, Field(max_length=64)]
    lat: _Degrees | None = None
    long: _Degrees | None = None
    address_string: ShortText | None = None
    address_id: Annotated[str, Field(max_length=64)] | None = None
    description: Paragraph | None = None
    media_url: Annotated[str, Field(max_length=2000)] | None = None
    first_name: GivenName | None = None
    last_name: GivenName | None = None
    phone: Annotated[Text, Field(max_length=40)] | None = None
    email: (
        Annotated[str, StringConstraints(max_length=254, pattern=_EMAIL), AfterValidator(text.clean)] | None
    ) = None

    @model_validator(mode="after")
    def _check(self) -> "RequestIn":
        if (self.lat is None) != (self.long is None):
            raise ValueError("lat 和 long 要一起给")
        if self.name is not None and not text.is_name(self.name, with_remarks=True):
            raise ValueError("姓名太长了，最多 60 个字")
        return self

    @property
    def name(self) -> str | None:
        """The full name, in the order of its script: 王小明 or Mary Smith."""
        if not (self.first_name and self.last_name):
            return self.first_name or self.last_name
        if self.first_name.isascii() and self.last_name.isascii():
            return f"{self.first_name} {self.last_name}"
        return self.last_name + self.first_name

    @property
    def citizen(self) -> CitizenIn | None:
        """The person who reported it; None if nothing is known of them."""
        if not (self.name or self.phone or self.email):
            return None
        return CitizenIn(name=self.name, phone=self.phone, email=self.email)
