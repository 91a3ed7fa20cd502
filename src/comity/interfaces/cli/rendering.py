"""An act in plain words, read from the very bytes that will be signed and from nothing else.

Trusted: `describe`, to say which entry a hash is; the digits stand beside whatever it says.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from hashlib import sha256
from math import cos, radians
from typing import Any

import msgspec

from comity.interfaces.cli.act_page import sentence_of
from comity.interfaces.cli.speech import pairs
from comity.interfaces.plain import plain
from comity.interfaces.times import moment_text
from comity.model.acts import Act
from comity.model.acts.agreement import Vote
from comity.model.acts.operations import Hold
from comity.model.entry import NO_ENTRY, Entry
from comity.model.errors import Malformed
from comity.model.volume import RING_POINTS_MAX, Altitude, Band, Ring, Volume, Window

Describe = Callable[[str], str]
SHORT = 8
POINTS_MOST = 8
_HASH_CHARACTERS = 64
_DEG = 1e7
_KM_PER_DEG = 111.2
_READ_ALOUD = 400
_SIGNATURE = re.compile("[0-9a-f]{128}")
_GROUP = 4
_UNBOUNDED = "unbounded"
LEFT_OUT: dict[tuple[str, str], str] = {
    ("area.propose", "from_ms"): "when all have voted for it",
    ("floor.propose", "stands"): "no: the safety floor ends",
    ("hold.place", "until_ms"): "every signatory lifts it",
    ("key.enrol", "passkey"): "none: the key alone signs",
    ("key.rotate", "passkey"): "none: the key alone signs",
    ("movement.agree", "alternative"): "none: to the request as it was made",
}
"""What it does to leave out a field that is neither a number nor a yes or no, for these show what they are."""


def in_words(entry: Entry, describe: Describe) -> str:
    """The entry as its officer must read it before signing; Malformed if its act cannot be read."""
    if not isinstance(entry.act, Act):
        raise Malformed(f"the office gave bytes whose act cannot be read: {entry.act.problem}; sign nothing")
    lines = [("act", f"{entry.act.name}: {_deed(entry.act, describe)}")]
    lines += [(f"  {name}", text) for name, text in lines_of(entry.act, describe)]
    return pairs(lines + _header_lines(entry, describe))


def as_it_stands(entry: Entry, describe: Describe) -> str:
    """An entry that was signed, with every point of its rings; one whose act cannot be read says so."""
    if isinstance(entry.act, Act):
        lines = [("act", entry.act.name)]
        lines += [(f"  {name}", text) for name, text in lines_of(entry.act, describe, RING_POINTS_MAX)]
    else:
        lines = [("act", f"{entry.header.act}, which cannot be read here: {entry.act.problem}")]
    return pairs(lines + _header_lines(entry, describe))


def lines_of(act: Act, describe: Describe, points_most: int = POINTS_MOST) -> list[tuple[str, str]]:
    """Each field of an act in words; one that is left out stands there too if leaving it out does anything.

    A ring of more points than `points_most` is given by its extent only.
    """
    found = []
    if isinstance(act, Hold) and act.request is None and act.volume is None:
        found.append(("over", "every start, everywhere"))
    for each in msgspec.structs.fields(act):
        value, name = getattr(act, each.name), each.name.removesuffix("_ms")
        is_left_out = not each.required and value == each.default
        if is_left_out and (act.name, each.name) in LEFT_OUT:
            found.append((name, LEFT_OUT[act.name, each.name]))
        elif each.name == "route" and value is not None:
            found.append((name, f"{len(value)} points: {_points(value)}"))
        elif not is_left_out or isinstance(value, int):
            found.append((name, moment_text(value) if name != each.name else _text(value, describe, points_most)))
    return found


def ring_text(points: Ring) -> str:
    """How many points a ring has, and between what degrees it lies."""
    south, north = min(each[0] for each in points), max(each[0] for each in points)
    west, east = min(each[1] for each in points), max(each[1] for each in points)
    return (
        f"{len(points)} points between {south / _DEG:.4f} and {north / _DEG:.4f} north, "
        f"{west / _DEG:.4f} and {east / _DEG:.4f} east"
    )


def place_text(points: Ring, points_most: int) -> str:
    """What `ring_text` says, the centre and the extent, and the points themselves if they are not too many."""
    south, north = min(each[0] for each in points), max(each[0] for each in points)
    west, east = min(each[1] for each in points), max(each[1] for each in points)
    middle = ((south + north) // 2, (west + east) // 2)
    wide_km = (east - west) / _DEG * _KM_PER_DEG * cos(radians(middle[0] / _DEG))
    long_km = (north - south) / _DEG * _KM_PER_DEG
    extent = f"about {wide_km:.1f} km east to west and {long_km:.1f} km south to north around {_points((middle,))}"
    listed = (
        f"points {_points(points)}"
        if len(points) <= points_most
        else "more points than stand here, comity show OFFICE entry lists them"
    )
    return f"{ring_text(points)}; {extent}; {listed}"


def band_text(band: Band) -> str:
    """From what altitude up to what."""
    return f"from {_altitude(band.floor)} up to {_altitude(band.ceiling)}"


def _header_lines(entry: Entry, describe: Describe) -> list[tuple[str, str]]:
    header = entry.header
    seen = ", ".join(f"{origin} {size}" for origin, (size, _) in sorted(header.seen.items()))
    lines = [
        ("log", f"{header.origin}, entry {header.seq}"),
        ("seat", header.seat),
        ("key", f"{header.key[:SHORT]}..."),
        ("time", moment_text(header.at)),
        ("terms", describe(header.terms)),
        ("having seen", seen or "nothing"),
    ]
    if header.second is not None:
        lines.append(("second", f"{header.second.seat}, key {header.second.key[:SHORT]}..."))
    return lines


def _text(value: Any, describe: Describe, points_most: int = POINTS_MOST) -> str:
    match value:
        case None:
            return "none"
        case bool():
            return "yes" if value else "no"
        case Volume():
            return f"{place_text(value.ring, points_most)}; {band_text(value.band)}; {_window(value.window)}"
        case Window():
            return _window(value)
        case Band():
            return band_text(value)
        case str():
            return _string(value, describe)
        case msgspec.Struct():
            return ", ".join(f"{each} {_text(getattr(value, each), describe)}" for each in value.__struct_fields__)
        case tuple() if value and isinstance(value[0], tuple):
            return place_text(value, points_most)
        case tuple():
            return ", ".join(_text(each, describe) for each in value) or "none"
        case _:
            return str(value)


def _points(points: Ring) -> str:
    """Latitude north and longitude east of each, whole."""
    return ", ".join(f"{_degrees(north)}/{_degrees(east)}" for north, east in points)


def _degrees(e7: int) -> str:
    """Exactly, four digits at least."""
    text = f"{e7 / _DEG:.7f}"
    return text[:-3] if text.endswith("000") else text


def _string(text: str, describe: Describe) -> str:
    """Hashes with what they stand for; texts whole, but what nobody reads aloud by its length and its own hash."""
    if len(text) == _HASH_CHARACTERS and text != NO_ENTRY and not text.strip("0123456789abcdef"):
        return describe(text)
    if _SIGNATURE.fullmatch(text):
        return f"{text[:SHORT]}... of {len(text)} digits"
    if len(text) <= _READ_ALOUD and (" " in text or len(text) <= _HASH_CHARACTERS * 2):
        return plain(text)
    digest = sha256(text.encode()).hexdigest()
    groups = " ".join(digest[start : start + _GROUP] for start in range(0, len(digest), _GROUP))
    return f"{plain(text[:SHORT])}... of {len(text)} characters, SHA-256 {groups}"


def _altitude(altitude: Altitude | None) -> str:
    return f"{altitude.value} {altitude.unit} {altitude.datum}" if altitude is not None else _UNBOUNDED


def _window(window: Window) -> str:
    until = moment_text(window.until_ms) if window.until_ms is not None else "no end"
    return f"{moment_text(window.from_ms)} to {until}"


def _deed(act: Act, describe: Describe) -> str:
    """What signing it does; of a vote, which way it goes."""
    if isinstance(act, Vote):
        if act.content is None:
            return f"you DECLINE: your vote in this round is for nothing that is proposed about {act.thing}"
        return f"you vote FOR {describe(act.content)}"
    text = sentence_of(type(act))
    return f"{text[:1].lower()}{text[1:]}".rstrip(".")
