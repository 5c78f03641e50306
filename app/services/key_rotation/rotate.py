"""Rotates a key: a new one is made, what the old one encrypted is encrypted again in batches, then the old one is not needed.

Nothing remembers how far a rotation came: a ciphertext tells by itself which key reads it, so a rotation that was killed
goes on by going over everything again, and passes what is done.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from app import clock, db, key_files, settings
from app.errors import Misconfigured, Unreadable
from app.services import encryption, key_checks
from app.services.key_rotation.columns import ENCRYPTED, EncryptedColumn
from app.settings import KeyName
from app.sql import Statement

Report = Callable[[str], None]  # gets one line of progress
BATCH: Final = 500
# Somebody may have encrypted with the old key just before the new one took its place, and write it only now: a request
# takes five seconds at most.
SETTLE_SECONDS: Final = 6.0
_REPORT_EVERY: Final = 20  # batches


@dataclass(slots=True)
class Tally:
    """What a pass over the ciphertexts found."""

    replaced: int = 0
    unreadable: int = 0


async def rotate_pii_key(report: Report, *, settle_seconds: float = SETTLE_SECONDS) -> bool:
    """Rotate the key of the phone numbers, or go on with a rotation; tell whether the previous key is needed no longer.

    Raises Misconfigured for a key in the settings without its previous one.
    """
    await _switch("pii_key", report)
    tally = await _encrypt_again(report)
    await asyncio.sleep(settle_seconds)
    while (
        late := await _encrypt_again(report)
    ).replaced:  # what was under way, or a process with the old key
        tally.replaced += late.replaced
    report(f"已用新密钥重新加密 {tally.replaced} 处")
    if late.unreadable:
        report(f"另有 {late.unreadable} 处两把密钥都读不出来，保持原样")
    waiting = await _posts_waiting()
    if waiting:
        report(
            f"还有 {waiting} 个空岗认的是旧密钥下的手机号：再导入一次岗位表，或等本人上岗后，再运行一次；在此之前请保留旧密钥"
        )
        return False
    await key_checks.finish_rotation("pii_key")
    report("轮换完成。以前的备份仍要用旧密钥恢复：请随备份一起保管，备份删除后再删除旧密钥")
    return True


async def rotate_secret(report: Report) -> None:
    """Give the access tokens a new key; what the previous one signed stays valid.

    Raises Misconfigured as above, and while the key of an earlier rotation is still valid: a third would end its sign-ins.
    """
    conf = settings.get()
    _, previous = key_files.paths(conf.data_dir, "secret")
    if conf.secret is None and previous.exists() and not key_files.is_half_rotated(conf.data_dir, "secret"):
        raise Misconfigured(
            f"{previous} is still valid from an earlier rotation: run 'rotate-secret --end' first"
        )
    await _switch("secret", report)
    report("已改用新的 secret，没有人需要重新登录。90天后（或所有人都登录过之后）请运行 rotate-secret --end")


def end_secret_overlap(report: Report) -> None:
    """Remove the previous key of the access tokens: what it signed is refused from now on. Raises Misconfigured."""
    conf = settings.get()
    if conf.secret is not None:
        raise Misconfigured("LOUDENG_SECRET is a setting: unset LOUDENG_SECRET_PREVIOUS and restart")
    _, previous = key_files.paths(conf.data_dir, "secret")
    previous.unlink(missing_ok=True)
    report("以前的 secret 已经作废：用它签发、一直没有更新的登录要重新登录")


async def _switch(name: KeyName, report: Report) -> None:
    """Make a new key the one that encrypts and signs, unless a rotation is under way."""
    conf = settings.get()
    under_way = await key_checks.begin_rotation(name) or name in await key_checks.unfinished_rotations()
    if getattr(conf, name) is not None:
        if not under_way:
            raise Misconfigured(_HOW_TO_SET.format(name=f"{settings.PREFIX}{name}".upper()))
    elif not under_way or key_files.is_half_rotated(conf.data_dir, name):
        key_files.rotate(conf.data_dir, name, f"{clock.now():%Y%m%d-%H%M%S}")
        await key_checks.begin_rotation(name)
    report("继续上次的轮换" if under_way else "新密钥已启用，正在运行的进程自动跟随，旧密钥暂时保留")


_HOW_TO_SET: Final = (
    "{name} is a setting: set {name}_PREVIOUS to the key of now and {name} to a new one on every machine, "
    "restart them, then run this again"
)


async def _encrypt_again(report: Report) -> Tally:
    tally = Tally()
    for column in ENCRYPTED:
        await _encrypt_column(column, tally, report)
    return tally


async def _encrypt_column(column: EncryptedColumn, tally: Tally, report: Report) -> None:
    counted = await db.execute_one(column.count)
    total, seen, batches, after = counted["n"] if counted else 0, 0, 0, None
    while rows := await db.execute(column.batch, after=after, limit=BATCH):
        values = _encrypt_batch(column, rows, tally)
        if values["keys"]:
            await db.execute(column.replace, **values)
        tally.replaced += len(values["keys"])
        after, seen, batches = rows[-1]["key"], seen + len(rows), batches + 1
        if batches % _REPORT_EVERY == 0 or (len(rows) < BATCH and values["keys"]):
            report(f"{column.name}：{seen}/{total}")


def _encrypt_batch(column: EncryptedColumn, rows: list[Any], tally: Tally) -> dict[str, Any]:
    """Return the parameters that replace those of the ciphertexts which the current key does not read."""
    keys: list[Any] = []
    old: list[bytes] = []
    new: list[bytes] = []
    indexes: list[list[bytes]] = []
    for row in rows:
        if encryption.is_current(row["sealed"]):
            continue
        try:
            text = encryption.decrypt(row["sealed"])
        except Unreadable:
            tally.unreadable += 1
            continue
        keys.append(row["key"])
        old.append(row["sealed"])
        new.append(encryption.encrypt(text))
        indexes.append(encryption.blind_indexes(text))
    values: dict[str, Any] = {"keys": keys, "old": old, "new": new}
    if column.has_index:
        values |= {
            "index": [both[0] for both in indexes],
            "former_index": [both[-1] for both in indexes],
            "key_name": encryption.key_name(),
        }
    return values


async def _posts_waiting() -> int:
    """Return how many vacant posts are meant for a number that only the previous key finds.

    A post that is taken needs its number no longer: where its holder has another one by now, it is forgotten.
    """
    await db.execute(_FORGET_TAKEN, key_name=encryption.key_name())
    row = await db.execute_one(_COUNT_VACANT, key_name=encryption.key_name())
    return int(row["n"]) if row else 0


_FORGET_TAKEN: Final = Statement("""
UPDATE post SET phone_index = NULL, phone_key = NULL
WHERE phone_index IS NOT NULL AND phone_key IS DISTINCT FROM :key_name AND (person_id IS NOT NULL OR ended_at IS NOT NULL)
""")
_COUNT_VACANT: Final = Statement("""
SELECT count(*) AS n FROM post WHERE phone_index IS NOT NULL AND phone_key IS DISTINCT FROM :key_name
""")
