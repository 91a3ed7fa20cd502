"""`comity tracks pairs`: another program's 18,000 answers, and rows that nobody can answer."""

from __future__ import annotations

import argparse
import csv
import gzip
import json
from pathlib import Path

import pytest

from comity.airspace.fix import Rejected
from comity.interfaces.cli import tracks_pairs
from comity.interfaces.cli.tracks_pairs import COLUMNS, Answer, pairs_of_file
from comity.model.errors import Malformed, Misuse
from tlog.shared_data import shared_folder

MARGIN_S = 0.05
NEAR = (*("0", "0", "10000", "90", "300", "0"), *("0", "0.05", "10000", "90", "300", "0"))  # 3 NM apart, side by side
PLACES = {name: number for number, name in enumerate(COLUMNS)}


def row(encounter: str = "1", **values: str) -> str:
    """A row of a pair that has lost separation, with some values written otherwise."""
    cells = [encounter, *NEAR]
    for name, value in values.items():
        cells[PLACES[name]] = value
    return ",".join(cells)


def answers(tmp_path: Path, *rows: str) -> list[Answer | Rejected]:
    """What is said of rows under the right header."""
    path = tmp_path / "pairs.csv"
    path.write_text("\n".join((",".join(COLUMNS), *rows)) + "\n")
    return pairs_of_file(path)


@pytest.mark.parametrize("name", ["pairs_lat35", "pairs_lat80"])
def test_answers_of_daidalus(name: str) -> None:
    """Each of 9,000 pairs is a conflict just where DAIDALUS says so, and begins within 0.05 s of when it says."""
    path = shared_folder("daidalus") / f"{name}.csv.gz"
    with gzip.open(path, "rt") as file:
        theirs = [float(each["time_in_s"]) if each["time_in_s"] else None for each in csv.DictReader(file)]
    ours = [each.time_in_s for each in pairs_of_file(path) if isinstance(each, Answer)]
    assert [each is None for each in ours] == [each is None for each in theirs]
    gaps = [abs(a - b) for a, b in zip(ours, theirs, strict=True) if a is not None and b is not None]
    assert len(gaps) > 300 and max(gaps) < MARGIN_S


@pytest.mark.parametrize(
    ("values", "time_in_s"),
    [
        ({"alt_ft": "11000"}, None),
        ({"alt_ft": "10999"}, 0.0),
        ({"alt_ft": "9000", "vs_fpm": "600"}, 0.0),
        ({"alt_ft": "8900", "vs_fpm": "600"}, 10.0),
        ({"lon_deg": "0.08333333333333333"}, None),
        ({"lon_deg": "0.083333333"}, 0.0),
        ({"lon_deg": "0.083333334"}, None),
    ],
)
def test_exact_boundary(tmp_path: Path, values: dict[str, str], time_in_s: float | None) -> None:
    """Exactly 1,000 ft or 5 NM apart is apart, and who then closes has lost separation at once."""
    (found,) = answers(tmp_path, row(**values))
    assert isinstance(found, Answer)
    assert found.time_in_s == (None if time_in_s is None else pytest.approx(time_in_s, abs=1e-5))


def test_unknown_height_meets_all(tmp_path: Path) -> None:
    """A height that is not told keeps nobody apart."""
    found = answers(tmp_path, row(alt_ft="30000"), row(alt_ft=""), row(own_alt_ft=""))
    assert [isinstance(each, Answer) and each.time_in_s for each in found] == [None, 0.0, 0.0]
    assert [isinstance(each, Answer) and each.is_uncertain for each in found] == [False, True, True]
    (far,) = answers(tmp_path, row(alt_ft="", lat_deg="5"))
    assert far == Answer(2, "1", None, False)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (row(lat_deg="nan"), "the lat_deg is no number: 'nan'"),
        (row(own_gs_kt="inf"), "the own_gs_kt is no number: 'inf'"),
        (row(lat_deg="90.1"), "the lat_deg is '90.1', not between -90 and 90"),
        (row(lon_deg="181"), "the lon_deg is '181', not between -180 and 180"),
        (row(alt_ft="1000000"), "the alt_ft is '1000000', not between -3281 and 98425"),
        (row(gs_kt="-1"), "the gs_kt is '-1', not between 0 and 2916"),
        (row(gs_kt=""), "no gs_kt"),
        (row(trk_deg="north"), "the trk_deg is no number: 'north'"),
        (row(encounter=""), "no encounter of 1 to 64 characters"),
        (row(encounter="e" * 65), "no encounter of 1 to 64 characters"),
        ("1,2", "no own_lon_deg"),
        (row(encounter='"'), "unexpected end of data"),
        ("x" * 5_000, "a line of more than 4096 bytes"),
    ],
)
def test_malformed_rows_are_named_and_nothing_is_lost(tmp_path: Path, line: str, reason: str) -> None:
    """A malformed row is one rejection with its line and why; the rows around it are answered."""
    found = answers(tmp_path, row("before"), line, row("after"))
    assert found == [Answer(2, "before", 0.0, False), Rejected(3, reason), Answer(4, "after", 0.0, False)]


