"""Files: told by how they begin, plain or gzipped, in order of time whatever their own, bounded whatever they hold."""

from __future__ import annotations

import gzip
import json
import random
import sys
import tracemalloc
from pathlib import Path

import pytest

from comity.airspace.fix import Fix, Rejected, fix_problem
from comity.interfaces.feeds import csv_lines, read_file, read_in_order
from comity.interfaces.feeds.sorting import in_order
from comity.model.errors import Malformed, Misuse
from feeds.samples import (
    AT_MS,
    CSV_HEADER,
    CSV_ROW,
    PLACE_LINE,
    aircraft,
    collection,
    event,
    feature,
    fixes,
    kept,
    rejected,
    row,
    snapshot,
)
from tlog.shared_data import shared_folder

SAMPLES: dict[str, str | bytes] = {
    "csv": CSV_HEADER + CSV_ROW,
    "json": json.dumps([row()]),
    "lines of json": json.dumps(row()) + "\n",
    "geojson": collection(feature()),
    "lines of geojson": json.dumps(feature()) + "\n",
    "aircraft.json": snapshot(aircraft()),
    "sbs": PLACE_LINE,
    "cot": event(),
}
TOLD = {
    "aircraft_carrier.json.gz": (7_335, 1_689),
    "elal747.json.gz": (2_110, 0),
    "inflight_refuelling.json.gz": (10_395, 2),
    "rega_sg.json.gz": (1_080, 0),
    "rega_zh.json.gz": (339, 0),
    "samu31.json.gz": (378, 0),
    "switzerland_before_1500.csv.gz": (90_254, 0),
    "turkish_flag.json.gz": (917, 0),
}


def fix_at(at_ms: int, address: str = "3003ae") -> Fix:
    """A fix at that time."""
    return Fix(source="n", at_ms=at_ms, arrived_ms=at_ms, latitude_deg=1, longitude_deg=2, address=address)


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("form", SAMPLES)
def test_form_is_told_by_how_a_file_begins(tmp_path: Path, form: str, packed: bool) -> None:
    """Every form is known without its name, gzipped or not."""
    (fix,) = read_file(kept(tmp_path, SAMPLES[form], packed=packed), "north")
    assert isinstance(fix, Fix) and (fix.address, fix.latitude_deg, fix.source) == ("3003ae", 45.5, "north")


@pytest.mark.parametrize("name", TOLD)
def test_real_files_are_read(name: str) -> None:
    """Of each real flight so many fixes and so many rejections come, every fix sound, all in order."""
    reports = list(read_in_order(shared_folder("tracks") / name, "north"))
    assert (len(fixes(reports)), len(rejected(reports))) == TOLD[name]
    assert not [fix for fix in fixes(reports) if fix_problem(fix)]
    times = [fix.at_ms for fix in fixes(reports)]
    assert times == sorted(times)


def test_garbled_altitude_is_rejected_with_its_reason() -> None:
    """107,700 ft, which the military flight tells once, is beyond what flies."""
    path = shared_folder("tracks") / "inflight_refuelling.json.gz"
    reasons = [each.reason for each in rejected(read_file(path, "north"))]
    assert reasons == [
        "the report tells no place",
        "a pressure altitude of 32827 m; aircraft fly between -1000 and 30000 m",
    ]


def test_ambulance_tells_both_heights_and_old_places() -> None:
    """The ambulance's places are older than its reports at times, and that is a doubt."""
    flight = fixes(read_file(shared_folder("tracks") / "samu31.json.gz", "north"))
    assert {fix.code for fix in flight} == {"7014"} and all(fix.geometric_m is not None for fix in flight)
    assert max(fix.doubt_m for fix in flight) > 500 and min(fix.doubt_m for fix in flight) < 1


