"""The drawer of figures: the pictures in golden/, mirrored ones, hostile words, contrast."""

import os
import re
from pathlib import Path
from typing import Final
from xml.etree import ElementTree as ET

import pytest

from app.enums import ColumnKind
from app.rules.figures import drawing
from app.rules.figures.drawing import Picture, show
from app.rules.figures.table import Column, Drawing, Row, share

GOLDEN: Final = Path(__file__).parent / "golden"
REWRITE: Final = "REWRITE_PICTURES"  # set: the pictures are written anew, to be looked at
COUNT: Final = Column("n", "工单")
SHARE: Final = Column("share", "占比", ColumnKind.SHARE)
BARS: Final = [
    Row("stair_light", "楼道灯不亮", {"n": 12}),
    Row("noise", "噪音扰民", {"n": 0}),
    Row("total", "合计", {"n": 12}),
]
RATES: Final = [Row("response", "响应率", {"share": 0.8}), Row("satisfaction", "满意率", {"share": None})]
HOURS: Final = [Column(f"h{n}", f"{n}时") for n in range(3)]
GRID: Final = [Row("d0", "周一", {"h0": 0, "h1": 3, "h2": 1}), Row("d1", "周二", {"h0": 9, "h1": 0, "h2": 2})]
PICTURES: Final = {
    "bars": Picture("人和街道 · 问题类别", "说明", [COUNT], BARS, "n"),
    "bars_rtl": Picture("人和街道 · 问题类别", "说明", [COUNT], BARS, "n", mirrored=True),
    "shares": Picture("三率", "说明", [SHARE], RATES, "share"),
    "grid": Picture("上报时段", "说明", HOURS, GRID, "", Drawing.GRID),
    "grid_rtl": Picture("上报时段", "说明", HOURS, GRID, "", Drawing.GRID, mirrored=True),
    "nothing": Picture("问题类别", "说明", [COUNT], [], "n"),
    "many": Picture("楼栋", "说明", [COUNT], [Row(f"{n}", f"{n}号楼", {"n": n}) for n in range(40)], "n"),
    "hostile": Picture(
        '<script>"&', "]]><b>", [COUNT], [Row("x", "</text><script>alert(1)</script>", {"n": 1})], "n"
    ),
}


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_is_the_golden_one(name: str) -> None:
    drawn, golden = drawing.draw(PICTURES[name]), GOLDEN / f"{name}.svg"
    if REWRITE in os.environ:
        golden.write_text(drawn, "utf-8")
    assert drawn == golden.read_text("utf-8")


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_is_xml_without_script_or_style(name: str) -> None:
    root = ET.fromstring(drawing.draw(PICTURES[name]))
    kinds = {element.tag.rpartition("}")[2] for element in root.iter()}
    assert kinds <= {"svg", "title", "desc", "rect", "text"}
    assert not any("href" in name or name.startswith("on") for one in root.iter() for name in one.attrib)
    assert [one.tag.rpartition("}")[2] for one in root][:2] == ["title", "desc"]


@pytest.mark.parametrize("name", ["bars", "grid"])
def test_mirrored_every_mark_lies_as_far_from_the_other_side(name: str) -> None:
    def edges(picture: Picture) -> list[tuple[float, float]]:
        root = ET.fromstring(drawing.draw(picture))
        return [
            (float(one.attrib["x"]), float(one.attrib["width"]))
            for one in root.iter()
            if one.tag.endswith("rect") and "x" in one.attrib
        ]

    plain, mirrored = edges(PICTURES[name]), edges(PICTURES[f"{name}_rtl"])
    assert [(round(drawing.WIDTH - x - width, 1), width) for x, width in plain] == mirrored


def luminance(colour: str) -> float:
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_text_has_contrast_on_whatever_it_stands() -> None:
    drawn = "".join(map(drawing.draw, PICTURES.values()))
    grounds = set(re.findall(r'<rect[^>]*height="2[56]"[^>]*fill="(#\w{6})"', drawn)) | {"#ffffff"}
    assert len(grounds) > 2
    for ground in grounds:
        light, dark = luminance(ground), luminance("#1a1f1d")
        assert (light + 0.05) / (dark + 0.05) >= 4.5, ground


@pytest.mark.parametrize(
    ("value", "kind", "shown"),
    [
        (None, ColumnKind.SHARE, "—"),
        (0.8, ColumnKind.SHARE, "80.0%"),
        (0, ColumnKind.MINUTES, "0分"),
        (61, ColumnKind.MINUTES, "1小时1分"),
        (3001, ColumnKind.MINUTES, "2天2小时"),
        (3, ColumnKind.CHANGE, "+3"),
        (-3, ColumnKind.CHANGE, "-3"),
        (7, ColumnKind.COUNT, "7"),
    ],
)
def test_values_are_shown_as_people_read_them(value: float | None, kind: ColumnKind, shown: str) -> None:
    assert drawing.show(value, kind) == shown


@pytest.mark.parametrize(
    ("part", "whole", "shown"),
    [(12, 161, "7.5%"), (2, 3, "66.7%"), (1, 8, "12.5%"), (0, 5, "0.0%"), (5, 5, "100.0%"), (0, 0, "—")],
)
def test_a_share_is_rounded_once(part: int, whole: int, shown: str) -> None:
    """12 of 161 was 7.4% in the picture and 7.5% in the table beside it."""
    assert show(share(part, whole), ColumnKind.SHARE) == shown
