"""One office of a play: a real one, over a store in memory or on disk, with a clock that goes only when told.

Its own watch entries are signed only where the scenario says so (`receipts`, `turn`): a play depends on nothing else.
A dishonest office (`forced`) signs what the judge refuses; all else runs the very modules that `comity serve` runs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from comity.interfaces.play.cast import keyring
from comity.model.acts import Act
from comity.model.acts.keys import Watch
from comity.model.entry import NO_ENTRY, Entry, Second, build_json, parse_entry
from comity.model.errors import Misuse
from comity.model.history import History, Missing, Taken, View
from comity.model.records.change import terms_heads
from comity.model.records.officers import OFFICE_SEAT
from comity.model.verdict import Refusal
from comity.office.audit import audit
from comity.office.desk import Draft, Stale, with_second
from comity.office.keyring import KeySigner
from comity.office.marks import MemoryMarks
from comity.office.office import Office
from comity.office.register import MemoryRegister
from comity.office.signatures import entry_message, leaf_of, second_message
from comity.rules.judge import judge
from comity.tlog.store import Store

NewStore = Callable[[str], Store]


@dataclass(frozen=True, slots=True)
class Signing:
    """Who signs an act, in which seat, and what a dishonest signer writes into the header instead of the truth."""

    signer: KeySigner
    seat: str
    second: tuple[KeySigner, str] | None = None
    header: dict[str, Any] = field(default_factory=dict)
    forced: bool = False


@dataclass(slots=True)
class HandClock:
    """A clock that goes only when told; `skew_ms` is how far it runs ahead. Satisfies `ports.Clock`."""

    true_ms: int
    skew_ms: int = 0

    def now_ms(self) -> int:
        """What the clock shows."""
        return self.true_ms + self.skew_ms

    def steady_ms(self) -> int:
        """The time that truly passes."""
        return self.true_ms


class Station:
    """`name` is the participant's id, or that of a second office that forks its log."""

    def __init__(self, name: str, party: str, founding: bytes, clock: HandClock, store: Store) -> None:
        """Begins over a store, empty or not."""
        self.name = name
        self.party = party
        self.clock = clock
        self.is_cut = False
        self._founding = founding
        self._store = store
        self._marks = MemoryMarks()
        self.register = MemoryRegister()
        self._begin()

    @property
    def history(self) -> History:
        """All entries of all logs as this office holds them."""
        return self.office.history

    @property
    def view(self) -> View:
        """Everything that this office holds."""
        return self.office.view()

    @property
    def key(self) -> KeySigner:
        """The office's own key, which signs watch entries."""
        return keyring(self.party).office

    def restart(self, clean: bool) -> None:
        """Stops and begins anew over the same store; after an unclean stop it reaches a mirror first (law 35)."""
        if clean:
            self.office.stop()
        self._begin()

    def sign(self, act: Act, signing: Signing) -> tuple[Entry | None, Refusal | None]:
        """Signs an act on all that the office holds; a refused one stays out, unless it is forced."""
        if signing.forced:
            return self._force(act, signing)
        second = None if signing.second is None else (signing.second[0].key, signing.second[1])
        draft = self.office.prepare(act, signing.seat, signing.signer.key, second)
        if isinstance(draft, Refusal):
            return None, draft
        json = draft.json
        if signing.second is not None:
            officer, seat = signing.second
            signature = officer.sign(second_message(json)).hex()
            json = with_second(json, Second(key=officer.key, seat=seat, signature=signature))
        result = self.office.submit(
            json, signing.signer.sign(entry_message(json)), draft if json == draft.json else None
        )
        if isinstance(result, Stale):
            raise Misuse(f"{self.name}: {result.reason}; sync before it signs")
        return (result.entry, None) if isinstance(result, Taken) else (None, result)

    def watch(self) -> Refusal | None:
        """Signs a receipt for all that is held, with the digest of its state (law 30)."""
        draft = self.office.prepare(Watch(), OFFICE_SEAT, self.key.key)
        if not isinstance(draft, Draft):
            return draft
        act = Watch(digest=self.office.logs.digest(draft.view.clock))
        return self.sign(act, Signing(self.key, OFFICE_SEAT))[1]

    def copy_store(self, store: Store) -> None:
        """Writes all that this office has stored into another store, for an office that forks its log."""
        for info in self._store.branches():
            branch = store.open_branch(info.origin, info.parent, info.fork)
            rows = self._store.read(info.id, info.fork, self._store.size(info.id))
            store.append(branch, info.fork, rows, None)
            note = self._store.note(info.id)
            if note is not None:
                store.put_note(branch, self._store.size(info.id), note)

    def audit(self) -> tuple[set[str], list[str]]:
        """The refused entries, by hash, and what an audit of the store finds wrong, in words."""
        found = audit(self.office.logs, self.office.notary)
        return {each.id for each in found.refused}, [f"{self.name}: {each}" for each in found.problems]

    def close(self) -> None:
        """Lets go of the store."""
        self._store.close()

    def _begin(self) -> None:
        self.office = Office(self._founding, keyring(self.party), self._store, self._marks, self.clock)
        self.office.keep_register(self.register)

    def _force(self, act: Act, signing: Signing) -> tuple[Entry, Refusal | None]:
        """What a dishonest office does: signs and keeps whatever is well-formed."""
        entry = self._build(act, signing)
        placement = self.history.place(entry)
        if isinstance(placement, Missing):
            raise Misuse(f"{self.name}: a forced act cites what its own office does not hold")
        refusal = judge(entry, self.history.view(placement.clock))
        self.office.logs.add(entry, placement, refusal)
        self.office.logs.keep()
        self.office.desk.sign_own_head()
        return entry, refusal

    def _build(self, act: Act, signing: Signing) -> Entry:
        seen = self.view.seen_heads()
        origin = self.office.origin
        own = self.office.logs.first(origin)
        newest = self.history.at(own.id, own.size - 1).entry if own is not None else None
        in_force = terms_heads(self.view)
        header = {
            "at": max(self.clock.now_ms(), newest.at_ms if newest is not None else 0),
            "key": signing.signer.key,
            "origin": origin,
            "previous": newest.id if newest is not None else NO_ENTRY,
            "seat": signing.seat,
            "seen": seen,
            "seq": own.size if own is not None else 0,
            "terms": in_force[0] if in_force else self.history.known.founding_hash,
        } | signing.header
        if signing.second is not None:
            key, seat = signing.second
            signature = key.sign(second_message(build_json(header, act))).hex()
            header["second"] = {"key": key.key, "seat": seat, "signature": signature}
        json = build_json(header, act)
        return parse_entry(leaf_of(json, signing.signer.key, signing.signer.sign(entry_message(json))))
