"""A backup that is not whole, or would go over something, changes nothing and says so in one line."""

import io
import json
import os
import tarfile
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from uuid import UUID

import pytest

from app import db
from app.errors import Misconfigured
from app.pg import binaries, tools
from app.services import backups, schema
from app.services.backups import archive
from app.services.ledger import verify
from app.services.photos import photos
from app.services.privacy import erasing
from app.services.privacy.erasing.tombstones import Tombstone
from app.storage import DirectoryStorage
from tests.databases import another
from tests.newcomers import everything
from tests.world import Everybody, answer

HERE = Path("/")  # no programs there: they are found as on any machine
Given = dict[str, bytes]


def quiet(_: str) -> None:
    """Say nothing."""


@pytest.fixture
def storage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], DirectoryStorage]:
    """Have photos kept in a folder of this name."""

    def kept(name: str) -> DirectoryStorage:
        chosen = DirectoryStorage(tmp_path / name)
        monkeypatch.setattr(photos, "_storage", chosen)
        return chosen

    kept("first")
    return kept


@pytest.fixture
async def backup(
    database: str, people_of: Everybody, tmp_path: Path, storage: Callable[[str], DirectoryStorage]
) -> Path:
    """A backup of one ticket with a photo."""
    (resident,) = await people_of("resident")
    await resident.report(photo_ids=[await resident.photo()])
    path = tmp_path / "backup.tar"
    assert await backups.create_backup(path, database, HERE, quiet) == 0
    return path


@pytest.fixture
async def elsewhere(
    backup: Path, database: str, monkeypatch: pytest.MonkeyPatch, storage: Callable[[str], DirectoryStorage]
) -> AsyncIterator[str]:
    """An empty database and an empty storage, connected; the DSN."""
    async with another(database) as dsn:
        storage("second")
        yield dsn
        monkeypatch.undo()


def content(path: Path) -> Given:
    return {member.name: source.read() for member, source in archive.members(path)}


def rewritten(path: Path, members: Given) -> None:
    with tarfile.open(path, "w") as tar:
        for name, said in members.items():
            member = tarfile.TarInfo(name)
            member.size = len(said)
            tar.addfile(member, io.BytesIO(said))


async def tables() -> int:
    return len(await db.fetch("SELECT FROM pg_tables WHERE schemaname = 'public'"))


async def test_a_backup_comes_back_with_rows_photos_and_schema(backup: Path, elsewhere: str) -> None:
    said: list[str] = []
    await backups.restore_backup(backup, elsewhere, HERE, said.append)
    assert await schema.is_current()
    (photo,) = await db.fetch("SELECT id FROM photo")
    for size in photos.PHOTO_SIZES:
        chunks = await photos.photo_storage().fetch(photos.storage_key(photo["id"], size))
        assert b"".join([chunk async for chunk in chunks])[:2] == b"\xff\xd8"
    assert "1 张工单，1 张照片" in said[0]


async def test_a_backup_never_goes_over_another(backup: Path, database: str) -> None:
    before = content(backup)
    with pytest.raises(Misconfigured, match="there already"):
        await backups.create_backup(backup, database, HERE, quiet)
    assert content(backup) == before


