"""The people and the keys of a play: made from names alone, so that every play of a file signs the same bytes.

Made-up keys for made-up days: nothing here is secret, and no real office may be founded with it.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from dataclasses import dataclass, field

from comity.model.errors import Misuse
from comity.office.keyring import Keyring, KeySigner, cosigner_name
from comity.tlog import keys

PREFIX = "play"
HEADER = re.compile(r"^\[\[?[a-z_]+\]?\]", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Officer:
    """A working name of a party, with a key and the seats that it was enrolled for."""

    party: str
    name: str
    seats: tuple[str, ...]
    signer: KeySigner


@dataclass(slots=True)
class Cast:
    """Every officer that any act of the play has enrolled, admitted or not, in that order."""

    officers: list[Officer] = field(default_factory=list)
    strangers: dict[str, str] = field(default_factory=dict)

    def names(self) -> dict[str, str]:
        """The name of each key, by key."""
        return self.strangers | {officer.signer.key: officer.name for officer in self.officers}

    def stranger(self, party: str, name: str) -> KeySigner:
        """A key that nobody enrolled."""
        signer = officer_signer(party, f"stranger {name}")
        self.strangers[signer.key] = f"of a stranger ({name})"
        return signer

    def add(self, officer: Officer) -> None:
        """Remembers an officer; an earlier one of that party and name steps back."""
        self.officers = [each for each in self.officers if (each.party, each.name) != (officer.party, officer.name)]
        self.officers.append(officer)

    def find(self, party: str, seat: str, name: str | None, at_centre: bool) -> Officer:
        """The officer of that name, else the first one enrolled for the seat; raises Misuse."""
        for officer in self.officers:
            if (officer.party == party or at_centre) and (officer.name == name if name else seat in officer.seats):
                return officer
        who = f"no officer {name}" if name else f"nobody in seat {seat}"
        raise Misuse(f"{party} has {who}; enrol one with key.enrol, or name another as {party}.{seat}/name")

    def named(self, party: str, name: str) -> Officer:
        """The officer of that party and name; raises Misuse."""
        for officer in self.officers:
            if (officer.party, officer.name) == (party, name):
                return officer
        raise Misuse(f"{party} has no officer {name}; enrol one with key.enrol")


def officer_signer(party: str, name: str) -> KeySigner:
    """The key of an officer; a second key of one person is written name+something."""
    return KeySigner(_seed(party, f"officer {name}"))


def root_signer(party: str) -> KeySigner:
    """The root key of a participant."""
    return KeySigner(_seed(party, "root"))


def keyring(party: str) -> Keyring:
    """The keys of a participant's office."""
    origin = origin_of(party)
    head = keys.signer(origin, _seed(party, "head"))
    cosign = keys.signer(cosigner_name(origin), _seed(party, "cosign"), keys.COSIGNATURE)
    return Keyring(origin, head, cosign, KeySigner(_seed(party, "office")))


def origin_of(party: str) -> str:
    """The origin of a participant's log."""
    return f"{PREFIX}/{party}"


def with_pins(text: str) -> str:
    """An agreement file completed with the keys of the play, as `comity init` completes one."""
    if "pins" in (tomllib.loads(text).get("participant") or [{}])[0]:
        return text
    lines: list[str] = []
    pins: list[str] = []
    for line in text.split("\n"):
        if HEADER.match(line):
            lines, pins = lines + pins, []
        lines.append(line)
        if lines[-2:-1] == ["[[participant]]"]:
            pins = _pins(line.partition('"')[2].rstrip('"'))
    return "\n".join(lines + pins)


def _pins(party: str) -> list[str]:
    ring = keyring(party)
    return [
        "[participant.pins]",
        f'origin = "{origin_of(party)}"',
        f'root_key = "{root_signer(party).key}"',
        f'office_key = "{ring.office.key}"',
        f'head_key = "{ring.head.verifier.vkey}"',
        f'cosign_key = "{ring.cosign.verifier.vkey}"',
        f'certificate = "made for a play: {party}"',
        "",
    ]


def _seed(party: str, use: str) -> bytes:
    return hashlib.sha256(f"comity play\n{party}\n{use}".encode()).digest()
