"""Posts from a file: each is bound to the person of one phone, by a code or at once; twice is once."""

import asyncio
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from app import clock, db
from app.services import encryption, imports
from app.services.imports import Report
from app.services.outbox import jobs
from tests.world import Everybody, Person, answer, problem

pytestmark = pytest.mark.usefixtures("street")

HEAD = "role,unit,phone,name\n"
ONE = HEAD + "deputy,wss-g1,138 0000 0001,王五\n"


async def load(folder: Path, content: str, name: str = "posts.csv", *, dry: bool = False) -> Report:
    (folder / name).write_text(content, "utf-8")
    return await imports.load_files([folder / name], dry=dry)


def code(report: Report, line: int = 2) -> str:
    found = re.search("邀请码 ([0-9A-Z]{10})", next(one.message for one in report.lines if one.line == line))
    assert found
    return found[1]


async def posts() -> list[Any]:
    return await db.fetch("SELECT * FROM post WHERE phone_index IS NOT NULL ORDER BY id")


async def redeem(somebody: Person, given: str) -> Any:
    return await somebody.ask("POST", "/me/invitations", json={"code": given})


async def give_phone(somebody: Person, phone: str) -> None:
    answer(await somebody.ask("POST", "/me/phone", json={"phone": phone}), 201)


async def verified(persona: str) -> Any:
    """Let WeChat have verified the phone somebody gave."""
    row = await db.fetchrow(
        "UPDATE person SET phone_verified = true WHERE demo = $1 RETURNING id, stamp", persona
    )
    assert row
    return row


async def test_a_post_is_made_vacant_with_a_code_for_that_phone_only(
    tmp_path: Path, people_of: Everybody
) -> None:
    neighbour, resident, community = await people_of("neighbour", "resident", "community")
    report = await load(tmp_path, ONE)
    assert report.ok, report.bad
    assert report.counts == {"posts": 1}
    assert "万寿山社区第一网格 副网格长 王五 138****0001：邀请码" in imports.format_report(report)[0]
    (post,) = await posts()
    assert (post["role"], post["person_id"], post["phone_index"]) == (
        "deputy",
        None,
        encryption.blind_index("+8613800000001"),
    )
    refused = problem(await redeem(neighbour, code(report)), 403)
    assert "另一个手机号" in refused["detail"]
    await give_phone(resident, "13800000002")
    problem(await redeem(resident, code(report)), 403)
    await give_phone(neighbour, "+86 138-0000-0001")
    answer(await redeem(neighbour, code(report)), 201)
    assert [post["label"] for post in (await neighbour.get("/me"))["posts"]] == [
        "万寿山社区第一网格 副网格长"
    ]
    problem(await redeem(resident, code(report)), 404)
    audited = [row["type"] for row in await db.fetch("SELECT type FROM audit ORDER BY id")]
    assert [type_ for type_ in audited if "invit" in type_] == [
        "invited", "invitation_failed", "invitation_failed", "invitation_redeemed", "invitation_failed"
    ]  # fmt: skip
    assert (await community.get("/posts", role="deputy", vacant=False))["items"]


async def test_neither_phone_nor_name_lies_open_in_the_database(tmp_path: Path) -> None:
    report = await load(tmp_path, ONE)
    rows = await db.fetch("SELECT post::text AS row FROM post UNION ALL SELECT audit::text FROM audit")
    said = ("13800000001", "王五", code(report))
    assert not [row for row in rows if any(one in row["row"] for one in said)]


async def test_who_has_verified_that_phone_is_bound_at_once(tmp_path: Path, people_of: Everybody) -> None:
    (neighbour,) = await people_of("neighbour")
    await give_phone(neighbour, "13800000001")
    report = await load(tmp_path, ONE, dry=True)
    assert report.changes[-1].added == ["wss-g1 deputy"]
    person = await verified("neighbour")
    report = await load(tmp_path, ONE)
    assert "直接上岗" in report.lines[0].message
    (post,) = await posts()
    assert (post["person_id"], post["invitation_digest"]) == (person["id"], None)
    assert len((await neighbour.get("/me"))["posts"]) == 1  # with the next request
    assert [
        row["data"]["role"] for row in await db.fetch("SELECT data FROM audit WHERE type = 'post_bound'")
    ] == ["deputy"]
    again = await load(tmp_path, ONE)
    assert "已经在岗" in again.lines[0].message
    assert len(await posts()) == 1


