"""Search terms of tickets, in a table of their own: every act rewrites the ticket's row, few change its terms."""

from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.dialects import postgresql
from sqlmodel import Field, SQLModel


class TicketSearchTerms(SQLModel, table=True):
    """Pairs of characters from description (A), place (B) and category (C), and the number (D); see rules.search."""

    __tablename__ = "ticket_words"
    __table_args__ = (Index("ticket_words_found", "words", postgresql_using="gin"),)

    ticket_id: UUID = Field(primary_key=True)
    words: str = Field(sa_type=postgresql.TSVECTOR)
