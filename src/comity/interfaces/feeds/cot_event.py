"""One event of CoT as a fix, read by an XML parser that takes no document type, no entity and no depth.

Only what flies is taken: an event whose type is not a-?-A is refused, so that no person and no vehicle on the ground
is ever held here. Whose the type says it is (the second letter) is not read. `hae` is metres above the ellipsoid, `ce`
and `le` are the doubts about place and height, 9999999 meaning unknown; speeds are metres a second.
Not trusted: the event.
"""

from __future__ import annotations

from xml.parsers import expat

from comity.airspace.fix import Fix
from comity.interfaces.feeds.values import moment_ms, number, place, shown, sound, untimed_doubt_m
from comity.model.errors import Malformed

DEPTH_MOST = 16
PARTS_MOST = 256
UNKNOWN = 9_999_999.0
ADDRESS_UIDS = ("ICAO-", "ICAO")
_KEPT = {(1, "event"), (2, "point"), (3, "track"), (3, "contact")}
_HEX = "0123456789ABCDEFabcdef"


class _Parts:
    """The elements of one event that matter, the first of each kind, by name."""

    def __init__(self) -> None:
        self.found: dict[str, dict[str, str]] = {}
        self._depth = 0
        self._count = 0
        self._parser = expat.ParserCreate("utf-8")
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.StartDoctypeDeclHandler = self._document_type
        self._parser.EntityDeclHandler = self._entity

    def read(self, data: bytes) -> dict[str, dict[str, str]]:
        try:
            self._parser.Parse(data, True)
        except expat.ExpatError as error:
            raise Malformed(f"no XML: {error}") from None
        except (ValueError, UnicodeError):
            raise Malformed("no XML: characters that stand for nothing") from None
        return self.found

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        self._count += 1
        if self._depth > DEPTH_MOST or self._count > PARTS_MOST:
            raise Malformed(f"an event of more than {PARTS_MOST} elements, or more than {DEPTH_MOST} deep")
        if (self._depth, name) in _KEPT:
            self.found.setdefault(name, attributes)

    def _end(self, name: str) -> None:
        self._depth -= 1

    def _document_type(self, *declared: object) -> None:
        raise Malformed("an event with a document type")

    def _entity(self, *declared: object) -> None:
        raise Malformed("an event that declares an entity")


def cot_fix(data: bytes, source: str, arrived_ms: int | None, by_arrival: bool = False) -> Fix:
    """The fix that an event tells; Malformed if it tells none."""
    found = _Parts().read(data)
    event, point = found.get("event"), found.get("point")
    if event is None:
        raise Malformed("no event of CoT")
    _check_kind(event.get("type", ""))
    if point is None:
        raise Malformed("an event without a point")
    at_ms = _at_ms(event, arrived_ms, by_arrival)
    track = found.get("track", {})
    latitude, longitude = place(number(point.get("lat", ""), "latitude"), number(point.get("lon", ""), "longitude"))
    speed_mps = _known(track.get("speed", ""), "speed")
    uid = event.get("uid", "").strip()
    of = _address(uid)
    doubt_m = _known(point.get("ce", ""), "circular error") or 0.0
    return sound(
        Fix(
            source=source,
            at_ms=at_ms,
            arrived_ms=at_ms if arrived_ms is None else arrived_ms,
            latitude_deg=latitude,
            longitude_deg=longitude,
            address=of,
            callsign=found.get("contact", {}).get("callsign", "").strip().upper(),
            name="" if of else uid,
            geometric_m=_known(point.get("hae", ""), "height"),
            speed_mps=speed_mps,
            track_deg=_known(track.get("course", ""), "course"),
            doubt_m=doubt_m + (untimed_doubt_m(speed_mps) if by_arrival else 0.0),
            height_doubt_m=_known(point.get("le", ""), "linear error") or 0.0,
        )
    )


def _check_kind(kind: str) -> None:
    parts = kind.split("-")
    if len(parts) < 3 or parts[0] != "a" or parts[2] != "A":
        raise Malformed(f"not an aircraft: type {shown(kind)}")


def _at_ms(event: dict[str, str], arrived_ms: int | None, by_arrival: bool) -> int:
    """The event's `time`; one that was stale when it came is refused."""
    if by_arrival:
        if arrived_ms is None:
            raise Malformed("a file has no time of arrival")
        return arrived_ms
    told = event.get("time", "")
    if not told:
        raise Malformed("an event without a time")
    at_ms, stale = moment_ms(told), event.get("stale", "")
    if stale and moment_ms(stale) < (at_ms if arrived_ms is None else arrived_ms):
        raise Malformed("an event that was stale when it came")
    return at_ms


def _known(text: str, what: str) -> float | None:
    value = number(text, what)
    return None if value is not None and abs(value) >= UNKNOWN else value


def _address(uid: str) -> str:
    """Gateways from ADS-B write the 24-bit address behind ICAO."""
    for prefix in ADDRESS_UIDS:
        digits = uid.removeprefix(prefix)
        if uid.startswith(prefix) and len(digits) == 6 and not digits.strip(_HEX):
            return digits.lower()
    return ""
