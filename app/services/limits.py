"""A ticket's limits when they are set anew: extended, counted for another category, or as the office has changed them."""

from datetime import datetime
from typing import Any

from app.errors import Invalid
from app.models import act as shapes
from app.models.category import Category
from app.rules import escalation, sla
from app.rules.facts import Facts, changed
from app.rules.lifecycle import OPEN
from app.rules.workdays import Clock
from app.services import calling
from app.services.catalogue import Catalogue
from app.services.scene import Effect, Scene, resolving
from app.words import Status


def extend(scene: Scene, form: shapes.ExtendIn) -> Effect:
    """Lengthen the resolve limit, by no more than itself."""
    limit = scene.ticket["resolve_minutes"]
    if form.minutes > limit:
        raise Invalid.at("/minutes", f"最多延期{limit}分钟，不超过原时限")
    changes = resolving(scene, {"extra_minutes": form.minutes})
    after = changed(scene.ticket, changes)
    changes["resolve_step"] = escalation.still_done(after, "resolve", scene.now, scene.clocks)
    data = {"minutes": form.minutes, "resolve_due": changes["resolve_due"].isoformat()}
    return Effect(changes, data, form.reason)


def recategorise(scene: Scene, form: shapes.RecategoriseIn) -> Effect:
    """Count the limits from submission as if the category had been this one all along."""
    ticket, catalogue = scene.ticket, scene.catalogue
    if form.category not in catalogue.categories:
        raise Invalid.at("/category", "没有这个问题类别")
    if form.category == ticket["category"]:
        raise Invalid.at("/category", "已经是这个类别")
    changes: dict[str, Any] = {"category": form.category}
    return Effect(all_along(scene, changes), {"from": ticket["category"], "to": form.category}, form.reason)


def all_along(scene: Scene, changes: dict[str, Any]) -> dict[str, Any]:
    """Add the limits of another category or place to an act's changes, as if the ticket had been there all along."""
    changes = changes | anew(changed(scene.ticket, changes), scene.catalogue)
    after = changed(scene.ticket, changes)
    clocks = scene.catalogue.clocks(after)
    steps = {
        f"{name}_step": escalation.still_done(after, name, scene.now, clocks) for name in _counted(after)
    }
    return changes | steps | calling.still_done(after, scene.now, clocks)


def anew(ticket: Facts, catalogue: Catalogue) -> dict[str, Any]:
    """Return the limits of an open ticket as its category has them now where it lies, and the due times they give."""
    rules = catalogue.rules_at(ticket)
    category, clocks = rules.categories[ticket["category"]], rules.clocks(ticket["category"])
    changes = {f"{name}_minutes": _minutes(name, ticket, category, clocks) for name in _counted(ticket)}
    after = changed(ticket, changes)
    dues: dict[str, datetime] = {
        f"{name}_due": escalation.due(after, name, 100, clocks) for name in _counted(ticket)
    }
    if ticket["acknowledge_due"] is None:
        changes["acknowledge_minutes"] = category.acknowledge_minutes  # for the next dispatch
    return changes | dues | calling.anew(ticket, category.acknowledge_minutes, clocks)


def _counted(ticket: Facts) -> list[str]:
    """Name the clocks whose due time is still to be met; the resolve clock's also while it stands still."""
    names = ["resolve"] if ticket["status"] in OPEN else []
    names += ["accept"] if ticket["status"] == Status.NEW else []
    return names + (["acknowledge"] if ticket["acknowledge_due"] else [])


def _minutes(name: str, ticket: Facts, category: Category, clocks: escalation.Clocks) -> int:
    minutes: int = getattr(category, f"{name}_minutes")
    if name == "resolve" and ticket["reopens"]:
        return sla.reopened(sla.Limit(minutes, Clock(clocks.resolve)), clocks.calendar).minutes
    return minutes
