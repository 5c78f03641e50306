"""Quarterly bulletins (公示) of communities."""

from app.services.bulletins.drafts import (
    bulletin_page,
    create,
    edit,
    load,
    load_public,
    publish,
    require_clerk,
    require_own,
)
from app.services.bulletins.page import POLICY, to_html
from app.services.bulletins.pdf import to_pdf

__all__ = [
    "POLICY",
    "bulletin_page",
    "create",
    "edit",
    "load",
    "load_public",
    "publish",
    "require_clerk",
    "require_own",
    "to_html",
    "to_pdf",
]
