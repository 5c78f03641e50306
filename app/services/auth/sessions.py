"""Sign-in, token refresh and sign-out."""

from datetime import datetime, timedelta
from typing import Final, NamedTuple
from uuid import UUID

from app import clock, db, ids, settings
from app.errors import NotFound, TooMany, Unauthenticated
from app.models.person import TokensOut
from app.services import audit, wechat
from app.services.auth import actors, tokens
from app.sql import Statement

REUSE_GRACE: Final = timedelta(seconds=10)  # a used refresh token may be repeated this long
MAX_IDLE: Final = timedelta(days=90)  # a login ends when it is not refreshed for this long
RATE_WINDOW: Final = timedelta(minutes=5)
MAX_SIGN_INS_PER_PERSON: Final = 10  # in RATE_WINDOW
MAX_FAILURES_PER_ADDRESS: Final = 60  # in RATE_WINDOW


class LoginRow(NamedTuple):
    """A login as token refresh and sign-out need it."""

    id: UUID
    person_id: UUID
    generation: int
    created_at: datetime
    rotated_at: datetime


async def sign_in_with_wechat(code: str) -> tuple[TokensOut, UUID]:
    """Sign in with a code from `wx.login` and return tokens and person id. Creates the person on the first sign-in."""
    await limit_failures()
    try:
        openid, unionid = await wechat.openid_of(code)
    except Unauthenticated:
        await audit.record("sign_in_failed", by="wechat")
        raise
    row = await db.execute_one(
        _UPSERT_PERSON, person_id=ids.new(), now=clock.now(), openid=openid, unionid=unionid
    )
    assert row is not None
    return await sign_in(row["id"], "wechat"), row["id"]


async def sign_in_as(persona: str) -> tuple[TokensOut, UUID]:
    """Sign in as a person of the demo street; the caller checks that demo mode is on. Raises NotFound."""
    row = await db.fetchrow("SELECT id FROM person WHERE demo = $1", persona)
    if row is None:
        raise NotFound("没有这个演示人物")
    return await sign_in(row["id"], "demo", limited=False), row["id"]


async def sign_in(person_id: UUID, kind: str, *, limited: bool = True) -> TokensOut:
    """Create a login and return its first tokens. Raises TooMany if `limited` and the person signed in too often."""
    now, login_id = clock.now(), ids.new()
    if limited:
        await limit_attempts(person_id)
    await db.execute(
        _SIGN_IN, login_id=login_id, person_id=person_id, kind=kind, now=now, **audit.entry_values()
    )
    return first_tokens(person_id, login_id, now)


async def limit_attempts(person_id: UUID) -> None:
    """Raise TooMany if a person signed in too often within RATE_WINDOW."""
    if settings.get().rate_limits == "off":
        return
    recent = await db.execute(
        _RECENT_LOGINS,
        person_id=person_id,
        after_id=ids.floor(clock.now() - RATE_WINDOW),
        limit=MAX_SIGN_INS_PER_PERSON,
    )
    if len(recent) >= MAX_SIGN_INS_PER_PERSON:
        raise TooMany("登录太频繁，请几分钟后再试", retry_after=int(RATE_WINDOW.total_seconds()))


def first_tokens(person_id: UUID, login_id: UUID, created_at: datetime) -> TokensOut:
    """Return the tokens of a new login."""
    return _tokens(person_id, login_id, 0, created_at)


_UPSERT_PERSON: Final = Statement("""
INSERT INTO person (id, created_at, openid, unionid) VALUES (:person_id, :now, :openid, :unionid)
ON CONFLICT (openid) DO UPDATE SET unionid = coalesce(excluded.unionid, person.unionid) RETURNING id
""")
_RECENT_LOGINS: Final = Statement(
    "SELECT FROM login WHERE person_id = :person_id AND id > :after_id LIMIT :limit"
)
_AUDIT_SIGN_IN: Final = audit.insert_entry(
    "signed_in",
    subject="id",
    source="insert_login",
    person="person_id",
    data="jsonb_build_object('by', :kind::text)",
)
_SIGN_IN: Final = Statement(f"""
WITH insert_login AS (
    INSERT INTO login (id, person_id, kind, created_at, rotated_at)
    VALUES (:login_id, :person_id, :kind::text, :now, :now) RETURNING id, person_id
)
{_AUDIT_SIGN_IN}
""")


