"""Issue and read access tokens (JWT) and refresh tokens. No other module imports jose."""

import base64
import hashlib
import hmac
from contextlib import suppress
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, Final, NamedTuple
from uuid import UUID

from jose import JWTError, jwt

from app import clock, settings
from app.errors import Unauthenticated

ACCESS_LIFETIME: Final = timedelta(minutes=30)
_ISSUER: Final = "loudeng"
_AUDIENCE: Final = "loudeng-api"
_ALGORITHM: Final = "HS256"
# jose checks a claim only if it is present, so each one is required.
# jose compares `exp` and `nbf` with the system clock. The leeway disables that: `read_access_token` compares them with
# `app.clock`, which tests can move.
_OPTIONS: Final = {f"require_{claim}": True for claim in ("exp", "iat", "aud", "iss", "sub", "jti")} | {
    "leeway": 10**9
}
_REFRESH_PREFIX: Final = "ldr_"
_REFRESH_BYTES: Final = 16 + 4 + 32  # login id, generation, SHA-256 MAC


def issue_access_token(person_id: UUID, login_id: UUID) -> str:
    """Return a signed access token for a login, valid for ACCESS_LIFETIME."""
    now = clock.now()
    claims = {
        "iss": _ISSUER,
        "aud": _AUDIENCE,
        "sub": str(person_id),
        "jti": str(login_id),
        "iat": int(now.timestamp()),
        "exp": int((now + ACCESS_LIFETIME).timestamp()),
    }
    token: str = jwt.encode(claims, settings.get().key("secret"), algorithm=_ALGORITHM)
    return token


class AccessClaims(NamedTuple):
    """Whom an access token was issued to, and from when until when it is valid (Unix time in seconds)."""

    person_id: UUID
    login_id: UUID
    valid_from: int
    expires_at: int


def read_access_token(token: str) -> AccessClaims:
    """Return the claims of an access token; the caller checks that the login is the person's.

    Raises Unauthenticated if it is forged, issued elsewhere, expired or not valid yet.
    """
    claims = _decode(token, settings.get().keys("secret"))
    now = clock.now().timestamp()
    if now >= claims.expires_at:
        raise Unauthenticated("登录已过期，请重新登录")
    if now < claims.valid_from:
        raise Unauthenticated
    return claims


@lru_cache(maxsize=10_000)  # a valid signature stays valid; exceptions are not cached
def _decode(token: str, secrets: tuple[bytes, ...]) -> AccessClaims:
    """Return the claims of a token that was issued here, with the secret or the one before a rotation."""
    *others, last = secrets
    for secret in others:
        with suppress(Unauthenticated):
            return _decode_with(token, secret)
    return _decode_with(token, last)


def _decode_with(token: str, secret: bytes) -> AccessClaims:
    try:
        claims: dict[str, Any] = jwt.decode(
            token,
            secret,
            algorithms=[_ALGORITHM],
            audience=_AUDIENCE,
            issuer=_ISSUER,
            options=_OPTIONS,
        )
        return AccessClaims(
            UUID(claims["sub"]), UUID(claims["jti"]), int(claims.get("nbf", 0)), int(claims["exp"])
        )
    except (
        *(JWTError, ValueError, TypeError, AttributeError, KeyError),
        *(OverflowError, RecursionError),  # a number too large; a header nested too deeply
    ):
        raise Unauthenticated from None


def issue_refresh_token(login_id: UUID, generation: int, created_at: datetime) -> str:
    """Return the refresh token of a login's generation.

    The same arguments give the same token, so that a lost response can be repeated.
    """
    return _refresh_token(login_id, generation, created_at, settings.get().key("secret"))


def is_refresh_token(token: str, login_id: UUID, generation: int, created_at: datetime) -> bool:
    """Tell whether a token is what `issue_refresh_token` returned, also before a rotation of the secret."""
    expected = [
        _refresh_token(login_id, generation, created_at, secret) for secret in settings.get().keys("secret")
    ]
    return any(hmac.compare_digest(one.encode(), token.encode()) for one in expected)


def _refresh_token(login_id: UUID, generation: int, created_at: datetime, secret: bytes) -> str:
    payload = login_id.bytes + generation.to_bytes(4, "big")
    mac = hmac.digest(secret, b"refresh" + payload + created_at.isoformat().encode(), hashlib.sha256)
    return _REFRESH_PREFIX + base64.urlsafe_b64encode(payload + mac).decode()


def read_refresh_token(token: str) -> tuple[UUID, int]:
    """Return the login id and generation in a refresh token. Raises Unauthenticated if it is malformed.

    The signature is not checked here: the caller asks `is_refresh_token`.
    """
    try:
        raw = base64.b64decode(token.removeprefix(_REFRESH_PREFIX), altchars=b"-_", validate=True)
    except ValueError:
        raise Unauthenticated from None
    if len(raw) != _REFRESH_BYTES or not token.startswith(_REFRESH_PREFIX):
        raise Unauthenticated
    return UUID(bytes=raw[:16]), int.from_bytes(raw[16:20], "big")
