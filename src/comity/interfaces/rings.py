"""The rings of an agreement's distances, drawn once and written into its file (law 24).

What a ring holds is every place within the distance of its line, a little more where an arc is drawn by corners, and
round the ends of the line too. Only the tables `[[distance]]` change, and of them only `ring`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from comity.airspace.buffers import corridor
from comity.model.errors import Misuse
from comity.model.terms import Distance
from comity.model.terms_file import load
from comity.model.volume import Point, Ring

POINTS_A_LINE = 4
_TABLE = "[[distance]]"
_RING = re.compile(r"^ring = \[.*?^\]\n|^ring = \[.*\]\n", re.MULTILINE | re.DOTALL)


def drawn(text: str, lines: Mapping[str, Sequence[Point]]) -> tuple[str, list[str]]:
    """The file with the rings of all distances from those lines, and the names of these; raises Misuse."""
    terms = load(text.encode(), None).terms
    if terms is None:
        raise Misuse("the file is not sound yet; comity agreement check says what is wrong")
    unknown = set(lines) - {each.line for each in terms.distance}
    if unknown:
        known = ", ".join(sorted({each.line for each in terms.distance})) or "none"
        raise Misuse(f"no distance is measured from {min(unknown)}; lines of the file: {known}")
    parts = list(_parts(text))
    names = []
    tables = [number for number, part in enumerate(parts) if part.startswith(_TABLE)]
    for number, distance in zip(tables, terms.distance, strict=True):
        if distance.line in lines:
            parts[number] = _with_ring(parts[number], _ring_of(distance, lines[distance.line]))
            names.append(distance.id)
    written = "".join(parts)
    for problem in load(written.encode(), None).problems:
        if problem.severity == "error":
            raise Misuse(f"with these rings the file would not be sound: {problem}")
    return written, names


def _ring_of(distance: Distance, line: Sequence[Point]) -> Ring:
    try:
        return corridor(line, distance.distance_m)
    except Misuse as error:
        raise Misuse(f"distance {distance.id}: {error}") from None


def _parts(text: str) -> Iterator[str]:
    """The text cut before each table's head."""
    cuts = [found.start() for found in re.finditer(r"^\[", text, re.MULTILINE)]
    for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True):
        yield text[start:end]


def _with_ring(table: str, ring: Ring) -> str:
    rows = [ring[start : start + POINTS_A_LINE] for start in range(0, len(ring), POINTS_A_LINE)]
    points = "".join("    " + " ".join(f"[{lat}, {lon}]," for lat, lon in row) + "\n" for row in rows)
    body = _RING.sub("", table).rstrip("\n")
    lines = body.split("\n")
    last = max(number for number, line in enumerate(lines) if line and not line.startswith("#"))
    after = table[len(table.rstrip("\n")) :] or "\n"
    comment = "\n".join(lines[last + 1 :])
    return "\n".join(lines[: last + 1]) + f"\nring = [\n{points}]\n" + (f"{comment}\n" if comment else "") + after[1:]
