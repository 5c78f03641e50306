"""A photo comes out upright, small and silent about its maker; what is no photo hurts nobody."""

import ast
import asyncio
import io
import itertools
import json
import os
import struct
import subprocess
import sys
import time
import zlib
from pathlib import Path

import pillow_heif
import pytest
from PIL import Image

from app import errors
from app.services.photos import decoder
from tests.patience import HANGING

SECRET = b"29.5630N106.5516E"
SCRIPT = Path(decoder.__file__).with_name("decode_child.py")
RED, BLUE = (220, 30, 30), (30, 30, 220)
pillow_heif.register_heif_opener()


def picture(width: int = 320, height: int = 240, mode: str = "RGB") -> Image.Image:
    """Red above, blue below: one can see which way up it is."""
    image = Image.new("RGB", (width, height), RED)
    image.paste(BLUE, (0, height // 2, width, height))
    return image.convert(mode)


def exif(orientation: int) -> Image.Exif:
    tags = Image.Exif()
    tags[0x0112], tags[0x010F], tags[0x010E] = orientation, "PhoneMaker", SECRET.decode()
    tags.get_ifd(0x8825).update({1: "N", 2: (29.0, 33.0, 46.8), 3: "E", 4: (106.0, 33.0, 5.8)})
    return tags


def display_p3() -> bytes:
    """Return the smallest ICC profile that means the wide colours of a phone's screen."""

    def xyz(*parts: float) -> bytes:
        return b"XYZ \0\0\0\0" + b"".join(struct.pack(">i", round(part * 65536)) for part in parts)

    curve = b"curv\0\0\0\0" + struct.pack(">IHxx", 1, round(2.2 * 256))
    tags = {
        b"desc": b"desc\0\0\0\0" + struct.pack(">I", 3) + b"P3\0" + b"\0" * 81,
        b"wtpt": xyz(0.9642, 1.0, 0.8249),
        b"rXYZ": xyz(0.5151, 0.2412, -0.0011),
        b"gXYZ": xyz(0.2919, 0.6922, 0.0419),
        b"bXYZ": xyz(0.1572, 0.0666, 0.7841),
        **dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), curve),
    }
    table, body, start = struct.pack(">I", len(tags)), b"", 128 + 4 + 12 * len(tags)
    for name, content in tags.items():
        table += struct.pack(">4sII", name, start + len(body), len(content))
        body += content + b"\0" * (-len(content) % 4)
    head = b"\0\0\0\0\x02\x10\0\0mntrRGB XYZ " + b"\0" * 12 + b"acsp" + b"\0" * 28
    head += struct.pack(">iii", 63190, 65536, 54061) + b"\0" * 48
    return struct.pack(">I", start + len(body)) + head + table + body


def chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def png(width: int, height: int, *chunks: bytes) -> bytes:
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    rows = zlib.compress(b"".join(b"\0" + b"\x80\x80\x80" * min(width, 100) for _ in range(min(height, 100))))
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(chunks) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def saved(image: Image.Image, kind: str, **how: object) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **how)
    return file.getvalue()


def segments(jpeg: bytes) -> set[int]:
    """Return every marker before the picture itself, and check that nothing follows its end."""
    at, seen = 2, set()
    while jpeg[at + 1] != 0xDA:
        assert jpeg[at] == 0xFF
        seen.add(jpeg[at + 1])
        at += 2 + int.from_bytes(jpeg[at + 2 : at + 4], "big")
    assert jpeg.index(b"\xff\xd9", at) == len(jpeg) - 2
    return seen


