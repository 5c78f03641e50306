"""What has been kept long enough goes: contact data, photos, months of the trail; and nothing sooner."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from app import clock, db, ids
from app.errors import Unavailable
from app.rules import retention as lives
from app.services import schema
from app.services.ledger import verify
from app.services.outbox import jobs
from app.services.photos import photos
from app.services.privacy import retention
from app.storage import DirectoryStorage
from tests import world
from tests.world import Cast, Everybody, Person, problem

MINUTE = timedelta(minutes=1)


@pytest.fixture
def storage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    chosen = DirectoryStorage(tmp_path / "storage")
    monkeypatch.setattr(photos, "_storage", chosen)
    return tmp_path / "storage"


def test_the_numbers_are_those_promised() -> None:
    assert (
        timedelta(days=180),
        timedelta(days=7),
        timedelta(days=365),
    ) == (lives.CONTACT, lives.PARTNER_CONTACT, lives.PHOTOS)
    assert (
        36,
        timedelta(hours=24),
        timedelta(days=7),
    ) == (lives.AUDIT_MONTHS, lives.UNSEALING_ACCESS, lives.UNSEALING_REQUEST_LIFETIME)


async def ended(ticket: dict[str, Any], ago: timedelta, status: str = "closed") -> None:
    """Have a ticket end so long ago."""
    column = {"closed": "closed_at", "rejected": "rejected_at", "merged": "updated_at"}[status]
    at = clock.now() - ago
    await db.fetch(
        f"UPDATE ticket SET status = $2, {column} = $3, timer_at = NULL WHERE id = $1",
        UUID(ticket["id"]),
        status,
        at,
    )
    await db.fetch("UPDATE photo SET created_at = $2 WHERE ticket_id = $1", UUID(ticket["id"]), at)


async def sweep() -> int:
    done = 0
    while some := await retention.sweep_retention():
        done += some
    return done


async def contact(ticket: dict[str, Any]) -> list[Any]:
    row = await db.fetchrow(
        "SELECT contact_sealed, contact_masked, on_behalf_name_sealed FROM ticket WHERE id = $1",
        UUID(ticket["id"]),
    )
    assert row is not None
    return [value for value in row if value is not None]


@pytest.mark.parametrize("status", ["closed", "rejected", "merged"])
async def test_contact_data_goes_180_days_after_the_end(people_of: Everybody, status: str) -> None:
    resident, head = await people_of("resident", "grid_head")
    one = await resident.report(contact_phone="13812345678")
    two = await head.report(on_behalf_of={"name": "李奶奶", "phone": "13987654321"})
    for ticket in (one, two):
        await ended(ticket, lives.CONTACT - MINUTE, status)
    assert await sweep() == 0
    assert (len(await contact(one)), len(await contact(two))) == (2, 3)
    for ticket in (one, two):
        await ended(ticket, lives.CONTACT + MINUTE, status)
    assert await sweep() == 2
    assert (await contact(one), await contact(two)) == ([], [])
    assert await sweep() == 0


async def test_an_open_ticket_keeps_its_contact_however_old(people_of: Everybody) -> None:
    (resident,) = await people_of("resident")
    ticket = await resident.report(contact_phone="13812345678")
    await db.fetch("UPDATE ticket SET created_at = created_at - interval '3 years', updated_at = created_at")
    assert await sweep() == 0
    assert await contact(ticket)


async def test_180_days_after_the_end_the_office_sees_the_reporter_no_more(cast: Cast) -> None:
    resident, head, company = cast
    ticket = await world.brought("closed", resident, head, company)
    await ended(ticket, lives.CONTACT - MINUTE)
    assert (await head.ticket(ticket["id"]))["reporter"]["name"]
    await ended(ticket, lives.CONTACT + MINUTE)
    assert "reporter" not in await head.ticket(ticket["id"])
    problem(await head.ask("GET", f"/tickets/{ticket['id']}/phone"), 404)
    assert (await resident.ticket(ticket["id"]))["reporter"]["name"]


async def with_photos(resident: Person, head: Person) -> dict[str, Any]:
    ticket = await resident.report(photo_ids=[await resident.photo()])
    await head.act("accept", ticket)
    await head.resolve(ticket)
    return await resident.act("confirm", ticket, verdict="solved")


async def test_photos_go_a_year_after_the_end_with_their_files(people_of: Everybody, storage: Path) -> None:
    resident, head = await people_of("resident", "grid_head")
    ticket = await with_photos(resident, head)
    still_open = await resident.report(photo_ids=[await resident.photo()])
    await db.fetch("UPDATE photo SET created_at = created_at - interval '2 years'")
    await ended(ticket, lives.PHOTOS - MINUTE)
    assert await sweep() == 0
    await ended(ticket, lives.PHOTOS + MINUTE)
    assert await sweep() == 2
    shown = await resident.ticket(ticket["id"])
    assert (shown["photos"], shown["resolution"]["photos"]) == ([], [])
    events = (await head.get(f"/tickets/{ticket['id']}/events"))["items"]
    assert [event for event in events if event.get("photos")] == []
    assert len((await resident.ticket(still_open["id"]))["photos"]) == 1
    assert len(list(storage.rglob("*.jpg"))) == 2  # noqa: ASYNC240 - a few files
    while await jobs.run_due():
        pass
    assert (await verify.verify_ledger()).broken is None


async def test_a_batch_is_bounded_and_the_rest_follows(
    people_of: Everybody, storage: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "BATCH", 2)
    (resident,) = await people_of("resident")
    for _ in range(5):
        ticket = await resident.report(contact_phone="13812345678", photo_ids=[await resident.photo()])
        await ended(ticket, lives.PHOTOS + MINUTE)
    assert await retention.sweep_retention() == 4
    assert await sweep() == 6
    assert list(storage.rglob("*.jpg")) == []  # noqa: ASYNC240 - as above


async def test_files_whose_removal_was_cut_short_are_removed_later(
    people_of: Everybody, storage: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (resident,) = await people_of("resident")
    ticket = await resident.report(photo_ids=[await resident.photo()])
    await ended(ticket, lives.PHOTOS + MINUTE)

    async def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(photos.photo_storage(), "remove", killed)
        with pytest.raises(KeyboardInterrupt):
            await retention.sweep_retention()
    assert await db.fetch("SELECT FROM photo") == []
    assert await photos.clear_discarded() == 1
    assert list(storage.rglob("*.jpg")) == []  # noqa: ASYNC240 - as above


async def test_a_copy_kept_by_changes_hears_of_it(people_of: Everybody) -> None:
    resident, head = await people_of("resident", "grid_head")
    ticket = await resident.report(contact_phone="13812345678")
    await ended(ticket, lives.CONTACT + MINUTE)
    later = (await head.get("/tickets", updated_cursor=""))["updated_cursor"]
    await sweep()
    changed = (await head.get("/tickets", updated_cursor=later))["items"]
    assert [one["id"] for one in changed] == [ticket["id"]]


# The trail


async def entry(at: datetime) -> UUID:
    made = ids.new()
    await db.fetch("INSERT INTO audit (id, at, type) VALUES ($1, $2, 'signed_in')", made, at)
    return made


async def months() -> set[str]:
    rows = await db.fetch(
        "SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = 'audit'::regclass"
    )
    return {row["name"] for row in rows}


async def test_a_month_of_the_trail_is_dropped_after_three_years(street: None) -> None:
    now = datetime(2023, 3, 15, tzinfo=UTC)
    await schema.make_partitions(now)
    old, young = (
        await entry(datetime(2023, 3, 31, 15, tzinfo=UTC)),
        await entry(datetime(2023, 4, 1, tzinfo=UTC)),
    )
    clock.travel(datetime(2026, 3, 31, 23, tzinfo=UTC) - clock.now())
    await retention.sweep_retention()
    assert "audit_2023_03" in await months()
    clock.travel(timedelta(hours=2))
    await retention.sweep_retention()
    assert "audit_2023_03" not in await months()
    assert {"audit_2023_04", "audit_default"} <= await months()
    assert [row["id"] for row in await db.fetch("SELECT id FROM audit")] == [young]
    assert old != young
    for month in ("audit_2023_04", "audit_2023_05", "audit_2023_06"):
        await db.fetch(f"DROP TABLE {month}")
    for month in ("event_2023_03", "event_2023_04", "event_2023_05", "event_2023_06"):
        assert await db.fetch("SELECT to_regclass($1) AS there", month)
        await db.fetch(f"DROP TABLE {month}")


async def test_entries_without_a_month_of_their_own_go_too_and_the_trail_only_grows_again(
    street: None,
) -> None:
    old, young = (
        await entry(clock.now() - timedelta(days=1200)),
        await entry(clock.now() - timedelta(days=1000)),
    )
    await retention.sweep_retention()
    assert {row["id"] for row in await db.fetch("SELECT id FROM audit")} == {young}
    assert old != young
    for statement in ("DELETE FROM audit", "UPDATE audit SET type = ''", "TRUNCATE audit_default"):
        with pytest.raises(asyncpg.RestrictViolationError):
            await db.fetch(statement)


async def test_whoever_reads_the_trail_meanwhile_only_delays_it(street: None) -> None:
    first = datetime(2022, 3, 1, tzinfo=UTC)
    await schema.make_partitions(first)
    await entry(first)
    async with db.snapshot() as reading:
        await reading.fetch("SELECT FROM audit")
        with pytest.raises(Unavailable):
            await retention.sweep_retention()
    assert len(await db.fetch("SELECT FROM audit")) == 1
    await retention.sweep_retention()
    assert await db.fetch("SELECT FROM audit") == []
    for month in range(3, 7):
        await db.fetch(f"DROP TABLE event_2022_{month:02}")
