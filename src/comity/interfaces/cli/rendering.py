"""An act in plain words, read from the very bytes that will be signed and from nothing else.

Trusted: `describe`, to say which entry a hash is; the digits stand beside whatever it says.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from hashlib import sha256
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
from comity.model.volume import Altitude, Band, Ring, Volume, Window

Describe = Callable[[str], str]
SHORT = 8
_HASH_CHARACTERS = 64
_DEG = 1e7
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
    act, header = entry.act, entry.header
    if not isinstance(act, Act):
        raise Malformed(f"the office gave bytes whose act cannot be read: {act.problem}; sign nothing")
    seen = ", ".join(f"{origin} {size}" for origin, (size, _) in sorted(header.seen.items()))
    lines: list[tuple[str, str]] = [("act", f"{act.name}: {_deed(act, describe)}")]
    lines += [(f"  {name}", text) for name, text in lines_of(act, describe)]
    lines += [
        ("log", f"{header.origin}, entry {header.seq}"),
        ("seat", header.seat),
        ("key", f"{header.key[:SHORT]}..."),
        ("time", moment_text(header.at)),
        ("terms", describe(header.terms)),
        ("having seen", seen or "nothing"),
    ]
    if header.second is not None:
        lines.append(("second", f"{header.second.seat}, key {header.second.key[:SHORT]}..."))
    return pairs(lines)


def lines_of(act: Act, describe: Describe) -> list[tuple[str, str]]:
    """Each field of an act in words; one that is left out stands there too if leaving it out does anything."""
    found = []
    if isinstance(act, Hold) and act.request is None and act.volume is None:
        found.append(("over", "every start, everywhere"))
    for each in msgspec.structs.fields(act):
        value, name = getattr(act, each.name), each.name.removesuffix("_ms")
        is_left_out = not each.required and value == each.default
        if is_left_out and (act.name, each.name) in LEFT_OUT:
            found.append((name, LEFT_OUT[act.name, each.name]))
        elif not is_left_out or isinstance(value, int):
            found.append((name, moment_text(value) if name != each.name else _text(value, describe)))
    return found


def ring_text(points: Ring) -> str:
    """How many points a ring has, and between what degrees it lies."""
    south, north = min(each[0] for each in points), max(each[0] for each in points)
    west, east = min(each[1] for each in points), max(each[1] for each in points)
    return (
        f"{len(points)} points between {south / _DEG:.4f} and {north / _DEG:.4f} north, "
        f"{west / _DEG:.4f} and {east / _DEG:.4f} east"
    )


def band_text(band: Band) -> str:
    """From what altitude up to what."""
    return f"from {_altitude(band.floor)} up to {_altitude(band.ceiling)}"


def _text(value: Any, describe: Describe) -> str:
    match value:
        case None:
            return "none"
        case bool():
            return "yes" if value else "no"
        case Volume():
            return f"{ring_text(value.ring)}; {band_text(value.band)}; {_window(value.window)}"
        case Window():
            return _window(value)
        case Band():
            return band_text(value)
        case str():
            return _string(value, describe)
        case msgspec.Struct():
            return ", ".join(f"{each} {_text(getattr(value, each), describe)}" for each in value.__struct_fields__)
        case tuple() if value and isinstance(value[0], tuple):
            return ring_text(value)
        case tuple():
            return ", ".join(_text(each, describe) for each in value) or "none"
        case _:
            return str(value)


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
