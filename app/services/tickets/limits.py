"""Changes of a ticket's limits: an extension, another category or place, changed settings of the office."""

from datetime import datetime
from typing import Any

from app.enums import Status
from app.errors import Invalid
from app.models import act as shapes
from app.models.category import Category
from app.rules import escalation, sla
from app.rules.facts import Facts, with_changes
from app.rules.statuses import OPEN
from app.rules.workdays import Clock
from app.services.setup import Catalogue
from app.services.tickets import departments
from app.services.tickets.context import ActionContext, ActionResult, with_resolve_due


def extend(context: ActionContext, form: shapes.ExtendIn) -> ActionResult:
    """Extend the resolve limit, by at most its original length."""
    limit = context.ticket["resolve_minutes"]
    if form.minutes > limit:
        raise Invalid.at("/minutes", f"最多延期{limit}分钟，不超过原时限")
    changes = with_resolve_due(context, {"extra_minutes": form.minutes})
    after = with_changes(context.ticket, changes)
    changes["resolve_step"] = escalation.passed_moments(after, "resolve", context.now, context.clocks)
    data = {"minutes": form.minutes, "resolve_due": changes["resolve_due"].isoformat()}
    return ActionResult(changes, data, form.reason)


def recategorise(context: ActionContext, form: shapes.RecategoriseIn) -> ActionResult:
    """Change the category. The limits count from submission, as if it had been this one from the start."""
    ticket, catalogue = context.ticket, context.catalogue
    if form.category not in catalogue.categories:
        raise Invalid.at("/category", "没有这个问题类别")
    if form.category == ticket["category"]:
        raise Invalid.at("/category", "已经是这个类别")
    changes: dict[str, Any] = {"category": form.category}
    return ActionResult(
        limits_from_start(context, changes), {"from": ticket["category"], "to": form.category}, form.reason
    )


def limits_from_start(context: ActionContext, changes: dict[str, Any]) -> dict[str, Any]:
    """Return `changes` with the limits of the category or place they set, counted from submission.

    Moments that the new limits move into the future happen again.
    """
    changes = changes | recomputed_limits(with_changes(context.ticket, changes), context.catalogue)
    after = with_changes(context.ticket, changes)
    clocks = context.catalogue.clocks(after)
    steps = {
        f"{name}_step": escalation.passed_moments(after, name, context.now, clocks)
        for name in _clock_names(after)
    }
    return changes | steps | departments.steps_to_repeat(after, context.now, clocks)


def recomputed_limits(ticket: Facts, catalogue: Catalogue) -> dict[str, Any]:
    """Return the limits that `catalogue` gives an open ticket at its place, and the due times that follow."""
    rules = catalogue.rules_at(ticket)
    category, clocks = rules.categories[ticket["category"]], rules.clocks(ticket["category"])
    changes = {f"{name}_minutes": _minutes(name, ticket, category, clocks) for name in _clock_names(ticket)}
    after = with_changes(ticket, changes)
    dues: dict[str, datetime] = {
        f"{name}_due": escalation.due_at(after, name, 100, clocks) for name in _clock_names(ticket)
    }
    if ticket["acknowledge_due"] is None:
        changes["acknowledge_minutes"] = category.acknowledge_minutes  # for the next dispatch
    return changes | dues | departments.recomputed_calls(ticket, category.acknowledge_minutes, clocks)


def _clock_names(ticket: Facts) -> list[str]:
    """Return the names of the clocks that are not yet met: `resolve` (also while paused), `accept`, `acknowledge`."""
    names = ["resolve"] if ticket["status"] in OPEN else []
    names += ["accept"] if ticket["status"] == Status.NEW else []
    return names + (["acknowledge"] if ticket["acknowledge_due"] else [])


def _minutes(name: str, ticket: Facts, category: Category, clocks: escalation.Clocks) -> int:
    minutes: int = getattr(category, f"{name}_minutes")
    if name == "resolve" and ticket["reopens"]:
        return sla.reopened_limit(sla.Limit(minutes, Clock(clocks.resolve)), clocks.calendar).minutes
    return minutes
