"""The tables of every kind of subject."""

from typing import Final

from app.enums import SubjectKind
from app.rules import (
    activities,
    disputes,
    offers,
    opinions,
    projects,
    relationships,
    reservations,
    surveys,
    topics,
)
from app.rules.subjects import Life

LIVES: Final[dict[SubjectKind, Life]] = {
    module.LIFE.kind: module.LIFE
    for module in (
        *(opinions, topics, projects, activities, surveys),
        *(offers, reservations, relationships, disputes),
    )
}
