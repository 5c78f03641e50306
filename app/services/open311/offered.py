"""What Open311 offers: the public categories as services, and what who asks for one is told."""

from typing import Any

from app.errors import NotFound
from app.models.category import Category
from app.rules import access
from app.services import catalogue
from app.services.catalogue import Catalogue
from app.services.open311 import jurisdictions
from app.services.tickets import Seen


async def services(jurisdiction_id: str | None) -> list[dict[str, Any]]:
    """Return what may be asked for, with the limit that counts in the jurisdiction."""
    known, office = await catalogue.refresh(), await jurisdictions.find(jurisdiction_id)
    unit = known.units.get(office) if office else None
    categories = known.rules(unit.path if unit else ()).categories
    return [_service(category) for category in categories.values() if is_public(category)]


def is_public(category: Category) -> bool:
    """Tell whether requests of a category are for everybody to see."""
    return category.public and category.code not in access.PRIVATE


def _service(category: Category) -> dict[str, Any]:
    hours = category.resolve_minutes / 60
    counted = "" if category.clock_resolve == "24x7" else "工作"
    call = f"{_call(category)}。" if category.emergency_phone else ""
    return {
        "service_code": category.code,
        "service_name": category.zh,
        "description": f"{call}{hours:g}个{counted}小时内办结",
        "metadata": False,  # nothing more is asked than the standard's own parameters
        "type": "realtime",
        "keywords": category.en,
        "group": category.skill,
    }


def _call(category: Category) -> str | None:
    return f"紧急情况请先拨打{category.emergency_phone}" if category.emergency_phone else None


async def service(code: str, jurisdiction_id: str | None) -> dict[str, Any]:
    """Return the definition of a service: it has no attributes of its own."""
    await jurisdictions.find(jurisdiction_id)
    named(await catalogue.refresh(), code)
    return {"service_code": code, "attributes": []}


def named(known: Catalogue, code: str) -> Category:
    """Return a public category; NotFound for all else."""
    category = known.categories.get(code)
    if category is None or not is_public(category):
        raise NotFound("service_code：没有这项服务，请看 services 列表")
    return category


def receipt(seen: Seen) -> dict[str, Any]:
    """Return what who asked is told of their new request."""
    return {
        "service_request_id": str(seen.ticket["id"]),
        "service_notice": _call(seen.catalogue.categories[seen.ticket["category"]]),
        "account_id": None,
    }
