"""API keys of an organisation, for who set it up."""

from uuid import UUID

from fastapi import APIRouter, Response

from app.deps import API, Caller, Cursor, IdempotencyKey, Limit, Page
from app.models.api_key import KeyIn, KeyOut, KeyRevokedOut, MadeKeyOut
from app.routers.organisations import OfOrganisation
from app.services import keys

router = APIRouter(prefix=f"{API}/organisations", tags=["keys"], route_class=OfOrganisation)


@router.get("/{organisation_id}/keys")
async def page(organisation_id: UUID, limit: Limit = 20, cursor: Cursor = None) -> Page[KeyOut]:
    """List an organisation's keys, newest first, those that are over too."""
    items, following = await keys.page(organisation_id, limit, cursor)
    return Page(items=items, next=following)


@router.post("/{organisation_id}/keys", status_code=201, response_model_exclude_unset=True)
async def add(
    organisation_id: UUID, form: KeyIn, actor: Caller, key: IdempotencyKey, response: Response
) -> MadeKeyOut:
    """Make a key for the organisation's own system. `key` is shown this once; two may be live, to replace one."""
    response.headers["Cache-Control"] = "no-store"
    made, replayed = await keys.add(actor, organisation_id, form, key)
    if replayed:
        response.headers["Idempotent-Replayed"] = "true"
    return made


@router.delete("/{organisation_id}/keys/{key_id}")
async def revoke(organisation_id: UUID, key_id: UUID, actor: Caller) -> KeyRevokedOut:
    """Revoke a key; it counts from the next request on."""
    return await keys.revoke(actor, organisation_id, key_id)
