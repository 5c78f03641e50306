"""Importing an office's own files: places, grids, organisations, posts."""

from typing import Annotated

from fastapi import APIRouter, File, Query, Response, UploadFile

from app.deps import API, CurrentActor, refuses
from app.models.import_report import ImportOut, SheetName
from app.routers.posts import ManagerRoute
from app.services import imports

router = APIRouter(prefix=f"{API}/imports", tags=["settings"], route_class=ManagerRoute)


@router.post("", responses=refuses(409, 413))
async def load(
    files: Annotated[
        list[UploadFile],
        File(max_length=imports.MAX_FILES, description="CSV or XLSX; the header tells what each holds."),
    ],
    actor: CurrentActor,
    preview: Annotated[bool, Query(description="Only check, and return what would change.")] = False,
) -> ImportOut:
    """Import files about the caller's own places; everything is written, or nothing. A repeated import changes nothing.

    A preview reports bad lines; an import with bad lines is refused (422), each line in `errors`.
    """
    uploads = [imports.Upload(file.filename or "", await file.read()) for file in files]
    return await imports.import_uploads(actor, uploads, preview=preview)


@router.get("/template", response_class=Response)
async def template(kind: Annotated[SheetName, Query(description="What the file is to hold.")]) -> Response:
    """Fetch an empty workbook to fill in, with an example and explanations."""
    media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    disposition = f'attachment; filename="{kind}.xlsx"'
    return Response(
        imports.template(kind), media_type=media_type, headers={"Content-Disposition": disposition}
    )
