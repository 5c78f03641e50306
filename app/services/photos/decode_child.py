"""Turns one photo into a clean JPEG and a thumbnail; run by path, `python -I`, in a child process that may crash.

Arguments: SOURCE OUT THUMB MAX_PIXELS. Prints one JSON line: `{"width", "height", "bytes"}` or `{"error"}`.
Imports nothing of the program: a photo that exploits a decoder finds no settings and no secrets.
"""

import contextlib
import errno
import io
import json
import math
import os
import sys
import warnings
from pathlib import Path

from PIL import Image, ImageCms

# Pixels, not sides, are limited: of a long screenshot of 1080 x 12000 more than half the width is left, and can be read.
OUT_PIXELS, THUMB_PIXELS, QUALITY = 2048 * 2048, 480 * 480, 85
LONGEST_SIDE = 16_384  # many phones show no longer picture
# libjpeg halves for free: 12 megapixels become 2016 x 1512, for a fraction of the work.
DRAFT_PIXELS = 1600 * 1200
JPEG_END = b"\xff\xd9"
NOISE = bytes(range(1, 255))  # decoded as pixels wherever a JPEG goes on; without its end mark in between
MEMORY_BYTES, CPU_SECONDS = 1 << 30, 4  # the worst case, 50 megapixels of WebP, needs 0.8 GB and 2.7 s
MAGIC = {b"\xff\xd8\xff": "JPEG", b"\x89PNG\r\n\x1a\n": "PNG", b"GIF87a": "GIF", b"GIF89a": "GIF"}
HEIF_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1"}
T = Image.Transpose
TRANSPOSE_BY_ORIENTATION = {
    2: T.FLIP_LEFT_RIGHT,
    3: T.ROTATE_180,
    4: T.FLIP_TOP_BOTTOM,
    5: T.TRANSPOSE,
}  # by EXIF orientation
TRANSPOSE_BY_ORIENTATION |= {6: T.ROTATE_270, 7: T.TRANSVERSE, 8: T.ROTATE_90}


def limit_resources() -> None:
    """Limit memory and CPU time, forbid core dumps (they would hold the photo) and lower the priority."""
    os.umask(0o077)
    if sys.platform == "win32":
        return  # no such limits there: only the caller's timeout
    import resource  # noqa: PLC0415 - not available on Windows

    os.nice(10)
    limits = {resource.RLIMIT_AS: MEMORY_BYTES, resource.RLIMIT_CPU: CPU_SECONDS, resource.RLIMIT_CORE: 0}
    for kind, limit in limits.items():
        with contextlib.suppress(ValueError):  # a stricter limit is in force; macOS has none for memory
            resource.setrlimit(kind, (limit, limit))


def detect_format(source: Path) -> str | None:
    """Return the format by the first bytes, so that only the decoder of that format reads the file."""
    with source.open("rb") as file:
        head = file.read(16)
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "WEBP"
    if head[4:8] == b"ftyp" and head[8:12] in HEIF_BRANDS:
        return "HEIF"
    return next((kind for magic, kind in MAGIC.items() if head.startswith(magic)), None)


def open_photo(source: Path | io.BytesIO, kind: str, max_pixels: int) -> Image.Image:
    """Open a photo by its header. Raises DecompressionBombError for more than `max_pixels`, before decoding any."""
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


def to_averageable(photo: Image.Image) -> Image.Image:
    """Convert to a mode in which pixels can be averaged without losing colour or transparency: RGB, RGBA, L or CMYK."""
    if photo.mode.startswith("I"):
        return photo.point(lambda grey: grey / 256).convert("L")  # 16 bits; convert() alone would clip them
    if photo.has_transparency_data:
        return photo if photo.mode == "RGBA" else photo.convert("RGBA")
    return photo if photo.mode in {"RGB", "L", "CMYK"} else photo.convert("RGB")


def load(source: Path, kind: str, max_pixels: int) -> Image.Image:
    """Open and decode a photo. A JPEG may lack its end, if the pixels are all there: whatever follows changes none of them."""
    try:
        return decode(open_photo(source, kind, max_pixels))
    except OSError:
        if kind != "JPEG":
            raise
        content = source.read_bytes()
        endings = (JPEG_END, NOISE + JPEG_END)
        one, other = (decode(open_photo(io.BytesIO(content + end), kind, max_pixels)) for end in endings)
        if one.tobytes() != other.tobytes():
            raise
        return one


