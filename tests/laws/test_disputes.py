"""Law 29 for what is contested: of every dispute somebody owes the settlement, by a clause, until it is settled."""

from __future__ import annotations

from typing import Literal

import msgspec
import pytest

from comity.model.acts.alone import ThreatOpen, ThreatReview, ThreatSeal
from comity.model.acts.keys import Watch
from comity.model.acts.operations import OperationHarmAnswer, OperationReport, OperationReview
from comity.model.history import Taken
from comity.model.spans import DAY_MS, HOUR_MS
from comity.model.volume import Window
from comity.views.alone import seals
from comity.views.obligations import obligations
from comity.views.operations import operations
from comity.views.owing import Obligation
from laws.agreement import Draft, Names, key_of
from laws.plays import Play, admitted, stage, volume
from laws.world import NOON_MS, World

THREE = Names(("north", "south", "west"), Names().others)
Finding = Literal["accepted", "disputed", "harm-answer-accepted"]
REVIEWS = (("4", "operation.report"), ("4", "operation.review"), ("5", "threat.review"), ("5", "threat.reveal"))


def reported(names: Names | None = None) -> Play:
    """North has started, ended and reported; everybody holds it."""
    play = stage(World(Draft(names=names or Names(), clauses=REVIEWS)))
    admitted(play.start())
    play.world.share()
    admitted(play.end())
    report(play)
    return play


def report(play: Play, harm: Literal["known", "not-known"] = "not-known") -> Taken:
    """North's report, held by all."""
    taken = admitted(play.world.sign("north", OperationReport(request=play.request.entry.id, harm=harm)))
    play.world.share()
    return taken


def review(play: Play, by: str, finding: Finding) -> Taken:
    """A word on the report, held by all."""
    taken = admitted(play.world.sign(by, OperationReview(request=play.request.entry.id, finding=finding)))
    play.world.share()
    return taken


def owed(play: Play) -> list[tuple[str, str]]:
    """Who owes what about the operation, with the clause and the time that they must have."""
    receipts(play.world)
    view, now_ms = play.world["centre"].view, play.world.at_ms
    return [(each.debtor, each.what) for each in obligations(view, now_ms) if "op-1" in each.what and sound(each)]


def receipts(world: World) -> None:
    """Every office says that it holds what there is, so that everybody's time runs."""
    for name in world.draft.names.signatories:
        admitted(world.sign(name, Watch(), officer="office", seat="office"))
    world.share()


def sound(each: Obligation) -> bool:
    """It has a clause, and time that runs."""
    assert each.clause.startswith("clause") and each.due_ms is not None
    return True


ANSWER = ("north", "answer by another report what south disputes in operation op-1")
ANEW = ("south", "review operation op-1 anew: its new report answers what was disputed")


def test_law_29_disputed_report_is_owed_by_somebody_until_it_is_settled() -> None:
    """South disputes a report: nobody owes anything any more, and the dispute is there for ever."""
    play = reported()
    assert owed(play) == [("south", "review the report on operation op-1")]
    disputed = review(play, "south", "disputed")
    assert operations(play.world["centre"].view, play.world.at_ms)[0].status == "disputed"
    assert owed(play) == [ANSWER]
    [first] = [each for each in obligations(play.world["centre"].view, 0) if each.what == ANSWER[1]]
    assert (first.about, first.creditor, first.due_ms) == (disputed.entry.id, "south", play.world.at_ms + 7 * DAY_MS)
    report(play)
    assert owed(play) == [ANEW]
    review(play, "south", "disputed")
    assert owed(play) == [ANSWER]
    report(play)
    review(play, "south", "accepted")
    assert owed(play) == []
    assert operations(play.world["centre"].view, play.world.at_ms)[0].status == "reviewed"


def test_law_29_dispute_after_the_review_is_owed() -> None:
    """South accepts a report and disputes it later, when nobody looks any more."""
    play = reported()
    review(play, "south", "accepted")
    assert owed(play) == []
    review(play, "south", "disputed")
    assert owed(play) == [ANSWER]


