"""API keys of organisations, and what they and offices are told by webhooks."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("person", sa.Column("organisation_id", sa.Uuid(), nullable=True))
    op.create_unique_constraint("person_organisation_id_key", "person", ["organisation_id"])
    op.create_foreign_key(
        "person_organisation_id_fkey", "person", "organisation", ["organisation_id"], ["id"]
    )
    _keys()
    _webhooks()
    _deliveries()
    op.alter_column("notice", "ticket_id", nullable=True)
    op.alter_column("notice", "seq", nullable=True)
    op.add_column("notice", sa.Column("webhook_id", sa.Uuid(), nullable=True))
    op.create_foreign_key("notice_webhook_id_fkey", "notice", "webhook", ["webhook_id"], ["id"])


def _keys() -> None:
    op.create_table(
        "api_key",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("login_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("scopes", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("hint", sa.String(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("last_used_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"]),
        sa.ForeignKeyConstraint(["login_id"], ["login.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("digest"),
        sa.UniqueConstraint("login_id"),
    )
    op.create_index(op.f("ix_api_key_organisation_id"), "api_key", ["organisation_id"], unique=False)
    op.create_table(
        "key_use",
        sa.Column("key_id", sa.Uuid(), nullable=False),
        sa.Column("minute", MOMENT, nullable=False),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key_id"),
        prefixes=["UNLOGGED"],
    )


def _webhooks() -> None:
    op.create_table(
        "webhook",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("place_id", sa.Uuid(), nullable=True),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("events", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("failing_since", MOMENT, nullable=True),
        sa.Column("disabled_at", MOMENT, nullable=True),
        sa.Column("disabled_for", sa.String(), nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"]),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_webhook_organisation_id"), "webhook", ["organisation_id"], unique=False)
    op.create_index(op.f("ix_webhook_place_id"), "webhook", ["place_id"], unique=False)
    op.create_table(
        "webhook_secret",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("webhook_id", sa.Uuid(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("ends_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["webhook_id"], ["webhook.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_webhook_secret_webhook_id"), "webhook_secret", ["webhook_id"], unique=False)


def _deliveries() -> None:
    op.create_table(
        "delivery",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("webhook_id", sa.Uuid(), nullable=False),
        sa.Column("ticket_id", sa.Uuid(), nullable=True),
        sa.Column("seq", sa.Integer(), nullable=True),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("gap", sa.Float(), server_default="0", nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("settled_at", MOMENT, nullable=True),
        sa.Column("delivered", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("error", sa.String(), nullable=True),
        sa.Column("took_ms", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["webhook_id"], ["webhook.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("delivery_once", "delivery", ["webhook_id", "ticket_id", "seq"], unique=True)
    op.create_index(
        "delivery_due",
        "delivery",
        ["webhook_id", "due_at"],
        unique=False,
        postgresql_where=sa.text("settled_at IS NULL"),
    )
    op.create_index("delivery_log", "delivery", ["webhook_id", "id"], unique=False)


def downgrade() -> None:
    op.drop_constraint("notice_webhook_id_fkey", "notice")
    op.execute("DELETE FROM notice WHERE ticket_id IS NULL")
    op.drop_column("notice", "webhook_id")
    op.alter_column("notice", "seq", nullable=False)
    op.alter_column("notice", "ticket_id", nullable=False)
    for table in ("delivery", "webhook_secret", "webhook", "key_use", "api_key"):
        op.drop_table(table)
    op.drop_constraint("person_organisation_id_fkey", "person")
    op.drop_constraint("person_organisation_id_key", "person")
    op.drop_column("person", "organisation_id")
