"""What an officer reads of votes, holds and duties says what to do next: by name, by place, by the right clock."""

from __future__ import annotations

import pytest

from comity.interfaces.cli.board_text import board_text
from comity.interfaces.cli.lookups import find
from comity.interfaces.status.parts import cell
from comity.interfaces.times import shortened
from comity.model.acts.agreement import FloorPropose, GroupPropose, LiftPropose, Proposal
from comity.model.acts.areas import AreaDissolve
from comity.model.acts.movements import MovementDepart
from comity.model.errors import Misuse
from comity.model.spans import HOUR_MS, MINUTE_MS
from comity.views.board import TOPICS
from laws.plays import Play, acknowledge, admitted, clear, designate, hold, movement, stage
from laws.test_joint_changes import area
from laws.world import World


def text(world: World, topic: str, by: str = "south") -> str:
    """A topic as an office shows it to people."""
    return board_text(topic, TOPICS[topic](world[by].view, world[by].at_ms))


def test_a_change_says_where_its_proposal_is_and_what_it_is_about() -> None:
    """A row of `show changes` names no entry to vote for, nor which of two holds would be lifted."""
    world = World()
    one, _ = hold(world, "north"), hold(world, "north")
    taken = admitted(world.sign("north", LiftPropose(lifts=(one.entry.id,))))
    world.share()
    (row,) = TOPICS["changes"](world["south"].view, world["south"].at_ms)
    assert row["proposal"] == f"north/{taken.entry.seq}"
    assert row["about"] == f"lifts hold.place north/{one.entry.seq} ({one.entry.id[:8]})"
    assert find(world["south"].view, row["proposal"]).entry.id == taken.entry.id


@pytest.mark.parametrize(
    ("act", "about"),
    [
        (area("quarry"), "area valley, tier open, 4 points"),
        (AreaDissolve(area="valley"), "area valley ends"),
        (GroupPropose(group="irregulars", treatment="inside"), "group irregulars is inside"),
        (FloorPropose(), "the safety floor ends"),
    ],
)
def test_each_kind_of_proposal_is_said_in_words(act: Proposal, about: str) -> None:
    """A kind of proposal shows as a hash alone."""
    from comity.views.proposed import proposed_text

    assert proposed_text(World()["south"].view, act) == about


def test_a_proposal_is_found_by_its_content() -> None:
    """The hash that `show changes` prints beside a thing cannot be voted for."""
    world = World()
    act = area("quarry")
    first = admitted(world.sign("north", act))
    world.share()
    again = admitted(world.sign("south", act))
    view = world["south"].view
    assert again.entry.id != first.entry.id
    for digits in (act.content(), act.content()[:8]):
        assert find(view, digits).entry.act == act
    with pytest.raises(Misuse, match="no entry here begins"):
        find(view, "0" * 12)


def test_whole_hashes_in_a_text_are_shortened() -> None:
    """A duty to vote on a lift takes two lines of digits."""
    digits = "0123456789abcdef" * 4
    assert shortened(f"vote on lift/{digits}") == "vote on lift/01234567"
    assert shortened(digits + "0") == digits + "0"


def test_what_counts_since_ever_does_so_from_the_beginning() -> None:
    """An area that is in force since ever is shown since 1970."""
    assert cell("from", "1970-01-01T00:00:00Z", 0) == "<bdi>the beginning</bdi>"
    assert shortened("1970-01-01T00:00:00Z / 2016-09-20T06:00:00Z") == "the beginning to 2016-09-20 06:00Z"


def test_a_hold_past_its_end_says_what_it_waits_for() -> None:
    """A hold whose end is past is listed as any other, and nobody knows why it still stops starts (law 25)."""
    world = World()
    placed = hold(world, "north", until_ms=world.at_ms + 10 * MINUTE_MS)
    world.share()
    assert "its end is past" not in text(world, "holds")
    world.tick(11)
    listed = " ".join(text(world, "holds").split())
    assert "its end is past: stands until" in listed and placed.entry.origin in listed


def test_a_refusal_by_a_timed_hold_says_that_waiting_helps() -> None:
    """A lift by all is asked for, where a minute and any later entry of the holder would do."""
    play = Play(World())
    designate(play.world)
    play.propose()
    hold(play.world, "south", until_ms=play.world.at_ms + 10 * MINUTE_MS)
    refusal = play.consent().refusal
    assert refusal is not None and "held by south" in refusal.problem
    assert refusal.remedy == "wait for its end and for any later entry of south, or lift it by every signatory's vote"


def test_a_hold_without_an_end_is_lifted() -> None:
    """Who waits for a hold without an end waits for ever."""
    play = Play(World())
    designate(play.world)
    play.propose()
    hold(play.world, "south")
    refusal = play.consent().refusal
    assert refusal is not None and refusal.remedy == "lift the hold by every signatory's vote"


def test_what_a_debtor_is_not_known_to_have_seen() -> None:
    """The very office that holds a request reads that it was not delivered."""
    play = stage()
    play.world.tick(1)
    play.end()
    rows = [row for row in TOPICS["obligations"](play.world["north"].view, play.world.at_ms)]
    assert all("delivered" not in str(row["by"]) for row in rows)


def test_what_is_due_at_once_is_due_now() -> None:
    """A duty is called overdue in the very second in which it arises."""
    row = {"who": "us", "whom": "us", "what": "check due", "overdue": False, "clause": "clause 3"}
    due_ms = 1_474_362_000_000
    due = {"by": "2016-09-20T09:00:00Z"}
    assert board_text("obligations", [row | due], due_ms).splitlines()[1].startswith("due now, 2016-09-20 09:00Z")
    assert "due now" not in board_text("obligations", [row | due], due_ms - MINUTE_MS)
    late = board_text("obligations", [row | due | {"overdue": True}], due_ms + HOUR_MS)
    assert "OVERDUE since 2016-09-20 09:00Z" in late


def test_people_hear_of_overdue_when_the_minute_is_over() -> None:
    """People are told times to the minute: a duty of this minute is not late in it."""
    from comity.views.owing import Obligation

    owed = Obligation("us", "us", "check", "x", "clause 3", 10 * MINUTE_MS)
    assert not owed.is_late(10 * MINUTE_MS) and not owed.is_late(11 * MINUTE_MS - 1)
    assert owed.is_late(11 * MINUTE_MS)


@pytest.mark.parametrize("emergency", [False, True])
def test_a_crew_reads_of_an_operation_in_its_air(emergency: bool) -> None:
    """The operation's row shouts of the movement, and the movement's row, which the crew reads, says nothing."""
    play = stage(executing="south", drafted_by="south")
    world = play.world
    world.twin("south", "double")
    request = admitted(movement(world, "north", emergency=emergency))
    world.share("north", "south")
    if not emergency:
        acknowledge(world, request, "south")
        world.deliver("south", "north")
        admitted(clear(world, request, "north"))
    admitted(world.sign("north", MovementDepart(request=request.entry.id)))
    said = "operation op-1 of south is under way in its volume"
    assert said not in TOPICS["movements"](world["north"].view, world.at_ms)[0]["conditions"]
    admitted(play.start(by="double"))
    world.deliver("double", "monitor")
    admitted(hold(world, "monitor"))
    world.deliver("monitor", "north")
    assert said in TOPICS["movements"](world["north"].view, world.at_ms)[0]["conditions"]
