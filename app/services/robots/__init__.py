"""Group robots of WeCom: set for a unit or an organisation, and rung when something new, urgent or late is theirs."""

from app.services.robots.client import close
from app.services.robots.queue import (
    build_rings,
    build_subject_rings,
    insert_rings,
    ring_values,
    sweep_messages,
)
from app.services.robots.sender import ring_due
from app.services.robots.setting import Owner, read_robot, set_robot

__all__ = [
    "Owner",
    "build_rings",
    "build_subject_rings",
    "close",
    "insert_rings",
    "read_robot",
    "ring_due",
    "ring_values",
    "set_robot",
    "sweep_messages",
]
