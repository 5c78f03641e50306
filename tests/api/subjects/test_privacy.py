"""What becomes of people's words in subjects when they leave, and what they are told is stored."""

from app import db
from app.services.ledger import verify_ledger
from app.services.privacy import erasing
from tests import subjects, world
from tests.world import Everybody


async def test_the_words_of_who_leaves_are_gone_and_the_ledger_stays_whole(people_of: Everybody) -> None:
    resident, head = await people_of("resident", "grid_head")
    me = (await resident.get("/me"))["id"]
    await subjects.opinion(resident, text="我住301，楼上太吵")
    told = await subjects.opinion(
        head, text="三零一老人说楼上太吵", person_id=me, place_id=await resident.place()
    )
    await world.run_jobs()
    await erasing.erase_person(
        (await db.fetch("SELECT id FROM person WHERE demo = 'resident'"))[0]["id"], keep_open_tickets=False
    )
    rows = await db.fetch("SELECT text FROM subject")
    assert {row["text"] for row in rows} == {"内容已删除"}
    assert await db.fetch("SELECT FROM remark WHERE text LIKE '%吵%'") == []
    seen = await head.get(f"/opinions/{told['id']}")
    assert "吵" not in seen["text"]
    assert (await verify_ledger()).broken is None


async def test_an_export_has_what_one_said_supports_and_attends(people_of: Everybody) -> None:
    resident, community, head = await people_of("resident", "community", "grid_head")
    said = await subjects.opinion(resident)
    topic = await subjects.topic(community)
    await subjects.act(resident, "topics", "support", topic)
    activity = await subjects.act(head, "activities", "publish", await subjects.activity(head))
    await subjects.act(resident, "activities", "sign_up", activity)
    export = await resident.get("/me/export")
    assert [(one["id"], one["text"]) for one in export["subjects"]] == [(said["id"], "楼道里堆满了杂物")]
    assert [one["subject_id"] for one in export["supports"]] == [topic["id"]]
    assert [one["status"] for one in export["attendance"]] == ["signed_up"]


async def test_the_ledger_proves_subjects_and_finds_what_was_changed(people_of: Everybody) -> None:
    resident, head = await people_of("resident", "grid_head")
    said = await subjects.opinion(resident, place_id=await resident.place())
    await subjects.act(head, "opinions", "answer", said, text="好")
    await world.run_jobs()
    verdict = await verify_ledger()
    assert (verdict.subjects, verdict.events, verdict.broken) == (1, 2, None)
    await db.fetch("UPDATE subject SET seq = 5")
    assert "意见" in str((await verify_ledger()).broken)
    await db.fetch("UPDATE subject SET seq = 2")
    await db.fetch("UPDATE subject SET kind = 'topic'")
    assert (await verify_ledger()).broken is not None
