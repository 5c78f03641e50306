"""WGS84, as GPS and the world's maps have it, and GCJ-02, as maps in China have it: some 500 metres apart.

The formula is nowhere published by who made it; it is the one every library has, from the same source found in 2010.
"""

import math
from typing import Final

Degrees = tuple[float, float]  # latitude, longitude

_AXIS: Final = 6378245.0  # metres, and the squared eccentricity: of the ellipsoid of Krasovsky
_SQUARED: Final = 0.00669342162296594323
_SOUTH, _NORTH, _WEST, _EAST = 0.8293, 55.8271, 72.004, 137.8347  # outside nothing is shifted
_NEAR: Final = 1e-10  # degrees: a hundredth of a millimetre
_STEPS: Final = 30


def is_within(point: Degrees) -> bool:
    """Tell whether a point lies where maps are shifted: China, and some of the lands around it."""
    return _SOUTH <= point[0] <= _NORTH and _WEST <= point[1] <= _EAST


def from_wgs84(point: Degrees) -> Degrees:
    """Return a WGS84 point as GCJ-02 has it."""
    if not is_within(point):
        return point
    lat, lng = point
    north, east = _drift(lng - 105.0, lat - 35.0)
    sine = math.sin(math.radians(lat))
    bent = 1 - _SQUARED * sine * sine
    meridian = _AXIS * (1 - _SQUARED) / (bent * math.sqrt(bent))
    parallel = _AXIS / math.sqrt(bent) * math.cos(math.radians(lat))
    return lat + math.degrees(north / meridian), lng + math.degrees(east / parallel)


def to_wgs84(point: Degrees) -> Degrees:
    """Return a GCJ-02 point as WGS84 has it, to the millimetre: guessed, and the guess corrected by what it misses by."""
    if not is_within(point):
        return point
    lat, lng = point
    for _ in range(_STEPS):
        there = from_wgs84((lat, lng))
        off = point[0] - there[0], point[1] - there[1]
        lat, lng = lat + off[0], lng + off[1]
        if max(map(abs, off)) < _NEAR:
            break
    return lat, lng


def _drift(x: float, y: float) -> tuple[float, float]:
    """Return the shift in metres (north, east) at so many degrees east of 105° and north of 35°."""
    both = 20 * math.sin(6 * x * math.pi) + 20 * math.sin(2 * x * math.pi)
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * math.sqrt(abs(x))
    north += (both + _waves(y, (20, 1), (40, 1 / 3), (160, 1 / 12), (320, 1 / 30))) * 2 / 3
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * math.sqrt(abs(x))
    east += (both + _waves(x, (20, 1), (40, 1 / 3), (150, 1 / 12), (300, 1 / 30))) * 2 / 3
    return north, east


def _waves(at: float, *waves: tuple[float, float]) -> float:
    return sum(height * math.sin(at * often * math.pi) for height, often in waves)
