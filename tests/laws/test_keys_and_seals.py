"""Laws 30 to 36 as far as they concern the judge: receipts, flags, keys, seals, and what is not promised."""

from __future__ import annotations

import pytest

from comity.model.acts import Act
from comity.model.acts.agreement import Suspend
from comity.model.acts.alone import ThreatOpen, ThreatSeal
from comity.model.acts.areas import AreaPropose
from comity.model.acts.duty import LineCheck
from comity.model.acts.keys import Compromised, Enrol, Join, Revoke, Rotate, Watch
from comity.model.acts.movements import FlightNotice
from comity.model.acts.operations import Hold
from comity.model.history import Taken
from comity.model.spans import HOUR_MS, MINUTE_MS
from comity.model.volume import Window
from comity.views.alone import seals
from comity.views.flags import flags
from comity.views.obligations import obligations
from laws.agreement import Draft, key_of
from laws.plays import (
    EVERYWHERE,
    Play,
    admitted,
    amend,
    designate,
    hold,
    line_check,
    movement,
    refused,
    ring,
    stage,
    volume,
)
from laws.world import NOON_MS, SIGNATURE, World


def test_law_30_office_key_signs_watch_only() -> None:
    """Whoever breaks into an office's machine acts in its officers' name."""
    world = World()
    for act in (Hold(), Suspend(), LineCheck(with_participant="north", result="working")):
        refused(world.sign("south", act, officer="office", seat="office"), "keys", 30)
    admitted(world.sign("south", Watch(), officer="office", seat="office"))


def test_law_30_only_the_office_key_signs_watch() -> None:
    """An officer lends his name to what a machine says."""
    world = World()
    refused(world.sign("south", Watch()), "keys", 30)
    refused(world.sign("south", Watch(), officer="root", seat="root"), "keys", 30)


def test_law_30_receipt_is_an_entry() -> None:
    """A party says that it never got the withdrawal: its next entry says what it had."""
    play = stage()
    withdrawal = admitted(play.withdraw())
    play.world.deliver("south", "north")
    receipt = admitted(play.world.sign("north", Watch(), officer="office", seat="office"))
    assert receipt.entry.seen[play.world["south"].origin][0] > withdrawal.entry.seq
    assert play.world.saw(receipt, withdrawal)


def test_law_32_same_view_same_flags() -> None:
    """Flags that depend on which office looks, or on the order of arrival, are no evidence."""
    play = stage()
    start = admitted(play.start())
    play.withdraw()
    play.world.share()
    found = {name: flags(play.world[name].view, play.world.local(name, start)) for name in play.world.offices}
    assert len(set(found.values())) == 1


def test_law_32_flags_only_grow() -> None:
    """A flag is talked away by later entries."""
    play = stage()
    start = admitted(play.start())
    play.withdraw()
    play.world.share()
    seen: frozenset[str] = frozenset()
    for _ in range(4):
        now = flags(play.world["south"].view, play.world.local("south", start))
        assert seen <= now
        seen = now
        play.end()
        hold(play.world, "south", volume=volume("orchard"))
        play.world.share()
    assert "concurrent" in seen


def test_law_33_key_counts_from_its_enrolment() -> None:
    """A key signs before anybody has enrolled it."""
    world = World()
    key = key_of("late")
    refused(world.sign("south", Hold(), key=key), "keys", 33)
    enrol = Enrol(officer="late", seats=("duty",), key=key, proof=SIGNATURE)
    admitted(world.sign("south", enrol, officer="root", seat="root"))
    admitted(world.sign("south", Hold(), key=key))


def test_law_33_key_counts_until_its_revocation() -> None:
    """A stolen key is revoked and goes on consenting; what it signed before stands."""
    play = stage()
    consent = play.consents["south"]
    admitted(play.world.sign("south", Revoke(key=play.world.key("south", "second")), officer="root", seat="root"))
    again = play.consent()
    refused(again, "keys", 33)
    assert "has ended" in str(again.refusal) and "sign with the officer's new key" in str(again.refusal)
    assert consent.refusal is None


def test_law_33_revoked_by_another_party_means_nothing() -> None:
    """A party revokes its partner's officers."""
    world = World()
    refused(world.sign("north", Revoke(key=world.key("south", "first")), officer="root", seat="root"), "keys", 15)
    world.share()
    admitted(hold(world, "south"))


