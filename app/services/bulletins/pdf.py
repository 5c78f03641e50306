"""A published bulletin as a PDF, with the optional extra `loudeng[pdf]`: PDF/A-2a and PDF/UA-1, the same bytes every time."""

import asyncio
import io
import json
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import segno

from app.errors import NotInstalled
from app.models.bulletin import BulletinOut
from app.services.bulletins import content
from app.services.bulletins.content import Block, Headlines, Picture, Table

_TEMPLATE: Final = Path(__file__).parents[2] / "bulletin.typ"
# Chinese, and Kazakh in Arabic letters. Fonts of the machine are not used: the bytes would depend on it.
_FONTS: Final = ("pylopdf_fonts_zh_cn", "fontpkg_noto_sans_arabic")
_MISSING: Final = "这台服务器没有安装 PDF 组件（loudeng[pdf]），请打开公示页面打印，或另存为 PDF"


async def to_pdf(bulletin: BulletinOut, url: str) -> bytes:
    """Return the PDF of a published bulletin; `url`: its full address. Raises NotInstalled without the extra."""
    try:
        typst: Any = import_module("typst")
        fonts = tuple(str(Path(str(import_module(name).__file__)).parent) for name in _FONTS)
    except ImportError:
        raise NotInstalled(_MISSING) from None
    document = json.dumps(_document(bulletin, url), ensure_ascii=False)
    return await asyncio.to_thread(_compile, typst, fonts, document, int(bulletin.as_of.timestamp()))


# What is published stays as it is: whoever asks again gets what was made before.
@lru_cache(8)
def _compile(typst: Any, fonts: tuple[str, ...], document: str, timestamp: int) -> bytes:
    compiler = typst.Compiler(
        _TEMPLATE.read_bytes(),
        font_paths=[*fonts],
        ignore_system_fonts=True,
        sys_inputs={"document": document},
    )
    made: bytes = compiler.compile(format="pdf", pdf_standards=["a-2a", "ua-1"], timestamp=timestamp)
    return made


def _document(bulletin: BulletinOut, url: str) -> dict[str, Any]:
    return {
        "title": bulletin.words.title,
        "opening": bulletin.words.opening,
        "sections": [
            {"title": section.title, "blocks": list(map(_block, section.blocks))}
            for section in content.sections(bulletin)
        ],
        "as_of": content.as_of(bulletin),
        "address": url,
        "digest": bulletin.digest,
        "qr": _qr(url),
    }


def _qr(url: str) -> str:
    """Return the QR code of an address as an SVG document."""
    out = io.BytesIO()
    segno.make_qr(url, error="m").save(
        out, kind="svg", border=2, svgclass=None, lineclass=None, xmldecl=False
    )
    return out.getvalue().decode()


def _block(block: Block) -> dict[str, Any]:
    if isinstance(block, Headlines):
        return {"kind": "headlines", "items": block.items}
    if isinstance(block, Table):
        return {"kind": "table", "heads": block.heads, "rows": block.rows, "numeric": block.numeric}
    if isinstance(block, Picture):
        return {"kind": "picture", "title": block.title, "svg": block.svg}
    return {"kind": "paragraph", "text": block.text}
