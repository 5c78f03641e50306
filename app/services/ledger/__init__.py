"""The ledger: the only writer of tickets and their events. The events of a ticket form a hash chain."""

from app.services.ledger.act import (
    LET_GO,
    VERSIONED,
    Act,
    ActionResult,
    Entry,
    FollowerChange,
    FollowerExit,
    MergeGuard,
    Pause,
)
from app.services.ledger.append import record, record_together
from app.services.ledger.chain import digest, genesis, link, link_body
from app.services.ledger.columns import COLUMNS
from app.services.ledger.create import REPORTS_AN_HOUR, Guards, open_ticket, opening
from app.services.ledger.encrypted import REPLACE_ENCRYPTED
from app.services.ledger.erasure import (
    ANONYMISE,
    ANONYMISE_SUBJECTS,
    CLEAR_SUBJECT_REMARK,
    DELETE_ENCRYPTED_WORDS,
    DETACH_PHOTOS,
    DETACH_SUBJECT_PHOTOS,
    ERASE_WORDS,
)
from app.services.ledger.feed import repair_feed
from app.services.ledger.followers import join, leave
from app.services.ledger.history import Life, write_lives
from app.services.ledger.seal import INSERT_SEAL, seal_values
from app.services.ledger.split import open_split
from app.services.ledger.subjects import SUBJECT_JOB, open_subject, record_on_subject
from app.services.ledger.timers import LIMITS, set_limits, set_timers
from app.services.ledger.transfers import TRANSFER, Cause, Transfer, write_transfers
from app.services.ledger.verify import verify_ledger

__all__ = [
    "ANONYMISE",
    "ANONYMISE_SUBJECTS",
    "CLEAR_SUBJECT_REMARK",
    "COLUMNS",
    "DELETE_ENCRYPTED_WORDS",
    "DETACH_PHOTOS",
    "DETACH_SUBJECT_PHOTOS",
    "ERASE_WORDS",
    "INSERT_SEAL",
    "LET_GO",
    "LIMITS",
    "REPLACE_ENCRYPTED",
    "REPORTS_AN_HOUR",
    "SUBJECT_JOB",
    "TRANSFER",
    "VERSIONED",
    "Act",
    "ActionResult",
    "Cause",
    "Entry",
    "FollowerChange",
    "FollowerExit",
    "Guards",
    "Life",
    "MergeGuard",
    "Pause",
    "Transfer",
    "digest",
    "genesis",
    "join",
    "leave",
    "link",
    "link_body",
    "open_split",
    "open_subject",
    "open_ticket",
    "opening",
    "record",
    "record_on_subject",
    "record_together",
    "repair_feed",
    "seal_values",
    "set_limits",
    "set_timers",
    "verify_ledger",
    "write_lives",
    "write_transfers",
]