def test_law_33_enrolled_by_another_party_means_nothing() -> None:
    """A party enrols an officer and has him sign in its partner's log."""
    world = World()
    key = key_of("mole")
    enrol = Enrol(officer="mole", seats=("duty",), key=key, proof=SIGNATURE)
    admitted(world.sign("north", enrol, officer="root", seat="root"))
    world.share()
    refused(world.sign("south", Hold(), key=key), "keys", 33)


def test_law_33_only_the_root_key_enrols() -> None:
    """An officer who may sign everything makes officers of his own."""
    world = World()
    enrol = Enrol(officer="friend", seats=("duty",), key=key_of("friend"), proof=SIGNATURE)
    refused(world.sign("south", enrol, officer="first", seat="all"), "keys", 33)
    old = world.key("south", "second")
    rotate = Rotate(old=old, officer="friend", seats=("duty",), key=key_of("friend"), proof=SIGNATURE)
    refused(world.sign("south", rotate, officer="first", seat="all"), "keys", 33)


def test_law_33_a_key_is_enrolled_once() -> None:
    """A revoked key comes back under another name."""
    world = World()
    key = world.key("south", "second")
    admitted(world.sign("south", Revoke(key=key), officer="root", seat="root"))
    again = Enrol(officer="again", seats=("duty",), key=key, proof=SIGNATURE)
    refused(world.sign("south", again, officer="root", seat="root"), "keys", 33)


def test_law_33_seats_are_the_enrolled_ones() -> None:
    """An officer signs in a seat that he was never given."""
    world = World()
    act = AreaPropose(area="valley", tier="open", ring=ring("wide"), band=EVERYWHERE)
    refused(world.sign("south", act, officer="junior", seat="duty"), "keys", 33)
    refused(world.sign("south", act, officer="junior", seat="junior"), "keys", 33)


def test_law_33_compromised_ends_consents_seen() -> None:
    """A consent signed with a stolen key is used after the theft is known."""
    play = stage()
    consent = play.consents["south"]
    statement = Compromised(key=play.world.key("south", "second"), since_seq=consent.entry.seq)
    admitted(play.world.sign("south", statement, officer="root", seat="root"))
    play.world.share()
    refused(play.start(), "operation.lease", 25)


def test_law_33_compromised_leaves_earlier_consents_and_restraints() -> None:
    """A party declares a key stolen to take back the hold that it placed; or all it ever agreed to."""
    play = stage()
    held = hold(play.world, "south", volume=volume("quarry"))
    statement = Compromised(key=play.world.key("south", "first"), since_seq=held.entry.seq)
    admitted(play.world.sign("south", statement, officer="root", seat="root"))
    play.world.share()
    view = play.world["north"].view
    assert view.find(held.entry.id) is not None
    assert "compromised" in flags(view, play.world.local("north", held))
    line_check_key = play.world.key("south", "second")
    admitted(play.world.sign("south", LineCheck(with_participant="north", result="working"), key=line_check_key))
    play.world.share()
    admitted(play.start())


def test_law_33_centre_keys_come_from_signatories() -> None:
    """The centre enrols its own officers, or an observer does it for the centre."""
    world = World()
    key = key_of("puppet")
    enrol = Enrol(officer="puppet", seats=("duty",), key=key, proof=SIGNATURE)
    tried = world.sign("centre", enrol, officer="root", seat="root")
    refused(tried, "keys", 33)
    assert "at the office of north or south, with that party's root key" in str(tried.refusal)
    for who in ("centre", "monitor"):
        world.sign(who, enrol, officer="root", seat="root")
        world.share()
        refused(world.sign("centre", Hold(), key=key), "keys", 33)
    admitted(world.sign("south", Enrol(officer="p", seats=("duty",), key=key_of("p"), proof=SIGNATURE), "root", "root"))
    refused(world.sign("centre", Hold(), key=key_of("p")), "keys", 33)
    world.share()
    admitted(world.sign("centre", Hold(), key=key_of("p")))


def opening(world: World, by: str, salt: str = "5a" * 32) -> tuple[ThreatSeal, ThreatOpen]:
    """A seal made for a log and what opens it."""
    window = Window(from_ms=NOON_MS, until_ms=NOON_MS + HOUR_MS)
    blank = ThreatOpen(seal=key_of("none"), salt=salt, volume=volume("orchard"), note="a convoy was fired at")
    return ThreatSeal(commitment=blank.commitment(world[by].origin, window), window=window), blank


