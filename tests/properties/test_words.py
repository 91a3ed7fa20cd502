"""After anything that may happen: what a view calls ready the judge admits, and whatever waits, waits for somebody."""

from __future__ import annotations

from hypothesis import given, settings

from comity.model.acts import Act
from comity.model.acts.movements import MovementClear
from comity.model.acts.operations import OperationStart
from comity.views.movements import MovementStanding, movements
from comity.views.obligations import obligations
from comity.views.operations import OperationStanding, operations
from properties.drama import Drama
from properties.moves import play
from properties.test_orders import MOVES
from thorough import deep

WAITS_FOR_SOMEBODY = frozenset({"proposed", "queried", "withdrawn", "requested", "asked anew", "alternative offered"})
GOES_ON = frozenset(
    {"denied", "cleared", "emergency", "under way", "deviating", "arrived", "active", "ended", "reported"}
)
WAITS_FOR_ITS_TIME = frozenset({"agreed", "ready"})
OF_THE_SIGNER = ("keys", "operation.drafter")


def played(moves: list[tuple[str, int, int, int]]) -> Drama:
    """A drama after those moves, while nobody has heard of everything."""
    drama = Drama()
    for move, a, b, c in moves:
        play(drama, move, a, b, c)
    return drama


@settings(max_examples=deep(60, 20))
@given(moves=MOVES)
def test_what_is_ready_is_admitted(moves: list[tuple[str, int, int, int]]) -> None:
    """Each office asks for what its screen shows as agreed: with nothing beside it, it is admitted, else refused."""
    drama = played(moves)
    for who in drama.offices:
        drama.keep_time(who)
        office = drama.world[who]
        for standing in operations(office.view, office.at_ms):
            window = standing.record.volume.window
            in_time = window.from_ms <= office.at_ms and (window.until_ms is None or office.at_ms < window.until_ms)
            if standing.record.act.executing == office.party and in_time and standing.status in WAITS_FOR_ITS_TIME:
                cited = tuple(sorted(each.entry.id for each in standing.consents.values()))
                start = OperationStart(request=standing.record.request.entry.id, consents=cited)
                is_as_shown(drama, who, start, "may not start: ", standing.conditions)
                break


@settings(max_examples=deep(60, 20))
@given(moves=MOVES)
def test_what_is_agreed_is_cleared(moves: list[tuple[str, int, int, int]]) -> None:
    """The same of movements that are agreed."""
    drama = played(moves)
    for who in drama.offices:
        drama.keep_time(who)
        office = drama.world[who]
        for standing in movements(office.view, office.at_ms):
            late = "its window has passed without clearance" in standing.conditions
            if standing.record.requester == office.party and standing.status == "agreed" and not late:
                act = MovementClear(request=standing.record.request.entry.id)
                is_as_shown(drama, who, act, "may not be cleared: ", standing.conditions)
                break


@settings(max_examples=deep(60, 20))
@given(moves=MOVES)
def test_whatever_waits_waits_for_somebody(moves: list[tuple[str, int, int, int]]) -> None:
    """No office's view shows a thing that is not over, whose time is not over, and on which nobody owes anything."""
    drama = played(moves)
    for office in drama.world.offices.values():
        view, now_ms = office.view, office.at_ms
        about = {word for each in obligations(view, now_ms) for word in each.what.replace(",", " ").split()}
        standings: list[OperationStanding | MovementStanding] = [*operations(view, now_ms), *movements(view, now_ms)]
        for standing in standings:
            assert name_of(standing) in about or not waits(standing, now_ms), f"{standing.status} {standing.conditions}"


def is_as_shown(drama: Drama, who: str, act: Act, words: str, conditions: tuple[str, ...]) -> None:
    """An act is admitted where nothing of that kind is shown, and refused where something is."""
    shown = [each for each in conditions if each.startswith(words)]
    refused = drama.sign(who, act).refusal
    if refused is None or refused.rule not in OF_THE_SIGNER:
        assert (refused is None) is not bool(shown), f"{shown}: {refused}"
        assert refused is None or refused.problem in shown[0]


def waits(standing: OperationStanding | MovementStanding, now_ms: int) -> bool:
    """Whether somebody must owe something on it."""
    until_ms = standing.record.volume.window.until_ms
    is_past = until_ms is not None and now_ms >= until_ms
    return standing.status in GOES_ON or (standing.status in WAITS_FOR_SOMEBODY and not is_past)


def name_of(standing: OperationStanding | MovementStanding) -> str:
    """What obligations call it."""
    if isinstance(standing, OperationStanding):
        return standing.record.act.operation
    return standing.record.act.movement
