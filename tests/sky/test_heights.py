"""Heights of different datums: exact in their own, banded in the other, by the physics that the module states."""

from __future__ import annotations

import math

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.airspace.fence import INSIDE, UNCERTAIN, fence_around, presence
from comity.airspace.fix import Fix, fix_problem
from comity.airspace.heights import (
    AIR_SHARE,
    GEOID_M,
    GROUND_M,
    NO_CEILING,
    NO_FLOOR,
    PRESSURE_DOUBT_M,
    UNKNOWN,
    edge,
    geometric_m,
    heights,
    pressure_m,
    room,
    room_of,
)
from comity.model.volume import DEG_E7, Altitude, Band, Volume, Window

SQUARE = ((0, 0), (0, DEG_E7), (DEG_E7, DEG_E7), (DEG_E7, 0))
FT_M = 0.3048

metres = st.floats(-400, 30_000)


def in_the_air(pressure: float, sea_hpa: float, warmer_k: float) -> float:
    """The height above the sea at which a pressure altitude is met, by steps of the hydrostatic equation."""

    def standard_k(height: float) -> float:
        return max(216.65, 288.15 - 0.0065 * height)

    start: float = 44_330.8 * ((sea_hpa / 1013.25) ** 0.190263 - 1)  # where the standard setting is, in standard air
    height = start * (1 + warmer_k / 288.15)
    steps = 400
    for n in range(steps):
        at = pressure * (n + 0.5) / steps
        height += pressure / steps * (standard_k(at) + warmer_k) / standard_k(at)
    return height


@given(metres, st.floats(960, 1_055), st.floats(-35, 35))
def test_pressure_vs_geometric(pressure: float, sea_hpa: float, warmer_k: float) -> None:
    """In any air that the module allows for, a pressure altitude is met within the band, and back again."""
    height = in_the_air(pressure, sea_hpa, warmer_k)
    least, most = geometric_m((pressure, pressure))
    assert least <= height <= most
    least, most = pressure_m((height, height))
    assert least <= pressure <= most


def test_figures_of_the_module() -> None:
    """18 hPa are about 500 ft, 20 K at 30,000 ft about 2,300 ft, and the constants cover what they say they cover."""
    assert in_the_air(0, 1013.25 + 18, 0) / FT_M == pytest.approx(490, abs=15)
    assert (in_the_air(30_000 * FT_M, 1013.25, 20) / FT_M - 30_000) == pytest.approx(2_330, abs=30)
    assert -in_the_air(0, 960, 0) == pytest.approx(453, abs=1) and in_the_air(0, 1_055, 0) == pytest.approx(342, abs=1)
    assert PRESSURE_DOUBT_M > 453 * (1 + 35 / 288.15)
    assert (in_the_air(11_000, 1013.25, 35) - 11_000) / 11_000 < 0.14
    assert (in_the_air(30_000, 1013.25, 35) - 30_000) / 30_000 < AIR_SHARE


@given(metres, metres)
def test_bands_widen_and_never_narrow(one: float, other: float) -> None:
    """A wider span has a wider band; the way there and back holds what it began with; higher is no lower."""
    low, high = sorted((one, other))
    for carry, back in ((geometric_m, pressure_m), (pressure_m, geometric_m)):
        wide, narrow = carry((low, high)), carry((low, low))
        assert wide[0] <= narrow[0] <= low <= narrow[1] <= wide[1]
        there = back(narrow)
        assert there[0] <= low <= there[1]
        assert carry((high, high))[0] >= narrow[0] and carry((high, high))[1] >= narrow[1]


def test_datum_name() -> None:
    """Each datum that an altitude may name has its own edge: exact in its own, wide in the other."""
    assert edge(Altitude(100, "fl", "pressure"))[0] == (3_048.0, 3_048.0)
    assert edge(Altitude(10_000, "ft", "amsl"))[1] == (3_048.0, 3_048.0)
    assert edge(Altitude(3_000, "m", "wgs84"))[1] == (3_000.0 - GEOID_M, 3_000.0 + GEOID_M)
    assert edge(Altitude(100, "m", "agl"))[1] == (100.0 + GROUND_M[0], 100.0 + GROUND_M[1])
    for datum, own in (("pressure", 0), ("amsl", 1)):
        spans = edge(Altitude(10_000, "ft", datum))  # type: ignore[arg-type]
        assert spans[1 - own][0] < spans[own][0] < spans[1 - own][1]