class Room:
    """A folder with an upload in it and a place for what comes out."""

    def __init__(self, folder: Path) -> None:
        self.source, self.out, self.thumb = folder / "upload.jpg", folder / "out", folder / "thumb"

    async def clean(self, content: bytes, max_pixels: int = 50_000_000) -> Image.Image:
        self.source.write_bytes(content)
        size = await decoder.clean_photo(self.source, self.out, self.thumb, max_pixels=max_pixels)
        for path, most in ((self.out, 2048 * 2048), (self.thumb, 480 * 480)):
            jpeg = path.read_bytes()
            assert segments(jpeg) <= {0xE0, 0xDB, 0xC0, 0xC4}, "only JFIF, tables and frame"
            assert SECRET not in jpeg
            with Image.open(path) as image:
                assert (image.format, image.mode) == ("JPEG", "RGB")
                assert image.width * image.height <= most
                assert max(image.size) <= 16_384
        with Image.open(self.out) as image:
            image.load()
        assert image.size == size
        return image

    async def refusal(self, content: bytes, max_pixels: int = 50_000_000) -> str:
        with pytest.raises(errors.Invalid) as refused:
            await self.clean(content, max_pixels)
        assert refused.value.extra["errors"][0]["pointer"] == "/file"
        assert not self.out.exists()
        assert not self.thumb.exists()
        return str(refused.value)


@pytest.fixture
def room(tmp_path: Path) -> Room:
    return Room(tmp_path)


NOT_A_PHOTO = "只能上传照片（JPEG、PNG、WebP、HEIC、GIF）"
TOO_MANY = "照片太大，请缩小后再上传"
BROKEN = "照片损坏，无法打开，请换一张"


def alike(found: object, wanted: tuple[int, int, int], by: int = 12) -> bool:
    return isinstance(found, tuple) and all(abs(a - b) <= by for a, b in zip(found, wanted, strict=True))


async def test_a_phone_photo_is_turned_upright_and_forgets_where_it_was_taken(room: Room) -> None:
    xmp = b"<x:xmpmeta>" + SECRET + b"</x:xmpmeta>"
    content = saved(picture(), "JPEG", exif=exif(6), comment=SECRET, xmp=xmp, icc_profile=display_p3())
    assert segments(content) >= {0xE1, 0xE2, 0xFE}
    upright = await room.clean(content)
    assert upright.size == (240, 320)
    assert alike(upright.getpixel((20, 160)), BLUE, 25)
    assert alike(upright.getpixel((220, 160)), RED, 40)  # the wide red is out of reach


@pytest.mark.parametrize("orientation", range(1, 9))
async def test_every_way_to_hold_the_camera_ends_upright(room: Room, orientation: int) -> None:
    turned = Image.new("RGB", (64, 48), "white")
    turned.paste(RED, (0, 0, 32, 24))
    tags = exif(orientation)
    held = await room.clean(saved(turned, "JPEG", exif=tags, quality=95))
    corner = {1: (5, 5), 2: (58, 5), 3: (58, 42), 4: (5, 42), 5: (5, 5), 6: (42, 5), 7: (42, 58), 8: (5, 58)}
    assert held.size == ((64, 48) if orientation < 5 else (48, 64))
    assert alike(held.getpixel(corner[orientation]), RED)


async def test_metadata_nobody_can_read_does_not_stop_a_photo(room: Room) -> None:
    content = saved(
        picture(), "JPEG", exif=b"Exif\0\0II*\0\xff\xff\xff\xff", icc_profile=b"no profile at all"
    )
    assert (await room.clean(content)).size == (320, 240)


async def test_wide_colours_become_ordinary_ones(room: Room) -> None:
    flat = Image.new("RGB", (64, 64), (200, 80, 60))
    shown = (await room.clean(saved(flat, "JPEG", quality=95, icc_profile=display_p3()))).getpixel((30, 30))
    assert alike(shown, (218, 71, 49), 6)


async def test_transparency_becomes_white_paper(room: Room) -> None:
    glass = Image.new("RGBA", (64, 64), (0, 0, 0, 0))
    glass.paste((*RED, 255), (0, 0, 32, 64))
    for kind in ("PNG", "WEBP"):
        paper = await room.clean(saved(glass, kind, lossless=True))
        assert alike(paper.getpixel((5, 30)), RED)
        assert alike(paper.getpixel((60, 30)), (255, 255, 255))


async def test_a_palette_with_a_transparent_colour_becomes_white_paper(room: Room) -> None:
    image = picture(64, 64).quantize(4)
    transparent = image.getpixel((5, 60))
    paper = await room.clean(saved(image, "PNG", transparency=transparent))
    assert alike(paper.getpixel((5, 5)), RED)
    assert alike(paper.getpixel((5, 60)), (255, 255, 255))


