"""One's own profile, and the privacy guide."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.deps import API, Caller, Page, SignedIn, consenting
from app.models.erasure import ErasedOut
from app.models.export import ExportOut
from app.models.grid import GridCardOut
from app.models.person import ConsentIn, ConsentOut, InvitationIn, MeIn, PersonOut, PhoneIn
from app.services import erasing, exporting, grids, inviting, people, verified
from app.words import Leaving

router = APIRouter(prefix=API, tags=["me"], route_class=SignedIn)
open_router = APIRouter(prefix=API, tags=["me"])


@open_router.get("/consent")
async def consent() -> ConsentOut:
    """Read the current privacy guide."""
    return people.consent()


@router.get("/me")
async def me(actor: Caller) -> PersonOut:
    """Read one's own profile with the posts one holds."""
    return await people.profile(actor.person_id)


@router.get("/me/grids")
async def own_grids(actor: Caller) -> Page[GridCardOut]:
    """Read the grids one holds a post in: what they cover, who answers for them, who is away; all on one page."""
    return Page(items=await grids.own(actor))


@router.patch("/me")
async def change(form: MeIn, actor: Caller) -> PersonOut:
    """Change one's name, home or language; what is absent stays."""
    return await people.change(await consenting(actor), form)


@router.put("/me/consent")
async def agree(form: ConsentIn, actor: Caller) -> PersonOut:
    """Agree to the current privacy guide."""
    return await people.agree(actor, form.version)


@router.post("/me/phone", status_code=201)
async def give_phone(form: PhoneIn, actor: Caller) -> PersonOut:
    """Leave a phone number for contact; a typed one is never an identity, WeChat's is and brings the posts meant for it."""
    await consenting(actor)
    if form.code:
        return await verified.give_phone(actor, form.code)
    return await people.give_phone(actor, form.phone or "")


@router.post("/me/invitations", status_code=201)
async def redeem(form: InvitationIn, actor: Caller) -> PersonOut:
    """Redeem an invitation code: the post it was made for becomes one's own."""
    return await inviting.redeem(actor, form.code)


@router.delete("/me/consent")
async def disagree(actor: Caller) -> PersonOut:
    """Take one's consent back: from the next request on nothing personal is taken from one any more."""
    return await people.disagree(actor)


@router.delete("/me")
async def erase(
    actor: Caller,
    open_tickets: Annotated[
        Leaving,
        Query(description="`withdraw`: their words go now; `keep`: they stay until each ticket closes."),
    ] = Leaving.WITHDRAW,
) -> ErasedOut:
    """Delete one's account: sign-in, name, phone, WeChat identity, words and photos, at once and for good."""
    return await erasing.leave(actor, open_tickets)


@router.get("/me/export")
async def export(actor: Caller, response: Response) -> ExportOut:
    """Take away everything kept about oneself, as one JSON; recorded."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["Content-Disposition"] = 'attachment; filename="loudeng-export.json"'
    return await exporting.export(actor.person_id)