def test_unbounded() -> None:
    """A null bound is no bound, in either datum; a null end of a window never comes."""
    whole = room_of(Volume(SQUARE, Band(None, None), Window(5_000, None)))
    assert (whole.floor_m, whole.ceiling_m) == (NO_FLOOR, NO_CEILING)
    assert (whole.from_s, whole.until_s) == (5.0, math.inf)
    assert room(SQUARE, Band(None, None)).from_s == -math.inf


def answer(band: Band, pressure: float | None, geometric: float | None) -> int:
    """Of a track over the middle of an area with that band: INSIDE, UNCERTAIN, or 0 for outside."""
    known = np.array(heights(pressure, geometric))
    place = np.array([[DEG_E7 // 2, DEG_E7 // 2]])
    around = fence_around([room(SQUARE, band)])
    found = presence(around, place, known[None, :, 0], known[None, :, 1], np.zeros(1), np.zeros(1))
    return int(found.answer[0]) if len(found.answer) else 0


@pytest.mark.parametrize(
    ("band", "pressure", "geometric", "expected"),
    [
        (Band(None, Altitude(100, "fl", "pressure")), 3_048.0, None, INSIDE),
        (Band(None, Altitude(100, "fl", "pressure")), 3_048.1, None, 0),
        (Band(Altitude(100, "fl", "pressure"), None), 3_048.0, None, INSIDE),
        (Band(None, Altitude(3_048, "m", "amsl")), 3_048.1, None, UNCERTAIN),
        (Band(None, Altitude(3_048, "m", "amsl")), 9_000.0, None, 0),
        (Band(None, Altitude(3_048, "m", "amsl")), 1_000.0, None, INSIDE),
        (Band(None, Altitude(100, "fl", "pressure")), None, 3_100.0, UNCERTAIN),
        (Band(None, Altitude(100, "fl", "pressure")), None, 9_000.0, 0),
        (Band(None, Altitude(1_000, "m", "agl")), None, 1_200.0, UNCERTAIN),
        (Band(None, Altitude(1_000, "m", "agl")), None, 400.0, INSIDE),
        (Band(None, Altitude(1_000, "m", "agl")), None, 9_990.0, 0),
        (Band(Altitude(1_000, "m", "agl"), None), None, 9_990.0, INSIDE),
        (Band(Altitude(1_000, "m", "agl"), None), None, 400.0, 0),
        (Band(None, None), None, None, INSIDE),
        (Band(None, Altitude(100, "fl", "pressure")), None, None, UNCERTAIN),
    ],
)
def test_typed_altitudes_at_the_fence(
    band: Band, pressure: float | None, geometric: float | None, expected: int
) -> None:
    """Pressure with pressure is exact, across datums the band decides, above ground is uncertain unless it is sure."""
    assert answer(band, pressure, geometric) == expected


@pytest.mark.parametrize("name", [each for each in Fix.__struct_fields__ if each.endswith(("_m", "_mps", "_deg"))])
@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_nan(name: str, value: float) -> None:
    """A report with a NaN or an infinity anywhere is refused at the door, before any arithmetic."""
    good = Fix(source="s", at_ms=1, arrived_ms=1, latitude_deg=1.0, longitude_deg=2.0, address="abcdef")
    assert fix_problem(good) is None
    assert fix_problem(msgspec.structs.replace(good, **{name: value}))


def test_unknown_altitude_is_all_altitudes() -> None:
    """Of a track that tells no height nothing is known in either datum."""
    assert heights(None, None) == (UNKNOWN, UNKNOWN)
    told = heights(9_000.0, None, 15.0)
    assert told[0] == (8_985.0, 9_015.0) and told[1] == geometric_m(told[0])
    assert heights(None, 100.0)[1] == (100.0 - GEOID_M, 100.0 + GEOID_M)
    assert heights(9_000.0, 9_100.0)[0] == (9_000.0, 9_000.0)
