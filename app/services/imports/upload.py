"""An import over HTTP: a few small files of an office, checked as on the command line, and as to whose they are."""

import asyncio
import tempfile
import zipfile
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Final, NamedTuple

from app.errors import Invalid, TooLarge
from app.models.import_report import ImportOut, SheetName
from app.rules.access import Actor
from app.services.imports import templates
from app.services.imports.load import load_files
from app.services.imports.report import Report

MAX_FILES: Final = 10
MAX_BYTES: Final = 4 * 1024 * 1024  # of all files: some 40,000 rows
_MAX_UNPACKED_BYTES: Final = 40 * 1024 * 1024
_MAX_NAME: Final = 100  # characters
_TOO_LARGE: Final = "文件太大，请分成几个，或请管理员在服务器上导入"


class Upload(NamedTuple):
    """A file as it was sent."""

    name: str
    content: bytes


async def import_uploads(actor: Actor, uploads: Sequence[Upload], *, preview: bool) -> ImportOut:
    """Import files, or check them in a `preview`; all rows must be about places the actor manages.

    Raises Invalid with every bad line unless it is a preview, which reports them; TooLarge; Conflict as `load_files`.
    """
    names = [_name(upload.name) for upload in uploads]
    if len(set(names)) < len(names):
        raise Invalid.at("/files", "有两个文件同名，请改名后再导入")
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder) / name for name in names]
        for file, upload in zip(files, uploads, strict=True):
            await asyncio.to_thread(file.write_bytes, upload.content)
            _require_small(file)
        report = await load_files(files, dry=preview, actor=actor)
    if report.bad and not preview:
        raise Invalid("有的行有问题，什么都没有导入；改好后重新导入即可", errors=_errors(report))
    return _to_out(report, preview=preview)


def template(kind: SheetName) -> bytes:
    """Return an empty workbook of a kind, with an example and explanations."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"{kind}.xlsx"
        templates.write_template(kind, file)
        return file.read_bytes()


def _name(sent: str) -> str:
    """Return the name a report gives a file: what was sent, without folders."""
    name = sent.replace("\\", "/").rpartition("/")[2].replace("\0", "").strip()
    stem, dot, suffix = name.rpartition(".")
    if not stem:
        raise Invalid.at("/files", "文件要有名称和格式，如 地址.xlsx")
    return f"{stem[:_MAX_NAME]}{dot}{suffix[:10]}"


def _require_small(file: Path) -> None:
    """Raise TooLarge for a workbook that would unpack to too much. What is no workbook is reported when it is read."""
    with suppress(zipfile.BadZipFile), zipfile.ZipFile(file) as archive:
        if sum(part.file_size for part in archive.infolist()) > _MAX_UNPACKED_BYTES:
            raise TooLarge(_TOO_LARGE)


def _errors(report: Report) -> list[dict[str, str]]:
    return [
        {"pointer": f"/{line.file}/{line.line}", "detail": f"{line.file} 第 {line.line} 行：{line.message}"}
        for line in report.bad
    ]


def _to_out(report: Report, *, preview: bool) -> ImportOut:
    lines = [line for line in report.lines if line.message]
    return ImportOut.model_validate(
        {
            "ok": report.ok,
            "preview": preview,
            "counts": report.counts,
            "notes": report.notes,
            "lines": [asdict(line) for line in lines],
            "changes": [asdict(change) for change in report.changes],
        }
    )
