"""What a person lets us send: one acceptance is one message, but for long-term templates."""

from typing import Final

from app import clock, db
from app.errors import Invalid
from app.models.wechat import AskedOut, SubscriptionOut, SubscriptionsIn, SubscriptionsOut
from app.rules import subscribe_messages
from app.rules.access import Actor
from app.rules.subscribe_messages import MAX_CREDIT, MOMENTS
from app.services.subscriptions.templates import templates
from app.sql import Statement


async def read_subscriptions(actor: Actor) -> SubscriptionsOut:
    """Return the caller's subscriptions, and what to ask them for at each moment."""
    known = templates()
    rows = {row["template_id"]: row for row in await db.execute(_SELECT, person_id=actor.person_id)}
    unwanted = {
        template.id
        for template in known.values()
        if (row := rows.get(template.id))
        and (row["refused_at"] or row["remaining"] >= (1 if template.long_term else MAX_CREDIT))
    }
    items = []
    for event, template in known.items():
        row = rows.get(template.id)
        remaining = row["remaining"] if row else 0
        items.append(
            SubscriptionOut(
                event=event,
                template_id=template.id,
                remaining=None if template.long_term and remaining else remaining,
                refused=bool(row and row["refused_at"]),
            )
        )
    moments = {
        name: [
            AskedOut(event=event, template_id=known[event].id)
            for event in subscribe_messages.moment(name, known, unwanted)
        ]
        for name in MOMENTS
    }
    return SubscriptionsOut(subscriptions=items, moments=moments)


_SELECT: Final = Statement(
    "SELECT template_id, remaining, refused_at FROM subscription WHERE person_id = :person_id"
)


async def record_answers(actor: Actor, form: SubscriptionsIn) -> SubscriptionsOut:
    """Count what the caller has just accepted, and remember what they refused for good. Raises Invalid.

    Two events may share a template, which is asked for and accepted once.
    """
    known = templates()
    for n, answer in enumerate(form.templates):
        if answer.event not in known:
            raise Invalid.at(f"/templates/{n}/event", "没有这种消息的模板")
    answers = {known[answer.event].id: answer for answer in form.templates}
    await db.execute(
        _RECORD,
        person_id=actor.person_id,
        now=clock.now(),
        max_credit=MAX_CREDIT,
        template_ids=list(answers),
        accepted=[answer.accepted for answer in answers.values()],
        refused=[answer.always and not answer.accepted for answer in answers.values()],
    )
    return await read_subscriptions(actor)


# Whoever accepts wants messages again.
_RECORD: Final = Statement("""
INSERT INTO subscription AS s (person_id, template_id, remaining, refused_at)
SELECT :person_id, a.template_id, a.accepted::int, CASE WHEN a.refused THEN :now::timestamptz END
FROM unnest(:template_ids::text[], :accepted::bool[], :refused::bool[]) a(template_id, accepted, refused)
ON CONFLICT (person_id, template_id) DO UPDATE SET
    remaining = least(s.remaining + excluded.remaining, :max_credit),
    refused_at = CASE WHEN excluded.remaining > 0 THEN NULL ELSE coalesce(excluded.refused_at, s.refused_at) END
""")
