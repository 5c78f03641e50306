"""A person's own profile, consent, phone number, and sign-in on a computer by scanning."""

from app.services.people.phone import give_verified_phone
from app.services.people.profile import (
    change_profile,
    consent,
    give_consent,
    give_unverified_phone,
    phone_indexes,
    read_profile,
    translated_consent,
    withdraw_consent,
)
from app.services.people.scan_login import approve_scan, begin_scan, poll_scan

__all__ = [
    "approve_scan",
    "begin_scan",
    "change_profile",
    "consent",
    "give_consent",
    "give_unverified_phone",
    "give_verified_phone",
    "phone_indexes",
    "poll_scan",
    "read_profile",
    "translated_consent",
    "withdraw_consent",
]
