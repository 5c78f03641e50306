"""The robot of a unit or an organisation: read without its address, set with a first message, removed."""

from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit
from uuid import UUID

from app import clock, db, settings
from app.errors import Invalid, StaleSettings, Unreadable
from app.models.robot import RobotIn, RobotOut
from app.rules import robots as rules
from app.rules.access import Actor
from app.services import audit, encryption
from app.services.robots import client
from app.sql import Statement


class Owner(NamedTuple):
    """Whose robot it is: a grid, community or street (`place_id`), or an organisation."""

    label: str
    place_id: UUID | None = None
    organisation_id: UUID | None = None

    @property
    def id(self) -> UUID:
        """The id that is set."""
        owner_id = self.place_id or self.organisation_id
        assert owner_id is not None
        return owner_id


async def read_robot(owner: Owner, *, greeted: bool | None = None) -> RobotOut:
    """Return the robot of an owner; of its address only the host and how it ends."""
    row = await db.execute_one(_SELECT, owner_id=owner.id)
    if row is None:
        return RobotOut(owner_id=owner.id, address=None, active=False, changed_at=None)
    host = urlsplit(settings.get().wecom_api_base).hostname
    return RobotOut(
        owner_id=owner.id,
        address=f"{host} …{row['ending']}",
        active=row["disabled_at"] is None,
        changed_at=row["changed_at"],
        greeted=greeted,
    )


_SELECT: Final = Statement(
    "SELECT sealed, ending, disabled_at, changed_at FROM robot WHERE owner_id = :owner_id"
)


async def set_robot(actor: Actor, owner: Owner, form: RobotIn) -> RobotOut:
    """Set the robot of an owner and greet its group, or remove it; what is so already changes nothing.

    Raises Invalid for an address that is no robot's, or of a robot WeCom does not know; StaleSettings when somebody has
    changed it since it was read.
    """
    values: dict[str, Any] = {
        "owner_id": owner.id,
        "actor_id": actor.person_id,
        "now": clock.now(),
        "guarded": form.guarded,
        "read_at": form.changed_at,
        **audit.entry_values(),
    }
    row = await db.execute_one(_SELECT, owner_id=owner.id)
    if form.url is None:
        if row and not await db.execute_one(_REMOVE, **values):
            raise _changed_meanwhile(owner)
        return await read_robot(owner)
    base = settings.get().wecom_api_base
    key = rules.key_of(form.url, base)
    if key is None:
        raise Invalid.at("/url", f"请粘贴群机器人的完整地址，以 {base}{rules.SEND_PATH}?key= 开头")
    if row and row["disabled_at"] is None and _key(row["sealed"]) == key:
        return await read_robot(owner)
    if form.guarded and form.changed_at != (row["changed_at"] if row else None):
        raise _changed_meanwhile(owner)  # before its group is greeted
    greeted = await _greet(owner, key)
    written = await db.execute_one(
        _UPSERT,
        place_id=owner.place_id,
        organisation_id=owner.organisation_id,
        sealed=encryption.encrypt(key),
        ending=key[-4:],
        **values,
    )
    if not written:
        raise _changed_meanwhile(owner)
    return await read_robot(owner, greeted=greeted)


def _changed_meanwhile(owner: Owner) -> StaleSettings:
    return StaleSettings(f"{owner.label}的群机器人刚刚有人改过，请看最新情况再改")


def _key(sealed: bytes) -> str | None:
    try:
        return encryption.decrypt(sealed)
    except Unreadable:
        return None


async def _greet(owner: Owner, key: str) -> bool:
    """Say in the group what will come, and tell whether it was said. Raises Invalid for a robot WeCom does not know."""
    said = f"楼灯已接入本群：{owner.label}的紧急情况、新工单和超时工单会在这里提醒。"
    try:
        errcode = await client.send(key, said, to_all=False)
    except client.NoAnswer:
        return False
    if errcode in client.INVALID:
        raise Invalid.at("/url", "企业微信说没有这个机器人，请在群里重新复制它的地址")
    return errcode == 0


_SUBJECT: Final = "coalesce(organisation_id, place_id)"
_UNCHANGED: Final = "(NOT :guarded::boolean OR robot.changed_at = :read_at::timestamptz)"
# Nothing is inserted in place of one that was read and is gone.
_UPSERT: Final = Statement(f"""
WITH upsert_robot AS (
    INSERT INTO robot (owner_id, place_id, organisation_id, sealed, ending, changed_at)
    SELECT :owner_id, :place_id, :organisation_id, :sealed, :ending, :now
    WHERE :read_at::timestamptz IS NULL OR EXISTS (SELECT FROM robot WHERE owner_id = :owner_id)
    ON CONFLICT (owner_id) DO UPDATE SET sealed = excluded.sealed, ending = excluded.ending,
        changed_at = excluded.changed_at, disabled_at = NULL, sent_at = '{{}}', failures = 0, busy_until = NULL
    WHERE {_UNCHANGED}
    RETURNING *
)
{audit.insert_entry("robot_set", subject=_SUBJECT, source="upsert_robot")} RETURNING id
""")
_REMOVE: Final = Statement(f"""
WITH delete_robot AS (DELETE FROM robot WHERE owner_id = :owner_id AND {_UNCHANGED} RETURNING *)
{audit.insert_entry("robot_removed", subject=_SUBJECT, source="delete_robot")} RETURNING id
""")
