"""ICAO flight plans as input of declarations: what they say, one error a fault, nothing that breaks the reader."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.airspace.leaving import beside_m
from comity.interfaces.cli.meaning import Meaning
from comity.interfaces.cli.plans import from_plan
from comity.interfaces.flight_plan import Plan, read_plan
from comity.interfaces.plan_words import aerodrome
from comity.model.acts.alone import ActivityDeclare
from comity.model.acts.flights import FlightDeclare
from comity.model.errors import Misuse
from comity.model.volume import Altitude, Point, volume_problem

NOW_MS = 1_474_362_000_000  # 2016-09-20T09:00Z
GOOD = """(FPL-RESCUE1/A4631-IG
-B350/L-SDFG/S
-AAAA0930
-N0240F150 3155N03600E DCT 3212N03634E/N0220F170 NORTH
-BBBB0045 CCCC
-DOF/160921 RMK/TWO PATIENTS CODE/4B1805 OPR/RELIEF)"""
KNOWN: dict[str, Point] = {
    "AAAA": (317_000_000, 360_000_000),
    "BBBB": (326_000_000, 370_000_000),
    "NORTH": (324_000_000, 368_000_000),
}


def read(text: str) -> Plan:
    """The plan with the known places."""
    return read_plan(text, KNOWN.get, NOW_MS)


def test_plan_says_what_a_declaration_needs() -> None:
    """Callsign, code, type, the slowest speed, the highest level, the way, the hour of its day and the address."""
    plan = read(GOOD)
    assert (plan.callsign, plan.code, plan.type, plan.address) == ("RESCUE1", "4631", "B350", "4b1805")
    assert (plan.speed_kt, plan.minutes, plan.off_ms) == (220, 45, NOW_MS + 24 * 3_600_000 + 30 * 60_000)
    assert plan.top is not None and plan.top.raised(500) == "17500ft-pressure"
    assert plan.route[0] == KNOWN["AAAA"] and plan.route[-2:] == (KNOWN["NORTH"], KNOWN["BBBB"])
    assert plan.route[1] == (round((31 + 55 / 60) * 1e7), 360_000_000)


@pytest.mark.parametrize(
    ("was", "written", "speed_kt", "top"),
    [
        ("N0240F150 ", "K0370A045 ", 199, None),
        ("N0240F150 3155N03600E DCT 3212N03634E/N0220F170", "K0370A045 3155N03600E", 199, "5000ft-amsl"),
        ("N0240F150 3155N03600E DCT 3212N03634E/N0220F170", "M082S1130 DCT", 469, "37574ft-pressure"),
        ("N0240F150 3155N03600E DCT 3212N03634E/N0220F170", "N0090M0120 DCT", 90, "1353m-amsl"),
        ("N0240F150 3155N03600E DCT 3212N03634E/N0220F170", "N0090VFR DCT", 90, None),
    ],
)
def test_speeds_and_levels(was: str, written: str, speed_kt: int, top: str | None) -> None:
    """Knots, kilometres an hour and Mach; flight levels, altitudes, metres; what cannot be compared is not told."""
    plan = read(GOOD.replace(was, written))
    assert plan.speed_kt == speed_kt
    assert (plan.top.raised(500) if plan.top is not None else None) == top


@pytest.mark.parametrize(
    ("was", "written", "said"),
    [
        ("(FPL-", "(CHG-", "does not begin with (FPL-"),
        ("RESCUE1/A4631", "RESCUE1/A4681", "field 7 of the flight plan is 'RESCUE1/A4681'"),
        ("B350/L", "B350/X", "field 9"),
        ("AAAA0930", "AAAA2430", "field 13"),
        ("AAAA0930", "DDDD0930", "field 13 of the flight plan: nobody here knows where DDDD is"),
        ("N0240F150", "N240F150", "field 15 of the flight plan is 'N240F150'"),
        ("3155N03600E", "3165N03600E", "field 15 of the flight plan: nobody here knows where '3165N03600E' is"),
        ("NORTH", "UL602", "give it with --place UL602=36.1/37.2"),
        ("3212N03634E/N0220F170", "3212N03634E/F170", "field 15 of the flight plan is 'F170'"),
        ("BBBB0045", "BBBB0000", "field 16"),
        ("BBBB0045", "ZZZZ0045", "field 16 of the flight plan: nobody here knows where ZZZZ is"),
        ("DOF/160921", "DOF/161321", "field 18 of the flight plan is 'DOF/161321'"),
        ("CODE/4B1805", "CODE/4B18", "field 18"),
        ("-SDFG/S", "", "field"),
    ],
)
def test_one_fault_one_sentence(was: str, written: str, said: str) -> None:
    """Each fault names its field, what stands there, and what to write."""
    with pytest.raises(Misuse) as caught:
        read(GOOD.replace(was, written))
    assert said in str(caught.value) and str(caught.value).count("\n") == 0


def test_place_of_no_code_is_in_field_18() -> None:
    """An aerodrome without a code is ZZZZ, and stands in field 18 as a coordinate."""
    plan = read(GOOD.replace("AAAA0930", "ZZZZ0930").replace("OPR/RELIEF", "DEP/3200N03630E FIELD HOSPITAL"))
    assert plan.route[0] == (320_000_000, 365_000_000)


def test_hour_without_a_date_is_the_next() -> None:
    """Without DOF a time is today's, or tomorrow's if it is long past."""
    undated = GOOD.replace("DOF/160921 ", "")
    assert read(undated).off_ms == NOW_MS + 30 * 60_000
    assert read(undated.replace("AAAA0930", "AAAA0700")).off_ms == NOW_MS + 22 * 3_600_000


@given(
    st.one_of(
        st.text(max_size=300),
        st.lists(st.sampled_from(["(FPL", "-", ")", "/", "N0240F150", "AAAA0930", "ZZZZ0000", "0", " ", "DOF/"])).map(
            "".join
        ),
    )
)
def test_any_text_is_read_or_refused(text: str) -> None:
    """No text breaks the reader: it is a plan, or it is misuse."""
    for each in (text, f"(FPL-A1-IG-B350/L-S/S-AAAA0930-N0240F150 {text}-BBBB0045-{text})"):
        with contextlib.suppress(Misuse):
            assert isinstance(read(each), Plan)


def declared(tmp_path: Path, text: str, *words: str) -> FlightDeclare:
    """The declaration that the command line makes of a plan."""
    path = tmp_path / "plan.txt"
    path.write_text(text)
    numbers: dict[str, Any] = {"buffer_lateral_m": 4630, "buffer_vertical_ft": 500}
    meaning = Meaning("north", "f" * 64, NOW_MS, lambda question, text: numbers[text])
    places = [f"{name}={lat / 1e7}/{lon / 1e7}" for name, (lat, lon) in KNOWN.items()]
    act = from_plan(FlightDeclare, ["operator=north", *words], str(path), places, meaning)
    assert isinstance(act, FlightDeclare)
    return act


def test_buffers_become_points_before_signing(tmp_path: Path) -> None:
    """The volume is as wide as the terms ask on each side of the route, and higher than its level by their buffer."""
    act = declared(tmp_path, GOOD, "aircraft_class=transport")
    assert volume_problem(act.volume) is None and act.route is not None
    assert beside_m(act.route, act.volume.ring) >= 4630 * 0.98
    assert act.volume.band.floor is None
    assert act.volume.band.ceiling == Altitude(17_500, "ft", "pressure")
    assert act.volume.window.until_ms == act.volume.window.from_ms + 45 * 60_000
    assert (act.flight, act.aircraft_class, act.speed_kt, act.callsign) == ("rescue1", "transport", 220, "RESCUE1")


def test_officer_stands_before_the_plan(tmp_path: Path) -> None:
    """What the officer writes beside the plan is what is declared."""
    act = declared(tmp_path, GOOD, "speed_kt=100", "volume.window=+1h..+2h")
    assert (act.speed_kt, act.aircraft_class) == (100, "b350")
    assert act.volume.window.from_ms == NOW_MS + 3_600_000


def test_plan_goes_with_flights_only(tmp_path: Path) -> None:
    """A plan makes no other act, and one that goes round makes no route."""
    meaning = Meaning("north", "f" * 64, NOW_MS, lambda question, text: 1)
    with pytest.raises(Misuse, match=r"flight\.declare and flight\.change"):
        from_plan(ActivityDeclare, [], str(tmp_path / "plan.txt"), [], meaning)
    with pytest.raises(Misuse, match="begins and ends in one place"):
        declared(
            tmp_path,
            GOOD.replace("BBBB", "AAAA").replace("3155N03600E DCT 3212N03634E/N0220F170 NORTH", "DCT"),
        )


def test_aerodromes_are_known_by_code() -> None:
    """An aerodrome's code is enough; what is none is nowhere."""
    found = aerodrome("LSZH")
    assert found is not None and 474_000_000 < found[0] < 475_000_000
    assert aerodrome("ZZZZ") is None and aerodrome("NORTH") is None


@pytest.mark.parametrize(
    ("was", "written", "said"),
    [
        ("RMK/TWO PATIENTS", f"RMK/{'X' * 100_000}", "bytes"),
        ("3155N03600E", "89N000E DCT 89N179E", "too long for one volume"),
        ("3155N03600E", "32N17900E DCT 32N179W", ""),
        ("3155N03600E", "00N000E DCT 00N180E", "too long for one volume"),
        ("DCT", "DCT " + "3155N03600E 3156N03601E " * 80, ""),
        ("DOF/160921", "DOF/991231", ""),
        ("N0240F150", "N9999F999", ""),
        ("N0220F170", "N0000F170", "a speed above nothing"),
    ],
)
def test_hostile_plans_are_one_error_or_sound(tmp_path: Path, was: str, written: str, said: str) -> None:
    """A plan of 10^5 characters, over a pole, across the antimeridian or in another century breaks the command."""
    assert was in GOOD
    try:
        act = declared(tmp_path, GOOD.replace(was, written), "aircraft_class=transport")
    except Misuse as error:
        assert said in str(error) and len(str(error)) < 400
        return
    assert not said and volume_problem(act.volume) is None
