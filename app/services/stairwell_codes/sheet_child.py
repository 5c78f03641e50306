"""Draws sheets of codes as a PDF: a JSON object a code on the standard input, the document on the standard output.

Run by path and never imported: thousands of codes take a minute of CPU, which a process that serves has not to give.
"""

import base64
import io
import json
import re
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import pylopdf_fonts_zh_cn
import segno
from fpdf import FPDF
from PIL import Image

FONT: Final = Path(pylopdf_fonts_zh_cn.__file__).with_name("NotoSansSC-Regular.otf")
COLUMNS, ROWS = 2, 4
WIDTH, HEIGHT = 210 / COLUMNS, 297 / ROWS  # millimetres of one code's part of the sheet; cut along its edges
MARGIN: Final = 6.0  # no printer prints up to the edge
CODE: Final = 42.0  # the side of the code
TEXT: Final = WIDTH - CODE - 3 * MARGIN  # the width of the text beside it
PIXELS: Final = 8  # of a module
BORDER: Final = 4  # modules: the quiet zone the standard asks for
MASK: Final = 3  # looking for the best of the eight takes ten times as long as all the rest
POINT: Final = 0.3528  # millimetres
UNBROKEN: Final = re.compile(r"(?:[0-9A-Za-z-]{1,20})?[^0-9A-Za-z][）、，。]?|[0-9A-Za-z-]{1,20}")

DANGER: Final = "遇到危险先打电话\n火警119 急救120 报警110"


def main() -> None:
    """Draw what the standard input says."""
    pdf = FPDF(unit="mm", format="A4")
    pdf.set_auto_page_break(auto=False)
    pdf.add_font("sc", fname=str(FONT))
    pdf.set_title("楼灯 楼道码")
    for n, line in enumerate(sys.stdin):
        column, row = n % COLUMNS, n // COLUMNS % ROWS
        if column == row == 0:
            pdf.add_page()
            draw_cut_lines(pdf)
        draw(pdf, column * WIDTH, row * HEIGHT, json.loads(line))
    sys.stdout.buffer.write(pdf.output())


def draw_cut_lines(pdf: FPDF) -> None:
    """Draw where to cut."""
    pdf.set_draw_color(170)
    pdf.set_dash_pattern(dash=2, gap=2)
    for column in range(1, COLUMNS):
        pdf.line(column * WIDTH, 0, column * WIDTH, ROWS * HEIGHT)
    for row in range(1, ROWS):
        pdf.line(0, row * HEIGHT, COLUMNS * WIDTH, row * HEIGHT)


def draw(pdf: FPDF, x: float, y: float, code: dict[str, Any]) -> None:
    """Draw one code at the upper left corner of its part: `label`, `unit`, `phone`, `scene`, and `url` or `image`."""
    pdf.image(picture(code), x + MARGIN, y + MARGIN, CODE, CODE)
    write(pdf, x + MARGIN, y + MARGIN + CODE + 1, CODE, 5, f"码号 {code['scene']}", 8, centre=True)
    write(pdf, x + MARGIN, y + MARGIN + CODE + 6, CODE, 10, "微信扫一扫 报修", 13, centre=True)
    left = x + 2 * MARGIN + CODE
    write(pdf, left, y + MARGIN, TEXT, 25, code["label"], 17)
    write(pdf, left, y + MARGIN + 27, TEXT, 17, who_answers(code), 11)
    pdf.set_text_color(190, 20, 20)
    write(pdf, left, y + MARGIN + 46, TEXT, 13, DANGER, 11)
    pdf.set_text_color(0)


def who_answers(code: dict[str, Any]) -> str:
    """Return who answers for the place, and the public number."""
    lines = [f"办理：{code['unit']}"] if code["unit"] else []
    return "\n".join([*lines, *([f"电话：{code['phone']}"] if code["phone"] else [])])


def picture(code: dict[str, Any]) -> io.BytesIO | Image.Image:
    """Return WeChat's image of a code; one of its link where there is none or it is broken."""
    image = io.BytesIO(base64.b64decode(code["image"] or ""))
    with suppress(OSError, SyntaxError), Image.open(image) as opened:
        opened.load()
        image.seek(0)
        return image
    rows = list(segno.make_qr(code["url"], error="m", mask=MASK).matrix_iter(border=BORDER))
    pixels = bytes(0 if module else 255 for row in rows for module in row)
    drawn = Image.frombytes("L", (len(rows), len(rows)), pixels)
    return drawn.resize((len(rows) * PIXELS, len(rows) * PIXELS), Image.Resampling.NEAREST).convert("1")


def write(
    pdf: FPDF,
    x: float,
    y: float,
    width: float,
    height: float,
    text: str,
    size: float,
    *,
    centre: bool = False,
) -> None:
    """Write text into a box. A long one is written smaller, never cut."""
    while True:
        pdf.set_font("sc", size=size)
        lines = [line for part in text.split("\n") for line in wrapped(pdf, part, width)]
        step = size * POINT * 1.25
        if len(lines) * step <= height or size <= 1:
            break
        size -= 0.5
    for n, line in enumerate(lines):
        shift = (width - pdf.get_string_width(line)) / 2 if centre else 0
        pdf.text(x + shift, y + n * step + size * POINT, line)


def wrapped(pdf: FPDF, text: str, width: float) -> list[str]:
    """Break text where the width ends: Chinese may break anywhere, but not in a number or after it."""
    lines = [""]
    for piece in UNBROKEN.findall(text):
        if lines[-1] and pdf.get_string_width(lines[-1] + piece) > width:
            lines.append("")
        lines[-1] += piece
    return lines


if __name__ == "__main__":
    main()
