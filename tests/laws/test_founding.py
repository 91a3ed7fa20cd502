"""Laws 13 and 14: how an agreement and a log begin, whose keys count, and acts of another version."""

from __future__ import annotations

import pytest

from comity.model.acts import Act
from comity.model.acts.agreement import TermsPropose, Vote
from comity.model.acts.duty import LineCheck
from comity.model.acts.keys import Enrol, Join, Watch
from comity.model.acts.operations import FactState, Hold
from comity.model.entry import NO_ENTRY, Entry, Second
from comity.model.errors import Malformed
from comity.model.history import Taken
from comity.model.records.areas import area_versions
from comity.model.records.change import heads, terms_heads
from comity.model.records.operations import newest_at
from comity.rules.judge import judge
from laws.agreement import Draft, Names, key_of
from laws.plays import Play, admitted, amend, designate, hold, refused, volume
from laws.test_joint_changes import area, decline, proposed, vote
from laws.world import SIGNATURE, Office, World

EAST = "pact/east"
WITH_EAST = Draft(names=Names(others=(*Names().others, ("east", "observer"))), edition=2)
FORGED = Draft(names=WITH_EAST.names, edition=2, roots=(("east", key_of("north's own")),))


def test_law_13_entry_0_is_the_vote_under_the_root_key() -> None:
    """Whoever holds an officer's key or the office's begins a log in the party's name."""
    for officer, seat in (("first", "duty"), ("office", "office")):
        world = World(founded=False)
        act = Vote(thing="terms", after=(), round=0, content=world.founding_hash)
        assert world.sign("south", act, officer=officer, seat=seat).refusal is not None


def test_law_13_entry_0_waits_for_no_second_officer() -> None:
    """Terms ask for two officers at every vote, and no log could ever begin: nobody is enrolled before entry 0."""
    world = World(Draft(two_officers=("change.vote",)))
    (wide,) = proposed(world, "wide")
    refused(vote(world, "north", wide), "keys", 33)
    for name in ("north", "south"):
        act = Vote(thing=wide.thing, after=(), round=0, content=wide.content())
        second = Second(key=world.key(name, "second"), seat="duty", signature=SIGNATURE)
        refused(world.sign(name, act, officer="root", seat="root", second=second), "keys", 33)
        admitted(world.sign(name, act, second=second))
    world.share()
    assert len(area_versions(world["centre"].view, "valley")) == 1


def test_law_13_entry_0_is_for_the_founding_bytes() -> None:
    """A party begins its log with a vote for other bytes than those that it exchanged on paper."""
    world = World(founded=False)
    act = Vote(thing="terms", after=(), round=0, content=key_of("other terms"))
    refused(world.sign("south", act, officer="root", seat="root"), "agreement.adoption", 13)


def test_law_13_without_a_vote_one_joins() -> None:
    """The centre begins its log with a vote and counts as a party."""
    world = World(founded=False)
    act = Vote(thing="terms", after=(), round=0, content=world.founding_hash)
    refused(world.sign("centre", act, officer="root", seat="root"), "agreement.adoption", 13)


def test_law_13_before_terms_only_votes_keys_restraints() -> None:
    """A party acts on an agreement that the other has not adopted yet."""
    world = World(founded=False)
    world.begin("north")
    world.enrol_all("north")
    refused(world.sign("north", LineCheck(with_participant="south", result="working")), "agreement.adoption", 13)
    refused(world.sign("north", area("wide")), "agreement.adoption", 13)
    admitted(hold(world, "north"))


def test_law_14_unknown_act_is_refused_by_all() -> None:
    """An act of a later version is taken by some and refused by others, and the histories part."""

    class Later(Act, frozen=True, kw_only=True):
        name = "hold.later"
        nature = Hold.nature

    world = World()
    taken = world.sign("centre", Later())
    world.share()
    for name in world.offices:
        refused(world.local(name, taken), "agreement", 14)


def test_law_14_fields_that_do_not_fit_are_refused_by_all() -> None:
    """An act with a field for more than the agreement has, such as a point inside an operation."""

    class Hold2(Act, frozen=True, kw_only=True):
        name = "hold.place"
        nature = Hold.nature
        reason: str

    refused(World().sign("centre", Hold2(reason="a story")), "agreement", 14)


def test_law_14_rules_version_is_adopted_like_any_number() -> None:
    """Software decides whether terms may be adopted, and old and new software part over the same entry."""
    world = World()
    change = amend(world, Draft(edition=2, rules=2))
    assert terms_heads(world["centre"].view) == [change.content]


def test_law_14_without_the_version_only_restraints() -> None:
    """An office whose software lacks the rules in force goes on judging and signing permissions by old ones."""
    world = World()
    designate(world)
    amend(world, Draft(edition=2, rules=2))
    refused(Play(world).propose(), "unjudged", 14)
    admitted(hold(world, "north"))
    admitted(world.sign("north", FactState(fact="shelter", volume=volume("orchard"))))


