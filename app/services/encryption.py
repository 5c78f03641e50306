"""Encrypts personal data in the database with AES-GCM, under a key kept outside it; a blind index finds it again.

While the key is rotated there is a previous one: what it made is read and found, nothing new is made with it.
"""

import hashlib
import hmac
import secrets
from functools import cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app import settings
from app.errors import Unreadable


def _key(purpose: bytes) -> bytes:
    return _derive(settings.get().key("pii_key"), purpose)


def _keys(purpose: bytes) -> list[bytes]:
    """Return the keys for a purpose, the current one first."""
    return [_derive(key, purpose) for key in settings.get().keys("pii_key")]


@cache
def _derive(key: bytes, purpose: bytes) -> bytes:
    return hmac.digest(key, purpose, hashlib.sha256)


def encrypt(text: str) -> bytes:
    """Return the 12-byte nonce and the ciphertext."""
    nonce = secrets.token_bytes(12)
    return nonce + AESGCM(_key(b"seal")).encrypt(nonce, text.encode(), None)


def decrypt(ciphertext: bytes) -> str:
    """Decrypt what `encrypt` returned. Raises Unreadable for an unknown key or a changed byte."""
    for key in _keys(b"seal"):  # the ciphertext is authenticated: only its own key opens it
        if (text := _open(key, ciphertext)) is not None:
            return text
    raise Unreadable


def is_current(ciphertext: bytes) -> bool:
    """Tell whether the current key encrypted it."""
    return _open(_key(b"seal"), ciphertext) is not None


def _open(key: bytes, ciphertext: bytes) -> str | None:
    try:
        return AESGCM(key).decrypt(ciphertext[:12], ciphertext[12:], None).decode()
    except (InvalidTag, ValueError):
        return None


def decrypt_if_readable(ciphertext: bytes | None) -> str | None:
    """Decrypt what may be missing; what cannot be read is the sentence that says so, and stops nothing beside it."""
    try:
        return decrypt(ciphertext) if ciphertext else None
    except Unreadable as unreadable:
        return f"（{unreadable.title}）"


def blind_index(text: str) -> bytes:
    """Return a keyed hash: equal texts have the same, and it does not reveal them."""
    return blind_indexes(text)[0]


def blind_indexes(text: str) -> list[bytes]:
    """Return the blind indexes under which a text may be stored: of the current key first, then of the previous one."""
    return [hmac.digest(key, text.encode(), hashlib.sha256) for key in _keys(b"index")]


def key_name() -> bytes:
    """Return what names the current key, and reveals nothing about it."""
    return _key(b"name")[:8]
