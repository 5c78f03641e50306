"""An optional text without a visible character is as if absent; a required one is refused."""

from typing import Any

import pytest
from pydantic import ValidationError

from app.models.act import DispatchIn, HandBackIn, RejectIn
from app.models.fields import Strict
from app.models.person import MeIn
from tests.texts import BLANKS

ID = "01939f6e-7a5c-7d0e-9d5b-2f6f3c1f2a11"


@pytest.mark.parametrize("blank", BLANKS)
@pytest.mark.parametrize(
    ("model", "body", "name"),
    [
        (DispatchIn, {"version": 1, "organisation_id": ID}, "note"),
        (HandBackIn, {"version": 1, "reason": "no_contract"}, "text"),
        (MeIn, {}, "name"),
    ],
)
def test_a_blank_optional_text_is_absent(
    model: type[Strict], body: dict[str, Any], name: str, blank: str
) -> None:
    assert model.model_validate({**body, name: blank}) == model.model_validate(body)
    assert name not in model.model_validate({**body, name: blank}).model_fields_set


@pytest.mark.parametrize("blank", BLANKS)
def test_a_blank_required_text_is_refused(blank: str) -> None:
    with pytest.raises(ValidationError):
        RejectIn.model_validate({"version": 1, "reason": "not_ours", "text": blank})


def test_a_control_character_alone_is_still_refused() -> None:
    with pytest.raises(ValidationError, match="控制字符"):
        MeIn.model_validate({"name": "\x07"})
