"""Accounts 账: why something moves from one account to another, and which of it the office may take back.

`verify-ledger` proves that nothing has moved otherwise.
"""

from collections.abc import Mapping
from typing import Any, Final

from app.enums import AccountSort, TransferReason

A, T = AccountSort, TransferReason

# From which account to which each reason moves points or things.
ROUTES: Final[Mapping[TransferReason, frozenset[tuple[AccountSort, AccountSort]]]] = {
    T.AWARD: frozenset({(A.ISSUE, A.PERSON)}),
    T.LAPSE: frozenset({(A.PERSON, A.ISSUE)}),
    T.LEAVE: frozenset({(A.PERSON, A.ISSUE)}),
    T.RESERVE: frozenset({(A.PERSON, A.HELD), (A.STOCK, A.HELD)}),
    T.RELEASE: frozenset({(A.HELD, A.PERSON), (A.HELD, A.STOCK)}),
    T.PAY: frozenset({(A.HELD, A.ISSUE)}),
    T.BUY: frozenset({(A.ISSUE, A.STOCK)}),
    T.LEND: frozenset({(A.HELD, A.OUT)}),
    T.GIVE: frozenset({(A.HELD, A.GIVEN)}),
    T.BACK: frozenset({(A.OUT, A.STOCK)}),
    T.WRITE_OFF: frozenset({(A.OUT, A.LOST), (A.STOCK, A.LOST)}),
}
REVERSIBLE: Final = frozenset({T.AWARD, T.LAPSE, T.BUY, T.WRITE_OFF})


def refusal_of_reversal(transfer: Mapping[str, Any]) -> str | None:
    """Return a sentence that says why a transfer cannot be reversed, None if it can."""
    if transfer["reverses_id"] is not None:
        return "这一笔本身就是冲正，不能再冲正"
    if transfer["is_reversed"]:
        return "这一笔已经冲正过了，每笔只能冲正一次"
    if transfer["reservation_id"] is not None or transfer["reason"] not in REVERSIBLE:
        return "这一笔随预约变动，不能单独冲正，请在预约里办理"
    return None
