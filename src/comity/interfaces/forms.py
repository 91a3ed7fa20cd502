"""What may stand in each field of an act, in words: read from its class, for help, the docs and every complaint."""

from __future__ import annotations

import re
from dataclasses import dataclass
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import msgspec
from msgspec import Meta

from comity.interfaces.words import RINGS
from comity.model.acts.agreement import After, Thing
from comity.model.acts.alone import Salt
from comity.model.acts.duty import LayerUsed
from comity.model.acts.flights import Address, Callsign, Code
from comity.model.acts.form import Hash, Identifier, Key, Note, Signature, TimeMs
from comity.model.acts.keys import OfficerName, Passkey
from comity.model.acts.movements import Route
from comity.model.acts.tracks import TrackIdentity
from comity.model.entry import Origin
from comity.model.volume import Band, Ring, Volume, Window

SUBJECTS = ("request", "seal", "activity", "declaration", "key", "lifts")
"""Keys that may be left away before the thing that an act is about."""

_ENTRY = "an entry: 8 digits or more of its hash, or north/12"
_HEX = re.compile(r"\^\[0-9a-f\]\{(\d+)\}\\Z")
_ID = "an id of 1 to 40 small letters, digits, dots and hyphens"


@dataclass(frozen=True, slots=True)
class Form:
    """What is allowed in words, an example, and how a JSON body writes it where that differs."""

    words: str
    example: str
    in_json: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """A field of an act as an officer writes it; `default` is what holds if it is left out."""

    name: str
    key: str
    form: Form
    required: bool
    default: str

    @property
    def sample(self) -> str:
        """The field written as an officer would."""
        return self.form.example if "=" in self.form.example else f"{self.key}={self.form.example}"


_KNOWN: tuple[tuple[Any, Form], ...] = (
    (After, Form("what it follows: entries joined by commas", "none", "a list of hashes")),
    (Thing, Form("a thing that is voted on, such as terms, floor or area/a-1", "area/a-1")),
    (Hash, Form(_ENTRY, "3f2a90c1", "64 digits of hex")),
    (Key, Form("an officer's working name, south/ben for another party's, or a public key", "ann", "64 digits of hex")),
    (Salt, Form("64 digits of hex", "5a" * 32)),
    (Signature, Form("128 digits of hex, as comity keys prove says them", "00" * 64)),
    (Passkey, Form("a WebAuthn public key, es256:... or ed25519:...", "ed25519:" + "00" * 32)),
    (OfficerName, Form("a working name of 1 to 40 characters, no more", "ann")),
    (Identifier, Form(_ID, "a-1")),
    (Origin, Form("the name of a log", "pact/north")),
    (Address, Form("the aircraft's 24-bit address: 6 small digits of hex, or nothing", "4b1805")),
    (Callsign, Form("2 to 8 capital letters and digits, or nothing", "RESCUE1")),
    (Code, Form("a transponder code: 4 digits from 0 to 7, or nothing", "7000")),
    (TrackIdentity, Form("what a track goes by: its address, callsign or name", "4b1805")),
    (Note, Form("text of at most 280 characters; @FILE takes it from a file", "'as told by line'")),
    (
        TimeMs,
        Form(
            "a time in UTC: 10:15 (today; of an end that is past: tomorrow), +10m, +2h or 2016-09-20T10:15Z",
            "+2h",
            "milliseconds UTC since 1970",
        ),
    ),
    (
        Ring,
        Form(
            f"3 to 256 points in degrees: {RINGS}; km or m",
            "'@square(36.20,37.10,6km)'",
            "a list of [latitude, longitude] in 1e-7 degree",
        ),
    ),
    (
        Route,
        Form("2 to 128 points latitude/longitude in degrees, joined by commas", "36.1/37.1,36.3/37.2", "as a ring"),
    ),
    (
        Band,
        Form(
            "floor..ceiling in m, ft or fl: 0m..3000m, ..fl200, 100m-agl.., or .. for all heights; "
            "amsl unless agl, wgs84 or pressure is said",
            "0m..3000m",
            "floor and ceiling, each null or value, unit (m, ft, fl) and datum (amsl, agl, wgs84, pressure)",
        ),
    ),
    (
        Window,
        Form(
            "from..until in UTC: 10:00..12:00, 23:00..01:00 over midnight, +1h..+3h, or 10:00.. without an end",
            "+1h..+3h",
            "from_ms and until_ms, milliseconds UTC since 1970; until_ms may be null",
        ),
    ),
    (
        Volume,
        Form(
            "volume.ring, volume.band and volume.window; or an entry, whose volume it takes",
            "volume.ring='@square(36.20,37.10,6km)' volume.band=0m..3000m volume.window=+1h..+3h",
            "ring, band and window",
        ),
    ),
)

