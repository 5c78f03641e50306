"""The kinds of sheets an office hands in, told apart by their columns."""

from typing import Final, NamedTuple


class SheetKind(NamedTuple):
    """A kind of sheet: its required and optional columns."""

    zh: str
    required: tuple[str, ...]
    optional: tuple[str, ...] = ()


KINDS: Final = {
    "places": SheetKind("地址", ("code", "parent", "level", "name"), ("lat", "lng", "sort", "phone", "area")),
    "grids": SheetKind("网格", ("code", "community", "name", "covers"), ("phone",)),
    "organisations": SheetKind("单位", ("code", "name", "kind", "skills", "places")),
    "categories": SheetKind(
        "类别",
        (
            *(
                "code",
                "zh",
                "en",
                "level",
                "skill",
                "accept_minutes",
                "acknowledge_minutes",
                "resolve_minutes",
            ),
            *(
                "clock_accept",
                "clock_acknowledge",
                "clock_resolve",
                "photo_on_resolve",
                "verify_claim",
                "public",
            ),
        ),
        ("emergency_phone", "source"),
    ),
    "calendar": SheetKind("日历", ("date", "kind", "name", "source")),
    "posts": SheetKind(
        "岗位", ("role", "unit", "phone"), ("name", "title", "skills", "public_phone", "hours", "post")
    ),
}
COLUMNS: Final = frozenset(column for kind in KINDS.values() for column in (*kind.required, *kind.optional))
