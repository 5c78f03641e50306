"""Conversion between WGS84, used by GPS, and GCJ-02, used by maps in China: the two differ by some 500 metres.

The formula was never officially published; every library uses this one, which became known in 2010.
"""

import math
from typing import Final

Degrees = tuple[float, float]  # latitude, longitude

# The Krasovsky 1940 ellipsoid.
_SEMI_MAJOR_AXIS: Final = 6378245.0  # metres
_ECCENTRICITY_SQUARED: Final = 0.00669342162296594323
_SOUTH, _NORTH, _WEST, _EAST = 0.8293, 55.8271, 72.004, 137.8347  # degrees; nothing is shifted outside
_TOLERANCE: Final = 1e-10  # degrees; about 0.01 mm
_MAX_ITERATIONS: Final = 30


def is_within(point: Degrees) -> bool:
    """Tell whether a point is in the region where maps are shifted: China and some of its neighbourhood."""
    return _SOUTH <= point[0] <= _NORTH and _WEST <= point[1] <= _EAST


def from_wgs84(point: Degrees) -> Degrees:
    """Return the GCJ-02 coordinates of a WGS84 point."""
    if not is_within(point):
        return point
    lat, lng = point
    north, east = _shift(lng - 105.0, lat - 35.0)
    sine = math.sin(math.radians(lat))
    w_squared = 1 - _ECCENTRICITY_SQUARED * sine * sine
    meridian = _SEMI_MAJOR_AXIS * (1 - _ECCENTRICITY_SQUARED) / (w_squared * math.sqrt(w_squared))
    parallel = _SEMI_MAJOR_AXIS / math.sqrt(w_squared) * math.cos(math.radians(lat))
    return lat + math.degrees(north / meridian), lng + math.degrees(east / parallel)


def to_wgs84(point: Degrees) -> Degrees:
    """Return the WGS84 coordinates of a GCJ-02 point, to the millimetre, by fixed-point iteration."""
    if not is_within(point):
        return point
    lat, lng = point
    for _ in range(_MAX_ITERATIONS):
        converted = from_wgs84((lat, lng))
        error = point[0] - converted[0], point[1] - converted[1]
        lat, lng = lat + error[0], lng + error[1]
        if max(map(abs, error)) < _TOLERANCE:
            break
    return lat, lng


def _shift(x: float, y: float) -> tuple[float, float]:
    """Return the shift in metres (north, east) at `x` degrees east of 105° and `y` degrees north of 35°."""
    common = 20 * math.sin(6 * x * math.pi) + 20 * math.sin(2 * x * math.pi)
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * math.sqrt(abs(x))
    north += (common + _waves(y, (20, 1), (40, 1 / 3), (160, 1 / 12), (320, 1 / 30))) * 2 / 3
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * math.sqrt(abs(x))
    east += (common + _waves(x, (20, 1), (40, 1 / 3), (150, 1 / 12), (300, 1 / 30))) * 2 / 3
    return north, east


def _waves(at: float, *waves: tuple[float, float]) -> float:
    """Return the sum of sine waves, each given by its amplitude and frequency."""
    return sum(amplitude * math.sin(at * frequency * math.pi) for amplitude, frequency in waves)
