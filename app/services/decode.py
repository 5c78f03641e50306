"""Develop one photo into a clean JPEG and a thumbnail: run by path, `python -I`, in a process that may die.

Arguments: SOURCE OUT THUMB MAX_PIXELS. Prints one JSON line: `{"width", "height", "bytes"}` or `{"error"}`.
Imports nothing of ours: a photo that took this over would find no settings and no secrets.
"""

import contextlib
import errno
import io
import json
import os
import sys
import warnings
from pathlib import Path

from PIL import Image, ImageCms

LONGEST, THUMB, QUALITY = 2048, 480, 85
DRAFT = (
    1600  # libjpeg halves for free: 12 megapixels land on 2016 instead of 2048, for a fraction of the work
)
MEMORY, CPU_SECONDS = 1 << 30, 4  # 50 megapixels of WebP, the hungriest, need 0.8 GB and 2.7 s
MAGIC = {b"\xff\xd8\xff": "JPEG", b"\x89PNG\r\n\x1a\n": "PNG", b"GIF87a": "GIF", b"GIF89a": "GIF"}
HEIF_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1"}
T = Image.Transpose
UPRIGHT = {2: T.FLIP_LEFT_RIGHT, 3: T.ROTATE_180, 4: T.FLIP_TOP_BOTTOM, 5: T.TRANSPOSE}  # by EXIF orientation
UPRIGHT |= {6: T.ROTATE_270, 7: T.TRANSVERSE, 8: T.ROTATE_90}


def confine() -> None:
    """Give up memory, time, core dumps (they would hold the photo) and precedence, before a file is opened."""
    os.umask(0o077)
    if sys.platform == "win32":
        return  # it knows no such limits: only the caller's clock
    import resource  # noqa: PLC0415 - as said

    os.nice(10)
    limits = {resource.RLIMIT_AS: MEMORY, resource.RLIMIT_CPU: CPU_SECONDS, resource.RLIMIT_CORE: 0}
    for kind, limit in limits.items():
        with contextlib.suppress(ValueError):  # a stricter limit is in force; macOS knows none for memory
            resource.setrlimit(kind, (limit, limit))


def kind_of(source: Path) -> str | None:
    """Name the format by the first bytes, so that only that one decoder ever sees the file."""
    with source.open("rb") as file:
        head = file.read(16)
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "WEBP"
    if head[4:8] == b"ftyp" and head[8:12] in HEIF_BRANDS:
        return "HEIF"
    return next((kind for magic, kind in MAGIC.items() if head.startswith(magic)), None)


def open_photo(source: Path, kind: str, max_pixels: int) -> Image.Image:
    """Read the header only; more than `max_pixels` are refused before one of them is decoded."""
    if kind == "HEIF":
        import pillow_heif  # noqa: PLC0415 - 30 ms and a large library, for the few photos that need it

        plain = {"thumbnails": False, "depth_images": False, "aux_images": False, "decode_threads": 1}
        pillow_heif.register_heif_opener(**plain)
    # Pillow raises at twice its limit, also inside the WebP decoder, which allocates while it opens.
    Image.MAX_IMAGE_PIXELS = (max_pixels + 1) // 2
    warnings.simplefilter("ignore", Image.DecompressionBombWarning)
    photo = Image.open(source, formats=[kind])
    if photo.width * photo.height > max_pixels:
        raise Image.DecompressionBombError
    return photo


def even(photo: Image.Image) -> Image.Image:
    """Return a mode that averaging, colours and transparency survive: RGB, RGBA, L or CMYK."""
    if photo.mode.startswith("I"):
        return photo.point(lambda grey: grey / 256).convert("L")  # 16 bits; convert() alone would clip them
    if photo.has_transparency_data:
        return photo if photo.mode == "RGBA" else photo.convert("RGBA")
    return photo if photo.mode in {"RGB", "L", "CMYK"} else photo.convert("RGB")


def shrink(photo: Image.Image) -> Image.Image:
    """Decode, at most 2048 on the longest side."""
    scale = DRAFT / max(photo.size)
    photo.draft(None, (max(1, int(photo.width * scale)), max(1, int(photo.height * scale))))
    photo.load()
    factor = int(max(photo.size) / LONGEST / 1.5)
    small = average(photo, factor) if factor > 1 else even(photo)
    small.thumbnail((LONGEST, LONGEST), Image.Resampling.LANCZOS, reducing_gap=None)
    return small


def average(photo: Image.Image, factor: int) -> Image.Image:
    """Reduce strip by strip, for each copy of a whole large photo takes 200 MB."""
    step = 64 * factor
    boxes = [(0, top, photo.width, min(photo.height, top + step)) for top in range(0, photo.height, step)]
    strips = [even(photo.crop(box)).reduce(factor) for box in boxes]
    small = Image.new(strips[0].mode, (strips[0].width, sum(strip.height for strip in strips)))
    for row, strip in enumerate(strips):
        small.paste(strip, (0, 64 * row))
    return small


def to_srgb(photo: Image.Image, profile: bytes | None) -> Image.Image:
    """Mean the same colours without a profile; a broken one is ignored, as cameras write those too."""
    if not profile:
        return photo.convert("RGB")
    try:
        camera, srgb = ImageCms.ImageCmsProfile(io.BytesIO(profile)), ImageCms.createProfile("sRGB")
        return ImageCms.profileToProfile(photo, camera, srgb, outputMode="RGB") or photo.convert("RGB")
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return photo.convert("RGB")


def orientation(photo: Image.Image) -> int:
    try:
        return int(photo.getexif().get(0x0112, 1))
    except Exception:  # noqa: BLE001 - EXIF is written by anybody; unreadable, it says nothing
        return 1


def develop(photo: Image.Image) -> Image.Image:
    """Return the photo upright, in sRGB, on white, small, and knowing nothing about itself."""
    small = shrink(photo)
    clean = to_srgb(small.convert("RGB") if small.mode == "RGBA" else small, photo.info.get("icc_profile"))
    if small.mode == "RGBA":
        paper = Image.new("RGB", small.size, "white")
        paper.paste(clean, mask=small.getchannel("A"))
        clean = paper
    if (turn := orientation(photo)) in UPRIGHT:
        clean = clean.transpose(UPRIGHT[turn])
    clean.info = {}  # Pillow writes the comments it finds here into the new file
    return clean


def main(source: str, out: str, thumb: str, max_pixels: str) -> dict[str, object]:
    """Answer what became of the photo; whatever a decoder trips over is the photo's fault, a full disk is ours."""
    try:
        confine()
        kind = kind_of(Path(source))
        if kind is None:
            return {"error": "not-image"}
        photo = develop(open_photo(Path(source), kind, int(max_pixels)))
        photo.save(out, "JPEG", quality=QUALITY)
        width, height = photo.size
        photo.thumbnail((THUMB, THUMB), Image.Resampling.LANCZOS, reducing_gap=3.0)
        photo.save(thumb, "JPEG", quality=QUALITY)
        return {"width": width, "height": height, "bytes": Path(out).stat().st_size}
    except Image.DecompressionBombError:
        return {"error": "too-many-pixels"}
    except Exception as error:  # noqa: BLE001 - as said above
        full = getattr(error, "errno", None) in {errno.ENOSPC, errno.EDQUOT}
        return {"error": "full" if full else "broken", "why": type(error).__name__}


if __name__ == "__main__":
    line = main(*sys.argv[1:])
    print(json.dumps(line))  # noqa: T201 - this is the answer
    sys.exit(3 if "error" in line else 0)
