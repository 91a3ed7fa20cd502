"""An office's register of protected things in a play: kept in memory, stated by a made-up commitment.

protect us.protection clinic hospital at=36.20/37.16 standoff=2km      one more thing, and a signed new version
protect us.protection convoy movement route=36.1/37.1,36.2/37.2 standoff=1km window=10:00..12:00
unprotect us.protection clinic                                         one less
erase us 1                                                             version 1 can be read no more
precaution us                                                          what the check of us finds, for us alone
"""

from __future__ import annotations

import hashlib

from comity.interfaces import words
from comity.interfaces.play.station import Station
from comity.model.acts.duty import Layer
from comity.model.codec import encode
from comity.model.errors import Malformed, Misuse
from comity.model.protected import KINDS, Kind, Protected, Shape, thing_problem
from comity.model.volume import Window
from comity.office.precaution import Watchman
from comity.office.register import LAYER, stated_now, stated_versions

SHAPES: dict[str, Shape] = {"at": "point", "ring": "ring", "route": "route"}
ALWAYS = Window(from_ms=0, until_ms=None)


def with_one_more(station: Station, rest: str, now_ms: int) -> str:
    """The words of the act that states the version with that thing; raises Misuse."""
    label, kind, *listed = words.cut(rest)
    given = dict(word.partition("=")[::2] for word in listed)
    shape = next((name for name in SHAPES if name in given), None)
    if kind not in KINDS or shape is None or "standoff" not in given:
        raise Misuse(f"{rest!r}: write protect us.protection clinic hospital at=36.20/37.16 standoff=2km")
    thing = Protected(
        kind=_kind(kind),
        label=label,
        shape=SHAPES[shape],
        points=words.route(given[shape]),
        standoff_m=int(words.distance_m(given["standoff"])),
        window=words.window(given["window"], now_ms) if "window" in given else ALWAYS,
    )
    problem = thing_problem(thing)
    if problem is not None:
        raise Misuse(f"{label}: {problem}")
    return _stated(station, (*_things(station), thing))


def with_one_less(station: Station, label: str) -> str:
    """The words of the act that states the version without that thing; raises Misuse."""
    things = _things(station)
    kept = tuple(each for each in things if each.label != label)
    if len(kept) == len(things):
        raise Misuse(f"{station.name} protects nothing labelled {label}")
    return _stated(station, kept)


def without_version(station: Station, version: str) -> None:
    """Erases a version that was stated; raises Misuse."""
    found = [each for each in stated_versions(station.view, station.party) if str(each.layer_version) == version]
    if not found or not station.register.erase(found[-1]):
        raise Misuse(f"{station.name} holds no version {version} of its register")


def found_by(station: Station) -> list[str]:
    """What the office's own check says, one line for each thing that is live."""
    watchman = Watchman(station.party, station.register)
    now_ms = station.clock.now_ms()
    try:
        found = watchman.precautions(station.view, now_ms)
    except (Misuse, Malformed) as error:
        return [f"unreadable: {error}"]
    lines = []
    for each in found:
        near = ", ".join(thing.label for thing in each.found.things)
        said = f"near {near}, {'hold not yet signed' if each.waits else 'held'}" if near else "nothing found"
        lines.append("; ".join(part for part in (each.what, said, each.due) if part))
    return lines or ["nothing is live"]


def _things(station: Station) -> tuple[Protected, ...]:
    stated = stated_now(station.view, station.party)
    return station.register.read(stated) if stated is not None else ()


def _stated(station: Station, things: tuple[Protected, ...]) -> str:
    newest = stated_now(station.view, station.party)
    version = newest.layer_version + 1 if newest is not None else 1
    covered = [station.party, version, encode(things).decode()]
    commitment = hashlib.sha256(b"comity play register\n" + encode(covered)).hexdigest()
    station.register.keep(Layer(layer=LAYER, layer_version=version, commitment=commitment), things)
    return f"precaution.layer layer={LAYER} layer_version={version} commitment={commitment}"


def _kind(text: str) -> Kind:
    for kind in KINDS:
        if kind == text:
            return kind  # type: ignore[return-value]
    raise Misuse(f"{text!r} is none of {', '.join(KINDS)}")
