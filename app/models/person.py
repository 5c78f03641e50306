"""Persons and their sign-ins."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, model_validator
from sqlmodel import Field, SQLModel

from app.models import columns
from app.models.said import Name, Strict, Text, example
from app.words import Role


class Person(SQLModel, table=True):
    """Somebody who signs in. Name and phone are optional; the openid never leaves the server."""

    id: UUID = columns.key()
    created_at: datetime
    openid: str | None = Field(default=None, unique=True)
    unionid: str | None = None
    demo: str | None = Field(default=None, unique=True)  # the persona of demo mode
    name: str | None = None
    phone_sealed: bytes | None = None  # AES-GCM; see services.vault
    phone_index: bytes | None = Field(default=None, index=True)  # blind index
    phone_masked: str | None = None  # 138****5678
    phone_verified: bool = columns.flag()
    language: str | None = None
    home_id: UUID | None = Field(default=None, foreign_key="place.id")
    consent_version: str | None = None
    consent_at: datetime | None = None
    erased_at: datetime | None = None
    muted: list[str] = columns.texts()  # groups of notices not wanted, see rules.notices
    quiet_nights: bool = columns.flag()  # what can wait is told in the morning
    stamp: int = columns.number()  # rises with every change of what this person may do
    # An organisation as somebody who acts: what its API keys do is done by this person, whichever key it was.
    organisation_id: UUID | None = Field(default=None, foreign_key="organisation.id", unique=True)


class Login(SQLModel, table=True):
    """One sign-in and the family of refresh tokens that came from it."""

    id: UUID = columns.key()
    person_id: UUID = Field(foreign_key="person.id", index=True)
    kind: str  # wechat, demo, scan, key
    created_at: datetime
    generation: int = columns.number()  # how often the refresh token was rotated
    rotated_at: datetime
    revoked_at: datetime | None = None


class TokensOut(BaseModel):
    """An access token (`expires_in` seconds) and the refresh token that replaces both, once."""

    access_token: str
    refresh_token: str
    expires_in: int
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105 - the name of a scheme


class PostOfMe(BaseModel):
    """A post the caller holds. Away from `absent_from` to `absent_until`, both days included; without an end, until changed."""

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


class PersonOut(BaseModel):
    """The caller's own profile. `consent` is false until the current privacy guide was agreed to."""

    id: UUID
    name: str | None
    phone_masked: str | None
    phone_verified: bool
    language: str | None
    home_id: UUID | None
    consent: bool
    posts: list[PostOfMe]
    organisation: OrganisationOfMe | None = None


class SignedInOut(TokensOut):
    """Tokens and who signed in."""

    person: PersonOut


class WechatIn(Strict):
    model_config = example(code="0e1Xyz00")

    code: Text = Field(max_length=256, description="What `wx.login` gave; good once, for five minutes.")


class DemoIn(Strict):
    model_config = example(persona="resident")

    persona: Text = Field(max_length=64)


class RefreshIn(Strict):
    model_config = example(refresh_token="ldr_…")  # noqa: S106 - an example

    refresh_token: Text = Field(max_length=512)


class PersonaOut(BaseModel):
    """Somebody of the demo street one can sign in as."""

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
    """What one may change of one's own profile; what is absent stays."""

    name: Name | None = None
    home_id: UUID | None = None
    language: Literal["zh-Hans", "en", "kk", "ug", "mn"] | None = None


class PhoneIn(Strict):
    """One of both: what WeChat's phone button gave (a verified number), or a typed number, which is contact only."""

    model_config = example(phone="138 1234 5678")

    phone: Text | None = Field(default=None, max_length=40)
    code: Text | None = Field(default=None, max_length=256, description="Good once, for five minutes.")

    @model_validator(mode="after")
    def _one_of_both(self) -> "PhoneIn":
        if (self.phone is None) == (self.code is None):
            raise ValueError("请填写手机号，或者用微信手机号，只能选一种")
        return self