@pytest.mark.parametrize("mode", ["L", "1", "LA", "P", "CMYK"])
async def test_other_kinds_of_colour_are_read(room: Room, mode: str) -> None:
    kind = "JPEG" if mode == "CMYK" else "PNG"
    image = await room.clean(saved(picture(mode=mode), kind))
    assert image.size == (320, 240)
    if mode in {"P", "CMYK"}:
        assert alike(image.getpixel((160, 30)), RED, 40)


async def test_sixteen_bits_of_grey_are_not_burnt_out(room: Room) -> None:
    grey = Image.new("I;16", (64, 64), 0x8000)
    assert alike((await room.clean(saved(grey, "PNG"))).getpixel((30, 30)), (128, 128, 128))


async def test_a_moving_picture_shows_its_first_frame(room: Room) -> None:
    frames = [Image.new("RGB", (64, 64), colour) for colour in (BLUE, RED)]
    for kind in ("GIF", "WEBP", "PNG"):
        content = saved(frames[0], kind, save_all=True, append_images=frames[1:])
        assert alike((await room.clean(content)).getpixel((30, 30)), BLUE)


async def test_heic_is_read_upright_and_forgets_too(room: Room) -> None:
    held = picture()
    content = saved(held, "HEIF", exif=exif(6).tobytes(), xmp=b"<x>" + SECRET + b"</x>", quality=90)
    assert SECRET in content
    upright = await room.clean(content)
    assert upright.size == (240, 320)
    assert alike(upright.getpixel((20, 160)), BLUE, 25)


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "P", "L"])
async def test_a_large_one_is_shrunk_without_seams(room: Room, mode: str) -> None:
    slope = (
        Image.linear_gradient("L").resize((6400, 4000)).convert("RGB").convert(mode, dither=Image.Dither.NONE)
    )
    small = await room.clean(saved(slope, "PNG", compress_level=1))
    assert small.size == (2590, 1619)
    column = list(small.convert("L").crop((1000, 0, 1001, 1619)).tobytes())
    assert all(after >= before - 8 for before, after in itertools.pairwise(column))
    assert column[0] < 8
    assert column[-1] > 247


async def test_a_very_long_one_keeps_one_pixel_of_width(room: Room) -> None:
    assert (await room.clean(saved(Image.new("1", (30_000, 1)), "PNG"))).size == (16_384, 1)


# As the picture was taken, and what people get to see of it: a letter 40 pixels high keeps 12 or more.
SIZES = [
    # width, height, width and height shown
    (320, 240, 320, 240),
    (1080, 2400, 1080, 2400),  # a screenshot
    (1080, 12_000, 614, 6822),  # a long screenshot
    (1170, 20_000, 495, 8462),
    (1080, 40_000, 336, 12_444),
    (12_000, 1080, 6822, 614),  # a wide view
    (4032, 3024, 2364, 1773),
    (3000, 3000, 2048, 2048),
]


@pytest.mark.parametrize(("width", "height", "wide", "high"), SIZES)
async def test_pixels_are_limited_not_the_long_side(
    room: Room, width: int, height: int, wide: int, high: int
) -> None:
    shown = await room.clean(saved(Image.new("L", (width, height), 200), "PNG", compress_level=1))
    assert abs(shown.width - wide) <= 1
    assert abs(shown.height - high) <= 1


async def test_a_long_jpeg_keeps_half_its_width(room: Room) -> None:
    assert (await room.clean(saved(Image.new("RGB", (1080, 12_000)), "JPEG"))).size == (540, 6000)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff",
        b"hello, I am a photo" * 99,
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"%PDF-1.7\n",
        b"BM" * 99,
        b"<html><script>alert(1)</script>",
        b"\0\0\0\x20ftypisom" + b"\0" * 99,
        b"RIFF\0\0\0\0WAVEfmt ",
        b"MZ" + b"\0" * 99,
    ],
)
async def test_what_is_no_photo_is_told_so_whatever_its_name(room: Room, content: bytes) -> None:
    assert await room.refusal(content) == NOT_A_PHOTO