def decode(photo: Image.Image) -> Image.Image:
    """Decode a photo; a large JPEG scaled down by 2, 4 or 8."""
    scale = math.sqrt(DRAFT_PIXELS / (photo.width * photo.height))
    photo.draft(None, (max(1, int(photo.width * scale)), max(1, int(photo.height * scale))))
    photo.load()
    return photo


def shrink(photo: Image.Image) -> Image.Image:
    """Scale down to at most `OUT_PIXELS`, in a mode in which pixels can be averaged."""
    factor = int(scale_down(photo, OUT_PIXELS) / 1.5)
    small = average(photo, factor) if factor > 1 else to_averageable(photo)
    fit(small, OUT_PIXELS)
    return small


def scale_down(photo: Image.Image, max_pixels: int) -> float:
    """Return by how much to divide the sides."""
    return max(1, math.sqrt(photo.width * photo.height / max_pixels), max(photo.size) / LONGEST_SIDE)


def fit(photo: Image.Image, max_pixels: int, reducing_gap: float | None = None) -> None:
    """Scale down in place to at most `max_pixels`."""
    scale = scale_down(photo, max_pixels)
    if scale > 1:
        size = (max(1, int(photo.width / scale)), max(1, int(photo.height / scale)))
        photo.thumbnail(size, Image.Resampling.LANCZOS, reducing_gap=reducing_gap)


def average(photo: Image.Image, factor: int) -> Image.Image:
    """Scale down strip by strip: each copy of a whole large photo would take 200 MB."""
    step = 64 * factor
    boxes = [(0, top, photo.width, min(photo.height, top + step)) for top in range(0, photo.height, step)]
    strips = [to_averageable(photo.crop(box)).reduce(factor) for box in boxes]
    small = Image.new(strips[0].mode, (strips[0].width, sum(strip.height for strip in strips)))
    for row, strip in enumerate(strips):
        small.paste(strip, (0, 64 * row))
    return small


def to_srgb(photo: Image.Image, profile: bytes | None) -> Image.Image:
    """Convert to sRGB by the embedded colour profile; a broken one is ignored, since cameras write those too."""
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
    except Exception:  # noqa: BLE001 - broken EXIF is common, and counts as none
        return 1


def clean(photo: Image.Image) -> Image.Image:
    """Return the photo upright, in sRGB, on a white background, scaled down and without metadata."""
    small = shrink(photo)
    result = to_srgb(small.convert("RGB") if small.mode == "RGBA" else small, photo.info.get("icc_profile"))
    if small.mode == "RGBA":
        background = Image.new("RGB", small.size, "white")
        background.paste(result, mask=small.getchannel("A"))
        result = background
    if (turn := orientation(photo)) in TRANSPOSE_BY_ORIENTATION:
        result = result.transpose(TRANSPOSE_BY_ORIENTATION[turn])
    result.info = {}  # Pillow would write the comments in it to the new file
    return result


def main(source: str, out: str, thumb: str, max_pixels: str) -> dict[str, object]:
    """Clean a photo and return the answer to print; any error but a full disk means a broken photo."""
    try:
        limit_resources()
        kind = detect_format(Path(source))
        if kind is None:
            return {"error": "not-image"}
        photo = clean(load(Path(source), kind, int(max_pixels)))
        photo.save(out, "JPEG", quality=QUALITY)
        width, height = photo.size
        fit(photo, THUMB_PIXELS, reducing_gap=3.0)
        photo.save(thumb, "JPEG", quality=QUALITY)
        return {"width": width, "height": height, "bytes": Path(out).stat().st_size}
    except Image.DecompressionBombError:
        return {"error": "too-many-pixels"}
    except Exception as error:  # noqa: BLE001 - decoders raise anything
        full = getattr(error, "errno", None) in {errno.ENOSPC, errno.EDQUOT}
        return {"error": "full" if full else "broken", "why": type(error).__name__}


if __name__ == "__main__":
    answer = main(*sys.argv[1:])
    print(json.dumps(answer))  # noqa: T201 - read by the parent process
    sys.exit(3 if "error" in answer else 0)