def test_broken_gzip(tmp_path: Path) -> None:
    """Of a gzipped file that breaks off what can be read is answered, and the rest is a rejection."""
    path = tmp_path / "pairs.csv.gz"
    whole = gzip.compress("\n".join((",".join(COLUMNS), *(row(str(n)) for n in range(2_000)))).encode(), 1)
    path.write_bytes(whole[: len(whole) // 2])
    found = pairs_of_file(path)
    assert sum(isinstance(each, Answer) for each in found) > 100
    broken = found[-1]
    assert isinstance(broken, Rejected) and "broken" in broken.reason and "not said of the whole file" in broken.reason
    assert broken.line > 100


def test_wrong_files(tmp_path: Path) -> None:
    """A file that is not there, and one without the columns, get one sentence each."""
    with pytest.raises(Misuse, match="cannot be read"):
        pairs_of_file(tmp_path / "none")
    path = tmp_path / "other.csv"
    path.write_text("encounter,own_lat_deg\n1,2\n")
    with pytest.raises(Malformed, match="no column own_lon_deg, "):
        pairs_of_file(path)
    path.write_text("")
    assert pairs_of_file(path) == []


def test_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """For programs one document with pairs, rejects and counts; for people the losses, the rejections and a count."""
    answers(tmp_path, row("a"), row("b", alt_ft="20000"), row("c", gs_kt="x"), row("d", alt_ft=""))
    arguments = argparse.Namespace(file=str(tmp_path / "pairs.csv"), json=True)
    assert tracks_pairs.run(arguments) == 0
    assert json.loads(capsys.readouterr().out) == {
        "pairs": [
            {"line": 2, "encounter": "a", "conflict": True, "time_in_s": 0.0, "uncertain": False},
            {"line": 3, "encounter": "b", "conflict": False, "time_in_s": None, "uncertain": False},
            {"line": 5, "encounter": "d", "conflict": True, "time_in_s": 0.0, "uncertain": True},
        ],
        "rejects": [{"line": 4, "reason": "the gs_kt is no number: 'x'"}],
        "counts": {"pairs": 3, "conflicts": 2, "uncertain": 1, "rejects": 1},
    }
    arguments.json = False
    assert tracks_pairs.run(arguments) == 0
    assert capsys.readouterr().out.splitlines() == [
        "line 2, encounter a: separation is lost in 0.0 s",
        "line 5, encounter d: separation may be lost, a height is not told, in 0.0 s",
        "rejected, line 4: the gs_kt is no number: 'x'",
        "2 of 3 pairs lose separation if both fly on (1 of them uncertain: a height is not told); 1 rejected",
    ]


def test_nothing_is_said_of_an_empty_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A file without a row is no file of pairs that all keep apart."""
    answers(tmp_path)
    assert tracks_pairs.run(argparse.Namespace(file=str(tmp_path / "pairs.csv"), json=False)) == 0
    assert capsys.readouterr().out == "the file holds no pair: nothing is known of any\n"


def test_other_minima(tmp_path: Path) -> None:
    """Minima and look-ahead are what is asked for."""
    path = tmp_path / "pairs.csv"
    path.write_text("\n".join((",".join(COLUMNS), row(), row(trk_deg="270", lon_deg="0.4"))))
    assert [isinstance(each, Answer) and each.is_conflict for each in pairs_of_file(path)] == [True, True]
    assert [isinstance(each, Answer) and each.is_conflict for each in pairs_of_file(path, 2.0)] == [False, True]
    far = pairs_of_file(path, ahead_s=60.0)
    assert [isinstance(each, Answer) and each.is_conflict for each in far] == [True, False]
