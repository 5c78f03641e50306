"""Verifying the ledger: every subject's chain, all accounts and every seal, up to the first error."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app import db
from app.labels import SUBJECT
from app.services.ledger import chain, seal, verify_accounts


@dataclass(slots=True)
class Verdict:
    """How much was checked, and the first error as a Chinese sentence (None: no error)."""

    tickets: int = 0
    subjects: int = 0  # of the common life
    accounts: int = 0
    events: int = 0
    seals: int = 0
    broken: str | None = None


class Broken(Exception):
    """A chain or a seal that does not verify."""


_CHAIN = """
SELECT t.id, {kind} AS kind, {name} AS name, t.seq AS last, t.head, e.seq, e.at, e.type, e.part, e.person_id, e.post_id, e.organisation_id,
       e.data::text AS document, e.hash, r.text, r.salt
FROM {table} t LEFT JOIN event e ON e.ticket_id = t.id LEFT JOIN remark r ON r.ticket_id = e.ticket_id AND r.seq = e.seq
ORDER BY t.id, e.seq
"""

_CHAINS = (
    _CHAIN.format(table="ticket", kind=f"'{chain.TICKET}'", name="t.no"),
    _CHAIN.format(table="subject", kind="t.kind", name="t.id::text"),
)

# The first event without a ticket, or neither sealed nor with a job that will seal it.
_UNSEALED = """
SELECT e.ticket_id, e.seq, e.subject, coalesce(t.id, s.id, m.id) IS NULL AS orphan
FROM event e LEFT JOIN ticket t ON t.id = e.ticket_id LEFT JOIN subject s ON s.id = e.ticket_id AND s.kind = e.subject
LEFT JOIN transfer m ON m.id = e.ticket_id AND e.subject = 'transfer'
WHERE coalesce(t.id, s.id, m.id) IS NULL
   OR NOT EXISTS (SELECT FROM sealed_head h JOIN seal s ON s.id = h.seal_id
                  WHERE h.ticket_id = e.ticket_id AND h.seq = e.seq)
  AND NOT EXISTS (SELECT FROM job j WHERE j.kind IN ('event', 'subject', 'transfer') AND j.ticket_id = e.ticket_id AND j.seq = e.seq)
ORDER BY e.ticket_id, e.seq LIMIT 1
"""

_SEALS = """
SELECT s.id, s.hash AS seal_hash, h.ticket_id, h.seq, h.hash, e.hash AS event_hash
FROM seal s LEFT JOIN sealed_head h ON h.seal_id = s.id
LEFT JOIN event e ON e.ticket_id = h.ticket_id AND e.seq = h.seq
ORDER BY s.id, h.ticket_id, h.seq
"""


async def verify_ledger() -> Verdict:
    """Verify every chain, all accounts and every seal; stop at the first error."""
    verdict = Verdict()
    try:
        for statement in _CHAINS:
            await _verify_chains(verdict, statement)
        if (fault := await verify_accounts.first_fault()) is not None:
            raise Broken(fault)
        verdict.accounts, transfers = await verify_accounts.counts()
        verdict.events += transfers
        await _verify_seals(verdict)
        if (unsealed := await db.fetchrow(_UNSEALED)) is not None:
            name = SUBJECT[unsealed["subject"]]
            problem = f"没有{name}" if unsealed["orphan"] else "没有封存"
            raise Broken(f"{name} {unsealed['ticket_id']} 第 {unsealed['seq']} 条记录{problem}")
    except Broken as broken:
        verdict.broken = str(broken)
    return verdict


async def _verify_chains(verdict: Verdict, statement: str) -> None:
    subject: Any = None
    seq, head = 0, b""
    async with db.stream(statement) as rows:
        async for row in rows:
            if subject is None or row["id"] != subject["id"]:
                _check_end(subject, seq, head)
                subject, seq, head = row, 0, chain.genesis(row["id"])
                verdict.tickets += row["kind"] == chain.TICKET
                verdict.subjects += row["kind"] != chain.TICKET
            if row["seq"] is not None:
                seq, head = _check_link(row, seq, head)
                verdict.events += 1
    _check_end(subject, seq, head)


def _check_link(row: Any, before: int, head: bytes) -> tuple[int, bytes]:
    """Check an event against the one before it; return its seq and hash. Raises Broken."""
    where = f"{SUBJECT[row['kind']]} {row['name']} 第 {row['seq']} 条记录"
    if row["seq"] != before + 1:
        raise Broken(f"{SUBJECT[row['kind']]} {row['name']} 缺少第 {before + 1} 条记录")
    actors = (row["person_id"], row["post_id"], row["organisation_id"])
    name = chain.subject_name(row["kind"], row["id"])
    body = chain.link_body(name, row["seq"], row["at"], row["type"], row["part"], actors, row["document"])
    if chain.link(head, body) != row["hash"]:
        raise Broken(f"{where}被改动过")
    if row["text"] is not None and chain.digest(row["salt"], row["text"]) not in row["document"]:
        raise Broken(f"{where}的文字被改动过")
    return row["seq"], row["hash"]


def _check_end(subject: Any, seq: int, head: bytes) -> None:
    """Check that the last event is the one the subject names. Raises Broken."""
    if subject is not None and (seq, head) != (subject["last"], subject["head"]):
        kind = SUBJECT[subject["kind"]]
        raise Broken(
            f"{kind} {subject['name']} 的记录到第 {seq} 条为止，{kind}上记的是第 {subject['last']} 条"
        )


async def _verify_seals(verdict: Verdict) -> None:
    before, seal_id, seal_hash = seal.SEAL_GENESIS, 0, b""
    heads: list[tuple[UUID, int, bytes]] = []
    async with db.stream(_SEALS) as rows:
        async for row in rows:
            if row["id"] != seal_id:
                before = _check_seal(before, seal_id, seal_hash, heads)
                if row["id"] != seal_id + 1:
                    raise Broken(f"缺少第 {seal_id + 1} 次封存")
                seal_id, seal_hash, heads = row["id"], row["seal_hash"], []
                verdict.seals += 1
            if row["hash"] is not None:
                if row["event_hash"] != row["hash"]:
                    raise Broken(f"工单 {row['ticket_id']} 第 {row['seq']} 条记录已封存，但被删除或改动过")
                heads.append((row["ticket_id"], row["seq"], row["hash"]))
    _check_seal(before, seal_id, seal_hash, heads)


def _check_seal(before: bytes, seal_id: int, seal_hash: bytes, heads: list[tuple[UUID, int, bytes]]) -> bytes:
    """Check a complete batch against its seal; return the seal. Raises Broken."""
    if seal_id and seal.seal_link(before, heads) != seal_hash:
        raise Broken(f"第 {seal_id} 次封存被改动过")
    return seal_hash or before
