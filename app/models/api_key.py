"""API keys: how an organisation's own system signs in, limited by scopes."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, BaseModel
from pydantic import Field as PydanticField
from sqlmodel import Field, SQLModel

from app.enums import Scope
from app.models import columns
from app.models.fields import ShortText, Strict, Timestamp, example


class ApiKey(SQLModel, table=True):
    """A key of an organisation. Revoking it ends its login. The key itself is not stored, only its digest."""

    __tablename__ = "api_key"

    id: UUID = columns.primary_key()
    organisation_id: UUID = Field(foreign_key="organisation.id", index=True)
    login_id: UUID = Field(foreign_key="login.id", unique=True)
    name: str
    scopes: list[str] = columns.texts()
    digest: bytes = Field(unique=True)  # SHA-256
    hint: str  # its first characters, to tell keys apart
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None = None  # to the minute


class KeyUse(SQLModel, table=True):
    """How often a key was used in one minute, over all processes. Unlogged: a crash of the database may lose it."""

    __tablename__ = "key_use"
    __table_args__ = ({"prefixes": ["UNLOGGED"]},)

    key_id: UUID = Field(primary_key=True)
    minute: datetime
    used: int


class KeyOut(BaseModel):
    """An API key without its secret. `hint`: its first characters; `last_used_at` is exact to the minute."""

    id: UUID
    name: str
    scopes: list[Scope]
    hint: str
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None


class MadeKeyOut(KeyOut):
    """A new key. `key` is shown in this response only; it is absent when a request is repeated with its Idempotency-Key."""

    key: str | None = None


def _sort_distinct(scopes: list[Scope]) -> list[Scope]:
    return sorted(set(scopes))


Scopes = Annotated[list[Scope], PydanticField(min_length=1, max_length=10), AfterValidator(_sort_distinct)]


class KeyIn(Strict):
    """A key to add. Without `expires_at` it is valid for a year, which is the maximum."""

    model_config = example(name="报修系统", scopes=["tickets:read", "tickets:write"])

    name: ShortText
    scopes: Scopes
    expires_at: Timestamp | None = None


class KeyRevokedOut(BaseModel):
    """The key is revoked, with effect from its next request on."""

    id: UUID
    revoked_at: datetime
