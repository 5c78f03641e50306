"""A database that went back to an older state is named: its newest seal is written down outside it."""

from pathlib import Path

import pytest
from prometheus_client import REGISTRY

from app import db
from app.commands.ledger import print_accepted_rollback, print_verdict
from app.errors import Misconfigured
from app.services import backups
from app.services.backups import witness
from app.services.photos import photos
from app.storage import DirectoryStorage
from tests.world import Everybody, run_jobs


@pytest.fixture(autouse=True)
def storage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> DirectoryStorage:
    chosen = DirectoryStorage(tmp_path / "storage")
    monkeypatch.setattr(photos, "_storage", chosen)
    return chosen


def rolled_back() -> float | None:
    return REGISTRY.get_sample_value("loudeng_ledger_rolled_back")


async def seals(people_of: Everybody, count: int) -> None:
    """Report so often, each sealed by itself."""
    (resident,) = await people_of("resident")
    for _ in range(count):
        await resident.report()
        await run_jobs()


async def go_back(seals: int) -> None:
    """Have the state before the last so many seals and their tickets, as an older copy of the database would be."""
    deletions = " ".join(
        f"DELETE FROM {table} WHERE ticket_id IN (SELECT ticket_id FROM sealed_head WHERE seal_id > last);"
        for table in ("event", "remark", "notice", "ticket_words")
    )
    await db.fetch(
        f"DO $$ DECLARE last int := (SELECT max(id) - {seals} FROM seal); "
        f"BEGIN SET LOCAL session_replication_role = replica; {deletions} "
        "DELETE FROM ticket WHERE id IN (SELECT ticket_id FROM sealed_head WHERE seal_id > last); "
        "DELETE FROM sealed_head WHERE seal_id > last; DELETE FROM seal WHERE id > last; END $$"
    )


async def test_a_lost_suffix_is_named_although_every_chain_is_whole(
    people_of: Everybody, capsys: pytest.CaptureFixture[str]
) -> None:
    await seals(people_of, 3)
    await backups.keep_witness()
    assert await print_verdict() == 0
    await go_back(1)
    assert await print_verdict() == 1
    assert "账本有误：数据库回到了旧的状态：第 3 次封存" in capsys.readouterr().out


async def test_what_is_written_after_a_rollback_does_not_hide_it(
    people_of: Everybody, capsys: pytest.CaptureFixture[str]
) -> None:
    await seals(people_of, 2)
    await backups.keep_witness()
    await go_back(1)
    await seals(people_of, 2)
    await backups.keep_witness()
    assert rolled_back() == 1
    assert await print_verdict() == 1
    await print_accepted_rollback()
    assert "没有第 2 次封存" in capsys.readouterr().out
    assert await print_verdict() == 0
    assert await backups.find_rollback() is None
    await backups.keep_witness()
    assert rolled_back() == 0


async def test_what_was_lost_stays_on_record(people_of: Everybody, storage: DirectoryStorage) -> None:
    await seals(people_of, 2)
    await backups.keep_witness()
    await go_back(1)
    await backups.accept_rollback()
    assert sorted([key async for key in storage.keys("seals/")]) == ["seals/lost-2.json", "seals/newest.json"]


async def test_without_a_seal_nothing_is_written_down(street: None, storage: DirectoryStorage) -> None:
    await backups.keep_witness()
    assert [key async for key in storage.keys("seals/")] == []


async def test_a_damaged_record_is_one_clear_line(
    street: None, tmp_path: Path, storage: DirectoryStorage
) -> None:
    (tmp_path / "file").write_text("{}")
    await storage.put(witness.KEY, tmp_path / "file")
    with pytest.raises(Misconfigured, match=r"seals/newest\.json"):
        await backups.find_rollback()
