"""Commands that change the keys of an installation."""

import argparse
from typing import Final

from app import settings
from app.commands.run import Commands, print_line, with_database

_ROTATION_HELP: Final = """A new pii_key.key is generated; pii_key.previous.key keeps the old one. Running processes follow by themselves.
Numbers, contacts, webhook secrets and WeChat's token are encrypted again in batches; then only old backups need the old key.

examples:
  python -m app rotate-pii-key                 the keys lie in the data directory
  LOUDENG_PII_KEY=new LOUDENG_PII_KEY_PREVIOUS=old python -m app rotate-pii-key
                                               the keys are settings: give both to every machine and restart first
"""
_OVERLAP_HELP: Final = """A new secret.key is generated; secret.previous.key keeps the old one. Running processes follow by themselves.
After a leak do not rotate: 'accept-key secret' with a new key signs everybody out at once.

examples:
  python -m app rotate-secret                  nobody has to sign in again
  python -m app rotate-secret --end            90 days later: what the old key signed is refused
"""
KEY_LOSS: Final = {
    "secret": "所有人要重新登录",
    "pii_key": "以前的电话号码读不出来（仍显示带星号的），推送地址要更换签名密钥；换回原来的密钥并重启后可以恢复",
}


def add(commands: Commands) -> None:
    raw = argparse.RawDescriptionHelpFormatter
    accept = commands.add_parser(
        "accept-key", help="go on with another key after the old one was lost, or to replace it"
    )
    accept.add_argument("name", choices=settings.KEY_NAMES, metavar="NAME", help="secret, pii_key")
    accept.set_defaults(run=_accept_key)
    commands.add_parser(
        "accept-storage",
        help="go on with the photos of this machine's settings, after they were moved or the database was",
    ).set_defaults(run=_accept_storage)
    commands.add_parser(
        "rotate-pii-key",
        help="give phone numbers a new key while the server runs; run again, it goes on where it was killed",
        epilog=_ROTATION_HELP,
        formatter_class=raw,
    ).set_defaults(run=_rotate_pii_key)
    rotate_secret = commands.add_parser(
        "rotate-secret",
        help="give sign-ins a new key; what the old one signed stays valid until --end",
        epilog=_OVERLAP_HELP,
        formatter_class=raw,
    )
    rotate_secret.add_argument("--end", action="store_true", help="end the overlap: forget the previous key")
    rotate_secret.set_defaults(run=_rotate_secret)


def _accept_key(arguments: argparse.Namespace) -> int:
    async def accept() -> int:
        from app.services import key_checks

        await key_checks.accept_key(arguments.name)
        print_line(f"已改用现在的 {arguments.name}：{KEY_LOSS[arguments.name]}。请重启所有进程")
        return 0

    return with_database(accept, uses_keys=False)


def _rotate_pii_key(_: argparse.Namespace) -> int:
    async def rotate() -> int:
        from app.services import key_rotation

        return 0 if await key_rotation.rotate_pii_key(print_line) else 1

    return with_database(rotate)


def _rotate_secret(arguments: argparse.Namespace) -> int:
    async def rotate() -> int:
        from app.services import key_rotation

        if arguments.end:
            key_rotation.end_secret_overlap(print_line)
        else:
            await key_rotation.rotate_secret(print_line)
        return 0

    return with_database(rotate)


def _accept_storage(_: argparse.Namespace) -> int:
    async def accept() -> int:
        from app.services import photos

        await photos.accept_storage()
        print_line("照片存放的地方已登记")
        return 0

    return with_database(accept, uses_keys=False)
