"""The program says which of the data it ships are not in force, and the file to import takes them over."""

import pytest

from app import db
from app.services import demo, imports

pytestmark = pytest.mark.usefixtures("empty")


async def differences(*, street: bool = False) -> dict[str, tuple[list[str], list[str], list[str]]]:
    """Return what is added, what is changed, and the files, by kind."""
    found = await imports.list_shipped_changes(demo=street)
    return {
        change.kind: (change.added, change.changed, [file.name for file in files]) for change, files in found
    }


async def test_fresh_from_the_program_nothing_differs() -> None:
    await demo.load_demo("1")
    assert await differences(street=True) == {}


async def test_what_differs_is_named_with_the_file_that_takes_it_over() -> None:
    await imports.load_builtin()
    await db.fetch("UPDATE category SET resolve_minutes = 99 WHERE code = 'stair_light'")
    await db.fetch("DELETE FROM category WHERE code = 'noise'")
    await db.fetch("DELETE FROM calendar_day WHERE date = '2026-10-01'")
    assert await differences() == {
        "categories": (["noise"], ["stair_light"], ["categories.csv"]),
        "calendar": (["2026-10-01"], [], ["2026.csv"]),
    }
    for _, files in await imports.list_shipped_changes(demo=False):
        assert (await imports.load_files(files)).ok
    assert await differences() == {}


async def test_looking_changes_nothing_and_what_an_office_added_is_no_difference() -> None:
    await imports.load_builtin()
    await db.fetch("UPDATE category SET zh = '楼灯' WHERE code = 'stair_light'")
    await db.fetch(
        "INSERT INTO calendar_day (date, kind, name, source) VALUES ('2026-12-24', 'holiday', '本街道', '')"
    )
    await differences()
    (row,) = await db.fetch("SELECT zh FROM category WHERE code = 'stair_light'")
    assert row["zh"] == "楼灯"
    assert list(await differences()) == ["categories"]


async def test_the_demo_street_is_compared_only_where_there_is_one() -> None:
    await demo.load_demo("1")
    await db.fetch("UPDATE place SET name = '944幢' WHERE code = 'wss-944'")
    assert await differences() == {}
    assert await differences(street=True) == {"places": ([], ["wss-944"], ["places.csv"])}


async def test_the_line_says_what_differs_and_the_command() -> None:
    await imports.load_builtin()
    await db.fetch("UPDATE category SET resolve_minutes = 99 WHERE code = 'stair_light'")
    ((change, files),) = await imports.list_shipped_changes(demo=False)
    assert imports.format_shipped_change(change, files) == (
        "程序自带的数据和正在使用的不同，没有改动：categories：改动 1（stair_light），不变 26。要采用自带的："
        "python -m app import app/categories.csv（加 --dry-run 先看；街道、社区自己设的不变）"
    )
