"""From `key=value` words to any act of the table: each value is read by the type of its field.

Dotted keys reach into a volume; lists are joined by commas; `_ms` may be left off a key; `none` is no value.
Not trusted: the words; Misuse names the act, the key and the keys that it has.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from types import UnionType
from typing import Any, Protocol, Union, get_args, get_origin

import msgspec

from comity.interfaces import words
from comity.interfaces.complaints import act_problem, unknown_act, unknown_key
from comity.model.acts import WIRE, Act
from comity.model.acts.duty import LayerUsed
from comity.model.acts.form import Hash, Identifier, Key, TimeMs
from comity.model.acts.movements import Route
from comity.model.errors import Misuse
from comity.model.volume import Band, Ring, Volume, Window

_WHOLE_NUMBER = re.compile("[+-]?[0-9]{1,18}")


class Reader(Protocol):
    """What the words of one act mean where it is signed: labels, officers, names and the office's clock."""

    @property
    def now_ms(self) -> int:
        """The clock of the office where the act is signed."""
        ...

    def hash_of(self, text: str) -> str:
        """The hash that a label or an expression stands for, hex."""
        ...

    def key_of(self, text: str) -> str:
        """The public key of the officer named, hex."""
        ...

    def identifier(self, text: str) -> str:
        """An id as the agreement file spells it."""
        ...

    def ring(self, text: str) -> Ring:
        """The ring that the text draws."""
        ...

    def volume(self, label: str) -> Volume:
        """The volume of the act that has the label."""
        ...

    def layers(self, text: str) -> tuple[LayerUsed, ...]:
        """The versions of layers that the text names."""
        ...

    def text(self, text: str) -> str:
        """A free text, or what a word such as edited(...) makes of the agreement file."""
        ...


def act_class(name: str) -> type[Act]:
    """The newest version of the act with that wire name; raises Misuse."""
    found = [act for (wire, _), act in WIRE.items() if wire == name]
    if not found:
        raise Misuse(unknown_act(name))
    return max(found, key=lambda act: act.version)


@cache
def kinds_of(act: type[Act]) -> Mapping[str, Any]:
    """The fields of an act, each with its kind."""
    return {each.name: each.type for each in msgspec.structs.fields(act)}


def has_field(act: type[Act], name: str) -> bool:
    """Whether the act has a field of that name."""
    return name in kinds_of(act)


def build(act: type[Act], given: dict[str, str], reader: Reader) -> Act:
    """The act with those fields; raises Misuse where a word does not fit."""
    kinds = kinds_of(act)
    values: dict[str, Any] = {}
    volume: dict[str, str] = {}
    for key, text in given.items():
        name = key if key in kinds or "." in key else f"{key}_ms"
        if key == "volume" or key.startswith("volume."):
            volume[key.partition(".")[2]] = text
        elif name in kinds:
            values[name] = _value(f"{act.name} {key}", kinds[name], text, reader)
        else:
            raise Misuse(unknown_key(act, key))
    if volume:
        if "volume" not in kinds:
            raise Misuse(unknown_key(act, "volume"))
        values["volume"] = _volume(act.name, volume, reader)
    try:
        return msgspec.convert(values, act)
    except msgspec.ValidationError as error:
        raise Misuse(act_problem(act, given, values, error)) from None


def _value(what: str, kind: Any, text: str, reader: Reader) -> Any:
    if get_origin(kind) in (Union, UnionType):
        if text == "none":
            return None
        kind = next(each for each in get_args(kind) if each is not type(None))
    for known, read in _READ:
        if kind == known:
            return read(text, reader)
    plain = get_args(kind)[0] if hasattr(kind, "__metadata__") else kind
    if plain is bool:
        if text not in ("yes", "no"):
            raise Misuse(f"{what} is {text!r}; write yes or no")
        return text == "yes"
    if plain is int:
        if _WHOLE_NUMBER.fullmatch(text) is None:
            raise Misuse(f"{what} is {text[:40]!r}; write a whole number in digits 0 to 9")
        return int(text)
    if get_origin(plain) is tuple and get_args(plain)[0] is LayerUsed:
        return reader.layers(text)
    if get_origin(plain) is tuple:
        if text in ("", "none"):
            return ()
        return tuple(_value(what, get_args(plain)[0], part, reader) for part in text.split(","))
    return reader.text(text)


_READ: tuple[tuple[Any, Any], ...] = (
    (Hash, lambda text, reader: reader.hash_of(text)),
    (Key, lambda text, reader: reader.key_of(text)),
    (Identifier, lambda text, reader: reader.identifier(text)),
    (TimeMs, lambda text, reader: words.moment_ms(text, reader.now_ms)),
    (Ring, lambda text, reader: reader.ring(text)),
    (Route, lambda text, reader: words.route(text)),
    (Band, lambda text, reader: words.band(text)),
    (Window, lambda text, reader: words.window(text, reader.now_ms)),
)


def volume_from(what: str, given: dict[str, str], reader: Reader) -> Volume:
    """The volume that `volume.ring`, `volume.band` and `volume.window` draw."""
    return _volume(what, {key.partition(".")[2]: text for key, text in given.items()}, reader)


def _volume(what: str, given: dict[str, str], reader: Reader) -> Volume:
    unknown = set(given) - {"", "ring", "band", "window"}
    if unknown:
        raise Misuse(f"{what} has no volume.{unknown.pop()}; a volume has ring, band and window")
    base = reader.volume(given[""]) if "" in given else None
    if base is None and not {"ring", "band", "window"} <= set(given):
        raise Misuse(f"{what} lacks a part of its volume; give volume.ring, volume.band and volume.window")
    changed: dict[str, Any] = {}
    if "ring" in given:
        changed["ring"] = reader.ring(given["ring"])
    if "band" in given:
        changed["band"] = words.band(given["band"])
    if "window" in given:
        changed["window"] = words.window(given["window"], reader.now_ms)
    return Volume(**changed) if base is None else msgspec.structs.replace(base, **changed)
