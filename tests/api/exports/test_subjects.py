"""Lists of subjects as files: as they are filtered, as far as the caller sees, and nothing that has sides."""

import csv
import io
from urllib.parse import unquote

import pytest

from app import db
from app.services.exports import subjects as exporting
from app.services.subjects import SHAPES
from tests import subjects
from tests.world import Everybody, Person, problem


async def table(person: Person, noun: str, **query: str) -> list[dict[str, str]]:
    sent = await person.ask("GET", f"/{noun}/export", params={"format": "csv"} | query)
    assert sent.status_code == 200, sent.text
    return list(csv.DictReader(io.StringIO(sent.content.decode("utf-8-sig"), newline="")))


async def test_a_list_is_written_as_it_is_filtered(
    people_of: Everybody, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "PAGE", 2)
    (community,) = await people_of("community")
    said = [
        await subjects.opinion(community, text=text) for text in ("=1+1", "路灯不亮", "缺长椅", "楼道太黑")
    ]
    await subjects.act(community, "opinions", "answer", said[1], text="已经修好")
    rows = await table(community, "opinions")
    assert [row["内容"] for row in rows] == ["楼道太黑", "缺长椅", "路灯不亮", "'=1+1"]
    (answered,) = await table(community, "opinions", status="answered")
    assert (answered["内容"], answered["结果"], answered["地点"]) == (
        "路灯不亮",
        "已经修好",
        said[1]["place"]["label"],
    )
    assert [row["type"] for row in await db.fetch("SELECT type FROM audit WHERE type LIKE '%exported'")] == [
        "subjects_exported"
    ] * 2


@pytest.mark.parametrize("noun", [SHAPES[kind].path for kind in exporting.KINDS])
async def test_every_list_without_sides_is_a_file_for_staff(people_of: Everybody, noun: str) -> None:
    community, resident = await people_of("community", "resident")
    sent = await community.ask("GET", f"/{noun}/export")
    assert (sent.status_code, sent.content[:2]) == (200, b"PK")
    assert unquote(sent.headers["content-disposition"]).endswith(".xlsx")
    problem(await resident.ask("GET", f"/{noun}/export"), 403, "forbidden")


@pytest.mark.parametrize("noun", ["disputes", "relationships"])
async def test_what_has_sides_is_in_no_file(people_of: Everybody, noun: str) -> None:
    (community,) = await people_of("community")
    problem(await community.ask("GET", f"/{noun}/export"), 404, "not-found")
