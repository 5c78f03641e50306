"""A key that is lost, changed or damaged: one clear line at the start, and never a 500."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from app import clock, db, ids, settings
from app.errors import Misconfigured, Unreadable
from app.models.webhook import ClaimedDelivery
from app.services import encryption, key_checks
from app.services.webhooks import sender, signing_secrets
from app.settings import KEY_NAMES
from tests.deployed import deployed
from tests.world import Everybody, answer, problem

OTHER = "another-key-that-nobody-has-thought-of-before"  # not a secret


@pytest.fixture
async def data_dir(street: None, tmp_path: Path) -> AsyncIterator[Path]:
    """A deployment whose keys lie in a data directory of its own; they were generated and used once."""
    with deployed(data_dir=str(tmp_path), secret=None, pii_key=None):
        await key_checks.require_keys()
        yield tmp_path
    settings._generated_key.cache_clear()  # noqa: SLF001 - as in a new process


def removed(file: Path) -> None:
    file.unlink()


def replaced(file: Path) -> None:
    file.write_text(OTHER)


def emptied(file: Path) -> None:
    file.write_text("")


def binary(file: Path) -> None:
    file.write_bytes(b"\xff" * 48)


def a_folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


# What happened to a key file, and what the start says of it.
DAMAGE: list[tuple[Callable[[Path], None], str]] = [
    (removed, "is missing: this database was written with it. Put the old key back"),
    (replaced, "is another key: this database was written with it. Put the old key back"),
    (emptied, "shorter than 32 bytes"),
    (binary, "cannot be used as a key: it is not text"),
    (a_folder, "cannot be used as a key: Is a directory"),
]


@pytest.mark.parametrize("name", KEY_NAMES)
@pytest.mark.parametrize(("damage", "line"), DAMAGE)
async def test_a_key_file_that_is_not_the_databases_stops_the_start(
    data_dir: Path, name: str, damage: Callable[[Path], None], line: str
) -> None:
    file = data_dir / f"{name}.key"
    damage(file)
    settings._generated_key.cache_clear()  # noqa: SLF001 - as in a new process
    with pytest.raises(Misconfigured) as refused:
        await key_checks.require_keys()
    assert line in str(refused.value)
    assert str(file) in str(refused.value)
    assert "\n" not in str(refused.value)
    assert file.exists() == (damage is not removed)  # none is generated in its place


@pytest.mark.parametrize("name", KEY_NAMES)
async def test_another_key_in_the_settings_stops_the_start(data_dir: Path, name: str) -> None:
    with (
        deployed(**{name: OTHER}),
        pytest.raises(Misconfigured, match=f"LOUDENG_{name.upper()} is another key"),
    ):
        await key_checks.require_keys()
    await key_checks.require_keys()


async def test_a_database_older_than_check_values_is_read_before_a_key_is_taken_for_its_own(
    data_dir: Path, people_of: Everybody
) -> None:
    (resident,) = await people_of("resident")
    await resident.report(contact_phone="13812345678")
    await db.fetch("DELETE FROM key_check")
    with deployed(pii_key=OTHER), pytest.raises(Misconfigured, match="is another key"):
        await key_checks.require_keys()
    await db.fetch("DELETE FROM key_check")
    await key_checks.require_keys()
    assert await key_checks.changed_keys() == []


async def test_several_that_start_at_once_agree_on_the_first_key(data_dir: Path) -> None:
    rows = await db.fetch("SELECT name, value FROM key_check ORDER BY name")
    await key_checks.require_keys()
    assert await db.fetch("SELECT name, value FROM key_check ORDER BY name") == rows


async def test_a_check_value_tells_nothing_of_a_key_and_nothing_of_another_database(data_dir: Path) -> None:
    (first,) = await db.fetch("SELECT value FROM key_check WHERE name = 'pii_key'")
    await key_checks.accept_key("pii_key")
    (second,) = await db.fetch("SELECT value FROM key_check WHERE name = 'pii_key'")
    assert first["value"] != second["value"]
    assert await key_checks.changed_keys() == []


async def test_a_process_whose_key_was_replaced_elsewhere_is_not_ready(
    data_dir: Path, people_of: Everybody
) -> None:
    (resident,) = await people_of("resident")
    answer(await resident.http.get("/ready"))
    with deployed(pii_key=OTHER):
        await key_checks.accept_key("pii_key")
    refused = problem(await resident.http.get("/ready"), 503, "unavailable")
    assert "pii_key" in refused["detail"]


async def test_after_a_restore_the_keys_of_this_machine_are_used_and_ready_says_what_is_lost(
    data_dir: Path, people_of: Everybody
) -> None:
    (resident,) = await people_of("resident")
    assert answer(await resident.http.get("/ready")) == {"status": "ready"}
    with deployed(pii_key=OTHER, secret=OTHER[::-1]):
        assert await key_checks.keys_after_restore() == [*KEY_NAMES]
        await key_checks.require_keys()
        ready = answer(await resident.http.get("/ready"))
        assert ["pii_key" in warning for warning in ready["warnings"]] == [True]
        await key_checks.accept_key("pii_key")  # it is lost for good
        assert answer(await resident.http.get("/ready")) == {"status": "ready"}


async def test_the_old_key_put_back_is_the_databases_again(data_dir: Path, people_of: Everybody) -> None:
    with deployed(pii_key=OTHER):
        await key_checks.keys_after_restore()
        await key_checks.require_keys()
    await key_checks.require_keys()
    assert await key_checks.replaced_keys() == []
    with deployed(pii_key=OTHER), pytest.raises(Misconfigured):
        await key_checks.require_keys()


async def test_what_another_key_encrypted_is_said_to_be_unreadable_and_stops_nothing_else(
    data_dir: Path, people_of: Everybody
) -> None:
    resident, head = await people_of("resident", "grid_head")
    ticket = await resident.report(contact_phone="13812345678")
    answer(await resident.ask("POST", "/me/phone", json={"phone": "13912345678"}), 201)
    with deployed(pii_key=OTHER):
        refused = problem(await head.ask("GET", f"/tickets/{ticket['id']}/phone"), 409, "unreadable")
        assert "读不出来" in refused["title"]
        assert (await head.ticket(ticket["id"]))["reporter"]["phone_masked"] == "138****5678"
        export = answer(await resident.ask("GET", "/me/export"))
        assert "读不出来" in export["phone"]
        assert "读不出来" in export["tickets"][0]["contact_phone"]
        answer(await resident.ask("POST", "/me/phone", json={"phone": "13912345678"}), 201)
        assert answer(await resident.ask("GET", "/me/export"))["phone"] == "+8613912345678"
    await db.fetch("UPDATE person SET phone_sealed = NULL, phone_index = NULL, phone_masked = NULL")


async def test_a_message_is_signed_with_the_secrets_that_can_be_read(data_dir: Path) -> None:
    lost = encryption.encrypt(signing_secrets.generate_secret())
    with deployed(pii_key=OTHER):
        fresh = encryption.encrypt(signing_secrets.generate_secret())
        assert sender.signed_headers(delivery(fresh, lost))["webhook-signature"].count("v1,") == 1
        with pytest.raises(Unreadable):
            sender.signed_headers(delivery(lost))


def delivery(*secrets: bytes) -> ClaimedDelivery:
    values: Any = {"id": ids.new(), "body": "{}", "secrets": secrets, "due_at": clock.now()}
    claimed: ClaimedDelivery = values
    return claimed
