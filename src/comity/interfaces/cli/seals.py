"""Seals of imminent threat (J12, law 34): what was done stays on this machine until it is opened.

The opening is written, mode 0600, before anything is signed: a seal whose opening was lost could never be opened.
Its salt is kept in the log as well, encrypted to the root key. The file has the form that a case takes as an opening.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from comity.interfaces import words
from comity.interfaces.bodies import volume_from
from comity.interfaces.case import Opening, SealOpening
from comity.interfaces.case.openings import read_opening
from comity.interfaces.case.report import Refuted
from comity.interfaces.cli.files import read_text_bytes
from comity.interfaces.cli.protected_rows import NEAR
from comity.interfaces.cli.speech import complain
from comity.interfaces.cli.writing import split
from comity.interfaces.complaints import json_problem
from comity.model.acts.alone import ThreatOpen, ThreatSeal
from comity.model.codec import encode
from comity.model.entry import NO_ENTRY, parse_entry
from comity.model.errors import Misuse
from comity.model.geometry import narrower_than
from comity.model.volume import Volume
from comity.office.keyring import SystemRandomness, read_secret, write_secret
from comity.office.private import SALT_BYTES, salt_for_root

if TYPE_CHECKING:
    from comity.interfaces.cli.reach import Door

OPENING_BYTES_MOST = 64 * 1024


def seal(office: Door, listed: Sequence[str], opening: str) -> ThreatSeal:
    """The seal over window, volume and note; writes its opening first."""
    given = split(ThreatSeal, listed)
    window = given.pop("window", None)
    note = given.pop("note", "")
    odd = [key for key in given if key != "volume" and not key.startswith("volume.")]
    if window is None or odd or not given:
        what = f"{odd[0]} is none of it" if odd else "something is missing"
        raise Misuse(f"{what}: a seal is made from window, volume.ring, volume.band, volume.window and note; give them")
    meaning = office.meaning()
    sealed_window = words.window(window, meaning.now_ms)
    volume = volume_from(ThreatSeal.name, given, meaning)
    width_m = int(meaning.ask("number", "width_min_m"))
    if narrower_than(volume.ring, width_m):
        raise Misuse(f"a seal over less than {width_m} m could never be opened: no act points; draw volume.ring wider")
    warn_of(office, volume)
    salt = SystemRandomness().bytes(SALT_BYTES).hex()
    opened = _opening_act(NO_ENTRY, salt, msgspec.to_builtins(volume), note)
    kept = SealOpening(note=note, salt=salt, volume=msgspec.to_builtins(volume))
    write_secret(Path(opening), encode(kept))
    return ThreatSeal(
        commitment=opened.commitment(office.origin, sealed_window),
        window=sealed_window,
        salt_for_root=salt_for_root(salt, office.own_pins.root_key),
    )


def open_seal(office: Door, listed: Sequence[str], opening: str) -> ThreatOpen:
    """The act that opens the seal which this file fits; the seal may be named, else it is looked for."""
    given = split(ThreatOpen, listed)
    kept = read_opening_file(opening)
    if not isinstance(kept, SealOpening):
        raise Misuse(f"{opening} opens no seal; give the file made with the seal")
    named = given.pop("seal", None)
    if given:
        raise Misuse(f"{next(iter(given))} stands in the opening file already; give the file alone")
    meaning = office.meaning()
    leaves = [bytes.fromhex(each) for each in meaning.ask("seals", "")]
    for entry in [meaning.entry(named)] if named is not None else map(parse_entry, leaves):
        act = entry.act
        if not isinstance(act, ThreatSeal) or entry.origin != office.origin:
            continue
        found = _opening_act(entry.id, kept.salt, kept.volume, kept.note)
        if found.commitment(entry.origin, act.window) == act.commitment:
            return found
    raise Misuse(f"{opening} opens no seal of {office.participant} that is held here; give the file made with the seal")


def warn_of(office: Door, volume: Volume) -> None:
    """Tells the officer, before he is asked to sign, that the own register has something too near; it stops nothing."""
    for row in office.private(NEAR + encode(volume).decode()):
        complain(f"LOOK AGAIN: {row['warning']}; nothing stops this act, and nobody else is told")


def read_opening_file(name: str) -> Opening:
    """What opens a seal, or some private fields; raises Misuse."""
    data = read_secret(Path(name)) if Path(name).is_file() else read_text_bytes(name, OPENING_BYTES_MOST)
    try:
        return read_opening(data)
    except Refuted:
        remedy = "give the file made with the seal, or by comity protected open"
        raise Misuse(f"{name} is no opening; {remedy}") from None


def _opening_act(seal_id: str, salt: str, volume: object, note: str) -> ThreatOpen:
    body = {"seal": seal_id, "salt": salt, "volume": volume, "note": note}
    try:
        return msgspec.convert(body, ThreatOpen)
    except msgspec.ValidationError as error:
        raise Misuse(json_problem("what is sealed", ThreatOpen, body, error)) from None
