"""A pair that is too near on the ground is said, though on the sphere it is farther apart."""

from __future__ import annotations

import math

import msgspec
import pytest

from comity.airspace.fix import Fix
from sky.test_air import ellipsoid_m
from sky_watch.made import at_place, began, kinds, watch

NEAR_M = 9_245.0  # on the ground; on the sphere 9,290
FAR_M = 9_265.0


def at_the_equator(address: str, latitude_deg: float, seconds: float, height_ft: float | None = 30_000.0) -> Fix:
    """A report of something that hovers there."""
    fix = at_place(address, seconds, 0, 0, height_ft=height_ft, speed_mps=0.0)
    return msgspec.structs.replace(fix, latitude_deg=latitude_deg, longitude_deg=8.0)


def north_of_it_deg(far_m: float) -> float:
    """The latitude that lies so far from the equator on the ground, by halving."""
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        is_near = math.dist(ellipsoid_m(0, 8), ellipsoid_m(middle, 8)) < far_m
        low, high = (middle, high) if is_near else (low, middle)
    return low


@pytest.mark.parametrize(("far_m", "expected"), [(NEAR_M, ["loss"]), (FAR_M, [])])
def test_a_loss_on_the_ground_is_one(far_m: float, expected: list[str]) -> None:
    """9,245 m from south to north at the equator are less than 5 NM, and are said."""
    two = [[at_the_equator(f"aaaaa{n}", n * north_of_it_deg(far_m), 10.0 * k) for k in range(3)] for n in range(2)]
    said = began(watch(*two))
    assert [alert.finding.kind for alert in said] == expected
    assert all(alert.finding.horizontal_m == pytest.approx(far_m, abs=1) for alert in said)


@pytest.mark.parametrize(("far_m", "expected"), [(NEAR_M, ["possible-loss"]), (9_320.0, [])])
def test_so_is_a_possible_loss(far_m: float, expected: list[str]) -> None:
    """The same of one whose height is unknown; there the share of the whole earth is taken, 0.56 percent."""
    two = [
        [at_the_equator(f"aaaaa{n}", n * north_of_it_deg(far_m), 10.0 * k, 30_000.0 if n else None) for k in range(3)]
        for n in range(2)
    ]
    assert kinds(watch(*two)) == expected