def test_law_29_report_that_crossed_a_dispute_answers_nothing() -> None:
    """North reports again without having heard of the dispute, and says that it has answered."""
    play = reported()
    act = OperationReview(request=play.request.entry.id, finding="disputed")
    admitted(play.world.sign("south", act))
    report(play)
    assert owed(play) == [ANSWER]


def test_law_29_dispute_of_one_frees_no_other_from_his_review() -> None:
    """South disputes, so west need not look; when south accepts, nobody owes what is missing."""
    play = reported(THREE)
    review(play, "south", "disputed")
    assert sorted(owed(play)) == [ANSWER, ("west", "review the report on operation op-1")]
    review(play, "south", "accepted")
    assert owed(play) == [("west", "review the report on operation op-1")]
    review(play, "west", "accepted")
    assert owed(play) == []
    assert operations(play.world["centre"].view, play.world.at_ms)[0].status == "reviewed"


def test_law_29_word_on_harm_is_no_word_on_a_dispute() -> None:
    """South, which disputes a report, accepts what was done about harm: the dispute counts as settled."""
    play = reported()
    report(play, "known")
    review(play, "south", "disputed")
    act = OperationHarmAnswer(request=play.request.entry.id, note="all were told")
    admitted(play.world.sign("north", act))
    play.world.share()
    review(play, "south", "harm-answer-accepted")
    assert owed(play)[-1:] == [ANSWER]


def opened(names: Names | None = None) -> tuple[World, Taken]:
    """A seal of north's, opened."""
    world = World(Draft(names=names or Names(), clauses=REVIEWS))
    window = Window(from_ms=NOON_MS, until_ms=NOON_MS + HOUR_MS)
    blank = ThreatOpen(seal=key_of("none"), salt="5a" * 32, volume=volume("orchard"), note="a convoy was fired at")
    act = ThreatSeal(commitment=blank.commitment(world["north"].origin, window), window=window)
    seal = admitted(world.sign("north", act))
    admitted(world.sign("north", msgspec.structs.replace(blank, seal=seal.entry.id)))
    world.share()
    return world, seal


def find(world: World, by: str, seal: Taken, finding: Literal["accepted", "contested", "agreed-to-differ"]) -> None:
    """A word on the seal, held by all."""
    admitted(world.sign(by, ThreatReview(seal=seal.entry.id, finding=finding)))
    world.share()


def owed_on_seals(world: World) -> list[tuple[str, str]]:
    """Who owes what about seals."""
    receipts(world)
    found = obligations(world["centre"].view, world.at_ms)
    return [(each.debtor, each.what) for each in found if "seal" in each.what and sound(each)]


SETTLE = ("south", "settle the contested seal: accept it, or agree to differ")


@pytest.mark.parametrize("finding", ["accepted", "agreed-to-differ"])
def test_law_29_contested_seal_is_owed_by_who_contests_it(finding: Literal["accepted", "agreed-to-differ"]) -> None:
    """South contests what north did alone: nobody need ever speak of it again."""
    world, seal = opened()
    assert owed_on_seals(world) == [("south", "review the opened seal")]
    find(world, "south", seal, "contested")
    assert owed_on_seals(world) == [SETTLE]
    find(world, "south", seal, finding)
    assert owed_on_seals(world) == []


def test_law_29_who_has_accepted_a_seal_owes_nothing() -> None:
    """West has accepted a seal and is asked for its review again and again, since south has not."""
    world, seal = opened(THREE)
    find(world, "west", seal, "accepted")
    assert owed_on_seals(world) == [("south", "review the opened seal")]
    find(world, "south", seal, "contested")
    assert owed_on_seals(world) == [SETTLE]
    find(world, "south", seal, "accepted")
    assert owed_on_seals(world) == []
    assert seals(world["centre"].view, world["centre"].history.known.founding)[0].status == "accepted"
