"""Photos: decoded and cleaned, stored, fetched, discarded."""

from app.services.photos.home import accept_storage, require_storage
from app.services.photos.photos import (
    PHOTO_SIZES,
    PhotoSize,
    add_photo,
    clear_discarded,
    fetch_for_check,
    fetch_photo,
    photo_storage,
    storage_key,
    sweep_unattached,
)

__all__ = [
    "PHOTO_SIZES",
    "PhotoSize",
    "accept_storage",
    "add_photo",
    "clear_discarded",
    "fetch_for_check",
    "fetch_photo",
    "photo_storage",
    "require_storage",
    "storage_key",
    "sweep_unattached",
]
