"""API keys of an organisation: list, add, revoke; for those who may change the organisation."""

from uuid import UUID

from fastapi import APIRouter, Response

from app.deps import API, CurrentActor, Cursor, IdempotencyKey, Limit, Page, mark_replayed, refuses
from app.models.api_key import KeyIn, KeyOut, KeyRevokedOut, MadeKeyOut
from app.routers.organisations import OrganisationRoute
from app.services import organisations

router = APIRouter(prefix=f"{API}/organisations", tags=["keys"], route_class=OrganisationRoute)


@router.get("/{organisation_id}/keys")
async def page(organisation_id: UUID, limit: Limit = 20, cursor: Cursor = None) -> Page[KeyOut]:
    """List an organisation's keys, newest first, revoked and expired ones included."""
    items, next_cursor = await organisations.key_page(organisation_id, limit, cursor)
    return Page(items=items, next=next_cursor)


@router.post("/{organisation_id}/keys", status_code=201, response_model_exclude_unset=True)
async def add(
    organisation_id: UUID, form: KeyIn, actor: CurrentActor, key: IdempotencyKey, response: Response
) -> MadeKeyOut:
    """Add a key for the organisation's own system. `key` is shown this once; two may be live, so that one can replace the other."""
    response.headers["Cache-Control"] = "no-store"
    api_key, replayed = await organisations.add_key(actor, organisation_id, form, key)
    mark_replayed(response, replayed=replayed)
    return api_key


@router.delete("/{organisation_id}/keys/{key_id}", responses=refuses(409))
async def revoke(organisation_id: UUID, key_id: UUID, actor: CurrentActor) -> KeyRevokedOut:
    """Revoke a key, with effect from its next request on."""
    return await organisations.revoke_key(actor, organisation_id, key_id)
