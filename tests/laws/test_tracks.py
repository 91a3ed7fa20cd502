"""Attacks by words on tracks: a tie to what is not expected, another party's word on one's own screen."""

from __future__ import annotations

from comity.model.acts.duty import LineCheck
from comity.model.acts.keys import Compromised
from comity.model.acts.tracks import AlertAcknowledge, AlertKind, TrackTie
from comity.model.history import Taken
from comity.model.records.tracks import ties_said
from comity.views.sky.acknowledged import with_acknowledgements
from comity.views.sky.report import AirReport, AlertRow, Seen
from laws.agreement import Draft
from laws.flights import close, declare
from laws.plays import admitted, movement, refused
from laws.world import World


def test_law_15_a_tie_is_to_what_is_expected() -> None:
    """A track is tied to a flight that nobody declared, or to one that is over."""
    world = World()
    declared = declare(world, "north")
    admitted(world.sign("north", TrackTie(flight=declared.entry.id, identity="4b1805", tied=True)))
    refused(world.sign("north", TrackTie(flight="00" * 32, identity="4b1805", tied=True)), "flight.watch")
    close(world, declared)
    refused(world.sign("north", TrackTie(flight=declared.entry.id, identity="4b1805", tied=True)), "flight.watch")
    admitted(world.sign("north", TrackTie(flight=declared.entry.id, identity="4b1805", tied=False)))


def test_law_15_a_movement_is_tied_too() -> None:
    """An exempt flight cannot be followed because only declared ones may be tied."""
    world = World()
    asked = admitted(movement(world, "north"))
    admitted(world.sign("north", TrackTie(flight=asked.entry.id, identity="one/7", tied=True)))


def test_law_15_nobody_ties_on_anothers_screen() -> None:
    """South makes its straying aircraft north's exempt flight on every screen."""
    world = World()
    declared = declare(world, "north")
    world.share()
    tie = TrackTie(flight=declared.entry.id, identity="4b1805", tied=True)
    admitted(world.sign("south", tie))
    world.share()
    view = world["north"].view
    assert not ties_said(view, "north").made
    assert ties_said(view, "south").made == {("4b1805", declared.entry.id)}


def test_the_newest_word_on_a_tie_holds() -> None:
    """A tie that was made and broken is broken."""
    world = World()
    declared = declare(world, "north")
    for tied in (True, False):
        admitted(world.sign("north", TrackTie(flight=declared.entry.id, identity="4b1805", tied=tied)))
    said = ties_said(world["north"].view, "north")
    assert not said.made
    assert said.broken == {("4b1805", declared.entry.id)}


def test_law_15_words_on_tracks_need_no_clause() -> None:
    """The terms provide for no watch; the office watches its feeds, and nobody can sign that he has seen its alarm."""
    world = World(Draft(without=("5",)))
    asked = admitted(movement(world, "north"))
    tie = TrackTie(flight=asked.entry.id, identity="one/7", tied=True)
    admitted(world.sign("north", AlertAcknowledge(kind="loss", identities=("aaaaa1", "aaaaa2"), began_ms=world.at_ms)))
    admitted(world.sign("north", tie))
    refused(world.sign("north", TrackTie(flight="00" * 32, identity="one/7", tied=True)), "flight.watch", 15)
    refused(world.sign("north", LineCheck(with_participant=world.written("south"), result="working")), "agreement", 14)
    assert world.sign("north", tie, officer="junior", seat="junior").refusal, "a seat must have them"


def acknowledge(world: World, who: str, began_ms: int, *identities: str, kind: AlertKind = "loss") -> Taken:
    """An officer's word that he has seen an alert, on every screen."""
    act = AlertAcknowledge(kind=kind, identities=identities or ("aaaaa1", "aaaaa2"), began_ms=began_ms)
    taken = admitted(world.sign(who, act))
    world.share()
    return taken


def seen(world: World, began_ms: int, who: str = "north", *identities: str, kind: AlertKind = "loss") -> AlertRow:
    """A loss of separation that began then, on the screen of an office."""
    names = identities or ("aaaaa1", "aaaaa2")
    alert = AlertRow(1, kind, "alarm", began_ms, began_ms, names, "too near", "", 1.0)
    (row,) = with_acknowledgements(AirReport(began_ms, alerts=(alert,)), world[who].view, who).alerts
    return row


def test_law_15_an_acknowledgement_names_its_alert() -> None:
    """An acknowledgement counts for another alert: of other aircraft, of another kind, or of the same begun anew."""
    world = World()
    began_ms = world.at_ms - 4_321
    taken = acknowledge(world, "north", began_ms // 1000 * 1000, "aaaaa2", "aaaaa1")
    found = seen(world, began_ms)
    assert found.acknowledged is not None and found.acknowledged.officer == "first.north"
    assert found.acknowledged.at_ms == taken.entry.at_ms and found.acknowledged.entry == f"north/{taken.entry.seq}"
    assert seen(world, began_ms - 1_000).acknowledged is None
    assert seen(world, began_ms + 1_000).acknowledged is None
    assert seen(world, began_ms, "north", "aaaaa1", "aaaaa3").acknowledged is None
    assert seen(world, began_ms, kind="predicted-loss").acknowledged is None


def test_law_15_nobody_quietens_anothers_screen() -> None:
    """South says that it has seen north's alarm, and north's alarm falls silent."""
    world = World()
    acknowledge(world, "south", world.at_ms - 20_000)
    found = seen(world, world.at_ms - 15_000)
    assert found.acknowledged is None and [each.party for each in found.others] == ["south"]
    assert not seen(world, world.at_ms - 200_000).others, "it is of another alert"
    own = seen(world, world.at_ms - 20_000, "south")
    assert own.acknowledged is not None and not own.others


def test_law_15_a_watch_says_nothing_of_officers() -> None:
    """What reads hostile feeds claims that an officer has seen the alarm that it raises."""
    world = World()
    claimed = Seen("north", "first", "duty", 1, "north/1")
    alert = AlertRow(1, "loss", "alarm", 1, 1, ("a",), "too near", "", 1.0, acknowledged=claimed, others=(claimed,))
    (row,) = with_acknowledgements(AirReport(1, alerts=(alert,)), world["north"].view, "north").alerts
    assert row.acknowledged is None and not row.others


def test_law_33_a_key_in_other_hands_acknowledges_nothing() -> None:
    """A thief signs away the alarms of the office whose key he holds."""
    world = World()
    began_ms = world.at_ms - 5_000
    taken = acknowledge(world, "north", began_ms)
    act = Compromised(key=taken.entry.header.key, since_seq=taken.entry.seq)
    admitted(world.sign("north", act, officer="root", seat="root"))
    assert seen(world, began_ms).acknowledged is None


def test_what_nobody_has_seen_comes_first() -> None:
    """Of each severity the alerts that an own officer has seen come after those that none has."""
    world = World()
    began_ms = world.at_ms - 5_000
    acknowledge(world, "north", began_ms, "b1")
    rows = [
        AlertRow(number, "loss", severity, began_ms, began_ms, (name,), "", "", 1.0)
        for number, severity, name in ((1, "alarm", "b1"), (2, "alarm", "b2"), (3, "warning", "b3"))
    ]
    report = with_acknowledgements(AirReport(began_ms, alerts=tuple(rows)), world["north"].view, "north")
    assert [each.number for each in report.alerts] == [2, 1, 3]
    assert [each.number for each in report.unacknowledged("alarm")] == [2]
