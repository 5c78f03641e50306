"""Access and refresh tokens; the only file that knows jose."""

import base64
import hashlib
import hmac
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

from jose import JWTError, jwt

from app import clock, settings
from app.errors import Unauthenticated

ACCESS_LIVES: Final = timedelta(minutes=30)
_ISSUER: Final = "loudeng"
_AUDIENCE: Final = "loudeng-api"
_ALGORITHM: Final = "HS256"
# jose checks a claim only when it is there; a token without it must not pass.
# To require `exp` is to have it checked against the machine's clock; ours, which tests move, decides instead.
_OPTIONS: Final = {f"require_{claim}": True for claim in ("exp", "iat", "aud", "iss", "sub", "jti")} | {
    "leeway": 10**9
}
_REFRESH_PREFIX: Final = "ldr_"


def issue(person_id: UUID, login_id: UUID) -> str:
    """Return an access token for one sign-in of a person."""
    now = clock.now()
    claims = {
        "iss": _ISSUER,
        "aud": _AUDIENCE,
        "sub": str(person_id),
        "jti": str(login_id),
        "iat": int(now.timestamp()),
        "exp": int((now + ACCESS_LIVES).timestamp()),
    }
    token: str = jwt.encode(claims, settings.get().key("secret"), algorithm=_ALGORITHM)
    return token


def read(token: str) -> UUID:
    """Return the sign-in an access token stands for; Unauthenticated when it is forged, foreign or expired."""
    login_id, expires = _genuine(token, settings.get().key("secret"))
    if clock.now().timestamp() >= expires:  # against our clock, which tests move
        raise Unauthenticated("登录已过期，请重新登录")
    return login_id


@lru_cache(maxsize=10_000)  # a genuine token stays genuine; a refusal is never remembered
def _genuine(token: str, secret: bytes) -> tuple[UUID, int]:
    """Return the sign-in and the expiry (seconds since 1970) of a token that was issued here."""
    try:
        claims: dict[str, Any] = jwt.decode(
            token,
            secret,
            algorithms=[_ALGORITHM],
            audience=_AUDIENCE,
            issuer=_ISSUER,
            options=_OPTIONS,
        )
        return UUID(claims["jti"]), int(claims["exp"])
    except (
        *(JWTError, ValueError, TypeError, AttributeError, KeyError),
        *(OverflowError, RecursionError),  # an endless number; a header nested without end
    ):
        raise Unauthenticated from None


def refresh_token(login_id: UUID, generation: int, created_at: datetime) -> str:
    """Return the refresh token of a generation: the same for the same generation, so that a lost answer can be repeated."""
    said = login_id.bytes + generation.to_bytes(4, "big")
    return _REFRESH_PREFIX + base64.urlsafe_b64encode(said + _mac(said, created_at)).decode()


def read_refresh(token: str) -> tuple[UUID, int]:
    """Take a refresh token apart; it is not believed until `refresh_token` makes the same one."""
    try:
        raw = base64.b64decode(token.removeprefix(_REFRESH_PREFIX), altchars=b"-_", validate=True)
    except ValueError:
        raise Unauthenticated from None
    if len(raw) != 52 or not token.startswith(_REFRESH_PREFIX):
        raise Unauthenticated
    return UUID(bytes=raw[:16]), int.from_bytes(raw[16:20], "big")


def _mac(said: bytes, created_at: datetime) -> bytes:
    return hmac.digest(
        settings.get().key("secret"), b"refresh" + said + created_at.isoformat().encode(), hashlib.sha256
    )
