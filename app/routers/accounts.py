"""Routes of accounts and transfers: read by their owners and offices, taken back by offices; nothing is written by hand."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.deps import (
    API,
    AuthRoute,
    CurrentActor,
    Cursor,
    IdempotencyKey,
    Limit,
    Page,
    mark_replayed,
    path_id,
    require_consent,
)
from app.enums import AccountSort, CircleKind
from app.models.account import AccountOut, ReverseIn, TransferOut
from app.rules.access import Actor
from app.services import accounts
from app.services.accounts import AccountFilter


class AccountRoute(AuthRoute):
    """A route about one account, loaded in the caller's scope."""

    async def authorize(self, request: Request) -> Actor:
        actor = await super().authorize(request)
        request.state.account = await accounts.load_account(actor, path_id(request, "account_id"))
        return actor


class TransferRoute(AuthRoute):
    """A route that acts on one transfer, for the office of its circle."""

    refusals = frozenset({409})

    async def authorize(self, request: Request) -> Actor:
        request.state.actor = actor = await super().authorize(request)
        transfer = await accounts.load_transfer(actor, path_id(request, "transfer_id"))
        accounts.require_office(actor, transfer)
        request.state.transfer = transfer
        return await require_consent(actor)


router = APIRouter(prefix=f"{API}/accounts", tags=["accounts"], route_class=AuthRoute)
account_router = APIRouter(prefix=f"{API}/accounts", tags=["accounts"], route_class=AccountRoute)
transfer_router = APIRouter(prefix=f"{API}/transfers", tags=["accounts"], route_class=TransferRoute)


@router.get("", summary="账户")
async def account_page(
    actor: CurrentActor,
    circle: CircleKind | None = None,
    sort: AccountSort | None = None,
    offer_id: Annotated[UUID | None, Query(description="Of the things of that offer.")] = None,
    mine: bool = False,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> Page[AccountOut]:
    """List one's own accounts, and of an office all of its communities: the newest first, never by what they hold."""
    wanted = AccountFilter(circle, sort, offer_id, mine)
    items, next_cursor = await accounts.account_page(actor, wanted, limit, cursor)
    return Page(items=items, next=next_cursor)


@account_router.get("/{account_id}/transfers", summary="账目")
async def transfer_page(
    account_id: UUID, actor: CurrentActor, limit: Limit = 20, cursor: Cursor = None
) -> Page[TransferOut]:
    """List what came to an account and what left it, newest first."""
    items, next_cursor = await accounts.transfer_page(actor, account_id, limit, cursor)
    return Page(items=items, next=next_cursor)


@transfer_router.post("/{transfer_id}/reverse", summary="冲正")
async def reverse(
    transfer_id: UUID,  # noqa: ARG001 - declared for OpenAPI
    form: ReverseIn,
    request: Request,
    actor: CurrentActor,
    key: IdempotencyKey,
    response: Response,
) -> TransferOut:
    """Take a transfer back by another one, once. Return the reversal."""
    reversal, replayed = await accounts.reverse(actor, request.state.transfer, form, key)
    mark_replayed(response, replayed=replayed)
    return reversal
