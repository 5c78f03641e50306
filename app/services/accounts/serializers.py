"""Accounts and transfers as the API answers them."""

from typing import Any
from uuid import UUID

from app import words
from app.enums import AccountSort, CircleKind, TransferReason
from app.labels import ACCOUNT, CIRCLE, ERASED_PERSON, REVERSED, TRANSFER
from app.models.account import AccountOut, CauseOut, CircleOut, LapsingOut, TransferOut
from app.models.event import ActorOut
from app.rules import accounts as rules
from app.rules import points
from app.rules.access import Actor
from app.rules.titles import NamedPost
from app.services.accounts.scope import OFFICES
from app.services.setup import Catalogue


def serialize_account(row: Any, actor: Actor) -> AccountOut:
    """Return an account. Whose it is, its office sees; what is left of somebody who has gone has no name."""
    sort, kind = AccountSort(row["sort"]), CircleKind(row["circle_kind"])
    has_left = sort is AccountSort.PERSON and row["person_id"] is None
    return AccountOut(
        id=row["id"],
        circle=CircleOut(
            id=row["circle_id"],
            kind=kind,
            kind_name=words.say(CIRCLE[kind]),
            community=row["community"],
            offer_id=row["offer_id"],
            offer=row["offer"],
        ),
        sort=sort,
        sort_name=words.say(ACCOUNT[sort]),
        mine=row["person_id"] == actor.person_id,
        name=words.say(ERASED_PERSON) if has_left else row["name"],
        place=row["place"],
        balance=row["balance"],
        lapsing=LapsingOut(on=row["lapse_on"], amount=row["lapsing"]) if row["lapsing"] else None,
        created_at=row["created_at"],
    )


def is_office(actor: Actor, row: Any) -> bool:
    """Tell whether somebody is of the office of a circle's community, or of the street above it."""
    return not set(row["community_path"]).isdisjoint(actor.units(OFFICES))


def serialize_transfer(row: Any, actor: Actor, catalogue: Catalogue) -> TransferOut:
    """Return a transfer as one of its accounts sees it."""
    reason, other = TransferReason(row["reason"]), AccountSort(row["other_sort"])
    name = words.say(TRANSFER[reason])
    account_id: UUID = row["account_id"]
    can_reverse = is_office(actor, row) and rules.refusal_of_reversal(row) is None
    return TransferOut(
        id=row["id"],
        account_id=account_id,
        at=row["at"],
        amount=row["amount"] if row["incoming"] else -row["amount"],
        reason=reason,
        reason_name=words.say(REVERSED, what=name) if row["reverses_id"] else name,
        other=other,
        other_name=words.say(ACCOUNT[other]),
        cause=_cause(row, catalogue),
        reservation_id=row["reservation_id"],
        reverses_id=row["reverses_id"],
        reversed=row["is_reversed"],
        text=row["text"],
        actions=["reverse"] if can_reverse else [],
    )


def _cause(row: Any, catalogue: Catalogue) -> CauseOut | None:
    if row["cause_id"] is None:
        return None
    confirmed_by = None
    if row["role"]:
        named = NamedPost.of(row["role"], row["level"], row["path"], row["title"])
        confirmed_by = ActorOut(
            post=named.role, label=words.translate(catalogue.post_label(named, row["unit"] or ""))
        )
    rule = points.AWARDS.get(row["rule"])
    return CauseOut(
        subject_id=row["cause_id"],
        title=row["cause_title"],
        rule=row["rule"],
        rule_name=words.say(rule.label) if rule else row["rule"],
        at=row["cause_at"],
        confirmed_by=confirmed_by,
    )
