"""Stairwell codes: WeChat's images of them, the ones that were replaced, and the shapes of replacing one."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel
from pydantic import Field as PydanticField
from sqlmodel import Field, SQLModel

from app.models.fields import Strict, example


class WechatCode(SQLModel, table=True):
    """The image of a mini-program code. It is good for ever, so WeChat is asked for it once."""

    __tablename__ = "wechat_code"

    appid: str = Field(primary_key=True)  # the image opens this mini-program and no other
    scene: str = Field(primary_key=True)
    image: bytes
    created_at: datetime


class FormerScene(SQLModel, table=True):
    """A code that was replaced: whoever scans it is told so."""

    __tablename__ = "former_scene"

    scene: str = Field(primary_key=True)
    place_id: UUID = Field(foreign_key="place.id")
    ended_at: datetime


class ReplaceCodeIn(Strict):
    """The code to replace, as its `scene`: a repeated request replaces nothing more. The audit has the reason."""

    model_config = example(scene="7KQ2MXH9PT7K", reason="defaced")

    scene: Annotated[str, PydanticField(min_length=1, max_length=64, pattern=r"^[!-~]+$")]
    reason: Literal["lost", "defaced", "misplaced"] | None = None


class SheetsOut(BaseModel):
    """What printing the codes of a place takes: how many there are, on how many sheets of A4."""

    place_id: UUID
    codes: int
    sheets: int


class CodeOut(BaseModel):
    """The code of a place, as its `scene`."""

    place_id: UUID
    scene: str
