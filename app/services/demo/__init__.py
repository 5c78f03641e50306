"""The demo street: places, people and organisations to try the program with, and tickets in every state."""

from app.services.demo.common_life import keep_common_life, load_common_life
from app.services.demo.history import keep_history, load_a_day, load_history
from app.services.demo.street import DEFAULT_PERSONA, PERSONAS, Persona, load_demo, recreate_persona
from app.services.demo.tickets import STORIES, load_tickets

__all__ = [
    "DEFAULT_PERSONA",
    "PERSONAS",
    "STORIES",
    "Persona",
    "keep_common_life",
    "keep_history",
    "load_a_day",
    "load_common_life",
    "load_demo",
    "load_history",
    "load_tickets",
    "recreate_persona",
]
