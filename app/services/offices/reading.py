"""What an office has of its own of one noun now, and what counts there with it and without."""

from dataclasses import dataclass
from typing import Any, Final

from app import db
from app.services import catalogue
from app.services.catalogue import Catalogue
from app.services.offices.scope import Office
from app.services.rulebook import Rulebook
from app.words import Noun

_READ: Final = "SELECT version, own FROM setting WHERE place_id = $1 AND noun = $2"


@dataclass(frozen=True, slots=True)
class Standing:
    """One noun of an office: its own entries and their version, over the catalogue they are part of."""

    office: Office
    noun: Noun
    version: int
    own: list[dict[str, Any]]
    known: Catalogue

    @property
    def effective(self) -> Rulebook:
        return self.known.rules(self.office.path)

    @property
    def default(self) -> Rulebook:
        """What counts without this office's own of this noun."""
        return self.saying([]).rules(self.office.path)

    @property
    def instance(self) -> Rulebook:
        return self.known.rules(())

    def saying(self, entries: list[dict[str, Any]]) -> Catalogue:
        """Return the catalogue as it would be with other entries."""
        return self.known.supposing(self.office.id, self.noun, entries)


async def standing(office: Office, noun: Noun) -> Standing:
    """Read what an office has of its own of one noun."""
    known = await catalogue.refresh()
    row = await db.fetchrow(_READ, office.id, noun)
    version, own = (row["version"], row["own"]) if row else (0, [])
    # somebody may just have changed it: what is shown is of one piece
    return Standing(office, noun, version, own, known.supposing(office.id, noun, own))
