"""Subscribe messages: what persons allow, the queue of messages, and the sender that hands them to WeChat."""

from app.services.subscriptions.acceptance import read_subscriptions, record_answers
from app.services.subscriptions.queue import insert_messages, sweep_messages, template_columns
from app.services.subscriptions.sender import Sender
from app.services.subscriptions.templates import check_templates, templates

__all__ = [
    "Sender",
    "check_templates",
    "insert_messages",
    "read_subscriptions",
    "record_answers",
    "sweep_messages",
    "template_columns",
    "templates",
]
