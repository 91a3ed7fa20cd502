"""What a decoder found wrong, as one sentence: which field, what it held, what is allowed, an example.

The one place that turns decoders' errors into words; their own text is shown to nobody.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any, get_args, get_type_hints

import msgspec

from comity.interfaces.forms import Field, Form, fields_of, form_of, plain_form, shown, unwrapped
from comity.model.acts import ACTS, Act

_SHOWN_MOST = 60
_NEAREST_MOST = 4
_PATH = re.compile(r" - at `(?:key in )?\$(.*)`\Z", re.DOTALL)
_STEP = re.compile(r"\.([A-Za-z_][A-Za-z0-9_]*)|\[([0-9]+|\.\.\.)\]")
_NAMED = re.compile(r"Object (missing required|contains unknown) field `(.*?)`", re.DOTALL)


def act_problem(act: type[Act], given: Mapping[str, str], values: Mapping[str, Any], error: Exception) -> str:
    """What is wrong with an act written as key=value: `given` by key as typed, `values` by field as read."""
    fields = fields_of(act)
    needed = {each.name for each in msgspec.structs.fields(act) if each.required} - values.keys()
    missing = [each for each in fields if each.name in needed]
    if missing:
        return f"{act.name} lacks {_listed([each.key for each in missing])}; {_remedy(act, missing)}"
    steps = _steps(str(error))
    found = next((each for each in fields if steps and each.name == steps[0]), None)
    if found is None:
        return f"{act.name} cannot be read so; {_see(act)}"
    typed = given.get(found.name, given.get(found.key, ""))
    return f"{act.name}: {found.key} cannot be {_quoted(typed)}; write {found.form.words}, such as {found.sample}"


def unknown_key(act: type[Act], key: str) -> str:
    """That an act has no such key, and which it has."""
    known = ", ".join(each.key for each in fields_of(act))
    return f"{act.name} has no {key[:_SHOWN_MOST]}; it has {known or 'no keys at all'}; {_see(act)}"


def unknown_act(name: str) -> str:
    """That there is no such act, and which are the nearest by name."""
    names = sorted({act.name for act in ACTS})
    chapter, _, word = name.partition(".")
    nearest = get_close_matches(name, names, _NEAREST_MOST) or [
        each for each in names if chapter and (each.startswith(f"{chapter}.") or each.endswith(f".{word or chapter}"))
    ]
    guess = f"the nearest are {', '.join(nearest)}; " if nearest else ""
    return f"{_quoted(name)} is no act; {guess}comity act --help lists all"


def json_problem(what: str, kind: Any, value: Any, error: msgspec.ValidationError) -> str:
    """What is wrong with a value read from JSON that should be of that kind."""
    said, at, form = str(error), "", Form("", "")
    kind = _member(kind, value)
    for step in _steps(said):
        at += f"[{step}]" if isinstance(step, int) else f".{step}" if at else step
        value = _part(value, step)
        kind, form = _stepped(kind, step)
        kind = _member(kind, value)
    if named := _NAMED.match(said):
        return _named_problem(f"{what}: {at}" if at else what, kind, named[1].startswith("missing"), named[2])
    allowed = form.in_json or form.words or _expected(said)
    return f"{what}: {at or 'all of it'} cannot be {_quoted(value)}; write {allowed}"


def _remedy(act: type[Act], missing: list[Field]) -> str:
    if len(missing) == 1 and " " not in missing[0].sample:
        return f"give {missing[0].sample}, {missing[0].form.words}"
    return f"give {' '.join(each.sample for each in missing)}; {_see(act)}"


def _see(act: type[Act]) -> str:
    return f"comity act {act.name} --help says what each may be"


def _listed(names: list[str]) -> str:
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))


def _steps(said: str) -> list[str | int]:
    place = _PATH.search(said)
    found = _STEP.findall(place[1]) if place else []
    return [name or (int(number) if number.isdigit() else 0) for name, number in found]


def _named_problem(where: str, kind: Any, missing: bool, name: str) -> str:
    inner = unwrapped(kind)[0]
    fields = fields_of(inner) if isinstance(inner, type) and issubclass(inner, msgspec.Struct) else []
    if not missing:
        known = ", ".join(each.name for each in fields)
        return f"{where} has no {name[:_SHOWN_MOST]}; " + (f"it has {known}" if known else "leave it out")
    form = next((each.form for each in fields if each.name == name), Form("", ""))
    allowed = form.in_json or form.words
    return f"{where} lacks {name}; give it" + (f", {allowed}" if allowed else "")


def _stepped(kind: Any, step: str | int) -> tuple[Any, Form]:
    """The type one step further in, and its form."""
    inner = unwrapped(kind)[0]
    inner = get_args(inner)[0] if getattr(inner, "__metadata__", None) else inner
    if isinstance(step, int):
        item = next((each for each in get_args(inner) if each is not Ellipsis), None)
        return item, plain_form(item)
    if not isinstance(inner, type) or not issubclass(inner, msgspec.Struct):
        tags = [_tag(each) for each in get_args(inner) if isinstance(each, type) and issubclass(each, msgspec.Struct)]
        return None, Form(f"one of {', '.join(tags)}" if tags else "", "")
    found = get_type_hints(inner, include_extras=True).get(step)
    return found, form_of(step, found)


def _member(kind: Any, value: Any) -> Any:
    """Of a union of tagged structs the one that the value says it is; any other type as it is."""
    members = [each for each in get_args(kind) if isinstance(each, type) and issubclass(each, msgspec.Struct)]
    fits = [each for each in members if _part(value, each.__struct_config__.tag_field or "") == _tag(each)]
    return fits[0] if fits else kind


def _tag(kind: type[msgspec.Struct]) -> str:
    return str(kind.__struct_config__.tag)


def _part(value: Any, step: str | int) -> Any:
    try:
        return value[step]
    except (KeyError, IndexError, TypeError):
        return None


def _expected(said: str) -> str:
    """What a bare type is called, for what has no form."""
    said = _PATH.sub("", said).removeprefix("Expected ").replace("`", "").partition(", got")[0]
    return {"object": "an object", "array": "a list", "str": "text", "int": "a whole number"}.get(said, said)


def _quoted(value: Any) -> str:
    text = value if isinstance(value, str) else shown(value) or str(value)
    cut = f"{text[:_SHOWN_MOST]}..." if len(text) > _SHOWN_MOST else text
    return repr(cut) if isinstance(value, str) else cut
