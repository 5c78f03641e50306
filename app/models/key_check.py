"""Check values of the keys that are kept outside the database."""

from sqlmodel import Field, SQLModel


class KeyCheck(SQLModel, table=True):
    """Tells whether a key is the one this database was written with. Values are salts and scrypt hashes: services.key_checks.

    `former`: of the key before, while what was encrypted with it is still there.
    """

    __tablename__ = "key_check"

    name: str = Field(primary_key=True)
    value: bytes
    former: bytes | None = None
