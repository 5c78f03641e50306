"""What a project begins with."""

from typing import Any, Final

from app.enums import SubjectKind
from app.errors import Invalid
from app.services.subjects.new.beginning import Beginning, New


def _columns(new: New) -> dict[str, Any]:
    if new.form.due_at <= new.now:
        raise Invalid.at("/due_at", "完成日期要晚于现在")
    names = ("title", "text", "source_id", "due_at")
    return {name: getattr(new.form, name) for name in names} | {"released": True}


PROJECT: Final = Beginning(
    columns=_columns,
    sources=frozenset({SubjectKind.TOPIC, SubjectKind.OPINION, SubjectKind.ACTIVITY}),
)