MEANINGS: dict[tuple[str, Any], tuple[str, str]] = {
    ("activity", Hash): ("the declaration, " + _ENTRY, "3f2a90c1"),
    ("activity", Identifier): ("your name for the activity, " + _ID, "act-1"),
    ("aircraft_class", Identifier): ("a class of aircraft of the agreement", "transport"),
    ("alternative", Hash): ("the alternative, " + _ENTRY, "77ab01fe"),
    ("area", Identifier): ("the area's name, " + _ID, "a-1"),
    ("authorisation", Identifier): ("the authorisation's name, " + _ID, "auth-1"),
    ("category", Identifier): ("a category of the agreement", "medical"),
    ("ciphertext", Hash): ("SHA-256 of the ciphertext that holds it, 64 digits of hex", "5a" * 32),
    ("commitment", Hash): ("SHA-256 of what is committed to, 64 digits of hex", "5a" * 32),
    ("consent", Hash): ("the consent, " + _ENTRY, "90c1aa02"),
    ("content", Hash): ("content(3f2a90c1) of a proposal; none declines", "content(3f2a90c1)"),
    ("declaration", Hash): ("the flight's declaration, " + _ENTRY, "3f2a90c1"),
    ("digest", Hash): ("a state digest, 64 digits of hex", "5a" * 32),
    ("executing", Identifier): ("the participant that executes", "north"),
    ("fact", Identifier): ("your name for the fact, " + _ID, "f-1"),
    ("flight", Identifier): ("your name for the flight, " + _ID, "fl-1"),
    ("flight", Hash): ("the flight's declaration, or the movement's request, " + _ENTRY, "3f2a90c1"),
    ("group", Identifier): ("a group of the agreement", "g-1"),
    ("layer", Identifier): ("your name for the layer, " + _ID, "sites"),
    ("movement", Identifier): ("your name for the movement, " + _ID, "m-1"),
    ("operation", Identifier): ("your name for the operation, " + _ID, "op-1"),
    ("operator", Identifier): ("an operator of the agreement, or a participant", "relief"),
    ("other", Hash): ("what the flight conflicts with, " + _ENTRY, "77ab01fe"),
    ("overlap", Hash): ("what it overlaps, " + _ENTRY, "77ab01fe"),
    ("precondition", Identifier): ("a precondition of the agreement", "p-1"),
    ("query", Hash): ("the query, " + _ENTRY, "77ab01fe"),
    ("reason", Identifier): ("the code of a reason of the agreement", "unsafe"),
    ("request", Hash): ("the request, " + _ENTRY, "3f2a90c1"),
    ("seal", Hash): ("the seal, " + _ENTRY, "3f2a90c1"),
    ("seat", Identifier): ("a seat of the agreement", "duty"),
    ("terms", Hash): ("the founding file (founding), or the hash of terms", "founding"),
    ("tier", Identifier): ("a tier of the agreement", "t1"),
    ("unit", Identifier): ("a unit of the agreement", "north-guards"),
    ("with_participant", Identifier): ("the participant at the other end", "south"),
}
"""What a field is, where its name says more than its type; the docs test asks a row for every id and hash."""

COMPLETED: dict[tuple[str, str], str] = {
    ("change.vote", "after"): "as the proposal says",
    ("change.vote", "content"): "as the proposal says",
    ("change.vote", "round"): "the first that is open",
    ("change.vote", "thing"): "as the proposal says",
    ("operation.confirm", "consent"): "your newest to that request that stands",
    ("operation.consent", "executing"): "as the request says",
    ("operation.start", "consents"): "one of each giver, that stands if any does",
    ("operation.withdraw", "consent"): "each of yours to that request that stands",
    ("precaution.check", "layers"): "the newest of each own layer",
    ("threat.seal", "commitment"): "made with --opening",
    ("threat.seal", "salt_for_root"): "made with --opening",
    ("threat.open", "note"): "as the opening says",
    ("threat.open", "salt"): "as the opening says",
    ("threat.open", "seal"): "the one that the opening fits",
    ("threat.open", "volume"): "as the opening says",
}
"""What the office knows, so that an officer may leave it out; see `writing.completed`."""


