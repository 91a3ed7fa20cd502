"""An office as commands reach it: the running one through its socket, else what its store holds, read only.

Only a running office drafts and takes acts. Raises Misuse, PeerError, StoreError.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from comity.interfaces.cli import talk
from comity.interfaces.cli.founding_steps import HandedIn, check_pins, handed_in
from comity.interfaces.cli.meaning import Meaning
from comity.interfaces.cli.settings import open_folder, read_addresses
from comity.model.acts import Act
from comity.model.acts.keys import Join
from comity.model.errors import Misuse, PeerError
from comity.model.known import party_of
from comity.model.terms import Participant, Pins, Role
from comity.model.verdict import Refusal
from comity.office.desk import Stale
from comity.office.folder import OfficeFolder
from comity.office.founding import genesis_act, parse_founding
from comity.office.keyring import KeySigner
from comity.tlog.errors import StoreError

RECEIPTS_WITHIN_S = 2.0
RECEIPTS_EVERY_S = 0.1


@dataclass(frozen=True, slots=True)
class Officer:
    """Who signs, and in which seat."""

    signer: KeySigner
    seat: str


@dataclass(frozen=True, slots=True)
class Submitted:
    """The entry that an act became, and who is not known to hold it yet; None if the office stopped before it said."""

    entry: str
    origin: str
    seq: int
    missing: tuple[str, ...] | None


@dataclass(slots=True)
class Door:
    """One office, as its own people reach it."""

    folder: OfficeFolder
    keeper: Participant
    founding: bytes
    running: bool
    begins_later: bool = False
    _read: Any = field(default=None)

    @property
    def participant(self) -> str:
        """Whose office it is."""
        return self.keeper.id

    @property
    def own_pins(self) -> Pins:
        """The keys that the founding file pins for it; for a log that begins later, those that were handed in."""
        assert self.keeper.pins is not None, "reach takes only a participant with pins"
        return self.keeper.pins

    @property
    def origin(self) -> str:
        """Its log."""
        return self.own_pins.origin

    def first_act(self) -> Act:
        """Entry 0: founders stand by the founding file, a log that begins later by the terms in force that pin it."""
        if not self.begins_later:
            return genesis_act(self.keeper, self.founding)
        found = self.ask("pinning", self.origin)
        if found is None:
            raise Misuse(
                f"no terms in force here pin the log {self.origin}; wait until every signatory has voted for terms "
                f"that do, and this office has fetched the votes"
            )
        own = HandedIn(self.participant, self.own_pins)
        check_pins(own, msgspec.convert(found["pins"], Pins), "the terms in force")
        return Join(terms=found["terms"])

    def meaning(self) -> Meaning:
        """What words mean at this office."""
        founding_hash = hashlib.sha256(self.founding).hexdigest()
        return Meaning(self.participant, founding_hash, _now_ms(), self.ask)

    def ask(self, question: str, text: str) -> Any:
        """One of `lookups.LOOKUPS`, answered by the running office, else from its store."""
        if self.running:
            return talk.ask(self.folder.socket, "show", {"ask": question, "text": text})["answer"]
        from comity.interfaces.cli.lookups import Held, answer

        return answer(Held(self.participant, self._view(), _now_ms()), question, text)

    def _view(self) -> Any:
        """All that the store holds, read once."""
        from comity.interfaces.cli.held import held

        if self._read is None:
            with held(self.folder) as logs:
                self._read = logs.history.now()
        return self._read

    def show(self, topic: str) -> list[dict[str, Any]]:
        """The rows of a topic."""
        rows: list[dict[str, Any]] = self.ask("board", topic)
        return [*self.private("owed"), *rows] if topic == "obligations" else rows

    def private(self, question: str) -> list[dict[str, Any]]:
        """What the own register says: `precautions` of everything live, or what is `owed` to it; for this office only.

        Raises Misuse, Malformed for a register that cannot be read.
        """
        rows: list[dict[str, Any]]
        if self.running:
            rows = self.ask("private", question)
            return rows
        from comity.interfaces.cli.lookups import Held
        from comity.interfaces.cli.protected_rows import of_store

        return of_store(self.folder.register(), Held(self.participant, self._view(), _now_ms()), question)

    def describe(self, digits: str) -> str:
        """The first digits of a hash, and what it stands for if it is known here."""
        found = self.ask("describe", digits)
        return f"{digits[:8]} ({found})" if found else digits

    def check_participant(self, name: str) -> None:
        """Accepts whoever takes part, also by later terms, or has left; raises Misuse."""
        known = self.ask("participants", "")
        if name not in known:
            raise Misuse(f"{name[:40]!r} is no participant; they are {', '.join(known)}")

    def draft(self, act: Act, first: Officer, second: Officer | None) -> bytes | Refusal:
        """The bytes that the running office would have signed, or why not."""
        self.check_running()
        question: dict[str, Any] = {
            "act": act.name,
            "version": act.version,
            "seat": first.seat,
            "key": first.signer.key,
            "body": msgspec.to_builtins(act),
        }
        if second is not None:
            question["second"] = [second.signer.key, second.seat]
        found = talk.ask(self.folder.socket, "prepare", question)
        if "refusal" in found:
            return msgspec.convert(found["refusal"], Refusal)
        return str(found["draft"]["json"]).encode()

    def submit(self, json: bytes, signature: bytes) -> Submitted | Refusal | Stale:
        """Hands in a signed act; waits a moment for the others to have it."""
        self.check_running()
        question = {"json": json.decode(), "signature": signature.hex()}
        found = talk.ask(self.folder.socket, "submit", question)
        if "refusal" in found:
            return msgspec.convert(found["refusal"], Refusal)
        if "stale" in found:
            return msgspec.convert(found["stale"], Stale)
        taken = found["taken"]
        return Submitted(taken["id"], taken["origin"], taken["seq"], self._missing(taken["id"]))

    def _missing(self, entry: str) -> tuple[str, ...] | None:
        until, question = time.monotonic() + RECEIPTS_WITHIN_S, {"ask": "missing", "text": entry}
        while True:
            try:
                missing: Sequence[str] = talk.ask(self.folder.socket, "show", question)["answer"]
            except (PeerError, StoreError):
                return None  # the act stands: no failure now may say otherwise
            if not missing or time.monotonic() >= until:
                return tuple(missing)
            time.sleep(RECEIPTS_EVERY_S)

    def status(self) -> dict[str, Any]:
        """How the running office stands; see `control.status`."""
        found: dict[str, Any] = talk.ask(self.folder.socket, "status", None)
        return found

    def check_running(self) -> None:
        """Accepts a running office, or raises PeerError."""
        if not self.running:
            raise PeerError(
                f"the office {self.folder.path} does not run; start it with comity serve {self.folder.path}"
            )


def reach(name: str | Path) -> Door:
    """The office in a folder; raises Misuse if there is none."""
    folder = open_folder(name)
    founding = folder.founding_bytes()
    participant = read_addresses(folder).participant
    origin = folder.origin()
    if party_of(origin) != participant:
        where, said = f"{folder.path}/office.toml", f"the keys here are of {origin}, not of {participant[:40]}"
        if _has_pins_of(folder, participant):
            put_back = f"comity keys restore {folder.path} --root ROOT"
            raise Misuse(f"{said}; put its own back: {put_back}")
        raise Misuse(f"{said}; mend participant in {where}")
    keeper = parse_founding(founding).participant_by_id(participant)
    begins_later = keeper is None or (keeper.pins is not None and keeper.pins.origin != origin)
    if begins_later:
        keeper = _later(folder, participant, keeper)
    if keeper is None or keeper.pins is None:
        raise Misuse(f"the founding file pins no {participant[:40]}; complete it with comity init complete")
    return Door(folder, keeper, founding, talk.is_listening(folder.socket), begins_later)


def _has_pins_of(folder: OfficeFolder, participant: str) -> bool:
    """Whether the pins file made with the folder's first keys is of that participant."""
    try:
        return handed_in(folder).participant == participant
    except Misuse:
        return False


def _later(folder: OfficeFolder, participant: str, founder: Participant | None) -> Participant:
    """Who keeps an office whose log the founding file does not name: as much as it knows by itself."""
    own = handed_in(folder)
    if founder is None:
        return Participant(id=participant, name=participant, role=Role.OBSERVER, pins=own.pins)
    return msgspec.structs.replace(founder, pins=own.pins)


def _now_ms() -> int:
    return time.time_ns() // (1_000_000)
