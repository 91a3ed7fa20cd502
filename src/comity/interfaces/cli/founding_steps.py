"""The steps by which an office is founded, or joins later: its keys, the founding file or amended terms, its folder.

Trusted: the fingerprint that people read aloud; a founding file is taken only under it.
The marks are born with the keys, so a folder made anew from a backup of the keys shows that it knows nothing (law 35).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from comity.interfaces.cli.files import read_text, write_new
from comity.interfaces.cli.held import held
from comity.interfaces.cli.sealed_keys import open_sealed, put_back, seal_keys, sealed_path
from comity.interfaces.cli.settings import Addresses, address, write_addresses
from comity.interfaces.complaints import json_problem
from comity.model.errors import Misuse
from comity.model.records.change import terms_in_force
from comity.model.terms import Pins, Terms
from comity.office.folder import OfficeFolder
from comity.office.founding import (
    complete_amendment,
    complete_founding,
    fingerprint,
    new_certificate,
    parse_founding,
    pins_of,
)
from comity.office.keyring import (
    KeySigner,
    SystemRandomness,
    load_keyring,
    new_keyring,
    new_signer,
    save_key,
)
from comity.office.marks import FileMarks

PINS_BYTES_MOST = 16 * 1024
PINS_PREFIX = "pins-"
_ORIGIN = re.compile(r"[a-z0-9][a-z0-9.-]*(/[a-z0-9][a-z0-9.-]*)+")
_ORIGIN_MOST = 80


@dataclass(frozen=True, slots=True)
class HandedIn:
    """A pins file: what one participant hands in for the founding file."""

    participant: str
    pins: Pins


def make_keys(folder: OfficeFolder, participant: str, draft: Terms, root: Path, origin: str | None = None) -> HandedIn:
    """Makes every key of a new office, the root key in a file of its own, and beside it the others sealed to it.

    Misuse if there are keys already.
    """
    if draft.participant_by_id(participant) is None:
        known = ", ".join(each.id for each in draft.participant)
        raise Misuse(f"{participant} is no participant of {draft.id}; its participants are {known}")
    origin = origin or f"{draft.id}/{participant}"
    check_origin(origin, participant)
    sealed = sealed_path(root)
    there = next((path for path in (folder.keys, root, sealed) if path.exists()), None)
    if there is not None:
        raise Misuse(f"{there} exists already and is not written over; an office makes its keys once")
    random = SystemRandomness()
    root_key, keyring = new_signer(random), new_keyring(origin, random)
    certificate = new_certificate(origin, datetime.now(UTC), random)
    save_key(root, root_key)
    folder.save_keys(keyring, certificate.certificate, certificate.private_key)
    FileMarks(folder.marks, folder.store).set_stopped_cleanly(True)
    handed = HandedIn(participant, pins_of(keyring, root_key.key, certificate.certificate))
    write_new(pins_path(folder, participant), pins_text(handed).encode())
    write_new(sealed, seal_keys(folder, participant, pins_text(handed), root_key.key))
    return handed


def restore_keys(folder: OfficeFolder, sealed_file: str | Path, root: KeySigner) -> list[str]:
    """Puts the office's keys back from the file sealed to its root key; the names of what was written. Misuse."""
    sealed = open_sealed(sealed_file, root)
    own = pins_path(folder, sealed.participant)
    if folder.path.is_dir() and (others := [path for path in _pins_files(folder) if path != own]):
        raise Misuse(
            f"{sealed_file} holds the keys of {sealed.participant}, and {others[0]} is another's; give its own"
        )
    if own.exists() and own.read_text("utf-8") != sealed.pins:
        raise Misuse(f"{sealed_file} holds other keys than {own} says; give the file made with these pins")
    written = put_back(folder, sealed)
    if not own.exists():
        write_new(own, sealed.pins.encode())
    return written


def pins_path(folder: OfficeFolder, participant: str) -> Path:
    """Where an office keeps what it hands in."""
    return folder.path / f"{PINS_PREFIX}{participant}.toml"


def check_origin(origin: str, participant: str) -> None:
    """Accepts the name of a log, or raises Misuse: who keeps it stands in its second part."""
    if not _ORIGIN.fullmatch(origin) or len(origin) > _ORIGIN_MOST or origin.split("/")[1] != participant:
        raise Misuse(f"{origin[:80]!r} cannot name the log of {participant}; write it as name/{participant}")


def pins_text(handed: HandedIn) -> str:
    """The pins file: public, to be handed over by a way that its reader trusts."""
    pins = handed.pins
    lines = [
        f"# What {handed.participant} hands in for the founding file. Nothing here is secret; compare it by voice.",
        f'participant = "{handed.participant}"',
    ]
    for name in pins.__struct_fields__:
        value = getattr(pins, name).replace("\n", "\\n")
        lines.append(f'{name} = "{value}"')
    return "\n".join(lines) + "\n"


