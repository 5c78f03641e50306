"""Identifiers: UUIDv7, in order of their making."""

from datetime import timedelta

import pytest

from app import clock, ids


@pytest.fixture(autouse=True)
def _present() -> None:
    clock.reset()


def test_they_are_uuids_of_version_7() -> None:
    made = ids.new()
    assert (made.version, made.variant) == (7, "specified in RFC 4122")


def test_many_of_one_millisecond_are_in_order_and_differ() -> None:
    made = [ids.new() for _ in range(2000)]
    assert made == sorted(made)
    assert len(set(made)) == len(made)


def test_a_later_one_is_larger_and_an_earlier_smaller() -> None:
    now = ids.new()
    clock.travel(timedelta(milliseconds=2))
    later = ids.new()
    clock.travel(timedelta(hours=-1))
    earlier = ids.new()
    clock.reset()
    assert earlier < now < later


def test_a_range_of_time_is_a_range_of_ids() -> None:
    at = clock.now()
    made = ids.new()
    assert ids.floor(at - timedelta(milliseconds=1)) < made < ids.floor(at + timedelta(seconds=10))
