"""What makes a report unusable, for any values at all."""

from __future__ import annotations

import math
import struct
import subprocess
import sys

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.airspace.fix import Fix, fix_problem
from feeds.samples import AT_MS

GOOD = Fix(source="n", at_ms=AT_MS, arrived_ms=AT_MS, latitude_deg=45.0, longitude_deg=9.0, address="3003ae")
NUMBERS = [name for name in Fix.__struct_fields__ if name.endswith(("_deg", "_m", "_mps"))]
any_float = st.binary(min_size=8, max_size=8).map(lambda data: float(struct.unpack("<d", data)[0]))


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, 1e300, -1e300])
@pytest.mark.parametrize("name", NUMBERS)
def test_no_number_is_a_problem_in_every_field(name: str, value: float) -> None:
    """NaN, infinities and numbers beyond the world are a problem wherever they stand."""
    assert fix_problem(GOOD) is None
    assert fix_problem(msgspec.structs.replace(GOOD, **{name: value}))


@given(st.fixed_dictionaries({name: any_float for name in NUMBERS}))
def test_what_is_no_problem_is_finite(told: dict[str, float]) -> None:
    """Whatever the bits, a fix without a problem holds finite numbers within their bounds."""
    fix = msgspec.structs.replace(GOOD, **told)
    if fix_problem(fix) is None:
        assert all(math.isfinite(value) for value in told.values())
        assert abs(fix.latitude_deg) <= 90 and abs(fix.longitude_deg) <= 180


@pytest.mark.parametrize(
    "told",
    [
        {"address": ""},
        {"callsign": "a\tb"},
        {"name": "\u2066x"},
        {"code": "7" * 65},
        {"at_ms": -1},
        {"at_ms": 10**15},
        {"pressure_m": 32_827.0},
        {"geometric_m": -1_001.0},
    ],
    ids=str,
)
def test_problem_is_said(told: dict[str, object]) -> None:
    """Each is a problem, in words that can be shown."""
    problem = fix_problem(msgspec.structs.replace(GOOD, **told))
    assert problem and problem.isprintable()


def test_identity_goes_by_what_is_best_known() -> None:
    """An address goes before a callsign, a callsign before a name, and a name belongs to its source."""
    fix = msgspec.structs.replace(GOOD, callsign="N1", name="x")
    assert fix.identity == "3003ae"
    fix = msgspec.structs.replace(fix, address="")
    assert fix.identity == "N1"
    assert msgspec.structs.replace(fix, callsign="").identity == "n/x"


def test_decoders_load_no_compiler() -> None:
    """Whoever reads tracks loads neither numba nor numpy nor a network library."""
    code = "import sys, comity.interfaces.feeds; print({'numba', 'numpy', 'shapely', 'aiohttp'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
