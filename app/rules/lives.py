"""The tables of every kind of subject."""

from typing import Final

from app.enums import SubjectKind
from app.rules import activities, disputes, opinions, projects, relationships, surveys, topics
from app.rules.subjects import Life

LIVES: Final[dict[SubjectKind, Life]] = {
    module.LIFE.kind: module.LIFE
    for module in (opinions, topics, projects, activities, surveys, relationships, disputes)
}
