"""The templates of this deployment, from `LOUDENG_WECHAT_TEMPLATES`."""

from collections.abc import Mapping
from typing import Final

from app import settings
from app.errors import Misconfigured
from app.labels import EVENT
from app.rules import subscribe_messages
from app.rules.notices import DISSENT_NOTICE, UNTAKEN_NOTICE
from app.rules.subscribe_messages import OF_SUBJECTS, Template, TemplateError

EVENTS: Final = frozenset(
    {*(f"ticket.{event}" for event in EVENT), DISSENT_NOTICE, UNTAKEN_NOTICE, *OF_SUBJECTS}
)


def templates() -> Mapping[str, Template]:
    """Return the templates by event. Raises Misconfigured with one line for one that is wrong."""
    try:
        return subscribe_messages.parse(settings.get().wechat_templates, EVENTS)
    except TemplateError as error:
        raise Misconfigured(f"LOUDENG_WECHAT_TEMPLATES: {error}") from None


def check_templates() -> None:
    """Raise Misconfigured with one line for a template that is wrong."""
    templates()
