"""Terminal areas: where the terms put them, how far and how high they reach, and who is surely in one."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest

from agreement.samples import ROOT, sound
from comity.airspace.fix import Fix
from comity.airspace.picture import Picture
from comity.interfaces.cli import main
from comity.interfaces.feeds import csv_lines
from comity.views.sky.agreed import agreed_by
from comity.views.sky.known import Known
from comity.views.sky.minima import FT_M, Minima, minima_of
from comity.views.sky.places import terminal_rows
from comity.views.sky.rooms import airfield_at, known_of
from sky_watch.made import BEGIN_MS, NM_M, airfield, at_place, line

JIG = ROOT / "agreements" / "jig-2016.toml"


def is_in(fix: Fix, known: Known, minima: Minima | None = None, after_s: int = 0) -> bool:
    """Whether a track of that report is surely in a terminal area, so many seconds later."""
    picture = Picture()
    assert picture.take(fix) is None
    air = picture.air(BEGIN_MS + 1000 * after_s)
    return bool(terminal_rows(air, known.airfields, minima or Minima())[0])


def test_the_terms_say_how_far_and_how_high() -> None:
    """Radius and ceiling are numbers of the terms, not of the program."""
    text = JIG.read_bytes().replace(b"terminal_radius_m = 55560", b"terminal_radius_m = 20000")
    minima = minima_of(sound(text.replace(b"terminal_ceiling_ft = 10000", b"terminal_ceiling_ft = 4000")))
    assert (minima.terminal_radius_m, minima.terminal_ceiling_m) == (20_000, 4_000 * FT_M)


def test_a_terminal_area_ends_at_its_radius_and_above_its_elevation() -> None:
    """30 NM around the airfield, and 10,000 ft above it."""
    known = Known(airfields=(airfield(elevation_ft=2_000),))
    assert is_in(at_place("aaaaa1", 0, 29.9 * NM_M, 0, height_ft=11_900), known)
    assert not is_in(at_place("aaaaa1", 0, 30.1 * NM_M, 0, height_ft=11_900), known)
    assert not is_in(at_place("aaaaa1", 0, 0, 0, height_ft=12_100), known)
    assert not is_in(at_place("aaaaa1", 0, 0, 0, height_ft=None), known), "of an unknown height nothing is sure"
    assert not is_in(at_place("aaaaa1", 0, 0, 0, height_ft=100), known, replace(Minima(), terminal_radius_m=0.0))


def test_doubt_leads_out_of_a_terminal_area() -> None:
    """A place that may be outside is not surely inside: the wider minima hold."""
    known = Known(airfields=(airfield(),))
    near = at_place("aaaaa1", 0, 29 * NM_M, 0, height_ft=5_000, speed_mps=80.0)
    assert is_in(near, known)
    assert not is_in(msgspec.structs.replace(near, doubt_m=3_000.0), known)
    assert not is_in(near, known, after_s=100)


@pytest.mark.parametrize(("latitude_deg", "longitude_deg"), [(10.0, 179.99), (89.9, 0.0), (-90.0, 0.0)])
def test_terminal_areas_know_no_edge_of_the_map(latitude_deg: float, longitude_deg: float) -> None:
    """Beyond the antimeridian and over a pole a disc is a disc."""
    known = Known(airfields=(airfield_at("Field", latitude_deg, longitude_deg, 0.0),))
    fix = at_place("aaaaa1", 0, 0, 0, height_ft=3_000)
    across = longitude_deg + (0.2 if abs(latitude_deg) < 89 else 180.0)
    there = (latitude_deg, (across + 180) % 360 - 180)
    assert is_in(msgspec.structs.replace(fix, latitude_deg=there[0], longitude_deg=there[1]), known)
    assert not is_in(fix, known)


def test_the_agreement_names_its_airfields() -> None:
    """What stands in the terms is where the terminal areas are."""
    known = known_of(agreed_by(sound(JIG.read_bytes())))
    assert [each.name for each in known.airfields] == ["Aleppo", "Damascus", "Latakia", "Amman, Queen Alia"]
    over = msgspec.structs.replace(at_place("aaaaa1", 0, 0, 0, height_ft=4_000), latitude_deg=36.2, longitude_deg=37.2)
    assert is_in(over, known)


@pytest.mark.parametrize(
    ("options", "kinds"),
    [([], ["loss"]), (["--agreement", str(JIG)], ["loss"]), (["--airfields", "LSGS"], []),
     (["--agreement", str(JIG), "--airfields", "LSGS"], [])],
)  # fmt: skip
def test_airfields_given_are_added_to_those_of_the_agreement(
    options: list[str], kinds: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Two aircraft 4 NM apart and level are a loss, and none near an airfield that is given."""
    file = tmp_path / "tracks.csv"
    place = {"height_ft": 5_000.0, "east_m": -50_000.0}
    pair = [*line("aaaaa1", **place), *line("aaaaa2", north_m=4 * NM_M, **place)]  # type: ignore[arg-type]
    file.write_text("".join(csv_lines(pair)))
    assert main(["tracks", "check", str(file), "--json", *options]) == 0
    answer: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert [alert["kind"] for alert in answer["alerts"]] == kinds


def test_what_is_agreed_loads_no_arithmetic() -> None:
    """An office without feeds reads the minima of its terms without numpy."""
    probe = "import sys, comity.views.sky.agreed; print([name for name in ('numba', 'numpy') if name in sys.modules])"
    found = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True)
    assert found.stdout == "[]\n", found
