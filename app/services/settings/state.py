"""The current settings of one kind at an office, and the rules that apply there with and without them."""

from dataclasses import dataclass
from typing import Any, Final

from app import db
from app.enums import SettingKind
from app.rules.titles import Titles
from app.services import setup
from app.services.settings.scope import Office
from app.services.setup import Catalogue, Rulebook
from app.sql import Statement

# An office's own settings of one kind: items of CategoriesIn, CalendarIn, FramesIn, TitlesIn or WeightsIn as JSON.
Entries = list[dict[str, Any]]

_SELECT: Final = Statement("SELECT version, own FROM setting WHERE place_id = :place_id AND noun = :kind")


@dataclass(frozen=True, slots=True)
class CurrentState:
    """An office's own entries of one kind and their version, with the catalogue that contains them."""

    office: Office
    kind: SettingKind
    version: int
    own: Entries
    catalogue: Catalogue

    @property
    def effective(self) -> Rulebook:
        return self.catalogue.rules(self.office.path)

    @property
    def default(self) -> Rulebook:
        """The rules without this office's own entries of this kind."""
        return self.catalogue_with([]).rules(self.office.path)

    @property
    def instance(self) -> Rulebook:
        """The rules without any office's own entries."""
        return self.catalogue.rules(())

    @property
    def titles(self) -> Titles:
        """What posts are called at the office."""
        return self.catalogue.titles(self.office.path)

    @property
    def default_titles(self) -> Titles:
        """The same without this office's own titles."""
        return self.catalogue_with([]).titles(self.office.path)

    @property
    def nearest(self) -> Entries:
        """The entries of this kind that apply as a whole: the office's own, else those of the nearest above it."""
        own = (self.catalogue.own.get(node, {}).get(self.kind) for node in reversed(self.office.path))
        return list(next((entries for entries in own if entries), []))

    def catalogue_with(self, entries: Entries) -> Catalogue:
        """Return the catalogue with other entries in place of the office's own."""
        return self.catalogue.with_settings(self.office.id, self.kind, entries)


async def read_settings(office: Office, kind: SettingKind) -> CurrentState:
    """Read an office's own settings of one kind."""
    catalogue = await setup.current_catalogue()
    row = await db.execute_one(_SELECT, place_id=office.id, kind=kind)
    version, own = (row["version"], row["own"]) if row else (0, [])
    # They may have changed since the catalogue was read; the state must be consistent in itself.
    return CurrentState(office, kind, version, own, catalogue.with_settings(office.id, kind, own))
