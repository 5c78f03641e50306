"""Signing in on a computer by scanning: begun by a browser, approved on a telephone, handed out once."""

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
from app.services import audit, auth, people, qr

LIVES: Final = timedelta(minutes=5)
KEPT: Final = timedelta(days=1)  # then swept away when the next one begins
PER_ADDRESS: Final = 60  # in five minutes
SCENE: Final = "login-"  # tells it from the scene of a place; 32 characters in all, as many as WeChat allows
SCENE_LENGTH: Final = 26


async def begin() -> ScanOut:
    """Begin a scan for a browser: what to show, and the secret by which it alone asks what became of it."""
    await _refuse_flood()
    scan_id, now = ids.new(), clock.now()
    secret, scene = secrets.token_urlsafe(32), SCENE + ids.code(SCENE_LENGTH)
    await db.fetch(
        _BEGIN,
        *(scan_id, _digest(scene), _digest(secret), now + LIVES, now, now - KEPT),
        *(ids.new(), audit.came_from.get()),
    )
    return ScanOut(
        scan_id=scan_id,
        secret=secret,
        scene=scene,
        qr_png=base64.b64encode(qr.png(scene)).decode(),
        expires_in=int(LIVES.total_seconds()),
    )


_BEGIN: Final = """
WITH begun AS (
    INSERT INTO scan (id, scene_digest, secret_digest, expires_at) VALUES ($1, $2, $3, $4)
), swept AS (
    DELETE FROM scan WHERE expires_at < $6
)
INSERT INTO audit (id, at, type, subject_id, address) VALUES ($7, $5, 'scan_begun', $1, $8)
"""


async def _refuse_flood() -> None:
    if settings.get().rate_limits == "off":
        return
    await auth.refuse_guessing()
    recent = await db.fetch(
        "SELECT FROM audit WHERE address = $1 AND at > $2 AND type = 'scan_begun' LIMIT $3",
        *(audit.came_from.get(), clock.now() - auth.WINDOW, PER_ADDRESS),
    )
    if len(recent) >= PER_ADDRESS:
        raise TooMany(retry_after=int(auth.WINDOW.total_seconds()))


def _digest(said: str) -> bytes:
    return hashlib.sha256(said.encode()).digest()


async def approve(actor: Actor, scene: str) -> None:
    """Approve what was scanned: its browser is signed in as the caller. NotFound for a code that is old, used or made up."""
    await auth.refuse_guessing()
    await auth.refuse_hurry(actor.person_id)
    approved = await db.fetch(
        _APPROVE, _digest(scene), actor.person_id, clock.now(), ids.new(), audit.came_from.get()
    )
    if not approved:
        await audit.note("sign_in_failed", person_id=actor.person_id, by="scan")
        raise NotFound("二维码已失效，请刷新后重新扫码")


_APPROVE: Final = """
WITH approved AS (
    UPDATE scan SET person_id = $2
    WHERE scene_digest = $1 AND (person_id IS NULL OR person_id = $2) AND taken_at IS NULL AND expires_at > $3
    RETURNING id
)
INSERT INTO audit (id, at, type, person_id, subject_id, address)
SELECT $4, $3, 'scan_approved', $2, id, $5 FROM approved RETURNING id
"""


async def poll(scan_id: UUID, secret: str) -> ScanStateOut:
    """Return what became of a scan; the first to ask after its approval gets the tokens, nobody after them."""
    await auth.refuse_guessing()
    scan = await db.fetchrow(
        "SELECT * FROM scan WHERE id = $1 AND secret_digest = $2", scan_id, _digest(secret)
    )
    if scan is None:
        await audit.note("sign_in_failed", by="scan")
        raise NotFound
    if scan["taken_at"] or clock.now() >= scan["expires_at"]:
        return ScanStateOut(status="expired")
    if scan["person_id"] is None:
        return ScanStateOut(status="pending")
    return await _take(scan_id)


async def _take(scan_id: UUID) -> ScanStateOut:
    now, login_id = clock.now(), ids.new()
    taken = await db.fetchrow(_TAKE, scan_id, now, login_id, ids.new(), audit.came_from.get())
    if taken is None:  # another poll was faster
        return ScanStateOut(status="expired")
    tokens = auth.first_tokens(taken["person_id"], login_id, now)
    return ScanStateOut(
        status="approved", **tokens.model_dump(), person=await people.profile(taken["person_id"])
    )


# The hand-out, the sign-in and its audit entry are one: no tokens without an entry, none twice.
_TAKE: Final = """
WITH taken AS (
    UPDATE scan SET taken_at = $2 FROM person p
    WHERE scan.id = $1 AND taken_at IS NULL AND expires_at > $2 AND p.id = scan.person_id AND p.erased_at IS NULL
    RETURNING scan.person_id
), login AS (
    INSERT INTO login (id, person_id, kind, created_at, rotated_at) SELECT $3, person_id, 'scan', $2, $2 FROM taken
)
INSERT INTO audit (id, at, type, person_id, subject_id, address, data)
SELECT $4, $2, 'signed_in', person_id, $3, $5, jsonb_build_object('by', 'scan') FROM taken RETURNING person_id
"""
