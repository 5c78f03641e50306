"""An office's posts as a file: what is changed there is changed by importing it, and nobody's number is in it."""

import csv
import io
from typing import Any

import openpyxl
import pytest

from app import db
from app.services.exports import posts as exporting
from app.services.imports.kinds import KINDS
from tests.world import Everybody, Person, answer, problem

Rows = list[list[Any]]


async def exported(person: Person, format_: str = "csv", **query: Any) -> bytes:
    sent = await person.ask("GET", "/posts/export", params={"format": format_} | query)
    assert sent.status_code == 200, sent.text
    return sent.content


def table(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def written(rows: list[dict[str, str]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, exporting.COLUMNS)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


async def imported(person: Person, content: bytes, name: str = "posts.csv", *, preview: bool = False) -> Any:
    return await person.ask(
        "POST", f"/imports?preview={str(preview).lower()}", files=[("files", (name, content))]
    )


async def cards() -> list[Any]:
    return await db.fetch("SELECT id, role, person_id, title, skills, phone, hours FROM post ORDER BY id")


@pytest.mark.parametrize("format_", ["csv", "xlsx"])
async def test_what_is_exported_is_imported_and_changes_nothing(
    people_of: Everybody, format_: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "PAGE", 3)
    (community,) = await people_of("community")
    await db.fetch("UPDATE post SET skills = '{policy,safety}', phone = '023-67000000', hours = '=9:00+1'")
    before, audited = await cards(), await db.fetch("SELECT count(*) AS n FROM audit WHERE type = 'invited'")
    content = await exported(community, format_)
    report = answer(await imported(community, content, f"posts.{format_}", preview=True))
    listed = (await community.get("/posts", limit=100))["items"]
    assert (report["ok"], report["counts"]) == (True, {"posts": len(listed)}), report["lines"]
    (change,) = report["changes"]
    assert (change["added"], change["changed"], change["same"]) == ([], [], len(listed))
    assert answer(await imported(community, content, f"posts.{format_}"))["ok"]
    assert await cards() == before
    assert await db.fetch("SELECT count(*) AS n FROM audit WHERE type = 'invited'") == audited


async def test_what_is_changed_in_the_file_is_changed_and_nothing_else(people_of: Everybody) -> None:
    (community,) = await people_of("community")
    rows = table(await exported(community))
    before = {row["id"]: row for row in await cards()}
    (head,) = [row for row in rows if (row["role"], row["unit"]) == ("head", "wss-g4")]
    head |= {"skills": "policy;culture", "public_phone": "023-67000001", "hours": "晚上"}
    assert answer(await imported(community, written(rows)))["ok"]
    after = {row["id"]: row for row in await cards()}
    (changed,) = [key for key in after if after[key] != before[key]]
    assert str(changed) == head["post"]
    assert (after[changed]["skills"], after[changed]["hours"]) == (["policy", "culture"], "晚上")
    assert after[changed]["person_id"] == before[changed]["person_id"]


async def test_nobodys_number_is_in_it_and_it_is_on_record(people_of: Everybody) -> None:
    community, head = await people_of("community", "grid_head")
    answer(await head.ask("POST", "/me/phone", json={"phone": "138 1234 5678"}), 201)
    content = (await exported(community)).decode()
    assert "1234" not in content.replace("138****5678", "").replace("-1234", "")
    assert {row["phone"] for row in table(content.encode())} == {""}
    (entry,) = await db.fetch("SELECT data FROM audit WHERE type = 'posts_exported'")
    assert entry["data"] == {"format": "csv"}
    assert problem(await head.ask("GET", "/posts/export"), 403)


async def test_a_book_has_the_columns_of_the_import(people_of: Everybody) -> None:
    (community,) = await people_of("community")
    book = openpyxl.load_workbook(io.BytesIO(await exported(community, "xlsx", role="head")), read_only=True)
    heads, *rows = book["岗位"].iter_rows(values_only=True)
    assert set(heads) == {*KINDS["posts"].required, *KINDS["posts"].optional}
    assert {row[0] for row in rows} == {"head"}


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"unit": "wss-g3"}, "这个岗位已经结束，或角色、单位和导出时不同，请重新导出岗位表"),
        ({"role": "deputy"}, "这个岗位已经结束，或角色、单位和导出时不同，请重新导出岗位表"),
        ({"post": "12"}, "post“12”不是岗位的编号，请重新导出岗位表"),
        (
            {"phone": "13800000001"},
            "有 post 的行不用写 phone；要换人，请先结束原来的岗位，再写一行没有 post 的",
        ),
        ({"skills": "cooking"}, "skills“cooking”不认识"),
    ],
)
async def test_a_row_that_names_no_such_post_is_refused_on_its_line(
    people_of: Everybody, change: dict[str, str], sentence: str
) -> None:
    (community,) = await people_of("community")
    before = await cards()
    row = next(
        row for row in table(await exported(community)) if (row["role"], row["unit"]) == ("head", "wss-g4")
    )
    report = answer(await imported(community, written([row | change]), preview=True))
    assert [line["ok"] for line in report["lines"]] == [False]
    assert report["lines"][0]["message"].startswith(sentence)
    assert problem(await imported(community, written([row | change])), 422, "invalid")
    assert await cards() == before


async def test_posts_above_ones_level_may_stay_in_the_file_but_not_change(people_of: Everybody) -> None:
    (community,) = await people_of("community")
    rows = table(await exported(community))
    (own,) = [row for row in rows if row["role"] == "community"]
    own["hours"] = "晚上"
    report = answer(await imported(community, written(rows), preview=True))
    assert [line["message"] for line in report["lines"] if not line["ok"]] == [
        "您不能安排或调整这里的社区工作人员。"
    ]
