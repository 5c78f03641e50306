"""Personal data: export, retention; erasure has a package of its own."""

from app.services.privacy.export import export_person
from app.services.privacy.looks import looks_page
from app.services.privacy.retention import sweep_retention

__all__ = ["export_person", "looks_page", "sweep_retention"]
