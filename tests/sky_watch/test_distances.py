"""Distances from a line that classes of aircraft keep: watched by the class of the declaration, and never guessed."""

from __future__ import annotations

from dataclasses import replace

from comity.airspace.fix import Fix
from comity.airspace.heights import room
from comity.views.sky.known import Expected, Known, WatchedArea
from sky_watch.made import OPEN, began, expected, kinds, line, square, watch

CORRIDOR = square(0, 30_000, 60_000)
FAST = WatchedArea("the distance fast", room(square(0, 30_000, 20_000), OPEN), "3.2", classes=frozenset({"fixed-wing"}))
SLOW = WatchedArea("the distance slow", room(square(0, 30_000, 8_000), OPEN), "3.2", classes=frozenset({"unmanned"}))
AREAS = tuple(replace(each, line="east") for each in (FAST, SLOW))


def through(address: str = "aaaaa1") -> list[Fix]:
    """A flight right through both rings."""
    return line(address, until_s=200)


def declared(aircraft_class: str, *, exempt: bool = False, operator: str = "north") -> Expected:
    """The flight as it was declared."""
    return expected(CORRIDOR, address="aaaaa1", exempt=exempt, aircraft_class=aircraft_class, operator=operator)


def test_a_declared_class_keeps_its_own_distance() -> None:
    """Each class is held against its own ring, with the clause and what ties the track to its declaration."""
    for aircraft_class, ring in (("fixed-wing", FAST.id), ("unmanned", SLOW.id)):
        seen = began(watch(through(), known=Known(AREAS, (declared(aircraft_class),))))
        assert {alert.finding.thing for alert in seen} == {ring}
        (finding,) = [alert.finding for alert in seen if alert.finding.kind == "area"]
        assert (finding.clause, finding.strength) == ("3.2", "address")
        assert f"M-1 is declared as {aircraft_class}, not exempt" in finding.reason


def test_another_class_is_free() -> None:
    """Whose class keeps no distance there may be there."""
    assert not kinds(watch(through(), known=Known(AREAS, (declared("rotary-wing"),))))


def test_an_unknown_class_is_uncertain() -> None:
    """A track of which nobody told the class is perhaps too near: one warning a line, with the doubt in words."""
    seen = began(watch(through(), known=Known(AREAS, ())))
    (alert,) = seen
    assert (alert.finding.kind, alert.severity) == ("possible-area", "warning")
    assert alert.finding.doubts == ("its class is not known",)
    assert alert.finding.thing == "distances from the line east" and alert.finding.clause == "3.2"
    assert "than fixed-wing may be; its class is not known" in alert.finding.reason
    standing = watch(line("aaaaa1", until_s=130), known=Known(AREAS, ()))[-1].heard.standing
    assert [each.finding.reason for each in standing if "than fixed-wing and unmanned may be" in each.finding.reason]


def test_who_lies_about_an_unknown_class_is_only_uncertain() -> None:
    """A track that uses the callsign of a declared flight on another address has no class by it."""
    flight = replace(declared("rotary-wing"), callsign="NORTH1")
    seen = kinds(watch(line("aaaaa2", callsign="NORTH1", until_s=200), known=Known(AREAS, (flight,))))
    assert seen == ["possible-area"]


def test_an_exempt_movement_is_covered_in_its_corridor() -> None:
    """What both sides have cleared through the ring may be there; off its corridor its class is as unknown as any."""
    known = Known(AREAS, (declared("", exempt=True),))
    assert not kinds(watch(through(), known=known))
    off = replace(declared("", exempt=True), room=room(square(50_000, 30_000, 10_000), OPEN))
    assert sorted(kinds(watch(through(), known=Known(AREAS, (off,))))) == ["deviation", "possible-area"]


def test_a_declared_flight_of_an_exempt_category_is_let_through() -> None:
    """A flight that the distance names as let through may be nearer, and no other one of its class."""
    areas = tuple(replace(each, lets_through=frozenset({"M-1"})) for each in AREAS)
    assert not kinds(watch(through(), known=Known(areas, (declared("fixed-wing"),))))
    other = replace(declared("fixed-wing"), id="M-2")
    assert "area" in kinds(watch(through(), known=Known(areas, (other,))))


def test_a_flight_without_a_class_whose_operator_is_named_is_uncertain() -> None:
    """The operator says nothing of the class."""
    assert kinds(watch(through(), known=Known(AREAS, (declared("", operator="south"),)))) == ["possible-area"]