async def test_a_typed_phone_is_no_identity(tmp_path: Path, people_of: Everybody) -> None:
    (neighbour,) = await people_of("neighbour")
    await give_phone(neighbour, "13800000001")
    assert code(await load(tmp_path, ONE))
    assert (await neighbour.get("/me"))["posts"] == []


async def test_a_second_import_makes_nothing_and_tells_the_code_again(
    tmp_path: Path, people_of: Everybody
) -> None:
    (neighbour,) = await people_of("neighbour")
    first = await load(tmp_path, ONE)
    clock.travel(timedelta(days=8))
    second = await load(tmp_path, ONE)
    assert code(second) == code(first)
    assert len(await posts()) == 1
    (neighbour,) = await people_of("neighbour")
    await give_phone(neighbour, "13800000001")
    answer(await redeem(neighbour, code(first)), 201)  # good for another week
    third = await load(tmp_path, ONE)
    assert "已经在岗" in third.lines[0].message
    assert len(await posts()) == 1


async def test_imports_at_the_same_time_make_one_post(tmp_path: Path) -> None:
    (tmp_path / "posts.csv").write_text(ONE, "utf-8")
    reports = await asyncio.gather(*(imports.load_files([tmp_path / "posts.csv"]) for _ in range(3)))
    assert len({code(report) for report in reports}) == 1
    assert len(await posts()) == 1


async def test_a_dry_run_tells_no_code_and_writes_nothing(tmp_path: Path) -> None:
    report = await load(tmp_path, ONE, dry=True)
    said = imports.format_report(report, dry=True)
    assert said[0] == "posts：新增 1（wss-g1 deputy），不变 0"
    assert "邀请码" not in " ".join(said)
    assert await posts() == []
    await load(tmp_path, ONE)
    assert (await load(tmp_path, ONE, dry=True)).changes[-1].same == 1


async def test_agents_and_every_level_come_from_a_workbook_with_their_units(tmp_path: Path) -> None:
    """Places, organisations and their posts in one file."""
    book: Any = openpyxl.Workbook()
    book.remove(book.active)
    sheets: dict[str, list[tuple[Any, ...]]] = {
        "岗位": [
            ("role", "unit", "phone"),
            ("agent", "xwy", 13800000001),
            ("head", "wss-g9", "13800000002"),
            ("street", "rh", "13800000003"),
            ("community", "wss", "+8613800000004"),
            ("auditor", "wss", "13800000005"),
        ],
        "单位": [("code", "name", "kind", "skills", "places"), ("xwy", "新物业", "property", "", "wss-wshy")],
        "网格": [("code", "community", "name", "covers"), ("wss-g9", "wss", "第九网格", "wss-902")],
    }
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(tmp_path / "all.xlsx")
    report = await imports.load_files([tmp_path / "all.xlsx"])
    assert report.ok, report.bad
    made = await db.fetch(
        "SELECT p.role, coalesce(u.code, o.code) AS unit FROM post p LEFT JOIN place u ON u.id = p.place_id "
        "LEFT JOIN organisation o ON o.id = p.organisation_id WHERE p.phone_index IS NOT NULL ORDER BY 1"
    )
    assert [(row["role"], row["unit"]) for row in made] == [
        ("agent", "xwy"), ("auditor", "wss"), ("community", "wss"), ("head", "wss-g9"), ("street", "rh")
    ]  # fmt: skip
    assert any("新物业 经办人" in line.message for line in report.lines)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("mayor,wss-g1,13800000001,", "不认识"),
        ("head,nowhere,13800000001,", "不存在"),
        ("head,rhwy,13800000001,", "不存在"),
        ("agent,wss-g1,13800000001,", "不存在"),
        ("head,wss,13800000001,", "要设在网格"),
        ("community,wss-g1,13800000001,", "要设在社区"),
        ("street,wss-944,13800000001,", "要设在街道"),
        ("head,wss-g1,,", "没有填写"),
        ("head,wss-g1,12345,", "不是手机号"),
        ("head,wss-g1,023-12345678,", "不是手机号"),
        ("head,wss-g1,110,", "不是手机号"),
        (",wss-g1,13800000001,", "没有填写"),
        ("head,,13800000001,", "没有填写"),
        ("deputy,wss-g1,+8613800000001,王五", "重复"),
        (f"head,wss-g1,13800000001,{'王' * 61}", "太长"),
        ("head,wss-g1,13800000001,,多", "多出"),
    ],
)
async def test_a_bad_line_is_named_and_nothing_is_written(tmp_path: Path, row: str, reason: str) -> None:
    report = await load(tmp_path, ONE + row + "\n")
    assert [line.line for line in report.bad] == [3]
    assert reason in report.bad[0].message
    assert await posts() == []
    assert "邀请码" not in " ".join(imports.format_report(report))


