"""Sign-in, token refresh, sign-out, and sign-in by scanning a code."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from app import settings
from app.deps import API, AuthRoute, CurrentActor, Cursor, Limit, Page, StrictRoute, refuses
from app.errors import Invalid, NotFound
from app.models.person import DemoIn, PersonaOut, RefreshIn, SignedInOut, TokensOut, WechatIn
from app.models.scan import ScanApprovedOut, ScanApproveIn, ScanOut, ScanStateOut
from app.routers.refresh_cookie import CurrentRefreshCookie
from app.services import auth, demo, people, wechat
from app.services.pagination import page_after

router = APIRouter(prefix=f"{API}/auth", tags=["auth"], route_class=StrictRoute)
scan_router = APIRouter(prefix=f"{API}/auth", tags=["auth"], route_class=AuthRoute)


@router.post("/wechat", responses=refuses(401, 403, 404, 429))
async def sign_in_with_wechat(form: WechatIn) -> SignedInOut:
    """Sign in with a code from `wx.login`. In demo mode a code stands for a person of the demo street: `persona`, or a
    resident if WeChat is not configured.
    """
    persona = _persona_of(form)
    if persona is not None:
        return await _sign_in_as(persona)
    tokens, person_id = await auth.sign_in_with_wechat(form.code)
    return SignedInOut(**tokens.model_dump(), person=await people.read_profile(person_id))


@router.post("/refresh", responses=refuses(401, 429))
async def refresh(form: RefreshIn, cookie: CurrentRefreshCookie) -> TokensOut:
    """Exchange a refresh token for new tokens; a repeat within 10 s returns the same refresh token again."""
    return cookie.keep(await auth.refresh(cookie.token(form)))


@router.post("/logout", responses=refuses(401))
async def sign_out(form: RefreshIn, cookie: CurrentRefreshCookie) -> dict[str, bool]:
    """End this login; its access tokens are refused from the next request on."""
    cookie.forget()
    await auth.sign_out(cookie.token(form))
    return {"signed_out": True}


@router.get("/demo", responses=refuses(404))
async def personas(limit: Limit = 100, cursor: Cursor = None) -> Page[PersonaOut]:
    """List the people of the demo street; only in demo mode."""
    _require_demo()
    people_of_demo = [
        PersonaOut(persona=code, label=persona.label) for code, persona in demo.PERSONAS.items()
    ]
    items, next_cursor = page_after(people_of_demo, limit, cursor, lambda person: person.persona)
    return Page(items=items, next=next_cursor)


@router.post("/demo", responses=refuses(404))
async def sign_in_as(form: DemoIn, cookie: CurrentRefreshCookie) -> SignedInOut:
    """Sign in as somebody of the demo street; only in demo mode."""
    _require_demo()
    return cookie.keep(await _sign_in_as(form.persona))


async def _sign_in_as(persona: str) -> SignedInOut:
    await demo.recreate_persona(persona)
    tokens, person_id = await auth.sign_in_as(persona)
    return SignedInOut(**tokens.model_dump(), person=await people.read_profile(person_id))


def _persona_of(form: WechatIn) -> str | None:
    """Return the persona that a code from WeChat stands for; None outside demo mode, or where WeChat itself is asked."""
    if not settings.get().demo:
        if form.persona is not None:
            raise Invalid.at("/persona", "只有演示模式可以选演示人物")
        return None
    return form.persona or (None if wechat.is_configured() else demo.DEFAULT_PERSONA)


@router.post("/scan", status_code=201, responses=refuses(429))
async def begin_scan(response: Response) -> ScanOut:
    """Begin a sign-in on a computer: show the code, keep the secret, poll every two seconds."""
    response.headers["Cache-Control"] = "no-store"
    return await people.begin_scan()


@router.get("/scan/{scan_id}", response_model_exclude_unset=True, responses=refuses(429))
async def poll_scan(
    scan_id: UUID,
    secret: Annotated[str, Query(max_length=256)],
    response: Response,
    cookie: CurrentRefreshCookie,
) -> ScanStateOut:
    """Poll the state of a scan; once it is approved, the first response has the tokens."""
    response.headers["Cache-Control"] = "no-store"
    return cookie.keep(await people.poll_scan(scan_id, secret))


@scan_router.post("/scan/approve", responses=refuses(404, 429))
async def approve_scan(form: ScanApproveIn, actor: CurrentActor) -> ScanApprovedOut:
    """Approve a scanned code: the browser that shows it is signed in as the caller."""
    await people.approve_scan(actor, form.scene)
    return ScanApprovedOut()


def _require_demo() -> None:
    if not settings.get().demo:
        raise NotFound
