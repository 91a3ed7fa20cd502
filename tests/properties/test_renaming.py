"""The engine knows no name: renaming everything in the agreement and in the acts changes no verdict."""

from __future__ import annotations

from hypothesis import example, given, settings
from hypothesis import strategies as st

from laws.agreement import Draft, Names
from properties.drama import Drama
from properties.moves import play
from properties.test_orders import MOVES
from thorough import deep

LETTERS = st.text(alphabet="abcdefghijklmnopqrstuvwxyz0123456789", min_size=1, max_size=12)


def verdicts(moves: list[tuple[str, int, int, int]], names: Names) -> list[list[tuple[str, int, str, str | None]]]:
    """What every office makes of each entry that it holds, in the order in which they came."""
    drama = Drama(Draft(names=names))
    for move, a, b, c in moves:
        play(drama, move, a, b, c)
    drama.world.share()
    return [
        [
            (name, taken.entry.seq, taken.entry.header.act, taken.refusal.rule if taken.refusal else None)
            for taken in office.history.entries
        ]
        for name, office in drama.world.offices.items()
    ]


@settings(max_examples=deep(12, 6))
@given(moves=MOVES, stem=LETTERS)
@example(moves=[("spoiled", 0, 4, 1), ("handshake", 1, 0, 2), ("lift", 0, 0, 1)], stem="z")
def test_renaming_changes_no_verdict(moves: list[tuple[str, int, int, int]], stem: str) -> None:
    """Whoever the parties, groups, areas, seats and tiers are, each entry has the same verdict and rule."""
    renamed = Names(write=lambda name: f"{stem}-{name[::-1]}")
    assert verdicts(moves, renamed) == verdicts(moves, Names())
