"""From parsed TOML to the structs of an agreement, reporting every fault of form and not only the first.

One broken field hides no other: each is converted by itself, and only whole sections become values.
A hostile file costs no more than its first faults: there is a most to what is reported.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, time
from itertools import chain, islice
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

import msgspec
from msgspec import Meta

from comity.model.charter import charter_word
from comity.model.parameters import PARAMETERS
from comity.model.terms import Terms
from comity.model.terms_problem import FINDINGS_MOST, Finding, Path, shown

INTEGER_MOST = (1 << 53) - 1

_KINDS = {
    "str": "a text in quotes",
    "int": "a whole number",
    "array": "a list in square brackets",
    "object": "a table",
    "bool": "true or false",
    "float": "a number with a fraction",
    "null": "nothing",
}
_EXPECTED = re.compile(r"Expected `(\w+)(?: \| null)?`, got `(\w+)`")
_LENGTH = re.compile(r"Expected `str` of length (>=|<=) (\d+)")
_BOUND = re.compile(r"Expected `int` (>=|<=|<|>) (-?\d+)")
_HIDDEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True)
class Shaped:
    """The sections that are whole, as terms with the broken ones left empty, and the names of the broken ones."""

    terms: Terms
    broken: frozenset[str]
    findings: tuple[Finding, ...]


def shape(document: dict[str, Any]) -> Shaped:
    """Reads a parsed file into terms, section by section; of several faults of one value it reports the first."""
    faults = list(islice(chain(_numbers(document), _fields(Terms, document, ())), FINDINGS_MOST))
    counted = len(faults) < FINDINGS_MOST
    broken = frozenset(str(fault.path[0]) for fault in faults) if counted else frozenset(document)
    words = islice(_words(document), FINDINGS_MOST)
    first = {finding.path: finding for finding in reversed([*words, *faults])}
    return Shaped(_whole_sections(document, broken), broken, tuple(first.values()))


def _whole_sections(document: dict[str, Any], broken: frozenset[str]) -> Terms:
    hollow: dict[str, Any] = {
        "comity": 1,
        "id": "none",
        "title": "none",
        "edition": 1,
        "rules": 1,
        "source": "none",
        "participant": [],
        "seat": [],
        "clause": [],
        "floor": {"clause": "0", "keeps": []},
    }
    whole = {key: value for key, value in document.items() if key not in broken}
    return msgspec.convert(hollow | whole, Terms)


def _words(document: object) -> Iterator[Finding]:
    """Words and characters that no agreement holds, in keys and texts wherever they stand."""
    for path, value in _inside(document, ()):
        if isinstance(path[-1], str):
            yield from _word(path, path[-1], "key")
        if isinstance(value, str):
            yield from _word(path, value, "text")


def _numbers(document: object) -> Iterator[Finding]:
    """Values of TOML that no agreement holds, for they do not mean the same everywhere."""
    for path, value in _inside(document, ()):
        if isinstance(value, float):
            yield Finding(path, f"{shown(value)} is no whole number", "write a whole number, in a smaller unit")
        elif isinstance(value, date | time):
            yield Finding(path, "a date or a time stands without quotes", 'write it in quotes: "2016-07-31T00:00:00Z"')
        elif isinstance(value, int) and abs(value) > INTEGER_MOST:
            yield Finding(path, "the number is too large to be exact everywhere", f"stay within {INTEGER_MOST}")


def _inside(value: object, path: Path) -> Iterator[tuple[Path, object]]:
    items: Iterable[tuple[str | int, object]] = ()
    if isinstance(value, dict):
        items = value.items()
    elif isinstance(value, list):
        items = enumerate(value)
    for part, inner in items:
        yield (*path, part), inner
        yield from _inside(inner, (*path, part))


def _word(path: Path, text: str, what: str) -> Iterator[Finding]:
    if (word := charter_word(text)) is not None:
        remedy = "say it in words of restraint: an agreement kept here names no such thing"
        yield Finding(path, f"the {what} holds the word {word!r}, which the charter refuses", remedy)
    if (hidden := _HIDDEN.search(text)) is not None:
        problem = f"the {what} holds the hidden character {hidden.group()!a}"
        yield Finding(path, problem, "remove it, so that all read the same")


def _fields(kind: type[msgspec.Struct], raw: dict[str, Any], path: Path) -> Iterator[Finding]:
    fields = {each.encode_name: each for each in msgspec.structs.fields(kind)}
    for key in raw:
        if key not in fields:
            yield Finding((*path, key), "no such key belongs here", _nearest(key, fields))
    for name, each in fields.items():
        if name in raw:
            yield from _value(each.type, raw[name], (*path, name))
        elif each.required:
            yield Finding((*path, name), f"{name} is missing", _addition(name, each.type, path))


def _value(kind: Any, value: Any, path: Path) -> Iterator[Finding]:
    if path[-1] == "parameters" and isinstance(value, dict):
        for name, number in value.items():
            yield from _number(name, number, (*path, name))
        return
    if get_origin(kind) in (Union, UnionType):
        kind = next(each for each in get_args(kind) if each is not type(None))
    if get_origin(kind) is tuple and get_args(kind)[-1] is Ellipsis and isinstance(value, list):
        for index, item in enumerate(value):
            yield from _value(get_args(kind)[0], item, (*path, index))
    elif isinstance(kind, type) and issubclass(kind, msgspec.Struct) and isinstance(value, dict):
        yield from _fields(kind, value, path)
    else:
        try:
            msgspec.convert(value, kind)
        except msgspec.ValidationError as error:
            yield _fault(kind, value, path, str(error))


def _number(name: str, value: object, path: Path) -> Iterator[Finding]:
    parameter = PARAMETERS.get(name)
    if parameter is None:
        yield Finding(path, "no rule of the engine has a number of this name", _nearest(name, PARAMETERS))
    elif not isinstance(value, int) or isinstance(value, bool):
        problem = f"it must be a whole number, not {_KINDS.get(_kind_of(value), shown(value))}"
        yield Finding(path, problem, f"give a number of {parameter.unit} from {parameter.least} to {parameter.most}")
    elif not parameter.least <= value <= parameter.most:
        bounds = f"{parameter.least} to {parameter.most} {parameter.unit}"
        problem = f"{shown(value)} is out of its range, {bounds}: {parameter.meaning}"
        yield Finding(path, problem, f"choose a number from {bounds}; the default is {parameter.default}")


def _fault(kind: Any, value: object, path: Path, message: str) -> Finding:
    """One message of the converter in words for the author of a file."""
    if match := _EXPECTED.match(message):
        wanted, got = (_KINDS.get(each, each) for each in match.groups())
        return Finding(path, f"it must be {wanted}, not {got}", f"write {wanted}")
    if match := _LENGTH.match(message):
        limit = f"{'at least' if match[1] == '>=' else 'at most'} {match[2]}"
        plural = "" if match[2] == "1" else "s"
        remedy = "shorten it" if match[1] == "<=" else "write it out"
        return Finding(path, f"the text must have {limit} character{plural}", remedy)
    if get_origin(kind) is tuple:
        return Finding(path, f"{shown(value)} is no point", "write [latitude, longitude] in 1e-7 degree")
    if match := _BOUND.match(message):
        return Finding(path, f"{shown(value)} is not {match[1]} {match[2]}", "change the number")
    if message.startswith("Invalid enum value"):
        allowed = ", ".join(each.value for each in kind)
        return Finding(path, f"{shown(value)} is none of {allowed}", "choose one of them")
    description = _description(kind)
    if description is not None:
        return Finding(path, f"{shown(value)} is not {description}", "write it in that form")
    return Finding(path, message, "see the agreement schema")


def _description(kind: Any) -> str | None:
    if get_origin(kind) is not Annotated:
        return None
    return next((each.description for each in get_args(kind) if isinstance(each, Meta) and each.description), None)


def _kind_of(value: object) -> str:
    return {"list": "array", "dict": "object"}.get(type(value).__name__, type(value).__name__)


def _nearest(word: str, known: Any) -> str:
    close = difflib.get_close_matches(word[:80], known, n=1)
    return f"did you mean {close[0]}?" if close else f"remove it; known here: {', '.join(sorted(known))}"


def _addition(name: str, kind: Any, path: Path) -> str:
    if path:
        return f"add {name} to this table"
    if get_origin(kind) is tuple:
        return f"add a table [[{name}]]"
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return f"add a table [{name}]"
    return f"add {name} at the top of the file, before the first table"
