"""Subscribe messages: what fits into each kind of field, and which templates a deployment may have."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from app.rules import subscribe_messages
from app.rules.subscribe_messages import TemplateError

VALUES: dict[str, str | datetime | None] = {
    "id": "01939f6e",
    "no": "261130-0001",
    "category": "楼道灯不亮",
    "place": "人和家园944号4单元",
    "status": "已办结（待评价）",
    "at": datetime(2026, 11, 30, 1, 5, tzinfo=UTC),
    "due": None,
    "holder": "人和社区第一网格",
    "text": "您上报的“人和家园944号4单元 楼道灯不亮”已办结，请评价",
}
EVENTS = {"ticket.resolved", "ticket.asked", "ticket.accepted"}


def filled(field: str, pattern: str, **values: Any) -> str:
    (template,) = subscribe_messages.parse(
        {"ticket.resolved": {"id": "t1", "fields": {field: pattern}}}, EVENTS
    ).values()
    return subscribe_messages.fill(template, VALUES | values)[field]


@pytest.mark.parametrize(
    ("field", "pattern", "shown"),
    [
        ("thing1", "{place}", "人和家园944号4单元"),
        ("thing1", "{place}{category}", "人和家园944号4单元楼道灯不亮"),
        ("thing2", "{text}", "您上报的“人和家园944号4单元 楼道…"),
        ("thing2", "一二三四五六七八九十一二三四五六七13800001111", "一二三四五六七八九十一二三四五六七…"),
        ("thing3", "{due}", "无"),
        ("phrase1", "{status}", "已办结"),
        ("phrase1", "不予受理请看原因", "不予受理请"),
        ("phrase1", "OK", "无"),
        ("character_string1", "{no}", "261130-0001"),
        ("character_string1", "{place}", "9444"),
        ("time3", "{at}", "2026年11月30日 09:05"),
        ("time3", "{due}", "00:00"),
        ("name1", "{holder}", "人和社区第一网格"),
        ("name1", "人和家园业主委员会物业", "人和家园业主委员会…"),
        ("phone_number1", "023-6788 1111", "023-67881111"),
        ("number1", "{no}", "2611300001"),
    ],
)
def test_a_field_is_fitted_to_its_kind(field: str, pattern: str, shown: str) -> None:
    assert filled(field, pattern) == shown


@pytest.mark.parametrize("length", range(1, 12))
def test_no_number_is_cut_in_two(length: int) -> None:
    text = "灯坏1234号5678"
    shown = subscribe_messages.cut(text, length)
    assert len(shown) <= length
    whole = shown.rstrip("…")
    assert not (whole and whole[-1].isdigit() and text[len(whole) : len(whole) + 1].isdigit())


def test_a_letter_keeps_its_marks() -> None:
    assert subscribe_messages.cut("ab" + "e\u0301" * 3, 4) == "abe\u0301"[:2] + "…"


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ({"ticket.resolvd": {"id": "t", "fields": {"thing1": "x"}}}, "ticket.resolvd: no such event"),
        ({"ticket.resolved": []}, "needs id and fields"),
        ({"ticket.resolved": {"fields": {"thing1": "x"}}}, "id is the template's id"),
        ({"ticket.resolved": {"id": "t"}}, "fields is an object"),
        ({"ticket.resolved": {"id": "t", "fields": {"thing1": "{nobody}"}}}, "knows no {nobody}"),
        ({"ticket.resolved": {"id": "t", "fields": {"thin1": "x"}}}, "thin1 is of no kind"),
        ({"ticket.resolved": {"id": "t", "fields": {"thing": "x"}}}, "thing is of no kind"),
        ({"ticket.resolved": {"id": "t", "fields": {"thing1": 1}}}, "thing1 has to be a text"),
        ({"ticket.resolved": {"id": "t", "fields": {"thing1": "x"}, "page": "/pages/x"}}, "leading slash"),
        ({"ticket.resolved": {"id": "t", "fields": {"thing1": "x"}, "page": "p?{x}"}}, "page knows no {x}"),
        ({"ticket.resolved": {"id": "t", "fields": {"thing1": "x"}, "long_term": "yes"}}, "true or false"),
        ({"ticket.resolved": {"id": "t", "fields": {"thing1": "x"}, "colour": "red"}}, "not colour"),
    ],
    ids=lambda value: value if isinstance(value, str) else json.dumps(value)[:40],
)
def test_a_wrong_template_is_said_in_one_line(entry: dict[str, Any], said: str) -> None:
    with pytest.raises(TemplateError, match=said.replace("{", r"\{")):
        subscribe_messages.parse(entry, EVENTS)


def test_a_moment_asks_for_three_at_most_and_none_twice() -> None:
    setting = {
        "ticket.resolved": {"id": "a", "fields": {"thing1": "x"}},
        "ticket.asked": {"id": "a", "fields": {"thing1": "x"}},
        "ticket.accepted": {"id": "b", "fields": {"thing1": "x"}},
    }
    templates = subscribe_messages.parse(setting, EVENTS)
    assert subscribe_messages.moment("report", templates, ()) == ["ticket.resolved", "ticket.accepted"]
    assert subscribe_messages.moment("report", templates, {"a"}) == ["ticket.accepted"]
    assert subscribe_messages.moment("work", templates, ()) == []
