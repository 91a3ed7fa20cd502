"""Law 14 among offices of one agreement whose software is not of one age."""

from __future__ import annotations

import pytest

from comity.model.acts.agreement import TermsPropose, Vote
from comity.model.acts.keys import Enrol, Watch
from comity.model.acts.operations import Hold, OperationWithdraw
from comity.model.entry import parse_entry
from comity.model.history import History, Placement, Taken
from comity.model.records.change import heads
from comity.rules.door import door
from comity.rules.judge import judge
from laws.agreement import Draft, key_of
from laws.plays import Play, admitted, amend, designate, hold, line_check, refused, stage
from laws.software import newer, older
from laws.world import SIGNATURE, World

LATER_TEXT = Draft(edition=2, rules=2).text() + "\n[later]\nword = 1\n"


def replayed(world: World) -> History:
    """What an office holds that takes every entry with the software of this moment."""
    history = History(world.founding)
    for taken in world["monitor"].history.entries:
        entry = parse_entry(taken.entry.leaf)
        placement = history.place(entry)
        assert isinstance(placement, Placement)
        refusal = judge(entry, history.view(placement.clock))
        history.take(entry, placement, world.trees[entry.id].root(), refusal)
    return history


def told(history: History) -> dict[str, str]:
    """Every verdict, in words."""
    return {taken.entry.id: str(taken.refusal) for taken in history.entries}


def by_later_rules() -> tuple[World, Taken, Taken, Taken]:
    """Under rules version 2 south takes its consent back, north starts all the same, and the centre holds."""
    world = World()
    amend(world, Draft(edition=2, rules=2))
    line_check(world, "south", "north")
    play = stage(world)
    withdrawn = admitted(play.withdraw())
    world.share()
    start = play.start()
    world.share()
    held = hold(world, "centre")
    world.share()
    return world, withdrawn, start, held


def test_law_14_newer_software_judges_what_older_could_not() -> None:
    """Older software calls an act of newer rules refused, keeps that for good, and never agrees with the others."""
    with newer():
        world, withdrawn, start, held = by_later_rules()
        refused(start, "operation.lease", 25)
        full = told(world["monitor"].history)
    with older():
        history = replayed(world)
        for taken in (withdrawn, start):
            verdict = history.entries[world.local("monitor", taken).number].refusal
            assert verdict is not None and verdict.is_unjudged, verdict
            assert "software is too old for rules version 2" in str(verdict), verdict
        late = history.find(held.entry.id)
        assert late is not None and late.refusal is None
    with newer():
        assert told(replayed(world)) == full


def test_law_14_act_outside_the_version_is_refused_for_good() -> None:
    """A party signs an act of rules that nobody adopted: it waits for no software, and every age refuses it alike."""
    with newer():
        play = stage()
        refused(play.withdraw(), "agreement", 14)
        play.world.share()
        admitted(play.start())
        play.world.share()
        full = told(play.world["monitor"].history)
        assert told(replayed(play.world)) == full
    with older():
        assert told(replayed(play.world)) == full


@pytest.mark.parametrize(
    "text",
    [
        "comity = 1\nrules = 99\nrubbish\n",
        LATER_TEXT,
        LATER_TEXT.replace("rules = 2", "rules = 1"),
        Draft(edition=2).text().replace("comity = 1", "comity = 2"),
    ],
)
def test_law_14_no_text_stops_an_office(text: str) -> None:
    """One party proposes what nobody can read: whatever version it names, it is refused, and the others go on."""
    play = stage()
    after = tuple(each.id for each in heads(play.world["north"].view, "terms"))
    refused(play.world.sign("south", TermsPropose(text=text, after=after)), "agreement.amendment")
    play.world.share()
    admitted(play.start())


def test_law_14_terms_are_proposed_in_a_form_that_the_rules_in_force_read() -> None:
    """Newer software admits what older refuses, and old and new part over a proposal that nobody has adopted."""
    with newer():
        world = World()
        after = tuple(each.id for each in heads(world["north"].view, "terms"))
        refused(world.sign("north", TermsPropose(text=LATER_TEXT, after=after)), "agreement.amendment")
        admitted(world.sign("north", TermsPropose(text=Draft(edition=2, rules=2).text(), after=after)))
        world.share()
        full = told(world["monitor"].history)
    with older():
        assert told(replayed(world)) == full


def test_law_14_older_software_votes_for_no_newer_rules() -> None:
    """An office votes for rules that its software lacks, and from then on can sign nothing but restraints."""
    world = World()
    after = tuple(each.id for each in heads(world["north"].view, "terms"))
    act = TermsPropose(text=Draft(edition=2, rules=2).text(), after=after)
    admitted(world.sign("north", act))
    entry = world.draw("north", Vote(thing="terms", after=after, round=0, content=act.content()))
    assert judge(entry, world["north"].view) is None
    found = door(entry, world["north"].view)
    assert found is not None and "update this office's software" in found.remedy and not found.is_unjudged
    against = world.draw("north", Vote(thing="terms", after=after, round=0, content=None))
    assert door(against, world["north"].view) is None
    with newer():
        assert door(entry, world["north"].view) is None


def test_law_14_nothing_rests_on_what_is_unjudged() -> None:
    """An office goes on admitting permissions, records and votes beside an entry that it could not read."""
    world = World()
    designate(world)
    play = Play(world)
    before = admitted(play.propose())
    amend(world, Draft(edition=2, rules=2))
    play.place, play.operation = "quarry", "op-2"
    refused(play.propose(), "unjudged", 14)
    refused(line_check(world, "south", "north"), "unjudged", 14)
    admitted(hold(world, "south"))
    held = hold(world, "centre", request=before.entry.id)
    admitted(held)
    gone = OperationWithdraw(request=before.entry.id, consent=key_of("nothing"))
    refused(world.sign("south", gone), "unjudged", 14)


def test_law_14_older_software_signs_restraints_only() -> None:
    """The judge admits keys and receipts there, for others signed them; the own door lets restraints out alone."""
    with newer():
        world = by_later_rules()[0]
        enrolment = Enrol(officer="ann", seats=("duty",), key=key_of("ann"), proof=SIGNATURE)
        signed = [
            world.sign("south", enrolment, officer="root", seat="root"),
            world.sign("south", Watch(), officer="office", seat="office"),
            hold(world, "south"),
        ]
        world.share()
    with older():
        history = replayed(world)
        for taken in signed:
            found = history.find(taken.entry.id)
            assert found is not None and found.refusal is None
            refusal = door(found.entry, history.past(found))
            assert (refusal is None) == isinstance(found.entry.act, Hold), refusal
