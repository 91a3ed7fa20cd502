"""Which of several declared flights an aircraft is, and what is then said of the others."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations

import pytest

from comity.model.volume import Ring
from comity.views.sky.known import Expected, Known
from sky_watch.made import at_place, began, expected, line, square, watch

NORTH, HERE = square(200_000, 0, 20_000), square(0, 10_000, 30_000)


def tied(*flights: Expected, until_s: int = 120) -> tuple[str, list[str]]:
    """To which flight an aircraft in the middle of the world is tied at last, and what was said."""
    seen = watch(line("aaaaa1", until_s=until_s), known=Known(expected=flights))
    (tie,) = seen[-1].tied.values()
    return flights[tie.flight].id, [alert.finding.kind for alert in began(seen)]


def flight(name: str, ring: Ring, from_s: float, until_s: float) -> Expected:
    """A declared flight of the aircraft."""
    return expected(ring, id=name, exempt=False, window_s=(from_s, until_s), address="aaaaa1")


@pytest.mark.parametrize("order", [*permutations(range(3))])
def test_an_aircraft_is_the_flight_that_is_here_and_now(order: tuple[int, ...]) -> None:
    """An aircraft flies its second flight before its first is closed, and is called 200 km off its corridor."""
    flights = (
        flight("F-1", NORTH, -7_200, -600), flight("F-2", HERE, -60, 3_600), flight("F-3", HERE, 3_000, 9_000)
    )  # fmt: skip
    name, said = tied(*(flights[number] for number in order))
    assert name == "F-2" and set(said) == {"overdue"}


def test_else_the_flight_whose_window_is_nearest() -> None:
    """Where no flight of it is here and now, it is the one whose window is nearest, not the first that was declared."""
    long_ago, soon = flight("F-1", NORTH, -9_000, -7_000), flight("F-2", NORTH, 600, 5_000)
    assert tied(long_ago, soon)[0] == tied(soon, long_ago)[0] == "F-2"
    now = flight("F-3", NORTH, -60, 3_600)
    assert tied(long_ago, now, soon)[0] == "F-3"


def test_of_two_windows_that_hold_the_room_decides() -> None:
    """Two flights of one aircraft are declared for one time."""
    there, here = flight("F-1", NORTH, -60, 3_600), flight("F-2", HERE, -60, 3_600)
    assert tied(there, here)[0] == tied(here, there)[0] == "F-2"


def test_a_stronger_tie_goes_before_place_and_time() -> None:
    """A callsign in the right place does not make an aircraft the flight of another address."""
    known = Known(
        expected=(
            expected(HERE, id="by-callsign", callsign="AMB1"),
            expected(NORTH, id="by-address", address="aaaaa1", window_s=(-7_200, -600)),
        )
    )
    seen = watch(line("aaaaa1", callsign="AMB1"), known=known)
    assert [known.expected[tie.flight].id for tie in seen[-1].tied.values()] == ["by-address"]


def test_an_aircraft_that_flies_on_is_not_lost_as_its_flight_before() -> None:
    """A turn-round: the first flight is not closed, its aircraft flies the second, and is called lost."""
    first = flight("F-1", square(0, 0, 15_000), -7_200, 30)
    second = flight("F-2", square(0, 60_000, 60_000), 40, 3_600)
    seen = watch(line("aaaaa1", until_s=400), known=Known(expected=(first, second)))
    assert seen[-1].tied[0].flight == 1 and seen[-1].tied[0].also == (0,)
    assert {alert.finding.kind for alert in began(seen)} == {"overdue"}


def test_a_flight_to_come_is_not_missed() -> None:
    """An aircraft that is seen on its first flight and lands is not lost as the flight that it has yet to begin."""
    first, later = flight("F-1", HERE, -60, 3_600), flight("F-2", HERE, 1_800, 3_600)
    seen = watch(line("aaaaa1"), [at_place("bbbbb1", 300, 90_000, 0)], known=Known(expected=(first, later)))
    assert [alert.finding.thing for alert in began(seen) if alert.finding.kind == "lost"] == ["F-1"]


def test_a_flight_that_departed_and_was_never_seen_is_lost() -> None:
    """A movement departs and no feed hears it: for an hour nothing is said of it. One that has not departed is not."""
    waiting = expected(HERE, id="M-1", address="aaaaa1")
    gone = replace(waiting, id="M-2", address="aaaaa2", departed_ms=1_000)
    seen = watch(line("bbbbb1", north_m=90_000, until_s=120), known=Known(expected=(waiting, gone)))
    (lost,) = began(seen)
    assert (lost.finding.kind, lost.finding.thing) == ("lost", "M-2") and "departed" in lost.finding.reason
