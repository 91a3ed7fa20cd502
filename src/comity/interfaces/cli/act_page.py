"""The page of one act: what it does, what may stand in each field, what may be left out, an example.

Read from the classes; `comity act NAME --help` and docs/acts.md show the same rows.
"""

from __future__ import annotations

import re
import textwrap
from typing import get_type_hints

from comity.interfaces.cli.speech import COLUMNS, table
from comity.interfaces.forms import SUBJECTS, Form, fields_of, plain_form, unwrapped
from comity.model.acts import ACTS, Act
from comity.model.acts.form import Nature
from comity.model.volume import Band, Ring, Volume, Window

NATURES: dict[Nature, str] = {
    Nature.VOTE: "a vote: one for each party and question",
    Nature.KEY: "about keys: signed with the root key",
    Nature.RESTRAINT: "a restraint: never refused for its seat, nor because of a suspension",
    Nature.PERMISSION: "a permission: only from a seat that may, and only while the agreement stands",
    Nature.RECORD: "a record: says, asks or answers something; only from a seat that may",
    Nature.WATCH: "signed by the office itself, never by an officer",
}

ENTRIES = ("3f2a90c1", "77ab01fe", "90c1aa02")
"""What stands for an entry in examples."""

BY_KEYS: dict[str, str] = {
    "agreement.join": "comity keys vote OFFICE --root root.pem",
    "key.enrol": "comity keys enrol OFFICE --root root.pem --officer ann --seat duty --key me.pem",
    "key.rotate": "comity keys rotate OFFICE ann --root root.pem --key new.pem",
    "key.revoke": "comity keys revoke OFFICE ann --root root.pem",
    "key.compromised": "comity keys compromised OFFICE ann --root root.pem --since 41",
    "key.depute": "comity keys depute OFFICE ann --root root.pem --seat senior --until +8h",
}
"""Acts that the root key signs, by the command that writes them."""

EXAMPLES: dict[str, str] = {
    "change.vote": "for=3f2a90c1",
    "clock.step": "before=+0s --second you.pem:senior",
    "duty.handover": "seat=duty open=3 --second you.pem:duty",
    "hold.place": "3f2a90c1 until=+2h",
    "terms.propose": "text=@new-terms.toml",
    "threat.open": "--opening seal-1.json",
    "threat.seal": "window=+0s..+1h note='why, where, what' volume.ring='@square(36.20,37.10,6km)' "
    "volume.band=0m..3000m volume.window=+0s..+1h --opening seal-1.json",
}
"""The words of an act where the required fields alone would not be what an officer writes."""

ALSO: dict[str, tuple[tuple[str, str], ...]] = {
    "change.vote": (
        ("for", "the proposal that you vote for, an entry; it says all the rest"),
        ("against", "the proposal that you decline, an entry; it says all the rest"),
    ),
    "hold.place": (("nothing at all", "stops every start"),),
    "threat.seal": (
        ("--opening", "the private file that keeps what is sealed; it makes commitment and salt_for_root"),
        ("note, volume", "what is sealed: they stay in that file"),
    ),
    "threat.open": (("--opening", "the private file made with the seal; it says all the rest"),),
}
"""Words that are no fields."""

Row = dict[str, str]
_LAWS = re.compile(r" \(laws? [\d, and-]+\)")


def rows_of(act: type[Act]) -> list[Row]:
    """A row for each key: what it may be, what holds if it is left out, and its member in an entry's JSON."""
    hints = get_type_hints(act, include_extras=True)
    rows = [{"key": key, "what": what, "left out": "", "member": ""} for key, what in ALSO.get(act.name, ())]
    for field in fields_of(act):
        absent = "must be given" if field.required else field.default or "nothing"
        if unwrapped(hints[field.name])[0] is Volume:
            parts = (("ring", Ring), ("band", Band), ("window", Window))
            rows += [_row(f"volume.{name}", plain_form(kind), absent, f"volume.{name}") for name, kind in parts]
        else:
            rows.append(_row(field.key, field.form, absent, field.name))
    return rows


def example_of(act: type[Act]) -> str:
    """A whole command that writes the act; empty if no officer signs it."""
    if act.nature is Nature.WATCH:
        return ""
    if act.name in BY_KEYS:
        return BY_KEYS[act.name]
    return f"comity act OFFICE --seat SEAT --key KEYFILE {act.name} {words_of(act)}".rstrip()


def words_of(act: type[Act]) -> str:
    """The example's words after the act's name."""
    if act.name in EXAMPLES:
        return EXAMPLES[act.name]
    given = [each for each in fields_of(act) if each.required]
    subject = next((each for each in given if each.name in SUBJECTS and each.form.example in ENTRIES), None)
    words = [each.form.example if each is subject else each.sample for each in given]
    return " ".join(sorted(words, key=lambda word: subject is None or word != subject.form.example))


def sentence_of(act: type[Act]) -> str:
    """What the act does, as its class says."""
    return _LAWS.sub("", " ".join((act.__doc__ or "").split())).replace("`", "")


def page(name: str) -> str:
    """The page of the newest version of an act."""
    act = max((each for each in ACTS if each.name == name), key=lambda each: each.version)
    parts = [f"{act.name}: {sentence_of(act)}", f"It is {NATURES[act.nature]}."]
    rows = [{name: text for name, text in row.items() if name != "member"} for row in rows_of(act)]
    parts.append(table(rows) if rows else "It has no keys.")
    if example := example_of(act):
        parts.append(f"  {example}")
    return "\n\n".join(textwrap.fill(part, COLUMNS) if part in parts[:2] else part for part in parts)


def listing() -> str:
    """The names of all acts by chapter."""
    chapters: dict[str, list[str]] = {}
    for act in ACTS:
        chapter, _, word = act.name.partition(".")
        chapters.setdefault(chapter, []).append(word)
    return table([{"acts": chapter, "": ", ".join(words)} for chapter, words in chapters.items()])


def _row(key: str, form: Form, absent: str, member: str) -> Row:
    in_json = f"{member}: {form.in_json}" if form.in_json else member
    return {"key": key, "what": form.words, "left out": absent, "member": in_json}
