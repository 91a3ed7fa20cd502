"""Plays the boundary cases: text in, the same text out with each result drawn beneath its case.

A case is a line `kind title`, its values, a line `----` and the result. Lines that begin with `#` are prose.
"""

from collections.abc import Callable
from itertools import product

from comity.model import geometry
from comity.model.volume import Altitude, Band, Datum, Ring, Unit, Window, band_problem, ring_problem, window_problem

RULE = "----"
Values = dict[str, str]
MARKS = {
    ("outside", "outside"): ".",
    ("inside", "outside"): "a",
    ("edge", "outside"): "A",
    ("outside", "inside"): "b",
    ("outside", "edge"): "B",
    ("inside", "inside"): "*",
    ("edge", "edge"): "#",
    ("edge", "inside"): "+",
    ("inside", "edge"): "+",
}
DRAWN_MAX = 30


def play(text: str) -> str:
    """The text with every result computed anew."""
    return "\n\n".join(_played(block) for block in text.strip().split("\n\n")) + "\n"


def _played(block: str) -> str:
    lines = block.split("\n")
    case = lines[: lines.index(RULE)] if RULE in lines else lines
    head = [line for line in case if not line.startswith("#")]
    if not head:
        return block
    kind = head[0].split()[0]
    values = dict(line.split(maxsplit=1) for line in head[1:])
    return "\n".join([*case, RULE, *PLAYS[kind](values)])


def _rings(values: Values) -> list[str]:
    a, b = ring(values["a"]), ring(values["b"])
    meets, inside = geometry.rings_meet, geometry.ring_inside
    return [*_drawing(a, b), *_relations(meets(a, b), meets(b, a), inside(a, b), inside(b, a))]


def _bands(values: Values) -> list[str]:
    a, b = _band(values["a"]), _band(values["b"])
    meets, inside = geometry.bands_meet, geometry.band_inside
    return _relations(meets(a, b), meets(b, a), inside(a, b), inside(b, a))


def _windows(values: Values) -> list[str]:
    a, b = _window(values["a"]), _window(values["b"])
    meets, inside = geometry.windows_meet, geometry.window_inside
    return _relations(meets(a, b), meets(b, a), inside(a, b), inside(b, a))


def _point(values: Values) -> list[str]:
    (point,) = ring(values["point"])
    return [geometry.locate(*point, 1, ring(values["a"]))]


def _width(values: Values) -> list[str]:
    narrow = geometry.narrower_than(ring(values["a"]), int(values["metres"]))
    return [f"narrower: {_word(narrow)}"]


PLAYS: dict[str, Callable[[Values], list[str]]] = {
    "rings": _rings,
    "bands": _bands,
    "windows": _windows,
    "point": _point,
    "width": _width,
    "ring": lambda values: [ring_problem(ring(values["a"])) or "usable"],
    "band": lambda values: [band_problem(_band(values["a"])) or "usable"],
    "window": lambda values: [window_problem(_window(values["a"])) or "usable"],
}


def ring(text: str) -> Ring:
    """Points as `latitude,longitude` in 1e-7 degree, separated by blanks."""
    pairs = [point.split(",") for point in text.split()]
    return tuple((int(lat), int(lon)) for lat, lon in pairs)


def _band(text: str) -> Band:
    floor, ceiling = (_altitude(bound) for bound in text.split())
    return Band(floor, ceiling)


def _altitude(text: str) -> Altitude | None:
    """An altitude as `value:unit:datum`, or `-` for unbounded."""
    if text == "-":
        return None
    value, unit, datum = text.split(":")
    units: dict[str, Unit] = {"m": "m", "ft": "ft", "fl": "fl"}
    datums: dict[str, Datum] = {"amsl": "amsl", "agl": "agl", "wgs84": "wgs84", "pressure": "pressure"}
    return Altitude(int(value), units[unit], datums[datum])


def _window(text: str) -> Window:
    begin, end = text.split()
    return Window(int(begin), None if end == "-" else int(end))


def _relations(meet: bool, meet_turned: bool, a_inside: bool, b_inside: bool) -> list[str]:
    assert meet == meet_turned
    return [f"meet: {_word(meet)}", f"a inside b: {_word(a_inside)}", f"b inside a: {_word(b_inside)}"]


def _word(answer: bool) -> str:
    return "yes" if answer else "no"


def _drawing(a: Ring, b: Ring) -> list[str]:
    """North above, one mark for each point with whole coordinates; nothing for what is too large to draw."""
    boxes = geometry.ring_box(a), geometry.ring_box(b)
    south, west = (min(box[side] for box in boxes) for side in (0, 1))
    north, east = (max(box[side] for box in boxes) for side in (2, 3))
    if max(north - south, east - west) > DRAWN_MAX:
        return []
    places = product(range(north, south - 1, -1), range(west, east + 1))
    marks = [MARKS[geometry.locate(*place, 1, a), geometry.locate(*place, 1, b)] for place in places]
    width = east - west + 1
    return [" ".join(marks[start : start + width]) for start in range(0, len(marks), width)]