async def test_a_backup_that_fails_leaves_no_file(
    database: str, street: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise Misconfigured("pg_dump failed: no")

    monkeypatch.setattr(tools, "run_tool", fails)
    with pytest.raises(Misconfigured):
        await backups.create_backup(tmp_path / "backup.tar", database, HERE, quiet)
    assert os.listdir(tmp_path) == []  # noqa: PTH208 - names are enough


async def test_keys_are_in_it_only_when_asked_for(backup: Path, database: str, tmp_path: Path) -> None:
    said: list[str] = []
    await backups.create_backup(tmp_path / "keys.tar", database, HERE, said.append, with_keys=True)
    assert not any(name.startswith(archive.KEYS_PREFIX) for name in content(backup))
    assert {"keys/pii_key.key"} <= set(content(tmp_path / "keys.tar"))
    assert "密钥" in said[-1]


async def test_a_photo_that_is_lost_is_said_and_one_that_was_swept_is_not(
    backup: Path, database: str, tmp_path: Path
) -> None:
    (photo,) = await db.fetch("SELECT id FROM photo")
    await photos.photo_storage().remove(photos.storage_key(photo["id"], "full"))
    said: list[str] = []
    assert await backups.create_backup(tmp_path / "lost.tar", database, HERE, said.append) == 1
    assert str(photo["id"]) in said[-1]
    manifest, _ = archive.check(tmp_path / "lost.tar")
    assert (manifest.photos, manifest.missing) == (0, [str(photo["id"])])


@pytest.mark.parametrize("part", ["photo", "dump", "manifest", "end", "extra", "link"])
async def test_a_damaged_backup_changes_nothing(backup: Path, elsewhere: str, part: str) -> None:
    members = content(backup)
    photo = next(name for name in members if name.startswith("photos/"))
    if part == "photo":
        rewritten(backup, members | {photo: members[photo] + b"x"})
    elif part == "dump":
        rewritten(backup, members | {archive.DUMP_NAME: members[archive.DUMP_NAME][:-1]})
    elif part == "manifest":
        rewritten(backup, {name: said for name, said in members.items() if name != archive.MANIFEST_NAME})
    elif part == "end":
        os.truncate(backup, len(members[archive.DUMP_NAME]) // 2)
    elif part == "extra":
        rewritten(backup, {"photos/aa/more.jpg": b"x"} | members)
    else:
        with tarfile.open(backup, "a") as tar:
            member = tarfile.TarInfo("photos/aa/link.jpg")
            member.type, member.linkname = tarfile.SYMTYPE, "/etc/passwd"
            tar.addfile(member)
    with pytest.raises(Misconfigured) as refused:
        await backups.restore_backup(backup, elsewhere, HERE, quiet)
    assert "\n" not in str(refused.value)
    assert await tables() == 0
    assert [key async for key in photos.photo_storage().keys("photos/")] == []


@pytest.mark.parametrize(
    ("said", "complaint"),
    [({"revision": "9999"}, "newer"), ({"format": 2}, "format"), ({"server": 99}, "PostgreSQL 99")],
)
async def test_a_backup_of_a_later_program_or_server_is_refused(
    backup: Path, elsewhere: str, said: dict[str, object], complaint: str
) -> None:
    members = content(backup)
    manifest = json.loads(members[archive.MANIFEST_NAME]) | said
    rewritten(backup, members | {archive.MANIFEST_NAME: json.dumps(manifest).encode()})
    with pytest.raises(Misconfigured, match=complaint):
        await backups.restore_backup(backup, elsewhere, HERE, quiet)
    assert await tables() == 0


async def test_an_instance_with_a_table_or_a_photo_of_another_is_not_gone_over(
    backup: Path, elsewhere: str, tmp_path: Path
) -> None:
    (tmp_path / "other").write_bytes(b"x")
    await photos.photo_storage().put("photos/aa/other.jpg", tmp_path / "other")
    with pytest.raises(Misconfigured, match="not empty"):
        await backups.restore_backup(backup, elsewhere, HERE, quiet)
    await photos.photo_storage().remove("photos/aa/other.jpg")
    await db.fetch("CREATE TABLE notes ()")
    with pytest.raises(Misconfigured, match="not empty"):
        await backups.restore_backup(backup, elsewhere, HERE, quiet)


async def test_a_database_without_loudeng_is_not_backed_up(elsewhere: str, tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="nothing to back up"):
        await backups.create_backup(tmp_path / "nothing.tar", elsewhere, HERE, quiet)
    assert not (tmp_path / "nothing.tar").exists()


def program(folder: Path, version: str) -> Path:
    folder.mkdir()
    path = folder / "pg_dump"
    path.write_text(f"#!/bin/sh\necho 'pg_dump (PostgreSQL) {version}'\n")
    path.chmod(0o755)
    return path


def test_the_program_of_the_servers_own_version_is_chosen_and_an_older_one_never(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, same, new = (program(tmp_path / v, f"{v}.4") for v in ("15", "16", "18"))
    monkeypatch.setattr(binaries, "program_folders", lambda: [new.parent, old.parent])
    monkeypatch.setenv("PATH", str(same.parent))
    assert tools.find_tool("pg_dump", 16) == same
    assert tools.find_tool("pg_dump", 17) == new
    with pytest.raises(Misconfigured, match=r"PostgreSQL 19 and the newest pg_dump here is 18"):
        tools.find_tool("pg_dump", 19)
    with pytest.raises(Misconfigured, match="there is no pg_restore here"):
        tools.find_tool("pg_restore", 16)


def test_the_password_is_not_on_the_command_line(tmp_path: Path) -> None:
    shows = tmp_path / "pg_dump"
    shows.write_text('#!/bin/sh\necho "$* $PGPASSWORD" >&2\nexit 1\n')
    shows.chmod(0o755)
    for dsn in (
        "postgresql://me:p%40ss@host:5433/it?sslmode=require",
        "postgresql://me@host:5433/it?password=p%40ss&sslmode=require",
    ):
        with pytest.raises(Misconfigured) as failed:
            tools.run_tool(shows, dsn, [])
        assert str(failed.value).endswith(
            "--dbname=postgresql://me@host:5433/it?sslmode=require --no-password p@ss"
        )


@pytest.fixture
async def left(
    database: str, people_of: Everybody, tmp_path: Path, storage: Callable[[str], DirectoryStorage]
) -> tuple[Path, UUID, str]:
    """A backup of somebody's ticket who was erased after it was taken: the file, who, their photo."""
    (resident,) = await people_of("resident")
    photo = await resident.photo()
    await resident.report(description="灯坏在王婆婆门口", contact_phone="13987654321", photo_ids=[photo])
    await backups.create_backup(tmp_path / "before.tar", database, HERE, quiet)
    person_id = UUID((await resident.get("/me"))["id"])
    answer(await resident.ask("DELETE", "/me"))
    return tmp_path / "before.tar", person_id, photo


async def restored(path: Path, dsn: str, noted: list[Tombstone]) -> int:
    await backups.restore_backup(path, dsn, HERE, quiet)
    assert "王婆" in await everything()
    return await erasing.replay_erasures([*noted, *await erasing.stored_tombstones()])


async def is_gone(person_id: UUID, photo: str) -> None:
    """Make sure that nothing of the person is in the restored instance."""
    left = await everything()
    assert [trace for trace in ("王婆", "944号居民", "139****4321") if trace in left] == []
    row = await db.fetchrow("SELECT erased_at, demo FROM person WHERE id = $1", person_id)
    assert row is not None
    assert row["erased_at"]
    assert row["demo"] is None
    assert [key async for key in photos.photo_storage().keys("photos/") if photo in key] == []
    assert (await db.fetch("SELECT status FROM ticket"))[0]["status"] == "closed"
    assert (await verify.verify_ledger()).broken is None


async def test_a_restored_backup_forgets_again_whoever_was_erased_since(
    left: tuple[Path, UUID, str], elsewhere: str, tmp_path: Path
) -> None:
    path, person_id, photo = left
    noted = erasing.read_tombstones(tmp_path / "first")  # the old storage
    assert await restored(path, elsewhere, noted) == 1
    await is_gone(person_id, photo)
    assert [one.person_id for one in await erasing.stored_tombstones()] == [
        person_id
    ]  # and the next restore will know
    assert await erasing.replay_erasures(noted) == 0


async def test_a_storage_that_outlived_the_database_knows_by_itself(
    left: tuple[Path, UUID, str], elsewhere: str, storage: Callable[[str], DirectoryStorage]
) -> None:
    path, person_id, photo = left
    old, (_, kept) = storage("first"), archive.check(path)
    for key in [key async for key in old.keys("photos/") if key not in kept]:
        await old.remove(key)  # reported since; a restore goes over nothing
    assert await restored(path, elsewhere, []) == 1
    await is_gone(person_id, photo)


async def test_what_an_office_printed_for_itself_will_do(
    left: tuple[Path, UUID, str], tmp_path: Path
) -> None:
    _, person_id, _ = left
    file = tmp_path / "erasures.txt"
    file.write_text("\n".join(one.to_json() for one in await erasing.database_tombstones()) + "\n\n", "utf-8")
    assert [one.person_id for one in erasing.read_tombstones(file)] == [person_id]


@pytest.mark.parametrize("said", ["x", "{}", "[]", "null", '{"person": "1"}', "\ud800"])
def test_a_list_of_erasures_that_is_none_is_refused_before_anything_happens(
    tmp_path: Path, said: str
) -> None:
    file = tmp_path / "erasures.txt"
    file.write_bytes(said.encode("utf-8", "surrogatepass"))
    with pytest.raises(Misconfigured) as refused:
        erasing.read_tombstones(file)
    assert "\n" not in str(refused.value)
    with pytest.raises(Misconfigured, match="no list"):
        erasing.read_tombstones(tmp_path / "nowhere")
