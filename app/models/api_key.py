"""API keys: how an organisation's own system signs in; what it may do is its scopes."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, BaseModel
from pydantic import Field as Said
from sqlmodel import Field, SQLModel

from app.models import columns
from app.models.said import Line, Moment, Strict, example
from app.words import Scope


class ApiKey(SQLModel, table=True):
    """A key of an organisation. Its sign-in (`login`) is what ends when it is revoked; the key itself is nowhere kept."""

    __tablename__ = "api_key"

    id: UUID = columns.key()
    organisation_id: UUID = Field(foreign_key="organisation.id", index=True)
    login_id: UUID = Field(foreign_key="login.id", unique=True)
    name: str
    scopes: list[str] = columns.texts()
    digest: bytes = Field(unique=True)  # SHA-256
    hint: str  # its beginning, to tell keys apart
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None = None  # to the minute


class KeyUse(SQLModel, table=True):
    """How often a key was used in one minute, all processes together. Unlogged: a crash may forget it."""

    __tablename__ = "key_use"
    __table_args__ = ({"prefixes": ["UNLOGGED"]},)

    key_id: UUID = Field(primary_key=True)
    minute: datetime
    used: int


class KeyOut(BaseModel):
    """A key as those see it who gave it. `hint`: how it begins; `last_used_at` to the minute."""

    id: UUID
    name: str
    scopes: list[Scope]
    hint: str
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None


class MadeKeyOut(KeyOut):
    """A new key. `key` is shown here only; where a request is repeated under its Idempotency-Key it is absent."""

    key: str | None = None


def _distinct(scopes: list[Scope]) -> list[Scope]:
    return sorted(set(scopes))


Scopes = Annotated[list[Scope], Said(min_length=1, max_length=10), AfterValidator(_distinct)]


class KeyIn(Strict):
    """A key to make. Without `expires_at` it is good for a year, the longest there is."""

    model_config = example(name="报修系统", scopes=["tickets:read", "tickets:write"])

    name: Line
    scopes: Scopes
    expires_at: Moment | None = None


class KeyRevokedOut(BaseModel):
    """The key is over, from the next request on."""

    id: UUID
    revoked_at: datetime
