"""Personal data at rest: AES-GCM under a key kept outside the database, found again by a blind index."""

import hashlib
import hmac
import secrets
from functools import cache

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app import settings


@cache
def _key(purpose: bytes) -> bytes:
    return hmac.digest(settings.get().key("pii_key"), purpose, hashlib.sha256)


def seal(text: str) -> bytes:
    """Encrypt; the nonce comes first."""
    nonce = secrets.token_bytes(12)
    return nonce + AESGCM(_key(b"seal")).encrypt(nonce, text.encode(), None)


def unseal(sealed: bytes) -> str:
    """Decrypt what `seal` made; a wrong key or a changed byte raises."""
    return AESGCM(_key(b"seal")).decrypt(sealed[:12], sealed[12:], None).decode()


def index(text: str) -> bytes:
    """Return what finds equal texts without telling them."""
    return hmac.digest(_key(b"index"), text.encode(), hashlib.sha256)
