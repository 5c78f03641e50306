"""The caller's own profile, consent, phone, export and erasure; the privacy guide."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.deps import API, AuthRoute, CurrentActor, Cursor, Limit, Page, refuses, require_consent
from app.enums import ErasureChoice
from app.models.erasure import ErasedOut
from app.models.export import ExportOut, LookOut
from app.models.grid import GridCardOut
from app.models.person import ConsentIn, ConsentOut, InvitationIn, MeIn, PersonOut, PhoneIn
from app.services import grids, people, posts, privacy
from app.services.pagination import page_after
from app.services.privacy import erasing

router = APIRouter(prefix=API, tags=["me"], route_class=AuthRoute)
consent_router = APIRouter(prefix=API, tags=["me"])


@consent_router.get("/consent")
async def consent() -> ConsentOut:
    """Read the current privacy guide, in the language of `Accept-Language` where it is translated."""
    return people.translated_consent()


@router.get("/me")
async def me(actor: CurrentActor) -> PersonOut:
    """Read the caller's own profile and posts."""
    return await people.read_profile(actor.person_id)


@router.get("/me/grids")
async def own_grids(actor: CurrentActor, limit: Limit = 100, cursor: Cursor = None) -> Page[GridCardOut]:
    """List the grids the caller holds a post in: what they cover, who is responsible, who is absent."""
    items, next_cursor = page_after(await grids.my_grids(actor), limit, cursor, lambda grid: grid.id)
    return Page(items=items, next=next_cursor)


@router.patch("/me", responses=refuses(429))
async def change(form: MeIn, actor: CurrentActor) -> PersonOut:
    """Change name, home or language; absent fields stay as they are."""
    return await people.change_profile(await require_consent(actor), form)


@router.put("/me/consent")
async def agree(form: ConsentIn, actor: CurrentActor) -> PersonOut:
    """Agree to the current privacy guide."""
    return await people.give_consent(actor, form.version)


@router.post("/me/phone", status_code=201, responses=refuses(409, 429))
async def give_phone(form: PhoneIn, actor: CurrentActor) -> PersonOut:
    """Store a phone number. A typed one is for contact only; one verified by WeChat also binds the posts meant for it."""
    await require_consent(actor)
    if form.code:
        return await people.give_verified_phone(actor, form.code)
    return await people.give_unverified_phone(actor, form.phone or "")


@router.post("/me/invitations", status_code=201, responses=refuses(404, 409, 429))
async def redeem(form: InvitationIn, actor: CurrentActor) -> PersonOut:
    """Redeem an invitation code: its post is bound to the caller."""
    return await posts.redeem_invitation(actor, form.code)


@router.delete("/me/consent")
async def disagree(actor: CurrentActor) -> PersonOut:
    """Withdraw consent: from the next request on, everything that needs it is refused."""
    return await people.withdraw_consent(actor)


@router.delete("/me", responses=refuses(409))
async def erase(
    actor: CurrentActor,
    open_tickets: Annotated[
        ErasureChoice,
        Query(description="`withdraw`: their words go now; `keep`: they stay until each ticket closes."),
    ] = ErasureChoice.WITHDRAW,
) -> ErasedOut:
    """Delete the account: logins, name, phone, WeChat identity, words and photos, at once and for good."""
    return await erasing.erase_me(actor, open_tickets)


@router.get("/me/looks")
async def looks(actor: CurrentActor, limit: Limit = 20, cursor: Cursor = None) -> Page[LookOut]:
    """List who of the office has looked at the caller's phone number or identity, newest first: when, and from which post."""
    items, next_cursor = await privacy.looks_page(actor.person_id, limit, cursor)
    return Page(items=items, next=next_cursor)


@router.get("/me/export")
async def export(actor: CurrentActor, response: Response) -> ExportOut:
    """Export everything stored about the caller as one JSON document; recorded in the audit trail."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["Content-Disposition"] = 'attachment; filename="loudeng-export.json"'
    return await privacy.export_person(actor.person_id)
