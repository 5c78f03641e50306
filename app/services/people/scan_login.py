"""Sign-in on a computer by scanning a code: a browser begins it, a phone approves it, the browser gets tokens once."""

import base64
import hashlib
import secrets
from datetime import timedelta
from typing import Final
from uuid import UUID

from app import clock, db, ids, settings
from app.errors import NotFound, TooMany
from app.models.scan import ScanOut, ScanStateOut
from app.rules.access import Actor
from app.services import audit, auth, places
from app.services.people import profile
from app.sql import Statement

LIFETIME: Final = timedelta(minutes=5)
RETENTION: Final = timedelta(days=1)  # after expiry; then the next scan deletes the row
MAX_PER_ADDRESS: Final = 60  # scans begun in auth.RATE_WINDOW
SCENE_PREFIX: Final = "login-"  # a place's scene has none; with it 32 characters, the most WeChat allows
SCENE_LENGTH: Final = 26


async def begin_scan() -> ScanOut:
    """Begin a scan for a browser: return the code to show, and the secret with which only this browser can poll.

    Raises TooMany.
    """
    await _limit_scans()
    scan_id, now = ids.new(), clock.now()
    secret, scene = secrets.token_urlsafe(32), SCENE_PREFIX + ids.code(SCENE_LENGTH)
    await db.execute(
        _BEGIN,
        scan_id=scan_id,
        scene_digest=_digest(scene),
        secret_digest=_digest(secret),
        expires_at=now + LIFETIME,
        now=now,
        delete_before=now - RETENTION,
        **audit.entry_values(),
    )
    return ScanOut(
        scan_id=scan_id,
        secret=secret,
        scene=scene,
        qr_png=base64.b64encode(places.qr_png(scene)).decode(),
        expires_in=int(LIFETIME.total_seconds()),
    )


_BEGIN: Final = Statement(f"""
WITH insert_scan AS (
    INSERT INTO scan (id, scene_digest, secret_digest, expires_at)
    VALUES (:scan_id, :scene_digest, :secret_digest, :expires_at) RETURNING id
), delete_scan AS (
    DELETE FROM scan WHERE expires_at < :delete_before
)
{audit.insert_entry("scan_begun", subject="id", source="insert_scan", person="NULL")}
""")


async def _limit_scans() -> None:
    if settings.get().rate_limits == "off":
        return
    await auth.limit_failures()
    recent = await db.execute(
        _RECENT_SCANS,
        address=audit.client_address.get(),
        since=clock.now() - auth.RATE_WINDOW,
        limit=MAX_PER_ADDRESS,
    )
    if len(recent) >= MAX_PER_ADDRESS:
        raise TooMany(retry_after=int(auth.RATE_WINDOW.total_seconds()))


_RECENT_SCANS: Final = Statement(
    "SELECT FROM audit WHERE address = :address AND at > :since AND type = 'scan_begun' LIMIT :limit"
)


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


async def approve_scan(actor: Actor, scene: str) -> None:
    """Approve a scanned code: its browser is signed in as the actor.

    Raises NotFound for a code that is expired, used or unknown, and TooMany.
    """
    await auth.limit_failures()
    await auth.limit_attempts(actor.person_id)
    approved = await db.execute(
        _APPROVE,
        scene_digest=_digest(scene),
        actor_id=actor.person_id,
        now=clock.now(),
        **audit.entry_values(),
    )
    if not approved:
        await audit.record("sign_in_failed", person_id=actor.person_id, by="scan")
        raise NotFound("二维码已失效，请刷新后重新扫码")


_APPROVE: Final = Statement(f"""
WITH update_scan AS (
    UPDATE scan SET person_id = :actor_id
    WHERE scene_digest = :scene_digest AND (person_id IS NULL OR person_id = :actor_id)
      AND taken_at IS NULL AND expires_at > :now
    RETURNING id
)
{audit.insert_entry("scan_approved", subject="id", source="update_scan")} RETURNING id
""")


async def poll_scan(scan_id: UUID, secret: str) -> ScanStateOut:
    """Return the state of a scan. The first poll after the approval gets the tokens; every later one reads `expired`.

    Raises NotFound for an unknown id or a wrong secret.
    """
    await auth.limit_failures()
    scan = await db.execute_one(_LOAD, scan_id=scan_id, secret_digest=_digest(secret))
    if scan is None:
        await audit.record("sign_in_failed", by="scan")
        raise NotFound
    if scan["taken_at"] or clock.now() >= scan["expires_at"]:
        return ScanStateOut(status="expired")
    if scan["person_id"] is None:
        return ScanStateOut(status="pending")
    return await _issue_tokens(scan_id)


_LOAD: Final = Statement("""
SELECT person_id, taken_at, expires_at FROM scan WHERE id = :scan_id AND secret_digest = :secret_digest
""")


async def _issue_tokens(scan_id: UUID) -> ScanStateOut:
    now, login_id = clock.now(), ids.new()
    row = await db.execute_one(_SIGN_IN, scan_id=scan_id, now=now, login_id=login_id, **audit.entry_values())
    if row is None:  # another poll was faster
        return ScanStateOut(status="expired")
    tokens = auth.first_tokens(row["person_id"], login_id, now)
    return ScanStateOut(
        status="approved", **tokens.model_dump(), person=await profile.read_profile(row["person_id"])
    )


_AUDIT_SIGN_IN: Final = audit.insert_entry(
    "signed_in",
    subject=":login_id",
    source="update_scan",
    person="person_id",
    data="jsonb_build_object('by', 'scan')",
)
# One statement marks the scan as used, creates the login and writes the audit entry, so that tokens are issued only once.
_SIGN_IN: Final = Statement(f"""
WITH update_scan AS (
    UPDATE scan SET taken_at = :now FROM person p
    WHERE scan.id = :scan_id AND taken_at IS NULL AND expires_at > :now AND p.id = scan.person_id AND p.erased_at IS NULL
    RETURNING scan.person_id
), insert_login AS (
    INSERT INTO login (id, person_id, kind, created_at, rotated_at)
    SELECT :login_id, person_id, 'scan', :now, :now FROM update_scan
)
{_AUDIT_SIGN_IN} RETURNING person_id
""")
