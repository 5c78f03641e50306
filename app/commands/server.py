"""Commands: serve, migrate, demo."""

import argparse

from app.commands.run import Commands, print_line, with_database


def add(commands: Commands) -> None:
    serve = commands.add_parser("serve", help="migrate, then run API and worker until Ctrl-C")
    only = serve.add_mutually_exclusive_group()
    only.add_argument("--api-only", action="store_true", help="no worker: timers run elsewhere")
    only.add_argument("--worker-only", action="store_true", help="no API: only timers and jobs")
    serve.add_argument("--workers", type=int, metavar="N", help="API processes (LOUDENG_WORKERS)")
    serve.set_defaults(run=_serve)
    commands.add_parser("migrate", help="bring the schema up to date").set_defaults(run=_migrate)
    demo = commands.add_parser("demo", help="load the demo street")
    demo.add_argument(
        "--history",
        action="store_true",
        help="also its past: its common life, and the tickets since the last quarter began; again: those missing",
    )
    demo.set_defaults(run=_demo)


def _serve(arguments: argparse.Namespace) -> int:
    from app.serve import serve

    serve(api=not arguments.worker_only, work=not arguments.api_only)
    return 0


def _migrate(_: argparse.Namespace) -> int:
    async def done() -> int:
        return 0

    return with_database(done, uses_keys=False)


def _demo(arguments: argparse.Namespace) -> int:
    async def load() -> int:
        from app.services import demo, people

        if await demo.load_demo(people.consent().version):
            await demo.load_tickets()
        if arguments.history:
            print_line(f"共同生活：新加 {await demo.load_common_life()} 件")
            print_line(f"过去的工单：新加 {await demo.load_history()} 张")
        return 0

    return with_database(load)
