"""Sign-in on a computer by scanning: the browser holds a secret, the phone approves the code it scanned."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel
from sqlmodel import Field, SQLModel

from app.models import columns
from app.models.fields import Strict, Text, example
from app.models.person import PersonOut


class Scan(SQLModel, table=True):
    """One code on a screen, valid once and for five minutes. Scene and secret are stored as digests only."""

    id: UUID = columns.primary_key()
    scene_digest: bytes = Field(unique=True)
    secret_digest: bytes
    expires_at: datetime = Field(index=True)
    person_id: UUID | None = Field(default=None, foreign_key="person.id")  # who approved
    taken_at: datetime | None = None  # when the tokens were handed out


class ScanOut(BaseModel):
    """A code to show. `qr_png` is a PNG in Base64; `secret` stays in the browser; `expires_in` is in seconds."""

    scan_id: UUID
    secret: str
    scene: str
    qr_png: str
    expires_in: int


class ScanStateOut(BaseModel):
    """The state of a scan. The first response with `approved` has the tokens and the person; later ones read `expired`."""

    status: Literal["pending", "approved", "expired"]
    access_token: str | None = None
    refresh_token: str | None = None
    expires_in: int | None = None
    token_type: Literal["Bearer"] | None = None
    person: PersonOut | None = None


class ScanApproveIn(Strict):
    model_config = example(scene="login-7KQ2MXH9PT7KQ2MXH9PT7KQ2MX")

    scene: Text = Field(max_length=64, description="The content of the code on the screen.")


class ScanApprovedOut(BaseModel):
    """The browser that shows the code is signed in at its next poll."""

    approved: Literal[True] = True
