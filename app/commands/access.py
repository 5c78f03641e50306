"""Commands that let somebody in: invite a person, key for a system."""

import argparse
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from pydantic import ValidationError

from app.commands.run import Commands, print_line, with_database
from app.enums import SHANGHAI, Scope
from app.errors import Invalid

if TYPE_CHECKING:
    from app.models.api_key import KeyIn


_KEY_EPILOG: Final = """examples:
  python -m app key --organisation 人和物业 --name 报修系统 --scope tickets:read --scope tickets:write
  python -m app key --organisation rhwy --name 推送 --scope webhooks:manage --days 90

Two keys may be valid at once, so that one can replace the other. An office issues and revokes keys in the mini-program
too: 单位, then the organisation.
"""


def add(commands: Commands) -> None:
    invite = commands.add_parser("invite", help="print a one-time invitation code, good for seven days")
    invite.add_argument(
        "--role", required=True, help="admin, street, community, head, deputy, duty, member, auditor, agent"
    )
    invite.add_argument(
        "--place", metavar="NAME", help="name, label or code of the street, community or grid"
    )
    invite.add_argument("--organisation", metavar="NAME", help="name or code, for --role agent")
    invite.set_defaults(run=_invite)
    key = commands.add_parser(
        "key",
        help="print a new API key of an organisation, shown this once",
        epilog=_KEY_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    key.add_argument("--organisation", required=True, metavar="NAME", help="name or code")
    key.add_argument("--name", required=True, help="what the key is for, as the list of keys shows it")
    key.add_argument(
        "--scope",
        action="append",
        required=True,
        choices=[scope.value for scope in Scope],
        help=f"what it may do; may be repeated: {', '.join(Scope)}",
        metavar="SCOPE",
    )
    key.add_argument("--days", type=int, metavar="N", help="how long it is valid (default and maximum: 365)")
    key.set_defaults(run=_key)


def _invite(arguments: argparse.Namespace) -> int:
    async def invite() -> int:
        from app.services import posts

        invitation = await posts.invite_by_name(arguments.role, arguments.place, arguments.organisation)
        print_line(f"{invitation.label} 的邀请码（7天内有效，只能用一次）：{invitation.code}")
        return 0

    return with_database(invite)


def _key(arguments: argparse.Namespace) -> int:
    async def issue() -> int:
        from app.services import organisations

        key, owner = await organisations.issue_key(arguments.organisation, _key_form(arguments))
        until = key.expires_at.astimezone(SHANGHAI)
        print_line(f"{owner} 的密钥“{key.name}”（{until:%Y-%m-%d} 前有效，只显示这一次）：{key.key}")
        return 0

    return with_database(issue)


def _key_form(arguments: argparse.Namespace) -> "KeyIn":
    from app import clock
    from app.models.api_key import KeyIn
    from app.problems import pointers
    from app.services.organisations import MAX_KEY_LIFETIME

    if arguments.days is not None and not 1 <= arguments.days <= MAX_KEY_LIFETIME.days:
        raise Invalid(f"--days 要在 1 到 {MAX_KEY_LIFETIME.days} 之间")
    until = None if arguments.days is None else (clock.now() + timedelta(days=arguments.days)).isoformat()
    try:
        return KeyIn.model_validate({"name": arguments.name, "scopes": arguments.scope, "expires_at": until})
    except ValidationError as error:
        raise Invalid(pointers(error.errors())[0]["detail"]) from None
