"""Certificates of voluntary hours: on request, free of charge, public by code, gone when their holder says so or leaves."""

from app.services.certificates.certificates import (
    certificate_page,
    create,
    load_public,
    revoke,
)
from app.services.certificates.page import POLICY, to_html

__all__ = ["POLICY", "certificate_page", "create", "load_public", "revoke", "to_html"]