def bombs() -> dict[str, bytes]:
    jpeg = bytearray(saved(picture(), "JPEG"))
    frame = jpeg.index(b"\xff\xc0")
    jpeg[frame + 5 : frame + 9] = struct.pack(">HH", 60_000, 60_000)
    gif = b"GIF89a" + struct.pack("<HH", 65535, 65535) + b"\0\0\0,\0\0\0\0\xff\xff\xff\xff\0\x02\x01\0\0;"
    vp8x = b"VP8X\x0a\0\0\0\0\0\0\0" + (16382).to_bytes(3, "little") * 2
    heic = bytearray(saved(picture(), "HEIF"))
    ispe = heic.index(b"ispe")
    heic[ispe + 8 : ispe + 16] = struct.pack(">II", 30_000, 30_000)
    return {
        "png": png(30_000, 30_000),
        "jpeg": bytes(jpeg),
        "gif": gif,
        "webp": b"RIFF" + struct.pack("<I", len(vp8x) + 4) + b"WEBP" + vp8x,
        "heic": bytes(heic),
    }


@pytest.mark.alone
@pytest.mark.parametrize("kind", ["png", "jpeg", "gif", "webp", "heic"])
async def test_a_bomb_is_refused_by_its_header(room: Room, kind: str) -> None:
    begun = time.monotonic()
    # libheif has a limit of its own, and says less about it.
    assert await room.refusal(bombs()[kind]) in ({TOO_MANY, BROKEN} if kind == "heic" else {TOO_MANY})
    assert time.monotonic() - begun < 2


async def test_the_limit_is_the_callers_and_exact(room: Room) -> None:
    for width, height in ((100, 100), (99, 99), (58, 169)):
        content, pixels = saved(picture(width, height), "PNG"), width * height
        assert await room.refusal(content, pixels - 1) == TOO_MANY
        assert (await room.clean(content, pixels)).size == (width, height)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF", "GIF"])
