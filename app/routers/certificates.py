"""Certificates of voluntary hours: of the caller's own; public at an address of their own."""

from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from app import settings
from app.deps import (
    API,
    AuthRoute,
    CurrentActor,
    Cursor,
    IdempotencyKey,
    Limit,
    Page,
    mark_replayed,
    refuses,
    require_consent,
)
from app.models.certificate import CertificateIn, CertificateOut
from app.services import certificates

router = APIRouter(prefix=f"{API}/me/certificates", tags=["me"], route_class=AuthRoute)
public = APIRouter(include_in_schema=False)
ROUTERS = (router, public)


@router.get("")
async def page(actor: CurrentActor, limit: Limit = 20, cursor: Cursor = None) -> Page[CertificateOut]:
    """List one's certificates, newest first."""
    items, next_cursor = await certificates.certificate_page(actor, limit, cursor)
    return Page(items=items, next=next_cursor)


@router.post("", status_code=201, responses=refuses(409, 410))
async def create(
    form: CertificateIn, actor: CurrentActor, key: IdempotencyKey, response: Response
) -> CertificateOut:
    """Make a public page of one's confirmed hours (志愿服务记录证明), free of charge, for whomever one gives its address."""
    made, replayed = await certificates.create(await require_consent(actor), form, key)
    mark_replayed(response, replayed=replayed)
    return made


@router.delete("/{certificate_id}", responses=refuses(404))
async def revoke(certificate_id: UUID, actor: CurrentActor) -> CertificateOut:
    """Revoke a certificate: its page is gone. Returns what it was."""
    return await certificates.revoke(actor, certificate_id)


@public.get("/c/{code}", response_class=HTMLResponse)
async def show(code: str, request: Request) -> HTMLResponse:
    """Show a certificate to whoever has its address."""
    shown = await certificates.load_public(code)
    base = settings.get().public_url or str(request.base_url)
    return HTMLResponse(
        certificates.to_html(shown, f"{base.rstrip('/')}/c/{code}"),
        headers={"Content-Security-Policy": certificates.POLICY, "Cache-Control": "no-store"},
    )
