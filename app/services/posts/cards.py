"""What a post is called, what it can be asked about, and what residents may see of it: changed field by field."""

from typing import Any, Final
from uuid import UUID

from app import clock, db, words
from app.enums import Role
from app.errors import Forbidden, Invalid
from app.labels import ROLE
from app.models.post import CardIn, PostOut
from app.rules import phones
from app.rules.access import Actor
from app.services import audit, setup
from app.services.posts import permissions, posts
from app.sql import Statement

_MOBILE: Final = "岗位的公开电话只能填座机或热线；本人手机号要不要公开，由本人决定"
_ONLY_THE_HOLDER: Final = {
    "shows_name": "要不要公开姓名，由本人决定",
    "shows_own_phone": "要不要公开手机号，由本人决定",
}


def public_number(text: str) -> str:
    """Return a number for the public as it is shown. Raises ValueError, with a sentence, for one that may be a person's."""
    number = phones.normalise(text)
    if number.e164:
        raise ValueError(_MOBILE)
    return number.display


async def change_card(actor: Actor, post_id: UUID, form: CardIn) -> PostOut:
    """Change the fields that are set in `form`.

    Raises NotFound and Forbidden as `require_may_change_post`; Forbidden for a title by somebody who may not assign the
    post, and for anything of a holder's own that somebody else would show; Invalid for a title that is not offered there
    and for a number that may be a person's.
    """
    post, site = await posts.load_visible_post(actor, post_id)
    changes = form.model_dump(exclude_unset=True)
    if not changes:
        return await posts.read_post(post_id)
    if "title" in changes or post.person_id != actor.person_id:
        permissions.require_may_appoint(actor, Role(post.role), site.paths)
    for name, sentence in _ONLY_THE_HOLDER.items():
        if changes.get(name) and not getattr(post, name) and post.person_id != actor.person_id:
            raise Forbidden(sentence)
    await _check_title(post, changes.get("title"))
    if changes.get("phone"):
        changes["phone"] = _number(changes["phone"])
    values = {name: changes.get(name) for name in CardIn.model_fields}
    await db.execute(
        _CHANGE,
        **values,
        changed=list(changes),
        post_id=post_id,
        actor_id=actor.person_id,
        now=clock.now(),
        **audit.entry_values(),
    )
    return await posts.read_post(post_id)


async def _check_title(post: posts.PostRow, title: str | None) -> None:
    if title is None:
        return
    catalogue = await setup.current_catalogue()
    if catalogue.role_name(post.named._replace(title=title)) != title:
        offered = catalogue.titles(post.path or ()).get((post.named.role, post.named.level), ())  # type: ignore[arg-type]  # no level: no title
        listed = words.join(offered, "、")
        raise Invalid.at(
            "/title",
            f"这里的{ROLE[post.named.role]}可以叫：{listed}"
            if listed
            else "这里还没有设置岗位名称，请先在设置里加上",
        )


def _number(text: str) -> str:
    try:
        return public_number(text)
    except ValueError as error:
        raise Invalid.at("/phone", str(error)) from None


def _column(name: str, value: str) -> str:
    return f"{name} = CASE WHEN '{name}' = ANY(:changed::text[]) THEN {value} ELSE {name} END"


_VALUES: Final[dict[str, Any]] = {
    "title": ":title::text",
    "skills": "coalesce(:skills::text[], '{}')",
    "phone": ":phone::text",
    "hours": ":hours::text",
    "shows_name": ":shows_name::bool",
    "shows_own_phone": ":shows_own_phone::bool",
}
_CHANGE: Final = Statement(f"""
WITH update_post AS (
    UPDATE post SET {", ".join(_column(name, value) for name, value in _VALUES.items())}
    WHERE id = :post_id AND ended_at IS NULL RETURNING id
), bump_version AS (
    {setup.bump_version("FROM update_post")}
)
{audit.insert_entry("post_card_changed", subject="id", source="update_post", data="jsonb_build_object('fields', :changed::text[])")}
""")
