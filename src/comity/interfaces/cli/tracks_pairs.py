"""Pairs of tracks in a CSV file, a pair a row: whether and when each loses separation if both fly on.

Not trusted: the file. A row that is malformed is counted, named by its line and answered by no guess; the others are.
"""

from __future__ import annotations

import argparse
import csv
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from comity.airspace.compiled import announced
from comity.airspace.fix import CLIMB_MPS_MAX, HEIGHT_M_MAX, HEIGHT_M_MIN, SPEED_MPS_MAX, Rejected
from comity.airspace.pairs import Motion, losses_two_by_two
from comity.airspace.sphere import FPM_MPS, FT_M, KT_MPS, NM_M, Floats, places_m, velocities_mps
from comity.interfaces.cli.speech import DONE, complain, say, say_json
from comity.interfaces.feeds.files import unpacked
from comity.interfaces.feeds.lines import Lines
from comity.interfaces.feeds.values import number, shown
from comity.model.errors import Malformed

HORIZONTAL_NM, VERTICAL_FT, AHEAD_S = 5.0, 1_000.0, 180.0
SHOWN_MOST = 100
ENCOUNTER_MOST = 64
COMPILING = "compiling the arithmetic of the sky, once on this machine: some seconds"
_HEIGHT, _CLIMB = "alt_ft", "vs_fpm"
LIMITS = {
    "lat_deg": (-90.0, 90.0),
    "lon_deg": (-180.0, 180.0),
    _HEIGHT: (HEIGHT_M_MIN / FT_M, HEIGHT_M_MAX / FT_M),
    "trk_deg": (-360.0, 360.0),
    "gs_kt": (0.0, SPEED_MPS_MAX / KT_MPS),
    _CLIMB: (-CLIMB_MPS_MAX / FPM_MPS, CLIMB_MPS_MAX / FPM_MPS),
}
COLUMNS = ("encounter", *(f"own_{name}" for name in LIMITS), *LIMITS)

_Row = tuple[int, str, tuple[float, ...]]  # line, encounter, own values, the other's values in the order of `LIMITS`


@dataclass(frozen=True, slots=True)
class Answer:
    """What is said of one row; `time_in_s` is when separation is lost, 0 if it is now, None if it is kept.

    A loss is uncertain where a height is not told: the two may be at any, so also at the same.
    """

    line: int
    encounter: str
    time_in_s: float | None
    is_uncertain: bool

    @property
    def is_conflict(self) -> bool:
        """Whether separation is lost within the look-ahead."""
        return self.time_in_s is not None


def run(args: argparse.Namespace) -> int:
    """Says each answer and each rejection; 0 whatever it finds."""
    with announced(lambda: complain(COMPILING)):
        found = pairs_of_file(
            Path(args.file),
            getattr(args, "horizontal_nm", HORIZONTAL_NM),
            getattr(args, "vertical_ft", VERTICAL_FT),
            getattr(args, "ahead_s", AHEAD_S),
        )
    answers = [each for each in found if isinstance(each, Answer)]
    rejects = [each for each in found if isinstance(each, Rejected)]
    if args.json:
        say_json(_document(answers, rejects))
    else:
        _tell(answers, rejects)
    return DONE


def pairs_of_file(
    path: Path, horizontal_nm: float = HORIZONTAL_NM, vertical_ft: float = VERTICAL_FT, ahead_s: float = AHEAD_S
) -> list[Answer | Rejected]:
    """An answer or a rejection for each row, in the file's order; a height that is not told meets all heights.

    Raises Misuse if the file cannot be read, Malformed if its header lacks a column.
    """
    read = list(_rows(path))
    rows = [each for each in read if not isinstance(each, Rejected)]
    times = losses_two_by_two(
        _motion([values for _, _, values in rows]), horizontal_nm * NM_M, vertical_ft * FT_M, ahead_s
    )
    begins = iter(times[:, 0].tolist())
    return [each if isinstance(each, Rejected) else _answer(each, next(begins)) for each in read]


def _answer(row: _Row, begin_s: float) -> Answer:
    untold = any(map(math.isnan, row[2]))
    return Answer(row[0], row[1], begin_s if math.isfinite(begin_s) else None, untold and math.isfinite(begin_s))


