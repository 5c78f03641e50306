"""Signing in, staying signed in, signing out."""

from fastapi import APIRouter

from app import settings
from app.deps import API, Page
from app.errors import NotFound
from app.models.person import DemoIn, PersonaOut, RefreshIn, SignedInOut, TokensOut, WechatIn
from app.services import auth, demo, people

router = APIRouter(prefix=f"{API}/auth", tags=["auth"])


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
    tokens, person_id = await auth.sign_in_as(form.persona)
    return SignedInOut(**tokens.model_dump(), person=await people.profile(person_id))


def _only_in_demo() -> None:
    if not settings.get().demo:
        raise NotFound
