"""Authentication: sign-in, access and refresh tokens, API keys."""

from app.services.auth.actors import cached_actor, load_actor, verify_token
from app.services.auth.api_keys import DEMO_KEY, HINT_LENGTH, KEY_PREFIX, key_digest, make_key
from app.services.auth.sessions import (
    MAX_IDLE,
    RATE_WINDOW,
    first_tokens,
    limit_attempts,
    limit_failures,
    refresh,
    sign_in_as,
    sign_in_with_wechat,
    sign_out,
)

__all__ = [
    "DEMO_KEY",
    "HINT_LENGTH",
    "KEY_PREFIX",
    "MAX_IDLE",
    "RATE_WINDOW",
    "cached_actor",
    "first_tokens",
    "key_digest",
    "limit_attempts",
    "limit_failures",
    "load_actor",
    "make_key",
    "refresh",
    "sign_in_as",
    "sign_in_with_wechat",
    "sign_out",
    "verify_token",
]
