"""Accounts: who sees which, opening them, what moves between them, and taking it back."""

from app.services.accounts.awards import AWARD_JOB, pay_awards
from app.services.accounts.follow_up import follow_transfers
from app.services.accounts.lapse import lapse_points, points_left
from app.services.accounts.lists import AccountFilter, account_page, load_account, transfer_page
from app.services.accounts.opening import open_account, points_circle, things_circle
from app.services.accounts.reversal import load_transfer, require_office, reverse

__all__ = [
    "AWARD_JOB",
    "AccountFilter",
    "account_page",
    "follow_transfers",
    "lapse_points",
    "load_account",
    "load_transfer",
    "open_account",
    "pay_awards",
    "points_circle",
    "points_left",
    "require_office",
    "reverse",
    "things_circle",
    "transfer_page",
]
