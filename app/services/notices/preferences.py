"""Which groups of notices a person has muted, and whether their nights are quiet."""

from typing import Final

from app import db, words
from app.models.notice import GroupOut, NightOut, NoticeSettingsIn, NoticeSettingsOut
from app.rules.access import Actor
from app.rules.notices import NIGHT_BEGINS, NIGHT_ENDS, Group
from app.sql import Statement

# Each group that can be muted: its name and its explanation.
GROUP_LABELS: Final[dict[Group, tuple[str, str]]] = {
    Group.MINE: ("我的上报", "我上报的问题的受理、派遣、办结等进展"),
    Group.WORK: ("办理进展", "我办理的工单的接单、评价等进展"),
    Group.REMINDERS: ("提醒", "快到期限的提醒和催办"),
    Group.COMMENTS: ("留言", "工单里的新留言"),
}
NEVER_MUTED: Final = "新派来的工单、超期提醒和办理人员向您的提问始终通知，不能关闭"


async def read_preferences(actor: Actor) -> NoticeSettingsOut:
    """Return the caller's settings."""
    row = await db.execute_one(_SELECT, person_id=actor.person_id)
    assert row is not None, "a signed-in person has a row"
    return NoticeSettingsOut(
        **{group.value: group not in row["muted"] for group in GROUP_LABELS},
        quiet_nights=row["quiet_nights"],
        night=NightOut(begins=f"{NIGHT_BEGINS:%H:%M}", ends=f"{NIGHT_ENDS:%H:%M}"),
        groups=[
            GroupOut(group=group.value, name=words.say(name), explained=words.say(explanation))
            for group, (name, explanation) in GROUP_LABELS.items()
        ],
        kept=words.say(NEVER_MUTED),
    )


async def change_preferences(actor: Actor, form: NoticeSettingsIn) -> NoticeSettingsOut:
    """Replace the caller's settings, from the next event on."""
    muted = [group.value for group in GROUP_LABELS if not getattr(form, group)]
    await db.execute(_UPDATE, person_id=actor.person_id, muted=muted, quiet_nights=form.quiet_nights)
    return await read_preferences(actor)


_SELECT: Final = Statement("SELECT muted, quiet_nights FROM person WHERE id = :person_id")
_UPDATE: Final = Statement(
    "UPDATE person SET muted = :muted, quiet_nights = :quiet_nights WHERE id = :person_id"
)
