"""The watch over real tracks: quiet on a day without a loss, loud for what is put into it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from comity.airspace.fix import Fix
from comity.interfaces.cli import main
from comity.interfaces.feeds.files import read_in_order
from comity.views.sky.minima import Minima
from sky_watch.encounters import VARIANTS, Variant, encounters, injected
from sky_watch.measure import flight_hours, predicted_pairs, watched
from tlog.shared_data import shared_folder

DAY = "switzerland_before_1500.csv.gz"
SEED = 7
LEAST_SHARES = {"crossing": 0.8, "head-on": 0.8, "overtaking": 0.75, "climbing": 0.45, "slow convergence": 0.8}
"""Of the warning that straight lines from true places give, by kind; measured 0.82 to 1.07, climbing 0.50 to 0.58."""
ENDING: tuple[Variant, ...] = ("lost altitude", "silent")
LEAST_WITHOUT_HEIGHTS = 0.2  # measured 0.25 and 0.28


@pytest.fixture(scope="module")
def day() -> list[Fix]:
    """A real day of traffic, without a loss of separation."""
    return [each for each in read_in_order(shared_folder("tracks") / DAY, DAY) if isinstance(each, Fix)]


@pytest.fixture(scope="module")
def morning(day: list[Fix]) -> list[Fix]:
    """Three hours of it."""
    return [fix for fix in day if fix.at_ms < day[0].at_ms + 3 * 3_600_000]


def check(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    """What `comity tracks check --json` answers."""
    assert main(["tracks", "check", *words, "--json"]) == 0
    answer: dict[str, Any] = json.loads(capsys.readouterr().out)
    return answer


def kinds_of(answer: dict[str, Any]) -> list[str]:
    """The kinds of its alerts."""
    return [alert["kind"] for alert in answer["alerts"]]


def test_a_real_day_has_no_loss(capsys: pytest.CaptureFixture[str]) -> None:
    """Ten hours over the Alps: no loss, and few words about what is in doubt."""
    answer = check(capsys, str(shared_folder("tracks") / DAY))
    assert answer["counts"]["fixes"] == 90_254
    assert answer["counts"]["rejects"] == 0
    found = kinds_of(answer)
    assert found.count("loss") == 0
    silent = [alert for alert in answer["alerts"] if alert.get("thing") == "silence"]
    assert len(silent) <= 110
    assert found.count("possible-loss") - len(silent) <= 20
    assert len(found) - len(silent) <= 60
    assert answer["said"].startswith("no conflict seen, ")
    assert " in the whole file, among 598 aircraft from 2018-08-01T05:00:00Z to " in answer["said"]
    assert f"{found.count('possible-loss')} possible, {found.count('predicted-loss')} predicted " in answer["said"]


def test_few_losses_are_predicted_in_vain(day: list[Fix]) -> None:
    """Under a tenth an hour at two minutes ahead; a plain straight line says six times as many."""
    ours, plain = predicted_pairs(day, Minima())
    hours = flight_hours(day)
    assert 100 * ours / hours < 12
    assert plain > 6 * ours


@pytest.mark.parametrize("variant", VARIANTS)
def test_every_encounter_is_found(morning: list[Fix], variant: Variant) -> None:
    """Whoever truly comes within the minima is said at the latest at the first report inside them."""
    made = list(encounters(morning, 60, variant, SEED))
    found = watched(injected(morning, made), made, Minima())
    assert len(found) == 60
    late = [(each.encounter.kind, each.encounter.identity) for each in found if each.late_s is None or each.late_s > 0]
    assert not late
    if variant in ("plain", "noise"):
        assert all(each.loss_late_s is not None and each.loss_late_s <= 0 for each in found)
    for kind, least in LEAST_SHARES.items():
        some = [each for each in found if each.encounter.kind == kind]
        share = sum(each.warning_s() for each in some) / sum(each.best_s(120.0) for each in some)
        assert share > (LEAST_WITHOUT_HEIGHTS if kind == "climbing" and variant in ENDING else least), kind


@pytest.mark.parametrize("name", ["rega_sg", "rega_zh", "samu31"])
def test_an_ambulance_conforms_to_a_corridor_around_it(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """An exempt flight in its corridor is quiet; with a corridor 10 km off it deviates at the first report."""
    file = shared_folder("tracks") / f"{name}.json.gz"
    fixes = [each for each in read_in_order(file, name) if isinstance(each, Fix)]
    for off_deg, expected in ((0.0, []), (0.12, ["deviation"])):
        drawn = tmp_path / "declared.json"
        drawn.write_text(json.dumps(declared(fixes, off_deg)))
        answer = check(capsys, str(file), "--declared", str(drawn))
        assert kinds_of(answer) == expected
        for alert in answer["alerts"]:
            assert alert["at_ms"] == fixes[0].at_ms
            assert alert["horizontal_m"] > 9_000


def declared(fixes: list[Fix], off_deg: float) -> dict[str, Any]:
    """A box around the flight with a kilometre to spare, shifted north by its height and so much more."""
    lats, lons = [fix.latitude_deg for fix in fixes], [fix.longitude_deg for fix in fixes]
    margin = 0.01
    up = (max(lats) - min(lats) + 2 * margin + off_deg) if off_deg else 0.0
    south, north = min(lats) - margin + up, max(lats) + margin + up
    west, east = min(lons) - margin, max(lons) + margin
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    properties = {"flight": "AMB-1", "address": fixes[0].address, "exempt": True}
    feature = {"type": "Feature", "properties": properties, "geometry": {"type": "Polygon", "coordinates": [ring]}}
    return {"type": "FeatureCollection", "features": [feature]}


def test_a_garbage_altitude_is_rejected_with_its_reason(capsys: pytest.CaptureFixture[str]) -> None:
    """The tanker's height of 107,700 ft is no height of an aircraft; it names its record."""
    answer = check(capsys, str(shared_folder("tracks") / "inflight_refuelling.json.gz"))
    reasons = {each["line"]: each["reason"] for each in answer["rejects"]}
    assert reasons[5901] == "a pressure altitude of 32827 m; aircraft fly between -1000 and 30000 m"
    assert set(kinds_of(answer)) == {"implausible"}


