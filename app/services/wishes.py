"""What somebody wants to be told of, by groups of notices."""

from typing import Final

from app import db
from app.models.notice import GroupOut, NightOut, NoticeSettingsIn, NoticeSettingsOut
from app.rules.access import Actor
from app.rules.notices import MORNING, NIGHT, Group

# What a group is for the person who switches it off.
EXPLAINED: Final[dict[Group, tuple[str, str]]] = {
    Group.MINE: ("我的上报", "我上报的问题的受理、派遣、办结等进展"),
    Group.WORK: ("办理进展", "我办理的工单的接单、评价等进展"),
    Group.REMINDERS: ("提醒", "快到期限的提醒和催办"),
    Group.COMMENTS: ("留言", "工单里的新留言"),
}
_KEPT: Final = "新派来的工单、超期提醒和办理人员向您的提问始终通知，不能关闭"


async def read(actor: Actor) -> NoticeSettingsOut:
    """Return what the caller wants to be told of."""
    row = await db.fetchrow("SELECT muted, quiet_nights FROM person WHERE id = $1", actor.person_id)
    assert row is not None, "a signed-in person is there"
    return NoticeSettingsOut(
        **{group.value: group not in row["muted"] for group in EXPLAINED},
        quiet_nights=row["quiet_nights"],
        night=NightOut(begins=f"{NIGHT:%H:%M}", ends=f"{MORNING:%H:%M}"),
        groups=[
            GroupOut(group=group.value, name=name, explained=said)
            for group, (name, said) in EXPLAINED.items()
        ],
        kept=_KEPT,
    )


async def change(actor: Actor, form: NoticeSettingsIn) -> NoticeSettingsOut:
    """Set what the caller wants to be told of, from the next event on."""
    muted = [group.value for group in EXPLAINED if not getattr(form, group)]
    sql = "UPDATE person SET muted = $2, quiet_nights = $3 WHERE id = $1"
    await db.fetch(sql, actor.person_id, muted, form.quiet_nights)
    return await read(actor)
