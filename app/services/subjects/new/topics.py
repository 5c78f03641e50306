"""What a topic begins with."""

from typing import Any, Final

from app.enums import SubjectKind
from app.rules.subjects import STAFF
from app.rules.topics import THRESHOLD
from app.services.subjects.new.beginning import Beginning, New


def _columns(new: New) -> dict[str, Any]:
    """Return its columns. Residents see what a resident wrote once the office has released it."""
    about = {name: getattr(new.form, name) for name in ("title", "text", "source_id")}
    return about | {"released": new.part in STAFF, **_ALWAYS}


_ALWAYS: Final = {"threshold": THRESHOLD}

TOPIC: Final = Beginning(
    columns=_columns,
    always=_ALWAYS,
    sources=frozenset({SubjectKind.ACTIVITY, SubjectKind.TOPIC, SubjectKind.OPINION}),
)
