"""Law 14 in an office: what its software is too old to judge waits in the store, and newer software judges it."""

from __future__ import annotations

from unittest.mock import patch

import pytest

from comity.model.acts.agreement import Proposal, TermsPropose, Vote
from comity.model.acts.duty import LineCheck
from comity.model.acts.operations import Hold, OperationWithdraw
from comity.model.records.change import heads
from comity.model.verdict import Refusal
from comity.office import verdicts
from comity.office.audit import audit
from comity.office.desk import Stale
from comity.office.founding import enrol_act
from comity.tlog.errors import StoreError
from laws.software import newer, older
from office.offices import Desk, Wire, entries, opened, same, texts

CHECK = LineCheck(with_participant="south", result="working")
BEHIND = "centre"
SOMETHING = "ab" * 32


def amended(wire: Wire) -> None:
    """Every signatory adopts the second version of the rules."""
    north = wire.desks["north"]
    text = north.founded.founding.decode().replace("edition = 1", "edition = 2").replace("rules = 1", "rules = 2")
    after = tuple(each.id for each in heads(north.office.view(), "terms"))
    proposal: Proposal = TermsPropose(text=text, after=after)
    north.act(proposal, "senior")
    wire.settle()
    for name in ("north", "south", "east"):
        vote = Vote(thing="terms", after=after, round=0, content=proposal.content())
        wire.desks[name].act(vote, "senior")
    wire.settle()


def left_behind() -> Wire:
    """Three offices with newer software go on by newer rules; the fourth took all of it with older software."""
    with newer():
        wire, founded = opened()
        staff = enrol_act("demo/north", "centre duty", ("duty",), founded.officers[BEHIND, "duty"])
        wire.desks["north"].act(staff, "root")
        wire.settle()
        for name in ("north", "south", "east"):
            wire.cut |= {(BEHIND, name), (name, BEHIND)}
        amended(wire)
        north, south = wire.desks["north"], wire.desks["south"]
        north.act(CHECK)
        refused = south.tried(OperationWithdraw(request=SOMETHING, consent=SOMETHING))
        assert isinstance(refused, Refusal) and not refused.is_unjudged
        south.act(Hold())
        wire.settle()
    with older():
        wire.cut.clear()
        wire.desks[BEHIND].start()
        wire.desks[BEHIND].office.confirm_clock()
        wire.polled()
    return wire


def told(desk: Desk) -> dict[str, str]:
    """Every verdict, in words."""
    return {taken.entry.id: str(taken.refusal) for taken in desk.office.history.entries}


def unjudged(desk: Desk) -> list[str]:
    """The acts of the entries that are not judged."""
    found = [taken for taken in desk.office.history.entries if taken.refusal is not None and taken.refusal.is_unjudged]
    return [taken.entry.header.act for taken in found]


def test_law_14_unjudged_entries_are_kept_as_such() -> None:
    """Older software takes them, says so, calls nothing wrong, and signs restraints only."""
    wire = left_behind()
    desk = wire.desks[BEHIND]
    with older():
        assert "duty.line_check" in unjudged(desk) and "hold.place" not in unjudged(desk)
        assert "software is too old for rules version 2" in texts(desk)
        said = desk.tried(CHECK)
        assert isinstance(said, Refusal) and said.is_unjudged
        held = desk.tried(Hold())
        assert not isinstance(held, Refusal | Stale), held
        desk.start()
        assert "software is too old for rules version 2" in texts(desk)
        report = audit(desk.office.logs, desk.office.notary)
        assert report.clean and not report.refused
        assert len(report.unjudged) == len(unjudged(desk)) > 0


def test_law_14_newer_software_judges_at_its_start() -> None:
    """After the update verdicts, roots, digests and the audit are those of an office that always had the software."""
    wire = left_behind()
    desk, other = wire.desks[BEHIND], wire.desks["north"]
    with newer():
        assert entries(desk) != entries(other)
        desk.start()
        assert same(wire.desks.values())
        words = [
            {taken.entry.id: str(taken.refusal) for taken in each.office.history.entries} for each in (desk, other)
        ]
        assert words[0] == words[1]
        views = [each.office.logs.digest(each.office.view().clock) for each in (desk, other)]
        assert views[0] == views[1]
        for branch in desk.office.logs.branches:
            twin = other.office.logs.first(branch.origin)
            assert twin is not None and twin.tree.root() == branch.tree.root()
        report = audit(desk.office.logs, desk.office.notary)
        assert report.clean and not report.unjudged
        with patch.object(verdicts, "judge", side_effect=AssertionError("judged once more")):
            desk.start()
        assert same(wire.desks.values())


def test_law_14_back_to_older_software() -> None:
    """An update that is taken back leaves nothing judged by rules that the software has not; a second one mends it."""
    wire = left_behind()
    desk = wire.desks[BEHIND]
    with newer():
        desk.start()
        assert not unjudged(desk)
    with older():
        desk.start()
        assert unjudged(desk)
    with newer():
        desk.start()
        assert same(wire.desks.values()) and audit(desk.office.logs, desk.office.notary).clean


@pytest.mark.parametrize("persisted", [False, True])
def test_law_14_verdicts_are_kept_whole_or_not(persisted: bool) -> None:
    """If keeping the new verdicts fails, before or after they are on the disk, the next start has them all."""
    wire = left_behind()
    desk = wire.desks[BEHIND]
    put = desk.store.put

    def failing(key: str, value: bytes) -> None:
        if persisted:
            put(key, value)
        raise StoreError("the disk said no")

    with newer():
        with patch.object(desk.store, "put", failing), pytest.raises(StoreError):
            desk.start()
        desk.start()
        assert same(wire.desks.values()) and audit(desk.office.logs, desk.office.notary).clean


def test_law_14_unreadable_verdicts_stop_the_start() -> None:
    """What is kept of verdicts and cannot be read stops the office: it would judge on nobody knows what."""
    wire, _ = opened()
    desk = wire.desks["north"]
    desk.store.put(verdicts.KEY, b"{")
    with pytest.raises(StoreError, match="restore a backup"):
        desk.start()