@pytest.mark.parametrize("name", ["aircraft_carrier", "elal747", "turkish_flag"])
def test_a_flight_alone_is_in_no_conflict(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Real single flights, strange as they fly, are in conflict with nobody and no identity of two."""
    found = set(kinds_of(check(capsys, str(shared_folder("tracks") / f"{name}.json.gz"))))
    assert found <= {"implausible"}


def wrong_options(folder: Path) -> Iterator[tuple[list[str], str]]:
    """Options that cannot be read, and what is said of each."""
    (folder / "text").write_text("no map")
    (folder / "bow").write_text(
        json.dumps(
            {
                "type": "Feature",
                "properties": {"name": "bow", "flight": "M-1", "callsign": "N1"},
                "geometry": {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]},
            }
        )
    )
    for option in ("--areas", "--declared"):
        yield [option, str(folder / "none")], "there is no file"
        yield [option, str(folder / "text")], "no GeoJSON"
        yield [option, str(folder / "bow")], "crosses or touches itself"
    yield ["--agreement", str(folder / "text")], "no sound agreement"
    yield ["--ahead-s", "long"], "no look-ahead"
    yield ["--airfields", "XXXX"], "no airfield XXXX is known"


def test_options_that_cannot_be_read_give_one_clear_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each is misuse, in one line that names it."""
    file = tmp_path / "tracks.csv"
    file.write_text("timestamp,icao24,latitude,longitude\n1500000000000,aaaaa1,46,8\n")
    for words, said in wrong_options(tmp_path):
        assert main(["tracks", "check", str(file), *words]) == 2, words
        errors = capsys.readouterr().err.strip().splitlines()
        assert len(errors) == 1
        assert said in errors[0]


def test_rejects_name_their_lines(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A line that is no report is rejected by its number in the file; the others are taken."""
    file = tmp_path / "tracks.csv"
    rows = ["timestamp,icao24,latitude,longitude,altitude", "1500000000000,aaaaa1,46,8,30000"]
    rows += ["1500000010000,aaaaa1,nan,8,30000", "1500000010000,aaaaa1,46,8,200000", "1500000010000,aaaaa1,96,8,30000"]
    file.write_text("\n".join(rows) + "\n")
    answer = check(capsys, str(file))
    assert [each["line"] for each in answer["rejects"]] == [3, 4, 5]
    assert answer["counts"]["fixes"] == 1
