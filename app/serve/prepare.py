"""Has the database running and up to date before anything uses it."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from app import clock, log, settings, words
from app.pg import Cluster
from app.services import demo, imports, key_checks, ledger, people, schema, subscriptions

logger = log.get("serve")


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

    Raises Misconfigured for keys that are not the database's, unless what follows uses none.
    """
    if not await schema.is_current():
        await schema.upgrade()
    if uses_keys:
        await key_checks.require_keys()
    await schema.make_partitions(clock.now())
    await ledger.repair_feed()
    subscriptions.check_templates()
    words.load()  # a wrong file stops the start
    if not settings.get().demo:
        await imports.load_builtin()
    elif await demo.load_demo(people.consent().version):
        await demo.load_tickets()


async def prepare_to_serve() -> None:
    """Prepare, and say what is replaced: keys, and shipped data, since a newer file changes nothing by itself."""
    await prepare()
    for name in await key_checks.replaced_keys():
        logger.warning("key_replaced", key=name)  # what was encrypted with the one before cannot be read
    for change, files in await imports.list_shipped_changes(demo=settings.get().demo):
        sys.stdout.write(f"{imports.format_shipped_change(change, files)}\n")
