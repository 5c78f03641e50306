"""Signing in, staying signed in, signing out."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from app import settings
from app.deps import API, Caller, Page, SignedIn
from app.errors import NotFound
from app.models.person import DemoIn, PersonaOut, RefreshIn, SignedInOut, TokensOut, WechatIn
from app.models.scan import ScanApprovedOut, ScanApproveIn, ScanOut, ScanStateOut
from app.services import auth, demo, people, scanning

router = APIRouter(prefix=f"{API}/auth", tags=["auth"])
signed_in = APIRouter(prefix=f"{API}/auth", tags=["auth"], route_class=SignedIn)


@router.post("/wechat")
async def sign_in_with_wechat(form: WechatIn) -> SignedInOut:
    """Sign in with the code `wx.login` gave."""
    tokens, person_id = await auth.sign_in_with_wechat(form.code)
    return SignedInOut(**tokens.model_dump(), person=await people.profile(person_id))


@router.post("/refresh")
async def refresh(form: RefreshIn) -> TokensOut:
    """Exchange a refresh token for new tokens; repeating within 10 s gives the same refresh token again."""
    return await auth.refresh(form.refresh_token)


@router.post("/logout")
async def sign_out(form: RefreshIn) -> dict[str, bool]:
    """End this sign-in; its access tokens stop working with the next request."""
    await auth.sign_out(form.refresh_token)
    return {"signed_out": True}


@router.get("/demo")
async def personas() -> Page[PersonaOut]:
    """List the people of the demo street; only in demo mode."""
    _only_in_demo()
    return Page(items=[PersonaOut(persona=name, label=label) for name, label in demo.PERSONAS.items()])


@router.post("/demo")
async def sign_in_as(form: DemoIn) -> SignedInOut:
    """Sign in as somebody of the demo street; only in demo mode."""
    _only_in_demo()
    await demo.recast(form.persona)
    tokens, person_id = await auth.sign_in_as(form.persona)
    return SignedInOut(**tokens.model_dump(), person=await people.profile(person_id))


@router.post("/scan", status_code=201)
async def begin_scan(response: Response) -> ScanOut:
    """Begin to sign in on a computer: show the code, keep the secret, ask every two seconds what became of it."""
    response.headers["Cache-Control"] = "no-store"
    return await scanning.begin()


@router.get("/scan/{scan_id}", response_model_exclude_unset=True)
async def poll_scan(
    scan_id: UUID, secret: Annotated[str, Query(max_length=256)], response: Response
) -> ScanStateOut:
    """Ask what became of a scan; once it is approved, the first answer holds the tokens."""
    response.headers["Cache-Control"] = "no-store"
    return await scanning.poll(scan_id, secret)


@signed_in.post("/scan/approve")
async def approve_scan(form: ScanApproveIn, actor: Caller) -> ScanApprovedOut:
    """Approve the code one has scanned: that browser is signed in as oneself."""
    await scanning.approve(actor, form.scene)
    return ScanApprovedOut()


def _only_in_demo() -> None:
    if not settings.get().demo:
        raise NotFound
