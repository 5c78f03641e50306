"""Has the database running and up to date before anything uses it."""

import asyncio
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from app import clock, db, hosts, log, settings, words
from app.errors import Misconfigured, Unavailable
from app.pg import Cluster
from app.services import demo, imports, key_checks, ledger, people, photos, schema, subscriptions

logger = log.get("serve")

AWAY_SECONDS: Final = 1.0  # between two attempts to start over a database that is away


@contextmanager
def database() -> Iterator[tuple[str, Cluster | None]]:
    """Yield the address of the configured database, or start the embedded one, shared by all processes that use it."""
    conf = settings.get()
    if conf.database_url:
        yield conf.database_url, None
        return
    cluster = Cluster(conf.data_dir)
    try:
        yield cluster.up(), cluster
    finally:
        cluster.release()


async def prepare(*, uses_keys: bool = True) -> None:
    """Bring the schema, built-in data and the demo street up to date. The database must be connected.

    Of several processes that start at once, one prepares, and the others find it done. Raises Misconfigured for keys
    that are not the database's, unless what follows uses none.
    """
    _require_shared_settings()
    async with schema.turn():
        await _prepare(uses_keys=uses_keys)


async def _prepare(*, uses_keys: bool) -> None:
    if not await schema.is_usable():
        await schema.upgrade()
    elif not await schema.is_current():
        logger.warning("schema_newer", known=schema.head())  # another process has upgraded it already
    if uses_keys:
        await key_checks.require_keys()
        await photos.require_storage()
    await schema.make_partitions(clock.now())
    await ledger.repair_feed()
    subscriptions.check_templates()
    words.load()  # a wrong file stops the start
    if not settings.get().demo:
        await imports.load_builtin()
    elif await demo.load_demo(people.consent().version):
        await demo.load_tickets()


async def prepare_to_serve(cluster: Cluster | None = None) -> None:
    """Prepare as soon as the database answers, and say what is replaced: keys, and shipped data, since a newer file
    changes nothing by itself.
    """
    while True:
        try:
            await prepare()
            break
        except Unavailable as away:
            if db.is_refusal(away.__cause__):  # no time will help
                raise Misconfigured(f"the database refuses LOUDENG_DATABASE_URL: {away.__cause__}") from None
            await asyncio.sleep(AWAY_SECONDS)
            if cluster:
                cluster.up()  # nobody else would start it again
    for name in await key_checks.replaced_keys():
        logger.warning("key_replaced", key=name)  # what was encrypted with the one before cannot be read
    for change, files in await imports.list_shipped_changes(demo=settings.get().demo):
        sys.stdout.write(f"{imports.format_shipped_change(change, files)}\n")


def _require_shared_settings() -> None:
    """Require settings for what a machine would otherwise keep for itself: a database on several hosts has several users.

    Raises Misconfigured.
    """
    conf = settings.get()
    if conf.database_url is None or len(hosts.addresses(conf.database_url)) == 1:
        return
    needed = {
        "LOUDENG_SECRET": conf.secret,
        "LOUDENG_PII_KEY": conf.pii_key,
        "LOUDENG_STORAGE_URL": conf.storage_url,
    }
    if missing := [name for name, value in needed.items() if value is None]:
        raise Misconfigured(
            f"LOUDENG_DATABASE_URL names several hosts, but {' and '.join(missing)} would be of this machine only: "
            "set the same on all of them"
        )
