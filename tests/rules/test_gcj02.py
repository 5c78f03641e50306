"""WGS84 and GCJ-02 are one another's, to the centimetre, in China; nothing is shifted elsewhere."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules import gcj02
from app.rules.gcj02 import Degrees

CHINA = st.tuples(st.floats(18.0, 53.6), st.floats(73.5, 135.1))


def metres(one: Degrees, other: Degrees) -> float:
    north = math.radians(one[0] - other[0])
    east = math.radians(one[1] - other[1]) * math.cos(math.radians(one[0]))
    return 6_371_000 * math.hypot(north, east)


@pytest.mark.parametrize(
    ("wgs84", "there"),
    [  # the points other libraries of the formula are tested with
        ((31.1774276, 121.5272106), (31.17530398364597, 121.531541859215)),  # Shanghai
        ((22.543847, 113.912316), (22.540796131694766, 113.9171764808363)),  # Shenzhen
        ((39.911954, 116.377817), (39.91334545536069, 116.38404722455657)),  # Beijing
    ],
)
def test_the_shift_is_the_one_maps_in_china_have(wgs84: Degrees, there: Degrees) -> None:
    assert metres(gcj02.from_wgs84(wgs84), there) < 0.01
    assert metres(gcj02.to_wgs84(there), wgs84) < 0.01


@given(CHINA)
def test_there_and_back_is_where_one_was(point: Degrees) -> None:
    assert metres(gcj02.to_wgs84(gcj02.from_wgs84(point)), point) < 0.01
    assert metres(gcj02.from_wgs84(gcj02.to_wgs84(point)), point) < 0.01


@given(CHINA)
def test_in_china_everything_is_shifted_by_some_hundred_metres(point: Degrees) -> None:
    assert 10 < metres(gcj02.from_wgs84(point), point) < 1500


@pytest.mark.parametrize("point", [(51.5, -0.12), (0.0, 0.0), (-33.9, 151.2), (35.68, 139.69), (90.0, 180.0)])
def test_elsewhere_nothing_is_shifted(point: Degrees) -> None:
    assert gcj02.from_wgs84(point) == point == gcj02.to_wgs84(point)