def _rows(path: Path) -> Iterator[_Row | Rejected]:
    at: list[int] = []
    lines, count = Lines(), 0
    for line in _lines(path, lines):
        count += 1
        if isinstance(line, Rejected):
            yield Rejected(count, line.reason)
            continue
        try:
            text = lines.text_of(line)
            cells = next(csv.reader([text], strict=True)) if text else []
            if not at:
                at = _header(cells)
            elif cells:
                yield (count, *_values([cells[n] if n < len(cells) else "" for n in at]))
        except (csv.Error, Malformed) as error:
            if not at:
                raise Malformed(f"{path}: {error}") from None
            yield Rejected(count, str(error))


def _lines(path: Path, lines: Lines) -> Iterator[bytes | Rejected]:
    """The lines of a file; where it breaks off, a rejection."""
    try:
        for chunk in unpacked(path):
            yield from lines.feed(chunk)
    except Malformed as error:
        yield from lines.end()
        yield Rejected(0, f"{error}; what is said above is not said of the whole file")
    yield from lines.end()


def _header(cells: Sequence[str]) -> list[int]:
    names = [cell.strip().removeprefix("\ufeff").strip().lower() for cell in cells]
    missing = [name for name in COLUMNS if name not in names]
    if missing:
        raise Malformed(f"no column {', '.join(missing)}; the first line names {', '.join(COLUMNS)}")
    return [names.index(name) for name in COLUMNS]


def _values(cells: Sequence[str]) -> tuple[str, tuple[float, ...]]:
    encounter, *rest = cells
    if not 0 < len(encounter) <= ENCOUNTER_MOST:
        raise Malformed(f"no encounter of 1 to {ENCOUNTER_MOST} characters")
    return encounter, tuple(_value(name, text) for name, text in zip(COLUMNS[1:], rest, strict=True))


def _value(name: str, text: str) -> float:
    """A number within its limits; NaN for a height that is not told."""
    plain_name = name.removeprefix("own_")
    value = number(text.strip(), name)
    if value is None:
        if plain_name == _HEIGHT:
            return math.nan
        raise Malformed(f"no {name}")
    least, most = LIMITS[plain_name]
    if not least <= value <= most:
        raise Malformed(f"the {name} is {shown(text)}, not between {least:.0f} and {most:.0f}")
    return value


def _motion(values: Sequence[tuple[float, ...]]) -> Motion:
    """Tracks two by two, as they stand in their rows."""
    table = np.array(values, float).reshape(-1, len(LIMITS))
    latitude, longitude, height_ft, track, speed_kt, climb_fpm = table.T
    known = ~np.isnan(height_ft)
    low, high = np.full((len(table), 2), -math.inf), np.full((len(table), 2), math.inf)
    low[known, 0] = high[known, 0] = height_ft[known] * FT_M
    doubt: Floats = np.zeros(len(table))
    return Motion(
        places_m(latitude, longitude),
        velocities_mps(latitude, longitude, track, speed_kt * KT_MPS),
        low,
        high,
        climb_fpm * FPM_MPS,
        doubt,
    )


def _document(answers: Sequence[Answer], rejects: Sequence[Rejected]) -> dict[str, Any]:
    return {
        "pairs": [
            {
                "line": each.line,
                "encounter": each.encounter,
                "conflict": each.is_conflict,
                "time_in_s": None if each.time_in_s is None else round(each.time_in_s, 3),
                "uncertain": each.is_uncertain,
            }
            for each in answers
        ],
        "rejects": [{"line": each.line, "reason": each.reason} for each in rejects],
        "counts": {
            "pairs": len(answers),
            "conflicts": sum(each.is_conflict for each in answers),
            "uncertain": sum(each.is_uncertain for each in answers),
            "rejects": len(rejects),
        },
    }


def _tell(answers: Sequence[Answer], rejects: Sequence[Rejected]) -> None:
    conflicts = [each for each in answers if each.time_in_s is not None]
    for each in conflicts[:SHOWN_MOST]:
        lost = "may be lost, a height is not told," if each.is_uncertain else "is lost"
        say(f"line {each.line}, encounter {each.encounter}: separation {lost} in {each.time_in_s:.1f} s")
    for what, listed in (("losses", conflicts), ("rejections", rejects)):
        if len(listed) > SHOWN_MOST:
            say(f"... {len(listed) - SHOWN_MOST} more {what}; --json lists all")
    for reject in rejects[:SHOWN_MOST]:
        say(f"rejected, line {reject.line}: {reject.reason}")
    if not answers and not rejects:
        say("the file holds no pair: nothing is known of any")
        return
    unsure = sum(each.is_uncertain for each in answers)
    maybe = f" ({unsure} of them uncertain: a height is not told)" if unsure else ""
    say(f"{len(conflicts)} of {len(answers)} pairs lose separation if both fly on{maybe}; {len(rejects)} rejected")