# Grids brought by a file keep the rule of the settings.


async def test_a_moved_cover_leaves_tickets_where_they_are_and_editors_look_again(
    tmp_path: Path, people_of: Everybody
) -> None:
    community, resident = await people_of("community", "resident")
    ticket = await resident.report()
    place = (await db.fetch("SELECT id::text FROM place WHERE code = 'wss'"))[0]["id"]
    before = await community.get("/settings/grids", place_id=place)
    grids = "code,community,name,covers\nwss-g4,wss,第四网格,wss-946\nwss-g3,wss,第三网格,wss-rhjy;wss-944\n"
    assert (await load(tmp_path, grids, "grids.csv")).ok
    while await jobs.run_due():
        pass
    assert (await resident.ticket(ticket["id"]))["holder"]["label"] == "万寿山社区第四网格"
    assert (await resident.report())["holder"]["label"] == "万寿山社区第三网格"
    body = {"version": before["version"], "grids": []}
    stale = await community.ask("PUT", "/settings/grids", params={"place_id": place}, json=body)
    assert problem(stale, 409, "stale-version")["version"] == before["version"] + 1
    assert (await load(tmp_path, grids, "grids.csv")).ok  # nothing new: nobody has to look again
    assert (await community.get("/settings/grids", place_id=place))["version"] == before["version"] + 1


async def test_a_grid_moved_to_another_community_leaves_its_tickets_to_the_cover_there_is(
    tmp_path: Path, people_of: Everybody
) -> None:
    (resident,) = await people_of("resident")
    ticket = await resident.report()
    grids = "code,community,name,covers\nwss-g4,bl,第四网格,bl-hy\nbl-g1,bl,第一网格,\n"
    report = await load(tmp_path, grids, "grids.csv")
    assert report.ok, report.bad
    while await jobs.run_due():
        pass
    shown = await resident.ticket(ticket["id"])
    assert shown["holder"]["label"] == "万寿山社区第三网格"


async def test_a_grid_that_has_gone_comes_back_when_a_file_names_it_and_not_before(
    tmp_path: Path, people_of: Everybody
) -> None:
    (resident,) = await people_of("resident")
    await db.fetch("DELETE FROM grid_cover WHERE grid_id = (SELECT id FROM place WHERE code = 'wss-g4')")
    await db.fetch("UPDATE place SET ended_at = now() WHERE code = 'wss-g4'")
    await db.fetch("UPDATE setup SET version = version + 1")
    assert "已经撤销" in (await load(tmp_path, ONE.replace("wss-g1", "wss-g4"))).bad[0].message
    renamed = "code,parent,level,name\nwss,rh,community,万寿新社区\n"
    assert (await load(tmp_path, renamed, "places.csv")).ok
    row = await db.fetchrow("SELECT label, ended_at FROM place WHERE code = 'wss-g4'")
    assert row
    assert row["ended_at"] is not None
    grids = "code,community,name,covers\nwss-g4,wss,第四网格,wss-944\n"
    assert (await load(tmp_path, grids, "grids.csv", dry=True)).changes[0].changed == ["wss-g4"]
    assert (await load(tmp_path, grids, "grids.csv")).ok
    assert (await resident.report())["holder"]["label"] == "万寿新社区第四网格"
