"""Rotation of the keys that are kept outside the database, while the program serves."""

from app.services.key_rotation.columns import ENCRYPTED
from app.services.key_rotation.rotate import end_secret_overlap, rotate_pii_key, rotate_secret

__all__ = ["ENCRYPTED", "end_secret_overlap", "rotate_pii_key", "rotate_secret"]
