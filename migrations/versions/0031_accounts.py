"""Accounts and transfers: points of communities and things of offers, in double entry."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

SUBJECT = "subject.id"


def upgrade() -> None:
    op.create_table(
        "circle",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("community_id", sa.Uuid(), sa.ForeignKey("place.id"), nullable=False),
        sa.Column("offer_id", sa.Uuid(), sa.ForeignKey(SUBJECT)),
        sa.Column("created_at", UTCDateTime(), nullable=False),
    )
    _index("circle_points", "circle", ["community_id", "kind"], "offer_id IS NULL", unique=True)
    _index("circle_offer", "circle", ["offer_id"], "offer_id IS NOT NULL", unique=True)
    op.create_table(
        "account",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("circle_id", sa.Uuid(), sa.ForeignKey("circle.id"), nullable=False),
        sa.Column("sort", sa.String(), nullable=False),
        sa.Column("person_id", sa.Uuid(), sa.ForeignKey("person.id")),
        sa.Column("place_id", sa.Uuid(), sa.ForeignKey("place.id")),
        sa.Column("balance", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("lapse_on", sa.Date()),
        sa.Column("lapse_year", sa.Integer()),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.UniqueConstraint("circle_id", "id", name="account_in_circle"),
        sa.CheckConstraint("balance >= 0 OR sort = 'issue'", name="account_balance"),
    )
    _index("account_person", "account", ["person_id", "circle_id"], "person_id IS NOT NULL", unique=True)
    _index("account_stock", "account", ["circle_id", "place_id"], "place_id IS NOT NULL", unique=True)
    _index("account_own", "account", ["circle_id", "sort"], "sort NOT IN ('person', 'stock')", unique=True)
    _index("account_lapse", "account", ["lapse_on"], "lapse_on IS NOT NULL")
    op.create_table(
        "transfer",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("circle_id", sa.Uuid(), nullable=False),
        sa.Column("from_id", sa.Uuid(), nullable=False),
        sa.Column("to_id", sa.Uuid(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("reservation_id", sa.Uuid(), sa.ForeignKey(SUBJECT)),
        sa.Column("rule", sa.String()),
        sa.Column("cause_id", sa.Uuid()),
        sa.Column("cause_seq", sa.Integer()),
        sa.Column("cause_at", UTCDateTime()),
        sa.Column("reverses_id", sa.Uuid(), sa.ForeignKey("transfer.id")),
        sa.Column("head", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["circle_id", "from_id"], ["account.circle_id", "account.id"]),
        sa.ForeignKeyConstraint(["circle_id", "to_id"], ["account.circle_id", "account.id"]),
        sa.CheckConstraint("amount > 0 AND from_id <> to_id", name="transfer_amount"),
    )
    for end in ("from", "to"):
        op.create_index(f"transfer_{end}", "transfer", [f"{end}_id", "id"])
    _index("transfer_reservation", "transfer", ["reservation_id"], "reservation_id IS NOT NULL")
    _index("transfer_reversal", "transfer", ["reverses_id"], "reverses_id IS NOT NULL", unique=True)
    _index(
        "transfer_paid",
        "transfer",
        ["cause_id", "to_id"],
        "cause_id IS NOT NULL AND reverses_id IS NULL",
        unique=True,
    )
    op.create_table(
        "offer",
        sa.Column("subject_id", sa.Uuid(), sa.ForeignKey(SUBJECT), primary_key=True),
        sa.Column("price", sa.Integer(), server_default="0", nullable=False),
        sa.Column("points", sa.String()),
        sa.Column("days", sa.Integer()),
        sa.Column("needs_grant", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), sa.ForeignKey("organisation.id")),
    )
    _index("offer_organisation", "offer", ["organisation_id"], "organisation_id IS NOT NULL")
    op.create_table(
        "reservation",
        sa.Column("subject_id", sa.Uuid(), sa.ForeignKey(SUBJECT), primary_key=True),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("stock_id", sa.Uuid(), sa.ForeignKey("account.id")),
        sa.Column("points_id", sa.Uuid(), sa.ForeignKey("account.id")),
        sa.Column("paid", sa.Integer(), server_default="0", nullable=False),
    )
    op.create_index("reservation_code", "reservation", ["code"], unique=True)
    # What has moved is never changed or removed, as the events of the ledger.
    op.execute(
        "CREATE TRIGGER transfer_kept BEFORE UPDATE OR DELETE ON transfer FOR EACH ROW EXECUTE FUNCTION append_only()"
    )
    op.execute(
        "CREATE TRIGGER transfer_kept_whole BEFORE TRUNCATE ON transfer FOR EACH STATEMENT EXECUTE FUNCTION append_only()"
    )


def _index(name: str, table: str, columns: list[str], where: str, *, unique: bool = False) -> None:
    op.create_index(name, table, columns, unique=unique, postgresql_where=sa.text(where))


def downgrade() -> None:
    # A program of the release before knows neither these jobs nor these notices.
    op.execute("DELETE FROM job WHERE kind IN ('transfer', 'award')")
    op.execute("DELETE FROM notice WHERE type = 'points.lapse'")
    op.execute("DELETE FROM setting WHERE noun = 'points'")
    op.execute("DELETE FROM notice WHERE type LIKE 'offer.%' OR type LIKE 'reservation.%'")
    for name in ("reservation", "offer", "transfer", "account", "circle"):
        op.drop_table(name)
