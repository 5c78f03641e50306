"""The ledger: sole writer of events and of tickets. An act is one statement; nothing else changes a ticket."""

from app.services.ledger.alarms import LIMITS, set_limits, set_timers
from app.services.ledger.chain import VERSIONED, Act, Crowd, Entry, Key, Pause, body, digest, genesis, link
from app.services.ledger.columns import COLUMNS
from app.services.ledger.crowds import join, leave
from app.services.ledger.forgetting import ANONYMISE, FORGETTING, UNSHOW
from app.services.ledger.opening import REPORTS_AN_HOUR, Guards, open_ticket
from app.services.ledger.recording import record

__all__ = [
    "ANONYMISE",
    "COLUMNS",
    "FORGETTING",
    "LIMITS",
    "REPORTS_AN_HOUR",
    "UNSHOW",
    "VERSIONED",
    "Act",
    "Crowd",
    "Entry",
    "Guards",
    "Key",
    "Pause",
    "body",
    "digest",
    "genesis",
    "join",
    "leave",
    "link",
    "open_ticket",
    "record",
    "set_limits",
    "set_timers",
]