def read_pins_file(name: str | Path) -> HandedIn:
    """A pins file as its participant wrote it; raises Misuse."""
    try:
        document = tomllib.loads(read_text(name, PINS_BYTES_MOST))
        participant = document.pop("participant", None)
        pins = msgspec.convert(document, Pins)
    except (tomllib.TOMLDecodeError, RecursionError):
        raise Misuse(f"{name} is no pins file; ask its owner for what comity init keys wrote") from None
    except msgspec.ValidationError as error:
        said = json_problem("it", Pins, document, error)
        raise Misuse(f"{name} is no pins file: {said}; ask its owner for what comity init keys wrote") from None
    if not isinstance(participant, str):
        raise Misuse(f"{name} names no participant; ask its owner for what comity init keys wrote")
    check_origin(pins.origin, participant)
    return HandedIn(participant, pins)


def complete(draft: bytes, handed: Sequence[HandedIn]) -> bytes:
    """The founding file: the agreement file with the pins of every participant; raises Misuse."""
    return complete_founding(draft, _by_participant(handed))


def amend(folder: OfficeFolder, changed: bytes, handed: Sequence[HandedIn]) -> bytes:
    """The changed text with the pins of the terms in force at that office, and of who comes; raises Misuse.

    Whoever has the same text and pins files gets the same bytes at his own office.
    """
    with held(folder) as logs:
        before = terms_in_force(logs.history.now())
    if before is None:
        raise Misuse(f"{folder.path} holds no terms in force; they are amended when every signatory has voted for some")
    return complete_amendment(changed, before, _by_participant(handed))


def pins_fingerprint(handed: HandedIn) -> str:
    """What is read aloud, so that whoever writes these pins into terms knows whose they are."""
    return fingerprint(pins_text(handed).encode())


def _by_participant(handed: Sequence[HandedIn]) -> dict[str, Pins]:
    named: dict[str, Pins] = {}
    for each in handed:
        if each.participant in named:
            raise Misuse(f"the pins of {each.participant} are given twice; give each once")
        named[each.participant] = each.pins
    return named


def begin(folder: OfficeFolder, founding: bytes, expected: str, listen: str, peers: Mapping[str, str]) -> Addresses:
    """Takes the founding file into the office's folder, if it has the fingerprint and the office's own pins.

    Who comes later is no participant of that file, and who is given a new log has another in it; the pins of either
    stand in terms that its office has yet to fetch.
    """
    if "".join(expected.split()).lower() != "".join(fingerprint(founding).split()):
        raise Misuse(f"the fingerprint of this founding file is {fingerprint(founding)}; it is not the one given; stop")
    listens_at, found_at = address(listen), {name: address(text) for name, text in peers.items()}
    if folder.founding.exists():
        raise Misuse(f"{folder.path} has begun already; comity init peer {folder.path} changes where others are")
    terms, own = parse_founding(founding, first=True), handed_in(folder)
    load_keyring(own.pins.origin, folder.keys)
    participant = own.participant
    if not begins_later(terms, own):
        founder = terms.participant_by_id(participant)
        check_pins(own, founder.pins if founder is not None else None, "this founding file")
    others = {each.id for each in terms.participant if each.id != participant}
    if strange := sorted(peers.keys() - others):
        known = ", ".join(sorted(others))
        raise Misuse(f"{strange[0][:40]!r} is no other participant; they are {known}; comity init peer adds later ones")
    addresses = Addresses(participant, listens_at, found_at)
    write_new(folder.founding, founding)
    write_addresses(folder, addresses)
    return addresses


def begins_later(founding: Terms, own: HandedIn) -> bool:
    """Whether terms after the founding file name the log first: of who joins later, or is given a new log."""
    found = founding.participant_by_id(own.participant)
    return found is None or (found.pins is not None and found.pins.origin != own.pins.origin)


def others_without_address(founding: bytes, addresses: Addresses) -> list[str]:
    """The other founders of whom it is not written down where they are."""
    others = (each.id for each in parse_founding(founding).participant if each.id != addresses.participant)
    return [name for name in others if name not in addresses.peers]


def handed_in(folder: OfficeFolder) -> HandedIn:
    """Whose keys lie in the folder, and what was handed in for them; Misuse if that is not one pins file."""
    made = _pins_files(folder)
    if len(made) != 1:
        raise Misuse(f"{folder.path} holds {len(made)} pins files, not one; run comity init keys there first")
    return read_pins_file(made[0])


def _pins_files(folder: OfficeFolder) -> list[Path]:
    return sorted(folder.path.glob(f"{PINS_PREFIX}*.toml"))


def check_pins(own: HandedIn, found: Pins | None, where: str) -> None:
    """Accepts terms that hold the very pins that were made here, or raises Misuse."""
    if found is None:
        raise Misuse(f"{own.participant} has no pins in {where}; complete it with comity init complete")
    if found != own.pins:
        odd = next(name for name in own.pins.__struct_fields__ if getattr(found, name) != getattr(own.pins, name))
        raise Misuse(f"the {odd} of {own.participant} in {where} is not the one made here; ask who changed it")
