"""What the agreement knows of the air, from the records of a day that is played: areas, exempt and declared flights."""

from __future__ import annotations

import msgspec
import pytest

from comity.interfaces.cli.drafting import HASH_DIGITS, drafted
from comity.interfaces.cli.meaning import Meaning
from comity.interfaces.cli.writing import write_act
from comity.model.volume import volume_problem
from comity.views.sky.agreed import means_in
from comity.views.sky.report import AlertRow
from live.sky_day import agreed_after


def test_area_in_force_keeps_operators_out() -> None:
    """Once both have voted, the area is watched: for the operators that a signatory answers for, under the clause."""
    agreed = agreed_after("show us areas")
    (area,) = agreed.areas
    assert (area.id, area.clause, area.lets_in, area.keeps_out) == (
        "a-1", "5.1", "exemption", ("sy-air", "sy-opposition"),
    )  # fmt: skip
    assert agreed.minima.horizontal_m == 9_260 and agreed.minima.clause("loss") == "5.12"


def test_operation_under_way_is_air_for_declared_flights() -> None:
    """From its start to its end the volume of an operation is air in which only declared flights are expected."""
    assert [each.lets_in for each in agreed_after("us.duty/duty-1 s1 =").areas] == ["exemption", "declaration"]
    assert len(agreed_after("us.duty/duty-1 operation.end p1").areas) == 1


def test_exempt_flight_is_expected_from_its_clearance_to_its_arrival() -> None:
    """Asked for it is not yet expected; cleared it is, by what it says of itself; arrived it is no more."""
    assert not agreed_after("ru.duty movement.agree m1").flights
    (flight,) = agreed_after("us.duty/duty-1 movement.clear m1").flights
    assert (flight.name, flight.chapter, flight.address, flight.callsign) == (
        "medevac-1", "movement", "0de001", "AMB1",
    )  # fmt: skip
    assert flight.is_exempt and flight.operator == "sy-opposition"
    (departed,) = agreed_after("us.duty/duty-1 movement.deviate m1 what=deviating").flights
    assert flight.departed_ms is None and departed.departed_ms is not None
    assert msgspec.structs.replace(departed, departed_ms=None) == flight
    assert not agreed_after("us.duty/duty-1 movement.arrive m1").flights


def test_officers_make_ties() -> None:
    """A tie that an officer of this office has made is handed to the watch."""
    assert not agreed_after("us.duty/duty-1 movement.clear m1").made
    ((identity, flight),) = agreed_after("us.duty/duty-1 movement.deviate m1 what=deviating").made
    assert identity == "0de999" and flight == agreed_after("us.duty/duty-1 movement.clear m1").flights[0].id


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("address 4B1234 callsign amb1, code 7001", {"address": "4b1234", "callsign": "AMB1", "code": "7001"}),
        ("icao24=4b1234; squawk: 7001", {"address": "4b1234", "code": "7001"}),
        ("white with a red cross, call me on 4b1234", {}),
        ("address 4b12 code 8001 callsign X", {}),
        ("", {}),
    ],
)
def test_means_of_identification(text: str, found: dict[str, str]) -> None:
    """A note tells them by their names; what has no name or no form is not guessed."""
    assert means_in(text) == found


NOW_MS = 1_474_365_600_000
PLACE = ((36.2, 36.8),)


@pytest.mark.parametrize(
    ("kind", "about", "severity", "act"),
    [
        ("deviation", "movement", "alarm", "movement.deviate"),
        ("lost", "movement", "warning", "movement.deviate"),
        ("back", "movement", "notice", "movement.deviate"),
        ("overdue", "flight", "warning", "flight.overdue"),
        ("loss", "", "alarm", "hold.place"),
        ("area", "area", "alarm", "fact.state"),
        ("undeclared", "area", "warning", "fact.state"),
        ("implausible", "", "notice", "alert.acknowledge"),
    ],
)
def test_the_act_that_fits(kind: str, about: str, severity: str, act: str) -> None:
    """Each kind of alert becomes an act as `comity act` reads it; none of them finds a breach."""
    thing = "f" * 64
    alert = AlertRow(1, kind, severity, 0, 0, ("0de001",), "why", "5.1", 1.0, thing, about, places=PLACE)  # type: ignore[arg-type]
    found = drafted(alert)
    assert found.act == act
    short = {f"{key}={'f' * HASH_DIGITS}": f"{key}={'f' * 64}" for key in ("request", "declaration", "flight")}
    whole = [short.get(word, word) for word in found.fields]
    written = write_act(act, whole, Meaning("north", "0" * 64, NOW_MS, _not_asked))
    assert written.name == act
    volume = getattr(written, "volume", None)
    if volume is not None:
        assert volume_problem(volume) is None and volume.window.from_ms == NOW_MS


def _not_asked(question: str, text: str) -> object:
    raise AssertionError("the office need not be asked for anything")
