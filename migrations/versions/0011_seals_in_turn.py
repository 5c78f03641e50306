"""A function that appends a seal: of several workers one at a time, so that none computes it from a seal that is not the last."""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

# Each query of a volatile function sees what was committed before it began: the last seal is read after the wait.
# The lock is let go after the commit. The hash is that of services.ledger.seal.seal_link.
APPEND_SEAL = """
CREATE FUNCTION append_seal(batch bytea, sealed_at timestamptz) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    last_id integer := 0;
    last_hash bytea := decode(repeat('00', 32), 'hex');
    last record;
BEGIN
    PERFORM pg_advisory_xact_lock(7205760);
    SELECT id, hash INTO last FROM seal ORDER BY id DESC LIMIT 1;
    IF FOUND THEN
        last_id := last.id;
        last_hash := last.hash;
    END IF;
    INSERT INTO seal (id, at, hash) VALUES (last_id + 1, sealed_at, sha256(last_hash || batch));
    RETURN last_id + 1;
END $$
"""


def upgrade() -> None:
    op.execute(APPEND_SEAL)


def downgrade() -> None:
    op.execute("DROP FUNCTION append_seal(bytea, timestamptz)")