def test_law_14_chapter_without_a_clause() -> None:
    """Acts of a chapter that the agreement does not provide for are admitted all the same."""
    from comity.model.acts.duty import Layer

    refused(World().sign("north", Layer(layer="sites", layer_version=1, commitment=key_of("sites"))), "agreement", 14)


def test_law_13_enrolment_waits_for_nothing() -> None:
    """Keys are enrolled before the terms are in force, or nobody could sign anything once they are."""
    world = World(founded=False)
    world.begin("south")
    act = Enrol(officer="ann", seats=("duty",), key=key_of("ann"), proof=SIGNATURE)
    admitted(world.sign("south", act, officer="root", seat="root"))
    admitted(world.sign("south", Watch(), officer="office", seat="office"))


def terms_proposed(world: World, draft: Draft) -> TermsPropose:
    """North proposes terms, and everybody holds the proposal."""
    act = TermsPropose(text=draft.text(), after=tuple(each.id for each in heads(world["north"].view, "terms")))
    admitted(world.sign("north", act))
    world.share()
    return act


def begun_by_north(world: World, act: Act, origin: str, officer: str = "root", seat: str = "root") -> Entry:
    """Entry 0 of another's log as north would write it, under a key of its own."""
    header: dict[str, object] = {"origin": origin, "seq": 0, "previous": NO_ENTRY, "key": key_of("north's own")}
    return world.draw("north", act, officer, seat, **header)


def joining(act: TermsPropose) -> Join:
    """The entry with which who joins by those terms begins its log."""
    return Join(terms=act.content())


def test_law_13_nobody_votes_from_a_log_made_for_him() -> None:
    """A party proposes terms that give its partner a new log under its own key, and votes there in his name."""
    world = World()
    forged = "pact/south/forged"
    act = terms_proposed(
        world, Draft(edition=2, origins=(("south", forged),), roots=(("south", key_of("north's own")),))
    )
    vote(world, "north", act)
    ballot = Vote(thing="terms", after=act.after, round=0, content=act.content())
    entry = begun_by_north(world, ballot, forged)
    assert judge(entry, world["north"].view) is not None
    with pytest.raises(Malformed):
        world.offer("north", entry)
    world.share()
    assert terms_heads(world["centre"].view) == [world.founding_hash]


def test_law_13_proposal_names_no_log() -> None:
    """Before a newcomer has begun its log, a party proposes terms that name it with that party's own key, votes for
    them and begins the log in his name: whoever read that first would take the newcomer's own entries for forged."""
    world = World()
    forged, good = terms_proposed(world, FORGED), terms_proposed(world, WITH_EAST)
    vote(world, "north", forged)
    with pytest.raises(Malformed):
        world.offer("north", begun_by_north(world, joining(forged), EAST))
    admitted(decline(world, "south", good))
    world.share()
    for name in ("north", "south"):
        admitted(vote(world, name, good, 1))
    world.share()
    for office in world.offices.values():
        pins = office.history.known.participants()[EAST].pins
        assert pins is not None and pins.root_key == key_of(f"{EAST} root")
    world.offices["east"] = Office("east", "east", EAST, type(world["north"].history)(world.founding), world.at_ms)
    world.deliver("north", "east")
    assert terms_heads(world["centre"].view) == [good.content()]
    admitted(world.sign("east", joining(good), officer="root", seat="root", key=key_of(f"{EAST} root")))


def test_law_13_newcomer_waits_for_every_vote() -> None:
    """A newcomer's log is begun on the word of some: what the others then name might have another key."""
    world = World()
    good = terms_proposed(world, WITH_EAST)
    vote(world, "north", good)
    world.offices["east"] = Office("east", "east", EAST, type(world["north"].history)(world.founding), world.at_ms)
    world.deliver("north", "east")
    assert EAST not in world["east"].history.known.participants()
    with pytest.raises(Malformed):
        world.sign("east", joining(good), officer="root", seat="root", key=key_of(f"{EAST} root"))


def test_law_13_forged_log_says_nothing() -> None:
    """Entries of a log that nobody rightly began give a participant a clock and signs of life that it never gave."""
    world = World()
    forged = "pact/south/2"
    amend(world, Draft(edition=2, origins=(("south", forged),)))
    before = newest_at(world["north"].view, "south")
    later: dict[str, object] = {"origin": forged, "seq": 0, "previous": NO_ENTRY, "at": world.at_ms + 10**7}
    taken = world.offer("north", world.draw("north", Hold(), "first", "duty", **later))
    assert isinstance(taken, Taken) and taken.refusal is not None
    assert newest_at(world["north"].view, "south") == before