async def limit_failures() -> None:
    """Raise TooMany if too many sign-ins from the caller's address failed within RATE_WINDOW."""
    if settings.get().rate_limits == "off":
        return
    failures = await db.execute(
        _RECENT_FAILURES,
        address=audit.client_address.get(),
        since=clock.now() - RATE_WINDOW,
        limit=MAX_FAILURES_PER_ADDRESS,
    )
    if len(failures) >= MAX_FAILURES_PER_ADDRESS:
        raise TooMany("登录失败次数太多，请几分钟后再试", retry_after=int(RATE_WINDOW.total_seconds()))


_RECENT_FAILURES: Final = Statement(
    "SELECT FROM audit WHERE address = :address AND at > :since AND type = 'sign_in_failed' LIMIT :limit"
)


def _tokens(person_id: UUID, login_id: UUID, generation: int, created_at: datetime) -> TokensOut:
    return TokensOut(
        access_token=tokens.issue_access_token(person_id, login_id),
        refresh_token=tokens.issue_refresh_token(login_id, generation, created_at),
        expires_in=int(tokens.ACCESS_LIFETIME.total_seconds()),
    )


async def refresh(token: str) -> TokensOut:
    """Exchange a refresh token for new tokens.

    A repeat within REUSE_GRACE returns the same refresh token again. A later repeat means that the token was stolen: the
    login is revoked. Raises Unauthenticated.
    """
    login, generation = await _verify_refresh_token(token)
    await actors.load_actor(login.id)  # raises if the login was revoked or the person erased
    if clock.now() > login.rotated_at + MAX_IDLE:
        raise Unauthenticated("很久没有使用，请重新登录")
    if generation == login.generation:
        login = await _rotate(login)
    if generation != login.generation - 1 or clock.now() > login.rotated_at + REUSE_GRACE:
        await revoke(login.id)
        await audit.record("refresh_reused", person_id=login.person_id, subject_id=login.id)
        raise Unauthenticated("登录凭证已被使用过，请重新登录")
    return _tokens(login.person_id, login.id, login.generation, login.created_at)


async def _rotate(login: LoginRow) -> LoginRow:
    """Begin the next generation of a login; return the row as it is then, whoever rotated it."""
    row = await db.execute_one(_ROTATE, login_id=login.id, generation=login.generation, now=clock.now())
    rotated = LoginRow(**row) if row else await _load_login(login.id)
    assert rotated is not None
    return rotated


async def _load_login(login_id: UUID) -> LoginRow | None:
    row = await db.execute_one(_LOAD_LOGIN, login_id=login_id)
    return LoginRow(**row) if row else None


_COLUMNS: Final = ", ".join(LoginRow._fields)
_LOAD_LOGIN: Final = Statement(f"SELECT {_COLUMNS} FROM login WHERE id = :login_id")
_ROTATE: Final = Statement(f"""
UPDATE login SET generation = generation + 1, rotated_at = :now
WHERE id = :login_id AND generation = :generation AND revoked_at IS NULL RETURNING {_COLUMNS}
""")


async def _verify_refresh_token(token: str) -> tuple[LoginRow, int]:
    """Return the login and the generation of a refresh token that was issued here, or raise Unauthenticated."""
    login_id, generation = tokens.read_refresh_token(token)
    login = await _load_login(login_id)
    if login is None or generation > login.generation:
        raise Unauthenticated
    if not tokens.is_refresh_token(token, login.id, generation, login.created_at):
        raise Unauthenticated
    return login, generation


async def revoke(login_id: UUID) -> None:
    """End a login; its access tokens are refused from the next request on."""
    await db.execute(_REVOKE, login_id=login_id, now=clock.now())


_REVOKE: Final = Statement(
    "UPDATE login SET revoked_at = coalesce(revoked_at, :now) WHERE id = :login_id",
)


async def sign_out(refresh_token: str) -> None:
    """End the login a refresh token belongs to. Raises Unauthenticated for a token that was not issued here."""
    login, _ = await _verify_refresh_token(refresh_token)
    await revoke(login.id)
    await audit.record("signed_out", person_id=login.person_id, subject_id=login.id)