def key_of(name: str) -> str:
    """A field as officers write it: a time without its unit, a count without its word."""
    return name.removesuffix("_ms").removesuffix("_count")


def fields_of(kind: type[msgspec.Struct]) -> list[Field]:
    """The fields in the order of the class, each with its form."""
    hints = get_type_hints(kind, include_extras=True)
    found = []
    for each in msgspec.structs.fields(kind):
        known = COMPLETED.get((getattr(kind, "name", ""), each.name))
        default = known or ("" if each.required else _default(each))
        required = each.required and known is None
        found.append(Field(each.name, key_of(each.name), form_of(each.name, hints[each.name]), required, default))
    return found


def form_of(name: str, kind: Any) -> Form:
    """The form of a field by its type, and by its name where that says more."""
    inner, optional = unwrapped(kind)
    form = plain_form(inner, name)
    for (known, of), (words, example) in MEANINGS.items():
        if known == name and of == inner:
            form = Form(words, example, form.in_json)
    if not optional:
        return form
    return Form(f"{form.words}, or none", form.example, f"{form.in_json or form.words}, or null")


def unwrapped(kind: Any) -> tuple[Any, bool]:
    """The type without None, and whether None is allowed; a union of several stays as it is."""
    if get_origin(kind) not in (Union, UnionType):
        return kind, False
    inner = [each for each in get_args(kind) if each is not type(None)]
    return (inner[0] if len(inner) == 1 else kind), len(inner) < len(get_args(kind))


def plain_form(kind: Any, name: str = "") -> Form:
    """The form of a type without None; `name` is that of its field."""
    for known, form in _KNOWN:
        if kind == known:
            return form
    marks = [each for each in getattr(kind, "__metadata__", ()) if isinstance(each, Meta)]
    plain = get_args(kind)[0] if marks else kind
    mark = marks[0] if marks else Meta()
    if plain is bool:
        return Form("yes or no", "yes", "true or false")
    if get_origin(plain) is Literal:
        values = get_args(plain)
        return Form(f"one of {', '.join(map(str, values))}", str(values[0]), f"one of {', '.join(map(str, values))}")
    if plain is int:
        return Form(f"a whole number {_range(mark)}".rstrip(), str(mark.ge or 0))
    if get_origin(plain) is tuple:
        return _list_form(get_args(plain)[0], mark, name)
    if plain is str and mark.pattern is not None:
        digits = _HEX.match(mark.pattern)
        return Form(f"{digits[1]} digits of hex" if digits else "text of its form", "")
    if plain is str and mark.max_length is not None:
        return Form(f"text of at most {mark.max_length} characters; @FILE takes it from a file", "@FILE")
    return Form("text", "text") if plain is str else Form("", "")


def _list_form(item: Any, mark: Meta, name: str) -> Form:
    if item is LayerUsed:
        return Form("the entries of the layers read, joined by commas", "current")
    inner = form_of(name.removesuffix("s"), item)
    count = f"{mark.min_length or 0} to {mark.max_length}" if mark.max_length is not None else "any number"
    inside = f", each {inner.in_json or inner.words}" if inner.words else ""
    return Form(f"{count}, joined by commas, each {inner.words}", inner.example, f"a list of {count}{inside}")


def _range(mark: Meta) -> str:
    low, high = mark.ge, mark.le if mark.le is not None else mark.lt
    if low is None and high is None:
        return ""
    if high is None or high >= 1 << 53:
        return f"from {low}"
    return f"from {low} to {high}"


def shown(value: Any) -> str:
    """A plain value as an officer writes it."""
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | dict):
        return msgspec.json.encode(value).decode()
    return str(value) if value not in ("", ()) else ""


def _default(field: msgspec.structs.FieldInfo) -> str:
    if field.name == "after":
        return "what is in force"
    if field.name.endswith("_ms") and field.default == 0:
        return "the beginning"
    return shown(field.default)