def test_raw_frames_are_not_taken_for_tracks() -> None:
    """The file of Mode S frames has times in seconds with a fraction: every line is refused, none is misread."""
    reports = list(read_file(shared_folder("tracks") / "mode_s_flight_first_20min.jsonl.gz", "north"))
    assert len(rejected(reports)) == len(reports) == 6_209
    assert "whole number of milliseconds" in rejected(reports)[0].reason


def test_missing_file_is_misuse(tmp_path: Path) -> None:
    """A file that is not there, or is a folder, is the asker's fault."""
    for path in (tmp_path / "none", tmp_path):
        with pytest.raises(Misuse, match="cannot be read"):
            list(read_file(path, "north"))


def test_empty_file_holds_nothing(tmp_path: Path) -> None:
    """No bytes are no reports and no error."""
    assert list(read_file(kept(tmp_path, b""), "north")) == []


@pytest.mark.parametrize("cut", [2_000, 30_000])
def test_broken_gzip_gives_what_it_holds(tmp_path: Path, cut: int) -> None:
    """A gzipped file cut short, or spoilt, gives its whole lines and then one rejection that says so."""
    lines = [f"{AT_MS + number},3003ae,n,{45 + random.Random(number).random()},9,1,1,1,1\n" for number in range(5_000)]
    whole = gzip.compress((CSV_HEADER + "".join(lines)).encode())
    reports = list(read_file(kept(tmp_path, whole[:cut]), "north"))
    assert isinstance(reports[-1], Rejected) and "gzipped file is broken" in reports[-1].reason
    assert len(fixes(reports)) > (10 if cut == 2_000 else 1_000) and len(rejected(reports)) <= 2
    spoilt = whole[:cut] + b"\xff" * 64 + whole[cut + 64 :]
    assert "broken" in rejected(read_file(kept(tmp_path, spoilt), "north"))[-1].reason


def test_gzip_bomb_is_refused_in_bounded_memory(tmp_path: Path) -> None:
    """What unpacks to a thousand times its size is given up soon, and never held."""
    path = tmp_path / "bomb"
    with gzip.open(path, "wb") as file:
        file.write(CSV_HEADER.encode())
        for _ in range(100):
            file.write(bytes(2**20))
    tracemalloc.start()
    try:
        reports = list(read_file(path, "north"))
        assert tracemalloc.get_traced_memory()[1] < 8 * 2**20
    finally:
        tracemalloc.stop()
    assert fixes(reports) == [] and "200 times its size" in rejected(reports)[-1].reason


def test_header_without_needed_column_is_malformed(tmp_path: Path) -> None:
    """A file of another kind is refused whole, by what it lacks."""
    with pytest.raises(Malformed, match="no column timestamp or time"):
        list(read_file(kept(tmp_path, "a,b,c\n1,2,3\n"), "north"))


@pytest.mark.parametrize("run_fixes", [1, 7, 100, 5_000])
def test_order_is_that_of_a_plain_sort(run_fixes: int) -> None:
    """However small the runs, the merged order is that of a stable sort, and nothing is lost."""
    chance = random.Random(3)
    given = [fix_at(chance.randrange(500), f"{number:06x}") for number in range(1_000)]
    assert list(in_order(given, run_fixes)) == sorted(given, key=lambda fix: fix.at_ms)


def test_rejections_pass_the_sorting() -> None:
    """Rejections come as they are met."""
    bad = Rejected(2, "no")
    assert list(in_order([fix_at(9), bad, fix_at(3)], 1)) == [bad, fix_at(3), fix_at(9)]


def test_large_file_is_read_in_bounded_memory(tmp_path: Path) -> None:
    """A file of many more fixes than a run is read in order and never held whole."""
    path = tmp_path / "tracks.csv"
    with path.open("w") as file:
        file.writelines(csv_lines(fix_at(number * 7_919 % 20_000) for number in range(20_000)))
    tracemalloc.start()
    try:
        count = sum(1 for _ in in_order(read_file(path, "n"), 1_000))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert count == 20_000 and peak < 20_000 * sys.getsizeof(fix_at(0))
