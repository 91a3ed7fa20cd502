"""The same entries, in any order in which their pasts allow, give the same history."""

from __future__ import annotations

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from comity.model.entry import Entry
from comity.model.history import History, Missing, Taken
from comity.model.known import party_of
from comity.rules.judge import judge
from comity.views.sight import party_sight
from laws.world import World
from properties.drama import Drama
from properties.moves import PLAYED, play
from properties.reference import Reference
from thorough import deep

MOVES = st.lists(
    st.tuples(st.sampled_from(PLAYED), *(st.integers(min_value=0, max_value=11) for _ in range(3))),
    min_size=8,
    max_size=24,
)


def played(moves: list[tuple[str, int, int, int]]) -> Drama:
    """A drama after those moves."""
    drama = Drama()
    for move, a, b, c in moves:
        play(drama, move, a, b, c)
    drama.world.share()
    return drama


def in_some_order(world: World, random: Random) -> History:
    """A new office takes every entry, each as soon as chance and its past allow."""
    history = History(world.founding)
    waiting = [taken.entry for taken in world["monitor"].history.entries]
    random.shuffle(waiting)
    while waiting:
        left = [entry for entry in waiting if not _taken(world, history, entry)]
        assert len(left) < len(waiting), "an entry whose past is there was not taken"
        waiting = left
    return history


def _taken(world: World, history: History, entry: Entry) -> bool:
    placement = history.place(entry)
    if isinstance(placement, Missing):
        return False
    refusal = judge(entry, history.view(placement.clock))
    history.take(entry, placement, world.trees[entry.id].root(), refusal)
    return True


def told(history: History) -> list[tuple[str, str, int]]:
    """What a history tells, in the order for people: entries, verdicts with their reasons, heights."""
    ordered: list[Taken] = sorted(history.entries, key=lambda taken: taken.order)
    return [(taken.entry.id, str(taken.refusal), taken.height) for taken in ordered]


@settings(max_examples=deep(30, 12))
@given(moves=MOVES, seed=st.integers(min_value=0, max_value=2**32))
def test_any_order_gives_the_same_history(moves: list[tuple[str, int, int, int]], seed: int) -> None:
    """Entries, verdicts, reasons and the order for people do not depend on the order of delivery."""
    world = played(moves).world
    first = told(world["monitor"].history)
    random = Random(seed)
    for _ in range(2):
        assert told(in_some_order(world, random)) == first


@settings(max_examples=deep(15, 10))
@given(moves=MOVES)
def test_past_is_transitive_and_ordered(moves: list[tuple[str, int, int, int]]) -> None:
    """The past is what the reference says it is, is transitive, and stands before in the order for people."""
    drama = played(moves)
    history = drama.world["monitor"].history
    reference = Reference(drama.drafts, drama.world.founding_hash)
    for taken in history.entries:
        reference.add(taken.entry, drama.world.trees[taken.entry.id].root())
    for taken in history.entries[:: max(1, len(history.entries) // 40)]:
        past = history.past(taken)
        known = reference.entries[taken.entry.id].past
        assert {other.entry.id for other in history.entries if past.holds(other)} == {each.id for each in known}
        assert all(each.past <= known for each in known)
        assert all(other.order < taken.order for other in history.entries if past.holds(other))


@settings(max_examples=deep(15, 10))
@given(moves=MOVES)
def test_true_time_is_witnessed(moves: list[tuple[str, int, int, int]]) -> None:
    """With honest clocks the time of an entry lies between what it saw of each log and what saw it there."""
    drama = Drama()
    for move, a, b, c in moves:
        if move not in ("tick", "spoiled", "step_clock", "fork"):
            play(drama, move, a, b, c)
            drama.world.tick(1)
    drama.world.share()
    view = drama.world["monitor"].view
    for taken in view.history.entries:
        for name in drama.draft.names.all:
            origin = drama.world[name].origin
            lower, upper = view.history.past(taken).newest(origin), party_sight(view, party_of(origin), taken)
            assert lower is None or lower.entry.at_ms <= taken.entry.at_ms
            assert upper is None or taken.entry.at_ms <= upper.entry.at_ms
