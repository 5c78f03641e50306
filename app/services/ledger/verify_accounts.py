"""Verifying accounts: each transfer against its event, each balance against its transfers, each circle against zero.

In the database, not row by row as the chains are: a transfer has one event, so that its hash follows from nothing before.
"""

from typing import Final

from app import db
from app.rules import accounts
from app.services.ledger.transfers import TRANSFER

_ROUTES: Final = ", ".join(
    f"('{reason}', '{source}', '{target}')"
    for reason, routes in accounts.ROUTES.items()
    for source, target in sorted(routes)
)

# The first that is wrong of each kind, with what to say of it. What a circle of things has is what was bought, less what
# was taken back of that: no other account is below zero, and all sum to zero.
_CHECKS: Final = (
    (
        f"""
SELECT t.id::text AS name FROM transfer t LEFT JOIN event e ON e.ticket_id = t.id AND e.seq = 1 AND e.subject = '{TRANSFER}'
LEFT JOIN remark r ON r.ticket_id = t.id AND r.text IS NOT NULL
LEFT JOIN LATERAL json_to_record(e.data) d(circle text, "from" text, "to" text, amount text, reason text, reverses text,
    reservation text, cause text, said text) ON true
WHERE t.head IS DISTINCT FROM e.hash
   OR e.hash IS DISTINCT FROM sha256(sha256(uuid_send(t.id)) || convert_to(concat_ws('|', '{TRANSFER}:' || t.id, e.seq,
        (extract(epoch FROM e.at) * 1000000)::bigint, e.type, e.part, coalesce(e.person_id::text, '-'),
        coalesce(e.post_id::text, '-'), coalesce(e.organisation_id::text, '-'), e.data::text), 'UTF8'))
   OR (d.circle, d."from", d."to", d.amount, d.reason, e.at)
      IS DISTINCT FROM (t.circle_id::text, t.from_id::text, t.to_id::text, t.amount::text, t.reason, t.at)
   OR (d.reverses, d.reservation, d.cause)
      IS DISTINCT FROM (t.reverses_id::text, t.reservation_id::text, t.cause_id || ':' || t.cause_seq || ':' || t.rule)
   OR encode(sha256(r.salt || convert_to(r.text, 'UTF8')), 'hex') <> coalesce(d.said, '')
ORDER BY t.id LIMIT 1""",
        "账目 {name} 被改动过",
    ),
    (
        """
SELECT a.id::text AS name FROM account a LEFT JOIN (
    SELECT account_id, sum(delta) AS balance FROM (
        SELECT to_id AS account_id, amount AS delta FROM transfer UNION ALL SELECT from_id, -amount FROM transfer
    ) d GROUP BY account_id
) t ON t.account_id = a.id WHERE a.balance <> coalesce(t.balance, 0) ORDER BY a.id LIMIT 1""",
        "账户 {name} 的余额与它的各笔账目合不上",
    ),
    (
        "SELECT circle_id::text AS name FROM account GROUP BY circle_id HAVING sum(balance) <> 0 ORDER BY 1 LIMIT 1",
        "账圈 {name} 的余额合计不为零",
    ),
    (
        """
SELECT c.id::text AS name FROM circle c
LEFT JOIN account i ON i.circle_id = c.id AND i.sort = 'issue' LEFT JOIN (
    SELECT t.circle_id, sum(CASE WHEN t.reverses_id IS NULL THEN t.amount ELSE -t.amount END) AS bought
    FROM transfer t WHERE t.reason = 'buy' GROUP BY t.circle_id
) b ON b.circle_id = c.id
WHERE c.kind = 'things' AND coalesce(-i.balance, 0) <> coalesce(b.bought, 0) ORDER BY c.id LIMIT 1""",
        "物品账圈 {name} 的数量与买入的合不上",
    ),
    (
        """
SELECT r.id::text AS name FROM transfer r LEFT JOIN transfer o ON o.id = r.reverses_id
WHERE r.reverses_id IS NOT NULL AND (o.reverses_id IS NOT NULL
    OR (o.from_id, o.to_id, o.amount) IS DISTINCT FROM (r.to_id, r.from_id, r.amount)) ORDER BY r.id LIMIT 1""",
        "账目 {name} 不是另一笔的冲正",
    ),
    (
        f"""
SELECT t.id::text AS name FROM transfer t JOIN account f ON f.id = t.from_id JOIN account g ON g.id = t.to_id
WHERE (t.reason, CASE WHEN t.reverses_id IS NULL THEN f.sort ELSE g.sort END,
       CASE WHEN t.reverses_id IS NULL THEN g.sort ELSE f.sort END) NOT IN ({_ROUTES}) ORDER BY t.id LIMIT 1""",
        "账目 {name} 的事由与两边的账户不符",
    ),
)


async def first_fault() -> str | None:
    """Return the first error of accounts as a Chinese sentence, None where all are right."""
    for statement, sentence in _CHECKS:
        if (row := await db.fetchrow(statement)) is not None:
            return sentence.format(name=row["name"])
    return None


async def counts() -> tuple[int, int]:
    """Return how many accounts and transfers there are."""
    (row,) = await db.fetch(
        "SELECT (SELECT count(*) FROM account) AS a, (SELECT count(*) FROM transfer) AS t"
    )
    return row["a"], row["t"]
