"""Persons and their logins: tables, and the shapes of sign-in and profile."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, model_validator
from sqlmodel import Field, SQLModel

from app.enums import Role
from app.models import columns
from app.models.fields import Name, RoomNumber, Strict, Text, example, one_of, present


class Person(SQLModel, table=True):
    """A person who can sign in. Name and phone are optional; the openid never leaves the server."""

    id: UUID = columns.primary_key()
    created_at: datetime
    openid: str | None = Field(default=None, unique=True)
    unionid: str | None = None
    demo: str | None = Field(default=None, unique=True)  # the persona of demo mode
    name: str | None = None
    phone_sealed: bytes | None = None  # AES-GCM; see services.encryption
    phone_index: bytes | None = Field(default=None, index=True)  # blind index
    phone_masked: str | None = None  # 138****5678
    phone_verified: bool = columns.flag()
    language: str | None = None
    home_id: UUID | None = Field(default=None, foreign_key="place.id", index=True)
    household_id: UUID | None = Field(
        default=None, foreign_key="place.id", index=True
    )  # the room of the home, if it was named
    consent_version: str | None = None
    consent_at: datetime | None = None
    erased_at: datetime | None = None
    muted: list[str] = columns.texts()  # groups of notices that are turned off, see rules.notices
    quiet_nights: bool = columns.flag()  # notices that are not urgent wait until the morning
    stamp: int = (
        columns.number()
    )  # `auth_version` in code; rises with every change of what this person may do
    # Set for the person that stands for an organisation: all its API keys act as this one person.
    organisation_id: UUID | None = Field(default=None, foreign_key="organisation.id", unique=True)


class Login(SQLModel, table=True):
    """One login and the refresh tokens that are rotated from it."""

    id: UUID = columns.primary_key()
    person_id: UUID = Field(foreign_key="person.id", index=True)
    kind: str  # wechat, demo, scan, key
    created_at: datetime
    generation: int = columns.number()  # how often the refresh token was rotated
    rotated_at: datetime
    revoked_at: datetime | None = None


class TokensOut(BaseModel):
    """An access token, valid for `expires_in` seconds, and a refresh token that can be exchanged once for new ones.

    The refresh token is empty if `X-Refresh-Token: cookie` asked for it as a cookie.
    """

    access_token: str
    refresh_token: str
    expires_in: int
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105 - the name of a scheme


class PostOfMe(BaseModel):
    """A post the caller holds. Absent from `absent_from` to `absent_until`, both included; without an end, until changed."""

    id: UUID
    role: Role
    role_name: str
    place_id: UUID | None
    label: str
    absent_from: date | None
    absent_until: date | None


class OrganisationOfMe(BaseModel):
    """The organisation the caller is an agent of."""

    id: UUID
    name: str
    kind: str


class HouseholdOfMe(BaseModel):
    """The household the caller says to live in: a room of their home. `label` reads from the estate down."""

    id: UUID
    room: str
    label: str


class PersonOut(BaseModel):
    """The caller's own profile. `consent` is false until the caller agrees to the current privacy guide. `honorary`: posts
    that residents hold for their building (楼长), which give no right; all others are `posts`.
    """

    id: UUID
    name: str | None
    phone_masked: str | None
    phone_verified: bool
    language: str | None
    home_id: UUID | None
    household: HouseholdOfMe | None = None
    consent: bool
    posts: list[PostOfMe]
    honorary: list[PostOfMe]
    organisation: OrganisationOfMe | None = None


class SignedInOut(TokensOut):
    """Tokens and the person who signed in."""

    person: PersonOut


class WechatIn(Strict):
    model_config = example(code="0e1Xyz00")

    code: Text = Field(max_length=256, description="The code from `wx.login`; valid once, for five minutes.")
    persona: Text | None = Field(
        None, max_length=64, description="Only in demo mode: whom of the demo street to sign in as."
    )


class DemoIn(Strict):
    model_config = example(persona="resident")

    persona: Text = Field(max_length=64)


class RefreshIn(Strict):
    model_config = example(refresh_token="ldr_…")  # noqa: S106 - an example

    refresh_token: Text | None = Field(
        None, max_length=512, description="Absent where it is in the cookie: `X-Refresh-Token: cookie`."
    )


class PersonaOut(BaseModel):
    """A person of the demo street one can sign in as."""

    persona: str
    label: str


class ConsentOut(BaseModel):
    """The current privacy guide."""

    version: str
    text: str


class ConsentIn(Strict):
    model_config = example(version="2026-11")

    version: Text = Field(max_length=64)


class InvitationIn(Strict):
    model_config = example(code="7KQ2MXH9PT")

    code: Text = Field(max_length=64)


class MeIn(Strict):
    """The fields of one's own profile that can be changed; absent fields stay as they are.

    `room` is the number on the door of the home; another home has none until it is said.
    """

    name: Name | None = None
    home_id: UUID | None = None
    room: RoomNumber | None = None
    language: Literal["zh-Hans", "en", "kk", "ug", "mn"] | None = None


class PhoneIn(Strict):
    """Either the code from WeChat's phone button (a verified number) or a typed number, which is for contact only."""

    model_config = example(one_of(present("phone"), present("code")), phone="138 1234 5678")

    phone: Text | None = Field(default=None, max_length=40)
    code: Text | None = Field(default=None, max_length=256, description="Valid once, for five minutes.")

    @model_validator(mode="after")
    def _require_one(self) -> "PhoneIn":
        if (self.phone is None) == (self.code is None):
            raise ValueError("请填写手机号，或者用微信手机号，只能选一种")
        return self
