"""Rotating the keys while the program serves: everything stays readable, and afterwards nothing needs the old key."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from app import clock, db, ids, key_files, settings
from app.errors import Misconfigured, Unreadable
from app.services import encryption, imports, key_checks, key_rotation
from app.services.key_rotation import rotate
from app.services.webhooks import signing_secrets
from tests.deployed import deployed
from tests.newcomers import Newcomer, id_of
from tests.world import Everybody, Person, answer, problem

PHONE, OTHER = "13812345678", "another-key-that-nobody-has-thought-of-before"  # not a secret


@pytest.fixture
async def data_dir(street: None, tmp_path: Path) -> AsyncIterator[Path]:
    """A deployment whose keys lie in a data directory of its own."""
    with deployed(data_dir=str(tmp_path), secret=None, pii_key=None):
        await nothing_encrypted()
        await key_checks.require_keys()
        yield tmp_path
    settings._generated_key.cache_clear()  # noqa: SLF001 - as in a new process
    await nothing_encrypted()


async def nothing_encrypted() -> None:
    """Leave nothing that the key of another test encrypted."""
    await db.fetch("UPDATE person SET phone_sealed = NULL, phone_index = NULL, phone_masked = NULL")
    await db.fetch("DELETE FROM key_check")


@pytest.fixture
async def resident(data_dir: Path, newcomer: Newcomer) -> Person:
    person = await newcomer("rotated")
    answer(await person.ask("POST", "/me/phone", json={"phone": PHONE}), 201)
    return person


async def rotated(**more: Any) -> tuple[bool, list[str]]:
    lines: list[str] = []
    return await key_rotation.rotate_pii_key(lines.append, settle_seconds=0, **more), lines


def restarted() -> None:
    settings._generated_key.cache_clear()  # noqa: SLF001 - as in a new process


async def test_every_encrypted_column_is_rotated(data_dir: Path) -> None:
    """A column of ciphertexts is named `sealed` or `…_sealed`; one that is not rotated would be lost with the old key."""
    rows = await db.fetch("""
        SELECT c.relname || '.' || a.attname AS name FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.atttypid = 'bytea'::regtype
          AND a.attname ~ '(^|_)sealed$'""")
    assert {row["name"] for row in rows} == {column.name for column in key_rotation.ENCRYPTED}


async def test_what_the_old_key_encrypted_is_read_with_the_new_one_alone(
    data_dir: Path, resident: Person, people_of: Everybody
) -> None:
    (head,) = await people_of("grid_head")
    ticket = await head.report(on_behalf_of={"name": "王大爷", "phone": "13987654321"})
    await db.fetch(
        "INSERT INTO wechat_token (appid, sealed, expires_at) VALUES ('wx1', $1, now())",
        encryption.encrypt("token"),
    )
    before = await db.fetch(
        "SELECT phone_sealed, phone_index FROM person WHERE id = $1", await id_of(resident)
    )
    complete, lines = await rotated()
    assert complete, lines
    (data_dir / "pii_key.previous.key").unlink()
    restarted()
    await key_checks.require_keys()
    after = await db.fetch(
        "SELECT phone_sealed, phone_index FROM person WHERE id = $1", await id_of(resident)
    )
    assert after[0]["phone_sealed"] != before[0]["phone_sealed"]
    assert after[0]["phone_index"] == encryption.blind_index(f"+86{PHONE}") != before[0]["phone_index"]
    assert (await resident.get("/me/export"))["phone"] == f"+86{PHONE}"
    seen = await head.get(f"/tickets/{ticket['id']}/phone")
    assert seen == {"phone": "+8613987654321", "name": "王大爷"}
    (token,) = await db.fetch("DELETE FROM wechat_token RETURNING sealed")
    assert encryption.decrypt(token["sealed"]) == "token"
    assert answer(await resident.http.get("/ready")) == {"status": "ready"}


async def test_a_rotation_changes_no_ticket_for_those_who_follow_its_feed(
    data_dir: Path, resident: Person
) -> None:
    ticket = await resident.report(contact_phone="13987654321")
    query = "SELECT version, changed_tx, updated_at FROM ticket WHERE id = $1"
    before = await db.fetch(query, ticket["id"])
    await rotated()
    assert await db.fetch(query, ticket["id"]) == before


async def test_a_process_that_runs_follows_and_reads_both(data_dir: Path, resident: Person) -> None:
    key_files.rotate(data_dir, "pii_key", "x")  # by the command, in another process
    await key_checks.begin_rotation("pii_key")
    assert (await resident.get("/me/export"))["phone"] == f"+86{PHONE}"
    answer(await resident.ask("POST", "/me/phone", json={"phone": "13912345678"}), 201)
    (row,) = await db.fetch("SELECT phone_sealed FROM person WHERE id = $1", await id_of(resident))
    assert encryption.is_current(row["phone_sealed"])
    ready = answer(await resident.http.get("/ready"))
    assert ["rotate-pii-key" in warning for warning in ready["warnings"]] == [True]


async def test_a_process_that_used_no_key_meanwhile_follows_two_rotations(
    data_dir: Path, resident: Person
) -> None:
    for stamp in "xy":
        key_files.rotate(data_dir, "pii_key", stamp)
    assert settings.get().key("pii_key") == (data_dir / "pii_key.key").read_bytes()
    (data_dir / "pii_key.key").write_text(OTHER)
    assert settings.get().key("pii_key") != OTHER.encode()


async def test_another_key_put_in_the_place_of_a_running_process_is_not_followed(
    data_dir: Path, resident: Person
) -> None:
    (data_dir / "pii_key.key").write_text(OTHER)
    assert (await resident.get("/me/export"))["phone"] == f"+86{PHONE}"


@pytest.mark.parametrize("step", ["_create", "link", "rename"])
async def test_the_exchange_of_the_files_goes_on_wherever_it_was_killed(
    data_dir: Path, resident: Person, step: str
) -> None:
    old = (data_dir / "pii_key.key").read_text()
    (data_dir / "pii_key.next.key").write_text(OTHER)
    if step != "_create":
        (data_dir / "pii_key.previous.key").hardlink_to(data_dir / "pii_key.key")
    if step == "rename":
        (data_dir / "pii_key.next.key").rename(data_dir / "pii_key.key")
    restarted()
    await key_checks.require_keys()
    complete, _ = await rotated()
    assert complete
    assert (data_dir / "pii_key.previous.key").read_text() == old
    assert (data_dir / "pii_key.key").read_text() == OTHER
    assert not (data_dir / "pii_key.next.key").exists()
    assert (await resident.get("/me/export"))["phone"] == f"+86{PHONE}"


async def test_a_rotation_killed_between_batches_goes_on(
    data_dir: Path, newcomer: Newcomer, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = [await newcomer(f"many-{n}") for n in range(5)]
    for n, person in enumerate(people):
        answer(await person.ask("POST", "/me/phone", json={"phone": f"1381234567{n}"}), 201)
    monkeypatch.setattr(rotate, "BATCH", 2)
    batches = 0

    def killed(column: Any, rows: Any, tally: Any) -> Any:
        nonlocal batches
        batches += 1
        if batches == 2:
            raise KeyboardInterrupt
        return real(column, rows, tally)

    real = rotate._encrypt_batch  # noqa: SLF001 - the kill falls between two batches
    with monkeypatch.context() as patch:
        patch.setattr(rotate, "_encrypt_batch", killed)
        with pytest.raises(KeyboardInterrupt):
            await rotated()
    restarted()
    await key_checks.require_keys()
    sealed = [
        row["phone_sealed"]
        for row in await db.fetch("SELECT phone_sealed FROM person WHERE phone_sealed IS NOT NULL")
    ]
    assert {encryption.is_current(each) for each in sealed} == {True, False}
    complete, lines = await rotated()
    assert complete
    assert "继续上次的轮换" in lines
    sealed = [
        row["phone_sealed"]
        for row in await db.fetch("SELECT phone_sealed FROM person WHERE phone_sealed IS NOT NULL")
    ]
    assert {encryption.is_current(each) for each in sealed} == {True}


async def test_a_number_is_found_under_both_keys_while_a_post_waits_for_it(
    data_dir: Path, tmp_path: Path, newcomer: Newcomer
) -> None:
    file = tmp_path / "posts.csv"
    file.write_text(f"role,unit,phone,name\ndeputy,wss-g1,{PHONE},王五\n", "utf-8")
    assert (await imports.load_files([file])).ok
    complete, lines = await rotated()
    assert not complete
    assert any("1 个空岗" in line for line in lines)
    person = await newcomer("deputy")
    answer(await person.ask("POST", "/me/phone", json={"phone": PHONE}), 201)
    (post,) = await db.fetch("SELECT id, phone_index FROM post WHERE phone_index IS NOT NULL")
    assert post["phone_index"] == encryption.blind_indexes(f"+86{PHONE}")[1]
    again = await imports.load_files([file])
    assert again.ok
    assert len(await db.fetch("SELECT FROM post WHERE phone_index IS NOT NULL")) == 1
    (post,) = await db.fetch("SELECT id, phone_index FROM post WHERE phone_index IS NOT NULL")
    assert post["phone_index"] == encryption.blind_index(f"+86{PHONE}")
    assert (await rotated())[0]


async def test_keys_that_are_settings_are_rotated_when_both_are_given(
    data_dir: Path, resident: Person
) -> None:
    old = settings.get().key("pii_key").decode()
    with deployed(pii_key=old), pytest.raises(Misconfigured, match="LOUDENG_PII_KEY_PREVIOUS"):
        await rotated()
    with deployed(pii_key=OTHER, pii_key_previous=old):
        await key_checks.require_keys()
        assert (await resident.get("/me/export"))["phone"] == f"+86{PHONE}"
        complete, _ = await rotated()
        assert complete
    with deployed(pii_key=OTHER):
        await key_checks.require_keys()
        assert (await resident.get("/me/export"))["phone"] == f"+86{PHONE}"
    with deployed(pii_key=old), pytest.raises(Misconfigured):
        await key_checks.require_keys()


async def test_what_neither_key_reads_stays_and_is_counted(data_dir: Path, resident: Person) -> None:
    with deployed(pii_key=OTHER):
        lost = encryption.encrypt(signing_secrets.generate_secret())
    await db.fetch("UPDATE person SET phone_sealed = $2 WHERE id = $1", await id_of(resident), lost)
    complete, lines = await rotated()
    assert complete
    assert any("1 处两把密钥都读不出来" in line for line in lines)
    with pytest.raises(Unreadable):
        encryption.decrypt(lost)


# The signing secret.


async def test_a_sign_in_outlives_a_rotation_of_the_secret_until_the_overlap_ends(
    data_dir: Path, newcomer: Newcomer
) -> None:
    person = await newcomer("signed-in")
    answer(await person.ask("GET", "/me"))
    await key_rotation.rotate_secret(lambda _: None)
    answer(await person.ask("GET", "/me"))
    fresh = await newcomer("signed-in")
    key_rotation.end_secret_overlap(lambda _: None)
    problem(await person.ask("GET", "/me"), 401)
    answer(await fresh.ask("GET", "/me"))
    assert await key_checks.changed_keys() == []


async def test_a_process_that_used_no_key_meanwhile_follows_a_rotation_and_its_end(
    data_dir: Path, newcomer: Newcomer
) -> None:
    person = await newcomer("signed-in")
    answer(await person.ask("GET", "/me"))
    key_files.rotate(data_dir, "secret", "x")  # by the command, in another process
    key_rotation.end_secret_overlap(lambda _: None)
    problem(await person.ask("GET", "/me"), 401)
    answer(await (await newcomer("signed-in")).ask("GET", "/me"))


async def test_a_second_rotation_of_the_secret_waits_for_the_end_of_the_first(data_dir: Path) -> None:
    await key_rotation.rotate_secret(lambda _: None)
    with pytest.raises(Misconfigured, match="--end"):
        await key_rotation.rotate_secret(lambda _: None)
    key_rotation.end_secret_overlap(lambda _: None)
    await key_rotation.rotate_secret(lambda _: None)


async def test_a_refresh_token_of_the_previous_secret_is_exchanged_once(
    data_dir: Path, newcomer: Newcomer
) -> None:
    person = await newcomer("refreshing")
    login, at = ids.new(), clock.now()
    await db.fetch(
        "INSERT INTO login (id, person_id, kind, created_at, rotated_at) VALUES ($1, $2, 'wechat', $3, $3)",
        login,
        await id_of(person),
        at,
    )
    from app.services.auth import tokens

    old = tokens.issue_refresh_token(login, 0, at)
    await key_rotation.rotate_secret(lambda _: None)
    new = answer(await person.http.post("/api/v1/auth/refresh", json={"refresh_token": old}))
    assert new["refresh_token"] == tokens.issue_refresh_token(login, 1, at)


async def test_an_invitation_that_is_asked_for_again_has_the_code_that_works(
    data_dir: Path, people_of: Everybody
) -> None:
    (admin,) = await people_of("admin")
    body = {"role": "auditor", "place_id": (await admin.get("/me"))["posts"][0]["place_id"]}
    ask = {"json": body, "headers": {"Idempotency-Key": "again-after-a-rotation"}}
    first = answer(await admin.ask("POST", "/posts", **ask), 201)
    await key_rotation.rotate_secret(lambda _: None)
    again = answer(await admin.ask("POST", "/posts", **ask), 201)
    assert again["invitation_code"] == first["invitation_code"]
