"""Every move by name, and how often each is made."""

from __future__ import annotations

from collections.abc import Callable

from properties.drama import Drama
from properties.moves_changes import (
    agree_all,
    amend,
    amend_across_votes,
    end_floor,
    lift,
    propose_area,
    resume,
    suspend,
    vote,
    vote_anew,
)
from properties.moves_flights import answer_conflict, declare_flight, move_flight
from properties.moves_movements import accept, answer_movement, ask_movement, clear, finish_movement, offer
from properties.moves_offices import (
    change_key,
    check_line,
    deliver,
    deliver_some,
    fact,
    fork,
    hold,
    seal,
    share,
    step_clock,
    tick,
    unseal,
    watch,
)
from properties.moves_operations import consent, end, propose, ready, start, withdraw
from properties.moves_races import handshake, race, spoiled

MOVES: dict[str, Callable[[Drama, int, int, int], bool]] = {
    each.__name__: each
    for each in (
        deliver,
        deliver_some,
        share,
        tick,
        propose_area,
        vote,
        agree_all,
        propose,
        consent,
        withdraw,
        start,
        ready,
        race,
        spoiled,
        end,
        hold,
        lift,
        suspend,
        resume,
        amend,
        amend_across_votes,
        vote_anew,
        end_floor,
        fact,
        ask_movement,
        answer_movement,
        offer,
        accept,
        clear,
        handshake,
        finish_movement,
        declare_flight,
        move_flight,
        answer_conflict,
        check_line,
        watch,
        change_key,
        seal,
        unseal,
        step_clock,
        fork,
    )
}

WEIGHTS = {
    "deliver": 4,
    "deliver_some": 3,
    "share": 2,
    "tick": 3,
    "ready": 2,
    "race": 4,
    "spoiled": 6,
    "start": 4,
    "handshake": 4,
    "end": 3,
    "lift": 2,
    "amend_across_votes": 2,
    "vote_anew": 3,
    "withdraw": 2,
    "finish_movement": 2,
    "answer_conflict": 3,
}
"""How many times as often as the others a move is made; suspensions and forks end much, and are made seldom."""

PLAYED = tuple(name for name in MOVES for _ in range(WEIGHTS.get(name, 1)))


def play(drama: Drama, move: str, a: int = 0, b: int = 0, c: int = 0) -> None:
    """Makes one move; what cannot be done becomes a delivery."""
    if not MOVES[move](drama, a, b, c):
        deliver(drama, a, b, c)
