"""Who has left the terms is answered by nobody: what it still ends and restrains travels on a stick."""

from __future__ import annotations

from pathlib import Path

import pytest

from comity.interfaces.carry import carry_in, carry_out
from comity.model.acts.operations import Hold
from comity.model.errors import PeerError
from comity.office.messages import HeadsRequest
from office.offices import opened, same
from office.test_newcomer import ALL, NAMES, amended_without_east, is_in_force, proposed, vote_for


def test_a_leavers_restraint_travels_by_stick(tmp_path: Path) -> None:
    """East has left and holds: no office asks it or answers it, a courier takes the hold to one, and all have it."""
    wire, founded = opened(ALL)
    north, east = wire.desks["north"], wire.desks["east"]
    act = proposed(north.office, amended_without_east(founded))
    north.act(act, "senior")
    wire.polled()
    for name in ("north", "south", "east"):
        wire.desks[name].act(vote_for(act), "senior")
        wire.polled()
    assert all(is_in_force(wire.desks[name].office, act) for name in NAMES)
    carry_out(north.office, tmp_path)
    assert not carry_in(east.office, tmp_path).problems
    hold = east.act(Hold())
    wire.polled()
    assert north.office.history.find(hold.entry.id) is None
    with pytest.raises(PeerError, match="no participant"):
        north.sync.answer("east", HeadsRequest())
    carry_out(east.office, tmp_path)
    assert not carry_in(north.office, tmp_path).problems
    wire.polled()
    for name in NAMES:
        taken = wire.desks[name].office.history.find(hold.entry.id)
        assert taken is not None and taken.refusal is None
    assert same([wire.desks[name] for name in NAMES])
