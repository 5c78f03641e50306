"""Group robots of WeCom: the tables, and the shapes of setting one."""

from datetime import datetime
from typing import Annotated, NamedTuple, TypedDict
from uuid import UUID

from pydantic import BaseModel
from pydantic import Field as PydanticField
from sqlalchemy import DateTime, Index, text
from sqlalchemy.dialects import postgresql
from sqlmodel import Field, SQLModel

from app.models import columns
from app.models.fields import Strict, Timestamp, example


class Robot(SQLModel, table=True):
    """The robot of a grid, community, street or organisation (`owner_id`). Only its key is kept, encrypted."""

    owner_id: UUID = Field(primary_key=True)
    place_id: UUID | None = Field(default=None, foreign_key="place.id")
    organisation_id: UUID | None = Field(default=None, foreign_key="organisation.id")
    sealed: bytes  # see services.encryption
    ending: str  # the last four characters of the key, to tell one robot from another
    changed_at: datetime
    disabled_at: datetime | None = None  # WeCom does not know it any more
    sent_at: list[datetime] = Field(  # within the last minute
        default_factory=list,
        sa_type=postgresql.ARRAY(DateTime(timezone=True)),
        sa_column_kwargs={"server_default": "{}"},
    )
    failures: int = columns.number()  # in a row
    busy_until: datetime | None = None  # a worker has it, or it rests after a failure


class RobotMessage(SQLModel, table=True):
    """Something to say in a group. `outcome`, once settled: sent, unknown (no answer), refused, late, gone."""

    __tablename__ = "robot_message"
    __table_args__ = (
        Index("robot_message_once", "owner_id", "ticket_id", "seq", unique=True),
        Index("robot_message_due", "owner_id", "due_at", postgresql_where=text("settled_at IS NULL")),
    )

    id: UUID = columns.primary_key()
    owner_id: UUID = Field(foreign_key="robot.owner_id", ondelete="CASCADE")
    ticket_id: UUID  # of the subject, see models.event
    subject: str = Field(default="ticket", sa_column_kwargs={"server_default": "ticket"})
    seq: int  # 0: its time is over
    kind: str  # rules.robots.Kind
    created_at: datetime
    due_at: datetime
    settled_at: datetime | None = None
    outcome: str | None = None


class NewRing(NamedTuple):
    """A message to insert, if its owner has a robot."""

    id: UUID
    owner_id: UUID
    ticket_id: UUID
    seq: int
    kind: str
    due_at: datetime
    subject: str = "ticket"


class RingRow(TypedDict):
    """A due message with what it says of its ticket or subject."""

    id: UUID
    ticket_id: UUID
    subject: str
    kind: str
    category: str | None  # its Chinese name; of a subject None
    place: str | None
    due: datetime | None


class RobotIn(Strict):
    """The robot's address as WeCom shows it; null removes the robot.

    `changed_at`: of the answer that whoever changes it has read, null where there was none. When given, a robot that
    somebody else has changed since stays as it is (409).
    """

    model_config = example(
        url="https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa"
    )

    url: Annotated[str, PydanticField(min_length=1, max_length=300)] | None
    changed_at: Timestamp | None = None

    @property
    def guarded(self) -> bool:
        """Whether it holds only for the robot that was read."""
        return "changed_at" in self.model_fields_set


class RobotOut(BaseModel):
    """A robot; all but `owner_id` and `active` are null where there is none. `address` tells robots apart and no more.

    `active` is false where there is none, and once WeCom does not know it any more. `greeted`: whether a first message
    has reached the group, in the answer to the request that set it.
    """

    owner_id: UUID
    address: str | None
    active: bool
    changed_at: datetime | None
    greeted: bool | None = None
