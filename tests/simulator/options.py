"""What a seed decides: how long, how many offices, and how the world mistreats them."""

from __future__ import annotations

import random
from dataclasses import dataclass

from comity.model.spans import HOUR_MS


@dataclass(frozen=True, slots=True)
class Options:
    """Rates are means of random waits for each office; `None` for what does not happen."""

    names: tuple[str, ...]
    hours: int
    deed_every_ms: int
    loss: float
    double: float
    slow: float
    cut_every_ms: int
    cut_longest_ms: int
    crash_every_ms: int
    lost_tails: bool
    old_backups: bool
    clock_jump_every_ms: int | None
    liar: str | None
    disk_fault: float


def options_of(seed: int) -> Options:
    """The options of a seed, always the same."""
    dice = random.Random(f"options {seed}")
    names = ("north", "south", "east", "centre")[: dice.choice((3, 4, 4))]
    hours = dice.choice((12, 24, 24, 48, 72))
    liar = dice.choice(names) if len(names) == 4 and dice.random() < 0.25 else None
    return Options(
        names=names,
        hours=hours,
        deed_every_ms=hours * HOUR_MS // dice.randint(140, 200),
        loss=dice.choice((0.0, 0.05, 0.2, 0.6)),
        double=dice.choice((0.0, 0.1)),
        slow=dice.choice((0.0, 0.1, 0.3)),
        cut_every_ms=hours * HOUR_MS // dice.randint(4, 6),
        cut_longest_ms=dice.choice((HOUR_MS, 6 * HOUR_MS, hours * HOUR_MS)),
        crash_every_ms=hours * HOUR_MS // dice.randint(4, 6),
        lost_tails=dice.random() < 0.5,
        old_backups=liar is None and dice.random() < 0.4,
        clock_jump_every_ms=hours * HOUR_MS if dice.random() < 0.3 else None,
        liar=liar,
        disk_fault=dice.choice((0.0, 0.002, 0.01)),
    )