def opened(blank: ThreatOpen, seal: Taken, **changes: object) -> Act:
    """The opening of a seal that was taken."""
    fields = {"salt": blank.salt, "volume": blank.volume, "note": blank.note} | changes
    return ThreatOpen(seal=seal.entry.id, **fields)  # type: ignore[arg-type]


def test_law_34_seal_opens_for_its_owner() -> None:
    """A seal that cannot be opened by the officer who comes on watch is no evidence."""
    world = World()
    sealed, blank = opening(world, "north")
    seal = admitted(world.sign("north", sealed))
    admitted(world.sign("north", opened(blank, seal), officer="second"))


def test_law_34_seal_is_bound_to_its_origin() -> None:
    """A party copies its partner's seal into its own log and opens it as its own."""
    world = World()
    sealed, blank = opening(world, "north")
    admitted(world.sign("north", sealed))
    world.share()
    copy = admitted(world.sign("south", sealed))
    refused(world.sign("south", opened(blank, copy)), "threat.reveal", 34)


def test_law_34_seal_is_not_opened_by_another() -> None:
    """A party that has learned the salt opens its partner's seal for him."""
    world = World()
    sealed, blank = opening(world, "north")
    seal = admitted(world.sign("north", sealed))
    world.share()
    refused(world.sign("south", opened(blank, seal)), "threat.reveal", 34)


@pytest.mark.parametrize("changes", [{"note": "nothing"}, {"salt": "5b" * 32}, {"volume": volume("quarry")}])
def test_law_34_seal_opens_to_one_value(changes: dict[str, object]) -> None:
    """A party opens a seal to other words, another salt or another place than it sealed."""
    world = World()
    sealed, blank = opening(world, "north")
    seal = admitted(world.sign("north", sealed))
    refused(world.sign("north", opened(blank, seal, **changes)), "threat.reveal", 34)


def test_law_34_seal_covers_its_window() -> None:
    """A commitment is reused for another time of the act."""
    world = World()
    sealed, blank = opening(world, "north")
    other = ThreatSeal(commitment=sealed.commitment, window=Window(from_ms=NOON_MS + 1, until_ms=NOON_MS + HOUR_MS))
    refused(world.sign("north", opened(blank, admitted(world.sign("north", other)))), "threat.reveal", 34)


def test_law_34_new_log_is_no_excuse() -> None:
    """A party forks its log and says that its old seals cannot be opened from the new one."""
    world = World()
    sealed, blank = opening(world, "north")
    seal = admitted(world.sign("north", sealed))
    world.share()
    change = amend(world, Draft(edition=2, origins=(("north", "pact/north/two"),)))
    world["north"].origin = "pact/north/two"
    admitted(world.sign("north", Join(terms=change.content), officer="root", seat="root"))
    admitted(world.sign("north", opened(blank, seal)))


def test_law_34_unopened_seal_is_visible() -> None:
    """A party seals and never opens, and the seal is forgotten: it is counted and overdue for all to see."""
    world = World()
    sealed, _ = opening(world, "north")
    seal = admitted(world.sign("north", sealed))
    world.share()
    view, terms = world["south"].view, world["south"].history.known.founding
    [standing] = seals(view, terms)
    assert standing.seal.entry.id == seal.entry.id and standing.status == "sealed"
    late_ms = standing.open_by_ms + MINUTE_MS
    owed = [each for each in obligations(view, late_ms) if each.about == seal.entry.id]
    assert [each.debtor for each in owed if each.is_late(late_ms)] == ["north"]


def test_law_32_late_notice_is_taken_and_marked() -> None:
    """A flight that was notified late is not known at all, because its notice was refused."""
    world = World()
    act = FlightNotice(operator="allies", aircraft_class="transport", volume=volume("orchard"))
    notice = admitted(world.sign("north", act))
    assert "late" in flags(world["north"].view, notice)
    early = FlightNotice(operator="allies", aircraft_class="transport", volume=volume("orchard", 30, 31))
    assert "late" not in flags(world["north"].view, admitted(world.sign("north", early)))


def test_law_36_silent_party_stops_permissions_only() -> None:
    """A silent party stops its partner's restraints too."""
    play = Play(World())
    designate(play.world)
    play.propose()
    play.world.tick(300)
    refused(play.start(citing=(play.request,)), "operation", 17)
    for taken in (
        hold(play.world, "north"),
        movement(play.world, "north"),
        play.world.sign("north", Suspend()),
    ):
        admitted(taken)
    assert line_check(play.world, "north", "south").refusal is None
