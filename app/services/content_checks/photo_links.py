"""Links by which WeChat fetches one photo: signed, for an hour, and only while its check runs."""

import hashlib
import hmac
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from app import clock, db, settings
from app.errors import NotFound
from app.sql import Statement

LIFETIME: Final = timedelta(minutes=60)


def photo_link(photo_id: UUID) -> str | None:
    """Return a link to a photo; None where the server has no public address."""
    public_url = settings.get().public_url
    if not public_url:
        return None
    until = int((clock.now() + LIFETIME).timestamp())
    return (
        f"{public_url.rstrip('/')}/wechat/photos/{photo_id}?until={until}&signature={_sign(photo_id, until)}"
    )


def _sign(photo_id: UUID, until: int) -> str:
    message = b"photo-check" + photo_id.bytes + str(until).encode()
    return hmac.new(settings.get().key("secret"), message, hashlib.sha256).hexdigest()


async def check_photo_link(photo_id: UUID, until: str, signature: str) -> None:
    """Raise NotFound unless the link is ours, has not expired, and the photo's check waits for its verdict."""
    valid = until.isascii() and until.isdigit() and len(until) < 12
    if not valid or not hmac.compare_digest(_sign(photo_id, int(until)).encode(), signature.encode()):
        raise NotFound
    expires_at = datetime.fromtimestamp(int(until), clock.now().tzinfo)
    if clock.now() > expires_at or not await db.execute_one(_IS_PENDING, photo_id=photo_id):
        raise NotFound


_IS_PENDING: Final = Statement("""
SELECT c.id FROM photo p JOIN content_check c ON c.ticket_id = p.ticket_id AND c.photo_id = p.id
WHERE p.id = :photo_id AND c.state = 'pending'
""")
