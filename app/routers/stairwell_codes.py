"""Stairwell codes: to print, to replace, and what is behind the link of one."""

from typing import Final
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse, StreamingResponse

from app import settings
from app.deps import API, AuthRoute, CurrentActor, path_id, refuses
from app.enums import Role
from app.errors import Forbidden
from app.models.stairwell_code import CodeOut, ReplaceCodeIn, SheetsOut
from app.rules.access import STAFF, Actor
from app.services import places, stairwell_codes

_PRINT_ROLES: Final = STAFF | {Role.ADMIN}


class StaffRoute(AuthRoute):
    """A route for staff and administrators."""

    async def authorize(self, request: Request) -> Actor:
        """Return the caller. Raises Forbidden for anybody else."""
        request.state.actor = actor = await super().authorize(request)
        if not any(seat.role in _PRINT_ROLES for seat in actor.seats):
            raise Forbidden
        return actor


class ReplaceRoute(AuthRoute):
    """A route for those who run the community or street of a place; checked before the body is read."""

    refusals = frozenset({404})

    async def authorize(self, request: Request) -> Actor:
        """Return the caller. Raises NotFound and Forbidden."""
        request.state.actor = actor = await super().authorize(request)
        await stairwell_codes.require_may_replace(actor, path_id(request, "place_id"))
        return actor


class SheetRoute(AuthRoute):
    """A route for the staff of a place."""

    refusals = frozenset({404})

    async def authorize(self, request: Request) -> Actor:
        """Return the caller. Raises NotFound and Forbidden."""
        request.state.actor = actor = await super().authorize(request)
        await stairwell_codes.require_may_print(actor, path_id(request, "place_id"))
        return actor


images = APIRouter(prefix=API, tags=["places"], route_class=StaffRoute)
replacing = APIRouter(prefix=API, tags=["places"], route_class=ReplaceRoute)
sheets = APIRouter(prefix=API, tags=["places"], route_class=SheetRoute)
links = APIRouter(include_in_schema=False)
ROUTERS: Final = (images, sheets, replacing, links)


@images.get(
    "/places/{place_id}/qrcode",
    response_class=Response,
    responses={200: {"content": {"image/png": {}, "image/jpeg": {}}}},
)
async def qrcode(place_id: UUID) -> Response:
    """Fetch the QR code to put up in the stairwell: scanning it starts a report for this place.

    `Code-Kind` is `mini-program` where WeChat is configured, else `link`. `Code-Problem` says why it is a link although
    WeChat is configured: `no-answer`, or WeChat's errcode; ask again later. `Code-Scene` is what to replace it by.
    """
    code = await stairwell_codes.code_of_place(place_id)
    headers = {
        "Code-Kind": "link" if code.is_link else "mini-program",
        "Code-Scene": code.scene,
        "Cache-Control": "no-store",  # it may be replaced at any time
    }
    if code.problem:
        headers["Code-Problem"] = code.problem
    return Response(code.image, media_type=code.media_type, headers=headers)


@sheets.get(
    "/places/{place_id}/qrcodes.pdf",
    response_class=StreamingResponse,
    responses={200: {"content": {"application/pdf": {}}}, 503: {}},
)
async def qrcodes(place_id: UUID) -> StreamingResponse:
    """Fetch the codes of all stairwells of a building, estate, community or street to print: A4, eight a page, to cut out.

    Each has the code, the address, who answers there, the public number, and whom to call in danger.
    """
    pieces = await stairwell_codes.draw_sheets(place_id)
    return StreamingResponse(
        pieces, media_type="application/pdf", headers={"Cache-Control": "private, no-store"}
    )


@sheets.get("/places/{place_id}/qrcodes", responses=refuses(422))
async def count(place_id: UUID) -> SheetsOut:
    """Count the codes of a building, estate, community or street, and the sheets they are printed on."""
    return await stairwell_codes.count_sheets(place_id)


@replacing.post("/places/{place_id}/qrcode/replace", responses=refuses(409))
async def replace(place_id: UUID, form: ReplaceCodeIn, actor: CurrentActor) -> CodeOut:
    """Replace the code of a place: whoever scans the old one is told that it has ended."""
    return await stairwell_codes.replace_code(actor, place_id, form)


_PAGE: Final = """<!doctype html><html lang="zh-Hans"><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>楼灯</title>
<h1>请用微信扫这个码</h1>
<p>打开微信，点右上角“＋”，选“扫一扫”，对准楼道里的码，就能报修。</p>
<p>遇到危险请先打电话：火警119，急救120，报警110。</p>
<p lang="en">Please scan this code with WeChat. In danger call 119 (fire), 120 (ambulance) or 110 (police) first.</p></html>"""
_POLICY: Final = "default-src 'none'; base-uri 'none'; form-action 'none'"


@links.get(places.LINK_PATH + "{name}")
async def link(name: str) -> Response:
    """Answer what is behind the link of a code: the preview where there is one, else what to scan it with.

    WeChat's scanner opens the mini-program instead, once the prefix is registered; it checks that by a file here.
    """
    if name.endswith(".txt"):
        return Response(await stairwell_codes.read_check_file(name), media_type="text/plain")
    conf = settings.get()
    if conf.demo or conf.preview:
        return RedirectResponse(f"/app/?{urlencode({'scene': name})}")
    return HTMLResponse(_PAGE, headers={"Content-Security-Policy": _POLICY})