async def test_half_a_photo_is_broken(room: Room, kind: str) -> None:
    noise = Image.effect_noise((320, 240), 90).convert("RGB")
    content = saved(noise, kind)
    assert await room.refusal(content[: len(content) // 2]) == BROKEN


def cut_short() -> list[tuple[str, bytes, bool]]:
    """Return JPEGs that lost their end, or have something else there; True: all pixels are there."""
    noise = Image.effect_noise((320, 240), 90).convert("RGB")
    large = Image.effect_noise((3400, 2600), 90)
    baseline, progressive = saved(noise, "JPEG"), saved(noise, "JPEG", progressive=True)
    restarts = saved(noise, "JPEG", restart_marker_rows=1)
    turned = saved(picture(), "JPEG", exif=exif(6))
    return [
        ("without the last byte", baseline[:-1], True),
        ("without the end mark", baseline[:-2], True),
        ("zeros instead of the end mark", baseline[:-2] + b"\0" * 512, True),
        ("progressive, without the end mark", progressive[:-2], True),
        ("with restart marks, without the end mark", restarts[:-2], True),
        ("turned, without the end mark", turned[:-2], True),
        ("large, without the end mark", saved(large, "JPEG")[:-2], True),
        ("grey, without the end mark", saved(noise.convert("L"), "JPEG")[:-2], True),
        ("for print, without the end mark", saved(picture(mode="CMYK"), "JPEG")[:-2], True),
        ("without the last row", baseline[:-400], False),
        ("without the last block", baseline[:-40], False),
        ("progressive, without the last block", progressive[:-40], False),
        ("with restart marks, without the last row", restarts[:-400], False),
        ("large, without a hundredth", saved(large, "JPEG")[:-20_000], False),
        ("without any pixels", baseline[: baseline.index(b"\xff\xda") + 14], False),
        ("without the last table", baseline[: baseline.index(b"\xff\xda") - 4], False),
    ]


@pytest.mark.parametrize(("content", "whole"), [pytest.param(c, w, id=name) for name, c, w in cut_short()])
async def test_a_jpeg_without_its_end_is_shown_if_all_pixels_are_there(
    room: Room, content: bytes, whole: bool
) -> None:
    if not whole:
        assert await room.refusal(content) == BROKEN
        return
    await room.clean(content)
    shown = room.out.read_bytes()
    await room.clean(content + b"\xff\xd9")
    assert room.out.read_bytes() == shown


@pytest.mark.parametrize("head", [b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"RIFF\0\0\0\0WEBPVP8 "])
async def test_a_head_without_a_photo_is_broken(room: Room, head: bytes) -> None:
    assert await room.refusal(head + b"\0" * 64) == BROKEN


async def test_a_file_that_is_two_things_leaves_as_one(room: Room) -> None:
    evil = b"<?php system($_GET[0]); ?><script>alert(1)</script>PK\x03\x04"
    await room.clean(saved(picture(), "JPEG", comment=evil) + evil)
    assert b"<?php" not in room.out.read_bytes() + room.thumb.read_bytes()


@pytest.mark.parametrize("kind", [b"zTXt", b"iCCP", b"iTXt"])
async def test_text_that_inflates_to_100_megabytes_does_not(room: Room, kind: bytes) -> None:
    inflated = zlib.compress(b"\0" * 100_000_000, 9)
    head = {b"zTXt": b"Comment\0\0", b"iCCP": b"p\0\0", b"iTXt": b"Comment\0\x01\0\0\0"}[kind]
    assert await room.refusal(png(100, 100, chunk(kind, head + inflated))) == BROKEN


def pretend(monkeypatch: pytest.MonkeyPatch, folder: Path, script: str) -> None:
    """Put another script in the place of the real one; it finds its pid file beside itself."""
    path = folder / "pretend.py"
    path.write_text(
        f"import json, os, sys, time\nopen(__file__ + '.pid', 'w').write(str(os.getpid()))\n{script}"
    )
    monkeypatch.setattr(decoder, "_SCRIPT", path)


def begun(folder: Path) -> None:
    pid = folder / "pretend.py.pid"
    while not (pid.exists() and pid.read_text()):
        time.sleep(0.01)


def alive(folder: Path) -> bool:
    try:
        os.kill(int((folder / "pretend.py.pid").read_text()), 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.parametrize(
    "script",
    [
        "os.abort()",
        "os.kill(os.getpid(), 9)",
        "raise SystemExit(1)",
        "import nothing_there",
        "print('{')",
        "print(json.dumps({'error': 'news'}))",
        "import signal; os.kill(os.getpid(), signal.SIGXCPU)",
    ],
)
async def test_a_script_that_dies_means_a_broken_photo(
    room: Room, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str
) -> None:
    pretend(monkeypatch, tmp_path, script)
    assert await room.refusal(b"") == BROKEN


async def test_a_script_that_hangs_is_killed_and_said_to_be_our_fault(
    room: Room, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pretend(monkeypatch, tmp_path, "open(sys.argv[2], 'w').write('half'); time.sleep(60)")
    monkeypatch.setattr(decoder, "_TIMEOUT_SECONDS", 0.5)
    with pytest.raises(errors.Unavailable):
        await room.clean(b"")
    assert not alive(tmp_path)
    assert not room.out.exists()


async def test_a_caller_who_leaves_takes_the_script_along(
    room: Room, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pretend(monkeypatch, tmp_path, "time.sleep(60)")
    upload = asyncio.create_task(room.clean(b""))
    await asyncio.to_thread(begun, tmp_path)
    upload.cancel()
    with pytest.raises(asyncio.CancelledError):
        await upload
    assert not alive(tmp_path)


async def test_no_more_than_two_work_at_once(
    room: Room, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    note = "f = os.open(sys.argv[1], os.O_WRONLY | os.O_APPEND); os.write(f, b'{}')\n"
    script = (
        note.format("+") + "time.sleep(0.15)\n" + note.format("-") + 'print(\'{"width": 1, "height": 1}\')'
    )
    pretend(monkeypatch, tmp_path, script)
    room.source.touch()
    await asyncio.gather(
        *(decoder.clean_photo(room.source, room.out, room.thumb, max_pixels=1) for _ in range(6))
    )
    inside = [
        room.source.read_text()[:at].count("+") - room.source.read_text()[:at].count("-") for at in range(13)
    ]
    assert max(inside) == 2
    assert inside[-1] == 0


async def test_the_script_knows_none_of_our_secrets(
    room: Room, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOUDENG_SECRET_KEY", "s3cret")
    pretend(
        monkeypatch,
        tmp_path,
        "json.dump(dict(os.environ), open(sys.argv[2], 'w')); print('{\"width\":1,\"height\":1}')",
    )
    await decoder.clean_photo(room.source, room.out, room.thumb, max_pixels=1)
    assert set(json.loads(room.out.read_text())) <= {"LC_ALL", "MALLOC_ARENA_MAX", "LC_CTYPE"}


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a Linux device")
async def test_a_full_disk_is_not_the_photos_fault(room: Room) -> None:
    room.out.symlink_to("/dev/full")
    with pytest.raises(errors.StorageFull):
        await room.clean(saved(picture(), "JPEG"))


def test_the_script_imports_nothing_of_ours() -> None:
    tree = ast.walk(ast.parse(SCRIPT.read_text()))
    names = [
        name
        for node in tree
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in (
            [node.module or ""] if isinstance(node, ast.ImportFrom) else [item.name for item in node.names]
        )
    ]
    assert {name.split(".")[0] for name in names} <= {"PIL", "pillow_heif", *sys.stdlib_module_names}


def asked(code: str, *arguments: str) -> list[float]:
    said = subprocess.run(
        [sys.executable, "-I", "-c", code, *arguments], capture_output=True, check=True, timeout=HANGING
    ).stdout
    numbers: list[float] = json.loads(said)
    return numbers


@pytest.mark.skipif(sys.platform != "linux", reason="limits of Linux")
def test_the_script_gives_up_memory_time_and_precedence() -> None:
    code = """import json, os, resource, runpy, sys
runpy.run_path(sys.argv[1])["limit_resources"]()
kinds = resource.RLIMIT_AS, resource.RLIMIT_CPU, resource.RLIMIT_CORE
print(json.dumps([*(resource.getrlimit(kind)[1] for kind in kinds), os.nice(0)]))"""
    memory, seconds, core, nice = asked(code, str(SCRIPT))
    assert (memory, seconds, core) == (1 << 30, 4, 0)
    assert nice == min(os.nice(0) + 10, 19)


@pytest.mark.skipif(sys.platform != "linux", reason="limits of Linux")
def test_a_photo_that_wants_more_memory_than_there_is_gets_an_answer(tmp_path: Path) -> None:
    (tmp_path / "source").write_bytes(png(20_000, 20_000))
    arguments = [*(str(tmp_path / name) for name in ("source", "out", "thumb")), "1000000000"]
    ended = subprocess.run([sys.executable, "-I", str(SCRIPT), *arguments], capture_output=True, check=False)
    assert json.loads(ended.stdout) == {"error": "broken", "why": "MemoryError"}


@pytest.mark.alone
@pytest.mark.skipif(sys.platform != "linux", reason="kilobytes are Linux's unit")
def test_twelve_megapixels_cost_under_a_second_and_150_megabytes(tmp_path: Path) -> None:
    grain = Image.effect_noise((4032, 3024), 40)
    photo = Image.merge("RGB", (grain, grain.transpose(Image.Transpose.ROTATE_180), grain))
    source, out, thumb = (str(tmp_path / name) for name in ("source", "out", "thumb"))
    photo.save(source, "JPEG", quality=90)
    code = """import json, resource, subprocess, sys
subprocess.run([sys.executable, "-I", *sys.argv[1:]], check=True, stdout=subprocess.DEVNULL)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps([used.ru_utime + used.ru_stime, used.ru_maxrss / 1024]))"""
    seconds, megabytes = asked(code, str(SCRIPT), source, out, thumb, "50000000")
    print(f"12 MP: {seconds:.2f} s CPU, {megabytes:.0f} MB")  # noqa: T201 - the figures, with pytest -s
    assert seconds < 1
    assert megabytes < 150
