"""Open311 services: the public categories, and the receipt of a new request."""

from typing import Any

from app.errors import NotFound
from app.models.category import Category
from app.rules import access
from app.services import setup
from app.services.open311.jurisdictions import find_jurisdiction
from app.services.setup import Catalogue
from app.services.tickets import TicketView


async def list_services(jurisdiction_id: str | None) -> list[dict[str, Any]]:
    """Return the public categories, with the time limits that apply in the jurisdiction."""
    catalogue, place_id = await setup.current_catalogue(), await find_jurisdiction(jurisdiction_id)
    unit = catalogue.units.get(place_id) if place_id else None
    categories = catalogue.rules(unit.path if unit else ()).categories
    return [_serialize(category) for category in categories.values() if is_public(category)]


def is_public(category: Category) -> bool:
    """Tell whether everybody may see requests of a category."""
    return category.public and category.code not in access.PRIVATE_CATEGORIES


def public_categories(catalogue: Catalogue) -> list[str]:
    """Return the codes of the public categories."""
    return [code for code, category in catalogue.categories.items() if is_public(category)]


def _serialize(category: Category) -> dict[str, Any]:
    hours = category.resolve_minutes / 60
    hour_kind = "" if category.clock_resolve == "24x7" else "工作"
    call_first = f"{_emergency_notice(category)}。" if category.emergency_phone else ""
    return {
        "service_code": category.code,
        "service_name": category.zh,
        "description": f"{call_first}{hours:g}个{hour_kind}小时内办结",
        "metadata": False,  # no attributes beyond the standard parameters
        "type": "realtime",
        "keywords": category.en,
        "group": category.skill,
    }


def _emergency_notice(category: Category) -> str | None:
    return f"紧急情况请先拨打{category.emergency_phone}" if category.emergency_phone else None


async def service_definition(code: str, jurisdiction_id: str | None) -> dict[str, Any]:
    """Return the definition of a service: it has no attributes of its own. Raises NotFound if there is no such service."""
    await find_jurisdiction(jurisdiction_id)
    public_category(await setup.current_catalogue(), code)
    return {"service_code": code, "attributes": []}


def public_category(catalogue: Catalogue, code: str) -> Category:
    """Return a public category. Raises NotFound for any other."""
    category = catalogue.categories.get(code)
    if category is None or not is_public(category):
        raise NotFound("service_code：没有这项服务，请看 services 列表")
    return category


def receipt(ticket_view: TicketView) -> dict[str, Any]:
    """Return the answer to a new request: its id, and the number to call first in an emergency."""
    return {
        "service_request_id": str(ticket_view.ticket["id"]),
        "service_notice": _emergency_notice(ticket_view.catalogue.categories[ticket_view.ticket["category"]]),
        "account_id": None,
    }
